//! What rates are divided by.

use serde::Deserialize;

/// What churn, loss and complaints are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBase {
    /// Members at the month's start.
    Opening,
    /// Members at the day's end.
    Closing,
    /// The mean of both.
    Average,
    /// Churn over closing × (days of M × 12 / days of the year); the other rates over opening.
    DayNormalised,
}
