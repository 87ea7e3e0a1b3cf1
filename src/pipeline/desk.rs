//! The desk: where figures are looked at, jobs run and mails are composed. One worker at a time has
//! it, and what is known in memory.

use std::cell::Cell;
use std::time::Duration;

use crate::store::{Durability, StoreError, Tx};

use super::{Pipeline, PipelineError, World};

/// How often a worker makes sure that it has the desk still.
const KEEP_EVERY: Duration = Duration::from_secs(1);

/// Deltas that are taken in at once: where nobody had the desk for long, there are many.
const DELTAS_MAX: u32 = 1_000;

/// Who has the desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AtDesk {
    /// This worker, as before.
    Kept,
    /// This worker, from now on.
    Taken,
    /// Another.
    Elsewhere,
}

impl Pipeline {
    /// Keeps the desk, or takes it if it is free; then everything that is known is read.
    ///
    /// # Errors
    /// When the store says no.
    pub fn come_to_desk(&mut self) -> Result<AtDesk, PipelineError> {
        if let Some((desk, kept)) = self.desk {
            if !self.store.is_shared() || self.settings.wall.since(kept) < KEEP_EVERY {
                return Ok(AtDesk::Kept);
            }
            self.desk = None;
            if self.store.keep_desk(desk)? {
                self.desk = Some((desk, self.settings.wall.elapsed()));
                return Ok(AtDesk::Kept);
            }
            tracing::warn!("Another worker has taken the desk over");
        }
        (self.work, self.world) = (Cell::default(), World::default());
        let Some(desk) = self.store.take_desk(&self.settings.worker)? else {
            return Ok(AtDesk::Elsewhere);
        };
        self.world = self
            .store
            .write_at_desk(desk, "read what is known", World::read_taken_in)?;
        self.desk = Some((desk, self.settings.wall.elapsed()));
        self.catch_up()?;
        Ok(AtDesk::Taken)
    }

    /// Says that this worker writes batches; gives back whether nobody else does, as of a moment
    /// ago.
    ///
    /// # Errors
    /// When the store says no.
    pub fn writes_alone(&mut self) -> Result<bool, PipelineError> {
        if let Some((alone, asked)) = self.writes_alone
            && self.settings.wall.since(asked) < KEEP_EVERY
        {
            return Ok(alone);
        }
        let alone = self.store.note_writer(&self.settings.worker)?;
        self.writes_alone = Some((alone, self.settings.wall.elapsed()));
        Ok(alone)
    }

    /// Gives the desk up to whoever wants it, and writes no more.
    ///
    /// # Errors
    /// When the store says no.
    pub fn leave_desk(&mut self) -> Result<(), PipelineError> {
        if self.writes_alone.take().is_some() {
            self.store.leave_writers(&self.settings.worker)?;
        }
        self.desk
            .take()
            .map_or(Ok(()), |(desk, _)| Ok(self.store.leave_desk(desk)?))
    }

    /// Forgets what is known and held: the store has failed, and what it holds is read anew when it
    /// answers.
    pub fn forget(&mut self) {
        (self.desk, self.writes_alone, self.pending) = (None, None, None);
        (self.work, self.world) = (Cell::default(), World::default());
        self.store.unlearn();
    }

    /// Takes in what all workers have done since.
    ///
    /// # Errors
    /// When the store says no, or another has the desk.
    pub fn catch_up(&mut self) -> Result<(), PipelineError> {
        self.settle()?;
        let mut may_be_more = self.store.is_shared();
        while may_be_more {
            let deltas = self.write("take in what workers did", |tx| tx.take_deltas(DELTAS_MAX));
            // What was taken may be committed, and not known here.
            let deltas = deltas.inspect_err(|_| self.desk = None)?;
            deltas.iter().for_each(|delta| self.world.learn(delta));
            may_be_more = deltas.len() >= DELTAS_MAX as usize;
        }
        Ok(())
    }

    /// Runs `work` in one transaction as the desk's holder.
    ///
    /// # Errors
    /// [`StoreError::DeskLost`] when another has it; those of `work`, or of the commit.
    pub fn write<R, E: From<StoreError>>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let (desk, _) = self.desk.ok_or(StoreError::DeskLost)?;
        self.store.write_at_desk(desk, doing, work)
    }

    /// As [`Pipeline::write`], for what is done again if it is lost: the commit reaches the disk
    /// [with the next one](Durability::WithNext).
    ///
    /// # Errors
    /// As there.
    pub fn write_with_next<R, E: From<StoreError>>(
        &self,
        doing: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let (desk, _) = self.desk.ok_or(StoreError::DeskLost)?;
        self.store
            .write_at_desk_as(Durability::WithNext, desk, doing, work)
    }
}
