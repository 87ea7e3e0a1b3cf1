//! A connection to the file of a store, set up as every connection is, and statements over it.

use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;

use super::super::error::OperationContext;
use super::super::{StoreError, row_digest};

/// How long a writer waits for another process.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
const STATEMENTS_MAX: usize = 128;
/// Page cache of a connection, in KiB (negative for SQLite).
const CACHE_KIB: i64 = -4_096;
/// Pages in the write-ahead log at which it is written back: most of the write-ahead log's are
/// overwritten there before.
const CHECKPOINT_PAGES: i64 = 16_384;

pub(super) fn connection(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open(path).operation("open the file")?;
    connection
        .busy_timeout(BUSY_TIMEOUT)
        .operation("open the file")?;
    row_digest::register(&connection)?;
    for (name, value) in [
        ("journal_mode", "WAL"),
        ("synchronous", "FULL"),
        ("foreign_keys", "ON"),
        ("mmap_size", "0"),
    ] {
        connection
            .pragma_update(None, name, value)
            .operation("set up the connection")?;
    }
    // A statement is planned once, and not again for each number of rows that is asked for.
    connection
        .set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)
        .operation("set up the connection")?;
    connection
        .pragma_update(None, "wal_autocheckpoint", CHECKPOINT_PAGES)
        .operation("set up the connection")?;
    connection
        .pragma_update(None, "cache_size", CACHE_KIB)
        .operation("set up the connection")?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
    Ok(connection)
}

/// Every row of a statement, read by `read`.
pub(in crate::store) fn rows<T>(
    connection: &Connection,
    operation: &'static str,
    sql: &str,
    params: impl rusqlite::Params,
    mut read: impl FnMut(&rusqlite::Row<'_>) -> Result<T, StoreError>,
) -> Result<Vec<T>, StoreError> {
    let mut statement = connection.prepare_cached(sql).operation(operation)?;
    let mut rows = statement.query(params).operation(operation)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().operation(operation)? {
        all.push(read(row)?);
    }
    Ok(all)
}

/// Runs a statement that changes rows; returns how many.
pub(in crate::store) fn execute(
    connection: &Connection,
    operation: &'static str,
    sql: &str,
    params: impl rusqlite::Params,
) -> Result<usize, StoreError> {
    connection
        .prepare_cached(sql)
        .and_then(|mut statement| statement.execute(params))
        .operation(operation)
}

/// A column of a row.
pub(super) fn get<T: rusqlite::types::FromSql>(
    row: &rusqlite::Row<'_>,
    at: usize,
) -> Result<T, StoreError> {
    row.get(at).operation("read a column")
}

#[cfg(test)]
mod tests {
    use rusqlite::StatementStatus;

    use super::*;

    #[test]
    fn a_statement_is_planned_once_however_many_rows_are_asked_for() {
        let dir = tempfile::tempdir().expect("a folder");
        let connection = connection(&dir.path().join("a.db")).expect("a connection");
        connection
            .execute_batch(
                "CREATE TABLE t (n INTEGER PRIMARY KEY); INSERT INTO t VALUES (1), (2), (3)",
            )
            .expect("a table");
        let mut statement = connection
            .prepare("SELECT n FROM t WHERE n > ?1 ORDER BY n DESC LIMIT ?2")
            .expect("a statement");
        for most in 1..4_usize {
            let found = statement
                .query_map((0, most as i64), |_| Ok(()))
                .expect("rows")
                .count();
            assert_eq!(found, most);
        }
        assert_eq!(statement.get_status(StatementStatus::RePrepare), 0);
    }
}
