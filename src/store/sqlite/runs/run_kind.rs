//! What a run holds entries of.

use crate::domain::names::names;
use crate::store::StoreError;

names! {
    pub(in crate::store) enum RunKind {
        Timeline = "timeline",
        Identity = "identity",
        /// Differences of day counters, which add up.
        Counter = "counter",
    }
}

/// A run that cannot be read as it was written.
pub(super) fn damaged(detail: &str) -> StoreError {
    StoreError::Damaged {
        what: "a run",
        detail: detail.to_owned(),
    }
}
