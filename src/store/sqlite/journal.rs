//! What is committed and not yet in runs: the journal.
//!
//! A batch of timelines, identities and day counters is appended to a file and named by one row;
//! when enough has gathered in memory, it is written in key order. After a crash the journal is
//! read back.
//!
//! Invariant: runs + journal = what was committed. Only the worker that holds the store's lock
//! writes them.

use super::journal_file::{JournalFile, Place, open_journal, read_batch};
use super::memory::Writing;
use super::{Tx, get};
use crate::store::StoreError;
use crate::store::staged::Staged;

impl Tx<'_> {
    /// Where every batch of the journal stands, in order.
    pub(super) fn journal_places(&self) -> Result<Vec<Place>, StoreError> {
        self.rows(
            "read the journal",
            include_str!("sql/list_journal.sql"),
            [],
            |row| {
                let number =
                    |at| -> Result<u64, StoreError> { Ok(get::<i64>(row, at)?.cast_unsigned()) };
                Ok(Place {
                    file: number(0)?,
                    begin: number(1)?,
                    bytes: number(2)?,
                    check: number(3)?,
                })
            },
        )
    }

    /// Every batch of the journal, in order, with the number of its file.
    pub(super) fn journaled(&self) -> Result<Vec<(u64, Staged)>, StoreError> {
        let batch = |place: Place| {
            let file = open_journal(&self.store.run_folder, place.file)?;
            Ok((
                place.file,
                Staged::from_journal(&read_batch(&file, place)?)?,
            ))
        };
        self.journal_places()?.into_iter().map(batch).collect()
    }

    /// Journals a batch that was [learnt](Tx::learn), and names the runs that were made meanwhile.
    pub(in crate::store) fn journal(&self, staged: &Staged) -> Result<(), StoreError> {
        self.changes_memory.set(true);
        staged
            .retractions
            .iter()
            .try_for_each(|target| self.insert_retraction(*target))?;
        if staged.has_no_entries() {
            return Ok(());
        }
        // The file is taken out of memory for the while, so that others can go on.
        let begun = self.with_memory(|memory| Ok(memory.file.take()))?;
        let mut file = begun.map_or_else(|| JournalFile::create(&self.store.run_folder), Ok)?;
        let head = staged.head();
        let frames = staged
            .timelines
            .iter()
            .chain(&staged.identities)
            .map(|frames| &frames[..]);
        let place = file.append([&head[..]].into_iter().chain(frames))?;
        let row = [place.file, place.begin, place.bytes, place.check].map(u64::cast_signed);
        self.execute(
            "write the journal",
            include_str!("sql/insert_journal.sql"),
            row,
        )?;
        let seq = self.tx.last_insert_rowid();
        let due = self.with_memory(|memory| {
            if memory.files.last() != Some(&place.file) {
                memory.files.push(place.file);
            }
            memory.file = Some(file);
            memory.journaled(seq);
            Ok(memory.take_due_writing())
        })?;
        due.map_or(Ok(()), |writing| self.end_writing(writing))
    }

    /// Waits for runs in the making; then they stand for the rows of the journal.
    fn end_writing(&self, writing: Writing) -> Result<(), StoreError> {
        let Writing {
            through,
            files,
            thread,
            ..
        } = writing;
        let made = thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        self.with_memory(|memory| memory.thaw(self, made, files))?;
        self.execute(
            "empty the journal",
            include_str!("sql/delete_journal_through.sql"),
            [through],
        )
        .map(drop)
    }

    /// Writes everything that is in the journal only to runs, and empties the journal.
    pub(super) fn write_runs(&self) -> Result<(), StoreError> {
        self.changes_memory.set(true);
        if let Some(writing) = self.with_memory(|memory| Ok(memory.writing.take()))? {
            self.end_writing(writing)?;
        }
        let writing = self.with_memory(|memory| {
            memory.begin_writing();
            memory.journaled(i64::MAX);
            Ok(memory.writing.take())
        })?;
        writing.map_or(Ok(()), |writing| self.end_writing(writing))
    }
}
