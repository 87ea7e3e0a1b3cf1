//! Tasks of the 四三工作法: what is to be done, by whom, with what, by when, and how it ended.
//!
//! It does not know how a task comes about: `follow_up` does. Every choice is from a closed list.
//! Invariant: a task always has an assignee and names its item, means and resources.

use serde::{Deserialize, Serialize};

use super::alert::{AlertId, TaskId};
use super::event::Tier;
use super::ids::{GroupId, ManagerId};
use super::indicator::{Scope, Severity};
use super::local_day::Timestamp;

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
    /// 三落实: what kind of work.
    TaskKind {
        /// Keep the relationship.
        Relationship = "relationship" / "关系维护",
        /// Keep the customer.
        Retention = "retention" / "客户挽留",
        /// Sell more.
        Expansion = "expansion" / "信息化业务拓展",
    }
    /// 定工作事项: which item.
    ItemKind {
        /// Give or get information.
        Information = "information" / "信息沟通",
        /// Do a service.
        Service = "service" / "服务办理",
        /// Go and see somebody.
        Visit = "visit" / "上门拜访",
        /// Talk somebody out of leaving.
        Retention = "retention" / "挽留",
    }
    /// 定工作手段: by which means.
    Means {
        /// In person.
        Visit = "visit" / "上门拜访",
        /// By telephone.
        Call = "call" / "电话访谈",
        /// 联谊
        SocialEvent = "social_event" / "联谊活动",
        /// Show it.
        Demo = "demo" / "产品演示",
        /// Do the paperwork.
        OrderHandling = "order_handling" / "业务办理",
        /// Follow the complaint.
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
        /// Product trial.
        Trial = "trial" / "产品试用",
        /// Gift: needs approval first.
        Gift = "gift" / "礼品",
        /// Offer: needs approval first.
        Offer = "offer" / "优惠",
        /// Event: needs approval first.
        Event = "event" / "活动",
        /// Industry manager.
        IndustryManager = "industry_manager" / "行业经理",
        /// Network engineer.
        NetworkEngineer = "network_engineer" / "网络工程师",
    }
    /// 要事第一: the order of the work list.
    TaskClass {
        /// Promised to the customer.
        Promise = "promise" / "已承诺客户",
        /// Key projects and critical alerts.
        Key = "key" / "重点工作",
        /// The rest.
        Routine = "routine" / "日常工作",
    }
    /// Whether the supervisor must agree first.
    Approval {
        /// Not needed.
        None = "none" / "无需审批",
        /// Asked.
        Requested = "requested" / "待审批",
        /// Agreed.
        Approved = "approved" / "已批准",
        /// Refused.
        Refused = "refused" / "未批准",
    }
    /// State of a task.
    TaskState {
        /// Nobody has taken it.
        Open = "open" / "待接单",
        /// Taken.
        Accepted = "accepted" / "已接单",
        /// Being worked on.
        InProgress = "in_progress" / "处理中",
        /// Done, with note, report and result.
        Done = "done" / "已完成",
        /// Its cause went before anybody took it.
        Cancelled = "cancelled" / "已取消",
    }
    /// How a task ended.
    TaskResult {
        /// Kept.
        Retained = "retained" / "已挽留",
        /// Partly kept.
        PartlyRetained = "partly_retained" / "部分挽留",
        /// Lost.
        Lost = "lost" / "已流失",
        /// Nothing was needed.
        NotNeeded = "not_needed" / "无需挽留",
        /// Not reached.
        Unreachable = "unreachable" / "联系不上",
    }
}

impl TaskState {
    /// Whether it still waits to be done.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Accepted | Self::InProgress)
    }
}

/// Who a task is for: a manager, or the fallback address where there is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Assignee {
    /// A known manager.
    Manager(ManagerId),
    /// The configured fallback.
    Fallback,
}

/// 定工作事项: the item with its parts; a playbook that leaves one out is refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Item {
    /// Give or get information.
    Information {
        /// By which way.
        way: String,
        /// What.
        what: String,
    },
    /// Do a service.
    Service {
        /// What.
        what: String,
    },
    /// Go and see somebody.
    Visit {
        /// Whom.
        whom: String,
        /// What for.
        purpose: String,
        /// What to prepare.
        prepare: String,
        /// In which steps.
        steps: Vec<String>,
    },
    /// Talk somebody out of leaving.
    Retention {
        /// How.
        plan: String,
    },
}

impl Item {
    /// Which item.
    #[must_use]
    pub const fn kind(&self) -> ItemKind {
        match self {
            Self::Information { .. } => ItemKind::Information,
            Self::Service { .. } => ItemKind::Service,
            Self::Visit { .. } => ItemKind::Visit,
            Self::Retention { .. } => ItemKind::Retention,
        }
    }
}

/// A task as it stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id; follows from its first alert.
    pub task_id: TaskId,
    /// The alerts that it answers, the first one first.
    pub alert_ids: Vec<AlertId>,
    /// Whose alert began it.
    pub scope: Scope,
    /// The group customer's tier when it began; none for units and the company.
    pub tier: Option<Tier>,
    /// Who does it.
    pub assignee: Assignee,
    /// 三落实
    pub kind: TaskKind,
    /// 定工作事项
    pub item: Item,
    /// 定工作手段
    pub means: Vec<Means>,
    /// 定所需资源
    pub resources: Vec<Resource>,
    /// 三查: what to check first, figures filled in.
    pub checks: Vec<String>,
    /// Order of the work list.
    pub class: TaskClass,
    /// The most urgent of its alerts.
    pub severity: Severity,
    /// Ask first.
    pub approval: Approval,
    /// Where it stands.
    pub state: TaskState,
    /// When it began.
    pub opened_at: Timestamp,
    /// Accept by then.
    pub accept_by: Timestamp,
    /// Done by then.
    pub due_at: Timestamp,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub result: Option<TaskResult>,
    /// Checked by the supervisor.
    pub verified: bool,
    /// Why it was cancelled, or that its cause is gone.
    pub remark: Option<String>,
    /// Raised by every change: of two people who act at once one wins.
    pub version: i64,
}

impl Task {
    /// The id of the task that an alert begins.
    #[must_use]
    pub fn id_of(alert: &AlertId) -> TaskId {
        TaskId::new(super::alert::digest_id('T', &[alert.as_str()]))
    }

    /// The group customer, if it is about one.
    #[must_use]
    pub const fn group_id(&self) -> Option<&GroupId> {
        self.scope.group()
    }
}
