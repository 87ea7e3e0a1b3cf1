//! Many complaints of one category in a unit, and far more than in the months before.

use std::collections::BTreeMap;

use crate::domain::alert::Explanation;
use crate::domain::complaints::ComplaintCounts;
use crate::domain::ids::{GroupId, UnitId};
use crate::domain::local_day::LocalDay;
use crate::domain::short_text::ShortText;

use super::super::rules::{HotspotRules, Rules};

/// Spans of the same length before, with whose mean the last one is compared: the three months
/// before.
pub const SPANS_BEFORE: i32 = 3;
const MICRO: i128 = 1_000_000;

/// Where complaints pile up.
#[derive(Debug, Clone, PartialEq)]
pub struct Hotspot<'a> {
    /// In which unit; none is the groups without one.
    pub unit: Option<&'a UnitId>,
    pub category: &'a ShortText,
    /// The last day on which a complaint was filed.
    pub last_on: LocalDay,
    /// How many, and how many are usual.
    pub explanation: Explanation,
}

/// A unit, or the groups without one; and what its complaints are about.
type Place<'a> = (Option<&'a UnitId>, &'a ShortText);
/// How many complaints were filed, by day.
type Pile = Vec<(LocalDay, i64)>;

/// Complaints of units by category and day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Piles<'a>(BTreeMap<Place<'a>, Pile>);

impl<'a> Piles<'a> {
    /// All by which the days from `first` to `last` are judged. `unit_of` is a group's unit now.
    #[must_use]
    pub fn of(
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

    /// The hotspots of the days that end at `day`, by unit, then category.
    #[must_use]
    pub fn hotspots(&self, day: LocalDay, rules: &Rules) -> Vec<Hotspot<'a>> {
        let HotspotRules {
            complaints_min,
            days,
            factor,
        } = rules.signals.complaint_hotspot;
        let (before_from, before_to) = before(day, rules);
        let hotspot = |((unit, category), pile): (&Place<'a>, &Pile)| {
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

/// The first and the last of the days with which the days that end at `day` are compared.
fn before(day: LocalDay, rules: &Rules) -> (LocalDay, LocalDay) {
    let days = rules.signals.complaint_hotspot.days;
    let first = day.plus(1 - days);
    (first.plus(-days * SPANS_BEFORE), first.plus(-1))
}
