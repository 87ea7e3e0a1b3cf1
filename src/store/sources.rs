//! The position and epoch of each partition or file, and the counts of its deliveries.

use super::source_row::{SourceRow, StoredSourceKind, source_row};
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::local_day::Timestamp;

/// A partition's state when it is taken over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakenOver {
    pub epoch: u64,
    /// The next offset; none if nothing of it was ever committed.
    pub next_position: Option<u64>,
    /// Digest of the message just before it.
    pub last_digest: Option<u64>,
}

/// The stored position of a partition of which nothing was ever committed.
const NEVER: i64 = -1;

/// How far a batch moves a partition, and what became of its deliveries: the counts of
/// [`SourceRow`] as differences, its positions and lag as the values after the batch.
pub type Advance = SourceRow;

impl Tx<'_> {
    /// Every partition and file.
    pub fn sources(&self) -> Result<Vec<SourceRow>, StoreError> {
        self.check_sources()?;
        self.rows(
            "list sources",
            include_str!("sql/list_sources.sql"),
            &[],
            source_row,
        )
    }

    pub(crate) fn source(&self, name: &str) -> Result<Option<SourceRow>, StoreError> {
        self.check_source(name)?;
        self.row(
            "read a source",
            include_str!("sql/get_source_row.sql"),
            params![name],
            source_row,
        )
    }

    /// At most `limit` whose names come before `name` (before any, if there is none), the last
    /// first.
    pub fn sources_before(
        &self,
        name: Option<&str>,
        limit: u32,
    ) -> Result<Vec<SourceRow>, StoreError> {
        let params = params![name.unwrap_or(LAST_NAME), limit];
        let rows = self.rows(
            "list sources",
            include_str!("sql/list_sources_before.sql"),
            params,
            source_row,
        )?;
        rows.iter()
            .try_for_each(|row| self.check_source(&row.name))
            .map(|()| rows)
    }

    /// Those of which more is known to be there than was read, and those that are paused.
    pub fn sources_behind(&self) -> Result<Vec<SourceRow>, StoreError> {
        let rows = self.rows(
            "list sources that are behind",
            include_str!("sql/list_sources_behind.sql"),
            &[],
            source_row,
        )?;
        rows.iter()
            .try_for_each(|row| self.check_source(&row.name))
            .map(|()| rows)
    }

    /// Those that are paused, each with the reason.
    pub fn sources_paused(&self) -> Result<Vec<(String, String)>, StoreError> {
        let read = |row: &Row<'_>| Ok((get(row, 0)?, get(row, 1)?));
        self.rows(
            "list sources that are paused",
            include_str!("sql/list_sources_paused.sql"),
            &[],
            read,
        )
    }

    /// Takes a partition over: raises its epoch, so that whoever held it can commit nothing more.
    /// One that is not known gets its first epoch and no position.
    pub fn take_over(&self, name: &str) -> Result<TakenOver, StoreError> {
        self.check_source(name)?;
        let taken = self.row(
            "take a partition over",
            include_str!("sql/take_over_source.sql"),
            params![name, NEVER],
            |row| {
                Ok(TakenOver {
                    epoch: get(row, 0)?,
                    next_position: u64::try_from(get::<i64>(row, 1)?).ok(),
                    last_digest: get::<Option<i64>>(row, 2)?.map(i64::cast_unsigned),
                })
            },
        )?;
        taken.ok_or(StoreError::Damaged {
            what: "a partition",
            detail: "taking it over gave no row".to_owned(),
        })
    }

    /// Notes how many messages a partition is known to be behind.
    pub fn set_lag(&self, name: &str, lag: u64) -> Result<(), StoreError> {
        self.execute(
            "note how far a partition is behind",
            include_str!("sql/set_lag.sql"),
            params![lag, name],
        )
        .map(drop)
    }

    /// Asks whether what is kept of a partition or file is what was written.
    fn check_source(&self, name: &str) -> Result<(), StoreError> {
        self.check_rows(
            SOURCE,
            include_str!("sqlite/sql/check_source.sql"),
            params![name],
        )
    }

    /// The same of every one.
    pub(super) fn check_sources(&self) -> Result<(), StoreError> {
        self.check_rows(SOURCE, include_str!("sqlite/sql/check_sources.sql"), &[])
    }

    /// The statement that reads a partition's row; where many write, it locks the row until the
    /// transaction ends.
    const fn lock_source(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => include_str!("sqlite/sql/get_source.sql"),
            Self::Shared(tx) => tx.sql_of(
                include_str!("postgres/sql/lock_source.sql"),
                include_str!("sqlite/sql/get_source.sql"),
            ),
        }
    }

    /// Sets a partition's next offset, whichever worker reads it: the offsets in between are
    /// counted as gaps. Returns the old offset, if the partition is known.
    pub(crate) fn seek(&self, name: &str, to: u64) -> Result<Option<u64>, StoreError> {
        self.check_source(name)?;
        let read = |row: &Row<'_>| Ok(get::<i64>(row, 1)?.max(0) as u64);
        let Some(from) = self.row(
            "see where a partition stands",
            self.lock_source(),
            params![name],
            read,
        )?
        else {
            return Ok(None);
        };
        let params = params![to, to.saturating_sub(from), name];
        self.execute(
            "move a partition",
            include_str!("sql/seek_source.sql"),
            params,
        )?;
        Ok(Some(from))
    }

    /// Moves a partition forward by a batch, if this worker still owns it and its position is where
    /// the batch begins. One without a position may begin anywhere. Returns whether the batch
    /// pauses it for another reason than before.
    ///
    /// # Errors
    /// [`StoreError::Fenced`] when another has taken it over, [`StoreError::NotContiguous`] when
    /// its position is another.
    pub fn advance(&self, to: &Advance) -> Result<bool, StoreError> {
        let reason_before = self.check_standing(to)?;
        let marks = to.file.unwrap_or_default();
        let pause = to.state.pause();
        let kind = if to.file.is_some() {
            StoredSourceKind::File
        } else {
            StoredSourceKind::Partition
        };
        let params = params![
            &to.name,
            to.epoch,
            to.next_position,
            to.next_byte,
            to.applied,
            to.duplicate,
            to.conflict,
            to.rejected,
            to.gaps,
            to.lag,
            to.unknown_reason,
            to.complete_until.map(Timestamp::micros),
            to.last_digest,
            kind.name(),
            to.state.status().name(),
            pause.map(|pause| pause.cause.name()),
            pause.map(|pause| &pause.reason),
            to.replaced_characters,
            marks.first_digest,
            marks.stamp,
            marks.accept_done,
        ];
        self.execute(
            "move a partition on",
            include_str!("sql/advance_source.sql"),
            params,
        )?;
        Ok(pause.is_some_and(|pause| reason_before.as_ref() != Some(&pause.reason)))
    }

    /// Checks that the stored position is where the batch begins, or that a file begins again;
    /// returns the reason for which it was paused before, if it was.
    fn check_standing(&self, to: &Advance) -> Result<Option<String>, StoreError> {
        self.check_source(&to.name)?;
        let stands = self.row(
            "check a partition's epoch",
            self.lock_source(),
            params![&to.name],
            |row| {
                Ok((
                    get(row, 0)?,
                    u64::try_from(get::<i64>(row, 1)?).ok(),
                    get::<Option<String>>(row, 3)?,
                ))
            },
        )?;
        let Some((epoch, next, reason)) = stands else {
            return Ok(None);
        };
        if epoch != to.epoch {
            return Err(StoreError::Fenced {
                partition: to.name.clone(),
                found: epoch,
                held: to.epoch,
            });
        }
        let begins_anew = to.file.map_or(0, |marks| marks.accept_done);
        if begins_anew > 0 {
            let params = params![begins_anew, &to.name];
            self.execute(
                "begin a file anew",
                include_str!("sql/begin_file_anew.sql"),
                params,
            )?;
        } else if let Some(next) = next {
            contiguous(to, next)?;
        }
        Ok(reason)
    }

    /// A rejection that was retried became something else: moves one count.
    pub fn move_rejected(
        &self,
        source: &str,
        applied: u64,
        duplicate: u64,
        conflict: u64,
    ) -> Result<(), StoreError> {
        let params = params![applied, duplicate, conflict, source];
        self.execute(
            "count a retried rejection",
            include_str!("sql/move_rejected.sql"),
            params,
        )
        .map(drop)
    }
}

/// Comes after every name.
const LAST_NAME: &str = "\u{10ffff}";

/// What a row of the table is.
const SOURCE: &str = "a partition or file";

/// Whether a batch begins at its partition's position. Blank lines of files are passed without a
/// delivery; every offset of a partition is counted.
fn contiguous(to: &Advance, at: u64) -> Result<(), StoreError> {
    let passed = to.applied + to.duplicate + to.conflict + to.rejected + to.gaps;
    let from = to.next_position.saturating_sub(passed);
    if from < at || (to.epoch > 0 && to.file.is_none() && from > at) {
        return Err(StoreError::NotContiguous {
            partition: to.name.clone(),
            from,
            at,
        });
    }
    Ok(())
}
