//! Skipping a damaged row, one that is not what was written: operators are notified of it.
//!
//! Invariant: a notice names the row, never its content.

use crate::domain::local_day::Timestamp;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::store::{StoreError, Tx};

/// What was read; none if it is damaged, of which operators are notified.
pub(super) fn unless_damaged<T>(
    tx: &Tx<'_>,
    read: Result<T, StoreError>,
    now: Timestamp,
) -> Result<Option<T>, StoreError> {
    or_notify(read, |error| notify_damage(tx, error, now))
}

/// What was read; none if it is damaged, which is passed to `notify`.
pub(super) fn or_notify<T>(
    read: Result<T, StoreError>,
    notify: impl FnOnce(&StoreError) -> Result<(), StoreError>,
) -> Result<Option<T>, StoreError> {
    match read {
        Err(error) if error.is_damage() => notify(&error).map(|()| None),
        read => read.map(Some),
    }
}

/// Notifies the operators of a row that is left out; of the same one once a day at most.
pub(super) fn notify_damage(
    tx: &Tx<'_>,
    error: &StoreError,
    now: Timestamp,
) -> Result<(), StoreError> {
    tracing::error!(%error, "What is kept in the store is not what was written; it is left out, and all else goes on");
    tx.insert_notice(&Notice::for_operators(
        OpsNotice::RowDamaged {
            error: error.to_string(),
        },
        now,
    ))
}
