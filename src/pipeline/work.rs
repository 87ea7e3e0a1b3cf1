//! The open work, kept from one evaluation to the next: open alerts, open tasks, and the alerts
//! that these answer.
//!
//! People change tasks and alerts from the command line beside a running worker, so it is not
//! trusted across transactions: each one that uses it first reads what has changed since, which the
//! store numbers. Invariant: after [`OpenWork::catch_up`] it is what the store holds in that
//! transaction; one that fails drops it.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertId, TaskId};
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::Task;
use crate::follow_up::sweep::AlertsById;
use crate::follow_up::task_subscribers::named_subscribers;
use crate::store::{Checked, StoreError, Tx};

use super::damage::{or_told, tell_damage};

/// Of which scope, of which kind, about what.
pub(super) type Place = (Scope, AlertKind, Box<str>);

#[derive(Debug, Default)]
pub(super) struct OpenWork {
    /// Changes of alerts and tasks up to which it is known.
    changes: i64,
    tasks: BTreeMap<TaskId, Task>,
    alerts: BTreeMap<AlertId, Alert>,
    /// The same by what they are about.
    places: BTreeMap<Place, BTreeSet<AlertId>>,
    /// Those of open tasks that hold no more.
    resolved: BTreeMap<AlertId, Alert>,
    /// The open tasks of an alert.
    holders: BTreeMap<AlertId, BTreeSet<TaskId>>,
    /// The open tasks that name a subscriber.
    naming: BTreeMap<SubscriberId, BTreeSet<TaskId>>,
    /// Under what no task was to go to somebody else or to be escalated, and until when; none once
    /// a task has changed.
    nothing_due: Option<(DueBasis, Option<Timestamp>)>,
    /// What the operators were told of rows that are not what was written.
    told: RefCell<BTreeSet<String>>,
}

/// What it depends on beside the tasks and the time: the number of changes of group customers and
/// people, and the day.
pub(super) type DueBasis = (u64, LocalDay);

impl OpenWork {
    /// Reads everything that is open.
    fn read(tx: &Tx<'_>, now: Timestamp) -> Result<Self, StoreError> {
        let mut work = Self {
            changes: tx.changes()?,
            ..Self::default()
        };
        work.put_alerts(tx, tx.open_alerts()?, now)?;
        work.put_tasks(tx, tx.open_tasks()?, now)?;
        Ok(work)
    }

    /// What was kept, brought up to what the transaction sees; read anew where nothing was. A row
    /// that is not what was written is left out, and the operators are told at `now`.
    pub(super) fn catch_up(
        kept: Option<Self>,
        tx: &Tx<'_>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let Some(mut work) = kept else {
            return Self::read(tx, now);
        };
        let changes = tx.changes()?;
        if changes != work.changes {
            work.put_alerts(tx, tx.alerts_changed_since(work.changes)?, now)?;
            work.put_tasks(tx, tx.tasks_changed_since(work.changes)?, now)?;
            work.changes = changes;
        }
        Ok(work)
    }

    fn put_alerts(
        &mut self,
        tx: &Tx<'_>,
        alerts: Checked<Alert>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        alerts
            .rows
            .into_iter()
            .for_each(|alert| self.put_alert(alert));
        alerts
            .damaged
            .iter()
            .try_for_each(|row| self.tell_damage(tx, &row.why, now))
    }

    fn put_tasks(
        &mut self,
        tx: &Tx<'_>,
        tasks: Checked<Task>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        tasks
            .rows
            .into_iter()
            .try_for_each(|task| self.put_task(tx, task, now))?;
        tasks
            .damaged
            .iter()
            .try_for_each(|row| self.tell_damage(tx, &row.why, now))
    }

    /// What was read; nothing if it is not what was written, which the operators are told once.
    pub(super) fn unless_damaged<T>(
        &self,
        tx: &Tx<'_>,
        read: Result<T, StoreError>,
        now: Timestamp,
    ) -> Result<Option<T>, StoreError> {
        or_told(read, |error| self.tell_damage(tx, error, now))
    }

    fn tell_damage(
        &self,
        tx: &Tx<'_>,
        error: &StoreError,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.told.borrow_mut().insert(error.to_string()) {
            tell_damage(tx, error, now)
        } else {
            Ok(())
        }
    }

    fn put_alert(&mut self, alert: Alert) {
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

    fn put_task(&mut self, tx: &Tx<'_>, task: Task, now: Timestamp) -> Result<(), StoreError> {
        self.drop_task(&task.task_id);
        self.nothing_due = None;
        if !task.state.is_open() {
            return Ok(());
        }
        for id in &task.alert_ids {
            self.holders
                .entry(id.clone())
                .or_default()
                .insert(task.task_id.clone());
            if !self.alerts.contains_key(id)
                && !self.resolved.contains_key(id)
                && let Some(alert) = self.unless_damaged(tx, tx.alert(id), now)?.flatten()
            {
                self.put_alert(alert);
            }
        }
        for subscriber in self.subscribers_of(&task) {
            self.naming
                .entry(subscriber)
                .or_default()
                .insert(task.task_id.clone());
        }
        self.tasks.insert(task.task_id.clone(), task);
        Ok(())
    }

    /// The subscribers that a task names.
    fn subscribers_of(&self, task: &Task) -> BTreeSet<SubscriberId> {
        named_subscribers(task, task.alert_ids.iter().filter_map(|id| self.alert(id)))
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

    /// Whether a task may have to go to somebody else or to be escalated.
    pub(super) fn may_be_due(&self, basis: DueBasis, now: Timestamp) -> bool {
        self.nothing_due
            .is_none_or(|(of, until)| of != basis || until.is_some_and(|until| until <= now))
    }

    /// None has to, until then.
    pub(super) const fn nothing_due(&mut self, basis: DueBasis, until: Option<Timestamp>) {
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
    pub(super) fn has_task(&self, id: &TaskId) -> bool {
        self.tasks.contains_key(id)
    }

    /// The alerts that hold, by id.
    pub(super) fn alerts(&self) -> impl Iterator<Item = &Alert> {
        self.alerts.values()
    }

    /// The alerts that hold about one thing, by id.
    pub(super) fn alerts_at(&self, place: &Place) -> impl Iterator<Item = &Alert> {
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

    /// Whether an open task answers an alert.
    pub(super) fn is_held(&self, id: &AlertId) -> bool {
        self.holders.contains_key(id)
    }
}
