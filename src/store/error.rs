//! What can go wrong in the store.

use std::error::Error;
use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use rusqlite::ErrorCode;
use rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
use tokio_postgres::error::SqlState;

use super::server_error::ServerError;

/// A failure of the store.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// SQLite returned an error.
    #[error("{operation} failed in the store")]
    Sqlite {
        operation: &'static str,
        /// SQLite's error.
        #[source]
        source: rusqlite::Error,
    },
    /// The server returned an error, or the connection to it broke.
    #[error("{operation} failed in the store's database server")]
    Postgres {
        operation: &'static str,
        /// The server's error.
        #[source]
        source: ServerError,
    },
    /// The server did not answer in time.
    #[error("{operation} had no answer of the store's database server within {within:?}")]
    NoAnswer {
        operation: &'static str,
        /// How long it was waited for.
        within: Duration,
    },
    /// The database is out of reach, or the connection broke before the outcome of the transaction
    /// was known.
    #[error("{operation}: the store's database is out of reach")]
    OutOfReach { operation: &'static str },
    /// The URL of the database cannot be used.
    #[error("use store.url: {detail}")]
    Url { detail: String },
    /// What a connection needs is not available on this machine.
    #[error("get ready to connect to the database server of store.url: {detail}")]
    Client {
        /// What, and why not.
        detail: String,
    },
    /// The server does not let the worker in, or at a table.
    #[error(
        "E_DB_AUTH: {operation}: the store's database server refuses: {detail}\nhint: check user and password of store.url and the rights of that user; the worker goes on by itself once they are right"
    )]
    Refused {
        operation: &'static str,
        /// The server's message.
        detail: String,
    },
    /// Another worker was faster: the transaction was made without its changes, or met its locks.
    #[error("{operation}: another worker was faster")]
    Conflict { operation: &'static str },
    /// Another worker evaluates figures, runs jobs and composes mails now.
    #[error(
        "E_NOT_LEADER: another worker leads\nhint: one worker at a time evaluates figures and runs jobs; this one goes on without"
    )]
    NotLeader,
    /// A store can be copied one way only.
    #[error(
        "copy the store: only from sqlite: to postgres:\nhint: `sisan store copy --from sqlite:PATH --to postgres://USER@HOST/DATABASE`"
    )]
    CopyWay,
    /// What is to be copied to holds something.
    #[error(
        "E_TARGET_EXISTS: the store to copy to holds something already\nhint: nothing is written over; give an empty database"
    )]
    NotEmpty,
    /// The database server has its own means for this.
    #[error(
        "{what}: the store is on a PostgreSQL server\nhint: use the server's own tools (pg_dump, pg_basebackup); after restoring one run `sisan outbox hold`"
    )]
    OfTheServer { what: &'static str },
    /// The folder of the store could not be made or locked.
    #[error("use the store's file {path}")]
    File {
        path: PathBuf,
        #[source]
        source: std::io::Error,
    },
    /// The database is missing, and the files beside it belong to one.
    #[error(
        "E_STORE_GONE: {path} is not there or empty, but {files} files of its store are beside it, in {runs}\nhint: nothing is begun anew over them; put the file back, or move the folder away and run `sisan restore FILE` of a backup, or begin anew without both",
        path = path.display(),
        runs = path.with_extension("runs").display()
    )]
    Gone {
        path: PathBuf,
        /// Files of runs and write-ahead log.
        files: usize,
    },
    /// Another worker has it.
    #[error(
        "E_LOCKED: the store {path} is in use by another worker{by}\nhint: stop that one first; one worker at a time may use an SQLite store"
    )]
    Locked {
        path: PathBuf,
        /// By which process, where it is known.
        by: String,
    },
    /// Locks and shared memory do not hold there.
    #[error(
        "E_STORE_NETFS: {path} is on a network file system ({kind}), where an SQLite store would be lost\nhint: set store.url to a folder on a local disk"
    )]
    NetworkFileSystem {
        path: PathBuf,
        /// The kind of the file system.
        kind: String,
    },
    /// The library is older than the one without the WAL bug.
    #[error(
        "E_SQLITE_VERSION: SQLite {found} is linked in, {needed} or later is needed\nhint: build with the bundled SQLite"
    )]
    OldLibrary {
        /// What is linked in.
        found: String,
        /// The oldest that will do.
        needed: &'static str,
    },
    /// The schema is not the one that this program knows.
    #[error("E_SCHEMA: the store has schema {found}, this program knows {known}\nhint: {hint}")]
    Schema {
        found: i64,
        known: i64,
        hint: &'static str,
    },
    /// The store was made by another version of the program, before the first release.
    #[error(
        "E_SCHEMA: the store has schema {number} of another version of this program, from before the first release\nhint: run it by the version that made it, or move it away and load anew"
    )]
    OtherSchema {
        /// How many migrations were applied.
        number: i64,
    },
    /// A stored value cannot be read back, or is not what was written.
    #[error(
        "E_STORE_DAMAGED: {what}: {detail}\nhint: the store was changed by hand or its disk returns other bytes than were written; stop the worker, move the store away and make it anew of a backup with `sisan restore FILE` (docs/operate.md)"
    )]
    Damaged {
        /// Which value, or what was being done.
        what: &'static str,
        /// How it is wrong; never what was stored.
        detail: String,
    },
    /// The caller has ended long work.
    #[error("it was ended before it was done")]
    Ended,
    /// A file that is to be made exists already.
    #[error(
        "E_TARGET_EXISTS: {path} is there already\nhint: nothing is written over; move it away, or give another name"
    )]
    InTheWay {
        /// Which file or folder.
        path: PathBuf,
    },
    /// A file is no whole backup.
    #[error(
        "E_BACKUP: {path} cannot be restored: {detail}\nhint: nothing was made of it; take another backup"
    )]
    Backup { path: PathBuf, detail: String },
    /// The partition has another owner now.
    #[error(
        "E_FENCED: partition {partition} has epoch {found} in the store, this worker holds {held}\nhint: another worker took it over; this one rejoins"
    )]
    Fenced {
        partition: String,
        found: u64,
        held: u64,
    },
    /// A batch does not begin at the stored position.
    #[error(
        "commit {partition} from position {from}: the store stands at {at}\nhint: a batch was lost or read twice; restart the worker"
    )]
    NotContiguous {
        partition: String,
        /// Where the batch begins.
        from: u64,
        /// The stored position.
        at: u64,
    },
}

/// Whether the cause of an error is a full disk, of the database or of a file.
#[must_use]
pub(crate) fn is_disk_full(cause: &(dyn Error + 'static)) -> bool {
    let file = cause.downcast_ref().map(std::io::Error::kind);
    let database = cause.downcast_ref().and_then(rusqlite::Error::sqlite_error);
    let server = cause
        .downcast_ref()
        .and_then(|server: &ServerError| server.code.as_ref());
    matches!(file, Some(ErrorKind::StorageFull | ErrorKind::QuotaExceeded))
        // Without room the file that processes share cannot grow, which has a code of its own.
        || server == Some(&SqlState::DISK_FULL)
        || database.is_some_and(|error| error.code == ErrorCode::DiskFull || error.extended_code == SQLITE_IOERR_SHMSIZE)
}

impl StoreError {
    /// Whether what was read is not what was written.
    #[must_use]
    pub(crate) const fn is_damage(&self) -> bool {
        matches!(self, Self::Damaged { .. })
    }

    /// Adds the key of the row to the error.
    #[must_use]
    pub(crate) fn of_row(self, key: &str) -> Self {
        match self {
            Self::Damaged { what, detail } => Self::Damaged {
                what,
                detail: format!("row {key}: {detail}"),
            },
            other => other,
        }
    }

    /// Whether it may pass by itself: the server is out of reach, short of something, or another
    /// worker was faster.
    #[must_use]
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::NoAnswer { .. }
            | Self::OutOfReach { .. }
            | Self::Refused { .. }
            | Self::Conflict { .. }
            | Self::NotLeader => true,
            Self::Postgres { source, .. } => source
                .code
                .as_ref()
                .is_none_or(|code| PASSING.contains(&&code.code()[..2])),
            _ => false,
        }
    }
}

/// Error classes of a server that is out of reach (08), has rolled a transaction back (25, 40), or
/// is short of something or stopping (53, 57, 58).
const PASSING: [&str; 6] = ["08", "25", "40", "53", "57", "58"];

/// Wraps a database error with what was being done.
pub(super) trait OperationContext<T> {
    fn operation(self, operation: &'static str) -> Result<T, StoreError>;
}

impl<T> OperationContext<T> for rusqlite::Result<T> {
    fn operation(self, operation: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| match damage(&source) {
            Some(detail) => StoreError::Damaged {
                what: operation,
                detail,
            },
            None => StoreError::Sqlite { operation, source },
        })
    }
}

/// The damage behind an error of the database, if there is any: pages that are corrupt, or a value
/// of another kind than was written. What was stored is not repeated.
fn damage(error: &rusqlite::Error) -> Option<String> {
    match error {
        rusqlite::Error::SqliteFailure(failure, _) => match failure.code {
            ErrorCode::DatabaseCorrupt => Some("the database is malformed".to_owned()),
            ErrorCode::NotADatabase => Some("the file is no database".to_owned()),
            _ => None,
        },
        rusqlite::Error::InvalidColumnType(_, column, kind) => {
            Some(format!("column {column} holds a value of kind {kind}"))
        }
        rusqlite::Error::FromSqlConversionFailure(at, kind, _) => {
            Some(format!("column {at}, of kind {kind}, cannot be read"))
        }
        rusqlite::Error::IntegralValueOutOfRange(at, _) => {
            Some(format!("column {at} is out of its range"))
        }
        rusqlite::Error::Utf8Error(at, _) => Some(format!("column {at} is no text")),
        _ => None,
    }
}

/// The errors of a transaction that ran into another: a serialization failure, a deadlock, a lock
/// that is not free. It is repeated.
const CONFLICT_CODES: [SqlState; 3] = [
    SqlState::T_R_SERIALIZATION_FAILURE,
    SqlState::T_R_DEADLOCK_DETECTED,
    SqlState::LOCK_NOT_AVAILABLE,
];
/// The errors of a server that refuses a login or an access.
const REFUSALS: [SqlState; 3] = [
    SqlState::INVALID_PASSWORD,
    SqlState::INVALID_AUTHORIZATION_SPECIFICATION,
    SqlState::INSUFFICIENT_PRIVILEGE,
];

impl<T> OperationContext<T> for Result<T, tokio_postgres::Error> {
    fn operation(self, operation: &'static str) -> Result<T, StoreError> {
        self.map_err(|source| match source.code() {
            Some(code) if CONFLICT_CODES.contains(code) => StoreError::Conflict { operation },
            Some(code) if REFUSALS.contains(code) => {
                let detail = source
                    .as_db_error()
                    .map_or_else(String::new, |db_error| db_error.message().to_owned());
                StoreError::Refused { operation, detail }
            }
            _ => StoreError::Postgres {
                operation,
                source: ServerError::from_postgres(&source),
            },
        })
    }
}

#[cfg(test)]
impl StoreError {
    /// The database's error on a full disk.
    pub(crate) fn full_database() -> Self {
        let full = rusqlite::ffi::Error::new(rusqlite::ffi::SQLITE_FULL);
        Self::Sqlite {
            operation: "a test",
            source: rusqlite::Error::SqliteFailure(full, None),
        }
    }
}
