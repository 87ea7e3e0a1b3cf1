//! The loading window: until it ends old events are accepted, and no month closes.

use crate::store::Store;

use super::error::CommandError;

/// Accepts old events of a source from now on.
///
/// # Errors
/// During the first load, which accepts those of every source; when the store fails.
pub(crate) fn begin_load(store: &Store, source: &str) -> Result<(), CommandError> {
    store.write_tx("begin a load", |tx| {
        if tx.loading()?.first {
            return Err(CommandError::FirstLoad(source.to_owned()));
        }
        Ok(tx.begin_loading(source)?)
    })
}

/// Ends every load.
///
/// # Errors
/// While a source is behind or paused; when the store fails.
pub(crate) fn end_load(store: &Store) -> Result<(), CommandError> {
    store.write_tx("end the loads", |tx| {
        let behind = tx.sources_behind()?;
        if !behind.is_empty() {
            let names = behind.into_iter().map(|row| row.name).collect();
            return Err(CommandError::Behind(names));
        }
        Ok(tx.end_loading()?)
    })
}
