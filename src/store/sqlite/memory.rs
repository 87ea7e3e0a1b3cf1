//! The mirror of the write-ahead log in memory, and what finds everything older.
//!
//! ```text
//! batch ─ stage ─→ memory ─── enough? ──→ a thread makes runs of it ──┐
//!           └ write-ahead log (committed)                                     │
//!    runs named, counters added, those log rows deleted (one commit, with a later batch) ◄┘
//! ```
//!
//! A batch is staged in memory before it is committed, so that the next one can be worked on
//! meanwhile; so memory is ahead of what is committed by one batch at most. Invariant: it is
//! dropped when the commit of a batch fails, and read again.

use std::sync::{Arc, PoisonError};
use std::thread::JoinHandle;

use super::Tx;
use super::memtable::Memtable;
use super::runs::{Compactor, FileKind, NewRuns, RunFolder, RunKind, Runs};
use super::table::Table;
use super::wal_file::WalFile;
use crate::domain::counters::Counts;
use crate::domain::delta::CounterEntry;
use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::identity::{counter_digest, counter_digests};
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;
use crate::store::codec::unpack;
use crate::store::frames::Chunks;
use crate::store::staged::Staged;

#[derive(Debug)]
pub(in crate::store) struct Memory {
    pub(in crate::store) timelines: Table,
    pub(in crate::store) identities: Table,
    /// Day counters that are in no run, nor about to be.
    counters: Counters,
    counter_runs: Runs,
    /// Targets of retractions that were not known when those came.
    pub(in crate::store) retractions: FastSet<u128>,
    /// The file that the next batch is appended to, if one is begun.
    pub(super) file: Option<WalFile>,
    /// Every file with batches that are in the write-ahead log only.
    pub(super) files: Vec<u64>,
    pub(super) writing: Option<Flush>,
    pub(super) obsolete: ObsoleteFiles,
    /// Of what is in the write-ahead log only, at which it is written.
    memtable_bytes_max: usize,
}

type Counters = FastMap<(GroupId, LocalDay), Counts>;

/// What a thread makes: runs of timelines, identities and counters.
pub(super) type Made = [(RunKind, NewRuns); 3];

/// A thread that makes runs of what was applied up to some batch.
#[derive(Debug)]
pub(super) struct Flush {
    /// The write-ahead log's row of that batch; none until it is there.
    pub(super) through: Option<i64>,
    /// The write-ahead log's files of all that.
    pub(super) files: Vec<u64>,
    counters: Arc<Counters>,
    pub(super) thread: JoinHandle<Result<Made, StoreError>>,
}

/// Files that the store names no more.
#[derive(Debug, Default)]
pub(super) struct ObsoleteFiles {
    /// Since the transaction that is running.
    now: Vec<(u64, FileKind)>,
    /// Since a committed one: only a reader that began before it may still want them.
    before: Vec<(u64, FileKind)>,
}

impl ObsoleteFiles {
    pub(super) fn note(&mut self, kind: FileKind, numbers: Vec<u64>) {
        self.now
            .extend(numbers.into_iter().map(|number| (number, kind)));
    }

    /// A transaction that changed the names was committed: deletes what has long had no name. What
    /// cannot be deleted now is deleted at the next start.
    pub(super) fn committed(&mut self, folder: &RunFolder) {
        if !self.now.is_empty() {
            for (number, kind) in std::mem::replace(&mut self.before, std::mem::take(&mut self.now))
            {
                drop(folder.delete(number, kind));
            }
        }
    }
}

impl Memory {
    /// Reads it from the store.
    fn load(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let folder = &tx.store.run_folder;
        let mut memory = Self {
            timelines: Table::load(tx, folder, RunKind::Timeline)?,
            identities: Table::load(tx, folder, RunKind::Identity)?,
            counters: Counters::default(),
            counter_runs: Runs::load(tx, folder, RunKind::Counter)?,
            retractions: tx.retractions()?.into_iter().collect(),
            file: None,
            files: Vec::new(),
            writing: None,
            obsolete: ObsoleteFiles::default(),
            memtable_bytes_max: tx.store.memtable_bytes_max,
        };
        for (file, staged) in tx.logged()? {
            memory.insert_staged(&staged)?;
            memory.files.push(file);
        }
        memory.files.dedup();
        Ok(memory)
    }

    /// Applies a batch that is about to be committed, and begins to make runs when enough has
    /// gathered.
    fn stage(&mut self, staged: &Staged) -> Result<(), StoreError> {
        self.insert_staged(staged)?;
        if self.writing.is_none() && self.has_too_much() {
            self.begin_flush();
        }
        Ok(())
    }

    fn insert_staged(&mut self, staged: &Staged) -> Result<(), StoreError> {
        let (timelines, identities) = (&mut self.timelines, &mut self.identities);
        let (timelines, identities) = rayon::join(
            || timelines.insert_chunks(&staged.timelines),
            || identities.insert_chunks(&staged.identities),
        );
        timelines.and(identities)?;
        self.retractions.extend(&staged.retractions);
        for (group, day, counts) in &staged.delta.counters {
            self.counters
                .entry((group.clone(), *day))
                .or_default()
                .add_all(counts);
        }
        Ok(())
    }

    /// Calls `take` with the differences of all day counters; the same group and day may come
    /// several times.
    pub(in crate::store) fn for_each_counter(
        &self,
        mut take: impl FnMut(&GroupId, LocalDay, &Counts),
    ) -> Result<(), StoreError> {
        self.counter_runs.for_each(|value| {
            let (group, day, counts): CounterEntry = unpack("a day counter", value)?;
            take(&group, day, &counts);
            Ok(())
        })?;
        self.counters_in_memory()
            .for_each(|((group, day), counts)| take(group, *day, counts));
        Ok(())
    }

    fn counters_in_memory(&self) -> impl Iterator<Item = (&(GroupId, LocalDay), &Counts)> {
        self.writing
            .iter()
            .flat_map(|writing| &*writing.counters)
            .chain(&self.counters)
    }

    /// The runs of a kind.
    pub(super) fn runs(&mut self, kind: RunKind) -> &mut Runs {
        match kind {
            RunKind::Timeline => self.timelines.as_mut(),
            RunKind::Identity => self.identities.as_mut(),
            RunKind::Counter => &mut self.counter_runs,
        }
    }

    fn has_too_much(&self) -> bool {
        self.timelines.memtable_bytes() + self.identities.memtable_bytes() > self.memtable_bytes_max
    }

    /// Begins to make runs of all that was applied. No other runs may be in the making.
    pub(super) fn begin_flush(&mut self) {
        let (timelines, identities) = (self.timelines.seal(), self.identities.seal());
        let (counters, compactor) = (
            Arc::new(std::mem::take(&mut self.counters)),
            self.counter_runs.compactor(),
        );
        let sealed = Arc::clone(&counters);
        let thread = std::thread::spawn(move || {
            let counters = flush_counters(&sealed, &compactor)?;
            Ok([
                (RunKind::Timeline, timelines.flush()?),
                (RunKind::Identity, identities.flush()?),
                (RunKind::Counter, counters),
            ])
        });
        self.writing = Some(Flush {
            through: None,
            files: Vec::new(),
            counters,
            thread,
        });
    }

    /// A batch was written to the write-ahead log as row `seq`. If runs are in the making up to it,
    /// they are to replace the rows up to it.
    pub(super) fn logged(&mut self, seq: i64) {
        if let Some(writing) = self
            .writing
            .as_mut()
            .filter(|writing| writing.through.is_none())
        {
            writing.through = Some(seq);
            writing.files = std::mem::take(&mut self.files);
            self.file = None;
        }
    }

    /// The runs in the making, if they are made, or have to be waited for.
    pub(super) fn take_due_flush(&mut self) -> Option<Flush> {
        let too_much = self.has_too_much();
        self.writing
            .take_if(|writing| too_much || writing.thread.is_finished())
    }

    /// Replaces these files of the write-ahead log by the runs made of their content.
    pub(super) fn replace_sealed(
        &mut self,
        tx: &Tx<'_>,
        made: Made,
        files: Vec<u64>,
    ) -> Result<(), StoreError> {
        for (kind, new_runs) in made {
            let old = match kind {
                RunKind::Timeline => self.timelines.replace_sealed(tx, new_runs)?,
                RunKind::Identity => self.identities.replace_sealed(tx, new_runs)?,
                RunKind::Counter => self.counter_runs.record(tx, new_runs)?,
            };
            self.obsolete.note(FileKind::Run, old);
        }
        self.obsolete.note(FileKind::Wal, files);
        Ok(())
    }
}

/// Writes counters as a run.
fn flush_counters(counters: &Counters, compactor: &Compactor) -> Result<NewRuns, StoreError> {
    let (mut frames, mut memtable) = (Chunks::default(), Memtable::default());
    for ((group, day), counts) in counters {
        frames.push_frame(counter_digest(group, *day), &(group, day, counts));
    }
    memtable.insert_chunks(&frames.finish())?;
    compactor.flush(memtable.in_order())
}

impl Tx<'_> {
    /// Runs `use_it` on the mirror; reads it from the store the first time, and after a failure.
    pub(in crate::store) fn with_memory<R>(
        &self,
        use_it: impl FnOnce(&mut Memory) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let mut guard = self
            .store
            .memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let memory = match &mut *guard {
            Some(memory) => memory,
            empty => empty.insert(Memory::load(self)?),
        };
        use_it(memory)
    }

    /// Calls `take` with the differences of the day counters of one group; the same day may come
    /// several times. Where nothing is in memory, only they and the write-ahead log are read.
    pub(in crate::store) fn for_each_counter_of(
        &self,
        group: &GroupId,
        mut take: impl FnMut(LocalDay, &Counts),
    ) -> Result<(), StoreError> {
        let of_runs = |runs: &Runs, take: &mut dyn FnMut(LocalDay, &Counts)| {
            runs.for_each_between(&counter_digests(group), |value| {
                let (of, day, counts): CounterEntry = unpack("a day counter", value)?;
                if of == *group {
                    take(day, &counts);
                }
                Ok(())
            })
        };
        let guard = self
            .store
            .memory
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(memory) = &*guard {
            of_runs(&memory.counter_runs, &mut take)?;
            memory
                .counters_in_memory()
                .filter(|((of, _), _)| of == group)
                .for_each(|((_, day), counts)| take(*day, counts));
            return Ok(());
        }
        of_runs(
            &Runs::load(self, &self.store.run_folder, RunKind::Counter)?,
            &mut take,
        )?;
        for (_, staged) in self.logged()? {
            staged
                .delta
                .counters
                .iter()
                .filter(|(of, ..)| of == group)
                .for_each(|(_, day, counts)| take(*day, counts));
        }
        Ok(())
    }

    /// Stages a batch in memory that is about to be committed by [`Tx::append_to_wal`], and
    /// nothing else before it.
    pub(in crate::store) fn stage(&self, staged: &Staged) -> Result<(), StoreError> {
        self.with_memory(|memory| memory.stage(staged))
    }
}
