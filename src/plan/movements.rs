//! Movements of group customers that planned work comes from: who has grown this month, who lost
//! members of their own will.

use crate::domain::counters::{Counter, DaySeries, Figures};
use crate::domain::ids::GroupId;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::evaluate::figures::month_figures;

use super::indicators::FigureInputs;

/// When a group customer counts as grown: with `closing ≥ percent/100 × opening` and at least
/// `joined_min` members that joined this month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowthRule {
    /// Members now, as percents of those at the month's start.
    pub percent: i64,
    pub joined_min: i64,
}

/// Group customers that have grown this month, with the month's figures, in order.
pub(super) fn grown(
    inputs: FigureInputs<'_>,
    GrowthRule {
        percent,
        joined_min,
    }: GrowthRule,
    now: Timestamp,
) -> Vec<(GroupId, Figures)> {
    let today = inputs.rules.zone.day_of(now);
    let first = today.month().first_day();
    let grown = |(group_id, series): (&GroupId, &DaySeries)| {
        // Few have: a month's figures are more work.
        let joined: i64 = series
            .within(Counter::Joined, first, today)
            .map(|(_, n)| n)
            .fold(0, i64::saturating_add);
        if joined < joined_min {
            return None;
        }
        let figures = month_figures(series, today.month(), today)
            .last()
            .copied()?;
        let has_grown = figures.opening > 0
            && figures.joined >= joined_min
            && i128::from(figures.closing) * 100
                >= i128::from(figures.opening) * i128::from(percent);
        has_grown.then(|| (group_id.clone(), figures))
    };
    let mut all: Vec<(GroupId, Figures)> = inputs.series.iter().filter_map(grown).collect();
    all.sort_by(|(a, _), (b, _)| a.cmp(b));
    all
}

/// Group customers of which members cancelled of their own will or ported out on these days, and how
/// many are gone by now, in order.
pub(super) fn left_of_own_will(
    inputs: FigureInputs<'_>,
    (first, last): (LocalDay, LocalDay),
) -> Vec<(GroupId, i64)> {
    let left = |(group_id, series): (&GroupId, &DaySeries)| {
        let left = left_between(series, first, last);
        (left > 0).then(|| (group_id.clone(), left))
    };
    let mut all: Vec<(GroupId, i64)> = inputs.series.iter().filter_map(left).collect();
    all.sort();
    all
}

/// What a month's counters went up by on these days; a subscriber that came back later in the month
/// has taken itself off on the day it came back, so that the month's sum bounds it.
fn left_between(series: &DaySeries, first: LocalDay, last: LocalDay) -> i64 {
    [Counter::ChurnedVoluntary, Counter::PortedOut]
        .into_iter()
        .map(|counter| {
            let went: i64 = series
                .days_of(counter)
                .filter(|(day, n)| (first..=last).contains(day) && *n > 0)
                .map(|(_, n)| n)
                .sum();
            let months = [first.month(), last.month()];
            let gone: i64 = series
                .days_of(counter)
                .filter(|(day, _)| months.contains(&day.month()))
                .map(|(_, n)| n)
                .sum();
            went.min(gone.max(0))
        })
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::counters::Counts;

    fn series(entries: &[(&str, Counter, i64)]) -> DaySeries {
        let mut series = DaySeries::default();
        for (day, counter, n) in entries {
            let mut counts = Counts::default();
            counts.add(*counter, *n);
            series.add(LocalDay::from_date(day.parse().expect("a date")), &counts);
        }
        series
    }

    fn between(series: &DaySeries, first: &str, last: &str) -> i64 {
        let day = |text: &str| LocalDay::from_date(text.parse().expect("a date"));
        left_between(series, day(first), day(last))
    }

    #[test]
    fn only_those_who_went_of_their_own_will_on_these_days_and_have_not_come_back_are_counted() {
        let went = series(&[
            ("2026-08-01", Counter::ChurnedVoluntary, 2),
            ("2026-08-02", Counter::PortedOut, 1),
            ("2026-08-02", Counter::ChurnedInvoluntary, 4),
            ("2026-08-09", Counter::ChurnedVoluntary, 1),
        ]);
        assert_eq!(between(&went, "2026-08-01", "2026-08-02"), 3);
        assert_eq!(between(&went, "2026-08-02", "2026-08-02"), 1);
        assert_eq!(between(&went, "2026-08-03", "2026-08-08"), 0);
        let came_back = series(&[
            ("2026-08-01", Counter::ChurnedVoluntary, 2),
            ("2026-08-20", Counter::ChurnedVoluntary, -2),
        ]);
        assert_eq!(between(&came_back, "2026-08-01", "2026-08-02"), 0);
    }
}
