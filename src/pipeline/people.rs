//! The reference data that commands and views need, including deltas that the leader has not applied yet.

use crate::domain::indicator::Scope;
use crate::domain::reference::Reference;
use crate::store::{StoreError, Tx};

/// The units and the managers.
pub(crate) fn people(tx: &Tx<'_>) -> Result<Reference, StoreError> {
    reference_of(tx, &Scope::Company)
}

/// Likewise with the group customer of a scope.
pub(crate) fn reference_of(tx: &Tx<'_>, scope: &Scope) -> Result<Reference, StoreError> {
    let mut reference = Reference::default();
    tx.reference_events_of_people()?
        .into_iter()
        .for_each(|event| reference.put_event(event));
    if let Scope::Group(group) = scope {
        tx.reference_events_of_group(group)?
            .into_iter()
            .for_each(|event| reference.put_event(event));
    }
    tx.queued_deltas()?
        .iter()
        .for_each(|delta| reference.apply(delta));
    Ok(reference)
}
