//! Forgetting what adds nothing to the days that are kept and belongs to nothing open: in the
//! store, a few rows a transaction, and in memory.
//!
//! Invariant: memory mirrors the store between two transactions, so that it may end between any
//! two.

use crate::domain::local_day::LocalDay;
use crate::domain::retention::Aged;
use crate::plan::folded_before;
use crate::store::{FORGOTTEN_AT_ONCE_MAX, Setting, StoreError};

use super::{Pipeline, PipelineError};

/// How much was forgotten.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Forgotten {
    /// Reference events, contacts and feed closings.
    pub references: u64,
    /// Timelines of complaints, answers, bills and billed subscribers.
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
        let open_tasks = self
            .store
            .read_tx("list open tasks", |tx| tx.open_tasks()?.all())?;
        let all = self.read_model.outdated(from, day, &open_tasks);
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
    /// their counters are folded.
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
        let first = folded_before(day);
        self.store
            .fold_counters(lease, &self.read_model.series, first, &mut *go_on)?;
        self.read_model.fold_before(first);
        self.write_as_leader("note what is forgotten", |tx| {
            tx.set(Setting::ForgottenBefore, number)
        })?;
        Ok(timelines)
    }
}
