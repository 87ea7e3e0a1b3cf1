//! The closed lists of tasks.
//!
//! Invariant: only a listed value can be chosen.

use crate::domain::names::names;

names! {
    /// A step in the history of a task or an alert.
    pub enum StepKind {
        /// It was made by hand.
        Add = "add",
        Accept = "accept",
        /// Work begins: by hand, or by a contact.
        Start = "start",
        /// It was done, likewise.
        Close = "close",
        /// It was reassigned by hand.
        Reassign = "reassign",
        /// It was reassigned automatically.
        HandOver = "hand_over",
        Approve = "approve",
        Refuse = "refuse",
        /// A supervisor confirms that it was done well.
        Verify = "verify",
        /// A supervisor reverts its closing.
        Reopen = "reopen",
        /// It was cancelled as pointless.
        Cancel = "cancel",
        /// Its planned day has passed.
        DayPassed = "day_passed",
        /// A graver alert became its lead.
        PlanChanged = "plan_changed",
        /// Nothing is left to keep of its subscribers.
        SubscribersGone = "subscribers_gone",
        /// Something is to be kept again.
        SubscribersBack = "subscribers_back",
        /// An alert is acknowledged.
        Acknowledge = "acknowledge",
        /// After all its subscribers had gone another alert joined: its due clock goes on.
        ClockResumed = "clock_resumed",
        /// It had been cancelled with its cause, before anybody accepted it, and that is back.
        CauseBack = "cause_back",
    }
    /// 三落实: the kind of work.
    pub enum TaskKind {
        Relationship = "relationship",
        Retention = "retention",
        Expansion = "expansion",
    }
    /// 定工作事项: the item of work.
    pub(crate) enum ItemKind {
        /// Give or get information.
        Information = "information",
        Service = "service",
        /// Visit somebody.
        Visit = "visit",
        /// Talk somebody out of leaving.
        Retention = "retention",
    }
    /// 定工作手段: the means.
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
    /// 定所需资源: the resources.
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
        /// A promise to the customer.
        Promise = "promise",
        /// Key projects and critical alerts.
        Key = "key",
        Routine = "routine",
    }
    /// Whether the supervisor must approve first.
    pub enum Approval {
        None = "none",
        Requested = "requested",
        Approved = "approved",
        Refused = "refused",
    }
    pub enum TaskState {
        /// Nobody has accepted it.
        Open = "open",
        Accepted = "accepted",
        InProgress = "in_progress",
        /// Done, with note, report and result.
        Done = "done",
        /// Its cause ended before anybody accepted it.
        Cancelled = "cancelled",
    }
    /// How a task ended; each kind of task has [its own](TaskResult::of_kind).
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
    /// 重要信息上报: what is reported upwards when a task ends.
    pub enum ReportUp {
        None = "none",
        Competition = "competition",
        EscalatedComplaint = "escalated_complaint",
        /// A special need of the customer.
        SpecialNeed = "special_need",
    }
    /// The level to which a task is escalated when it is not accepted or not done in time.
    pub enum EscalationStep {
        Supervisor = "supervisor",
        /// 首席客户经理
        Chief = "chief",
        UnitHead = "unit_head",
        /// 客服中心主任
        ServiceHead = "service_head",
    }
    /// The source of planned work, which comes from no alert.
    pub(crate) enum PlanKind {
        /// A promise to the customer.
        Promise = "promise",
        /// A contract that ends soon.
        ContractEnd = "contract_end",
        /// A group customer that has grown.
        Growth = "growth",
        Project = "project",
        Ceremony = "ceremony",
        /// A public holiday.
        Holiday = "holiday",
        /// A call some time after a customer was kept.
        ReturnCall = "return_call",
        /// Members who left of their own will.
        WinBack = "win_back",
        /// A group customer that changed hands.
        HandOver = "hand_over",
        /// A visit together with the chief account manager.
        JointVisit = "joint_visit",
        /// The same for a key project, whose customer does not want to leave.
        ProjectVisit = "project_visit",
    }
    /// The kind of a task's origin.
    pub(crate) enum OriginKind {
        Alert = "alert",
        Promise = "promise",
        ContractEnd = "contract_end",
        Growth = "growth",
        Project = "project",
        Ceremony = "ceremony",
        Holiday = "holiday",
        ReturnCall = "return_call",
        WinBack = "win_back",
        HandOver = "hand_over",
        JointVisitFor = "joint_visit",
        StrongIntent = "strong_intent",
        JointVisitForProject = "project_visit",
        ByHand = "by_hand",
    }
    /// Why a task is escalated.
    pub enum EscalationReason {
        /// Nobody accepted it in time.
        NotAccepted = "not_accepted",
        /// It is not done in time.
        Overdue = "overdue",
        /// Nobody has approved or refused.
        Unanswered = "unanswered",
    }
}

impl TaskState {
    /// Whether it is not done yet.
    #[must_use]
    pub(crate) const fn is_open(self) -> bool {
        matches!(self, Self::Open | Self::Accepted | Self::InProgress)
    }
}

impl TaskResult {
    /// Whether the customer was kept, at least in part.
    #[must_use]
    pub(crate) const fn is_kept(self) -> bool {
        matches!(self, Self::Retained | Self::PartlyRetained)
    }

    /// The results that a task of this kind may have.
    #[must_use]
    pub(crate) const fn of_kind(kind: TaskKind) -> &'static [Self] {
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

    /// The only result of a task whose subscribers have all gone; none for a kind of task that does
    /// not retain subscribers.
    #[must_use]
    pub(crate) const fn of_subscribers_gone(kind: TaskKind) -> Option<Self> {
        match kind {
            TaskKind::Retention => Some(Self::Lost),
            TaskKind::Relationship => Some(Self::NotDone),
            TaskKind::Expansion => None,
        }
    }
}

impl Means {
    /// Whether it needs approval.
    #[must_use]
    pub(crate) const fn needs_approval(self) -> bool {
        matches!(self, Self::Negotiation)
    }

    /// Whether the port-out guard withholds it.
    #[must_use]
    pub(crate) const fn is_guarded(self) -> bool {
        matches!(self, Self::Negotiation)
    }
}

impl Resource {
    /// Whether it needs approval.
    #[must_use]
    pub(crate) const fn needs_approval(self) -> bool {
        matches!(self, Self::Gift | Self::Offer | Self::Event)
    }

    /// Whether the port-out guard withholds it.
    #[must_use]
    pub(crate) const fn is_guarded(self) -> bool {
        matches!(self, Self::Offer)
    }
}

impl Approval {
    /// Ask first: whether these means and resources need approval before the work begins.
    #[must_use]
    pub(crate) fn needed_for(means: &[Means], resources: &[Resource]) -> Self {
        let asks = means.iter().any(|one| one.needs_approval())
            || resources.iter().any(|one| one.needs_approval());
        if asks { Self::Requested } else { Self::None }
    }
}
