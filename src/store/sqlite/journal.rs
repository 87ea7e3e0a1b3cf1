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

use serde::{Deserialize, Serialize};

use super::runs::Kind;
use super::table::Table;
use super::{Tx, get};
use crate::domain::counters::Counts;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

/// Memory of what is in the journal only at which it is written to runs.
const UNWRITTEN_BYTES_MAX: usize = 96 << 20;
/// Level of zstd: the fastest.
const ZSTD_LEVEL: i32 = 1;

/// What one transaction adds; timelines and identities as frames.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Staged {
    #[serde(with = "bytes")]
    pub(super) timelines: Vec<u8>,
    #[serde(with = "bytes")]
    pub(super) identities: Vec<u8>,
    pub(super) counters: Vec<(GroupId, LocalDay, Counts)>,
}

/// Bytes at once, not one by one.
mod bytes {
    use serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], to: S) -> Result<S::Ok, S::Error> {
        to.serialize_bytes(bytes)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u8>, D::Error> {
        <&[u8]>::deserialize(from).map(<[u8]>::to_vec)
    }
}

impl Staged {
    const fn is_empty(&self) -> bool {
        self.timelines.is_empty() && self.identities.is_empty() && self.counters.is_empty()
    }

    /// The journal's row.
    fn to_row(&self) -> Result<Vec<u8>, StoreError> {
        zstd::bulk::compress(&pack(self), ZSTD_LEVEL).map_err(|e| damaged(&e))
    }

    fn from_row(row: &[u8]) -> Result<Self, StoreError> {
        unpack("a journal row", &zstd::decode_all(row).map_err(|e| damaged(&e))?)
    }
}

fn damaged(error: &std::io::Error) -> StoreError {
    StoreError::Damaged { what: "a journal row", detail: error.to_string() }
}

/// The mirror of the journal, and what finds the rest.
#[derive(Debug)]
pub(super) struct Memory {
    pub(super) timelines: Table,
    pub(super) identities: Table,
    counters: BTreeMap<(GroupId, LocalDay), Counts>,
    pub(super) staged: Staged,
}

impl Memory {
    fn learn(&mut self, staged: Staged) -> Result<(), StoreError> {
        self.timelines.put(staged.timelines)?;
        self.identities.put(staged.identities)?;
        for (group, day, counts) in staged.counters {
            self.counters.entry((group, day)).or_default().add_all(&counts);
        }
        Ok(())
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
            timelines: Table::read(self, Kind::Timeline)?,
            identities: Table::read(self, Kind::Identity)?,
            counters: BTreeMap::new(),
            staged: Staged::default(),
        };
        self.journal()?.into_iter().try_for_each(|staged| memory.learn(staged))?;
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
            memory.learn(staged)?;
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
        let group = GroupId::parse("G1").expect("an id");
        let counters = vec![(group, LocalDay::from_number(1), Counts::default())];
        let staged = Staged { timelines: b"frames".to_vec(), identities: Vec::new(), counters };
        assert_eq!(Staged::from_row(&staged.to_row().expect("a row")).expect("the same"), staged);
    }
}
