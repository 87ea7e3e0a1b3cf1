//! Which days a run of the daily report publishes, and how long it waits for input.
//!
//! Invariant: a published day cannot be withdrawn, so none is published that may not have come.

use chrono::TimeDelta;

use crate::domain::daily_row::DailyRow;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::trust::{Trust, TrustReason};
use crate::domain::zone::Zone;

use super::closing::first_open_day;

/// What is known of the published days.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct PublishedDays {
    /// The earliest day whose figures changed since reports were last written.
    pub(crate) changed_since: Option<LocalDay>,
    /// The last day that was ever published.
    pub(crate) last: Option<LocalDay>,
    /// The first day whose month is open, if any month is closed.
    pub(crate) first_open: Option<LocalDay>,
}

/// The last day that is published at `due_at`: the one before, but none further ahead of the newest
/// event than `ahead_max`.
pub(crate) fn last_to_publish(
    due_at: Timestamp,
    newest: Option<Timestamp>,
    ahead_max: TimeDelta,
    zone: Zone,
) -> LocalDay {
    let last = zone.day_of(due_at).plus(-1);
    newest.map_or(last, |newest| last.min(zone.day_of(newest.plus(ahead_max))))
}

/// The days from the first one that changed (or was never published) to `last`, as far as their
/// months are open.
pub(crate) fn days_to_publish(
    known: PublishedDays,
    last: LocalDay,
    open_months: i32,
) -> Vec<LocalDay> {
    let next = known.last.map(|day| day.plus(1));
    let oldest = first_open_day(last, open_months);
    let first = known
        .changed_since
        .into_iter()
        .chain(next)
        .min()
        .unwrap_or(last)
        .max(known.first_open.unwrap_or(oldest))
        .max(oldest);
    first.to(last).collect()
}

/// Whether a report may still wait for its input.
pub(super) fn may_wait(due_at: Timestamp, now: Timestamp, wait_max: TimeDelta) -> bool {
    now.since(due_at) < wait_max
}

/// Says of every row that these sources were not read past its day.
pub(crate) fn note_lagging(rows: &mut [DailyRow], lagging: &[String]) {
    for row in rows.iter_mut().filter(|_| !lagging.is_empty()) {
        row.trust = row.trust.max(Trust::Warning);
        row.trust_reasons.push(TrustReason::NotReadPast {
            sources: lagging.to_vec(),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zone() -> Zone {
        Zone::parse("Asia/Shanghai").expect("a zone")
    }

    fn day(date: &str) -> LocalDay {
        LocalDay::from_date(date.parse().expect("a date"))
    }

    fn at(date: &str) -> Timestamp {
        zone().start_of(day(date)).plus(TimeDelta::hours(1))
    }

    #[test]
    fn the_day_before_is_published_unless_the_clock_is_further_ahead_of_the_events_than_allowed() {
        let last = |newest| last_to_publish(at("2026-10-12"), newest, TimeDelta::days(45), zone());
        assert_eq!(last(None), day("2026-10-11"));
        assert_eq!(last(Some(at("2026-10-01"))), day("2026-10-11"));
        assert_eq!(last(Some(at("2026-08-01"))), day("2026-09-15"));
    }

    #[test]
    fn days_are_published_from_the_first_that_changed_or_never_was_within_the_open_months() {
        let days = |known| {
            let days = days_to_publish(known, day("2026-10-11"), 2);
            (days.first().copied(), days.len())
        };
        let known = PublishedDays {
            changed_since: Some(day("2026-10-09")),
            last: Some(day("2026-10-09")),
            first_open: Some(day("2026-08-01")),
        };
        assert_eq!(days(known), (Some(day("2026-10-09")), 3), "one is restated");
        let unchanged = PublishedDays {
            changed_since: Some(day("2026-10-12")),
            ..known
        };
        assert_eq!(days(unchanged), (Some(day("2026-10-10")), 2));
        let done = PublishedDays {
            last: Some(day("2026-10-11")),
            ..unchanged
        };
        assert_eq!(days(done), (None, 0));
        let never = PublishedDays::default();
        assert_eq!(days(never), (Some(day("2026-10-11")), 1));
        let long_ago = PublishedDays {
            changed_since: Some(day("2026-01-01")),
            ..never
        };
        assert_eq!(days(long_ago).0, Some(day("2026-08-01")));
        let closed = PublishedDays {
            first_open: Some(day("2026-10-01")),
            ..long_ago
        };
        assert_eq!(days(closed).0, Some(day("2026-10-01")));
    }

    #[test]
    fn a_report_may_wait_until_its_time_is_over() {
        let (due_at, hour) = (at("2026-10-12"), TimeDelta::hours(1));
        assert!(may_wait(due_at, due_at, hour));
        assert!(!may_wait(due_at, due_at.plus(hour), hour));
    }
}
