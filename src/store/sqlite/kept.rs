//! Entries of one kind: those that are not yet in a run, some that are kept for reading, and the runs for the others.

use super::Tx;
use super::runs::{Entry, Kind, Runs};
use crate::domain::fast_map::FastMap;
use crate::store::StoreError;

/// A packed key or value.
pub(super) type Bytes = Box<[u8]>;

/// What an entry costs in memory beside its bytes: its slot, two allocations.
const ENTRY_BYTES: usize = 80;

/// An entry in memory.
#[derive(Debug)]
struct Kept {
    value: Bytes,
    /// In no run as it stands.
    unwritten: bool,
}

/// Entries of one kind.
#[derive(Debug)]
pub(super) struct KeptEntries {
    entries: FastMap<Bytes, Kept>,
    runs: Runs,
    bytes: usize,
    unwritten_bytes: usize,
    /// Most bytes of entries to keep once they are written.
    bytes_max: usize,
}

impl KeptEntries {
    /// None in memory; the runs are read from the store.
    pub(super) fn read(tx: &Tx<'_>, kind: Kind, bytes_max: usize) -> Result<Self, StoreError> {
        Ok(Self { entries: FastMap::default(), runs: Runs::read(tx, kind)?, bytes: 0, unwritten_bytes: 0, bytes_max })
    }

    /// Memory of what is in no run.
    pub(super) const fn unwritten_bytes(&self) -> usize {
        self.unwritten_bytes
    }

    /// Reads the value of a key, if it has any; one from a run is kept if there is room.
    pub(super) fn get<R>(
        &mut self,
        tx: &Tx<'_>,
        key: &[u8],
        read: impl Fn(&[u8]) -> Result<R, StoreError>,
    ) -> Result<Option<R>, StoreError> {
        if let Some(kept) = self.entries.get(key) {
            return read(&kept.value).map(Some);
        }
        let mut found = None;
        let value = self.runs.find(tx, key, |value| {
            found = Some(Bytes::from(value));
            read(value)
        })?;
        if let Some(value) = found.filter(|_| self.bytes < self.bytes_max) {
            self.bytes += bytes_of(key, &value);
            self.entries.insert(key.into(), Kept { value, unwritten: false });
        }
        Ok(value)
    }

    /// Puts a value in memory.
    pub(super) fn put(&mut self, key: Bytes, value: Bytes) {
        let key_bytes = bytes_of(&key, &[]);
        let bytes = key_bytes + value.len();
        self.bytes += bytes;
        self.unwritten_bytes += bytes;
        if let Some(before) = self.entries.insert(key, Kept { value, unwritten: true }) {
            self.bytes -= key_bytes + before.value.len();
            self.unwritten_bytes -= if before.unwritten { key_bytes + before.value.len() } else { 0 };
        }
    }

    /// Writes what is in no run as one; forgets all if it is too much to keep.
    pub(super) fn write(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let unwritten = self.entries.iter().filter(|(_, kept)| kept.unwritten);
        let mut unwritten: Vec<Entry<'_>> = unwritten.map(|(key, kept)| (&**key, &*kept.value)).collect();
        unwritten.sort_unstable();
        self.runs.append(tx, &unwritten)?;
        if self.bytes > self.bytes_max {
            self.entries = FastMap::default();
            self.bytes = 0;
        } else {
            self.entries.values_mut().for_each(|kept| kept.unwritten = false);
        }
        self.unwritten_bytes = 0;
        Ok(())
    }

    /// Drops every entry whose value `keep` does not want; how many there were. All must be in runs.
    pub(super) fn retain(&mut self, tx: &Tx<'_>, keep: impl FnMut(&[u8]) -> Result<bool, StoreError>) -> Result<u64, StoreError> {
        self.entries = FastMap::default();
        self.bytes = 0;
        self.runs.retain(tx, keep)
    }
}

fn bytes_of(key: &[u8], value: &[u8]) -> usize {
    key.len() + value.len() + ENTRY_BYTES
}
