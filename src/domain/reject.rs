//! Rejected deliveries.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::names::names;

names! {
    /// Why a delivery was rejected. The checks run in this order; the first that fails gives the
    /// class.
    pub enum RejectClass {
        /// Not one JSON object.
        NotJson = "not_json",
        /// An envelope attribute is missing or out of rule.
        NotCloudevent = "not_cloudevent",
        /// Its time is further ahead of the wall clock than allowed.
        TooFarAhead = "too_far_ahead",
        UnknownType = "unknown_type",
        /// A data field is missing or out of rule.
        InvalidField = "invalid_field",
        /// The status code is not in its map.
        UnknownCode = "unknown_code",
        /// Its time, or a retraction's target, is in a closed month.
        TooLate = "too_late",
        /// Its source and id were committed before with another meaning: counted separately from
        /// rejections.
        Conflict = "conflict",
    }
}

impl fmt::Display for RejectClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A delivery that is not an event. It never affects its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Rejection {
    pub class: RejectClass,
    /// The expected and the found kind of value, with the path; no value of the payload that could
    /// be personal.
    pub reason: String,
    /// When to retry, if only its time is too far ahead.
    pub retry_at: Option<crate::domain::local_day::Timestamp>,
}

impl Rejection {
    pub(crate) fn new(class: RejectClass, reason: impl Into<String>) -> Self {
        Self {
            class,
            reason: reason.into(),
            retry_at: None,
        }
    }
}
