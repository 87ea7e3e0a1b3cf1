//! The values of labels: closed lists, so that a metric has a bounded number of series.

use crate::domain::names::names;

names! {
    /// What became of a delivery.
    pub(super) enum FateLabel {
        /// It became part of the set of events.
        Applied = "applied",
        Duplicate = "duplicate",
        /// Same identity with another meaning.
        Conflict = "conflict",
        Rejected = "rejected",
    }
    /// What an evaluation did to an alert.
    pub(super) enum AlertChangeLabel {
        Opened = "opened",
        Resolved = "resolved",
    }
    /// How a run of a job ended.
    pub(super) enum JobEnd {
        Done = "done",
        Failed = "failed",
    }
}
