//! All runs of a kind: what is read of them, and which of them the store names.

use std::fs::File;
use std::ops::RangeInclusive;
use std::path::Path;
use std::sync::Arc;

use super::compactor::Compactor;
use super::cursor::{RunCursor, RunsCursor, for_each_between};
use super::folder::RunFolder;
use super::run::{Run, RunScan};
use super::run_kind::{RunKind, damaged};
use super::sources::Sources;
use crate::store::frames::Frame;
use crate::store::sqlite::{Tx, get};
use crate::store::{IsOver, StoreError, go_on};

/// All runs of a kind.
#[derive(Debug)]
pub(in crate::store::sqlite) struct Runs {
    kind: RunKind,
    folder: RunFolder,
    pub(super) runs: Vec<Arc<Run>>,
}

/// A run that was made, and how many of the newest runs it replaces.
#[derive(Debug)]
pub(in crate::store::sqlite) struct NewRuns {
    pub(super) run: Option<Run>,
    pub(super) replaces: usize,
}

impl Runs {
    pub(in crate::store::sqlite) fn load(
        tx: &Tx<'_>,
        folder: &RunFolder,
        kind: RunKind,
    ) -> Result<Self, StoreError> {
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
    pub(in crate::store::sqlite) fn for_each(
        &self,
        mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.runs
            .iter()
            .try_for_each(|run| for_each_of(run, &mut take))
    }

    /// Goes through every value of every run whose digest lies between two.
    pub(in crate::store::sqlite) fn for_each_between(
        &self,
        digests: &RangeInclusive<u128>,
        mut take: impl FnMut(&[u8]) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        self.runs
            .iter()
            .try_for_each(|run| for_each_between(run, digests, &mut take))
    }

    /// Goes through the newest entry of each key; `frames` are newer than any run.
    pub(in crate::store::sqlite) fn for_each_newest<'a>(
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
    pub(in crate::store::sqlite) fn check(&self, is_over: IsOver<'_>) -> Result<(), StoreError> {
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
    pub(in crate::store::sqlite) fn files(&self) -> impl Iterator<Item = (u64, &File, &Path)> {
        self.runs.iter().map(|run| run.opened())
    }

    /// Looks keys up, fastest when their digests come in order.
    pub(in crate::store::sqlite) fn seek(&self) -> RunsCursor<'_> {
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
    pub(in crate::store::sqlite) fn numbers(&self) -> impl Iterator<Item = u64> {
        self.runs.iter().map(|run| run.number)
    }

    /// What makes the next run: it can be taken to another thread.
    pub(in crate::store::sqlite) fn compactor(&self) -> Compactor {
        Compactor {
            kind: self.kind,
            folder: self.folder.clone(),
            runs: self.runs.clone(),
        }
    }

    /// Has the store name the new run instead of those that it replaces, whose numbers it returns.
    pub(in crate::store::sqlite) fn record(
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
pub(in crate::store::sqlite) fn delete_leftovers(
    tx: &Tx<'_>,
    folder: &RunFolder,
) -> Result<(), StoreError> {
    let named: Vec<i64> = tx.rows(
        "list named files",
        include_str!("../sql/list_named_files.sql"),
        [],
        |row| get(row, 0),
    )?;
    folder.delete_others(|number| named.contains(&number.cast_signed()))
}
