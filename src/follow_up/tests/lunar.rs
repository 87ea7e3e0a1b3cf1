//! Lunar dates against an independent library, day by day, and the rules that no library has.

use std::collections::BTreeSet;

use chinese_lunisolar_calendar::{LunarMonth, LunisolarDate, SolarDate};
use chrono::{Datelike, NaiveDate};
use proptest::prelude::*;

use super::day;
use crate::domain::event::LunarDay;
use crate::follow_up::calendar::days_from;
use crate::follow_up::lunar::{YEARS, place};

/// The independent library's day of a lunar date; none if the year has no such month or the month
/// no such day.
pub(super) fn judged(year: i32, month: u8, leap: bool, day: u8) -> Option<NaiveDate> {
    let date = LunisolarDate::from_ymd(u16::try_from(year).ok()?, month, leap, day).ok()?;
    Some(date.to_naive_date())
}

/// The independent library's lunar year and day of a date.
fn lunar_of(date: NaiveDate) -> (i32, LunarDay) {
    let date =
        LunisolarDate::from_solar_date(SolarDate::from_date(date).expect("within the tables"))
            .expect("within the tables");
    let month: LunarMonth = date.to_lunar_month();
    let lunar = LunarDay {
        month: month.to_u8(),
        day: date.to_lunar_day().to_u8(),
        leap: month.is_leap_month(),
    };
    (i32::from(date.to_lunisolar_year().to_u16()), lunar)
}

fn on(year: i32, month: u8, day: u8, leap: bool) -> Option<NaiveDate> {
    Some(place(year, LunarDay { month, day, leap })?.on)
}

/// The new moons of 28 September 2057, 4 September 2089 and 7 August 2097 lie so close to midnight
/// that by the Hong Kong Observatory's own note its dates may be off by a day; the two libraries
/// differ. We go with icu_calendar, which computes by GB/T 33661-2017: there each of these months
/// begins a day before the other table's.
const CLOSE_TO_MIDNIGHT: [(i32, u8, &str, &str); 3] = [
    (2057, 9, "2057-09-28", "2057-09-29"),
    (2089, 8, "2089-09-04", "2089-09-05"),
    (2097, 7, "2097-08-07", "2097-08-08"),
];

#[test]
fn every_day_from_1912_to_2100_is_where_an_independent_table_has_it_but_for_three_months() {
    let mut differing = BTreeSet::new();
    let mut days = 0;
    for date in days_from(day("1912-02-18")).take_while(|date| date.year() <= 2100) {
        let (year, lunar) = lunar_of(date);
        let placed = place(year, lunar).expect("a day");
        days += 1;
        if (placed.on, placed.falls_on) != (date, lunar) {
            differing.insert((year, lunar.month));
        }
    }
    assert_eq!(days, 68_984);
    let years: BTreeSet<i32> = differing.iter().map(|(year, _)| *year).collect();
    assert_eq!(
        years.into_iter().collect::<Vec<_>>(),
        CLOSE_TO_MIDNIGHT.map(|(year, ..)| year),
        "{differing:?}"
    );
    assert!(differing.iter().all(|(year, _)| *year > 2056));
}

#[test]
fn the_three_months_that_begin_close_to_midnight_are_pinned() {
    for (year, month, ours, theirs) in CLOSE_TO_MIDNIGHT {
        assert_eq!(
            on(year, month, 1, false)
                .map(|on| on.to_string())
                .as_deref(),
            Some(ours)
        );
        assert_eq!(
            judged(year, month, false, 1)
                .map(|on| on.to_string())
                .as_deref(),
            Some(theirs)
        );
    }
}

#[test]
fn leap_months_are_where_the_published_calendars_have_them() {
    for (year, leap, first) in [
        (2020, 4, "2020-05-23"),
        (2023, 2, "2023-03-22"),
        (2025, 6, "2025-07-25"),
        (2028, 5, "2028-06-23"),
        // Many tables have no leap month in 2033, or another one.
        (2033, 11, "2033-12-22"),
    ] {
        let leap_months: Vec<u8> = (1..=12)
            .filter(|month| on(year, *month, 1, true) != on(year, *month, 1, false))
            .collect();
        assert_eq!(leap_months, [leap], "{year}");
        assert_eq!(on(year, leap, 1, true), Some(day(first)), "{year}");
    }
    assert_eq!(
        (on(2033, 11, 1, false), on(2033, 12, 1, false)),
        (Some(day("2033-11-22")), Some(day("2034-01-20")))
    );
}

#[test]
fn a_leap_month_date_is_kept_in_the_leap_month_of_a_year_that_has_it_else_in_the_plain_month() {
    assert_eq!(on(2025, 6, 15, true), Some(day("2025-08-08")));
    assert_eq!(on(2026, 6, 15, true), Some(day("2026-07-28")));
    assert_eq!(on(2026, 6, 15, true), on(2026, 6, 15, false));
    let placed = place(
        2026,
        LunarDay {
            month: 6,
            day: 15,
            leap: true,
        },
    )
    .expect("a day");
    assert_eq!(
        placed.falls_on,
        LunarDay {
            month: 6,
            day: 15,
            leap: false
        },
        "and it says so"
    );
}

#[test]
fn a_plain_date_is_kept_in_the_plain_month_only() {
    assert_eq!(on(2025, 6, 15, false), Some(day("2025-07-09")));
    assert_eq!(on(2023, 2, 2, false), Some(day("2023-02-21")));
}

#[test]
fn a_30th_in_a_short_month_moves_to_the_29th() {
    // The twelfth month of the lunar year 2024 has 29 days, that of 2023 has 30.
    assert_eq!(on(2024, 12, 30, false), Some(day("2025-01-28")));
    assert_eq!(on(2024, 12, 29, false), Some(day("2025-01-28")));
    assert_eq!(on(2023, 12, 30, false), Some(day("2024-02-09")));
    // The leap sixth month of 2025 has 29 days, the plain one 30.
    assert_eq!(on(2025, 6, 30, true), Some(day("2025-08-22")));
    assert_eq!(
        place(
            2025,
            LunarDay {
                month: 6,
                day: 30,
                leap: true
            }
        )
        .expect("a day")
        .falls_on
        .day,
        29
    );
}

#[test]
fn outside_of_the_tables_and_for_what_is_no_lunar_date_there_is_no_day() {
    for year in [i32::MIN, -1, 0, 1911, 2101, 9_999, i32::MAX] {
        assert_eq!(on(year, 1, 1, false), None, "{year}");
    }
    for (month, day) in [(0, 1), (13, 1), (255, 1), (1, 0), (1, 31), (1, 255)] {
        assert_eq!(
            (on(2026, month, day, false), on(2026, month, day, true)),
            (None, None),
            "{month}-{day}"
        );
    }
    assert_eq!(
        (on(1912, 1, 1, false), on(2100, 12, 29, false)),
        (Some(day("1912-02-18")), Some(day("2101-01-28")))
    );
}

proptest! {
    #[test]
    fn a_lunar_date_is_kept_once_in_a_lunar_year_on_a_day_of_that_year(
        year in 1913i32..2099, month in 1u8..=12, day in 1u8..=30, leap in any::<bool>(),
    ) {
        let lunar = LunarDay { month, day, leap };
        let (before, placed, after) = (place(year - 1, lunar).unwrap(), place(year, lunar).unwrap(), place(year + 1, lunar).unwrap());
        let (begins, ends) = (on(year, 1, 1, false).unwrap(), on(year + 1, 1, 1, false).unwrap());
        prop_assert!(begins <= placed.on && placed.on < ends);
        prop_assert!(before.on < begins && ends <= after.on, "one a lunar year");
        prop_assert!(placed.falls_on.day == day || (day == 30 && placed.falls_on.day == 29));
        prop_assert!(placed.falls_on.month == month && (leap || !placed.falls_on.leap));
        prop_assert_eq!(place(year, placed.falls_on), Some(placed), "the day that it is stays where it is");
        prop_assert!(YEARS.contains(&year));
    }

    #[test]
    fn no_lunar_date_of_any_year_panics(year in any::<i32>(), month in any::<u8>(), day in any::<u8>(), leap in any::<bool>()) {
        let placed = place(year, LunarDay { month, day, leap });
        prop_assert_eq!(placed.is_some(), YEARS.contains(&year) && (1..=12).contains(&month) && (1..=30).contains(&day));
    }
}
