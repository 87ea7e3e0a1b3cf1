//! One sorted run: a file of blocks, and in memory what finds the one block that may hold a key.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};

use xxhash_rust::xxh3::xxh3_64;

use super::super::{Tx, get};
use super::filter::Filter;
use super::folder::{FileKind, RunFolder, failed, open_file};
use super::words::{NumberReader, write_words};
use super::{RunKind, damaged};
use crate::store::StoreError;
use crate::store::frames::{Frame, take_frame};

/// Bytes of entries at which a block is full: a look-up reads one block and goes through half of
/// it.
const BLOCK_BYTES: usize = 1_000;
/// Bytes of the digest at the end of a block.
const CHECK_BYTES: usize = 8;
/// Bytes that are read or written at once when going through a run.
const CHUNK_BYTES: usize = 1 << 18;

/// The first digest of every block, and where the block begins: side by side, since a pair would be
/// a half larger.
#[derive(Debug, Default)]
pub(super) struct BlockIndex {
    pub(super) firsts: Vec<u128>,
    pub(super) begins: Vec<u64>,
}

/// A run as it is known in memory.
#[derive(Debug)]
pub(super) struct Run {
    pub(super) number: u64,
    pub(super) entries: u64,
    pub(super) index: BlockIndex,
    /// The end of the last block.
    end: u64,
    pub(super) filter: Filter,
    /// The digest of index and filter, which follow the blocks.
    check: u64,
    path: PathBuf,
    file: File,
}

impl Run {
    /// Every run of a kind, the oldest first.
    pub(super) fn list(
        tx: &Tx<'_>,
        folder: &RunFolder,
        kind: RunKind,
    ) -> Result<Vec<Self>, StoreError> {
        tx.rows(
            "read the runs",
            include_str!("../sql/list_runs.sql"),
            [kind.name()],
            |row| {
                let number =
                    |at| -> Result<u64, StoreError> { Ok(get::<i64>(row, at)?.cast_unsigned()) };
                let path = folder.file(number(0)?, FileKind::Run);
                let file = open_file(&path)?;
                let end = number(2)?;
                let (blocks, filter_words) = (number(3)? as usize, number(4)? as usize);
                let mut words = NumberReader::new(&file, end);
                let mut take = |count| words.take(count).map_err(failed(&path));
                let firsts = take(2 * blocks)?
                    .as_chunks::<2>()
                    .0
                    .iter()
                    .map(|[high, low]| u128::from(*high) << 64 | u128::from(*low))
                    .collect();
                let (begins, filter) = (take(blocks)?, take(filter_words)?);
                if words.digest() != number(5)? {
                    return Err(damaged("its end is not what was written"));
                }
                let filter =
                    Filter::from_words(filter).ok_or_else(|| damaged("its filter is cut"))?;
                Ok(Self {
                    number: number(0)?,
                    entries: number(1)?,
                    end,
                    index: BlockIndex { firsts, begins },
                    filter,
                    check: words.digest(),
                    path,
                    file,
                })
            },
        )
    }

    /// Writes the store's row of the run.
    pub(super) fn record(&self, tx: &Tx<'_>, kind: RunKind) -> Result<(), StoreError> {
        let (blocks, filter_words) = (
            self.index.begins.len() as u64,
            self.filter.words().len() as u64,
        );
        let [number, entries, end, blocks, words, check] = [
            self.number,
            self.entries,
            self.end,
            blocks,
            filter_words,
            self.check,
        ]
        .map(u64::cast_signed);
        let params = (number, kind.name(), entries, end, blocks, words, check);
        tx.execute("write a run", include_str!("../sql/insert_run.sql"), params)
            .map(drop)
    }

    /// Its number and its file.
    pub(super) fn opened(&self) -> (u64, &File, &Path) {
        (self.number, &self.file, &self.path)
    }

    pub(super) fn end_of(&self, block: usize) -> u64 {
        self.index
            .begins
            .get(block + 1)
            .copied()
            .unwrap_or(self.end)
    }

    pub(super) fn read_at(&self, bytes: &mut [u8], at: u64) -> Result<(), StoreError> {
        self.file
            .read_exact_at(bytes, at)
            .map_err(failed(&self.path))
    }
}

/// The entries of a block whose digest is right.
pub(super) fn checked(block: &[u8]) -> Result<&[u8], StoreError> {
    let (entries, check) = block
        .split_last_chunk::<CHECK_BYTES>()
        .ok_or_else(|| damaged("a block is cut"))?;
    if xxh3_64(entries) == u64::from_be_bytes(*check) {
        Ok(entries)
    } else {
        Err(damaged("a block is not what was written"))
    }
}

/// Writes a run, entry by entry in the order of their digests.
pub(super) struct RunWriter<'a> {
    folder: &'a RunFolder,
    run: Run,
    /// Full blocks that are not yet in the file, then the one that is being filled.
    bytes: Vec<u8>,
    block_at: usize,
}

impl<'a> RunWriter<'a> {
    /// A writer for at most so many entries.
    pub(super) fn new(folder: &'a RunFolder, entries_max: u64) -> Result<Self, StoreError> {
        let (number, file) = folder.create(FileKind::Run)?;
        let (filter, path) = (
            Filter::with_room(entries_max as usize),
            folder.file(number, FileKind::Run),
        );
        let run = Run {
            number,
            entries: 0,
            index: BlockIndex::default(),
            end: 0,
            filter,
            check: 0,
            path,
            file,
        };
        Ok(Self {
            folder,
            run,
            bytes: Vec::with_capacity(CHUNK_BYTES + 2 * BLOCK_BYTES),
            block_at: 0,
        })
    }

    pub(super) fn push(&mut self, frame: Frame<'_>) -> Result<(), StoreError> {
        let in_block = self.bytes.len() - self.block_at;
        if in_block > 0 && in_block + frame.whole.len() > BLOCK_BYTES {
            self.end_block()?;
        }
        if self.bytes.len() == self.block_at {
            self.run.index.firsts.push(frame.digest);
            self.run
                .index
                .begins
                .push(self.run.end + self.block_at as u64);
        }
        self.bytes.extend_from_slice(frame.whole);
        self.run.entries += 1;
        self.run.filter.insert_digest(frame.digest);
        Ok(())
    }

    fn end_block(&mut self) -> Result<(), StoreError> {
        let check = xxh3_64(&self.bytes[self.block_at..]).to_be_bytes();
        self.bytes.extend_from_slice(&check);
        self.block_at = self.bytes.len();
        if self.block_at >= CHUNK_BYTES {
            self.write_out()
        } else {
            Ok(())
        }
    }

    fn write_out(&mut self) -> Result<(), StoreError> {
        self.run
            .file
            .write_all(&self.bytes)
            .map_err(failed(&self.run.path))?;
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
        let Run {
            index: BlockIndex { firsts, begins },
            filter,
            file,
            path,
            ..
        } = &mut self.run;
        let firsts = firsts
            .iter()
            .flat_map(|first| [(first >> 64) as u64, *first as u64]);
        let words = firsts
            .chain(begins.iter().copied())
            .chain(filter.words().iter().copied());
        self.run.check = write_words(file, words).map_err(failed(path))?;
        self.run.file.sync_all().map_err(failed(&self.run.path))?;
        self.folder.sync()?;
        Ok(Some(self.run))
    }
}

/// Goes through a run in the order of its digests.
pub(super) struct RunScan<'a> {
    run: &'a Run,
    next_block: usize,
    /// The entries of some blocks, and the position of the current entry in them.
    entries: Vec<u8>,
    at: std::ops::Range<usize>,
    digest: u128,
}

impl<'a> RunScan<'a> {
    /// At the position of the first entry; none for an empty run.
    pub(super) fn new(run: &'a Run) -> Result<Option<Self>, StoreError> {
        let mut cursor = Self {
            run,
            next_block: 0,
            entries: Vec::new(),
            at: 0..0,
            digest: 0,
        };
        Ok(cursor.advance()?.then_some(cursor))
    }

    pub(super) const fn digest(&self) -> u128 {
        self.digest
    }

    pub(super) fn frame(&self) -> Frame<'_> {
        Frame::from_bytes(self.digest, &self.entries[self.at.clone()])
    }

    /// Goes to the next entry; `false` at the end.
    pub(super) fn advance(&mut self) -> Result<bool, StoreError> {
        if self.at.end == self.entries.len() {
            if self.next_block == self.run.index.begins.len() {
                return Ok(false);
            }
            self.read_chunk()?;
        }
        let begin = self.at.end;
        let frame =
            take_frame(&mut &self.entries[begin..])?.ok_or_else(|| damaged("a block is empty"))?;
        (self.digest, self.at) = (frame.digest, begin..begin + frame.whole.len());
        Ok(true)
    }

    fn read_chunk(&mut self) -> Result<(), StoreError> {
        let (first, begin) = (self.next_block, self.run.index.begins[self.next_block]);
        let mut last = first;
        while last + 1 < self.run.index.begins.len()
            && self.run.end_of(last + 1) - begin <= CHUNK_BYTES as u64
        {
            last += 1;
        }
        let mut bytes = vec![0; (self.run.end_of(last) - begin) as usize];
        self.run.read_at(&mut bytes, begin)?;
        self.entries.clear();
        for block in first..=last {
            let place = (self.run.index.begins[block] - begin) as usize
                ..(self.run.end_of(block) - begin) as usize;
            self.entries.extend_from_slice(checked(&bytes[place])?);
        }
        (self.next_block, self.at) = (last + 1, 0..0);
        Ok(())
    }
}
