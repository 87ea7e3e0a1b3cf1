//! The loading window: until it ends old events are accepted, and no month closes.

use crate::store::{SourceRow, Store};

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
        let (paused, behind): (Vec<_>, Vec<_>) = tx
            .sources_behind()?
            .into_iter()
            .partition(|row| row.state.pause().is_some());
        let names = |rows: Vec<SourceRow>| rows.into_iter().map(|row| row.name).collect();
        if !paused.is_empty() {
            return Err(CommandError::Paused(names(paused)));
        }
        if !behind.is_empty() {
            return Err(CommandError::Behind(names(behind)));
        }
        Ok(tx.end_loading()?)
    })
}
