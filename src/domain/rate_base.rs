//! The denominator of rates.

use serde::Deserialize;

/// The denominator of churn, loss and complaint rates.
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
