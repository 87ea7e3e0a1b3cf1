//! Plain tables of SQLite, keyed by the digest: the alternative to the sorted runs.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension};

use super::Done;
use super::key_value::{Engine, Entries, Kind};

const CREATE: &str = "
    CREATE TABLE IF NOT EXISTS identity (digest BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS timeline (digest BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS counter (digest BLOB PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;";
/// By [`Kind`].
const FIND: [&str; 3] = [
    "SELECT value FROM identity WHERE digest = ?1",
    "SELECT value FROM timeline WHERE digest = ?1",
    "SELECT value FROM counter WHERE digest = ?1",
];
/// By [`Kind`].
const PUT: [&str; 3] = [
    "INSERT OR REPLACE INTO identity VALUES (?1, ?2)",
    "INSERT OR REPLACE INTO timeline VALUES (?1, ?2)",
    "INSERT OR REPLACE INTO counter VALUES (?1, ?2)",
];
/// The store's own value.
const CHECKPOINT_PAGES: i64 = 16_384;

pub struct Tables {
    writer: Mutex<Connection>,
    /// One per core.
    readers: Vec<Mutex<Connection>>,
}

impl Tables {
    /// The page caches of all connections share `cache_bytes`.
    pub fn open(dir: &Path, cache_bytes: u64) -> Done<Self> {
        let cores = rayon::current_num_threads();
        let cache_kib = -((cache_bytes >> 10) as i64) / (cores as i64 + 1);
        let connection = || -> Done<Mutex<Connection>> {
            let connection = Connection::open(dir.join("tables.db"))?;
            connection.pragma_update(None, "journal_mode", "WAL")?;
            connection.pragma_update(None, "synchronous", "FULL")?;
            connection.pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)?;
            connection.pragma_update(None, "cache_size", cache_kib)?;
            Ok(Mutex::new(connection))
        };
        let writer = connection()?;
        guard(&writer).execute_batch(CREATE)?;
        let readers = (0..cores).map(|_| connection()).collect::<Done<_>>()?;
        Ok(Self { writer, readers })
    }

    fn on_every_reader(&self, statement: &str) -> Done<()> {
        self.readers
            .iter()
            .try_for_each(|reader| Ok(guard(reader).execute_batch(statement)?))
    }
}

impl Engine for Tables {
    fn begin_reads(&self) -> Done<()> {
        self.on_every_reader("BEGIN")
    }

    fn end_reads(&self) -> Done<()> {
        self.on_every_reader("COMMIT")
    }

    fn find<R>(&self, kind: Kind, digest: u128, read: impl FnOnce(&[u8]) -> R) -> Done<Option<R>> {
        let reader = guard(&self.readers[rayon::current_thread_index().unwrap_or(0)]);
        let mut statement = reader.prepare_cached(FIND[kind as usize])?;
        let found = statement.query_row([&digest.to_be_bytes()[..]], |row| {
            Ok(read(row.get_ref(0)?.as_blob()?))
        });
        Ok(found.optional()?)
    }

    fn commit(&self, entries: &[Entries; 3]) -> Done<()> {
        let mut writer = guard(&self.writer);
        let tx = writer.transaction()?;
        for kind in Kind::ALL {
            let mut statement = tx.prepare_cached(PUT[kind as usize])?;
            for (digest, value) in &entries[kind as usize] {
                statement.execute((&digest.to_be_bytes()[..], &value[..]))?;
            }
        }
        Ok(tx.commit()?)
    }
}

fn guard(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}
