//! Leading: of all workers on a store one at a time evaluates figures, runs jobs and composes
//! mails. The leader has the read model in memory.

use std::cell::Cell;
use std::time::Duration;

use crate::plan::ReadModel;
use crate::store::{Durability, StoreError, Tx};

use super::read_model::load_applied;
use super::{Pipeline, PipelineError};

/// How often the leader renews its lease.
const KEEP_EVERY: Duration = Duration::from_secs(1);

/// Deltas that are applied at once: where nobody led for long, there are many.
const DELTAS_MAX: u32 = 1_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leadership {
    /// This worker, as before.
    Kept,
    /// This worker, from now on.
    Acquired,
    Elsewhere,
}

impl Pipeline {
    /// Renews the lease, or acquires it if it is free; then the read model is read again.
    pub(crate) fn lead(&mut self) -> Result<Leadership, PipelineError> {
        if let Some((lease, kept)) = self.lease {
            if !self.store.is_shared() || self.settings.wall.since(kept) < KEEP_EVERY {
                return Ok(Leadership::Kept);
            }
            self.lease = None;
            if self.store.renew_lease(lease)? {
                self.lease = Some((lease, self.settings.wall.elapsed()));
                return Ok(Leadership::Kept);
            }
            tracing::warn!("Another worker leads now");
        }
        (self.work, self.read_model) = (Cell::default(), ReadModel::default());
        let Some(lease) = self.store.acquire_lease(&self.settings.worker)? else {
            return Ok(Leadership::Elsewhere);
        };
        self.read_model = self
            .store
            .write_as_leader(lease, "read what is known", load_applied)?;
        self.lease = Some((lease, self.settings.wall.elapsed()));
        self.catch_up()?;
        Ok(Leadership::Acquired)
    }

    /// Notes that this worker writes batches; returns whether nobody else does, as of a moment ago.
    pub(crate) fn writes_alone(&mut self) -> Result<bool, PipelineError> {
        if let Some((alone, asked)) = self.writes_alone
            && self.settings.wall.since(asked) < KEEP_EVERY
        {
            return Ok(alone);
        }
        let alone = self.store.note_writer(&self.settings.worker)?;
        self.writes_alone = Some((alone, self.settings.wall.elapsed()));
        Ok(alone)
    }

    /// Resigns, and writes no more.
    pub fn resign(&mut self) -> Result<(), PipelineError> {
        if self.writes_alone.take().is_some() {
            self.store.leave_writers(&self.settings.worker)?;
        }
        self.lease
            .take()
            .map_or(Ok(()), |(lease, _)| Ok(self.store.resign_lease(lease)?))
    }

    /// Drops what is in memory and the lease: the store has failed, and its content is read again
    /// when it answers.
    pub(crate) fn forget(&mut self) {
        (self.lease, self.writes_alone, self.pending) = (None, None, None);
        (self.work, self.read_model) = (Cell::default(), ReadModel::default());
        self.store.invalidate();
    }

    /// Applies what all workers have committed since.
    ///
    /// # Errors
    /// When the store fails, or another leads.
    pub fn catch_up(&mut self) -> Result<(), PipelineError> {
        self.settle()?;
        let mut may_be_more = self.store.is_shared();
        while may_be_more {
            let deltas =
                self.write_as_leader("apply what workers did", |tx| tx.take_deltas(DELTAS_MAX));
            // What was ingested may be committed, and missing here.
            let deltas = deltas.inspect_err(|_| self.lease = None)?;
            deltas.iter().for_each(|delta| self.read_model.apply(delta));
            may_be_more = deltas.len() >= DELTAS_MAX as usize;
        }
        Ok(())
    }

    /// Runs `work` in one transaction as the leader.
    ///
    /// # Errors
    /// [`StoreError::NotLeader`] when another has it; those of `work`, or of the commit.
    pub(crate) fn write_as_leader<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let (lease, _) = self.lease.ok_or(StoreError::NotLeader)?;
        self.store.write_as_leader(lease, operation, work)
    }

    /// As [`Pipeline::write_as_leader`], for what is done again if it is lost: the commit reaches the disk
    /// [with the next one](Durability::WithNext).
    ///
    /// # Errors
    /// Those of `write_as_leader`.
    pub(crate) fn write_with_next<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let (lease, _) = self.lease.ok_or(StoreError::NotLeader)?;
        self.store
            .write_as_leader_with(Durability::WithNext, lease, operation, work)
    }
}
