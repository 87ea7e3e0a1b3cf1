//! Entries of one kind: those that are in no run yet, those that are about to be, and the runs for all others.
//!
//! Values stand in memory as the frames that were journaled, a stretch after another. Whatever is read is soon put again,
//! since only a timeline that changes is read; so nothing else needs keeping.

use std::sync::Arc;

use super::Tx;
use super::runs::{Frame, Grower, Grown, Kind, RunFolder, Runs, take_frame};
use crate::domain::fast_map::FastMap;
use crate::store::StoreError;

/// What an entry costs in memory beside its frame: its slot.
const SLOT_BYTES: usize = 48;

/// Where a frame stands in memory.
#[derive(Debug, Clone, Copy)]
struct Place {
    stretch: u32,
    at: u32,
}

/// The newest frame of each key, of the stretches since some moment.
#[derive(Debug, Default)]
struct Generation {
    places: FastMap<u128, Place>,
    stretches: Vec<Arc<Vec<u8>>>,
    stretch_bytes: usize,
}

impl Generation {
    fn put(&mut self, frames: &Arc<Vec<u8>>) -> Result<(), StoreError> {
        let stretch = self.stretches.len() as u32;
        let mut rest = &frames[..];
        loop {
            let at = (frames.len() - rest.len()) as u32;
            let Some(frame) = take_frame(&mut rest)? else { break };
            self.places.insert(frame.digest, Place { stretch, at });
        }
        self.stretch_bytes += frames.len();
        self.stretches.push(Arc::clone(frames));
        Ok(())
    }

    fn frame(&self, place: Place) -> Result<Option<Frame<'_>>, StoreError> {
        take_frame(&mut &self.stretches[place.stretch as usize][place.at as usize..])
    }

    fn find(&self, digest: u128) -> Result<Option<Frame<'_>>, StoreError> {
        self.places.get(&digest).map_or(Ok(None), |place| self.frame(*place))
    }

    fn bytes(&self) -> usize {
        self.stretch_bytes + self.places.len() * SLOT_BYTES
    }
}

/// Entries of one kind.
#[derive(Debug)]
pub(super) struct Table {
    /// In the journal only.
    unwritten: Generation,
    /// In the journal, and about to be a run.
    frozen: Arc<Generation>,
    runs: Runs,
}

/// What is to become a run: it can be taken to another thread.
pub(super) struct Freeze {
    frozen: Arc<Generation>,
    grower: Grower,
}

impl Table {
    /// Nothing in memory; the runs are read from the store.
    pub(super) fn read(tx: &Tx<'_>, folder: &RunFolder, kind: Kind) -> Result<Self, StoreError> {
        let runs = Runs::read(tx, folder, kind)?;
        Ok(Self { unwritten: Generation::default(), frozen: Arc::default(), runs })
    }

    /// Memory of what is in no run, nor about to be.
    pub(super) fn unwritten_bytes(&self) -> usize {
        self.unwritten.bytes()
    }

    /// Reads the value of a key, if it has any.
    pub(super) fn get<R>(&self, digest: u128, read: impl Fn(&[u8]) -> Result<R, StoreError>) -> Result<Option<R>, StoreError> {
        for generation in [&self.unwritten, &*self.frozen] {
            if let Some(frame) = generation.find(digest)? {
                return read(frame.value).map(Some);
            }
        }
        self.runs.find(digest, read)
    }

    /// Takes a stretch of frames in.
    pub(super) fn put(&mut self, frames: &Arc<Vec<u8>>) -> Result<(), StoreError> {
        self.unwritten.put(frames)
    }

    /// Sets aside what is in no run, to become one. What was set aside before must have become one.
    pub(super) fn freeze(&mut self) -> Freeze {
        let room = self.unwritten.places.len();
        let unwritten = Generation { places: FastMap::with_capacity_and_hasher(room, Default::default()), ..Generation::default() };
        self.frozen = Arc::new(std::mem::replace(&mut self.unwritten, unwritten));
        Freeze { frozen: Arc::clone(&self.frozen), grower: self.runs.grower() }
    }

    /// What was set aside has become a run; gives back the numbers of those that it stands for.
    pub(super) fn thaw(&mut self, tx: &Tx<'_>, grown: Grown) -> Result<Vec<u64>, StoreError> {
        self.frozen = Arc::default();
        self.runs.record(tx, grown)
    }

    /// Drops every entry whose value `keep` does not want; how many there were, and the numbers of the old runs. All must
    /// be in runs.
    pub(super) fn retain(
        &mut self,
        tx: &Tx<'_>,
        keep: impl FnMut(&[u8]) -> Result<bool, StoreError>,
    ) -> Result<(u64, Vec<u64>), StoreError> {
        let (grown, gone) = self.runs.grower().retain(keep)?;
        Ok((gone, self.runs.record(tx, grown)?))
    }
}

impl Freeze {
    /// Makes the run.
    pub(super) fn grow(&self) -> Result<Grown, StoreError> {
        let mut places: Vec<(u128, Place)> = self.frozen.places.iter().map(|(digest, place)| (*digest, *place)).collect();
        places.sort_unstable_by_key(|(digest, _)| *digest);
        let frames = places.iter().filter_map(|(_, place)| self.frozen.frame(*place).transpose());
        self.grower.grow(&frames.collect::<Result<Vec<_>, _>>()?)
    }
}
