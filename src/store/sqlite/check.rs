//! Whether the store is what was written: the database by its own check and the digests of its rows, the files beside it by
//! theirs.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::backup::Named;
use super::journal_file::read_batch;
use super::{MIGRATIONS, Tx, get, rows};
use crate::store::error::Doing;
use crate::store::{IsOver, StoreError, row_digest};

/// Asks the database whether it is whole, each row by its CHECK of the digest too, and whether its schema is ours.
pub(super) fn check_database(connection: &Connection) -> Result<(), StoreError> {
    let damaged = |detail: String| StoreError::Damaged { what: "the database", detail };
    // A copy's connection has not needed it before.
    row_digest::register(connection)?;
    let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).doing("check the database")?;
    if check != "ok" {
        return Err(damaged(check));
    }
    match schema(connection)? == own_schema()? {
        true => Ok(()),
        false => Err(damaged("its schema is not what was written".to_owned())),
    }
}

/// Ends what is over.
pub(super) fn go_on(is_over: IsOver<'_>) -> Result<(), StoreError> {
    if is_over() { Err(StoreError::Ended) } else { Ok(()) }
}

type Definition = (String, String, String, Option<String>);

/// What the database says of its tables and indexes.
fn schema(connection: &Connection) -> Result<Vec<Definition>, StoreError> {
    let doing = "read the schema";
    rows(connection, doing, include_str!("sql/list_schema.sql"), [], |row| Ok((get(row, 0)?, get(row, 1)?, get(row, 2)?, get(row, 3)?)))
}

/// What the migrations make.
fn own_schema() -> Result<Vec<Definition>, StoreError> {
    let connection = Connection::open_in_memory().doing("make the schema")?;
    row_digest::register(&connection)?;
    MIGRATIONS.iter().try_for_each(|migration| connection.execute_batch(migration)).doing("make the schema")?;
    schema(&connection)
}

impl Tx<'_> {
    /// Reads the database, every run and the journal once through; how many files stand beside the database.
    pub(in crate::store) fn check(&self, is_over: IsOver<'_>) -> Result<usize, StoreError> {
        check_database(&self.tx)?;
        let Named { runs, batches } = self.named()?;
        runs.iter().try_for_each(|runs| runs.check(is_over))?;
        for (place, file) in &batches {
            go_on(is_over)?;
            read_batch(file, *place)?;
        }
        let journal: BTreeSet<u64> = batches.iter().map(|(place, _)| place.file).collect();
        Ok(runs.iter().map(|runs| runs.files().count()).sum::<usize>() + journal.len())
    }
}
