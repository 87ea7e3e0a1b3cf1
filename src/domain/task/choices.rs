//! The closed lists of tasks, with their names in configuration, listings and the store, and in
//! zh-CN.
//!
//! Invariant: what is not in a list cannot be chosen.

use serde::{Deserialize, Serialize};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal / $zh:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name { $($(#[$vdoc])* #[serde(rename = $text)] $variant,)* }

        impl $name {
            /// The whole closed list.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name in configuration, listings and the store.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $text,)* }
            }

            /// What a manager reads in zh-CN.
            #[must_use]
            pub const fn zh(self) -> &'static str {
                match self { $(Self::$variant => $zh,)* }
            }

            /// From [`Self::name`].
            #[must_use]
            pub fn parse(name: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.name() == name)
            }
        }
    )*};
}

names! {
    /// What happened to a task, or was done to an alert.
    StepKind {
        /// It is made by hand.
        Add = "add" / "建单",
        Accept = "accept" / "接单",
        /// Work begins: by hand, or by a contact.
        Start = "start" / "开始处理",
        /// It is done, likewise.
        Close = "close" / "办结",
        /// It goes to somebody else, by hand.
        Reassign = "reassign" / "改派",
        /// It goes to somebody else by itself.
        HandOver = "hand_over" / "移交",
        Approve = "approve" / "批准",
        Refuse = "refuse" / "不批准",
        /// Somebody above finds that it was done well.
        Verify = "verify" / "核实",
        /// Somebody above takes its end back.
        Reopen = "reopen" / "退回重办",
        /// It has become pointless.
        Cancel = "cancel" / "取消",
        /// The day for which it was planned has passed.
        DayPassed = "day_passed" / "当日已过",
        /// A graver alert takes its lead.
        PlanChanged = "plan_changed" / "改变方案",
        /// The last of the subscribers goes that it is about.
        SubscribersGone = "subscribers_gone" / "所列号码均已离开",
        /// One of them comes back.
        SubscribersBack = "subscribers_back" / "所列号码又在网",
        /// An alert is acknowledged.
        Acknowledge = "acknowledge" / "确认",
    }
    /// 三落实: what kind of work.
    TaskKind {
        Relationship = "relationship" / "关系维护",
        Retention = "retention" / "客户挽留",
        Expansion = "expansion" / "信息化业务拓展",
    }
    /// 定工作事项: which item.
    ItemKind {
        /// Give or get information.
        Information = "information" / "信息沟通",
        Service = "service" / "服务办理",
        /// Go and see somebody.
        Visit = "visit" / "上门拜访",
        /// Talk somebody out of leaving.
        Retention = "retention" / "挽留",
    }
    /// 定工作手段: by which means.
    Means {
        Visit = "visit" / "上门拜访",
        Call = "call" / "电话沟通",
        /// 联谊
        SocialEvent = "social_event" / "联谊活动",
        Demo = "demo" / "产品演示",
        OrderHandling = "order_handling" / "业务办理",
        ComplaintFollowUp = "complaint_follow_up" / "投诉跟进",
        /// 商务谈判: needs approval first.
        Negotiation = "negotiation" / "商务谈判",
        /// 催缴
        Collect = "collect" / "欠费催缴",
    }
    /// 定所需资源: with which resources.
    Resource {
        /// 首席客户经理
        Chief = "chief" / "首席客户经理",
        Trial = "trial" / "产品试用",
        /// Gift: needs approval first.
        Gift = "gift" / "礼品",
        /// Offer: needs approval first.
        Offer = "offer" / "优惠",
        /// Event: needs approval first.
        Event = "event" / "活动",
        IndustryManager = "industry_manager" / "行业经理",
        NetworkEngineer = "network_engineer" / "网络工程师",
    }
    /// 要事第一: the order of the work list.
    TaskClass {
        /// Promised to the customer.
        Promise = "promise" / "已承诺客户",
        /// Key projects and critical alerts.
        Key = "key" / "重点",
        Routine = "routine" / "日常",
    }
    /// Whether the supervisor must agree first.
    Approval {
        None = "none" / "无需审批",
        Requested = "requested" / "待审批",
        Approved = "approved" / "已批准",
        Refused = "refused" / "未批准",
    }
    /// State of a task.
    TaskState {
        /// Nobody has taken it.
        Open = "open" / "待接单",
        Accepted = "accepted" / "已接单",
        InProgress = "in_progress" / "处理中",
        /// Done, with note, report and result.
        Done = "done" / "已完成",
        /// Its cause went before anybody took it.
        Cancelled = "cancelled" / "已取消",
    }
    /// How a task ended; each kind of task has [its own](TaskResult::of).
    TaskResult {
        Retained = "retained" / "已挽留",
        PartlyRetained = "partly_retained" / "部分挽留",
        Lost = "lost" / "已流失",
        NotNeeded = "not_needed" / "无需挽留",
        Done = "done" / "已完成",
        NotDone = "not_done" / "未完成",
        /// The customer did not want it.
        Declined = "declined" / "客户拒绝",
        Won = "won" / "已达成",
        Later = "later" / "暂缓",
        Unreachable = "unreachable" / "未联系上",
    }
    /// 重要信息上报: what is told upwards when a task ends.
    ReportUp {
        None = "none" / "无",
        Competition = "competition" / "竞争动向",
        /// A complaint that escalates.
        EscalatedComplaint = "escalated_complaint" / "投诉升级",
        /// A special need of the customer.
        SpecialNeed = "special_need" / "特殊需求",
    }
    /// Who hears of a task that is not accepted or not done in time.
    EscalationStep {
        Supervisor = "supervisor" / "主管",
        /// 首席客户经理
        Chief = "chief" / "首席客户经理",
        UnitHead = "unit_head" / "单位负责人",
        /// 客服中心主任
        ServiceHead = "service_head" / "客服中心主任",
    }
    /// Work that comes from no alert: what it comes from.
    PlanKind {
        /// A promise to the customer.
        Promise = "promise" / "兑现承诺",
        /// A contract that ends.
        ContractEnd = "contract_end" / "合约续签",
        /// A group customer that has grown.
        Growth = "growth" / "成员增长",
        Project = "project" / "重点项目",
        Ceremony = "ceremony" / "庆典保障",
        /// A public holiday.
        Holiday = "holiday" / "节日关怀",
        /// A customer that was kept.
        ReturnCall = "return_call" / "挽留回访",
        /// Members who left of their own will.
        WinBack = "win_back" / "离网挽回",
        /// A group customer that changed hands.
        HandOver = "hand_over" / "交接拜访",
        /// A visit together with the chief account manager.
        JointVisit = "joint_visit" / "联合拜访",
    }
    /// Why a task is told upwards.
    EscalationReason {
        /// Nobody accepted it in time.
        NotAccepted = "not_accepted" / "逾期未接单",
        /// It is not done in time.
        Overdue = "overdue" / "逾期未完成",
        /// Nobody has said yes or no.
        Unanswered = "unanswered" / "审批逾期未答复",
    }
}

impl TaskState {
    /// Whether it still waits to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Accepted | Self::InProgress)
    }
}

impl TaskResult {
    /// Those that a task of some kind may have.
    #[must_use]
    pub const fn of(kind: TaskKind) -> &'static [Self] {
        match kind {
            TaskKind::Retention => &[
                Self::Retained,
                Self::PartlyRetained,
                Self::Lost,
                Self::NotNeeded,
                Self::Unreachable,
            ],
            TaskKind::Relationship => {
                &[Self::Done, Self::NotDone, Self::Declined, Self::Unreachable]
            }
            TaskKind::Expansion => &[Self::Won, Self::Declined, Self::Later, Self::Unreachable],
        }
    }

    /// The only one that a task may have whose subscribers have all gone; none where its kind keeps
    /// no subscribers.
    #[must_use]
    pub const fn of_lines_gone(kind: TaskKind) -> Option<Self> {
        match kind {
            TaskKind::Retention => Some(Self::Lost),
            TaskKind::Relationship => Some(Self::NotDone),
            TaskKind::Expansion => None,
        }
    }
}

impl Means {
    /// Whether somebody must agree before it is used.
    #[must_use]
    pub const fn needs_approval(self) -> bool {
        matches!(self, Self::Negotiation)
    }

    /// Whether the port-out guard withholds it.
    #[must_use]
    pub const fn is_guarded(self) -> bool {
        matches!(self, Self::Negotiation)
    }
}

impl Resource {
    /// Whether somebody must agree before it is used.
    #[must_use]
    pub const fn needs_approval(self) -> bool {
        matches!(self, Self::Gift | Self::Offer | Self::Event)
    }

    /// Whether the port-out guard withholds it.
    #[must_use]
    pub const fn is_guarded(self) -> bool {
        matches!(self, Self::Offer)
    }
}

impl Approval {
    /// Ask first: whether somebody must agree to these means and resources before the work begins.
    #[must_use]
    pub fn needed_for(means: &[Means], resources: &[Resource]) -> Self {
        let asks = means.iter().any(|one| one.needs_approval())
            || resources.iter().any(|one| one.needs_approval());
        if asks { Self::Requested } else { Self::None }
    }
}
