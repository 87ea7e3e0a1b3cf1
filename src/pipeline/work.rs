//! The open work, kept from one evaluation to the next.
//!
//! People change tasks and alerts from the command line beside a running worker, so it is not
//! trusted across transactions: each one that uses it first reads what has changed since, which the
//! store numbers. Invariant: after [`KeptWork::catch_up`] it is what the store holds in that
//! transaction; one that fails drops it.

use std::cell::RefCell;
use std::collections::BTreeSet;

use crate::domain::alert::Alert;
use crate::domain::local_day::Timestamp;
use crate::domain::task::Task;
use crate::plan::OpenWork;
use crate::store::{Checked, StoreError, Tx};

use super::damage::{notify_damage, or_notify};

#[derive(Debug, Default)]
pub(super) struct KeptWork {
    /// Changes of alerts and tasks up to which it is known.
    changes: i64,
    pub(super) open: OpenWork,
    /// Damaged rows that operators have been notified of.
    reported: RefCell<BTreeSet<String>>,
}

impl KeptWork {
    /// Reads everything that is open.
    fn load(tx: &Tx<'_>, now: Timestamp) -> Result<Self, StoreError> {
        let mut work = Self {
            changes: tx.changes()?,
            ..Self::default()
        };
        work.put_alerts(tx, tx.open_alerts()?, now)?;
        work.put_tasks(tx, tx.open_tasks()?, now)?;
        Ok(work)
    }

    /// What was kept, brought up to what the transaction sees; read again where nothing was. A
    /// damaged row is left out, and operators are notified at `now`.
    pub(super) fn catch_up(
        kept: Option<Self>,
        tx: &Tx<'_>,
        now: Timestamp,
    ) -> Result<Self, StoreError> {
        let Some(mut work) = kept else {
            return Self::load(tx, now);
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
        Checked { rows, damaged }: Checked<Alert>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        rows.into_iter()
            .for_each(|alert| self.open.put_alert(alert));
        damaged
            .iter()
            .try_for_each(|row| self.notify_damage(tx, &row.why, now))
    }

    fn put_tasks(
        &mut self,
        tx: &Tx<'_>,
        Checked { rows, damaged }: Checked<Task>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        for task in rows {
            let mut alerts = Vec::new();
            for id in self.open.unknown_alerts(&task) {
                alerts.extend(self.unless_damaged(tx, tx.alert(&id), now)?.flatten());
            }
            self.open.put_task(task, alerts);
        }
        damaged
            .iter()
            .try_for_each(|row| self.notify_damage(tx, &row.why, now))
    }

    /// What was read; nothing if it is damaged, of which operators are notified once.
    pub(super) fn unless_damaged<T>(
        &self,
        tx: &Tx<'_>,
        read: Result<T, StoreError>,
        now: Timestamp,
    ) -> Result<Option<T>, StoreError> {
        or_notify(read, |error| self.notify_damage(tx, error, now))
    }

    fn notify_damage(
        &self,
        tx: &Tx<'_>,
        error: &StoreError,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        if self.reported.borrow_mut().insert(error.to_string()) {
            notify_damage(tx, error, now)
        } else {
            Ok(())
        }
    }
}
