//! The origin, the history and the end (三处理) of a task.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::{Assignee, EscalationReason, OriginKind, PlanKind, ReportUp, StepKind, TaskResult};
use crate::domain::alert::{AlertId, TaskId};
use crate::domain::festival::Festival;
use crate::domain::ids::{ContactId, GroupId, KeyDateId, ManagerId, ProjectId};
use crate::domain::indicator::AlertKind;
use crate::domain::local_day::{LocalDay, Month, Timestamp};

/// The origin of a task. Its id follows from that, so that the same task is never begun twice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// The first of its alerts.
    Alert,
    /// A contact with a promise to the customer.
    Promise(ContactId),
    /// A contract that ends soon: the chance to offer more.
    ContractEnd {
        key_date_id: KeyDateId,
        ends_on: NaiveDate,
    },
    /// A group customer that has grown in a month.
    Growth(GroupId, Month),
    /// A key project (重点工作项目).
    Project(ProjectId),
    /// A ceremony, for which the network must hold (网络信号保障方案).
    Ceremony {
        key_date_id: KeyDateId,
        held_on: NaiveDate,
    },
    /// A public holiday, planned by each manager a month ahead.
    Holiday {
        festival: Festival,
        /// The festival day.
        on: NaiveDate,
        manager_id: ManagerId,
    },
    /// A task that kept the customer, who is called again.
    ReturnCall(TaskId),
    /// Members who left of their own will, for a win-back.
    WinBack(GroupId, Month),
    /// A group customer that changed hands: the new manager introduces himself.
    HandOver(GroupId, ManagerId, Timestamp),
    /// A joint visit with the chief account manager, for another task.
    JointVisitFor(TaskId),
    /// A joint visit after a contact that showed a strong intent to leave.
    StrongIntent(ContactId),
    /// A joint visit for a key project.
    JointVisitForProject(ProjectId),
    /// Made by hand, by whom and when.
    ByHand(ManagerId, Timestamp),
}

impl Origin {
    #[must_use]
    pub(crate) const fn kind(&self) -> OriginKind {
        match self {
            Self::Alert => OriginKind::Alert,
            Self::Promise(_) => OriginKind::Promise,
            Self::ContractEnd { .. } => OriginKind::ContractEnd,
            Self::Growth(..) => OriginKind::Growth,
            Self::Project(_) => OriginKind::Project,
            Self::Ceremony { .. } => OriginKind::Ceremony,
            Self::Holiday { .. } => OriginKind::Holiday,
            Self::ReturnCall(_) => OriginKind::ReturnCall,
            Self::WinBack(..) => OriginKind::WinBack,
            Self::HandOver(..) => OriginKind::HandOver,
            Self::JointVisitFor(_) => OriginKind::JointVisitFor,
            Self::StrongIntent(_) => OriginKind::StrongIntent,
            Self::JointVisitForProject(_) => OriginKind::JointVisitForProject,
            Self::ByHand(..) => OriginKind::ByHand,
        }
    }

    /// The parts that the task's id is a digest of: kind and object. Empty for alerts, whose tasks
    /// get their id from the alert.
    #[must_use]
    pub(crate) fn parts(&self) -> Vec<String> {
        let object: &[&dyn ToString] = match self {
            Self::Alert => return Vec::new(),
            Self::Promise(contact) | Self::StrongIntent(contact) => &[contact],
            Self::ContractEnd {
                key_date_id,
                ends_on,
            } => &[key_date_id, ends_on],
            Self::Growth(group, month) | Self::WinBack(group, month) => &[group, month],
            Self::Project(project) | Self::JointVisitForProject(project) => &[project],
            Self::Ceremony {
                key_date_id,
                held_on,
            } => &[key_date_id, held_on],
            Self::Holiday {
                festival,
                on,
                manager_id,
            } => &[&festival.name(), on, manager_id],
            Self::ReturnCall(task) | Self::JointVisitFor(task) => &[task],
            Self::HandOver(group, manager, at) => &[group, manager, at],
            Self::ByHand(manager, at) => &[manager, at],
        };
        let kind = self.kind().name().to_owned();
        std::iter::once(kind)
            .chain(object.iter().map(|part| part.to_string()))
            .collect()
    }

    /// Its kind of planned work; none for alerts and for tasks made by hand.
    #[must_use]
    pub(crate) const fn plan(&self) -> Option<PlanKind> {
        match self {
            Self::Alert | Self::ByHand(..) => None,
            Self::Promise(_) => Some(PlanKind::Promise),
            Self::ContractEnd { .. } => Some(PlanKind::ContractEnd),
            Self::Growth(..) => Some(PlanKind::Growth),
            Self::Project(_) => Some(PlanKind::Project),
            Self::Ceremony { .. } => Some(PlanKind::Ceremony),
            Self::Holiday { .. } => Some(PlanKind::Holiday),
            Self::ReturnCall(_) => Some(PlanKind::ReturnCall),
            Self::WinBack(..) => Some(PlanKind::WinBack),
            Self::HandOver(..) => Some(PlanKind::HandOver),
            Self::JointVisitFor(_) | Self::StrongIntent(_) => Some(PlanKind::JointVisit),
            Self::JointVisitForProject(_) => Some(PlanKind::ProjectVisit),
        }
    }

    /// Whether it is a visit with the chief account manager, whatever for.
    #[must_use]
    pub(crate) const fn is_joint_visit(&self) -> bool {
        matches!(
            self.plan(),
            Some(PlanKind::JointVisit | PlanKind::ProjectVisit)
        )
    }

    /// The planned day, if the task is useless after it.
    #[must_use]
    pub(crate) const fn day(&self) -> Option<NaiveDate> {
        match self {
            Self::Ceremony { held_on: day, .. } | Self::Holiday { on: day, .. } => Some(*day),
            _ => None,
        }
    }

    /// Whether it was planned (★) or came unplanned (●).
    #[must_use]
    pub(crate) const fn is_planned(&self) -> bool {
        !matches!(
            self,
            Self::Alert | Self::JointVisitFor(_) | Self::StrongIntent(_) | Self::ByHand(..)
        )
    }
}

/// Who acted: the manager in whose name, and the user of the machine; neither where the worker
/// itself acted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Actor {
    pub manager_id: Option<ManagerId>,
    pub user: Option<String>,
}

/// A step in the history of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub at: Timestamp,
    pub by: Actor,
    pub what: StepKind,
    /// The note given with it.
    pub note: Option<String>,
    /// The old and the new assignee, for a reassignment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub moved: Option<Moved>,
    /// The finish that it reverted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub finish: Option<Box<Finish>>,
    /// What the worker took it for, where nobody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<StepCause>,
}

impl Step {
    /// A step without further data.
    #[must_use]
    pub(crate) fn new(at: Timestamp, by: Actor, what: StepKind) -> Self {
        Self {
            at,
            by,
            what,
            note: None,
            moved: None,
            finish: None,
            cause: None,
        }
    }
}

/// What the worker takes a step for by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepCause {
    /// An alert that joined, whose playbook is followed from then on.
    Lead(AlertId, AlertKind),
    /// A contact with the customer.
    Contact(ContactId),
    /// An alert that leads, since the one that led is resolved.
    LeadResolved(AlertId, AlertKind),
}

/// The old and the new assignee.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moved {
    pub from: Assignee,
    pub to: Assignee,
}

/// An escalation: at most one for each reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Escalated {
    pub why: EscalationReason,
    pub at: Timestamp,
    pub to: Assignee,
}

/// The report upwards of a task that ends (重要信息上报).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpwardReport {
    pub about: ReportUp,
    /// The text; empty if there is nothing to report.
    pub text: String,
    /// Whether it is mailed at once, or goes into the next brief.
    pub urgent: bool,
}

impl UpwardReport {
    /// That there is nothing to report.
    #[must_use]
    pub(crate) const fn nothing() -> Self {
        Self {
            about: ReportUp::None,
            text: String::new(),
            urgent: false,
        }
    }
}

/// How many subscribers a task names, and how many of them have gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct SubscribersGone {
    pub named: usize,
    /// Of those, churned.
    pub churned: usize,
    /// Of those, only left the group.
    pub left: usize,
}

impl SubscribersGone {
    /// How many have gone.
    #[must_use]
    pub(crate) const fn all(self) -> usize {
        self.churned + self.left
    }

    /// Whether there are some, and every one of them has gone.
    #[must_use]
    pub(crate) const fn are_all(self) -> bool {
        self.named > 0 && self.all() == self.named
    }
}

/// What a contact did that ended a task by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactOutcome {
    /// It kept what an earlier contact had promised.
    PromiseKept,
    /// A new manager met his customer.
    FirstMeeting,
}

/// A contact that ended a task by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndingContact {
    pub contact_id: ContactId,
    pub on: LocalDay,
    pub outcome: ContactOutcome,
}

/// 三处理: the end of a task.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finish {
    /// The contact that ended it; none where somebody closed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_contact: Option<EndingContact>,
    /// 更新服务档案, at least 10 characters; of a contact that ended it: its note, if it has one.
    pub note: String,
    /// 重要信息上报
    pub report: UpwardReport,
    /// 工作成果
    pub result: TaskResult,
    /// 小结; empty where a contact ended it.
    pub summary: String,
    /// The cost of a gift, an offer or an event, in fen.
    pub cost_fen: Option<i64>,
    /// A story worth sharing.
    pub is_case: bool,
    /// The state of the task's subscribers at its end; none where it names none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subscribers: Option<SubscribersGone>,
}
