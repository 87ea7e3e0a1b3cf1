//! Deliveries that are not events, and where a delivery stands in its input.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Why a delivery was rejected. The checks run in this order; the first that fails gives the class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RejectClass {
    /// Not one JSON object.
    NotJson,
    /// An envelope attribute is missing or out of rule.
    NotCloudevent,
    /// Its time lies more than the allowance ahead of the wall clock.
    TooFarAhead,
    UnknownType,
    /// A data field is missing or out of rule.
    InvalidField,
    /// The status code is not in its map.
    UnknownCode,
    /// Its time, or a retraction's target, lies in a closed month.
    TooLate,
    /// Its source and id were committed before with another meaning: counted apart from rejections.
    Conflict,
}

impl RejectClass {
    /// Every class in check order, with its name in listings and in the store.
    pub const ALL: [(&'static str, Self); 8] = [
        ("not_json", Self::NotJson),
        ("not_cloudevent", Self::NotCloudevent),
        ("too_far_ahead", Self::TooFarAhead),
        ("unknown_type", Self::UnknownType),
        ("invalid_field", Self::InvalidField),
        ("unknown_code", Self::UnknownCode),
        ("too_late", Self::TooLate),
        ("conflict", Self::Conflict),
    ];

    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL
            .iter()
            .find(|(_, class)| *class == self)
            .map_or("", |(name, _)| name)
    }

    /// The class of a name.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|(n, _)| *n == name)
            .map(|(_, class)| *class)
    }
}

impl fmt::Display for RejectClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A delivery that is not an event. It never stops its neighbours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    pub class: RejectClass,
    /// What was found and what was expected, naming the path; no value of the payload that could be
    /// personal.
    pub reason: String,
    /// When it will be an event, if only its time is against it: it is retried then.
    pub retry_at: Option<crate::domain::local_day::Timestamp>,
}

impl Rejection {
    /// A rejection of a class with its reason.
    pub fn new(class: RejectClass, reason: impl Into<String>) -> Self {
        Self {
            class,
            reason: reason.into(),
            retry_at: None,
        }
    }
}
