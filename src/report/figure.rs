//! Figures: quotients that people read beside a limit, each in its unit.
//!
//! Invariant: the value is exact; how many digits of it people see depends on what it is compared
//! with, so that no figure reads like its limit unless it is the limit.

use crate::domain::indicator::{AlertKind, Indicator, Signal};

use super::column::ColumnKind;

/// What a figure is counted in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FigureUnit {
    /// The unit of its column.
    OfColumn,
    /// A share of 1: people see per cent.
    Share,
    /// For every 10,000 members.
    Per10k,
    /// Points of a survey.
    Points,
}

impl FigureUnit {
    /// Of the value and the limit of an alert.
    #[must_use]
    pub(crate) const fn of_alert(kind: AlertKind) -> Self {
        match kind {
            AlertKind::Indicator(Indicator::ChurnRate | Indicator::MemberLossRate)
            | AlertKind::Signal(Signal::RevenueDrop) => Self::Share,
            AlertKind::Indicator(Indicator::ComplaintRate10k) => Self::Per10k,
            AlertKind::Indicator(Indicator::Satisfaction) | AlertKind::Signal(Signal::LowScore) => {
                Self::Points
            }
            AlertKind::Signal(_) => Self::OfColumn,
        }
    }

    /// The kind of a column that had this unit alone.
    #[must_use]
    pub(super) const fn kind(self, of_column: ColumnKind) -> ColumnKind {
        match self {
            Self::OfColumn => of_column,
            Self::Share => ColumnKind::Percent,
            Self::Per10k | Self::Points => ColumnKind::Number,
        }
    }
}

/// A quotient, what it is compared with, and its unit. Only the quotient is written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Figure {
    pub value: f64,
    pub beside: Option<f64>,
    pub unit: FigureUnit,
}

impl Figure {
    /// In the unit of its column.
    #[must_use]
    pub(crate) const fn beside(value: f64, limit: f64) -> Self {
        Self {
            value,
            beside: Some(limit),
            unit: FigureUnit::OfColumn,
        }
    }
}
