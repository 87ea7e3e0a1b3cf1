//! What is committed and not yet in runs: the write-ahead log.
//!
//! A batch of timelines, identities and day counters is appended to a file and named by one row;
//! when enough has gathered in memory, it is written in key order. After a crash the write-ahead
//! log is read back.
//!
//! Invariant: runs + write-ahead log = what was committed. Only the worker that holds the store's
//! lock writes them.

use super::memory::Flush;
use super::wal_file::{WalFile, WalPosition, open_wal, read_batch};
use super::{Tx, get};
use crate::store::StoreError;
use crate::store::staged::Staged;

impl Tx<'_> {
    /// The position of every batch in the write-ahead log, in order.
    pub(super) fn wal_places(&self) -> Result<Vec<WalPosition>, StoreError> {
        self.rows(
            "read the write-ahead log",
            include_str!("sql/list_wal.sql"),
            [],
            |row| {
                let number =
                    |at| -> Result<u64, StoreError> { Ok(get::<i64>(row, at)?.cast_unsigned()) };
                Ok(WalPosition {
                    file: number(0)?,
                    begin: number(1)?,
                    bytes: number(2)?,
                    check: number(3)?,
                })
            },
        )
    }

    /// Every batch of the write-ahead log, in order, with the number of its file.
    pub(super) fn logged(&self) -> Result<Vec<(u64, Staged)>, StoreError> {
        let batch = |place: WalPosition| {
            let file = open_wal(&self.store.run_folder, place.file)?;
            Ok((place.file, Staged::from_wal(&read_batch(&file, place)?)?))
        };
        self.wal_places()?.into_iter().map(batch).collect()
    }

    /// Appends a batch that was [staged](Tx::stage) to the log, and names the runs that
    /// were made meanwhile.
    pub(in crate::store) fn append_to_wal(&self, staged: &Staged) -> Result<(), StoreError> {
        self.changes_memory.set(true);
        staged
            .retractions
            .iter()
            .try_for_each(|target| self.insert_retraction(*target))?;
        if staged.has_no_entries() {
            return Ok(());
        }
        // The file is taken out of memory meanwhile, so that others can use memory.
        let begun = self.with_memory(|memory| Ok(memory.file.take()))?;
        let mut file = begun.map_or_else(|| WalFile::create(&self.store.run_folder), Ok)?;
        let head = staged.head();
        let frames = staged
            .timelines
            .iter()
            .chain(&staged.identities)
            .map(|frames| &frames[..]);
        let place = file.append([&head[..]].into_iter().chain(frames))?;
        let row = [place.file, place.begin, place.bytes, place.check].map(u64::cast_signed);
        self.execute(
            "write the write-ahead log",
            include_str!("sql/insert_wal.sql"),
            row,
        )?;
        let seq = self.tx.last_insert_rowid();
        let due = self.with_memory(|memory| {
            if memory.files.last() != Some(&place.file) {
                memory.files.push(place.file);
            }
            memory.file = Some(file);
            memory.logged(seq);
            Ok(memory.take_due_flush())
        })?;
        due.map_or(Ok(()), |writing| self.end_writing(writing))
    }

    /// Waits for runs in the making; then they replace the rows of the write-ahead log.
    fn end_writing(&self, writing: Flush) -> Result<(), StoreError> {
        let Flush {
            through,
            files,
            thread,
            ..
        } = writing;
        let made = thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        self.with_memory(|memory| memory.replace_sealed(self, made, files))?;
        self.execute(
            "empty the write-ahead log",
            include_str!("sql/delete_wal_through.sql"),
            [through],
        )
        .map(drop)
    }

    /// Writes everything that is in the write-ahead log only to runs, and empties the write-ahead
    /// log.
    pub(super) fn write_runs(&self) -> Result<(), StoreError> {
        self.changes_memory.set(true);
        if let Some(writing) = self.with_memory(|memory| Ok(memory.writing.take()))? {
            self.end_writing(writing)?;
        }
        let writing = self.with_memory(|memory| {
            memory.begin_flush();
            memory.logged(i64::MAX);
            Ok(memory.writing.take())
        })?;
        writing.map_or(Ok(()), |writing| self.end_writing(writing))
    }
}
