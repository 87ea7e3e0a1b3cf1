//! Many complaints of one category in a unit, and far more than in the months before.

use std::collections::BTreeMap;

use crate::domain::alert::Explanation;
use crate::domain::complaints::ComplaintCounts;
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::local_day::LocalDay;
use crate::domain::short_text::ShortText;

use super::super::rules::{HotspotRules, Rules};

/// Number of earlier spans whose mean the last span is compared with: the three months before.
pub(crate) const SPANS_BEFORE: i32 = 3;
const MICRO: i128 = 1_000_000;

/// A unit and category with far more complaints than usual.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Hotspot<'a> {
    /// The unit; `None` for groups without one.
    pub unit: Option<&'a UnitId>,
    pub category: &'a ShortText,
    /// The last day on which a complaint was filed.
    pub last_on: LocalDay,
    /// The number of complaints, and the usual number.
    pub explanation: Explanation,
}

/// A unit, or the groups without one; and a category of complaints.
type UnitCategory<'a> = (Option<&'a UnitId>, &'a ShortText);
/// Complaints filed, by day.
type Pile = Vec<(LocalDay, i64)>;

/// Complaints of units by category and day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Piles<'a>(BTreeMap<UnitCategory<'a>, Pile>);

impl<'a> Piles<'a> {
    /// The complaints needed to judge the days from `first` to `last`. `unit_of` is a group's
    /// current unit.
    #[must_use]
    pub(crate) fn of_series(
        complaints: &'a ComplaintCounts,
        (first, last): (LocalDay, LocalDay),
        unit_of: impl Fn(&GroupId) -> Option<&'a UnitId>,
        rules: &Rules,
    ) -> Self {
        let mut piles = Self::default();
        for (day, group, category, n) in complaints.within(before(first, rules).0, last) {
            piles
                .0
                .entry((unit_of(group), category))
                .or_default()
                .push((day, n));
        }
        piles
    }

    /// The hotspots of the span that ends at `day`, by unit, then category.
    #[must_use]
    pub(crate) fn hotspots(&self, day: LocalDay, rules: &Rules) -> Vec<Hotspot<'a>> {
        let HotspotRules {
            complaints_min,
            days,
            factor,
        } = rules.signals.complaint_hotspot;
        let (before_from, before_to) = before(day, rules);
        let hotspot = |((unit, category), pile): (&UnitCategory<'a>, &Pile)| {
            let sum = |first, last| -> i64 {
                pile.iter()
                    .filter(|(on, _)| (first..=last).contains(on))
                    .map(|(_, n)| n)
                    .sum()
            };
            let k = sum(day.plus(1 - days), day);
            if k < complaints_min {
                return None;
            }
            let usual = sum(before_from, before_to);
            let is_hot = i128::from(k) * i128::from(SPANS_BEFORE) * MICRO
                >= i128::from(usual) * i128::from(factor.micros());
            let last_on = pile.iter().rev().map(|(on, _)| *on).find(|on| *on <= day)?;
            let expected = Some(usual as f64 / f64::from(SPANS_BEFORE));
            let explanation = Explanation {
                k,
                n: k,
                expected,
                needed: Some(complaints_min),
                ..Explanation::default()
            };
            is_hot.then_some(Hotspot {
                unit: *unit,
                category,
                last_on,
                explanation,
            })
        };
        self.0.iter().filter_map(hotspot).collect()
    }
}

/// The first and the last day of the spans that the one ending at `day` is compared with.
fn before(day: LocalDay, rules: &Rules) -> (LocalDay, LocalDay) {
    let days = rules.signals.complaint_hotspot.days;
    let first = day.plus(1 - days);
    (first.plus(-days * SPANS_BEFORE), first.plus(-1))
}
