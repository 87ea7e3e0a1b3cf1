//! The desk: where figures are looked at, jobs run and mails are composed, by one worker at a time.
//!
//! Its holder has what is known in memory; so whoever takes it over reads everything anew, and what
//! the one before still tries to write is refused. The database's clock says when it is free.

use std::time::Duration;

use super::shared::Shared;
use super::value::{get, params};
use super::{Durability, Store, StoreError, Tx};

/// How long the desk is kept by a worker that says nothing.
pub(super) const KEPT_MAX: Duration = Duration::from_secs(5);

/// The right to write as the desk's holder.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Desk(i64);

impl Store {
    /// Takes the desk if it is free.
    ///
    /// # Errors
    /// When the database says no.
    pub fn take_desk(&self, holder: &str) -> Result<Option<Desk>, StoreError> {
        match self {
            // The store's lock was taken before.
            Self::Sqlite(_) => Ok(Some(Desk(0))),
            Self::Postgres(_) | Self::InMemory(_) => self.write_batch("take the desk", |tx| {
                let params = params![holder, KEPT_MAX.as_micros() as i64];
                tx.row(
                    "take the desk",
                    include_str!("sql/take_desk.sql"),
                    params,
                    |row| get(row, 0).map(Desk),
                )
            }),
        }
    }

    /// Keeps the desk for another while; says whether it is still held.
    ///
    /// # Errors
    /// When the database says no.
    pub fn keep_desk(&self, desk: Desk) -> Result<bool, StoreError> {
        match self.write_batch("keep the desk", |tx| tx.hold_desk(desk)) {
            Err(StoreError::DeskLost) => Ok(false),
            kept => kept.map(|()| true),
        }
    }

    /// Gives the desk up.
    ///
    /// # Errors
    /// When the database says no.
    pub fn leave_desk(&self, desk: Desk) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) | Self::InMemory(_) => self.write_batch("leave the desk", |tx| {
                tx.execute(
                    "leave the desk",
                    include_str!("sql/leave_desk.sql"),
                    params![desk.0],
                )
                .map(drop)
            }),
        }
    }

    /// Runs `work` in one transaction, [alone](Store::write), as the desk's holder.
    ///
    /// # Errors
    /// [`StoreError::DeskLost`] when another has taken it over; those of `work`, or of the commit.
    pub fn write_at_desk<R, E: From<StoreError>>(
        &self,
        desk: Desk,
        doing: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_at_desk_as(Durability::Now, desk, doing, work)
    }

    /// As [`Store::write_at_desk`], with a commit of that durability.
    ///
    /// # Errors
    /// As there.
    pub fn write_at_desk_as<R, E: From<StoreError>>(
        &self,
        durability: Durability,
        desk: Desk,
        doing: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_beside(durability, doing, |tx| {
            tx.hold_desk(desk)?;
            work(tx)
        })
    }
}

impl Tx<'_> {
    /// Keeps everybody else from the desk until the transaction ends.
    pub(super) fn lock_desk(&self) -> Result<(), StoreError> {
        match self {
            Self::Shared(tx @ Shared::Postgres(_)) => tx
                .rows(
                    "wait for the desk",
                    include_str!("postgres/sql/lock_desk.sql"),
                    &[],
                    |_| Ok(()),
                )
                .map(drop),
            // Nobody else is in a transaction.
            Self::Sqlite(_) | Self::Shared(Shared::InMemory(_)) => Ok(()),
        }
    }

    fn hold_desk(&self, desk: Desk) -> Result<(), StoreError> {
        let Self::Shared(_) = self else { return Ok(()) };
        let params = params![KEPT_MAX.as_micros() as i64, desk.0];
        let held = self.execute("hold the desk", include_str!("sql/hold_desk.sql"), params)?;
        if held == 1 {
            Ok(())
        } else {
            Err(StoreError::DeskLost)
        }
    }
}
