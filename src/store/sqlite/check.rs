//! Whether the store is what was written: the database by its own check, the files beside it by their digests.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::Tx;
use super::backup::Named;
use super::journal_file::read_batch;
use super::runs::Runs;
use crate::store::StoreError;
use crate::store::error::Doing;

/// Asks the database whether it is whole.
pub(super) fn check_database(connection: &Connection) -> Result<(), StoreError> {
    let check: String = connection.query_row("PRAGMA integrity_check", [], |row| row.get(0)).doing("check the database")?;
    if check == "ok" { Ok(()) } else { Err(StoreError::Damaged { what: "the database", detail: check }) }
}

impl Tx<'_> {
    /// Reads the database, every run and the journal once through; how many files stand beside the database.
    pub(in crate::store) fn check(&self) -> Result<usize, StoreError> {
        check_database(&self.tx)?;
        let Named { runs, batches } = self.named()?;
        runs.iter().try_for_each(Runs::check)?;
        batches.iter().try_for_each(|(place, file)| read_batch(file, *place).map(drop))?;
        let journal: BTreeSet<u64> = batches.iter().map(|(place, _)| place.file).collect();
        Ok(runs.iter().map(|runs| runs.files().count()).sum::<usize>() + journal.len())
    }
}
