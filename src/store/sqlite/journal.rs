//! What is committed and not yet in runs and tables: one compressed row a batch, mirrored in memory.
//!
//! A batch of timelines, identities and day counters is committed as one journal row and kept in memory; when enough has
//! gathered, it is written in key order. After a crash the journal is read back.
//!
//! ```text
//! batch ─ stage ─→ journal row (committed) ─→ memory ── enough? ──→ a thread makes runs of it ─┐
//!        runs named, counters added, those journal rows deleted (one commit, with a later batch) ◄┘
//! ```
//!
//! Invariant: runs + tables + journal = what was committed; memory is a mirror of it and is dropped whenever a commit
//! fails. Only the worker that holds the store's lock writes these tables.

use std::collections::BTreeMap;
use std::sync::PoisonError;
use std::thread::JoinHandle;

use serde::{Deserialize, Serialize};

use super::runs::{Grown, Kind};
use super::table::Table;
use super::{Tx, get};
use crate::domain::counters::Counts;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

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
    counters: Counters,
    pub(super) staged: Staged,
    writing: Option<Writing>,
    /// Of what is in the journal only, at which it is written.
    unwritten_bytes_max: usize,
}

type Counters = BTreeMap<(GroupId, LocalDay), Counts>;

/// A thread that makes runs of what was in the journal up to some row.
#[derive(Debug)]
struct Writing {
    through: i64,
    counters: Counters,
    thread: JoinHandle<Result<(Grown, Grown), StoreError>>,
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

    fn unwritten_bytes(&self) -> usize {
        self.timelines.unwritten_bytes() + self.identities.unwritten_bytes()
    }

    /// Begins to make runs of all that the journal has up to a row. None may be in the making.
    fn begin_writing(&mut self, through: i64) {
        let (timelines, identities) = (self.timelines.freeze(), self.identities.freeze());
        let thread = std::thread::spawn(move || Ok((timelines.grow()?, identities.grow()?)));
        self.writing = Some(Writing { through, counters: std::mem::take(&mut self.counters), thread });
    }

    /// Waits for the runs in the making, if there are any; then they stand for the rows of the journal.
    fn end_writing(&mut self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let Some(Writing { through, counters, thread }) = self.writing.take() else { return Ok(()) };
        let (timelines, identities) = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        self.timelines.thaw(tx, timelines)?;
        self.identities.thaw(tx, identities)?;
        for ((group, day), counts) in counters {
            tx.write_counter(&group, day, &counts)?;
        }
        tx.execute("empty the journal", include_str!("sql/delete_journal_through.sql"), [through]).map(drop)
    }

    /// Begins or ends the making of runs, as is due after the journal's row `through`.
    fn keep_small(&mut self, tx: &Tx<'_>, through: i64) -> Result<(), StoreError> {
        let too_much = self.unwritten_bytes() > self.unwritten_bytes_max;
        if self.writing.as_ref().is_some_and(|writing| too_much || writing.thread.is_finished()) {
            self.end_writing(tx)?;
        }
        if too_much {
            self.begin_writing(through);
        }
        Ok(())
    }
}

impl Tx<'_> {
    /// Runs `use_it` on the mirror; reads it from the store the first time, and after a failure.
    pub(super) fn with_memory<R>(&self, use_it: impl FnOnce(&mut Memory) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let mut guard = self.store.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let memory = match &mut *guard {
            Some(memory) => memory,
            empty => empty.insert(self.read_memory()?),
        };
        use_it(memory)
    }

    fn read_memory(&self) -> Result<Memory, StoreError> {
        let folder = &self.store.run_folder;
        let mut memory = Memory {
            timelines: Table::read(self, folder, Kind::Timeline)?,
            identities: Table::read(self, folder, Kind::Identity)?,
            counters: BTreeMap::new(),
            staged: Staged::default(),
            writing: None,
            unwritten_bytes_max: self.store.unwritten_bytes_max,
        };
        self.journal()?.into_iter().try_for_each(|staged| memory.learn(staged))?;
        Ok(memory)
    }

    /// Every row of the journal, in order.
    pub(super) fn journal(&self) -> Result<Vec<Staged>, StoreError> {
        self.rows("read the journal", include_str!("sql/list_journal.sql"), [], |row| Staged::from_row(&get::<Vec<u8>>(row, 0)?))
    }

    /// Journals what was staged, and has it written when enough has gathered. The last step before a commit.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let guard = self.store.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let nothing = guard.as_ref().is_none_or(|memory| memory.staged.is_empty());
        drop(guard);
        if nothing {
            return Ok(());
        }
        self.with_memory(|memory| {
            let staged = std::mem::take(&mut memory.staged);
            self.execute("write the journal", include_str!("sql/insert_journal.sql"), [staged.to_row()?])?;
            let through = self.tx.last_insert_rowid();
            memory.learn(staged)?;
            memory.keep_small(self, through)
        })
    }

    /// Writes everything that is in the journal only to runs and tables, and empties the journal.
    pub(super) fn write_runs(&self) -> Result<(), StoreError> {
        self.with_memory(|memory| {
            memory.end_writing(self)?;
            memory.begin_writing(i64::MAX);
            memory.end_writing(self)
        })
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
