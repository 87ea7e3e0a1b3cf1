//! On which working day a reminder of a key date goes out, and what is caught up.

use super::day;
use super::key_dates::{days, expect, fixture_of, key_date, rows_of, run};
use crate::domain::event::KeyDateKind;

#[test]
fn a_reminder_of_a_non_working_day_goes_out_on_the_working_day_before() {
    // Seven days before Saturday 2026-10-10 is in the National Day week; one day before is a
    // Friday.
    let fixture = fixture_of([key_date("K1", KeyDateKind::Birthday, "1980-10-10")]);
    let rows = expect(&[
        ("2026-09-30", "2026-10-10", 7, false),
        ("2026-10-09", "2026-10-10", 1, false),
    ]);
    assert_eq!(
        rows_of(&run(&fixture, days("2026-09-01", "2026-10-31"))),
        rows
    );
    // Saturday 2026-02-14 is worked: nothing moves.
    let fixture = fixture_of([key_date("K1", KeyDateKind::Custom, "1980-02-21")]);
    assert_eq!(
        rows_of(&run(&fixture, days("2026-02-01", "2026-02-28"))),
        expect(&[("2026-02-14", "2026-02-21", 7, false)])
    );
}

#[test]
fn if_the_working_day_before_is_past_it_goes_out_on_the_next_one_before_the_date() {
    // The key date comes in on Saturday 8 August, whose lead of seven days belonged to Friday.
    let fixture = fixture_of([key_date("K1", KeyDateKind::Custom, "1980-08-15")]);
    assert_eq!(
        rows_of(&run(&fixture, days("2026-08-08", "2026-08-31"))),
        expect(&[("2026-08-10", "2026-08-15", 7, true)])
    );
}

#[test]
fn if_no_working_day_is_left_before_the_date_it_goes_out_at_once() {
    // It comes in on 2 October, and the date is the 6th: the whole week is off.
    let fixture = fixture_of([key_date("K1", KeyDateKind::Custom, "1980-10-06")]);
    assert_eq!(
        rows_of(&run(&fixture, days("2026-10-02", "2026-10-31"))),
        expect(&[("2026-10-02", "2026-10-06", 7, true)])
    );
    let on_the_day = rows_of(&run(&fixture, days("2026-10-06", "2026-10-31")));
    assert_eq!(
        on_the_day,
        expect(&[("2026-10-06", "2026-10-06", 7, true)]),
        "also on the day itself"
    );
}

#[test]
fn of_missed_leads_only_the_nearest_is_caught_up_and_none_once_the_date_is_past() {
    let fixture = fixture_of([key_date("K1", KeyDateKind::ContractEnd, "2026-08-20")]);
    let rows = expect(&[
        ("2026-08-03", "2026-08-20", 30, true),
        ("2026-08-13", "2026-08-20", 7, false),
    ]);
    assert_eq!(
        rows_of(&run(&fixture, days("2026-08-03", "2026-08-31"))),
        rows
    );
    assert_eq!(
        rows_of(&run(&fixture, [day("2026-08-20")])),
        expect(&[("2026-08-20", "2026-08-20", 7, true)])
    );
    assert!(run(&fixture, days("2026-08-21", "2026-12-31")).is_empty());
}

#[test]
fn a_lead_that_is_due_today_makes_the_missed_ones_needless() {
    let fixture = fixture_of([key_date("K1", KeyDateKind::ContractEnd, "2026-08-20")]);
    assert_eq!(
        rows_of(&run(&fixture, days("2026-08-13", "2026-08-31"))),
        expect(&[("2026-08-13", "2026-08-20", 7, false)])
    );
}

#[test]
fn a_second_run_on_the_same_day_reminds_of_nothing() {
    let fixture = fixture_of([key_date("K1", KeyDateKind::Birthday, "1980-08-20")]);
    let today = day("2026-08-13");
    assert_eq!(run(&fixture, [today, today, today]).len(), 1);
}

#[test]
fn a_reminder_of_a_make_up_sunday_goes_out_on_that_sunday() {
    // 2026-01-04 and 2026-09-20 are Sundays that are worked; 2026-01-03 and 2026-09-19 are
    // Saturdays that are not.
    for (occurs, sent) in [
        ("2026-01-11", "2026-01-04"),
        ("2026-09-27", "2026-09-20"),
        ("2026-09-26", "2026-09-18"),
    ] {
        let fixture = fixture_of([key_date("K1", KeyDateKind::Custom, occurs)]);
        assert_eq!(
            rows_of(&run(&fixture, days("2025-12-01", occurs))),
            expect(&[(sent, occurs, 7, false)])
        );
    }
    // What was missed on Friday is caught up on the Sunday that is worked, not on Monday.
    let fixture = fixture_of([key_date("K1", KeyDateKind::Custom, "2026-09-25")]);
    assert_eq!(
        rows_of(&run(&fixture, days("2026-09-19", "2026-09-25"))),
        expect(&[("2026-09-20", "2026-09-25", 7, true)])
    );
}
