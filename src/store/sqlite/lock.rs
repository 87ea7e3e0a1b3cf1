//! One worker at a time: a lock on a file beside the store, for as long as the process lives.

use std::fs::TryLockError;
use std::io::{Read, Seek, Write};

use super::SqliteStore;
use super::check::check_database;
use super::runs::delete_leftovers;
use crate::access::Access;
use crate::store::StoreError;

impl SqliteStore {
    /// Makes this process the one worker of the store.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when another has it, [`StoreError::Damaged`] when the database is not
    /// whole.
    pub(crate) fn lock(mut self) -> Result<Self, StoreError> {
        let path = self.path.with_extension("lock");
        let file_error = |source| StoreError::File {
            path: path.clone(),
            source,
        };
        let mut file = Access::PRIVATE.open_or_create(&path).map_err(file_error)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                let mut by = String::new();
                file.read_to_string(&mut by).map_err(file_error)?;
                return Err(StoreError::Locked {
                    path: self.path,
                    by: format!(" ({})", by.trim()),
                });
            }
            Err(TryLockError::Error(source)) => return Err(file_error(source)),
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .map_err(file_error)?;
        writeln!(file, "process {}", std::process::id()).map_err(file_error)?;
        self._lock = Some(file);
        self.read_tx("look for leftovers", |tx| {
            check_database(&tx.tx, &|| false)?;
            delete_leftovers(tx, &self.run_folder)
        })?;
        Ok(self)
    }
}
