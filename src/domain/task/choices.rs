//! The closed lists of tasks.
//!
//! Invariant: what is not in a list cannot be chosen.

use crate::domain::names::names;

names! {
    /// What happened to a task, or was done to an alert.
    pub enum StepKind {
        /// It is made by hand.
        Add = "add",
        Accept = "accept",
        /// Work begins: by hand, or by a contact.
        Start = "start",
        /// It is done, likewise.
        Close = "close",
        /// It goes to somebody else, by hand.
        Reassign = "reassign",
        /// It goes to somebody else by itself.
        HandOver = "hand_over",
        Approve = "approve",
        Refuse = "refuse",
        /// Somebody above finds that it was done well.
        Verify = "verify",
        /// Somebody above takes its end back.
        Reopen = "reopen",
        /// It has become pointless.
        Cancel = "cancel",
        /// The day for which it was planned has passed.
        DayPassed = "day_passed",
        /// A graver alert takes its lead.
        PlanChanged = "plan_changed",
        /// The last of the subscribers goes that it is about.
        SubscribersGone = "subscribers_gone",
        /// One of them comes back.
        SubscribersBack = "subscribers_back",
        /// An alert is acknowledged.
        Acknowledge = "acknowledge",
    }
    /// 三落实: what kind of work.
    pub enum TaskKind {
        Relationship = "relationship",
        Retention = "retention",
        Expansion = "expansion",
    }
    /// 定工作事项: which item.
    pub enum ItemKind {
        /// Give or get information.
        Information = "information",
        Service = "service",
        /// Go and see somebody.
        Visit = "visit",
        /// Talk somebody out of leaving.
        Retention = "retention",
    }
    /// 定工作手段: by which means.
    pub enum Means {
        Visit = "visit",
        Call = "call",
        /// 联谊
        SocialEvent = "social_event",
        Demo = "demo",
        OrderHandling = "order_handling",
        ComplaintFollowUp = "complaint_follow_up",
        /// 商务谈判: needs approval first.
        Negotiation = "negotiation",
        /// 催缴
        Collect = "collect",
    }
    /// 定所需资源: with which resources.
    pub enum Resource {
        /// 首席客户经理
        Chief = "chief",
        Trial = "trial",
        /// Gift: needs approval first.
        Gift = "gift",
        /// Offer: needs approval first.
        Offer = "offer",
        /// Event: needs approval first.
        Event = "event",
        IndustryManager = "industry_manager",
        NetworkEngineer = "network_engineer",
    }
    /// 要事第一: the order of the work list.
    pub enum TaskClass {
        /// Promised to the customer.
        Promise = "promise",
        /// Key projects and critical alerts.
        Key = "key",
        Routine = "routine",
    }
    /// Whether the supervisor must agree first.
    pub enum Approval {
        None = "none",
        Requested = "requested",
        Approved = "approved",
        Refused = "refused",
    }
    /// State of a task.
    pub enum TaskState {
        /// Nobody has taken it.
        Open = "open",
        Accepted = "accepted",
        InProgress = "in_progress",
        /// Done, with note, report and result.
        Done = "done",
        /// Its cause went before anybody took it.
        Cancelled = "cancelled",
    }
    /// How a task ended; each kind of task has [its own](TaskResult::of).
    pub enum TaskResult {
        Retained = "retained",
        PartlyRetained = "partly_retained",
        Lost = "lost",
        NotNeeded = "not_needed",
        Done = "done",
        NotDone = "not_done",
        /// The customer did not want it.
        Declined = "declined",
        Won = "won",
        Later = "later",
        Unreachable = "unreachable",
    }
    /// 重要信息上报: what is told upwards when a task ends.
    pub enum ReportUp {
        None = "none",
        Competition = "competition",
        /// A complaint that escalates.
        EscalatedComplaint = "escalated_complaint",
        /// A special need of the customer.
        SpecialNeed = "special_need",
    }
    /// Who hears of a task that is not accepted or not done in time.
    pub enum EscalationStep {
        Supervisor = "supervisor",
        /// 首席客户经理
        Chief = "chief",
        UnitHead = "unit_head",
        /// 客服中心主任
        ServiceHead = "service_head",
    }
    /// Work that comes from no alert: what it comes from.
    pub enum PlanKind {
        /// A promise to the customer.
        Promise = "promise",
        /// A contract that ends.
        ContractEnd = "contract_end",
        /// A group customer that has grown.
        Growth = "growth",
        Project = "project",
        Ceremony = "ceremony",
        /// A public holiday.
        Holiday = "holiday",
        /// A customer that was kept.
        ReturnCall = "return_call",
        /// Members who left of their own will.
        WinBack = "win_back",
        /// A group customer that changed hands.
        HandOver = "hand_over",
        /// A visit together with the chief account manager.
        JointVisit = "joint_visit",
    }
    /// Why a task is told upwards.
    pub enum EscalationReason {
        /// Nobody accepted it in time.
        NotAccepted = "not_accepted",
        /// It is not done in time.
        Overdue = "overdue",
        /// Nobody has said yes or no.
        Unanswered = "unanswered",
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
