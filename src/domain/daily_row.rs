//! One row of the daily report, and how it differs from what was published.
//!
//! Invariant: integers are exact; quotients stand beside their numerators and denominators.

use serde::{Deserialize, Serialize};

use super::counters::Figures;
use super::indicator::{Indicator, Scope, Verdict};
use super::local_day::{LocalDay, Timestamp};
use super::trust::{Trust, TrustReason};

/// Value and verdict of the four indicators, in the order of [`Indicator::ALL`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct IndicatorCell {
    /// The exact quotient as a float; null without a base or an answer.
    pub value: Option<f64>,
    pub verdict: Verdict,
    /// What it was held against; not known of what was published before it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
}

/// A row: a group customer, a unit or the company, month M to date D.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DailyRow {
    pub day: LocalDay,
    pub scope: Scope,
    /// Its name; the id where none is known.
    pub name: String,
    /// The unit it belongs to or is, `unassigned` where none is known; none for the company.
    pub unit_id: Option<String>,
    pub figures: Figures,
    /// The four indicators, in the order of [`Indicator::ALL`].
    pub indicators: [IndicatorCell; 4],
    /// The balance formula's churn rate, where it is defined.
    pub balance_churn_rate: Option<f64>,
    pub trust: Trust,
    /// Why it is not `ok`.
    pub trust_reasons: Vec<TrustReason>,
}

impl DailyRow {
    /// One of the four.
    #[must_use]
    pub fn judged(&self, indicator: Indicator) -> IndicatorCell {
        self.indicators[Indicator::ALL
            .iter()
            .position(|i| *i == indicator)
            .unwrap_or_default()]
    }
}

/// A row as it is shown, with what is known of its publication.
#[derive(Debug, Clone, PartialEq)]
pub struct ShownRow {
    pub row: DailyRow,
    /// The published version shown, or the last one when the figures are those of now; none was
    /// published: null.
    pub version: Option<u32>,
    /// When the figures were taken.
    pub as_of: Timestamp,
    /// Whether the figures of now differ from the last published ones.
    pub restated: bool,
}
