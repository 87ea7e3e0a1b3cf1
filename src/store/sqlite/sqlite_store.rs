//! The store in a file, and its transactions.
//!
//! Invariant: what memory mirrors of a transaction that was undone is forgotten with it.

use std::cell::Cell;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, Transaction, TransactionBehavior};

use super::connection::{connection, execute, rows};
use super::file_system::refuse_network;
use super::memory::Memory;
use super::runs::RunFolder;
use crate::access::Access;
use crate::store::error::OperationContext;
use crate::store::schema::Migrations;
use crate::store::{Durability, StoreError};

/// The oldest SQLite without the WAL-reset bug.
const SQLITE_OLDEST: (i32, &str) = (3_051_003, "3.51.3");
/// Memory of what is in the write-ahead log only at which it is written to runs, unless configured.
const UNWRITTEN_BYTES_MAX: usize = 48 << 20;
/// Every migration in order; the schema's number is how many were applied.
pub(super) const MIGRATIONS: [&str; 1] =
    [include_str!("../migrations/sqlite/0001_create_store.sql")];

/// A store in a file.
#[derive(Debug)]
pub struct SqliteStore {
    pub(super) writer: Mutex<Connection>,
    /// Another connection, so that reading continues beside a commit.
    pub(super) reader: Mutex<Connection>,
    pub(super) memory: Mutex<Option<Memory>>,
    pub(super) path: PathBuf,
    pub(super) run_folder: RunFolder,
    pub(super) memtable_bytes_max: usize,
    /// Held for as long as the worker lives.
    pub(super) _lock: Option<File>,
}

/// A running transaction; dropping it undoes it.
pub struct Tx<'a> {
    pub(super) tx: Transaction<'a>,
    pub(super) store: &'a SqliteStore,
    /// Whether memory no longer mirrors the store if this is undone.
    pub(super) changes_memory: Cell<bool>,
}

/// Whether a store may be made here: no files of one lie beside a database that is not there.
///
/// # Errors
/// [`StoreError::Gone`] if some do.
pub(crate) fn check_absent(path: &Path) -> Result<(), StoreError> {
    match RunFolder::files_of(path)? {
        files if files > 0 && !path.exists() => Err(StoreError::Gone {
            path: path.to_owned(),
            files,
        }),
        _ => Ok(()),
    }
}

impl SqliteStore {
    /// Opens (and makes, if need be) the file and brings its schema up.
    ///
    /// # Errors
    /// When the file cannot be used or has a newer schema.
    pub(crate) fn migrate(path: &Path, further: &[&str]) -> Result<Self, StoreError> {
        let file_error = |source| StoreError::File {
            path: path.to_owned(),
            source,
        };
        Access::PRIVATE
            .create_folders(parent(path))
            .map_err(file_error)?;
        let begun = RunFolder::files_of(path)?;
        check_absent(path)?;
        // What SQLite makes beside it has the mode of the file.
        Access::PRIVATE.open_or_create(path).map_err(file_error)?;
        let store = Self::connect(path)?;
        store.write_tx("migrate", |tx| {
            let (number, digest) = tx.schema()?;
            if begun > 0 && number == 0 {
                return Err(StoreError::Gone {
                    path: path.to_owned(),
                    files: begun,
                });
            }
            let all = [&MIGRATIONS[..], further].concat();
            let migrations = Migrations(&all);
            for (number, migration) in migrations.missing(number, digest)? {
                tx.tx.execute_batch(migration).operation("a migration")?;
                let digest = migrations.digest(number as usize);
                for (pragma, value) in [("user_version", number), ("application_id", digest.into())]
                {
                    tx.tx
                        .pragma_update(None, pragma, value)
                        .operation("a migration")?;
                }
            }
            Ok(())
        })?;
        Ok(store)
    }

    /// Opens a store that is there already, with the schema that this program knows.
    ///
    /// # Errors
    /// When there is none, or its schema is another.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        std::fs::metadata(path).map_err(|source| StoreError::File {
            path: path.to_owned(),
            source,
        })?;
        let files = RunFolder::files_of(path)?;
        let store = Self::connect(path)?;
        store.write_tx("check the schema", |tx| {
            if files > 0 && tx.schema()?.0 == 0 {
                return Err(StoreError::Gone {
                    path: path.to_owned(),
                    files,
                });
            }
            tx.check_schema()
        })?;
        Ok(store)
    }

    /// Sets how many bytes of memory are written to runs.
    #[must_use]
    pub(crate) const fn with_unwritten_bytes_max(mut self, bytes: usize) -> Self {
        self.memtable_bytes_max = bytes;
        self
    }

    pub(super) fn connect(path: &Path) -> Result<Self, StoreError> {
        if rusqlite::version_number() < SQLITE_OLDEST.0 {
            return Err(StoreError::OldLibrary {
                found: rusqlite::version().to_owned(),
                needed: SQLITE_OLDEST.1,
            });
        }
        refuse_network(parent(path))?;
        Ok(Self {
            writer: Mutex::new(connection(path)?),
            reader: Mutex::new(connection(path)?),
            memory: Mutex::new(None),
            path: path.to_owned(),
            run_folder: RunFolder::open(path)?,
            memtable_bytes_max: UNWRITTEN_BYTES_MAX,
            _lock: None,
        })
    }

    /// Runs `work` in one transaction that commits when it succeeds and leaves no trace when it
    /// does not.
    ///
    /// # Errors
    /// Those of `work`, or of the commit.
    pub(crate) fn write_tx<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        self.write_as(Durability::Now, operation, work)
    }

    /// Runs `work` likewise, with a commit of that durability.
    ///
    /// # Errors
    /// Those of `work`, or of the commit.
    pub(crate) fn write_as<R, E: From<StoreError>>(
        &self,
        durability: Durability,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let mut connection = guard(&self.writer);
        // What was written to the log earlier is synced with what is written later.
        let synchronous = if durability == Durability::Now {
            "FULL"
        } else {
            "NORMAL"
        };
        connection
            .pragma_update(None, "synchronous", synchronous)
            .operation(operation)?;
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Immediate)
            .operation(operation)?;
        let tx = Tx {
            tx,
            store: self,
            changes_memory: Cell::default(),
        };
        let done = work(&tx);
        let changes_memory = tx.changes_memory.get();
        let done =
            done.and_then(|result| Ok(tx.tx.commit().operation(operation).map(|()| result)?));
        if changes_memory {
            let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
            match &done {
                Ok(_) => memory
                    .iter_mut()
                    .for_each(|memory| memory.obsolete.committed(&self.run_folder)),
                // What was applied to the mirror by a transaction that was not committed must not stay.
                Err(_) => *memory = None,
            }
        }
        done
    }

    /// Forgets what memory holds; it is read again when it is needed.
    pub(in crate::store) fn invalidate(&self) {
        *self.memory.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// Runs `work` on one consistent picture of the store, changing nothing.
    ///
    /// # Errors
    /// Those of `work`.
    pub(crate) fn read_tx<R>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let mut connection = guard(&self.reader);
        let tx = connection
            .transaction_with_behavior(TransactionBehavior::Deferred)
            .operation(operation)?;
        work(&Tx {
            tx,
            store: self,
            changes_memory: Cell::default(),
        })
    }
}

/// The folder that a file is in.
pub(super) fn parent(path: &Path) -> &Path {
    path.parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."))
}

pub(super) fn guard(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    // A panic elsewhere left no open transaction: dropping one rolls it back.
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Tx<'_> {
    /// The schema's number, and the digest of what was applied.
    pub(super) fn schema(&self) -> Result<(i64, i32), StoreError> {
        let operation = "read the schema's number";
        let number = self
            .tx
            .pragma_query_value(None, "user_version", |row| row.get(0));
        let digest = self
            .tx
            .pragma_query_value(None, "application_id", |row| row.get(0));
        Ok((number.operation(operation)?, digest.operation(operation)?))
    }

    pub(super) fn check_schema(&self) -> Result<(), StoreError> {
        let (number, digest) = self.schema()?;
        Migrations(&MIGRATIONS).check(number, digest)
    }

    /// Every row of a statement, read by `read`.
    pub(in crate::store) fn rows<T>(
        &self,
        operation: &'static str,
        sql: &str,
        params: impl rusqlite::Params,
        read: impl FnMut(&rusqlite::Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        rows(&self.tx, operation, sql, params, read)
    }

    /// Runs a statement that changes rows; returns how many.
    pub(in crate::store) fn execute(
        &self,
        operation: &'static str,
        sql: &str,
        params: impl rusqlite::Params,
    ) -> Result<usize, StoreError> {
        execute(&self.tx, operation, sql, params)
    }
}
