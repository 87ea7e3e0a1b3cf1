//! Entries of several runs, and of memory, in the order of their digests.

use super::frames::Frame;
use super::run::{Cursor, Run};
use crate::store::StoreError;

/// Where entries come from; the newest first.
pub(super) struct Sources<'a> {
    memory: &'a [Frame<'a>],
    runs: Vec<Cursor<'a>>,
}

impl<'a> Sources<'a> {
    /// Entries in order that are newer than the runs, and the runs from the newest to the oldest.
    pub(super) fn new(memory: &'a [Frame<'a>], newest_first: impl Iterator<Item = &'a Run>) -> Result<Self, StoreError> {
        let mut runs = Vec::new();
        for run in newest_first {
            runs.extend(Cursor::new(run)?);
        }
        Ok(Self { memory, runs })
    }

    /// The newest entry of the least digest.
    pub(super) fn least(&self) -> Result<Option<Frame<'_>>, StoreError> {
        // Of equal digests the first is the least.
        let in_runs = self.runs.iter().min_by_key(|cursor| cursor.digest());
        match (self.memory.first(), in_runs) {
            (Some(frame), None) => Ok(Some(*frame)),
            (Some(frame), Some(cursor)) if frame.digest <= cursor.digest() => Ok(Some(*frame)),
            (_, Some(cursor)) => cursor.frame().map(Some),
            (None, None) => Ok(None),
        }
    }

    /// Every entry of the least digest, the newest first.
    pub(super) fn equal(&self, least: u128) -> impl Iterator<Item = Result<Frame<'_>, StoreError>> {
        let in_memory = self.memory.first().filter(|frame| frame.digest == least).map(|frame| Ok(*frame));
        in_memory.into_iter().chain(self.runs.iter().filter(move |cursor| cursor.digest() == least).map(Cursor::frame))
    }

    /// Goes past every entry of a digest.
    pub(super) fn pass(&mut self, digest: u128) -> Result<(), StoreError> {
        if let Some((_, rest)) = self.memory.split_first().filter(|(first, _)| first.digest == digest) {
            self.memory = rest;
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
