//! The open work: alerts that hold, open tasks, and the alerts that these answer, with the indexes
//! by which they are found.
//!
//! It does not know where they are kept. Invariant: an alert that does not hold is here exactly as
//! long as an open task answers it.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertId, AlertSubject, TaskId};
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::Task;
use crate::follow_up::sweep::AlertsById;
use crate::follow_up::task_subscribers::named_subscribers;

/// Scope, kind and subject of an alert.
pub(super) type AlertPlace = (Scope, AlertKind, AlertSubject);

#[derive(Debug, Default)]
pub(crate) struct OpenWork {
    tasks: BTreeMap<TaskId, Task>,
    alerts: BTreeMap<AlertId, Alert>,
    /// The same by scope, kind and subject.
    places: BTreeMap<AlertPlace, BTreeSet<AlertId>>,
    /// Those of open tasks that hold no more.
    resolved: BTreeMap<AlertId, Alert>,
    /// The open tasks of an alert.
    holders: BTreeMap<AlertId, BTreeSet<TaskId>>,
    /// The open tasks that name a subscriber.
    naming: BTreeMap<SubscriberId, BTreeSet<TaskId>>,
    /// The basis on which no task was to be handed over or escalated, and until when; none once a
    /// task has changed.
    nothing_due: Option<(DueBasis, Option<Timestamp>)>,
}

/// What hand-overs and escalations depend on beside the tasks and the time: the number of changes
/// of group customers and people, and the day.
pub(super) type DueBasis = (u64, LocalDay);

impl OpenWork {
    /// Puts an alert as it is now.
    pub(crate) fn put_alert(&mut self, alert: Alert) {
        let (id, place) = (
            alert.alert_id(),
            (
                alert.key.scope.clone(),
                alert.key.kind,
                alert.key.subject.clone(),
            ),
        );
        self.resolved.remove(&id);
        if alert.state.is_open() {
            self.places.entry(place).or_default().insert(id.clone());
            self.alerts.insert(id, alert);
            return;
        }
        if self.alerts.remove(&id).is_some()
            && let Some(ids) = self.places.get_mut(&place)
        {
            ids.remove(&id);
            if ids.is_empty() {
                self.places.remove(&place);
            }
        }
        if self.holders.contains_key(&id) {
            self.resolved.insert(id, alert);
        }
    }

    /// Removes what is kept of a task, and returns those of its alerts that are not known here: the
    /// caller loads them before it puts the open task.
    pub(crate) fn unknown_alerts(&mut self, task: &Task) -> Vec<AlertId> {
        self.drop_task(&task.task_id);
        let is_unknown = |id: &&AlertId| task.state.is_open() && self.alert(id).is_none();
        task.alert_ids.iter().filter(is_unknown).cloned().collect()
    }

    /// Puts a task as it is now, with its alerts that were not known.
    pub(crate) fn put_task(&mut self, task: Task, unknown: Vec<Alert>) {
        self.drop_task(&task.task_id);
        self.nothing_due = None;
        if !task.state.is_open() {
            return;
        }
        for id in &task.alert_ids {
            self.holders
                .entry(id.clone())
                .or_default()
                .insert(task.task_id.clone());
        }
        unknown.into_iter().for_each(|alert| self.put_alert(alert));
        for subscriber in self.subscribers_of(&task) {
            self.naming
                .entry(subscriber)
                .or_default()
                .insert(task.task_id.clone());
        }
        self.tasks.insert(task.task_id.clone(), task);
    }

    /// The subscribers that a task names.
    fn subscribers_of(&self, task: &Task) -> BTreeSet<SubscriberId> {
        named_subscribers(task, self.alerts_of(task))
    }

    fn drop_task(&mut self, id: &TaskId) {
        let Some(task) = self.tasks.remove(id) else {
            return;
        };
        for subscriber in self.subscribers_of(&task) {
            if let Some(naming) = self.naming.get_mut(&subscriber) {
                naming.remove(id);
                if naming.is_empty() {
                    self.naming.remove(&subscriber);
                }
            }
        }
        for alert in &task.alert_ids {
            if let Some(holders) = self.holders.get_mut(alert) {
                holders.remove(id);
                if holders.is_empty() {
                    self.holders.remove(alert);
                    self.resolved.remove(alert);
                }
            }
        }
    }

    /// Whether a task may have to be handed over or escalated.
    pub(super) fn may_be_due(&self, basis: DueBasis, now: Timestamp) -> bool {
        self.nothing_due
            .is_none_or(|(of, until)| of != basis || until.is_some_and(|until| until <= now))
    }

    /// No task has to, until then.
    pub(crate) const fn nothing_due(&mut self, basis: DueBasis, until: Option<Timestamp>) {
        self.nothing_due = Some((basis, until));
    }

    /// The open tasks, by id.
    pub(super) fn tasks(&self) -> impl Iterator<Item = &Task> {
        self.tasks.values()
    }

    /// The open tasks that name one of these subscribers.
    pub(super) fn tasks_naming(&self, subscribers: &BTreeSet<SubscriberId>) -> BTreeSet<TaskId> {
        subscribers
            .iter()
            .filter_map(|subscriber| self.naming.get(subscriber))
            .flatten()
            .cloned()
            .collect()
    }

    /// Whether a task is open.
    pub(crate) fn has_task(&self, id: &TaskId) -> bool {
        self.tasks.contains_key(id)
    }

    /// The alerts that hold, by id.
    pub(super) fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.values()
    }

    /// Likewise, each with its id.
    pub(super) fn alerts_with_ids(&self) -> impl Iterator<Item = (&AlertId, &Alert)> {
        self.alerts.iter()
    }

    /// The alerts that hold about one thing, by id.
    pub(super) fn alerts_at(&self, place: &AlertPlace) -> impl Iterator<Item = &Alert> {
        self.places
            .get(place)
            .into_iter()
            .flatten()
            .filter_map(|id| self.alerts.get(id))
    }

    /// Those likewise, and those of open tasks that hold no more.
    pub(super) fn alerts_and_resolved(&self) -> AlertsById<'_> {
        self.alerts.iter().chain(&self.resolved).collect()
    }

    /// An alert that holds, or that an open task answers.
    pub(super) fn alert(&self, id: &AlertId) -> Option<&Alert> {
        self.alerts.get(id).or_else(|| self.resolved.get(id))
    }

    /// The alerts that an open task answers.
    pub(super) fn alerts_of(&self, task: &Task) -> impl Iterator<Item = &Alert> {
        task.alert_ids.iter().filter_map(|id| self.alert(id))
    }

    /// Whether an open task answers an alert.
    pub(super) fn is_held(&self, id: &AlertId) -> bool {
        self.holders.contains_key(id)
    }
}
