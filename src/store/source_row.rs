//! A stored partition or file: its position and its state.

use super::damage::named;
use super::value::{Row, get};
use super::{FileMarks, StoreError};
use crate::domain::local_day::Timestamp;
use crate::domain::source_status::SourceStatus;

/// A partition or file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceRow {
    /// File name, or `topic-partition`.
    pub name: String,
    /// Raised by every take-over.
    pub epoch: u64,
    /// The next offset, or lines read.
    pub next_position: u64,
    /// First byte not read (files).
    pub next_byte: u64,
    /// Deliveries that became part of the set of events.
    pub applied: u64,
    pub duplicate: u64,
    /// Same identity with another meaning.
    pub conflict: u64,
    pub rejected: u64,
    /// Offsets without a message.
    pub gaps: u64,
    /// What is known to be left.
    pub lag: u64,
    /// Suspensions whose reason was none of the six known ones.
    pub unknown_reason: u64,
    /// The greatest event time read.
    pub complete_until: Option<Timestamp>,
    /// Digest of the message just before the next offset, if one was read there; of a file, of all
    /// bytes up to `next_byte`.
    pub last_digest: Option<u64>,
    /// Half characters at the end of cut columns that were replaced.
    pub replaced_characters: u64,
    pub state: SourceState,
    /// The marks of a file; none of a partition.
    pub file: Option<FileMarks>,
}

/// The state of a partition or file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SourceState {
    /// There may be more of it.
    #[default]
    Reading,
    /// A file that was read to its end.
    Done,
    /// Nothing more is read of it until somebody fixes the problem given here, which begins with
    /// its code.
    Paused(String),
}

impl SourceState {
    /// Without the reason.
    #[must_use]
    pub(crate) const fn status(&self) -> SourceStatus {
        match self {
            Self::Reading => SourceStatus::Reading,
            Self::Done => SourceStatus::Done,
            Self::Paused(_) => SourceStatus::Paused,
        }
    }

    /// Why it is paused.
    #[must_use]
    pub(crate) fn reason(&self) -> Option<&str> {
        if let Self::Paused(reason) = self {
            Some(reason)
        } else {
            None
        }
    }
}

/// Names of the kinds.
pub(super) const FILE: &str = "file";
pub(super) const PARTITION: &str = "partition";

pub(super) fn digest(row: &Row<'_>, at: usize) -> Result<Option<u64>, StoreError> {
    Ok(get::<Option<i64>>(row, at)?.map(i64::cast_unsigned))
}

pub(super) fn source_row(row: &Row<'_>) -> Result<SourceRow, StoreError> {
    named(row, read_source)
}

pub(super) fn read_source(row: &Row<'_>) -> Result<SourceRow, StoreError> {
    let n = |at| get::<u64>(row, at);
    let is_file = get::<String>(row, 13)? == FILE;
    let marks = FileMarks {
        first_digest: digest(row, 17)?,
        stamp: digest(row, 18)?,
        accept_asked: n(19)?,
        accept_done: n(20)?,
    };
    Ok(SourceRow {
        name: get(row, 0)?,
        epoch: n(1)?,
        next_position: get::<i64>(row, 2)?.max(0) as u64,
        next_byte: n(3)?,
        applied: n(4)?,
        duplicate: n(5)?,
        conflict: n(6)?,
        rejected: n(7)?,
        gaps: n(8)?,
        lag: n(9)?,
        unknown_reason: n(10)?,
        complete_until: get::<Option<i64>>(row, 11)?.map(Timestamp::from_micros),
        last_digest: digest(row, 12)?,
        replaced_characters: n(16)?,
        state: match (
            get::<Option<String>>(row, 15)?,
            get::<String>(row, 14)?.as_str(),
        ) {
            (Some(reason), _) => SourceState::Paused(reason),
            (None, "done") => SourceState::Done,
            (None, _) => SourceState::Reading,
        },
        file: is_file.then_some(marks),
    })
}
