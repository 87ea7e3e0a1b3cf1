//! The workers that write batches, so that a worker that follows an event clock knows whether it
//! sees all batches.
//!
//! This decides only when figures are evaluated, never whether they are right: batches of several
//! workers are kept apart by epochs, locks and the lease of the leader. Where one process has the
//! store's lock, it is the only writer.

use super::lease::KEPT_MAX;
use super::value::{get, params};
use super::{Store, StoreError};

impl Store {
    /// Notes that `name` writes batches, for as long as the [lease](Store::acquire_lease) is kept
    /// without renewal; returns whether nobody else writes.
    pub(crate) fn note_writer(&self, name: &str) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(_) => Ok(true),
            Self::Postgres(_) | Self::InMemory(_) => self.write_batch("note who writes", |tx| {
                let kept_max = KEPT_MAX.as_micros() as i64;
                tx.execute(
                    "note who writes",
                    include_str!("sql/note_writer.sql"),
                    params![name, kept_max],
                )?;
                let others = tx.row(
                    "see who else writes",
                    include_str!("sql/count_other_writers.sql"),
                    params![name],
                    |row| get(row, 0),
                )?;
                Ok(others == Some(0_i64))
            }),
        }
    }

    /// Notes that `name` writes no more.
    pub(crate) fn leave_writers(&self, name: &str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) | Self::InMemory(_) => {
                self.write_batch("leave those who write", |tx| {
                    tx.execute(
                        "leave those who write",
                        include_str!("sql/forget_writers.sql"),
                        params![name],
                    )
                    .map(drop)
                })
            }
        }
    }
}
