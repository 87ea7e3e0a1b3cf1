//! Month-to-date sums of a group, a unit and the company, and whether they break a default limit.
//!
//! Plain arithmetic in integers. It knows no events.

use super::tails::{needed_complaints, needed_losses};
use crate::domain::indicator::Indicator;

/// Sums of one level.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Level {
    /// Members at the month's start.
    pub(super) opening: i64,
    /// Of those, members no more.
    pub(super) lost: i64,
    /// Of those, gone from the operator.
    pub(super) churned: i64,
    pub(super) complaints: i64,
    pub(super) answers: i64,
    /// Their scores in thousandths.
    pub(super) score: i64,
}

impl Level {
    /// Over the limit; at group level also significant.
    pub(super) fn breach(&self, indicator: Indicator, significant: bool) -> bool {
        let n = self.opening.max(0) as usize;
        let loss = |k: i64| {
            n > 0 && k * 100 > self.opening * 3 && (!significant || k as usize >= needed_losses(n))
        };
        match indicator {
            Indicator::ChurnRate => loss(self.churned),
            Indicator::MemberLossRate => loss(self.lost),
            Indicator::ComplaintRate10k => {
                let over = n > 0 && self.complaints * 10_000 > self.opening * 40;
                over && (!significant || self.complaints as usize >= needed_complaints(n))
            }
            Indicator::Satisfaction => self.answers >= 5 && self.score < 80_000 * self.answers,
        }
    }
}

/// All levels of one month.
#[derive(Debug)]
pub(super) struct MonthTally {
    groups: Vec<Level>,
    units: Vec<Level>,
    company: Level,
}

impl MonthTally {
    /// All zero.
    pub(super) fn new(groups: usize, units: usize) -> Self {
        Self {
            groups: vec![Level::default(); groups],
            units: vec![Level::default(); units],
            company: Level::default(),
        }
    }

    /// All zero again.
    pub(super) fn begin_month(&mut self) {
        *self = Self::new(self.groups.len(), self.units.len());
    }

    /// Adds at each level alike.
    pub(super) fn add(&mut self, group: usize, unit: usize, add: impl Fn(&mut Level)) {
        for level in [
            &mut self.groups[group],
            &mut self.units[unit],
            &mut self.company,
        ] {
            add(level);
        }
    }

    /// The group, its unit, the company.
    pub(super) fn levels(&self, group: usize, unit: usize) -> (&Level, &Level, &Level) {
        (&self.groups[group], &self.units[unit], &self.company)
    }
}
