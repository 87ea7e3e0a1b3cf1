//! Saving a batch.

use super::staged::Staged;
use super::{StoreError, Tx};

impl Tx<'_> {
    /// Stages a batch in memory that is about to be [saved](Tx::save), and nothing else before it;
    /// where many write, nothing is kept in memory.
    ///
    /// # Errors
    /// When memory cannot be read from the store.
    pub fn stage(&self, staged: &Staged) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => tx.stage(staged),
            Self::Shared(_) => Ok(()),
        }
    }

    /// Saves a batch that was [staged](Tx::stage).
    ///
    /// # Errors
    /// When the disk or the database fails; [`StoreError::Conflict`] when another worker has
    /// meanwhile committed something that the batch was prepared without.
    pub fn save(&self, staged: &Staged) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(tx) => {
                tx.append_to_wal(staged)?;
                self.save_deltas(std::slice::from_ref(&staged.delta))
            }
            Self::Shared(tx) => tx.save(staged),
        }
    }
}
