//! One row of the daily report, and its publication.
//!
//! Invariant: integers are exact; quotients are accompanied by their numerators and denominators.

use serde::{Deserialize, Serialize};

use super::counters::Figures;
use super::indicator::{Indicator, Scope, Verdict};
use super::local_day::{LocalDay, Timestamp};
use super::trust::{Trust, TrustReason};

/// Value and verdict of one indicator.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct IndicatorCell {
    /// The exact quotient as a float; none without a base or an answer.
    pub value: Option<f64>,
    pub verdict: Verdict,
    /// The limit; unknown for rows published before it was stored.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

/// A row: a group customer, a unit or the company, month M up to date D.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DailyRow {
    pub day: LocalDay,
    pub scope: Scope,
    /// Its name; the id where no name is known.
    pub name: String,
    /// The unit that it belongs to or is, `unassigned` where none is known; none for the company.
    pub unit_id: Option<String>,
    pub figures: Figures,
    /// The four indicators, in the order of [`Indicator::ALL`].
    pub indicators: [IndicatorCell; 4],
    /// The balance formula's churn rate, where it is defined.
    pub balance_churn_rate: Option<f64>,
    pub trust: Trust,
    /// Why the mark is not `ok`.
    pub trust_reasons: Vec<TrustReason>,
}

impl DailyRow {
    /// One of the four indicators.
    #[must_use]
    pub(crate) fn judged(&self, indicator: Indicator) -> IndicatorCell {
        self.indicators[Indicator::ALL
            .iter()
            .position(|i| *i == indicator)
            .unwrap_or_default()]
    }
}

/// A row as it is shown, with its publication.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownRow {
    pub row: DailyRow,
    /// The published version shown, or the latest one when the current figures are shown; none if
    /// it was never published.
    pub version: Option<u32>,
    /// When the figures were taken.
    pub as_of: Timestamp,
    /// Whether the current figures differ from the last published ones.
    pub restated: bool,
}
