//! Files beside partitions: how each is recognised, and which are to be read again from the
//! beginning.

use super::source_row::{StoredSourceKind, digest, pause};
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::pause::Pause;

/// How a file is recognised beside its name, and whether it is to be read again from the beginning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileMarks {
    /// Digest of its first block, once as much was read.
    pub first_digest: Option<u64>,
    /// A digest of its size and times, from when its end was reached or it was paused.
    pub stamp: Option<u64>,
    /// How often an operator asked to have it read again.
    pub accept_asked: u64,
    /// How many of those were done. Of an advance: the number of the request that is done by it.
    pub accept_done: u64,
}

/// A file as it was left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileRow {
    pub name: String,
    pub epoch: u64,
    pub next_position: u64,
    /// First byte not read.
    pub next_byte: u64,
    /// Digest of all bytes before.
    pub read_digest: Option<u64>,
    /// Why it is paused.
    pub paused: Option<Pause>,
    /// How it is recognised, and the requests to read it again.
    pub marks: FileMarks,
}

impl Tx<'_> {
    /// Every file, as it was left.
    pub fn files(&self) -> Result<Vec<FileRow>, StoreError> {
        self.check_sources()?;
        self.rows(
            "list files",
            include_str!("sql/list_files.sql"),
            &[],
            |row| {
                Ok(FileRow {
                    name: get(row, 0)?,
                    epoch: get(row, 1)?,
                    next_position: get(row, 2)?,
                    next_byte: get(row, 3)?,
                    read_digest: digest(row, 4)?,
                    paused: pause(row, 7)?,
                    marks: FileMarks {
                        first_digest: digest(row, 5)?,
                        stamp: digest(row, 6)?,
                        accept_asked: get(row, 9)?,
                        accept_done: get(row, 10)?,
                    },
                })
            },
        )
    }

    /// The files that are to be read again and were not yet, each with the number of the request.
    pub fn files_accepted(&self) -> Result<Vec<(String, u64)>, StoreError> {
        let read = |row: &Row<'_>| Ok((get(row, 0)?, get(row, 1)?));
        self.rows(
            "list files to be read anew",
            include_str!("sql/list_files_accepted.sql"),
            &[],
            read,
        )
    }

    /// Requests that a file be read again from its beginning by the worker that reads it; returns
    /// whether the file is known.
    pub fn accept_file(&self, name: &str) -> Result<bool, StoreError> {
        Ok(self.execute(
            "ask to read a file anew",
            include_str!("sql/accept_file.sql"),
            params![name],
        )? > 0)
    }

    /// Whether a name is known, and is that of a file.
    pub fn is_file(&self, name: &str) -> Result<Option<bool>, StoreError> {
        let read =
            |row: &Row<'_>| Ok(StoredSourceKind::of_column(row, 2)? == StoredSourceKind::File);
        self.row(
            "see what a source is",
            include_str!("sqlite/sql/get_source.sql"),
            params![name],
            read,
        )
    }
}
