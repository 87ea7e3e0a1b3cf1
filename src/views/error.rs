//! Why something cannot be shown.

use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::store::StoreError;

/// Why something cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// No such version of a day was published.
    #[error(
        "version {version} of {day} was never published\nhint: leave --version out for the figures of now"
    )]
    NotPublished {
        /// Which day.
        day: LocalDay,
        version: u32,
    },
    /// The day's counters are forgotten, and it was never published.
    #[error(
        "{0} was never published, and its figures are no longer kept day by day\nhint: `retention.references_days` says for how long they are"
    )]
    NotKept(LocalDay),
    /// No accepted event names such a group customer.
    #[error("there is no group customer {0}\nhint: `sisan report daily --scope group` lists them")]
    NoGroup(GroupId),
    #[error(transparent)]
    Store(#[from] StoreError),
}
