//! One sorted run: blocks of entries in the store, and in memory what finds the one block that may hold a key.

use std::ops::Range;

use super::super::{Tx, get};
use super::filter::Filter;
use super::frames::{Frame, take_frame};
use super::{Kind, damaged};
use crate::store::StoreError;
use crate::store::error::Doing;

/// Bytes of entries in a block: with its row's header it fills one page of 4 KiB.
const BLOCK_BYTES: usize = 4_000;

/// A run as it is known in memory.
#[derive(Debug)]
pub(super) struct Run {
    run_id: i64,
    pub(super) entries: u64,
    /// Its first block; the others follow it.
    first_block: i64,
    /// The first digest of every block.
    fences: Vec<u128>,
    filter: Filter,
}

impl Run {
    /// Every run of a kind, the oldest first.
    pub(super) fn list(tx: &Tx<'_>, kind: Kind) -> Result<Vec<Self>, StoreError> {
        tx.rows("read the runs", include_str!("../sql/list_runs.sql"), [kind.name()], |row| {
            let packed = get::<Vec<u8>>(row, 3)?;
            let fences = packed.as_chunks::<16>().0.iter().map(|digest| u128::from_be_bytes(*digest)).collect();
            let filter = Filter::from_bytes(&get::<Vec<u8>>(row, 4)?).ok_or_else(|| damaged("its filter is cut"))?;
            let entries = get::<i64>(row, 1)?.try_into().unwrap_or(0);
            Ok(Self { run_id: get(row, 0)?, entries, first_block: get(row, 2)?, fences, filter })
        })
    }

    /// Reads the value of a key, if the run has it.
    pub(super) fn find<R>(
        &self,
        tx: &Tx<'_>,
        digest: u128,
        read: impl FnOnce(&[u8]) -> Result<R, StoreError>,
    ) -> Result<Option<R>, StoreError> {
        if !self.filter.may_hold(digest) {
            return Ok(None);
        }
        let Some(block) = self.fences.partition_point(|first| *first <= digest).checked_sub(1) else { return Ok(None) };
        self.with_block(tx, block, |mut rest| {
            while let Some(frame) = take_frame(&mut rest)? {
                if frame.digest == digest {
                    return read(frame.value).map(Some);
                }
            }
            Ok(None)
        })
    }

    /// Has `use_it` look at a block.
    fn with_block<R>(&self, tx: &Tx<'_>, block: usize, use_it: impl FnOnce(&[u8]) -> Result<R, StoreError>) -> Result<R, StoreError> {
        let doing = "read a block of a run";
        let mut statement = tx.tx.prepare_cached(include_str!("../sql/get_run_block.sql")).doing(doing)?;
        let mut rows = statement.query([self.first_block + block as i64]).doing(doing)?;
        let row = rows.next().doing(doing)?.ok_or_else(|| damaged("a block is missing"))?;
        let entries = row.get_ref(0).doing(doing)?.as_blob().map_err(|e| damaged(&e.to_string()))?;
        use_it(entries)
    }

    /// Takes the run out of the store.
    pub(super) fn delete(self, tx: &Tx<'_>) -> Result<(), StoreError> {
        let blocks = (self.first_block, self.first_block + self.fences.len() as i64);
        tx.execute("delete the blocks of a run", include_str!("../sql/delete_run_blocks.sql"), blocks)?;
        tx.execute("delete a run", include_str!("../sql/delete_run.sql"), [self.run_id]).map(drop)
    }
}

/// Writes a run, entry by entry in the order of their digests.
pub(super) struct Writer<'a> {
    tx: &'a Tx<'a>,
    run: Run,
    block: Vec<u8>,
    first: Option<u128>,
}

impl<'a> Writer<'a> {
    /// A writer for at most so many entries.
    pub(super) fn new(tx: &'a Tx<'a>, entries_max: u64) -> Result<Self, StoreError> {
        let first_block = tx.row("find room for a run", include_str!("../sql/next_run_block.sql"), [], |row| get(row, 0))?.unwrap_or(0);
        let run = Run { run_id: 0, entries: 0, first_block, fences: Vec::new(), filter: Filter::with_room(entries_max as usize) };
        Ok(Self { tx, run, block: Vec::with_capacity(BLOCK_BYTES), first: None })
    }

    pub(super) fn push(&mut self, frame: Frame<'_>) -> Result<(), StoreError> {
        if self.block.len() + frame.whole.len() > BLOCK_BYTES {
            self.end_block()?;
        }
        self.first.get_or_insert(frame.digest);
        self.block.extend_from_slice(frame.whole);
        self.run.entries += 1;
        self.run.filter.put(frame.digest);
        Ok(())
    }

    fn end_block(&mut self) -> Result<(), StoreError> {
        let Some(first) = self.first.take() else { return Ok(()) };
        let block_id = self.run.first_block + self.run.fences.len() as i64;
        self.tx.execute("write a block of a run", include_str!("../sql/insert_run_block.sql"), (block_id, &self.block))?;
        self.run.fences.push(first);
        self.block.clear();
        Ok(())
    }

    /// The run, if anything was pushed.
    pub(super) fn finish(mut self, kind: Kind) -> Result<Option<Run>, StoreError> {
        self.end_block()?;
        let run = &mut self.run;
        if run.entries == 0 {
            return Ok(None);
        }
        let fences: Vec<u8> = run.fences.iter().flat_map(|first| first.to_be_bytes()).collect();
        let params = (kind.name(), run.entries as i64, run.first_block, fences, run.filter.to_bytes());
        self.tx.execute("write a run", include_str!("../sql/insert_run.sql"), params)?;
        run.run_id = self.tx.tx.last_insert_rowid();
        Ok(Some(self.run))
    }
}

/// Goes through a run in the order of its digests.
pub(super) struct Cursor<'a> {
    run: &'a Run,
    next_block: usize,
    block: Vec<u8>,
    /// Where the entry stands in the block.
    at: Range<usize>,
    digest: u128,
}

impl<'a> Cursor<'a> {
    /// Stands at the first entry.
    pub(super) fn new(tx: &Tx<'_>, run: &'a Run) -> Result<Option<Self>, StoreError> {
        let mut cursor = Self { run, next_block: 0, block: Vec::new(), at: 0..0, digest: 0 };
        Ok(cursor.advance(tx)?.then_some(cursor))
    }

    pub(super) const fn digest(&self) -> u128 {
        self.digest
    }

    /// The entry.
    pub(super) fn frame(&self) -> Result<Frame<'_>, StoreError> {
        take_frame(&mut &self.block[self.at.clone()])?.ok_or_else(|| damaged("an entry is empty"))
    }

    /// Goes to the next entry; `false` at the end.
    pub(super) fn advance(&mut self, tx: &Tx<'_>) -> Result<bool, StoreError> {
        if self.at.end == self.block.len() {
            if self.next_block == self.run.fences.len() {
                return Ok(false);
            }
            let (run, block) = (self.run, &mut self.block);
            run.with_block(tx, self.next_block, |entries| {
                block.clear();
                block.extend_from_slice(entries);
                Ok(())
            })?;
            self.next_block += 1;
            self.at = 0..0;
        }
        let begin = self.at.end;
        let frame = take_frame(&mut &self.block[begin..])?.ok_or_else(|| damaged("a block is empty"))?;
        (self.digest, self.at) = (frame.digest, begin..begin + frame.whole.len());
        Ok(true)
    }
}
