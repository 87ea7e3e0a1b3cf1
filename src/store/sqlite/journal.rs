//! What is committed and not yet in its tables: one compressed row a batch, mirrored in memory.
//!
//! A random row in a large B-tree costs a page; a hundred thousand of them in key order cost far less. So timelines,
//! identities and day counters are committed as one journal row a batch, kept in memory, and written to their tables in
//! key order when enough have gathered. After a crash the journal is read back.
//!
//! ```text
//! batch ─ stage ─→ journal row (committed) ─→ memory ── enough? ──→ tables, sorted; journal emptied (one commit)
//! ```
//!
//! Invariant: tables + journal = what was committed; memory is a mirror of it and is dropped whenever a commit fails.
//! Only the worker that holds the store's lock writes these tables.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

use super::filter::Filter;
use super::identities::Known;
use super::{Tx, get};
use crate::domain::counters::Counts;
use crate::domain::fast_map::FastMap;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};

/// Memory of what is not in its tables at which it is written there.
const UNWRITTEN_BYTES_MAX: usize = 96 << 20;
/// Memory of timelines that are kept for reading although they are in their table.
const KEPT_BYTES_MAX: usize = 160 << 20;
/// What an entry costs in memory beside its bytes: table slot, two allocations.
const ENTRY_BYTES: usize = 80;
/// Level of zstd: the fastest.
const ZSTD_LEVEL: i32 = 1;

/// A timeline's key or state, packed.
type Bytes = Box<[u8]>;

/// What one transaction adds.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Entries {
    pub(super) timelines: Vec<(Bytes, Bytes)>,
    pub(super) identities: Vec<(u128, Known)>,
    pub(super) counters: Vec<(GroupId, LocalDay, Counts)>,
}

impl Entries {
    fn is_empty(&self) -> bool {
        self.timelines.is_empty() && self.identities.is_empty() && self.counters.is_empty()
    }
}

/// A timeline in memory.
#[derive(Debug)]
struct Kept {
    state: Bytes,
    /// Not in its table as it stands.
    unwritten: bool,
}

/// The mirror of the journal, with what speeds reading up.
#[derive(Debug)]
pub(super) struct Memory {
    timelines: FastMap<Bytes, Kept>,
    identities: FastMap<u128, Known>,
    counters: BTreeMap<(GroupId, LocalDay), Counts>,
    kept_bytes: usize,
    unwritten_bytes: usize,
    pub(super) staged: Entries,
    /// Of the timelines that there are: most new bills, complaints and answers need no look-up.
    timeline_filter: Filter,
    pub(super) filter: Filter,
    /// Days that have identities, in order.
    pub(super) days: Vec<LocalDay>,
}

impl Memory {
    pub(super) fn timeline(&self, key: &[u8]) -> Option<&[u8]> {
        self.timelines.get(key).map(|kept| &*kept.state)
    }

    /// Keeps a timeline that was read from its table.
    pub(super) fn keep(&mut self, key: Bytes, state: Bytes) {
        if self.kept_bytes < KEPT_BYTES_MAX {
            self.kept_bytes += key.len() + state.len() + ENTRY_BYTES;
            self.timelines.insert(key, Kept { state, unwritten: false });
        }
    }

    /// Whether there may be a timeline of this key; `false` is certain.
    pub(super) fn may_have_timeline(&self, key: &[u8]) -> bool {
        self.timeline_filter.may_hold(xxh3_128(key))
    }

    pub(super) fn identity(&self, digest: u128) -> Option<&Known> {
        self.identities.get(&digest)
    }

    fn learn(&mut self, entries: Entries) {
        for (key, state) in entries.timelines {
            let key_bytes = key.len() + ENTRY_BYTES;
            let bytes = key_bytes + state.len();
            self.kept_bytes += bytes;
            self.unwritten_bytes += bytes;
            let digest = xxh3_128(&key);
            if let Some(before) = self.timelines.insert(key, Kept { state, unwritten: true }) {
                self.kept_bytes -= key_bytes + before.state.len();
                self.unwritten_bytes -= if before.unwritten { key_bytes + before.state.len() } else { 0 };
            } else {
                self.timeline_filter.put(digest);
            }
        }
        for (digest, known) in entries.identities {
            self.unwritten_bytes += ENTRY_BYTES;
            self.filter.put(digest);
            if let Err(at) = self.days.binary_search(&known.day) {
                self.days.insert(at, known.day);
            }
            self.identities.insert(digest, known);
        }
        for (group, day, counts) in entries.counters {
            self.counters.entry((group, day)).or_default().add_all(&counts);
        }
    }
}

impl Tx<'_> {
    /// Runs `use_it` on the mirror; reads it from the store the first time, and after a failure.
    pub(super) fn with_memory<R>(&self, use_it: impl FnOnce(&mut Memory) -> R) -> Result<R, StoreError> {
        let mut guard = self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let memory = match &mut *guard {
            Some(memory) => memory,
            empty => empty.insert(self.read_memory()?),
        };
        Ok(use_it(memory))
    }

    fn read_memory(&self) -> Result<Memory, StoreError> {
        let (filter, days) = self.read_filter()?;
        let mut memory = Memory {
            timelines: FastMap::default(),
            identities: FastMap::default(),
            counters: BTreeMap::new(),
            kept_bytes: 0,
            unwritten_bytes: 0,
            staged: Entries::default(),
            timeline_filter: self.read_timeline_filter()?,
            filter,
            days,
        };
        for entries in self.journal()? {
            memory.learn(entries);
        }
        Ok(memory)
    }

    /// Every row of the journal, in order.
    pub(super) fn journal(&self) -> Result<Vec<Entries>, StoreError> {
        self.rows("read the journal", include_str!("sql/list_journal.sql"), [], |row| {
            let packed = zstd::decode_all(get::<Vec<u8>>(row, 0)?.as_slice())
                .map_err(|e| StoreError::Damaged { what: "a journal row", detail: e.to_string() })?;
            unpack("a journal row", &packed)
        })
    }

    /// Journals what was staged, and writes everything to its tables when enough has gathered. The last step before a
    /// commit.
    pub(super) fn settle(&self) -> Result<(), StoreError> {
        let nothing = self.memory.lock().unwrap_or_else(std::sync::PoisonError::into_inner).as_ref().is_none_or(|m| m.staged.is_empty());
        if nothing {
            return Ok(());
        }
        let enough = self.with_memory(|memory| -> Result<bool, StoreError> {
            let entries = std::mem::take(&mut memory.staged);
            let row = zstd::bulk::compress(&pack(&entries), ZSTD_LEVEL)
                .map_err(|e| StoreError::Damaged { what: "a journal row", detail: e.to_string() })?;
            self.execute("write the journal", include_str!("sql/insert_journal.sql"), [row])?;
            memory.learn(entries);
            Ok(memory.unwritten_bytes > UNWRITTEN_BYTES_MAX)
        })??;
        if enough { self.write_tables() } else { Ok(()) }
    }

    /// Writes everything that is in the journal only to its tables, in key order, and empties the journal.
    pub(super) fn write_tables(&self) -> Result<(), StoreError> {
        self.with_memory(|memory| -> Result<(), StoreError> {
            let mut timelines: Vec<_> = memory.timelines.iter_mut().filter(|(_, kept)| kept.unwritten).collect();
            timelines.sort_unstable_by(|a, b| a.0.cmp(b.0));
            for (key, kept) in timelines {
                self.execute("save a timeline", include_str!("sql/save_timeline.sql"), (&**key, &*kept.state))?;
                kept.unwritten = false;
            }
            if memory.kept_bytes > KEPT_BYTES_MAX {
                memory.timelines = FastMap::default();
                memory.kept_bytes = 0;
            }
            let mut identities: Vec<_> = std::mem::take(&mut memory.identities).into_iter().collect();
            identities.sort_unstable_by_key(|(digest, known)| (known.day, *digest));
            for (digest, known) in identities {
                self.write_identity(digest, &known)?;
            }
            for ((group, day), counts) in std::mem::take(&mut memory.counters) {
                self.write_counter(&group, day, &counts)?;
            }
            memory.unwritten_bytes = 0;
            Ok(())
        })??;
        self.execute("empty the journal", include_str!("sql/delete_journal.sql"), []).map(drop)
    }
}
