//! The amount at stake at a group customer, in fen: it orders the work list.
//!
//! Invariant: it follows from the bills alone, so that every list has the same order.

use std::collections::BTreeMap;

use crate::domain::counters::{Counter, DaySeries};
use crate::domain::local_day::Month;
use crate::domain::sum::narrow;

/// How many billed periods are averaged.
const PERIODS: usize = 3;

/// The mean of `billed_fen` of the last three billed periods before `month`, in whole fen, rounded
/// down; of fewer, if there are fewer. A period counts as billed if its bills, with all
/// corrections, do not add up to 0; other months are skipped. None if there is no such period; the
/// result is capped to 64 bits.
#[must_use]
pub(crate) fn at_stake_fen(series: &DaySeries, month: Month) -> Option<i64> {
    let mut periods: BTreeMap<Month, i128> = BTreeMap::new();
    for (day, fen) in series.sums_of(Counter::BilledFen) {
        *periods.entry(day.month()).or_default() += fen;
    }
    let billed: Vec<i128> = periods
        .range(..month)
        .rev()
        .map(|(_, fen)| *fen)
        .filter(|fen| *fen != 0)
        .take(PERIODS)
        .collect();
    let n = i128::try_from(billed.len()).ok().filter(|n| *n > 0)?;
    Some(narrow(billed.iter().sum::<i128>().div_euclid(n)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::counters::Counts;

    fn series(bills: &[(&str, i64)]) -> DaySeries {
        let mut series = DaySeries::default();
        for (month, fen) in bills {
            let mut counts = Counts::default();
            counts.add(Counter::BilledFen, *fen);
            series.add(Month::parse(month).expect("a month").last_day(), &counts);
        }
        series
    }

    fn at_stake(bills: &[(&str, i64)]) -> Option<i64> {
        at_stake_fen(&series(bills), Month::parse("2026-08").expect("a month"))
    }

    #[test]
    fn the_last_three_billed_periods_before_this_month_are_averaged() {
        assert_eq!(
            at_stake(&[
                ("2026-04", 9_000),
                ("2026-05", 300),
                ("2026-06", 200),
                ("2026-07", 101),
                ("2026-08", 7_000)
            ]),
            Some(200)
        );
        assert_eq!(
            at_stake(&[("2026-03", 100), ("2026-05", 300), ("2026-07", 200)]),
            Some(200),
            "a month without bills is passed over"
        );
        assert_eq!(
            at_stake(&[
                ("2026-05", 300),
                ("2026-06", 500),
                ("2026-06", -500),
                ("2026-07", 100)
            ]),
            Some(200),
            "or with bills taken back"
        );
        assert_eq!(at_stake(&[("2026-07", 100)]), Some(100));
    }

    #[test]
    fn nothing_is_at_stake_without_a_billed_period() {
        assert_eq!(at_stake(&[]), None);
        assert_eq!(
            at_stake(&[("2026-08", 100)]),
            None,
            "this month is not over"
        );
    }
}
