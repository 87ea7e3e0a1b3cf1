//! Entries of several runs, and of memory, in the order of their digests.

use super::run::{Run, RunScan};
use crate::store::StoreError;
use crate::store::frames::Frame;

/// Where entries come from; the newest first.
pub(super) struct Sources<'m, 'r, M> {
    /// The entry of memory that is next.
    first: Option<Frame<'m>>,
    memory: M,
    runs: Vec<RunScan<'r>>,
}

impl<'m, 'r, M: Iterator<Item = Result<Frame<'m>, StoreError>>> Sources<'m, 'r, M> {
    /// Entries in order that are newer than the runs, and the runs from the newest to the oldest.
    pub(super) fn new(
        mut memory: M,
        newest_first: impl Iterator<Item = &'r Run>,
    ) -> Result<Self, StoreError> {
        let mut runs = Vec::new();
        for run in newest_first {
            runs.extend(RunScan::new(run)?);
        }
        Ok(Self {
            first: memory.next().transpose()?,
            memory,
            runs,
        })
    }

    /// The newest entry of the least digest.
    pub(super) fn least(&self) -> Option<Frame<'_>> {
        // Of equal digests the first is the least.
        let in_runs = self.runs.iter().min_by_key(|cursor| cursor.digest());
        match (self.first, in_runs) {
            (Some(frame), None) => Some(frame),
            (Some(frame), Some(cursor)) if frame.digest <= cursor.digest() => Some(frame),
            (_, Some(cursor)) => Some(cursor.frame()),
            (None, None) => None,
        }
    }

    /// Every entry of the least digest, the newest first.
    pub(super) fn equal(&self, least: u128) -> impl Iterator<Item = Frame<'_>> {
        let in_memory = self.first.filter(|frame| frame.digest == least);
        in_memory.into_iter().chain(
            self.runs
                .iter()
                .filter(move |cursor| cursor.digest() == least)
                .map(RunScan::frame),
        )
    }

    /// Goes past every entry of a digest.
    pub(super) fn pass(&mut self, digest: u128) -> Result<(), StoreError> {
        if self.first.is_some_and(|first| first.digest == digest) {
            self.first = self.memory.next().transpose()?;
        }
        let mut at = 0;
        while at < self.runs.len() {
            if self.runs[at].digest() == digest && !self.runs[at].advance()? {
                self.runs.remove(at);
            } else {
                at += 1;
            }
        }
        Ok(())
    }
}
