//! Making the next run, and merging older ones into it when that is due.

use std::sync::Arc;

use super::run::{Run, RunWriter};
use super::sources::Sources;
use super::{NewRuns, RunFolder, RunKind};
use crate::domain::delta::CounterEntry;
use crate::store::StoreError;
use crate::store::codec::unpack;
use crate::store::frames::{Frame, frame_of, put_frame};

/// A run is merged with all newer ones once they hold this many times its entries: three of a size
/// at most, and each entry is rewritten about once for every fourfold growth.
const NEWER_TIMES_MAX: u64 = 3;

/// What becomes of an entry.
#[derive(Debug, PartialEq, Eq)]
pub(in super::super) enum Retained {
    AsItIs,
    Gone,
    /// It has this value from now on.
    Instead(Vec<u8>),
}

impl From<bool> for Retained {
    fn from(stays: bool) -> Self {
        if stays { Self::AsItIs } else { Self::Gone }
    }
}

type FrameOrError<'a> = Result<Frame<'a>, StoreError>;

/// Makes the next run.
pub(in super::super) struct Compactor {
    pub(super) kind: RunKind,
    pub(super) folder: RunFolder,
    pub(super) runs: Vec<Arc<Run>>,
}

impl Compactor {
    /// Writes entries, in the order of their digests, as the newest run; merged with older ones
    /// when that is due.
    pub(in super::super) fn flush<'a>(
        &self,
        frames: impl ExactSizeIterator<Item = FrameOrError<'a>>,
    ) -> Result<NewRuns, StoreError> {
        if frames.len() == 0 {
            return Ok(NewRuns {
                run: None,
                replaces: 0,
            });
        }
        let sizes: Vec<u64> = self
            .runs
            .iter()
            .map(|run| run.entries)
            .chain([frames.len() as u64])
            .collect();
        self.merge(
            first_to_merge(&sizes).unwrap_or(self.runs.len()),
            frames,
            |_| Ok(Retained::AsItIs),
        )
    }

    /// Drops or rewrites every entry as `fate` decides by its value; also returns how many were
    /// dropped or superseded by a newer one.
    pub(in super::super) fn retain(
        &self,
        fate: impl FnMut(&[u8]) -> Result<Retained, StoreError>,
    ) -> Result<(NewRuns, u64), StoreError> {
        let new_runs = self.merge(0, std::iter::empty(), fate)?;
        let before: u64 = self.runs.iter().map(|run| run.entries).sum();
        let after = new_runs.run.as_ref().map_or(0, |run| run.entries);
        Ok((new_runs, before - after))
    }

    /// The numbers of the runs that it knows.
    pub(in super::super) fn numbers(&self) -> Vec<u64> {
        self.runs.iter().map(|run| run.number).collect()
    }

    /// Merges the run at `first`, all newer ones and these entries, which are the newest.
    fn merge<'a>(
        &self,
        first: usize,
        frames: impl ExactSizeIterator<Item = FrameOrError<'a>>,
        mut fate: impl FnMut(&[u8]) -> Result<Retained, StoreError>,
    ) -> Result<NewRuns, StoreError> {
        let older = &self.runs[first..];
        let mut writer = RunWriter::new(
            &self.folder,
            older.iter().map(|run| run.entries).sum::<u64>() + frames.len() as u64,
        )?;
        let mut sources = Sources::new(frames, older.iter().rev().map(|run| &**run))?;
        let mut sum = Vec::new();
        while let Some(newest) = sources.least() {
            let digest = newest.digest;
            let frame = if self.kind == RunKind::Counter && sources.equal(digest).nth(1).is_some() {
                sum_up(&mut sum, sources.equal(digest))?;
                Frame::from_bytes(digest, &sum)
            } else {
                newest
            };
            match fate(frame.value)? {
                Retained::AsItIs => writer.push(frame)?,
                Retained::Gone => {}
                Retained::Instead(value) => {
                    writer.push(Frame::from_bytes(digest, &frame_of(digest, &value)))?
                }
            }
            sources.pass(digest)?;
        }
        Ok(NewRuns {
            run: writer.finish()?,
            replaces: older.len(),
        })
    }
}

/// The frame of the sum of counters.
fn sum_up<'a>(
    frame: &mut Vec<u8>,
    mut equal: impl Iterator<Item = Frame<'a>>,
) -> Result<(), StoreError> {
    let mut sum: Option<(u128, CounterEntry)> = None;
    equal.try_for_each(|one| {
        let entry: CounterEntry = unpack("a day counter", one.value)?;
        match &mut sum {
            Some((_, sum)) => sum.2.add_all(&entry.2),
            None => sum = Some((one.digest, entry)),
        }
        Ok(())
    })?;
    frame.clear();
    sum.iter()
        .for_each(|(digest, entry)| put_frame(frame, *digest, entry));
    Ok(())
}

/// The oldest run that is to be merged with all newer ones. `sizes` are in order from the oldest to
/// the newest.
fn first_to_merge(sizes: &[u64]) -> Option<usize> {
    (0..sizes.len()).find(|at| {
        sizes[at + 1..].iter().sum::<u64>() >= sizes[*at].saturating_mul(NEWER_TIMES_MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_merged_once_the_newer_ones_are_three_times_as_large() {
        assert_eq!(first_to_merge(&[]), None);
        assert_eq!(first_to_merge(&[10]), None);
        assert_eq!(first_to_merge(&[10, 10, 10]), None);
        assert_eq!(first_to_merge(&[10, 10, 10, 10]), Some(0));
        assert_eq!(first_to_merge(&[100, 10, 10, 10, 10]), Some(1));
        assert_eq!(
            first_to_merge(&[40, 40, 40, 10, 10, 10, 10]),
            Some(0),
            "one merge of all, not one after another"
        );
    }
}
