//! Rewriting runs without what nobody needs any more, beside the transactions of others.
//!
//! ```text
//! write-ahead log → runs (one commit)   all runs of a kind ─ entry by entry ─→ one new run, no transaction   named (one commit)
//! ```
//! Only the worker that holds the store's lock makes runs, and it makes none meanwhile. Invariant:
//! should the runs have changed all the same, the new one is left, like one that a crash leaves.

use super::runs::{FileKind, NewRuns, Retained, RunKind};
use super::{SqliteStore, Tx};
use crate::domain::counters::Counts;
use crate::domain::delta::{CounterEntry, Delta};
use crate::domain::entity::Entity;
use crate::domain::fast_map::FastMap;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::{pack, unpack};
use crate::store::staged::Staged;

/// A new run, and the numbers of those that it was made of.
struct Rewritten {
    new_runs: NewRuns,
    of: Vec<u64>,
}

impl SqliteStore {
    /// Drops the timelines that are over; how many there were.
    pub(in crate::store) fn forget_timelines(
        &self,
        is_over: impl Fn(&Entity) -> bool,
    ) -> Result<u64, StoreError> {
        let mut gone = 0;
        let rewritten = self.rewrite(RunKind::Timeline, |value| {
            let is_over = is_over(&unpack("a timeline", value)?);
            gone += u64::from(is_over);
            Ok((!is_over).into())
        })?;
        let named = self.write_tx("name a run", |tx| tx.name(RunKind::Timeline, rewritten))?;
        Ok(if named { gone } else { 0 })
    }

    /// Folds the counters of the days before `first`.
    pub(in crate::store) fn fold_counters(&self, first: LocalDay) -> Result<(), StoreError> {
        let mut sums: FastMap<GroupId, Counts> = FastMap::default();
        let rewritten = self.rewrite(RunKind::Counter, |value| {
            let (group, day, counts): CounterEntry = unpack("a day counter", value)?;
            if day >= first {
                return Ok(Retained::AsItIs);
            }
            let folded = counts.folded();
            sums.entry(group.clone())
                .or_default()
                .add_all(&folded.running);
            Ok(if folded.open.is_zero() {
                Retained::Gone
            } else {
                Retained::Instead(pack(&(group, day, folded.open)))
            })
        })?;
        let counters = sums
            .into_iter()
            .filter(|(_, sum)| !sum.is_zero())
            .map(|(group, sum)| (group, first.plus(-1), sum))
            .collect();
        let staged = Staged {
            delta: Delta {
                counters,
                ..Delta::default()
            },
            ..Staged::default()
        };
        self.write_tx("name a run", |tx| {
            if tx.name(RunKind::Counter, rewritten)? {
                tx.stage(&staged)?;
                tx.append_to_wal(&staged)?;
            }
            Ok(())
        })
    }

    /// Makes one run of all of a kind, with each value kept, replaced or dropped as `fate` decides.
    fn rewrite(
        &self,
        kind: RunKind,
        fate: impl FnMut(&[u8]) -> Result<Retained, StoreError>,
    ) -> Result<Rewritten, StoreError> {
        self.write_tx("write the write-ahead log to runs", |tx| tx.write_runs())?;
        let compactor = self.read_tx("rewrite runs", |tx| {
            tx.with_memory(|memory| Ok(memory.runs(kind).compactor()))
        })?;
        let (new_runs, _) = compactor.retain(fate)?;
        Ok(Rewritten {
            new_runs,
            of: compactor.numbers(),
        })
    }
}

impl Tx<'_> {
    /// Has the store name a new run instead of those that it was made of; false if there are others
    /// now.
    fn name(
        &self,
        kind: RunKind,
        Rewritten { new_runs, of }: Rewritten,
    ) -> Result<bool, StoreError> {
        self.changes_memory.set(true);
        self.with_memory(|memory| {
            if !memory.runs(kind).numbers().eq(of) {
                return Ok(false);
            }
            let old = memory.runs(kind).record(self, new_runs)?;
            memory.obsolete.note(FileKind::Run, old);
            Ok(true)
        })
    }
}
