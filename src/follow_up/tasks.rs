//! Alerts that changed → tasks that are new or changed, and the notices to send.
//!
//! ```text
//! opened, reopened ─ notice? ─ observed? ─┬─ open task of this scope and kind ─ join ─┐
//! updated ─ more urgent, or first urgent ─┘  none ─────────────────────────── make ───┼─ notify, unless over the cap
//! resolved ─ all causes gone? ─┬─ nobody accepted ─ cancel, notify nobody
//!                              └─ accepted ─ system note
//! ```
//! It may not know the store or the clock. Invariant: one call gives each task once, its version
//! one above what was read, and at most one notice a task; a task is never dropped; at most its
//! notice is left out.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::assignee::Staff;
use super::calendar::WorkingCalendar;
use super::due_clock::DueClock;
use super::guard::SubscriberStandings;
use super::open_tasks::OpenTasks;
use super::playbook::{Playbook, Playbooks};
pub(crate) use crate::domain::alert::AlertChange;
use crate::domain::alert::{Alert, AlertId, ResolvedBecause, TaskId};
use crate::domain::ids::{ManagerId, UnitId};
use crate::domain::indicator::Severity;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::reference::Reference;
use crate::domain::silence::Silence;
use crate::domain::task::{Assignee, Task};
use crate::domain::zone::Zone;

/// Numbers from the configuration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FollowUpRules {
    /// A critical alert's task is due after so long.
    pub critical_due: TimeDelta,
    pub warning_due: TimeDelta,
    /// The notice of what is not critical waits so long, and covers what joined it meanwhile.
    pub group_wait: TimeDelta,
    /// The port-out guard holds so long after a member was authorised.
    pub guard: TimeDelta,
    /// Above so many new tasks of one assignee on one local day there is no notice for each;
    /// critical ones always have one.
    pub tasks_per_manager_per_day_max: u32,
}

impl FollowUpRules {
    /// How long the task of an alert has: by its playbook if that gives a time, else by its
    /// urgency.
    #[must_use]
    pub(crate) fn due_of(&self, severity: Severity, playbook: Option<&Playbook>) -> TimeDelta {
        let by_severity = if severity == Severity::Critical {
            self.critical_due
        } else {
            self.warning_due
        };
        playbook
            .and_then(|playbook| playbook.due)
            .unwrap_or(by_severity)
    }
}

#[cfg(test)]
impl Default for FollowUpRules {
    fn default() -> Self {
        let (critical_due, warning_due) = (TimeDelta::hours(4), TimeDelta::hours(16));
        let (group_wait, guard) = (TimeDelta::minutes(5), TimeDelta::days(30));
        Self {
            critical_due,
            warning_due,
            group_wait,
            guard,
            tasks_per_manager_per_day_max: 20,
        }
    }
}

/// The input of following up alerts.
#[derive(Debug, Clone, Copy)]
pub struct FollowUpContext<'a> {
    /// Where days and working hours are.
    pub zone: Zone,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    /// What a task asks for, by kind of alert or planned work.
    pub playbooks: &'a Playbooks,
    pub reference: &'a Reference,
    /// `company.head_manager_id`
    pub company_head: Option<&'a ManagerId>,
    /// Due times and caps.
    pub rules: FollowUpRules,
    /// Of the alerts of open tasks, those that were resolved before these changes, and why. One
    /// that is not here holds.
    pub resolved: &'a BTreeMap<AlertId, ResolvedBecause>,
    /// Tasks that began on this local day, by assignee.
    pub made_today: &'a BTreeMap<Assignee, u32>,
    pub silences: &'a [Silence],
    /// Units whose alerts are recorded only (`observe`).
    pub observed_units: &'a BTreeSet<UnitId>,
    /// The current state of the subscribers that the alerts name: of those that changed; in a
    /// sweep, of those of open tasks too.
    pub subscribers: &'a SubscriberStandings,
    /// Tasks that have ended, by id, without those whose row is damaged; of all of them only a joint
    /// visit that was cancelled with its cause begins again.
    pub ended: &'a BTreeMap<TaskId, Option<Task>>,
    pub now: Timestamp,
    /// Up to when everything has been read: that no contact came is judged as of it.
    pub read_until: Timestamp,
}

impl<'a> FollowUpContext<'a> {
    /// Who is there today.
    #[must_use]
    pub(crate) fn staff(&self) -> Staff<'a> {
        let today = self.zone.day_of(self.now).date();
        Staff {
            reference: self.reference,
            company_head: self.company_head,
            today,
        }
    }

    /// How time passes for tasks.
    #[must_use]
    pub(crate) const fn due_clock(&self) -> DueClock<'a> {
        DueClock {
            zone: self.zone,
            calendar: self.calendar,
            now: self.now,
        }
    }

    /// Whether an alert makes no tasks and mails for now: it is silenced, or its unit observes.
    #[must_use]
    pub(crate) fn is_suppressed(&self, alert: &Alert) -> bool {
        let unit = self.reference.unit_of(&alert.key.scope);
        let today = self.zone.day_of(self.now);
        let covers = |silence: &Silence| silence.covers_with_unit(alert, unit, today);
        unit.is_some_and(|unit| self.observed_units.contains(unit))
            || self.silences.iter().any(covers)
    }
}

/// What is to be written.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct FollowUp {
    /// New tasks (version 1) and changed ones (version one above the one read), by id.
    pub tasks: Vec<Task>,
    /// The notices to send, by task.
    pub notices: Vec<Notice>,
    /// Alerts that joined a task which somebody has accepted: they are acknowledged by that.
    pub alerts: Vec<Alert>,
}

impl FollowUp {
    /// Adds what was decided after it.
    pub(crate) fn add(&mut self, later: Self) {
        self.tasks.extend(later.tasks);
        self.notices.extend(later.notices);
        self.alerts.extend(later.alerts);
    }

    /// The given tasks with its changes applied; the new ones are [`FollowUp::begun`].
    pub(crate) fn after<'a>(&'a self, tasks: &[&'a Task]) -> impl Iterator<Item = &'a Task> {
        let changed: BTreeMap<&TaskId, &Task> = self
            .tasks
            .iter()
            .map(|task| (&task.task_id, task))
            .collect();
        tasks
            .iter()
            .copied()
            .map(move |task| changed.get(&task.task_id).copied().unwrap_or(task))
    }

    /// The tasks that it begins.
    pub(crate) fn begun(&self) -> impl Iterator<Item = &Task> {
        self.tasks.iter().filter(|task| task.version == 1)
    }
}

/// Follows up the changes of alerts, in their order. `open_tasks` holds at least every open task of
/// the scopes that changed.
///
/// An `Updated` alert that nobody has acknowledged and that no open task holds has had none so far
/// (it was a notice, or silenced): it is treated as if it had just opened.
#[must_use]
pub(crate) fn follow_up<'a>(
    changes: &[AlertChange],
    open_tasks: impl IntoIterator<Item = &'a Task>,
    ctx: &'a FollowUpContext<'_>,
) -> FollowUp {
    let mut open_tasks = OpenTasks::new(open_tasks, ctx);
    for change in changes {
        match change {
            AlertChange::Opened(alert) | AlertChange::Reopened(alert) => open_tasks.raise(alert),
            AlertChange::Updated(alert) => {
                open_tasks.update(alert);
                open_tasks.retitle_joint_visits(alert);
            }
            AlertChange::Resolved(alert) => open_tasks.settle(alert),
        }
    }
    open_tasks.finish()
}

/// The notice of a task: to send at once if it is critical, else together with what joins it
/// meanwhile.
pub(super) fn task_notice(task: &Task, severity: Severity, ctx: &FollowUpContext<'_>) -> Notice {
    let wait = if severity == Severity::Critical {
        TimeDelta::zero()
    } else {
        ctx.rules.group_wait
    };
    Notice {
        topic: NoticeTopic::Task(task.task_id.clone()),
        assignee: task.assignee.clone(),
        group_id: task.group_id().cloned(),
        severity,
        created_at: ctx.now,
        due_at: ctx.now.plus(wait),
        useful_until: None,
    }
}

/// The request to whoever is above the assignee to approve a task.
pub(super) fn approval_notice(task: &Task, ctx: &FollowUpContext<'_>) -> Notice {
    let approver = ctx.staff().manager_of(&task.assignee, &task.scope);
    let topic = NoticeTopic::Approval(task.task_id.clone());
    Notice {
        topic,
        assignee: approver,
        due_at: ctx.now,
        ..task_notice(task, task.severity, ctx)
    }
}
