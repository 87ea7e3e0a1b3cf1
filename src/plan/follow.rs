//! Following up the changes of an evaluation: tasks begin, continue, change hands, are escalated.
//!
//! ```text
//! FollowUpPlan::new ─ None: nothing to follow up
//!   └ BackgroundQuery ─ loaded ─→ follow_up ─→ named_subscribers ─ loaded ─→ finish ─→ FollowedUp
//! ```
//! It does not know where anything is kept: what is asked for between two steps is loaded by the
//! caller. Invariant: hand-overs and escalations, which depend on time and reference alone, are
//! computed whenever one may be due.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, AlertId, ResolvedBecause, TaskId};
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::outgoing::OutgoingEvent;
use crate::domain::silence::Silence;
use crate::domain::task::{Assignee, Origin, Task, TaskState};
use crate::follow_up::guard::SubscriberStandings;
use crate::follow_up::hand_over::hand_over;
use crate::follow_up::lead::heir_of_lead;
use crate::follow_up::sweep::{AlertsById, SweepRules, adapt_each, escalate_late, next_late};
use crate::follow_up::task_subscribers::{depends_on_subscribers, named_subscribers};
use crate::follow_up::tasks::{FollowUp, FollowUpContext, follow_up};

use super::closed_event::closed_event;
use super::open_work::{DueBasis, OpenWork};

/// What following up depends on, beside the open tasks.
#[derive(Debug, Default)]
pub(crate) struct Background {
    pub(crate) resolved: BTreeMap<AlertId, ResolvedBecause>,
    pub(crate) made_today: BTreeMap<Assignee, u32>,
    pub(crate) silences: Vec<Silence>,
    pub(crate) subscribers: SubscriberStandings,
    pub(crate) ended: BTreeMap<TaskId, Option<Task>>,
}

/// What the background of changes is loaded by: nothing else of tasks than those of the scopes that
/// changed.
#[derive(Debug)]
pub(crate) struct BackgroundQuery {
    /// Of the alerts beside the changes, those that hold no more.
    pub(crate) resolved: BTreeMap<AlertId, ResolvedBecause>,
    /// The subscribers that the changes name.
    pub(crate) subscribers: BTreeSet<SubscriberId>,
    /// Tasks that may have ended already.
    pub(crate) tasks: Vec<TaskId>,
}

impl BackgroundQuery {
    pub(crate) fn for_changes(changes: &[AlertChange], work: &OpenWork) -> Self {
        let alerts = || changes.iter().map(AlertChange::alert);
        let scopes: BTreeSet<&Scope> = alerts().map(|alert| &alert.key.scope).collect();
        let changed: BTreeSet<AlertId> = alerts().map(Alert::alert_id).collect();
        let beside = || work.tasks().filter(|task| scopes.contains(&task.scope));
        let resolved = beside()
            .flat_map(|task| &task.alert_ids)
            .filter(|id| !changed.contains(id))
            .filter_map(|id| Some((id.clone(), work.alert(id)?.resolved_because?)));
        let begun: BTreeSet<TaskId> = changed
            .iter()
            .map(Task::id_of)
            .chain(beside().map(|task| task.task_id.clone()))
            .collect();
        let with_visit = |id: TaskId| {
            let visit = Task::id_from(&Origin::JointVisitFor(id.clone()));
            [id, visit]
        };
        Self {
            resolved: resolved.collect(),
            subscribers: alerts().flat_map(Alert::named_subscribers).collect(),
            tasks: begun.into_iter().flat_map(with_visit).collect(),
        }
    }
}

/// The result of following up.
#[derive(Debug, Default)]
pub(crate) struct FollowedUp {
    pub(crate) done: FollowUp,
    /// Events for BOSS and CRM of tasks that contacts have ended.
    pub(crate) closed: Vec<OutgoingEvent>,
    /// The basis on which nothing is due, and until when; none where it was not computed.
    pub(crate) nothing_due: Option<(DueBasis, Option<Timestamp>)>,
}

/// The follow-up of changes of alerts, on its way.
pub(crate) struct FollowUpPlan<'a> {
    changes: &'a [AlertChange],
    changed: BTreeMap<AlertId, &'a Alert>,
    work: &'a OpenWork,
    /// Tasks that name a subscriber that was judged.
    touched: BTreeSet<TaskId>,
    /// Those that may change.
    tasks: Vec<&'a Task>,
    /// The basis on which hand-overs and escalations are computed; none where none can be due.
    due: Option<DueBasis>,
    done: FollowUp,
}

impl<'a> FollowUpPlan<'a> {
    /// Follows up these changes, and subscribers that were judged; none if nothing is to be done.
    pub(crate) fn new(
        (changes, judged): (&'a [AlertChange], &BTreeSet<SubscriberId>),
        work: &'a OpenWork,
        basis: DueBasis,
        now: Timestamp,
    ) -> Option<Self> {
        let due = work.may_be_due(basis, now).then_some(basis);
        let touched = work.tasks_naming(judged);
        if changes.is_empty() && touched.is_empty() && due.is_none() {
            return None;
        }
        let alerts = || changes.iter().map(AlertChange::alert);
        let scopes: BTreeSet<&Scope> = alerts().map(|alert| &alert.key.scope).collect();
        let may_change = |task: &&Task| {
            due.is_some() || scopes.contains(&task.scope) || touched.contains(&task.task_id)
        };
        Some(Self {
            tasks: work.tasks().filter(may_change).collect(),
            changes,
            changed: alerts().map(|alert| (alert.alert_id(), alert)).collect(),
            work,
            touched,
            due,
            done: FollowUp::default(),
        })
    }

    /// Hands over what has another manager, then follows the changes up.
    pub(crate) fn follow_up(&mut self, ctx: &FollowUpContext<'_>) {
        if self.due.is_some() {
            self.done.add(hand_over(self.tasks.iter().copied(), ctx));
        }
        if self.changes.is_empty() {
            return;
        }
        let scopes: BTreeSet<&Scope> = self
            .changed
            .values()
            .map(|alert| &alert.key.scope)
            .collect();
        let open = self.done.after(&self.tasks);
        let open = open.filter(|task| scopes.contains(&task.scope));
        let followed = follow_up(self.changes, open, ctx);
        self.done.add(followed);
    }

    /// The subscribers whose current state decides on tasks whose alerts changed, or that name a
    /// subscriber that was judged.
    pub(crate) fn named_subscribers(&self) -> BTreeSet<SubscriberId> {
        self.concerned()
            .flat_map(|task| named_subscribers(task, self.alerts_of(task)))
            .collect()
    }

    /// Adapts those tasks to the current state of their alerts and subscribers, and escalates what is late.
    pub(crate) fn finish(
        mut self,
        rules: SweepRules,
        closed_source: &str,
        ctx: &FollowUpContext<'_>,
    ) -> FollowedUp {
        let alerts: AlertsById<'_> = self
            .concerned()
            .flat_map(|task| &task.alert_ids)
            .filter_map(|id| Some((id, self.alert(id)?)))
            .collect();
        let adapted = adapt_each(self.concerned(), &alerts, ctx);
        self.done.add(adapted);
        let mut closed = Vec::new();
        let nothing_due = self.due.map(|basis| {
            let late = escalate_late(self.done.after(&self.tasks), rules, ctx);
            let next = next_late(self.done.after(&self.tasks), rules, ctx);
            closed = closed_events(&late.tasks, closed_source, ctx.now);
            self.done.add(late);
            (basis, next)
        });
        FollowedUp {
            done: self.done,
            closed,
            nothing_due,
        }
    }

    /// The tasks that depend on their subscribers, or whose lead is resolved, and may have to be
    /// adapted.
    fn concerned(&self) -> impl Iterator<Item = &Task> {
        let is_concerned = |task: &&Task| {
            self.touched.contains(&task.task_id)
                || task
                    .alert_ids
                    .iter()
                    .any(|id| self.changed.contains_key(id))
        };
        self.done
            .after(&self.tasks)
            .chain(self.done.begun())
            .filter(is_concerned)
            .filter(|task| {
                depends_on_subscribers(task, self.alerts_of(task))
                    || heir_of_lead(task, |id| self.alert(id)).is_some()
            })
    }

    fn alerts_of(&self, task: &Task) -> impl Iterator<Item = &Alert> {
        task.alert_ids.iter().filter_map(|id| self.alert(id))
    }

    fn alert(&self, id: &AlertId) -> Option<&'a Alert> {
        let changed = self.changed.get(id).copied();
        changed.or_else(|| self.work.alert(id))
    }
}

/// Events for BOSS and CRM of those tasks that are done.
pub(super) fn closed_events(tasks: &[Task], source: &str, now: Timestamp) -> Vec<OutgoingEvent> {
    tasks
        .iter()
        .filter(|task| task.state == TaskState::Done)
        .filter_map(|task| closed_event(task, source, now))
        .collect()
}
