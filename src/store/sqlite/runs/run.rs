//! One sorted run: a file of blocks, and in memory what finds the one block that may hold a key.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use xxhash_rust::xxh3::xxh3_64;

use super::super::{Tx, get};
use super::filter::Filter;
use super::folder::{RunFolder, failed};
use super::frames::{Frame, take_frame};
use super::{Kind, damaged};
use crate::store::StoreError;

/// Bytes of entries at which a block is full.
const BLOCK_BYTES: usize = 4_000;
/// Bytes of the digest at the end of a block.
const CHECK_BYTES: usize = 8;
/// Bytes that are read or written at once when going through a run.
const STRETCH_BYTES: usize = 1 << 18;

/// A run as it is known in memory.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) number: u64,
    pub(super) entries: u64,
    /// The first digest of every block, and where the block begins.
    fences: Vec<(u128, u64)>,
    /// Where the last block ends.
    end: u64,
    filter: Filter,
    path: PathBuf,
    file: File,
}

impl Run {
    /// Every run of a kind, the oldest first.
    pub(super) fn list(tx: &Tx<'_>, folder: &RunFolder, kind: Kind) -> Result<Vec<Self>, StoreError> {
        tx.rows("read the runs", include_str!("../sql/list_runs.sql"), [kind.name()], |row| {
            let number = |at| -> Result<u64, StoreError> { Ok(get::<i64>(row, at)?.cast_unsigned()) };
            let fences = postcard::from_bytes(&get::<Vec<u8>>(row, 3)?).map_err(|e| damaged(&e.to_string()))?;
            let filter = Filter::from_bytes(&get::<Vec<u8>>(row, 4)?).ok_or_else(|| damaged("its filter is cut"))?;
            let path = folder.file(number(0)?);
            let file = File::open(&path).map_err(failed(&path))?;
            Ok(Self { number: number(0)?, entries: number(1)?, end: number(2)?, fences, filter, path, file })
        })
    }

    /// Writes the store's row of the run.
    pub(super) fn record(&self, tx: &Tx<'_>, kind: Kind) -> Result<(), StoreError> {
        let fences = postcard::to_stdvec(&self.fences).expect("numbers can always be written to memory");
        let numbers = [self.number, self.entries, self.end].map(u64::cast_signed);
        let params = (numbers[0], kind.name(), numbers[1], numbers[2], fences, self.filter.to_bytes());
        tx.execute("write a run", include_str!("../sql/insert_run.sql"), params).map(drop)
    }

    /// Reads the value of a key, if the run has it.
    pub(super) fn find<R>(&self, digest: u128, read: impl FnOnce(&[u8]) -> Result<R, StoreError>) -> Result<Option<R>, StoreError> {
        if !self.filter.may_hold(digest) {
            return Ok(None);
        }
        let Some(block) = self.fences.partition_point(|(first, _)| *first <= digest).checked_sub(1) else { return Ok(None) };
        let (begin, end) = (self.fences[block].1, self.end_of(block));
        let mut bytes = vec![0; (end - begin) as usize];
        self.read_at(&mut bytes, begin)?;
        let mut rest = checked(&bytes)?;
        while let Some(frame) = take_frame(&mut rest)? {
            if frame.digest == digest {
                return read(frame.value).map(Some);
            }
        }
        Ok(None)
    }

    fn end_of(&self, block: usize) -> u64 {
        self.fences.get(block + 1).map_or(self.end, |(_, begin)| *begin)
    }

    fn read_at(&self, bytes: &mut [u8], at: u64) -> Result<(), StoreError> {
        self.file.read_exact_at(bytes, at).map_err(failed(&self.path))
    }
}

/// The entries of a block whose digest is right.
fn checked(block: &[u8]) -> Result<&[u8], StoreError> {
    let (entries, check) = block.split_last_chunk::<CHECK_BYTES>().ok_or_else(|| damaged("a block is cut"))?;
    if xxh3_64(entries) == u64::from_be_bytes(*check) { Ok(entries) } else { Err(damaged("a block is not what was written")) }
}

/// Writes a run, entry by entry in the order of their digests.
pub(super) struct Writer<'a> {
    folder: &'a RunFolder,
    run: Run,
    /// Full blocks that are not yet in the file, then the one that is being filled.
    bytes: Vec<u8>,
    block_at: usize,
}

impl<'a> Writer<'a> {
    /// A writer for at most so many entries.
    pub(super) fn new(folder: &'a RunFolder, entries_max: u64) -> Result<Self, StoreError> {
        let (number, file) = folder.create()?;
        let (filter, path) = (Filter::with_room(entries_max as usize), folder.file(number));
        let run = Run { number, entries: 0, fences: Vec::new(), end: 0, filter, path, file };
        Ok(Self { folder, run, bytes: Vec::with_capacity(STRETCH_BYTES + 2 * BLOCK_BYTES), block_at: 0 })
    }

    pub(super) fn push(&mut self, frame: Frame<'_>) -> Result<(), StoreError> {
        let in_block = self.bytes.len() - self.block_at;
        if in_block > 0 && in_block + frame.whole.len() > BLOCK_BYTES {
            self.end_block()?;
        }
        if self.bytes.len() == self.block_at {
            self.run.fences.push((frame.digest, self.run.end + self.block_at as u64));
        }
        self.bytes.extend_from_slice(frame.whole);
        self.run.entries += 1;
        self.run.filter.put(frame.digest);
        Ok(())
    }

    fn end_block(&mut self) -> Result<(), StoreError> {
        let check = xxh3_64(&self.bytes[self.block_at..]).to_be_bytes();
        self.bytes.extend_from_slice(&check);
        self.block_at = self.bytes.len();
        if self.block_at >= STRETCH_BYTES { self.write_out() } else { Ok(()) }
    }

    fn write_out(&mut self) -> Result<(), StoreError> {
        self.run.file.write_all(&self.bytes).map_err(failed(&self.run.path))?;
        self.run.end += self.bytes.len() as u64;
        self.bytes.clear();
        self.block_at = 0;
        Ok(())
    }

    /// The run, whole and on the disk, if anything was pushed.
    pub(super) fn finish(mut self) -> Result<Option<Run>, StoreError> {
        if self.run.entries == 0 {
            std::fs::remove_file(&self.run.path).map_err(failed(&self.run.path))?;
            return Ok(None);
        }
        self.end_block()?;
        self.write_out()?;
        self.run.file.sync_all().map_err(failed(&self.run.path))?;
        self.folder.sync()?;
        Ok(Some(self.run))
    }
}

/// Goes through a run in the order of its digests.
pub(super) struct Cursor<'a> {
    run: &'a Run,
    next_block: usize,
    /// The entries of some blocks, and where the entry stands in them.
    entries: Vec<u8>,
    at: std::ops::Range<usize>,
    digest: u128,
}

impl<'a> Cursor<'a> {
    /// Stands at the first entry.
    pub(super) fn new(run: &'a Run) -> Result<Option<Self>, StoreError> {
        let mut cursor = Self { run, next_block: 0, entries: Vec::new(), at: 0..0, digest: 0 };
        Ok(cursor.advance()?.then_some(cursor))
    }

    pub(super) const fn digest(&self) -> u128 {
        self.digest
    }

    /// The entry.
    pub(super) fn frame(&self) -> Result<Frame<'_>, StoreError> {
        take_frame(&mut &self.entries[self.at.clone()])?.ok_or_else(|| damaged("an entry is empty"))
    }

    /// Goes to the next entry; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, StoreError> {
        if self.at.end == self.entries.len() {
            if self.next_block == self.run.fences.len() {
                return Ok(false);
            }
            self.read_stretch()?;
        }
        let begin = self.at.end;
        let frame = take_frame(&mut &self.entries[begin..])?.ok_or_else(|| damaged("a block is empty"))?;
        (self.digest, self.at) = (frame.digest, begin..begin + frame.whole.len());
        Ok(true)
    }

    fn read_stretch(&mut self) -> Result<(), StoreError> {
        let (first, begin) = (self.next_block, self.run.fences[self.next_block].1);
        let mut last = first;
        while last + 1 < self.run.fences.len() && self.run.end_of(last + 1) - begin <= STRETCH_BYTES as u64 {
            last += 1;
        }
        let mut bytes = vec![0; (self.run.end_of(last) - begin) as usize];
        self.run.read_at(&mut bytes, begin)?;
        self.entries.clear();
        for block in first..=last {
            let place = (self.run.fences[block].1 - begin) as usize..(self.run.end_of(block) - begin) as usize;
            self.entries.extend_from_slice(checked(&bytes[place])?);
        }
        (self.next_block, self.at) = (last + 1, 0..0);
        Ok(())
    }
}
