//! Entries of one kind: those that are in no run yet, those that are about to be, and the runs for
//! all others.
//!
//! Values are in memory as the frames that were logged. Whatever is read is soon put again, since
//! only a timeline that changes is read; so nothing else needs keeping.

use std::sync::Arc;

use super::Tx;
use super::memtable::{self, Memtable};
use super::runs::{self, Compactor, NewRuns, Retained, RunFolder, RunKind, Runs};
use crate::store::StoreError;
use crate::store::frames::Frame;

/// Entries of one kind.
#[derive(Debug)]
pub(in crate::store) struct Table {
    /// In the write-ahead log only.
    active: Memtable,
    /// In the write-ahead log, and about to be a run.
    sealed: Arc<Memtable>,
    runs: Runs,
}

/// What is to become a run: it can be taken to another thread.
pub(super) struct SealedMemtable {
    sealed: Arc<Memtable>,
    compactor: Compactor,
}

impl Table {
    /// Nothing in memory; the runs are read from the store.
    pub(super) fn load(tx: &Tx<'_>, folder: &RunFolder, kind: RunKind) -> Result<Self, StoreError> {
        let runs = Runs::load(tx, folder, kind)?;
        Ok(Self {
            active: Memtable::default(),
            sealed: Arc::default(),
            runs,
        })
    }

    /// Memory of what is in no run, nor about to be.
    pub(super) fn memtable_bytes(&self) -> usize {
        self.active.bytes()
    }

    /// Looks keys up, fastest when their digests come in order.
    pub(in crate::store) fn seek(&self) -> TableCursor<'_> {
        TableCursor {
            last: 0,
            memtables: [self.active.seek(), self.sealed.seek()],
            runs: self.runs.seek(),
        }
    }

    /// Goes through every entry in the order of the digests, each as it is now. Nothing may be
    /// about to become a run.
    pub(in crate::store) fn for_each(
        &self,
        take: &mut dyn FnMut(Frame<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.runs.for_each_newest(self.active.in_order(), take)
    }

    /// Inserts the frames of a batch.
    pub(super) fn insert_chunks(&mut self, chunks: &[Arc<Vec<u8>>]) -> Result<(), StoreError> {
        self.active.insert_chunks(chunks)
    }

    /// Sets aside what is in no run, to become one. What was set aside before must have become one.
    pub(super) fn seal(&mut self) -> SealedMemtable {
        self.sealed = Arc::new(std::mem::take(&mut self.active));
        SealedMemtable {
            sealed: Arc::clone(&self.sealed),
            compactor: self.runs.compactor(),
        }
    }

    /// What was set aside has become a run; returns the numbers of the runs that it replaces.
    pub(super) fn replace_sealed(
        &mut self,
        tx: &Tx<'_>,
        new_runs: NewRuns,
    ) -> Result<Vec<u64>, StoreError> {
        self.sealed = Arc::default();
        self.runs.record(tx, new_runs)
    }

    /// Drops every entry whose value `keep` does not want; how many there were, and the numbers of
    /// the old runs. All must be in runs.
    pub(super) fn retain(
        &mut self,
        tx: &Tx<'_>,
        mut keep: impl FnMut(&[u8]) -> Result<bool, StoreError>,
    ) -> Result<(u64, Vec<u64>), StoreError> {
        let (new_runs, gone) = self
            .runs
            .compactor()
            .retain(|value| keep(value).map(Retained::from))?;
        Ok((gone, self.runs.record(tx, new_runs)?))
    }
}

impl AsMut<Runs> for Table {
    fn as_mut(&mut self) -> &mut Runs {
        &mut self.runs
    }
}

impl SealedMemtable {
    pub(super) fn flush(&self) -> Result<NewRuns, StoreError> {
        self.compactor.flush(self.sealed.in_order())
    }
}

pub(in crate::store) struct TableCursor<'a> {
    last: u128,
    /// The newest first.
    memtables: [memtable::MemtableCursor<'a>; 2],
    runs: runs::RunsCursor<'a>,
}

impl TableCursor<'_> {
    /// The value of a key, if it has any.
    pub(in crate::store) fn find(&mut self, digest: u128) -> Result<Option<&[u8]>, StoreError> {
        if digest < self.last {
            self.memtables
                .iter_mut()
                .for_each(memtable::MemtableCursor::rewind);
            self.runs.rewind();
        }
        self.last = digest;
        for memtable in &mut self.memtables {
            if let Some(value) = memtable.find(digest)? {
                return Ok(Some(value));
            }
        }
        self.runs.find(digest)
    }
}
