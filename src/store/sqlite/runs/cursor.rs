//! Looking keys up in runs, fastest when their digests come in order: then one walk passes filters
//! and index.

use std::ops::RangeInclusive;

use super::super::gallop::gallop;
use super::run::{BlockIndex, Run, checked};
use crate::store::StoreError;
use crate::store::frames::take_frame;

/// Looks keys up in runs.
pub(in super::super) struct RunsCursor<'a> {
    pub(super) newest_first: Vec<RunCursor<'a>>,
}

impl RunsCursor<'_> {
    /// Goes back to the beginning.
    pub(in super::super) fn rewind(&mut self) {
        self.newest_first.iter_mut().for_each(RunCursor::rewind);
    }

    /// The value of a key whose digest is not below the last one.
    pub(in super::super) fn find(&mut self, digest: u128) -> Result<Option<&[u8]>, StoreError> {
        for run in &mut self.newest_first {
            if let Some(value) = run.find(digest)? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }
}

/// Looks keys up in one run.
pub(super) struct RunCursor<'a> {
    run: &'a Run,
    /// The first block behind the one that the last search came to.
    behind: usize,
    /// The last block that was read.
    block: Vec<u8>,
}

impl<'a> RunCursor<'a> {
    /// At the position before the first entry.
    pub(super) const fn new(run: &'a Run) -> Self {
        Self {
            run,
            behind: 0,
            block: Vec::new(),
        }
    }

    /// Goes back to the beginning.
    pub(super) const fn rewind(&mut self) {
        self.behind = 0;
    }

    /// The value of a key whose digest is not below the last one, if the run has it.
    pub(super) fn find(&mut self, digest: u128) -> Result<Option<&[u8]>, StoreError> {
        if !self.run.filter.may_hold(digest) {
            return Ok(None);
        }
        self.behind = gallop(&self.run.index.firsts, self.behind, |first| {
            *first <= digest
        });
        let Some(block) = self.behind.checked_sub(1) else {
            return Ok(None);
        };
        let (begin, end) = (self.run.index.begins[block], self.run.end_of(block));
        self.block.resize((end - begin) as usize, 0);
        self.run.read_at(&mut self.block, begin)?;
        let mut rest = checked(&self.block)?;
        while let Some(frame) = take_frame(&mut rest)? {
            if frame.digest >= digest {
                return Ok((frame.digest == digest).then_some(frame.value));
            }
        }
        Ok(None)
    }
}

/// Goes through every value of a run whose digest lies between two, reading their blocks only.
pub(super) fn for_each_between(
    run: &Run,
    digests: &RangeInclusive<u128>,
    take: &mut impl FnMut(&[u8]) -> Result<(), StoreError>,
) -> Result<(), StoreError> {
    let BlockIndex { firsts, begins } = &run.index;
    // A digest in the range may be in the block before the first one that begins in it.
    let first = firsts
        .partition_point(|first| first <= digests.start())
        .saturating_sub(1);
    let mut bytes = Vec::new();
    for block in (first..begins.len()).take_while(|block| firsts[*block] <= *digests.end()) {
        bytes.resize((run.end_of(block) - begins[block]) as usize, 0);
        run.read_at(&mut bytes, begins[block])?;
        let mut rest = checked(&bytes)?;
        while let Some(frame) = take_frame(&mut rest)? {
            if digests.contains(&frame.digest) {
                take(frame.value)?;
            }
        }
    }
    Ok(())
}
