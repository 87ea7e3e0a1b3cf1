//! The store: all data, committed in one transaction a batch. The only SQL.
//!
//! ```text
//! Tx ─ one method a statement, written once for both dialects (`sql/`)
//!  ├─ sqlite    one worker: what a batch changes goes to a write-ahead log and sorted runs, mirrored in memory
//!  └─ shared    many workers: rows that a batch locks in the order of their keys
//!      ├─ postgres   on a server
//!      └─ in_memory  in one process, for tryouts
//! ```
//!
//! It may not know Kafka, SMTP, HTTP, or what an indicator is. Invariant: offsets, identities,
//! timelines, counters, alerts, tasks, notices and mails change together or not at all, and every
//! insert has a natural unique key, so that a replay changes nothing.

mod alerts;
mod brief_hints;
mod briefs;
mod codec;
mod complaints;
mod copy;
mod damage;
mod delta;
mod durability;
mod error;
mod files;
mod folding;
mod forgetting;
mod frames;
mod identities;
pub mod in_memory;
mod jobs;
mod lateness_policy;
mod lease;
mod leavers;
mod loading;
mod mail_claims;
mod named_members;
mod notices;
mod outbox;
mod outgoing;
mod parallel;
pub mod postgres;
mod publications;
mod references;
mod rejects;
mod row_digest;
mod save;
mod schema;
mod series;
mod server_error;
mod settings;
mod shared;
mod signal_checks;
mod silences;
mod source_row;
mod sources;
pub mod sqlite;
mod staged;
mod tasks;
mod timelines;
mod transaction;
mod value;
mod writers;

pub use briefs::BriefSpan;
pub use copy::{Copied, check_way, copy};
pub use damage::{Checked, DamagedRow};
pub use durability::Durability;
pub use error::{StoreError, is_disk_full};
pub use files::{FileMarks, FileRow};
pub use forgetting::{Aged, FORGOTTEN_AT_ONCE_MAX};
pub use jobs::JobRun;
pub use lateness_policy::LatenessPolicy;
pub use lease::Lease;
pub use loading::Loading;
pub use mail_claims::MailClaim;
pub use outbox::{MailEntry, QueuedMail, WaitingMails};
pub use publications::Publication;
pub use rejects::{NewReject, StoredReject};
pub use server_error::ServerError;
pub use settings::Setting;
pub use source_row::{SourceRow, SourceState};
pub use sources::{Advance, TakenOver};
pub use staged::Staged;
pub use transaction::Tx;

use std::path::{Path, PathBuf};

use in_memory::InMemoryStore;
use postgres::PostgresStore;
pub use postgres::check_server_url;
use shared::Shared;
pub use sqlite::check_absent;
use sqlite::{Restored, SqliteStore};

/// Called now and then with how much of long work is done, and of how much if that is known.
pub type OnProgress<'a> = &'a mut dyn FnMut(u64, Option<u64>);

/// Asked now and then whether long work is to end.
pub type IsOver<'a> = &'a (dyn Fn() -> bool + Sync);

/// An error once the work is to end.
fn go_on(is_over: IsOver<'_>) -> Result<(), StoreError> {
    if is_over() {
        Err(StoreError::Ended)
    } else {
        Ok(())
    }
}

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
    /// As there.
    pub fn write_as<R, E: From<StoreError>>(
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
    /// Those of `work`, or of the commit; [`StoreError::Raced`] when it is to be done again.
    pub fn write_batch<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_beside(Durability::Now, operation, work)
    }

    /// Runs `work` in a transaction beside those of others, where many write.
    fn write_beside<R, E: From<StoreError>>(
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
                work(&Tx::Shared(Shared::Postgres(tx)))
            }),
            Self::InMemory(store) => {
                store.write_tx(operation, |tx| work(&Tx::Shared(Shared::InMemory(tx))))
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
                store.read_tx(operation, |tx| work(&Tx::Shared(Shared::Postgres(tx))))
            }
            Self::InMemory(store) => {
                store.read_tx(operation, |tx| work(&Tx::Shared(Shared::InMemory(tx))))
            }
        }
    }

    /// Drops the memory of a batch that was [taken in](Tx::learn) and not saved.
    pub fn invalidate(&self) {
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
        told: OnProgress<'_>,
        is_over: IsOver<'_>,
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(store) => store.back_up(to, told, is_over),
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
        told: OnProgress<'_>,
    ) -> Result<Restored, StoreError> {
        match at {
            StoreAt::Sqlite { path, .. } => SqliteStore::restore(from, path, told),
            StoreAt::Postgres { .. } => Err(StoreError::OfTheServer { what: "restore" }),
        }
    }
}
