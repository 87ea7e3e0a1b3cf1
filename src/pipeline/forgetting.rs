//! Forgetting what adds nothing to the days that are kept and belongs to nothing open: in the
//! store, a few rows a transaction, and in memory.
//!
//! Invariant: memory mirrors the store between two transactions, so that it may end between any
//! two.

use std::collections::BTreeSet;

use crate::domain::event::Order;
use crate::domain::ids::ContactId;
use crate::domain::local_day::LocalDay;
use crate::domain::retention::Aged;
use crate::domain::task::Origin;
use crate::plan::ReadModel;
use crate::store::{FORGOTTEN_AT_ONCE_MAX, Setting, StoreError};

use super::{Pipeline, PipelineError};

/// How much was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Forgotten {
    /// Reference events, contacts and feed closings.
    pub references: u64,
    /// Timelines of complaints, answers, bills and billed lines.
    pub timelines: u64,
}

impl Pipeline {
    /// Forgets what nothing of `day`, the first of a month, and later needs. Between two
    /// transactions `go_on` is asked.
    ///
    /// # Errors
    /// When the store fails, or another leads; those of `go_on`, which leave done what is
    /// done.
    pub(crate) fn forget_before<E: From<StoreError> + From<PipelineError>>(
        &mut self,
        day: LocalDay,
        go_on: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<Forgotten, E> {
        self.settle()?;
        let references = self.forget_references(day, go_on)?;
        for aged in [Aged::FeedCounts(day), Aged::ComplaintCounts(day)] {
            while self.write_as_leader("forget counts", |tx| tx.forget(aged))? > 0 {
                go_on()?;
            }
        }
        self.read_model.forget_counts_before(day);
        let number = i64::from(day.number());
        let done = self.store.read_tx("see what is forgotten", |tx| {
            tx.setting(Setting::ForgottenBefore)
        })?;
        let timelines = if done.is_some_and(|done| done >= number) {
            0
        } else {
            self.forget_days(day, go_on)?
        };
        Ok(Forgotten {
            references,
            timelines,
        })
    }

    fn forget_references<E: From<StoreError>>(
        &mut self,
        day: LocalDay,
        go_on: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<u64, E> {
        let from = self.settings.plan.rules.zone.start_of(day);
        let open: BTreeSet<ContactId> = self
            .store
            .read_tx("list open tasks", |tx| tx.open_tasks()?.all())?
            .into_iter()
            .filter_map(|task| contact_of(task.origin))
            .collect();
        let mut outdated = self
            .read_model
            .reference
            .outdated(from, day, |contact| open.contains(contact));
        outdated.extend(self.read_model.feeds.closed_before(day).cloned());
        let all: Vec<Order> = outdated.into_iter().collect();
        let mut gone = 0;
        let ended = all.chunks(FORGOTTEN_AT_ONCE_MAX).try_for_each(|some| {
            go_on()?;
            self.write_as_leader("forget reference events", |tx| {
                tx.forget_references(some.iter())
            })?;
            gone += some.len();
            Ok(())
        });
        // Each is searched for in all lists of the reference: all of them at once.
        self.read_model
            .forget_references(&all.into_iter().take(gone).collect());
        ended.map(|()| gone as u64)
    }

    /// Days before `day` are no longer kept as such: what belongs to them alone is deleted, and
    /// their counters are folded. The last month before it stays: the bills of the first kept month
    /// are compared with its bills.
    fn forget_days<E: From<StoreError>>(
        &mut self,
        day: LocalDay,
        go_on: &mut dyn FnMut() -> Result<(), E>,
    ) -> Result<u64, E> {
        let (lease, _) = self.lease.ok_or(StoreError::NotLeader)?;
        let (number, t) = (
            i64::from(day.number()),
            self.settings.plan.rules.zone.start_of(day),
        );
        // From now on the figures of the days before are not computed.
        self.write_as_leader("note from when on figures are kept", |tx| {
            tx.set(Setting::FiguresFrom, number)
        })?;
        let timelines = self.store.forget_timelines(
            lease,
            |entity| entity.is_over_before(t, day),
            &mut *go_on,
        )?;
        let first = day.month().plus(-1).first_day();
        self.store
            .fold_counters(lease, &self.read_model.series, first, &mut *go_on)?;
        self.read_model.fold_before(first);
        self.write_as_leader("note what is forgotten", |tx| {
            tx.set(Setting::ForgottenBefore, number)
        })?;
        Ok(timelines)
    }
}

/// The contact that a task comes from.
fn contact_of(origin: Origin) -> Option<ContactId> {
    match origin {
        Origin::Promise(contact) | Origin::StrongIntent(contact) => Some(contact),
        _ => None,
    }
}

impl ReadModel {
    fn forget_references(&mut self, orders: &BTreeSet<Order>) {
        self.reference.forget(orders);
        self.feeds.forget(orders);
    }

    fn forget_counts_before(&mut self, day: LocalDay) {
        self.feeds.forget_accepted_before(day);
        self.complaints.forget_before(day);
    }

    fn fold_before(&mut self, first: LocalDay) {
        self.series
            .values_mut()
            .for_each(|series| series.fold_before(first));
        self.series.retain(|_, series| !series.counts().is_empty());
    }
}
