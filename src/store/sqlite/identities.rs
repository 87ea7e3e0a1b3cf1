//! Identities that are forgotten, and targets of retractions.

use super::runs::FileKind;
use super::{Tx, get};
use crate::store::StoreError;

impl Tx<'_> {
    /// Forgets the identities that `keep` does not want; how many there were.
    pub(in crate::store) fn forget_identities(
        &self,
        keep: impl FnMut(&[u8]) -> Result<bool, StoreError>,
    ) -> Result<u64, StoreError> {
        self.write_runs()?;
        self.with_memory(|memory| {
            let (gone, old) = memory.identities.retain(self, keep)?;
            memory.obsolete.note(FileKind::Run, old);
            Ok(gone)
        })
    }

    /// Targets of retractions that were not known when it came.
    pub(super) fn retractions(&self) -> Result<Vec<u128>, StoreError> {
        self.rows(
            "list retractions",
            include_str!("sql/list_retractions.sql"),
            [],
            |row| get::<[u8; 16]>(row, 0).map(u128::from_be_bytes),
        )
    }

    /// Remembers the target of a retraction.
    pub(super) fn insert_retraction(&self, target: u128) -> Result<(), StoreError> {
        self.execute(
            "commit a retraction",
            include_str!("sql/insert_retraction.sql"),
            [&target.to_be_bytes()[..]],
        )
        .map(drop)
    }
}
