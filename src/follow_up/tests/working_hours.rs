//! Due times over evenings, weekends and holidays.

use chrono::{NaiveTime, TimeDelta};
use proptest::prelude::*;

use super::{at, zone};
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;
use crate::follow_up::calendar::WorkingCalendar;
use crate::follow_up::working_hours::{Counting, closing_of, due_after, hours_between};

#[test]
fn working_hours_count_from_nine_to_six_on_working_days() {
    let calendar = WorkingCalendar::shipped();
    for (from, hours, due) in [
        ("2026-08-03 10:00", 4, "2026-08-03 14:00"),
        ("2026-08-03 09:00", 9, "2026-08-03 18:00"),
        ("2026-08-03 16:30", 4, "2026-08-04 11:30"),
        ("2026-08-03 10:00", 16, "2026-08-04 17:00"),
        // Before the opening, after the closing, on a weekend: from the next opening.
        ("2026-08-03 07:00", 2, "2026-08-03 11:00"),
        ("2026-08-03 18:00", 1, "2026-08-04 10:00"),
        ("2026-08-03 23:59", 1, "2026-08-04 10:00"),
        ("2026-08-07 17:00", 4, "2026-08-10 12:00"),
        ("2026-08-08 12:00", 4, "2026-08-10 13:00"),
        // Spring Festival 15–23 February, worked on Saturday the 14th.
        ("2026-02-13 17:00", 4, "2026-02-14 12:00"),
        ("2026-02-14 17:00", 4, "2026-02-24 12:00"),
        // National Day 1–7 October, worked on Saturday the 10th.
        ("2026-09-30 12:00", 16, "2026-10-09 10:00"),
        ("2026-10-09 17:00", 2, "2026-10-10 10:00"),
        // No hours at all: now, or the next opening.
        ("2026-08-03 10:00", 0, "2026-08-03 10:00"),
        ("2026-08-03 18:00", 0, "2026-08-03 18:00"),
        ("2026-08-08 10:00", 0, "2026-08-10 09:00"),
        ("2026-08-03 10:00", -5, "2026-08-03 10:00"),
    ] {
        let found = due_after(zone(), &calendar, at(from), TimeDelta::hours(hours));
        assert_eq!(
            zone().display(found),
            zone().display(at(due)),
            "{hours} hours from {from}"
        );
    }
}

#[test]
fn clock_hours_count_nights_and_holidays() {
    let calendar = WorkingCalendar::shipped();
    let due = Counting::ClockHours.due_after(
        zone(),
        &calendar,
        at("2026-09-30 22:00"),
        TimeDelta::hours(4),
    );
    assert_eq!(due, at("2026-10-01 02:00"));
    let due = Counting::WorkingHours.due_after(
        zone(),
        &calendar,
        at("2026-09-30 22:00"),
        TimeDelta::hours(4),
    );
    assert_eq!(due, at("2026-10-08 13:00"));
}

#[test]
fn hours_between_two_instants_leave_out_nights_weekends_and_holidays() {
    let calendar = WorkingCalendar::shipped();
    for (from, to, hours) in [
        ("2026-08-03 10:00", "2026-08-03 14:00", 4),
        ("2026-08-03 16:30", "2026-08-04 11:30", 4),
        ("2026-08-03 07:00", "2026-08-03 11:00", 2),
        ("2026-08-03 19:00", "2026-08-03 23:00", 0),
        ("2026-08-07 17:00", "2026-08-10 12:00", 4),
        ("2026-09-30 12:00", "2026-10-09 10:00", 16),
        ("2026-08-04 10:00", "2026-08-03 10:00", 0),
        ("2026-08-03 14:00", "2026-08-03 10:00", 0),
    ] {
        assert_eq!(
            hours_between(zone(), &calendar, at(from), at(to)),
            TimeDelta::hours(hours),
            "{from} to {to}"
        );
    }
    let by_the_clock = Counting::ClockHours.hours_between(
        zone(),
        &calendar,
        at("2026-08-07 17:00"),
        at("2026-08-10 12:00"),
    );
    assert_eq!(by_the_clock, TimeDelta::hours(67));
}

fn zones() -> impl Strategy<Value = Zone> {
    let names = vec![
        "Asia/Shanghai",
        "America/Havana",
        "Pacific/Apia",
        "Australia/Lord_Howe",
        "America/Santiago",
    ];
    prop::sample::select(names).prop_map(|name| Zone::parse(name).expect("known zone"))
}

/// Minutes from 2011-12-20 (a Friday that Apia never had is near), or in the years that have
/// holiday notices.
fn instants() -> impl Strategy<Value = Timestamp> {
    let minutes = prop_oneof![22_072_320i64..22_100_000, 28_400_000i64..29_980_000];
    minutes.prop_map(|minute| Timestamp::from_micros(minute * 60_000_000))
}

proptest! {
    #[test]
    fn hours_in_two_parts_end_where_they_end_in_one(z in zones(), from in instants(), a in 0i64..9_000, b in 0i64..9_000) {
        let calendar = WorkingCalendar::shipped();
        let after = |from, minutes| due_after(z, &calendar, from, TimeDelta::minutes(minutes));
        prop_assert_eq!(after(after(from, a), b), after(from, a + b));
    }

    #[test]
    fn whoever_starts_later_or_has_longer_never_ends_earlier(
        z in zones(), from in instants(), later in 0i64..20_000, hours in 0i64..9_000, longer in 0i64..2_000,
    ) {
        let calendar = WorkingCalendar::shipped();
        let after = |from, minutes| due_after(z, &calendar, from, TimeDelta::minutes(minutes));
        prop_assert!(after(from, hours) <= after(from.plus(TimeDelta::minutes(later)), hours));
        prop_assert!(after(from, hours) <= after(from, hours + longer));
        prop_assert!(after(from, hours) >= from);
    }

    #[test]
    fn the_hours_between_two_instants_lead_from_the_one_to_the_other(
        z in zones(), from in instants(), later in 0i64..20_000, into in 1i64..=540,
    ) {
        let calendar = WorkingCalendar::shipped();
        let mut date = z.day_of(from.plus(TimeDelta::minutes(later))).date();
        if !calendar.is_working(date) {
            date = calendar.next_working_day(date);
        }
        // An opening is the closing before it: no time is worked in between.
        let to = closing_of(z, date).plus(TimeDelta::minutes(into - 540)).max(from);
        for counting in [Counting::WorkingHours, Counting::ClockHours] {
            let hours = counting.hours_between(z, &calendar, from, to);
            let landed = counting.due_after(z, &calendar, from, hours);
            if to > from {
                prop_assert_eq!(landed, to);
            } else {
                prop_assert_eq!(hours, TimeDelta::zero());
            }
        }
    }

    #[test]
    fn hours_between_give_back_the_hours_that_were_counted(z in zones(), from in instants(), minutes in 0i64..9_000) {
        let (calendar, hours) = (WorkingCalendar::shipped(), TimeDelta::minutes(minutes));
        for counting in [Counting::WorkingHours, Counting::ClockHours] {
            let due = counting.due_after(z, &calendar, from, hours);
            prop_assert_eq!(counting.hours_between(z, &calendar, from, due), hours);
        }
    }

    #[test]
    fn exactly_so_many_minutes_are_worked_until_it_is_due(from in instants(), minutes in 1i64..1_500) {
        let calendar = WorkingCalendar::shipped();
        let due = due_after(zone(), &calendar, from, TimeDelta::minutes(minutes));
        let (mut worked, mut t) = (0, from);
        while t < due {
            let local = zone().local(t);
            let hours = NaiveTime::from_hms_opt(9, 0, 0).expect("time")..NaiveTime::from_hms_opt(18, 0, 0).expect("time");
            worked += i64::from(calendar.is_working(local.date()) && hours.contains(&local.time()));
            t = t.plus(TimeDelta::minutes(1));
        }
        prop_assert_eq!(worked, minutes);
    }
}
