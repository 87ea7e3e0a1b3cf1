//! Which copies of the store are kept, and when there has been none for too long.
//!
//! Invariant: no copy dated in the future is removed: either the clock that dated it was wrong, or
//! today's is.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};

use crate::domain::local_day::Timestamp;

/// How long there may be no checked copy before the operators are notified.
const MISSED_AFTER: TimeDelta = TimeDelta::days(2);

/// Whether copies are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum BackupState {
    Recent,
    /// None is known: it is waited for from now on.
    NoneYet,
    /// There has been none since then.
    MissingSince(Timestamp),
}

/// Judges when the last copy was made, or first waited for.
pub(crate) fn backup_state(since: Option<Timestamp>, now: Timestamp) -> BackupState {
    // A time ahead of now came from a wrong clock and does not count.
    match since.filter(|since| *since <= now) {
        None => BackupState::NoneYet,
        Some(since) if now.since(since) < MISSED_AFTER => BackupState::Recent,
        Some(since) => BackupState::MissingSince(since),
    }
}

/// The copies to remove, by their local times: all but the newest copy of each of the last
/// `keep_days` days and of the last `keep_sundays` Sundays that have one.
pub(crate) fn superfluous(
    copies: &BTreeSet<NaiveDateTime>,
    today: NaiveDate,
    (keep_days, keep_sundays): (u32, u32),
) -> Vec<NaiveDateTime> {
    let is_past = |time: &&NaiveDateTime| time.date() <= today;
    let newest: BTreeMap<NaiveDate, NaiveDateTime> = copies
        .iter()
        .filter(is_past)
        .map(|time| (time.date(), *time))
        .collect();
    let of_days = newest.iter().rev().take(keep_days as usize);
    let sundays = newest
        .iter()
        .rev()
        .filter(|(date, _)| date.weekday() == Weekday::Sun)
        .take(keep_sundays as usize);
    let kept: BTreeSet<NaiveDateTime> = of_days.chain(sundays).map(|(_, time)| *time).collect();
    copies
        .iter()
        .filter(|time| is_past(time) && !kept.contains(time))
        .copied()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_seven_and_four_sundays_are_kept_and_what_a_wrong_clock_dated_ahead_is_left_alone() {
        let today = NaiveDate::from_ymd_opt(2026, 11, 30).expect("a Monday");
        let at = |days_ago: i64, hour: u32| {
            (today - TimeDelta::days(days_ago))
                .and_hms_opt(hour, 30, 0)
                .expect("a time")
        };
        let mut copies: BTreeSet<NaiveDateTime> = (0..60).map(|day| at(day, 1)).collect();
        // Two made by hand on one day, and two dated ahead by a clock that was a year fast.
        copies.extend([at(3, 9), at(3, 10), at(-400, 1), at(-401, 1)]);
        let gone = superfluous(&copies, today, (7, 4));
        let kept: Vec<String> = copies
            .iter()
            .filter(|time| !gone.contains(time))
            .map(|time| time.format("%Y-%m-%dT%H%M").to_string())
            .collect();
        assert_eq!(
            kept,
            [
                "2026-11-08T0130",
                "2026-11-15T0130",
                "2026-11-22T0130",
                "2026-11-24T0130",
                "2026-11-25T0130",
                "2026-11-26T0130",
                "2026-11-27T1030",
                "2026-11-28T0130",
                "2026-11-29T0130",
                "2026-11-30T0130",
                "2028-01-04T0130",
                "2028-01-05T0130",
            ]
        );
        assert!(superfluous(&BTreeSet::new(), today, (7, 4)).is_empty());
    }

    #[test]
    fn a_backup_is_missing_after_two_days_and_one_of_a_clock_that_was_ahead_does_not_count() {
        let day = |n: i64| Timestamp::from_micros(n * 86_400_000_000);
        assert_eq!(backup_state(None, day(9)), BackupState::NoneYet);
        assert_eq!(backup_state(Some(day(10)), day(9)), BackupState::NoneYet);
        assert_eq!(backup_state(Some(day(8)), day(9)), BackupState::Recent);
        let missing = BackupState::MissingSince(day(7));
        assert_eq!(backup_state(Some(day(7)), day(9)), missing);
    }
}
