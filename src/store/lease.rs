//! The lease of the leader: of all workers on a store one at a time evaluates figures, runs jobs
//! and composes mails.
//!
//! Its holder has the read model in memory; so whoever takes it over reads everything again, and
//! what the holder before still tries to write is refused. The lease expires by the database's
//! clock.

use std::time::Duration;

use super::shared::SharedTx;
use super::value::{get, params};
use super::{Durability, Store, StoreError, Tx};

/// How long a lease lasts that is not renewed.
pub(super) const KEPT_MAX: Duration = Duration::from_secs(5);

/// The right to write as the leader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease(i64);

impl Store {
    /// Acquires the lease if it is free.
    pub fn acquire_lease(&self, holder: &str) -> Result<Option<Lease>, StoreError> {
        match self {
            // The store's lock was taken before.
            Self::Sqlite(_) => Ok(Some(Lease(0))),
            Self::Postgres(_) | Self::InMemory(_) => self.write_batch("acquire the lease", |tx| {
                let params = params![holder, KEPT_MAX.as_micros() as i64];
                tx.row(
                    "acquire the lease",
                    include_str!("sql/acquire_lease.sql"),
                    params,
                    |row| get(row, 0).map(Lease),
                )
            }),
        }
    }

    /// Renews the lease; returns whether it is still held.
    pub(crate) fn renew_lease(&self, lease: Lease) -> Result<bool, StoreError> {
        match self.write_batch("renew the lease", |tx| tx.renew_lease(lease)) {
            Err(StoreError::NotLeader) => Ok(false),
            kept => kept.map(|()| true),
        }
    }

    pub(crate) fn resign_lease(&self, lease: Lease) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(_) => Ok(()),
            Self::Postgres(_) | Self::InMemory(_) => self.write_batch("resign", |tx| {
                tx.execute(
                    "resign",
                    include_str!("sql/resign_lease.sql"),
                    params![lease.0],
                )
                .map(drop)
            }),
        }
    }

    /// Runs `work` in one transaction, [alone](Store::write_tx), as the leader.
    ///
    /// # Errors
    /// [`StoreError::NotLeader`] when another has taken it over; those of `work`, or of the commit.
    pub(crate) fn write_as_leader<R, E: From<StoreError>>(
        &self,
        lease: Lease,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_as_leader_with(Durability::Now, lease, operation, work)
    }

    /// As [`Store::write_as_leader`], with a commit of that durability.
    ///
    /// # Errors
    /// Those of `Store::write_as_leader`.
    pub(crate) fn write_as_leader_with<R, E: From<StoreError>>(
        &self,
        durability: Durability,
        lease: Lease,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_beside(durability, operation, |tx| {
            tx.renew_lease(lease)?;
            work(tx)
        })
    }
}

impl Tx<'_> {
    /// Keeps every other worker from taking the lease until the transaction ends.
    pub(super) fn lock_lease(&self) -> Result<(), StoreError> {
        match self {
            Self::Shared(tx @ SharedTx::Postgres(_)) => tx
                .rows(
                    "wait for the lease",
                    include_str!("postgres/sql/lock_lease.sql"),
                    &[],
                    |_| Ok(()),
                )
                .map(drop),
            // Nobody else is in a transaction.
            Self::Sqlite(_) | Self::Shared(SharedTx::InMemory(_)) => Ok(()),
        }
    }

    fn renew_lease(&self, lease: Lease) -> Result<(), StoreError> {
        let Self::Shared(_) = self else { return Ok(()) };
        let params = params![KEPT_MAX.as_micros() as i64, lease.0];
        let held = self.execute(
            "renew the lease",
            include_str!("sql/renew_lease.sql"),
            params,
        )?;
        if held == 1 {
            Ok(())
        } else {
            Err(StoreError::NotLeader)
        }
    }
}
