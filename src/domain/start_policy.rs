//! Where reading begins without a stored position.

use serde::Deserialize;

/// Where to begin in a partition without a stored position.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub enum StartPolicy {
    /// With the first message that the broker holds.
    #[serde(rename = "earliest")]
    Beginning,
    /// With the next message to come.
    #[serde(rename = "latest")]
    End,
}
