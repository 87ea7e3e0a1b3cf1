//! On which days the public holidays are.

use chrono::NaiveDate;

use super::day;
use crate::domain::festival::Festival;
use crate::follow_up::calendar::WorkingCalendar;
use crate::follow_up::holidays::festival_day;

#[test]
fn the_seven_statutory_festivals_are_on_the_days_of_the_published_calendars() {
    for (year, expected) in [
        (
            2024,
            [
                "01-01", "02-10", "04-04", "05-01", "06-10", "09-17", "10-01",
            ],
        ),
        (
            2025,
            [
                "01-01", "01-29", "04-04", "05-01", "05-31", "10-06", "10-01",
            ],
        ),
        (
            2026,
            [
                "01-01", "02-17", "04-05", "05-01", "06-19", "09-25", "10-01",
            ],
        ),
        // 2033 has a leap eleventh month, 2020 a leap fourth: both come before or after the
        // festivals as published.
        (
            2020,
            [
                "01-01", "01-25", "04-04", "05-01", "06-25", "10-01", "10-01",
            ],
        ),
        (
            2034,
            [
                "01-01", "02-19", "04-05", "05-01", "06-20", "09-27", "10-01",
            ],
        ),
    ] {
        let found = Festival::ALL.map(|festival| {
            festival_day(festival, year).expect("a day").to_string()[5..].to_owned()
        });
        assert_eq!(found, expected, "{year}");
    }
    assert!(
        Festival::ALL
            .iter()
            .all(|festival| festival_day(*festival, 1911).is_none()
                && festival_day(*festival, 2101).is_none())
    );
}

#[test]
fn a_festival_day_of_a_published_year_is_off_under_the_festivals_name() {
    let calendar = WorkingCalendar::shipped();
    for year in [2024, 2025, 2026] {
        for festival in Festival::ALL {
            let on = festival_day(festival, year).expect("a day");
            let (first, last) = calendar.days_off_around(on).expect("days off");
            assert!(
                first <= on && on <= last && (last - first).num_days() < 10,
                "{festival:?} {year}"
            );
        }
    }
}

/// The sun's apparent longitude at midnight in China that begins a day, in degrees, to a hundredth
/// of one (J. Meeus, Astronomical Algorithms, chapter 25): 0.01° are a quarter of an hour.
fn longitude_at_midnight(date: NaiveDate) -> f64 {
    let noon_2000 = NaiveDate::from_ymd_opt(2000, 1, 1).expect("a date");
    // Midnight in China is eight hours before midnight in Greenwich, which is half a day before the
    // epoch's noon; a minute more.
    let centuries =
        ((date - noon_2000).num_days() as f64 - 0.5 - 8.0 / 24.0 + 60.0 / 86_400.0) / 36_525.0;
    let mean = 280.466_46 + 36_000.769_83 * centuries + 0.000_303_2 * centuries * centuries;
    let anomaly =
        (357.529_11 + 35_999.050_29 * centuries - 0.000_153_7 * centuries * centuries).to_radians();
    let centre = (1.914_602 - 0.004_817 * centuries) * anomaly.sin()
        + (0.019_993 - 0.000_101 * centuries) * (2.0 * anomaly).sin()
        + 0.000_289 * (3.0 * anomaly).sin();
    let node = (125.04 - 1_934.136 * centuries).to_radians();
    (mean + centre - 0.005_69 - 0.004_78 * node.sin()).rem_euclid(360.0)
}

#[test]
fn qingming_is_the_day_on_which_the_sun_reaches_fifteen_degrees() {
    let mut close = Vec::new();
    for year in 1912..=2100 {
        let on = festival_day(Festival::Qingming, year).expect("a day");
        let (before, after) = (
            longitude_at_midnight(on),
            longitude_at_midnight(on.succ_opt().expect("a day")),
        );
        // Within a quarter of an hour of midnight this sum does not decide.
        if (before - 15.0).abs() < 0.01 || (after - 15.0).abs() < 0.01 {
            close.push(year);
        } else {
            assert!(before < 15.0 && 15.0 <= after, "{on}: {before} to {after}");
        }
    }
    assert!(close.len() <= 4, "{close:?}");
    // Published: 6 April in 1943, and 2071 as the last that is a 5th in its kind of year.
    assert_eq!(
        festival_day(Festival::Qingming, 1943),
        Some(day("1943-04-06"))
    );
}
