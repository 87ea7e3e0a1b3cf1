//! Entries of one kind: those that are in no run yet, those that are about to be, and the runs for
//! all others.
//!
//! Values stand in memory as the frames that were journaled. Whatever is read is soon put again,
//! since only a timeline that changes is read; so nothing else needs keeping.

use std::sync::Arc;

use super::Tx;
use super::layers::{self, Layers};
use super::runs::{self, Grower, Grown, Kind, Retained, RunFolder, Runs};
use crate::store::StoreError;
use crate::store::frames::Frame;

/// Entries of one kind.
#[derive(Debug)]
pub(in crate::store) struct Table {
    /// In the journal only.
    unwritten: Layers,
    /// In the journal, and about to be a run.
    frozen: Arc<Layers>,
    runs: Runs,
}

/// What is to become a run: it can be taken to another thread.
pub(super) struct Freeze {
    frozen: Arc<Layers>,
    grower: Grower,
}

impl Table {
    /// Nothing in memory; the runs are read from the store.
    pub(super) fn read(tx: &Tx<'_>, folder: &RunFolder, kind: Kind) -> Result<Self, StoreError> {
        let runs = Runs::read(tx, folder, kind)?;
        Ok(Self {
            unwritten: Layers::default(),
            frozen: Arc::default(),
            runs,
        })
    }

    /// Memory of what is in no run, nor about to be.
    pub(super) fn unwritten_bytes(&self) -> usize {
        self.unwritten.bytes()
    }

    /// Looks keys up, soonest when their digests come in order.
    pub(in crate::store) fn seek(&self) -> Seek<'_> {
        Seek {
            last: 0,
            layers: [self.unwritten.seek(), self.frozen.seek()],
            runs: self.runs.seek(),
        }
    }

    /// Goes through every entry in the order of the digests, each as it is now. Nothing may be
    /// about to become a run.
    pub(in crate::store) fn for_each(
        &self,
        take: &mut dyn FnMut(Frame<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.runs.for_each_newest(self.unwritten.in_order(), take)
    }

    /// Takes the frames of a batch in.
    pub(super) fn put(&mut self, stretches: &[Arc<Vec<u8>>]) -> Result<(), StoreError> {
        self.unwritten.put(stretches)
    }

    /// Sets aside what is in no run, to become one. What was set aside before must have become one.
    pub(super) fn freeze(&mut self) -> Freeze {
        self.frozen = Arc::new(std::mem::take(&mut self.unwritten));
        Freeze {
            frozen: Arc::clone(&self.frozen),
            grower: self.runs.grower(),
        }
    }

    /// What was set aside has become a run; gives back the numbers of those that it stands for.
    pub(super) fn thaw(&mut self, tx: &Tx<'_>, grown: Grown) -> Result<Vec<u64>, StoreError> {
        self.frozen = Arc::default();
        self.runs.record(tx, grown)
    }

    /// Drops every entry whose value `keep` does not want; how many there were, and the numbers of
    /// the old runs. All must be in runs.
    pub(super) fn retain(
        &mut self,
        tx: &Tx<'_>,
        mut keep: impl FnMut(&[u8]) -> Result<bool, StoreError>,
    ) -> Result<(u64, Vec<u64>), StoreError> {
        let (grown, gone) = self
            .runs
            .grower()
            .retain(|value| keep(value).map(Retained::from))?;
        Ok((gone, self.runs.record(tx, grown)?))
    }
}

impl AsMut<Runs> for Table {
    fn as_mut(&mut self) -> &mut Runs {
        &mut self.runs
    }
}

impl Freeze {
    /// Makes the run.
    pub(super) fn grow(&self) -> Result<Grown, StoreError> {
        self.grower.grow(self.frozen.in_order())
    }
}

/// Looks keys up.
pub(in crate::store) struct Seek<'a> {
    last: u128,
    /// The newest first.
    layers: [layers::Seek<'a>; 2],
    runs: runs::Seek<'a>,
}

impl Seek<'_> {
    /// The value of a key, if it has any.
    pub(in crate::store) fn find(&mut self, digest: u128) -> Result<Option<&[u8]>, StoreError> {
        if digest < self.last {
            self.layers.iter_mut().for_each(layers::Seek::rewind);
            self.runs.rewind();
        }
        self.last = digest;
        for layers in &mut self.layers {
            if let Some(value) = layers.find(digest)? {
                return Ok(Some(value));
            }
        }
        self.runs.find(digest)
    }
}
