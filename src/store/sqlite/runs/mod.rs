//! Sorted runs: many entries written at once, in the order of their keys' digests, to a file beside
//! the store.
//!
//! A random row in a large B-tree costs a page, and even rows in order cost a search each. A run is
//! written as one chunk of blocks and never changed; a filter and the first digest of every block,
//! in memory, find the one block that may hold a key. Of a key that is in several runs the newest
//! holds, but for counters, which add up. Small runs are merged into larger ones, so there are few.
//! Making a run needs no database, so it runs beside commits; the store names it once it is whole
//! and on the disk.
//!
//! Invariant: a key's newest value is in the newest run that has the key; runs are in order from
//! the oldest to the newest.

mod compactor;
mod cursor;
mod filter;
mod folder;
mod run;
mod sources;
#[cfg(test)]
mod tests;
mod words;

pub(super) use compactor::{Compactor, Retained};
pub(super) use cursor::RunsCursor;
pub(super) use folder::{FileKind, RunFolder, failed, open_file, sync_folder};

use std::fs::File;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use self::cursor::RunCursor;
use self::run::{Run, RunScan};
use self::sources::Sources;

use super::{Tx, get};
use crate::domain::names::names;
use crate::store::frames::Frame;
use crate::store::{IsOver, StoreError, go_on};

names! {
    pub(super) enum RunKind {
        Timeline = "timeline",
        Identity = "identity",
        /// Differences of day counters, which add up.
        Counter = "counter",
    }
}

fn damaged(detail: &str) -> StoreError {
    StoreError::Damaged {
        what: "a run",
        detail: detail.to_owned(),
    }
}

/// All runs of a kind.
#[derive(Debug)]
pub(super) struct Runs {
    kind: RunKind,
    folder: RunFolder,
    runs: Vec<Arc<Run>>,
}

/// A run that was made, and how many of the newest runs it replaces.
#[derive(Debug)]
pub(super) struct NewRuns {
    run: Option<Run>,
    replaces: usize,
}

impl Runs {
    pub(super) fn load(tx: &Tx<'_>, folder: &RunFolder, kind: RunKind) -> Result<Self, StoreError> {
        let runs = Run::list(tx, folder, kind)?
            .into_iter()
            .map(Arc::new)
            .collect();
        Ok(Self {
            kind,
            folder: folder.clone(),
            runs,
        })
    }

    /// Goes through every value of every run.
    pub(super) fn for_each(
        &self,
        mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.runs
            .iter()
            .try_for_each(|run| for_each_of(run, &mut take))
    }

    /// Goes through every value of every run whose digest lies between two.
    pub(super) fn for_each_between(
        &self,
        digests: &RangeInclusive<u128>,
        mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.runs
            .iter()
            .try_for_each(|run| cursor::for_each_between(run, digests, &mut take))
    }

    /// Goes through the newest entry of each key; `frames` are newer than any run.
    pub(super) fn for_each_newest<'a>(
        &self,
        frames: impl ExactSizeIterator<Item = Result<Frame<'a>, StoreError>>,
        take: &mut dyn FnMut(Frame<'_>) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let mut sources = Sources::new(frames, self.runs.iter().rev().map(|run| &**run))?;
        while let Some(newest) = sources.least() {
            let digest = newest.digest;
            take(newest)?;
            sources.pass(digest)?;
        }
        Ok(())
    }

    /// Checks every entry, as a look-up does.
    pub(super) fn check(&self, is_over: IsOver<'_>) -> Result<(), StoreError> {
        for run in &self.runs {
            go_on(is_over)?;
            let mut found = 0;
            for_each_of(run, &mut |_| {
                found += 1;
                Ok(())
            })?;
            if found != run.entries {
                return Err(damaged("it has not as many entries as were written"));
            }
        }
        Ok(())
    }

    /// The files of the runs, with their numbers.
    pub(super) fn files(&self) -> impl Iterator<Item = (u64, &File, &Path)> {
        self.runs.iter().map(|run| run.opened())
    }

    /// Looks keys up, fastest when their digests come in order.
    pub(super) fn seek(&self) -> RunsCursor<'_> {
        RunsCursor {
            newest_first: self
                .runs
                .iter()
                .rev()
                .map(|run| RunCursor::new(run))
                .collect(),
        }
    }

    /// The numbers of the runs, the oldest first.
    pub(super) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.runs.iter().map(|run| run.number)
    }

    /// What makes the next run: it can be taken to another thread.
    pub(super) fn compactor(&self) -> Compactor {
        Compactor {
            kind: self.kind,
            folder: self.folder.clone(),
            runs: self.runs.clone(),
        }
    }

    /// Has the store name the new run instead of those that it replaces, whose numbers it returns.
    pub(super) fn record(
        &mut self,
        tx: &Tx<'_>,
        new_runs: NewRuns,
    ) -> Result<Vec<u64>, StoreError> {
        let old = self.runs.split_off(self.runs.len() - new_runs.replaces);
        for run in &old {
            tx.execute(
                "delete a run",
                include_str!("../sql/delete_run.sql"),
                [run.number.cast_signed()],
            )?;
        }
        if let Some(run) = new_runs.run {
            run.record(tx, self.kind)?;
            self.runs.push(Arc::new(run));
        }
        Ok(old.iter().map(|run| run.number).collect())
    }
}

/// Goes through every value of a run.
fn for_each_of(
    run: &Run,
    take: &mut impl FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let mut cursor = RunScan::new(run)?;
    while let Some(mut at) = cursor {
        take(at.frame().value)?;
        cursor = at.advance()?.then_some(at);
    }
    Ok(())
}

/// Deletes the files that the store does not name: what a crash left.
pub(super) fn delete_leftovers(tx: &Tx<'_>, folder: &RunFolder) -> Result<(), StoreError> {
    let named: Vec<i64> = tx.rows(
        "list named files",
        include_str!("../sql/list_named_files.sql"),
        [],
        |row| get(row, 0),
    )?;
    folder.delete_others(|number| named.contains(&number.cast_signed()))
}
