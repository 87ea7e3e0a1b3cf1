//! Key dates that are kept by the lunar calendar, over ten years, against an independent library.

use chrono::{Datelike, NaiveDate};

use super::day;
use super::key_dates::{days, expect, fixture_of, key_date, of_key_date, rows_of, run};
use crate::domain::event::{KeyDate, KeyDateKind, KeyDay, LunarDay};
use crate::domain::reminder::LunarKept;
use crate::follow_up::calendar::days_from;
use crate::follow_up::lunar;

fn lunar_date(id: &str, month: u8, day: u8, leap: bool) -> KeyDate {
    KeyDate {
        day: KeyDay::Lunar(LunarDay { month, day, leap }),
        lead_days: Some(vec![0]),
        ..key_date(id, KeyDateKind::Birthday, "2026-01-01")
    }
}

/// Every day on which a key date occurs from 2021 to 2030.
fn ten_years(key_date: KeyDate) -> Vec<NaiveDate> {
    run(&fixture_of([key_date]), days("2020-11-01", "2030-12-31"))
        .iter()
        .map(|one| one.occurs_on)
        .filter(|on| on.year() > 2020)
        .collect()
}

#[test]
fn a_lunar_birthday_is_reminded_of_ahead_of_the_day_on_which_it_falls() {
    let fixture = fixture_of([KeyDate {
        lead_days: None,
        ..lunar_date("K1", 8, 15, false)
    }]);
    let rows = [
        ("2025-09-29", "2025-10-06", 7, false),
        // The day before is in the National Day week of eight days.
        ("2025-09-30", "2025-10-06", 1, false),
        ("2026-09-18", "2026-09-25", 7, false),
        ("2026-09-24", "2026-09-25", 1, false),
    ];
    let all = run(&fixture, days("2025-01-01", "2026-12-31"));
    assert_eq!(rows_of(&all), expect(&rows));
    let day = LunarDay {
        month: 8,
        day: 15,
        leap: false,
    };
    assert!(
        all.iter().all(|one| of_key_date(one).lunar
            == Some(LunarKept {
                kept: day,
                falls_on: day
            })),
        "it says how it is kept"
    );
}

#[test]
fn a_lunar_date_at_the_end_of_the_lunar_year_falls_into_the_next_solar_one() {
    // The 23rd of the twelfth month of the lunar years 2024 and 2025.
    let fixture = fixture_of([KeyDate {
        lead_days: None,
        ..lunar_date("K1", 12, 23, false)
    }]);
    let found: Vec<String> = run(&fixture, days("2025-01-01", "2026-03-01"))
        .iter()
        .map(|one| one.occurs_on.to_string())
        .collect();
    assert_eq!(
        found,
        ["2025-01-22", "2025-01-22", "2026-02-10", "2026-02-10"]
    );
    // So a solar year may have two of them, or none.
    let years: Vec<i32> = ten_years(lunar_date("K1", 11, 28, false))
        .iter()
        .map(Datelike::year)
        .collect();
    assert_eq!(
        years,
        [
            2021, 2021, 2022, 2024, 2024, 2026, 2027, 2027, 2029, 2030, 2030
        ]
    );
}

/// The independent library's day of a lunar date in a lunar year; none if the year lacks it.
fn judged(year: i32, LunarDay { month, day, leap }: LunarDay) -> Option<NaiveDate> {
    super::lunar::judged(year, month, leap, day)
}

#[test]
fn over_ten_years_a_leap_month_birthday_is_kept_in_the_leap_month_of_a_year_that_has_it_else_in_the_plain_month()
 {
    for month in [2, 4, 6] {
        let day = |leap| LunarDay {
            month,
            day: 10,
            leap,
        };
        let expected: Vec<NaiveDate> = (2021..=2030)
            .map(|year| {
                judged(year, day(true))
                    .or(judged(year, day(false)))
                    .expect("a day")
            })
            .collect();
        assert_eq!(
            ten_years(lunar_date("K1", month, 10, true)),
            expected,
            "leap {month}"
        );
    }
    // Leap months of these years: 2nd in 2023, 6th in 2025, 5th in 2028.
    assert_eq!(
        judged(
            2023,
            LunarDay {
                month: 2,
                day: 10,
                leap: true
            }
        ),
        Some(day("2023-03-31"))
    );
    assert!(ten_years(lunar_date("K1", 2, 10, true)).contains(&day("2023-03-31")));
    assert!(ten_years(lunar_date("K1", 6, 10, true)).contains(&day("2025-08-03")));
}

#[test]
fn over_ten_years_a_plain_lunar_birthday_is_kept_in_the_plain_month_only() {
    for month in 1..=12 {
        let expected: Vec<NaiveDate> = (2020..=2030)
            .map(|year| {
                judged(
                    year,
                    LunarDay {
                        month,
                        day: 10,
                        leap: false,
                    },
                )
                .expect("a day")
            })
            .filter(|on| (2021..=2030).contains(&on.year()))
            .collect();
        assert_eq!(
            ten_years(lunar_date("K1", month, 10, false)),
            expected,
            "month {month}"
        );
    }
}

#[test]
fn over_ten_years_a_30th_in_a_short_lunar_month_moves_to_the_29th() {
    let mut moved = 0;
    for (month, leap) in
        (1..=12)
            .map(|month| (month, false))
            .chain([(2, true), (4, true), (6, true)])
    {
        let day = |day, leap| LunarDay { month, day, leap };
        let expected: Vec<NaiveDate> = (2020..=2030)
            .map(|year| {
                let leap = leap && judged(year, day(1, true)).is_some();
                judged(year, day(30, leap)).unwrap_or_else(|| {
                    moved += 1;
                    judged(year, day(29, leap)).expect("every month has a 29th")
                })
            })
            .filter(|on| (2021..=2030).contains(&on.year()))
            .collect();
        assert_eq!(
            ten_years(lunar_date("K1", month, 30, leap)),
            expected,
            "month {month}"
        );
    }
    assert!(moved > 50, "{moved} months are short");
}

#[test]
fn what_a_lunar_date_becomes_in_a_year_is_told() {
    let fixture = fixture_of([lunar_date("K1", 6, 30, true)]);
    let reminder = run(&fixture, [day("2026-08-12")]).remove(0);
    let kept = LunarDay {
        month: 6,
        day: 30,
        leap: true,
    };
    let falls_on = LunarDay {
        month: 6,
        day: 30,
        leap: false,
    };
    assert_eq!(
        of_key_date(&reminder).lunar,
        Some(LunarKept { kept, falls_on })
    );
    let year = run(&fixture, [day("2025-08-22")]).remove(0);
    let falls_on = LunarDay {
        month: 6,
        day: 29,
        leap: true,
    };
    assert_eq!(
        of_key_date(&year).lunar,
        Some(LunarKept { kept, falls_on }),
        "leap 6-30 of 2025, whose leap month has 29 days"
    );
}

#[test]
fn no_lunar_date_is_reminded_of_beyond_the_tables() {
    let fixture = fixture_of([lunar_date("K1", 1, 1, false)]);
    let last = lunar::place(
        2100,
        LunarDay {
            month: 1,
            day: 1,
            leap: false,
        },
    )
    .expect("within the tables")
    .on;
    let after = days_from(last.succ_opt().expect("a day")).take(800);
    assert!(run(&fixture, after).is_empty());
}
