//! What is committed and not yet in runs and tables: one compressed row a batch, mirrored in memory.
//!
//! A batch of timelines, identities and day counters is committed as one journal row and kept in memory; when enough has
//! gathered, it is written in key order. After a crash the journal is read back.
//!
//! ```text
//! batch ─ stage ─→ journal row (committed) ─→ memory ── enough? ──→ runs and counters, sorted; journal emptied (one commit)
//! ```
//!
//! Invariant: runs + tables + journal = what was committed; memory is a mirror of it and is dropped whenever a commit
//! fails. Only the worker that holds the store's lock writes these tables.

use std::collections::BTreeMap;

use super::kept::{Bytes, KeptEntries};
use super::runs::{Kind, put_bytes, take_bytes, take_entry};
use super::{Tx, get};
use crate::domain::counters::Counts;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

/// Memory of what is in the journal only at which it is written to runs.
const UNWRITTEN_BYTES_MAX: usize = 96 << 20;
/// Memory of timelines that are kept for reading although they are in runs.
const KEPT_TIMELINES_BYTES_MAX: usize = 160 << 20;
/// An identity that comes again is rare: none is kept once it is written.
const KEPT_IDENTITIES_BYTES_MAX: usize = 0;
/// Level of zstd: the fastest.
const ZSTD_LEVEL: i32 = 1;

/// What one transaction adds; timelines and identities packed.
#[derive(Debug, Default)]
pub(super) struct Staged {
    pub(super) timelines: Vec<(Bytes, Bytes)>,
    pub(super) identities: Vec<(Bytes, Bytes)>,
    pub(super) counters: Vec<(GroupId, LocalDay, Counts)>,
}

impl Staged {
    fn is_empty(&self) -> bool {
        self.timelines.is_empty() && self.identities.is_empty() && self.counters.is_empty()
    }

    /// The journal's row.
    fn to_row(&self) -> Result<Vec<u8>, StoreError> {
        let mut row = Vec::new();
        for entries in [&self.timelines, &self.identities] {
            row = put_bytes(row, &entries.iter().fold(Vec::new(), |out, (key, value)| put_bytes(put_bytes(out, key), value)));
        }
        let row = put_bytes(row, &pack(&self.counters));
        zstd::bulk::compress(&row, ZSTD_LEVEL).map_err(|e| damaged(&e))
    }

    fn from_row(row: &[u8]) -> Result<Self, StoreError> {
        let row = zstd::decode_all(row).map_err(|e| damaged(&e))?;
        let rest = &mut &row[..];
        let (timelines, identities) = (all_entries(take_bytes(rest)?)?, all_entries(take_bytes(rest)?)?);
        Ok(Self { timelines, identities, counters: unpack("a journal row", take_bytes(rest)?)? })
    }
}

fn all_entries(mut rest: &[u8]) -> Result<Vec<(Bytes, Bytes)>, StoreError> {
    let mut all = Vec::new();
    while let Some((key, value)) = take_entry(&mut rest)? {
        all.push((key.into(), value.into()));
    }
    Ok(all)
}

fn damaged(error: &std::io::Error) -> StoreError {
    StoreError::Damaged { what: "a journal row", detail: error.to_string() }
}

/// The mirror of the journal, and what finds the rest.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) timelines: KeptEntries,
    pub(super) identities: KeptEntries,
    counters: BTreeMap<(GroupId, LocalDay), Counts>,
    pub(super) staged: Staged,
}

impl Memory {
    fn learn(&mut self, staged: Staged) {
        staged.timelines.into_iter().for_each(|(key, value)| self.timelines.put(key, value));
        staged.identities.into_iter().for_each(|(key, value)| self.identities.put(key, value));
        for (group, day, counts) in staged.counters {
            self.counters.entry((group, day)).or_default().add_all(&counts);
        }
    }
}

impl Tx<'_> {
    /// Runs `use_it` on the mirror; reads it from the store the first time, and after a failure.
    pub(super) fn with_memory<R>(&self, use_it: impl FnOnce(&mut Memory) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let mut guard = self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let memory = match &mut *guard {
            Some(memory) => memory,
            empty => empty.insert(self.read_memory()?),
        };
        use_it(memory)
    }

    fn read_memory(&self) -> Result<Memory, StoreError> {
        let mut memory = Memory {
            timelines: KeptEntries::read(self, Kind::Timeline, KEPT_TIMELINES_BYTES_MAX)?,
            identities: KeptEntries::read(self, Kind::Identity, KEPT_IDENTITIES_BYTES_MAX)?,
            counters: BTreeMap::new(),
            staged: Staged::default(),
        };
        self.journal()?.into_iter().for_each(|staged| memory.learn(staged));
        Ok(memory)
    }

    /// Every row of the journal, in order.
    pub(super) fn journal(&self) -> Result<Vec<Staged>, StoreError> {
        self.rows("read the journal", include_str!("sql/list_journal.sql"), [], |row| Staged::from_row(&get::<Vec<u8>>(row, 0)?))
    }

    /// Journals what was staged, and writes everything to runs and tables when enough has gathered. The last step before
    /// a commit.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let nothing = self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner).as_ref().is_none_or(|m| m.staged.is_empty());
        if nothing {
            return Ok(());
        }
        let enough = self.with_memory(|memory| {
            let staged = std::mem::take(&mut memory.staged);
            self.execute("write the journal", include_str!("sql/insert_journal.sql"), [staged.to_row()?])?;
            memory.learn(staged);
            Ok(memory.timelines.unwritten_bytes() + memory.identities.unwritten_bytes() > UNWRITTEN_BYTES_MAX)
        })?;
        if enough { self.write_runs() } else { Ok(()) }
    }

    /// Writes everything that is in the journal only to runs and tables, in key order, and empties the journal.
    pub(super) fn write_runs(&self) -> Result<(), StoreError> {
        self.with_memory(|memory| {
            memory.timelines.write(self)?;
            memory.identities.write(self)?;
            for ((group, day), counts) in std::mem::take(&mut memory.counters) {
                self.write_counter(&group, day, &counts)?;
            }
            Ok(())
        })?;
        self.execute("empty the journal", include_str!("sql/delete_journal.sql"), []).map(drop)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_says_what_was_staged() {
        let bytes = |text: &str| -> Bytes { text.as_bytes().into() };
        let group = GroupId::parse("G1").expect("an id");
        let staged = Staged {
            timelines: vec![(bytes("t1"), bytes("")), (bytes("t2"), bytes("two"))],
            identities: vec![(bytes("i1"), bytes("one"))],
            counters: vec![(group, LocalDay::from_number(1), Counts::default())],
        };
        let read = Staged::from_row(&staged.to_row().expect("a row")).expect("the same");
        assert_eq!((read.timelines, read.identities), (staged.timelines, staged.identities));
        assert_eq!(read.counters, staged.counters);
    }
}
