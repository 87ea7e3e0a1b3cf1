//! Whether the store is what was written: the database by its own check and the digests of its
//! rows, the files beside it by theirs.

use std::collections::BTreeSet;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use rusqlite::Connection;

use super::backup::OpenedFiles;
use super::wal_file::read_batch;
use super::{MIGRATIONS, Tx, get, rows};
use crate::store::error::OperationContext;
use crate::store::{IsOver, StoreError, go_on, row_digest};

/// How often a running check of the database tests `is_over`.
const POLL_INTERVAL: Duration = Duration::from_millis(20);

/// Asks the database whether it is whole, each row by its CHECK of the digest too, and whether its
/// schema is ours.
pub(super) fn check_database(
    connection: &Connection,
    is_over: IsOver<'_>,
) -> Result<(), StoreError> {
    let damaged = |detail: String| StoreError::Damaged {
        what: "the database",
        detail,
    };
    // A copy's connection has not needed it before.
    row_digest::register(connection)?;
    let check = own_check(connection, is_over)?;
    if check != "ok" {
        return Err(damaged(check));
    }
    match schema(connection)? == own_schema()? {
        true => Ok(()),
        false => Err(damaged("its schema is not what was written".to_owned())),
    }
}

/// The database's own check of all it holds, which is interrupted once it is over.
fn own_check(connection: &Connection, is_over: IsOver<'_>) -> Result<String, StoreError> {
    let (interrupt, (done, is_done)) = (connection.get_interrupt_handle(), mpsc::channel::<()>());
    let check = std::thread::scope(|scope| {
        scope.spawn(move || {
            while is_done.recv_timeout(POLL_INTERVAL) == Err(RecvTimeoutError::Timeout) {
                if is_over() {
                    return interrupt.interrupt();
                }
            }
        });
        let check = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0));
        drop(done);
        check
    });
    go_on(is_over)?;
    check.operation("check the database")
}

type Definition = (String, String, String, Option<String>);

/// The definitions of the database's tables and indexes.
fn schema(connection: &Connection) -> Result<Vec<Definition>, StoreError> {
    let operation = "read the schema";
    rows(
        connection,
        operation,
        include_str!("sql/list_schema.sql"),
        [],
        |row| Ok((get(row, 0)?, get(row, 1)?, get(row, 2)?, get(row, 3)?)),
    )
}

/// What the migrations make.
fn own_schema() -> Result<Vec<Definition>, StoreError> {
    let connection = Connection::open_in_memory().operation("make the schema")?;
    row_digest::register(&connection)?;
    MIGRATIONS
        .iter()
        .try_for_each(|migration| connection.execute_batch(migration))
        .operation("make the schema")?;
    schema(&connection)
}

impl Tx<'_> {
    /// Reads the database, every run and the write-ahead log once through; returns how many files
    /// are beside the database.
    pub(in crate::store) fn check(&self, is_over: IsOver<'_>) -> Result<usize, StoreError> {
        check_database(&self.tx, is_over)?;
        let OpenedFiles { runs, batches } = self.named()?;
        runs.iter().try_for_each(|runs| runs.check(is_over))?;
        for (place, file) in &batches {
            go_on(is_over)?;
            read_batch(file, *place)?;
        }
        let logged: BTreeSet<u64> = batches.iter().map(|(place, _)| place.file).collect();
        Ok(runs.iter().map(|runs| runs.files().count()).sum::<usize>() + logged.len())
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_long_check_is_ended_where_it_stands() {
        let connection = Connection::open_in_memory().expect("a database");
        let rows = "WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < 1000000) SELECT n, n % 1000 FROM c";
        let fill = format!(
            "CREATE TABLE t (n INTEGER NOT NULL, m INTEGER NOT NULL); CREATE INDEX i ON t (m, n); INSERT INTO t {rows};"
        );
        connection.execute_batch(&fill).expect("rows");
        let asked = AtomicU32::new(0);
        let ended = own_check(&connection, &|| asked.fetch_add(1, Ordering::Relaxed) > 0);
        assert!(matches!(ended, Err(StoreError::Ended)), "{ended:?}");
        assert_eq!(
            asked.into_inner(),
            3,
            "it goes on, it is over, and that was why"
        );
        assert_eq!(own_check(&connection, &|| false).expect("a check"), "ok");
    }
}
