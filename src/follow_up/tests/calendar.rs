//! Working days of the published years, and what is refused.

use chrono::Datelike;

use super::day;
use crate::domain::local_day::Month;
use crate::follow_up::calendar::{CalendarProblem, DayKind, WorkingCalendar, days_from};

const WORKED: DayKind = DayKind {
    working: true,
    provisional: false,
};
const OFF: DayKind = DayKind {
    working: false,
    provisional: false,
};

#[test]
fn make_up_saturdays_and_sundays_are_worked() {
    let calendar = WorkingCalendar::shipped();
    let make_up = [
        "2024-02-04",
        "2024-02-18",
        "2024-04-07",
        "2024-04-28",
        "2024-05-11",
        "2024-09-14",
        "2024-09-29",
        "2024-10-12",
        "2025-01-26",
        "2025-02-08",
        "2025-04-27",
        "2025-09-28",
        "2025-10-11",
        "2026-01-04",
        "2026-02-14",
        "2026-02-28",
        "2026-05-09",
        "2026-09-20",
        "2026-10-10",
    ];
    for text in make_up {
        assert!(
            day(text).weekday().num_days_from_monday() >= 5,
            "{text} is a weekend day"
        );
        assert_eq!(calendar.working_day(day(text)), WORKED, "{text}");
    }
    let weekend_days_worked = days_from(day("2024-01-01")).take_while(|date| date.year() < 2027);
    let weekend_days_worked =
        weekend_days_worked.filter(|date| date.weekday().num_days_from_monday() >= 5);
    assert_eq!(
        weekend_days_worked
            .filter(|date| calendar.is_working(*date))
            .count(),
        make_up.len(),
        "and no other weekend day is"
    );
}

#[test]
fn holidays_on_weekdays_are_off() {
    let calendar = WorkingCalendar::shipped();
    for text in [
        "2024-02-12",
        "2024-05-03",
        "2024-09-16",
        "2025-01-28",
        "2025-10-08",
        "2026-01-02",
        "2026-02-16",
        "2026-02-23",
        "2026-06-19",
    ] {
        assert_eq!(calendar.working_day(day(text)), OFF, "{text}");
    }
}

/// 365 or 366 days less 104 weekend days less 11 statutory holidays, 13 from 2025 on (国务院令第795号).
#[test]
fn the_years_have_as_many_working_days_as_the_law_says() {
    let calendar = WorkingCalendar::shipped();
    for (year, expected) in [(2024, 251), (2025, 248), (2026, 248)] {
        let all = days_from(day(&format!("{year}-01-01"))).take_while(|date| date.year() == year);
        assert_eq!(
            all.filter(|date| calendar.is_working(*date)).count(),
            expected,
            "{year}"
        );
    }
}

#[test]
fn a_year_that_is_not_published_has_weekends_and_is_provisional() {
    let calendar = WorkingCalendar::shipped();
    assert_eq!(
        calendar.known_years().collect::<Vec<_>>(),
        [2024, 2025, 2026]
    );
    assert_eq!(
        calendar.working_day(day("2027-01-01")),
        DayKind {
            working: true,
            provisional: true
        },
        "a Friday"
    );
    assert_eq!(
        calendar.working_day(day("2027-01-02")),
        DayKind {
            working: false,
            provisional: true
        }
    );
    assert!(calendar.working_day(day("2023-05-05")).provisional);
}

#[test]
fn the_december_before_an_unpublished_year_is_provisional() {
    let calendar = WorkingCalendar::shipped();
    assert!(!calendar.working_day(day("2026-11-30")).provisional);
    assert!(calendar.working_day(day("2026-12-31")).provisional);
    assert!(!calendar.working_day(day("2025-12-31")).provisional);
}

const DECEMBER: &str =
    r#"{"year":2023,"papers":[],"days":[{"name":"元旦","date":"2022-12-30","isOffDay":true}]}"#;
const EMPTY: &str = r#"{"year":2022,"papers":[],"days":[]}"#;

#[test]
fn an_empty_file_means_unknown_and_not_that_there_are_no_holidays() {
    let calendar = WorkingCalendar::parse(&[("2022.json", EMPTY)]).expect("a good file");
    assert_eq!(calendar.known_years().count(), 0);
    assert_eq!(
        calendar.working_day(day("2022-10-03")),
        DayKind {
            working: true,
            provisional: true
        },
        "a Monday in the National Day week"
    );
    assert_eq!(
        calendar.days_off_around(day("2022-10-01")),
        None,
        "a Saturday, of which the notice is not known"
    );
}

#[test]
fn a_december_date_is_governed_by_the_next_years_notice() {
    let calendar = WorkingCalendar::parse(&[("2023.json", DECEMBER), ("2022.json", EMPTY)])
        .expect("good files");
    assert_eq!(calendar.working_day(day("2022-12-30")), OFF, "a Friday");
    assert!(
        calendar.working_day(day("2022-12-29")).provisional,
        "its own year is unknown"
    );
}

#[test]
fn the_later_notice_holds_whatever_the_order_of_the_files() {
    let own =
        r#"{"year":2022,"papers":[],"days":[{"name":"x","date":"2022-12-30","isOffDay":false}]}"#;
    for files in [
        [("2023.json", DECEMBER), ("2022.json", own)],
        [("2022.json", own), ("2023.json", DECEMBER)],
    ] {
        assert_eq!(
            WorkingCalendar::parse(&files)
                .expect("good files")
                .working_day(day("2022-12-30")),
            OFF
        );
    }
}

#[test]
fn all_that_is_wrong_with_the_files_is_said_at_once() {
    let days = r#"{"year":2025,"papers":[],"days":[{"name":"a","date":"2025-01-01","isOffDay":true},
        {"name":"a","date":"2025-01-01","isOffDay":true},{"name":"b","date":"2024-11-30","isOffDay":true}]}"#;
    let unknown = r#"{"year":2028,"papers":[],"days":[],"holidays":[]}"#;
    let files = [
        ("2025.json", days),
        ("2024.json", "[1"),
        ("2026.json", EMPTY),
        ("2022.json", EMPTY),
        ("2028.json", unknown),
    ];
    let problems = WorkingCalendar::parse(&files).expect_err("bad files");
    let messages: Vec<String> = problems.iter().map(ToString::to_string).collect();
    assert_eq!(problems.len(), 6, "{messages:#?}");
    assert!(
        messages[0].contains("2025.json, days[1]: 2025-01-01 stands there twice"),
        "{}",
        messages[0]
    );
    assert!(
        messages[1].contains("2025.json, days[2]: 2024-11-30"),
        "{}",
        messages[1]
    );
    assert!(
        matches!(&problems[2], CalendarProblem::Unreadable { file, .. } if file == "2024.json")
    );
    assert!(
        matches!(&problems[3], CalendarProblem::WrongName { file, year: 2022 } if file == "2026.json")
    );
    assert!(
        matches!(&problems[4], CalendarProblem::YearTwice { file, year: 2022 } if file == "2022.json")
    );
    assert!(messages[5].contains("holidays"), "{}", messages[5]);
}

#[test]
fn the_next_and_the_previous_working_day_leave_the_day_itself_out() {
    let calendar = WorkingCalendar::shipped();
    for (from, next, previous) in [
        ("2026-08-05", "2026-08-06", "2026-08-04"),
        ("2026-09-30", "2026-10-08", "2026-09-29"),
        ("2026-10-05", "2026-10-08", "2026-09-30"),
        ("2026-10-09", "2026-10-10", "2026-10-08"),
        ("2026-02-15", "2026-02-24", "2026-02-14"),
        ("2025-12-31", "2026-01-04", "2025-12-30"),
    ] {
        assert_eq!(
            calendar.next_working_day(day(from)),
            day(next),
            "after {from}"
        );
        assert_eq!(
            calendar.previous_working_day(day(from)),
            day(previous),
            "before {from}"
        );
    }
}

#[test]
fn the_first_working_day_of_a_month_skips_holidays() {
    let calendar = WorkingCalendar::shipped();
    for (month, first) in [
        ("2026-10", "2026-10-08"),
        ("2026-01", "2026-01-04"),
        ("2026-08", "2026-08-03"),
        ("2025-05", "2025-05-06"),
        ("2025-02", "2025-02-05"),
    ] {
        assert_eq!(
            calendar.first_working_day_of_month(Month::parse(month).expect("a month")),
            Some(day(first)),
            "{month}"
        );
    }
}
