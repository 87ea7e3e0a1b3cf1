//! A stored partition or file: its position and its state.

use super::damage::named;
use super::value::{Row, get};
use super::{FileMarks, StoreError};
use crate::domain::local_day::Timestamp;
use crate::domain::pause::{Pause, PauseCause};
use crate::domain::source_state::SourceState;

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

/// Names of the kinds.
pub(super) const FILE: &str = "file";
pub(super) const PARTITION: &str = "partition";

pub(super) fn digest(row: &Row<'_>, at: usize) -> Result<Option<u64>, StoreError> {
    Ok(get::<Option<i64>>(row, at)?.map(i64::cast_unsigned))
}

/// Why it is paused, by the columns `cause` and `reason`.
pub(super) fn pause(row: &Row<'_>, at: usize) -> Result<Option<Pause>, StoreError> {
    let Some(cause) = get::<Option<String>>(row, at)? else {
        return Ok(None);
    };
    let cause = PauseCause::parse(&cause).ok_or_else(|| StoreError::Damaged {
        what: "a partition or file",
        detail: "the cause of its pause is none".to_owned(),
    })?;
    Ok(Some(Pause {
        cause,
        reason: get(row, at + 1)?,
    }))
}

pub(super) fn source_row(row: &Row<'_>) -> Result<SourceRow, StoreError> {
    named(row, read_source)
}

pub(super) fn read_source(row: &Row<'_>) -> Result<SourceRow, StoreError> {
    let n = |at| get::<u64>(row, at);
    let is_file = get::<String>(row, 13)? == FILE;
    let marks = FileMarks {
        first_digest: digest(row, 18)?,
        stamp: digest(row, 19)?,
        accept_asked: n(20)?,
        accept_done: n(21)?,
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
        replaced_characters: n(17)?,
        state: match (pause(row, 15)?, get::<String>(row, 14)?.as_str()) {
            (Some(pause), _) => SourceState::Paused(pause),
            (None, "done") => SourceState::Done,
            (None, _) => SourceState::Reading,
        },
        file: is_file.then_some(marks),
    })
}
