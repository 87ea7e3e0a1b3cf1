//! The sources that are behind, loaded.

use crate::plan::SourceBehind;
use crate::store::{StoreError, Tx};

/// The partitions and files of which something is unread.
pub(crate) fn sources_behind(tx: &Tx<'_>) -> Result<Vec<SourceBehind>, StoreError> {
    let rows = tx.sources_behind()?.into_iter();
    let behind = rows.map(|row| SourceBehind {
        is_paused: row.state.pause().is_some(),
        name: row.name,
        lag: row.lag,
        read_until: row.complete_until,
    });
    Ok(behind.collect())
}
