//! The store, whichever database it is in.

use std::path::{Path, PathBuf};

use super::durability::Durability;
use super::error::StoreError;
use super::in_memory::InMemoryStore;
use super::postgres::PostgresStore;
use super::progress::{IsOver, OnProgress};
use super::shared::SharedTx;
use super::sqlite::{Restored, SqliteStore};
use super::transaction::Tx;

/// Where a store is.
#[derive(Clone)]
pub enum StoreAt {
    /// A file, and the folder of its runs beside it.
    Sqlite {
        path: PathBuf,
        /// Memory of what is in the write-ahead log only at which it is written to runs.
        memtable_bytes_max: usize,
    },
    /// A database of a server.
    Postgres {
        url: String,
        /// Of the URL's user.
        password: Option<String>,
    },
}

#[derive(Debug)]
pub enum Store {
    Sqlite(Box<SqliteStore>),
    Postgres(Box<PostgresStore>),
    /// Of many in one process.
    InMemory(Box<InMemoryStore>),
}

impl Store {
    /// Opens (and makes, if need be) the store and brings its schema up.
    ///
    /// # Errors
    /// When it cannot be used or has a newer schema.
    pub fn migrate(at: &StoreAt) -> Result<Self, StoreError> {
        Self::migrate_further(at, &[])
    }

    /// Likewise, with migrations that a later version of the program may have.
    ///
    /// # Errors
    /// Likewise.
    pub fn migrate_further(at: &StoreAt, further: &[&str]) -> Result<Self, StoreError> {
        match at {
            StoreAt::Sqlite {
                path,
                memtable_bytes_max,
            } => Ok(Self::Sqlite(Box::new(
                SqliteStore::migrate(path, further)?.with_unwritten_bytes_max(*memtable_bytes_max),
            ))),
            StoreAt::Postgres { url, password } => Ok(Self::Postgres(Box::new(
                PostgresStore::migrate(url, password.as_deref(), further)?,
            ))),
        }
    }

    /// Opens a store that is there already, with the schema that this program knows.
    ///
    /// # Errors
    /// When there is none, or its schema is another.
    pub fn open(at: &StoreAt) -> Result<Self, StoreError> {
        match at {
            StoreAt::Sqlite {
                path,
                memtable_bytes_max,
            } => Ok(Self::Sqlite(Box::new(
                SqliteStore::open(path)?.with_unwritten_bytes_max(*memtable_bytes_max),
            ))),
            StoreAt::Postgres { url, password } => Ok(Self::Postgres(Box::new(
                PostgresStore::open(url, password.as_deref())?,
            ))),
        }
    }

    /// Makes this process the one worker of the store, if it can have but one.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another has it, [`StoreError::Damaged`] when the database is not
    /// whole.
    pub fn lock(self) -> Result<Self, StoreError> {
        match self {
            Self::Sqlite(store) => Ok(Self::Sqlite(Box::new(store.lock()?))),
            Self::Postgres(_) | Self::InMemory(_) => Ok(self),
        }
    }

    /// Whether several workers may use it at once.
    #[must_use]
    pub const fn is_shared(&self) -> bool {
        !matches!(self, Self::Sqlite(_))
    }

    /// Runs `work` in one transaction that commits when it succeeds and leaves no trace when it
    /// does not. No other such transaction runs meanwhile; only [batches](Store::write_batch) do.
    ///
    /// # Errors
    /// Those of `work`, or of the commit.
    pub fn write_tx<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_as(Durability::Now, operation, work)
    }

    /// As [`Store::write_tx`], with a commit of that durability.
    ///
    /// # Errors
    /// Those of `Store::write_tx`.
    pub(crate) fn write_as<R, E: From<StoreError>>(
        &self,
        durability: Durability,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_beside(durability, operation, |tx| {
            tx.lock_lease()?;
            work(tx)
        })
    }

    /// Runs `work` likewise; where many write, beside the transactions of others. It may change
    /// only what belongs to a partition that is held, timelines that it locks, and rows that nobody
    /// else changes.
    ///
    /// # Errors
    /// Those of `work`, or of the commit; [`StoreError::Conflict`] when it is to be done again.
    pub fn write_batch<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_beside(Durability::Now, operation, work)
    }

    /// Runs `work` in a transaction beside those of others, where many write.
    pub(super) fn write_beside<R, E: From<StoreError>>(
        &self,
        durability: Durability,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        match self {
            Self::Sqlite(store) => {
                store.write_as(durability, operation, |tx| work(&Tx::Sqlite(tx)))
            }
            Self::Postgres(store) => store.write_as(durability, operation, |tx| {
                work(&Tx::Shared(SharedTx::Postgres(tx)))
            }),
            Self::InMemory(store) => {
                store.write_tx(operation, |tx| work(&Tx::Shared(SharedTx::InMemory(tx))))
            }
        }
    }

    /// Runs `work` on one consistent picture of the store, changing nothing.
    ///
    /// # Errors
    /// Those of `work`.
    pub fn read_tx<R>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        match self {
            Self::Sqlite(store) => store.read_tx(operation, |tx| work(&Tx::Sqlite(tx))),
            Self::Postgres(store) => {
                store.read_tx(operation, |tx| work(&Tx::Shared(SharedTx::Postgres(tx))))
            }
            Self::InMemory(store) => {
                store.read_tx(operation, |tx| work(&Tx::Shared(SharedTx::InMemory(tx))))
            }
        }
    }

    /// Drops the memory of a batch that was [staged](Tx::stage) and not saved.
    pub(crate) fn invalidate(&self) {
        if let Self::Sqlite(store) = self {
            store.invalidate();
        }
    }

    /// Copies the store into one file, beside a running worker; its size in bytes.
    ///
    /// # Errors
    /// When the file is there, cannot be written, or the store is damaged; [`StoreError::Ended`]
    /// once `is_over`, which is asked between two pieces: then there is no file.
    pub fn back_up(
        &self,
        to: &Path,
        on_progress: OnProgress<'_>,
        is_over: IsOver<'_>,
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.back_up(to, on_progress, is_over),
            Self::Postgres(_) | Self::InMemory(_) => {
                Err(StoreError::OfTheServer { what: "backup" })
            }
        }
    }

    /// Makes a store of a backup: epochs raised, mails held.
    ///
    /// # Errors
    /// When there is a store already, or the backup is damaged.
    pub fn restore(
        from: &Path,
        at: &StoreAt,
        on_progress: OnProgress<'_>,
    ) -> Result<Restored, StoreError> {
        match at {
            StoreAt::Sqlite { path, .. } => SqliteStore::restore(from, path, on_progress),
            StoreAt::Postgres { .. } => Err(StoreError::OfTheServer { what: "restore" }),
        }
    }
}
