//! The store, its database, and the faults between them.

use std::cell::RefCell;
use std::sync::{Arc, Mutex, PoisonError};

use rusqlite::functions::FunctionFlags;
use rusqlite::{Connection, params_from_iter};

use crate::domain::fast_map::FastSet;
use crate::domain::local_day::Timestamp;
use crate::store::error::OperationContext;
use crate::store::value::Value;
use crate::store::{Store, StoreError, row_digest, sqlite};

/// What becomes of a transaction that could be committed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Commit {
    Done,
    /// The connection breaks before it is.
    Lost,
    /// The connection breaks after it is, before the worker has the answer.
    AckLost,
}

/// The connection between a worker and the database.
pub trait FaultInjector: Send + Sync {
    /// Called as a transaction begins; false if the database is out of reach.
    fn begin(&self, operation: &'static str) -> bool;
    /// Called before a transaction that changes something is committed; returns what becomes of it.
    fn commit(&self, operation: &'static str) -> Commit;
    /// Called when a transaction has ended.
    fn ended(&self, operation: &'static str);
}

/// A database; clones are the same one.
#[derive(Clone)]
pub struct Database(Arc<Mutex<Connection>>);

/// A worker's store in it.
pub struct InMemoryStore {
    database: Database,
    faults: Arc<dyn FaultInjector>,
}

pub struct Tx<'a> {
    tx: rusqlite::Transaction<'a>,
    /// Digests of timelines that it has read to change them.
    pub(in crate::store) locked: RefCell<FastSet<u128>>,
}

impl std::fmt::Debug for InMemoryStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("InMemoryStore").finish_non_exhaustive()
    }
}

impl Database {
    /// An empty database whose clock is `now`.
    ///
    /// # Errors
    /// When there is no memory for it.
    pub fn new(now: impl Fn() -> Timestamp + Send + 'static) -> Result<Self, StoreError> {
        let operation = "make a database in memory";
        let connection = Connection::open_in_memory().operation(operation)?;
        connection
            .create_scalar_function("now_us", 0, FunctionFlags::SQLITE_UTF8, move |_| {
                Ok(now().micros())
            })
            .operation(operation)?;
        row_digest::register(&connection)?;
        connection
            .execute_batch(include_str!("../migrations/sqlite/0001_create_store.sql"))
            .operation(operation)?;
        connection
            .execute_batch(include_str!("sql/create_shared.sql"))
            .operation(operation)?;
        connection.set_prepared_statement_cache_capacity(128);
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// A worker's store in it.
    #[must_use]
    pub fn store(&self, faults: Arc<dyn FaultInjector>) -> Store {
        Store::InMemory(Box::new(InMemoryStore {
            database: self.clone(),
            faults,
        }))
    }
}

impl InMemoryStore {
    /// Runs `work` in a transaction that commits when it succeeds.
    pub(in crate::store) fn write_tx<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, E>,
    ) -> Result<R, E> {
        let done = self.transaction(operation, |tx| {
            let done = work(tx)?;
            Ok((done, self.faults.commit(operation)))
        });
        self.faults.ended(operation);
        done
    }

    /// Runs `work` in a transaction that changes nothing.
    pub(in crate::store) fn read_tx<R>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<R, StoreError>,
    ) -> Result<R, StoreError> {
        let done = self.transaction(operation, |tx| Ok((work(tx)?, Commit::Done)));
        self.faults.ended(operation);
        done
    }

    fn transaction<R, E: From<StoreError>>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Tx<'_>) -> Result<(R, Commit), E>,
    ) -> Result<R, E> {
        if !self.faults.begin(operation) {
            return Err(StoreError::OutOfReach { operation }.into());
        }
        let mut connection = self
            .database
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let tx = Tx {
            tx: connection.transaction().operation(operation)?,
            locked: RefCell::default(),
        };
        let (done, commit) = work(&tx)?;
        if commit != Commit::Lost {
            tx.tx.commit().operation(operation)?;
        }
        if commit == Commit::Done {
            Ok(done)
        } else {
            Err(StoreError::OutOfReach { operation }.into())
        }
    }
}

impl Tx<'_> {
    pub(in crate::store) fn rows<T>(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
        read: impl FnMut(&rusqlite::Row<'_>) -> Result<T, StoreError>,
    ) -> Result<Vec<T>, StoreError> {
        sqlite::rows(&self.tx, operation, sql, params_from_iter(params), read)
    }

    pub(in crate::store) fn execute(
        &self,
        operation: &'static str,
        sql: &'static str,
        params: &[Value<'_>],
    ) -> Result<u64, StoreError> {
        Ok(sqlite::execute(&self.tx, operation, sql, params_from_iter(params))? as u64)
    }
}
