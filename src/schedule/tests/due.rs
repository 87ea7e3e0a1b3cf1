//! Due times: over a year, at month ends, where clocks change, and with calendars.

use chrono::{Datelike, NaiveDate, NaiveDateTime, TimeDelta, Weekday};
use proptest::prelude::*;

use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;
use crate::schedule::*;

pub(super) const ANY: &dyn Fn(NaiveDate) -> bool = &|_| true;

pub(super) fn job(schedule: &str, calendar: &str, on_missed: &str) -> JobSpec {
    let key = if schedule.contains(' ') {
        "schedule"
    } else {
        "every"
    };
    let text = format!(
        "# Why: a test.\nname = \"a\"\n{key} = \"{schedule}\"\naction = \"backup\"\ncalendar = \"{calendar}\"\non_missed = \"{on_missed}\"\ntimeout = \"5m\"\n"
    );
    parse_job("a.toml", &text).expect("a good job")
}

pub(super) fn zone(name: &str) -> Zone {
    Zone::parse(name).expect("a zone")
}

pub(super) fn local(text: &str) -> NaiveDateTime {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time")
}

/// All due times of an interval, in UTC, `MM-DDTHH:MM`.
fn dues(schedule: &str, zone_name: &str, from: &str, to: &str) -> Vec<String> {
    let z = zone(zone_name);
    let due = due_runs(
        &job(schedule, "any", "run_each"),
        z.at(local(from)),
        z.at(local(to)),
        z,
        ANY,
    );
    assert!(!due.more);
    due.runs
        .iter()
        .map(|t| t.utc().format("%m-%dT%H:%M").to_string())
        .collect()
}

#[test]
fn a_year_has_the_due_times_that_cron_names() {
    let shanghai = |schedule: &str| {
        dues(
            schedule,
            "Asia/Shanghai",
            "2025-12-31 23:59",
            "2026-12-31 23:59",
        )
    };
    for (schedule, count, first, last) in [
        ("0 1 * * *", 365, "12-31T17:00", "12-30T17:00"),
        ("0 3 10 * *", 12, "01-09T19:00", "12-09T19:00"),
        ("0 3 31 * *", 7, "01-30T19:00", "12-30T19:00"),
        ("0 0 30 * *", 11, "01-29T16:00", "12-29T16:00"),
        ("30 17 * * 5", 52, "01-02T09:30", "12-25T09:30"),
        ("30 17 * * SUN", 52, "01-04T09:30", "12-27T09:30"),
        ("30 17 * * 7", 52, "01-04T09:30", "12-27T09:30"),
        ("0 8 1 JAN,JUL *", 2, "01-01T00:00", "07-01T00:00"),
        ("0 */12 1 * *", 24, "12-31T16:00", "12-01T04:00"),
    ] {
        let due = shanghai(schedule);
        assert_eq!(
            (
                due.len(),
                due.first().map(String::as_str),
                due.last().map(String::as_str)
            ),
            (count, Some(first), Some(last)),
            "{schedule}"
        );
    }
    assert_eq!(
        dues("0 0 29 2 *", "UTC", "2026-01-01 00:00", "2032-12-31 00:00"),
        ["02-29T00:00", "02-29T00:00"]
    );
    assert_eq!(
        dues(
            "59 23 28-31 2 *",
            "UTC",
            "2028-01-01 00:00",
            "2028-12-31 00:00"
        ),
        ["02-28T23:59", "02-29T23:59"]
    );
}

#[test]
fn a_wall_time_that_is_left_out_falls_due_at_the_end_of_the_gap() {
    let new_york = |cron, from, to| dues(cron, "America/New_York", from, to);
    // New York, 8 March 2026: 02:00 becomes 03:00 (07:00 UTC).
    assert_eq!(
        new_york("30 2 * * *", "2026-03-07 00:00", "2026-03-09 23:00"),
        ["03-07T07:30", "03-08T07:00", "03-09T06:30"]
    );
    assert_eq!(
        new_york("*/20 2 * * *", "2026-03-08 00:00", "2026-03-08 23:00"),
        ["03-08T07:00"]
    );
    assert_eq!(
        new_york("*/20 2,3 * * *", "2026-03-08 00:00", "2026-03-08 23:00"),
        ["03-08T07:00", "03-08T07:20", "03-08T07:40"]
    );
    // The hour before the gap is not drawn into it.
    assert_eq!(
        new_york("0 1 * * *", "2026-03-08 00:00", "2026-03-08 23:00"),
        ["03-08T06:00"]
    );
    // Havana, 8 March 2026: midnight does not exist.
    assert_eq!(
        dues(
            "0 0 * * *",
            "America/Havana",
            "2026-03-07 12:00",
            "2026-03-09 12:00"
        ),
        ["03-08T05:00", "03-09T04:00"]
    );
    // Lord Howe: the clock moves by half an hour.
    assert_eq!(
        dues(
            "15 2 * * *",
            "Australia/Lord_Howe",
            "2026-10-03 12:00",
            "2026-10-04 12:00"
        ),
        ["10-03T15:30"]
    );
    // Apia left out 30 December 2011: that day's run falls due when the next day begins, which then
    // has its own.
    assert_eq!(
        dues(
            "0 1 * * *",
            "Pacific/Apia",
            "2011-12-28 12:00",
            "2011-12-31 12:00"
        ),
        ["12-29T11:00", "12-30T10:00", "12-30T11:00"]
    );
    // Shanghai had summer time until 1991.
    assert_eq!(
        dues(
            "0 2 * * *",
            "Asia/Shanghai",
            "1986-05-03 12:00",
            "1986-05-04 12:00"
        ),
        ["05-03T18:00"]
    );
}

#[test]
fn a_wall_time_that_comes_twice_falls_due_once() {
    // New York, 1 November 2026: 02:00 becomes 01:00 (06:00 UTC).
    assert_eq!(
        dues(
            "30 1 * * *",
            "America/New_York",
            "2026-10-31 12:00",
            "2026-11-02 12:00"
        ),
        ["11-01T05:30", "11-02T06:30"]
    );
    assert_eq!(
        dues(
            "*/30 1 * * *",
            "America/New_York",
            "2026-10-31 12:00",
            "2026-11-01 12:00"
        ),
        ["11-01T05:00", "11-01T05:30"]
    );
    let z = zone("America/New_York");
    let second_half_past_one = z.at(local("2026-11-01 01:30")).plus(TimeDelta::hours(1));
    let next = next_due(
        &job("*/10 1 * * *", "any", "run_each"),
        second_half_past_one,
        z,
        ANY,
    );
    assert_eq!(
        next.map(|t| t.to_string()),
        Some("2026-11-02T06:00:00Z".into())
    );
    // A job that is to run every quarter of an hour, whatever the clock does, uses `every`.
    assert_eq!(
        dues(
            "15m",
            "America/New_York",
            "2026-11-01 00:00",
            "2026-11-01 03:00"
        )
        .len(),
        16
    );
}

#[test]
fn every_falls_due_at_multiples_whenever_the_worker_started() {
    let at = |text: &str| {
        Timestamp::from(
            chrono::DateTime::parse_from_rfc3339(text)
                .expect("a time")
                .to_utc(),
        )
    };
    let z = zone("Asia/Shanghai");
    let every = job("7m", "any", "run_each");
    let a = due_runs(
        &every,
        at("2026-10-01T00:00:00Z"),
        at("2026-10-01T02:00:00Z"),
        z,
        ANY,
    )
    .runs;
    let b = due_runs(
        &every,
        at("2026-10-01T00:13:47Z"),
        at("2026-10-01T02:00:00Z"),
        z,
        ANY,
    )
    .runs;
    assert_eq!(a[a.len() - b.len()..], b[..]);
    assert!(a.iter().all(|t| t.micros() % (7 * 60 * 1_000_000) == 0));
    assert_eq!(
        next_due(
            &job("1h", "any", "skip"),
            at("2026-10-01T01:00:00Z"),
            z,
            ANY
        ),
        Some(at("2026-10-01T02:00:00Z"))
    );
}

#[test]
fn a_job_of_its_own_zone_goes_by_it() {
    let mut london = job("0 1 * * *", "any", "run_each");
    london.timezone = Some(zone("Europe/London"));
    let z = zone("Asia/Shanghai");
    assert_eq!(
        next_due(&london, z.at(local("2026-07-01 00:00")), z, ANY).map(|t| t.to_string()),
        Some("2026-07-01T00:00:00Z".into())
    );
}

/// National Day 2026 as it may be: 1–7 October off, 10 October (a Saturday) worked.
fn working(date: NaiveDate) -> bool {
    match (date.month(), date.day()) {
        (10, 1..=7) => false,
        (10, 10) => true,
        _ => !matches!(date.weekday(), Weekday::Sat | Weekday::Sun),
    }
}

#[test]
fn a_calendar_leaves_days_out_and_knows_make_up_workdays() {
    let z = zone("Asia/Shanghai");
    let of = |schedule: &str, calendar: &str, from: &str, to: &str| {
        let due = due_runs(
            &job(schedule, calendar, "run_each"),
            z.at(local(from)),
            z.at(local(to)),
            z,
            &working,
        );
        due.runs
            .iter()
            .map(|t| z.local(*t).format("%m-%d").to_string())
            .collect::<Vec<_>>()
            .join(" ")
    };
    let (from, to) = ("2026-09-28 00:00", "2026-10-20 00:00");
    assert_eq!(
        of("0 8 * * *", "working_days", from, to),
        "09-28 09-29 09-30 10-08 10-09 10-10 10-12 10-13 10-14 10-15 10-16 10-19"
    );
    assert_eq!(
        of("0 17 * * *", "last_working_day_of_week", from, to),
        "09-30 10-10 10-16"
    );
    assert_eq!(
        of(
            "0 9 * * *",
            "first_working_day_of_month",
            "2026-08-31 12:00",
            "2026-12-31 00:00"
        ),
        "09-01 10-08 11-02 12-01"
    );
    assert_eq!(
        of(
            "24h",
            "working_days",
            "2026-09-30 12:00",
            "2026-10-11 00:00"
        ),
        "10-08 10-09 10-10"
    );
    // A rule of cron still holds within the calendar.
    assert_eq!(of("0 17 * * 5", "working_days", from, to), "10-09 10-16");
}

#[test]
fn a_job_whose_calendar_leaves_out_everything_is_never_due() {
    let z = zone("Asia/Shanghai");
    for schedule in ["* * * * *", "0 1 1 1 *", "1s", "31d"] {
        assert_eq!(
            next_due(
                &job(schedule, "working_days", "skip"),
                z.at(local("2026-01-01 00:00")),
                z,
                &|_| false
            ),
            None,
            "{schedule}"
        );
    }
}

proptest! {
    #[test]
    fn an_interval_cut_in_two_has_the_same_due_times(
        start in 1_300_000_000i64..1_800_000_000,
        spans in (0i64..200_000, 0i64..200_000),
        name in prop::sample::select(vec!["Asia/Shanghai", "America/New_York", "America/Havana", "Pacific/Apia", "Australia/Lord_Howe"]),
        schedule in prop::sample::select(vec!["0 1 * * *", "30 2 * * *", "*/15 * * * *", "0 0 * * *", "7m", "5 */3 * * MON-FRI", "0 0 1 * *"]),
        calendar in prop::sample::select(vec!["any", "working_days", "last_working_day_of_week"]),
    ) {
        let (z, job) = (zone(name), job(schedule, calendar, "run_each"));
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000 + 17);
        let (a, b, c) = (at(start), at(start + spans.0), at(start + spans.0 + spans.1));
        let of = |from, to| due_runs(&job, from, to, z, &working).runs;
        let whole = of(a, c);
        prop_assert_eq!([of(a, b), of(b, c)].concat(), whole.clone());
        prop_assert!(whole.iter().all(|t| *t > a && *t <= c));
        prop_assert!(whole.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert_eq!(next_due(&job, a, z, &working).filter(|t| *t <= c), whole.first().copied());
    }

    #[test]
    fn the_wall_clock_shows_the_scheduled_time_wherever_it_exists(
        day in 15_000i64..21_900,
        name in prop::sample::select(vec!["Asia/Shanghai", "America/New_York", "Europe/London", "Australia/Lord_Howe"]),
        (hour, minute) in (0u32..24, 0u32..60),
    ) {
        let z = zone(name);
        let since = Timestamp::from_micros(day * 86_400 * 1_000_000);
        let due = next_due(&job(&format!("{minute} {hour} * * *"), "any", "skip"), since, z, ANY).expect("daily");
        let shown = z.local(due);
        let wanted = shown.date().and_hms_opt(hour, minute, 0).expect("a time");
        // Either the clock shows it, or it was left out and this is the first instant after the
        // gap.
        prop_assert!(shown == wanted || (shown > wanted && z.local(due.plus(TimeDelta::microseconds(-1))) < wanted), "{} {}", shown, wanted);
        prop_assert!(due.since(since) <= TimeDelta::hours(26));
    }
}
