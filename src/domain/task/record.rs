//! A task, and its assignee.

use std::cmp::Reverse;

use serde::{Deserialize, Serialize};

use super::{
    Approval, Check, Escalated, EscalationStep, Finish, InEnglish, Item, Means, Origin, Resource,
    Step, StepKind, SystemNote, TaskClass, TaskKind, TaskResult, TaskState, TaskTitle,
};
use crate::domain::alert::{Alert, AlertId, TaskId, digest_id};
use crate::domain::event::Tier;
use crate::domain::ids::{GroupId, ManagerId, SubscriberId};
use crate::domain::indicator::{AlertKind, Scope, Severity};
use crate::domain::local_day::Timestamp;

/// The assignee of a task: a manager, or the fallback address where there is none.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Assignee {
    Manager(ManagerId),
    Fallback,
}

impl Assignee {
    /// The manager, if it is one.
    #[must_use]
    pub(crate) const fn manager(&self) -> Option<&ManagerId> {
        match self {
            Self::Manager(id) => Some(id),
            Self::Fallback => None,
        }
    }

    /// The manager's id, or `fallback`.
    #[must_use]
    pub(crate) fn name(&self) -> &str {
        self.manager().map_or("fallback", ManagerId::as_str)
    }
}

/// The alert that leads a task: the gravest one by [`Lead::goes_before`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lead {
    pub alert_id: AlertId,
    pub kind: AlertKind,
    /// Its severity when it took the lead.
    pub severity: Severity,
    /// Whether its subject is one subscriber, complaint or answer, rather than the customer.
    pub is_about_one: bool,
    pub opened_at: Timestamp,
}

impl Lead {
    #[must_use]
    pub(crate) fn of_alert(alert: &Alert) -> Self {
        let (severity, is_about_one, opened_at) =
            (alert.severity, alert.key.is_about_one(), alert.opened_at);
        Self {
            alert_id: alert.alert_id(),
            kind: alert.key.kind,
            severity,
            is_about_one,
            opened_at,
        }
    }

    /// Whether it precedes another: by severity, then alerts about the customer, then the newest.
    #[must_use]
    pub(crate) fn goes_before(&self, other: &Self) -> bool {
        self.place() < other.place()
    }

    /// The sort key of [`goes_before`](Self::goes_before).
    #[must_use]
    pub(crate) const fn place(&self) -> (Severity, bool, Reverse<Timestamp>) {
        (self.severity, self.is_about_one, Reverse(self.opened_at))
    }
}

/// An alert that a joint visit is for, and how the visit is called because of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct VisitCause {
    pub alert_id: AlertId,
    pub title: TaskTitle,
    /// The alert is resolved; it is kept, so that it is not notified as new when it holds again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub gone: bool,
}

/// A task with its current state.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Task {
    /// Its id; follows from its origin, or from its first alert.
    pub task_id: TaskId,
    pub origin: Origin,
    /// Its title, where its alerts do not give it.
    pub title: TaskTitle,
    /// The alerts that it answers, the first one first.
    pub alert_ids: Vec<AlertId>,
    /// The subscribers that it names itself: those in the text of a task made by hand, those who
    /// left, of a win-back, and the key contacts that a joint visit is or was for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub subscribers: Vec<SubscriberId>,
    /// The alerts that a joint visit is or was for; empty for other tasks.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub visit_causes: Vec<VisitCause>,
    /// The scope that it is for.
    pub scope: Scope,
    /// The group customer's tier when it began; none for units and the company.
    pub tier: Option<Tier>,
    pub assignee: Assignee,
    /// 三落实
    pub kind: TaskKind,
    /// 定工作事项
    pub item: Item,
    /// 定工作手段
    pub means: Vec<Means>,
    /// 定所需资源
    pub resources: Vec<Resource>,
    /// 三查: what to check first, with figures filled in.
    pub checks: Vec<Check>,
    /// The same in English.
    #[serde(default, skip_serializing_if = "InEnglish::is_empty")]
    pub english: InEnglish,
    /// The alert whose playbook applies; none unless it comes from alerts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lead: Option<Lead>,
    /// Its class in the work list.
    pub class: TaskClass,
    /// The severity of its most urgent alert.
    pub severity: Severity,
    /// Approval of its means and resources.
    pub approval: Approval,
    pub state: TaskState,
    pub opened_at: Timestamp,
    pub accept_by: Timestamp,
    /// Its deadline, unless its clock is stopped: see [`Task::due`].
    pub due_at: Timestamp,
    /// Since when an approval is awaited; the due clock is stopped meanwhile.
    pub asked_at: Option<Timestamp>,
    /// Since when nothing is left to keep of its subscribers: only the reason is asked for, and the
    /// due clock is stopped.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gone_at: Option<Timestamp>,
    /// Whether the due clock runs on though nothing is left to keep: one of its alerts is the
    /// loss of a locked number, whose reason is wanted in time.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub due_while_gone: bool,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// When work on it began.
    pub started_at: Option<Timestamp>,
    pub ended_at: Option<Timestamp>,
    /// 三处理: how it ended.
    pub finish: Option<Finish>,
    /// Verified by the supervisor.
    pub verified: bool,
    /// In progress, but without a contact for days.
    pub stalled: bool,
    /// The escalation levels, in order.
    pub escalation: Vec<EscalationStep>,
    pub escalated: Vec<Escalated>,
    /// Means that the port-out guard withholds.
    pub withheld_means: Vec<Means>,
    /// Resources that the port-out guard withholds.
    pub withheld_resources: Vec<Resource>,
    /// Whether the guard withholds the offer that somebody wrote into its title or item.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub withheld_words: bool,
    /// Means that were refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused_means: Vec<Means>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refused_resources: Vec<Resource>,
    /// Why it was cancelled, or that its cause has ended.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system_note: Option<SystemNote>,
    /// Its history, the oldest step first.
    pub steps: Vec<Step>,
    /// Increased by every change: of two concurrent actions only one succeeds.
    pub version: i64,
}

impl Task {
    /// The id of a task that is begun by an alert.
    #[must_use]
    pub(crate) fn id_of(alert: &AlertId) -> TaskId {
        TaskId::new(digest_id('T', &[alert.as_str()]))
    }

    /// The id of a task that comes from no alert.
    #[must_use]
    pub(crate) fn id_from(origin: &Origin) -> TaskId {
        let parts = origin.parts();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        TaskId::new(digest_id('T', &parts))
    }

    #[must_use]
    pub(crate) fn result(&self) -> Option<TaskResult> {
        self.finish.as_ref().map(|finish| finish.result)
    }

    /// Whether it is overdue. While an approval is awaited its clock is stopped: it is as late as
    /// it was when asked.
    #[must_use]
    pub(crate) fn is_overdue(&self, now: Timestamp) -> bool {
        let until = if self.approval == Approval::Requested {
            self.asked_at.unwrap_or(now).min(now)
        } else {
            now
        };
        self.state.is_open() && self.due().is_some() && self.due_at < until
    }

    /// Whether it was done after its deadline.
    #[must_use]
    pub(crate) fn was_done_late(&self) -> bool {
        let deadline = self.due().filter(|_| self.state == TaskState::Done);
        deadline
            .zip(self.ended_at)
            .is_some_and(|(due, at)| at > due)
    }

    /// Its deadline; none while its clock is stopped, since nothing is left to keep.
    #[must_use]
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.due_if(self.gone_at.is_some())
    }

    /// Its deadline if `nothing_is_left` to keep, or something is, whatever was recorded of it.
    #[must_use]
    pub(crate) fn due_if(&self, nothing_is_left: bool) -> Option<Timestamp> {
        (self.due_while_gone || !nothing_is_left).then_some(self.due_at)
    }

    /// Whether somebody must still accept it. Planned work needs no acceptance: it begins on its
    /// day.
    #[must_use]
    pub(crate) const fn waits_to_be_accepted(&self) -> bool {
        matches!(self.state, TaskState::Open) && !self.origin.is_planned()
    }

    /// Whether somebody other than its assignee has cancelled it: he must be notified.
    #[must_use]
    pub(crate) fn is_cancelled_from_above(&self) -> bool {
        self.state == TaskState::Cancelled
            && self.steps.last().is_some_and(|step| {
                step.what == StepKind::Cancel
                    && step.by.manager_id.as_ref() != self.assignee.manager()
            })
    }

    /// Whether the port-out guard withholds a part of it.
    #[must_use]
    pub(crate) const fn is_partly_withheld(&self) -> bool {
        !self.withheld_means.is_empty()
            || !self.withheld_resources.is_empty()
            || self.withheld_words
    }

    /// Whether a part of what it asked for was refused.
    #[must_use]
    pub(crate) const fn is_partly_refused(&self) -> bool {
        !self.refused_means.is_empty() || !self.refused_resources.is_empty()
    }

    /// Whether it includes a means or resource that the port-out guard withholds: an offer, or a
    /// negotiation, be it only in the words that somebody wrote.
    #[must_use]
    pub(crate) fn proposes(&self) -> bool {
        self.means.iter().any(|one| one.is_guarded())
            || self.resources.iter().any(|one| one.is_guarded())
            || (!self.withheld_words && self.offers_in_words())
    }

    /// The mark of a done task: ★ if it was planned, ● if not.
    #[must_use]
    pub(crate) fn mark(&self) -> Option<&'static str> {
        (self.state == TaskState::Done).then(|| {
            if self.origin.is_planned() {
                "★"
            } else {
                "●"
            }
        })
    }

    /// The group customer, if its scope is one.
    #[must_use]
    pub const fn group_id(&self) -> Option<&GroupId> {
        self.scope.group()
    }
}
