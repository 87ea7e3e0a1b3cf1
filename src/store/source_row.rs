//! A stored partition or file: its position and its state.

use super::damage::named;
use super::value::{Row, get};
use super::{FileMarks, StoreError};
use crate::domain::local_day::Timestamp;
use crate::domain::names::names;
use crate::domain::pause::{Pause, PauseCause};
use crate::domain::source_state::{SourceState, SourceStatus};

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

names! {
    /// What a row is about.
    pub(super) enum StoredSourceKind {
        Partition = "partition",
        File = "file",
    }
}

impl StoredSourceKind {
    /// The kind in a column.
    ///
    /// # Errors
    /// When it is no kind.
    pub(super) fn of_column(row: &Row<'_>, at: usize) -> Result<Self, StoreError> {
        Self::parse(&get::<String>(row, at)?).ok_or_else(|| damaged("its kind is none"))
    }
}

fn damaged(detail: &str) -> StoreError {
    StoreError::Damaged {
        what: "a partition or file",
        detail: detail.to_owned(),
    }
}

pub(super) fn digest(row: &Row<'_>, at: usize) -> Result<Option<u64>, StoreError> {
    Ok(get::<Option<i64>>(row, at)?.map(i64::cast_unsigned))
}

/// Why it is paused, by the columns `cause` and `reason`.
pub(super) fn pause(row: &Row<'_>, at: usize) -> Result<Option<Pause>, StoreError> {
    let Some(cause) = get::<Option<String>>(row, at)? else {
        return Ok(None);
    };
    let cause =
        PauseCause::parse(&cause).ok_or_else(|| damaged("the cause of its pause is none"))?;
    Ok(Some(Pause {
        cause,
        reason: get(row, at + 1)?,
    }))
}

/// How far it is, by the columns `state`, `cause` and `reason`.
fn state(row: &Row<'_>, at: usize) -> Result<SourceState, StoreError> {
    let status = SourceStatus::parse(&get::<String>(row, at)?);
    match (status, pause(row, at + 1)?) {
        (Some(SourceStatus::Reading), None) => Ok(SourceState::Reading),
        (Some(SourceStatus::Done), None) => Ok(SourceState::Done),
        (Some(SourceStatus::Paused), Some(pause)) => Ok(SourceState::Paused(pause)),
        _ => Err(damaged("its state is none")),
    }
}

pub(super) fn source_row(row: &Row<'_>) -> Result<SourceRow, StoreError> {
    named(row, read_source)
}

pub(super) fn read_source(row: &Row<'_>) -> Result<SourceRow, StoreError> {
    let n = |at| get::<u64>(row, at);
    let kind = StoredSourceKind::of_column(row, 13)?;
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
        state: state(row, 14)?,
        file: (kind == StoredSourceKind::File).then_some(marks),
    })
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// What is read of the columns of a row of the database.
    fn read<T>(
        columns: [Option<&str>; 3],
        read: impl Fn(&Row<'_>) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let database = Connection::open_in_memory().expect("a database");
        database
            .query_row("SELECT $1, $2, $3", columns, |row| {
                Ok(read(&Row::Sqlite(row)))
            })
            .expect("a row")
    }

    #[test]
    fn a_state_or_kind_that_is_none_is_damage_and_no_default() {
        let state = |columns| read(columns, |row| state(row, 0));
        let cause = PauseCause::ALL[0].name();
        for bad in [
            [Some("red"), None, None],
            [Some("paused"), None, None],
            [Some("ignored"), None, None],
            [Some("done"), Some(cause), Some("why")],
            [Some("paused"), Some("red"), Some("why")],
        ] {
            let refused = state(bad);
            assert!(
                matches!(refused, Err(StoreError::Damaged { .. })),
                "{bad:?}: {refused:?}"
            );
        }
        for name in ["reading", "done"] {
            let found = state([Some(name), None, None]).expect("a state");
            assert_eq!(found.status().name(), name);
        }
        let found = state([Some("paused"), Some(cause), Some("why")]).expect("a state");
        assert_eq!(found.status(), SourceStatus::Paused);
        let kind = |name| {
            read([Some(name), None, None], |row| {
                StoredSourceKind::of_column(row, 0)
            })
        };
        assert!(matches!(kind("files"), Err(StoreError::Damaged { .. })));
        assert_eq!(kind("file").expect("a kind"), StoredSourceKind::File);
    }
}
