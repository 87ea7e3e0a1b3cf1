//! When a month's bills are known, and sums beyond the range of an integer.

use super::*;
use crate::domain::counters::Counts;

fn day(text: &str) -> LocalDay {
    LocalDay::from_date(text.parse().expect("a date"))
}

#[test]
fn a_month_is_known_after_the_tenth_of_the_next() {
    for (today, period, known_on) in [
        ("2026-08-10", "2026-06", "2026-07-11"),
        ("2026-08-11", "2026-07", "2026-08-11"),
        ("2026-08-31", "2026-07", "2026-08-11"),
        ("2026-01-05", "2025-11", "2025-12-11"),
        ("2026-01-11", "2025-12", "2026-01-11"),
    ] {
        assert_eq!(
            last_billed_period(day(today)),
            (Month::parse(period).expect("a month"), day(known_on)),
            "{today}"
        );
    }
}

#[test]
fn days_within_a_span_are_those_that_a_plain_walk_finds() {
    let mut series = DaySeries::default();
    for (at, n) in [(1, 5), (3, 7), (3, 1), (9, 2)] {
        let mut counts = Counts::default();
        counts.add(Counter::BilledFen, n);
        counts.add(Counter::Billed, 1);
        series.add(LocalDay::from_number(at), &counts);
    }
    for first in 0..11 {
        for last in 0..11 {
            let (first, last) = (LocalDay::from_number(first), LocalDay::from_number(last));
            let plain: Vec<_> = series
                .days_of(Counter::BilledFen)
                .filter(|(on, _)| (first..=last).contains(on))
                .collect();
            assert_eq!(
                series
                    .within(Counter::BilledFen, first, last)
                    .collect::<Vec<_>>(),
                plain,
                "{first} {last}"
            );
        }
    }
}
