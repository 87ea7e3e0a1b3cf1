//! SQLite: the embedded store of one worker process.
//!
//! One connection that writes and one that reads, WAL, `synchronous=FULL`: a commit that returned
//! is on the disk. The command line opens the same file beside a running worker and keeps its
//! transactions short.

mod backup;
mod check;
mod connection;
mod file_system;
mod gallop;
mod identities;
mod lock;
mod memory;
mod memtable;
mod restore;
mod rewriting;
mod runs;
mod sqlite_store;
mod table;
mod wal;
mod wal_file;

pub(super) use connection::{execute, rows};
pub(crate) use restore::Restored;
pub(crate) use sqlite_store::Tx;
pub(crate) use sqlite_store::{SqliteStore, check_absent};

use connection::get;
use sqlite_store::{MIGRATIONS, parent};
