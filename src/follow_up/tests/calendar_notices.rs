//! The working days of 2024, 2025 and 2026 against the State Council's notices, typed here as the
//! notices print them (first and last day off, make-up days) and not day by day as the data files
//! do, which collect them from the same holiday notices.

use std::collections::BTreeSet;

use chrono::{Datelike, NaiveDate, Weekday};

use super::day;
use crate::domain::local_day::Month;
use crate::follow_up::calendar::{WorkingCalendar, days_from};

/// Holidays (first and last day off, as the notices print them) and the weekend days that are
/// worked.
struct Notice {
    year: i32,
    url: &'static str,
    holidays: [(&'static str, &'static str, &'static str); 7],
    worked: &'static [&'static str],
}

const NOTICES: [Notice; 3] = [
    Notice {
        year: 2024,
        url: "https://www.gov.cn/zhengce/zhengceku/202310/content_6911528.htm",
        holidays: [
            ("元旦", "01-01", "01-01"),
            ("春节", "02-10", "02-17"),
            ("清明节", "04-04", "04-06"),
            ("劳动节", "05-01", "05-05"),
            ("端午节", "06-10", "06-10"),
            ("中秋节", "09-15", "09-17"),
            ("国庆节", "10-01", "10-07"),
        ],
        worked: &[
            "02-04", "02-18", "04-07", "04-28", "05-11", "09-14", "09-29", "10-12",
        ],
    },
    Notice {
        year: 2025,
        url: "https://www.gov.cn/zhengce/zhengceku/202411/content_6986383.htm",
        holidays: [
            ("元旦", "01-01", "01-01"),
            ("春节", "01-28", "02-04"),
            ("清明节", "04-04", "04-06"),
            ("劳动节", "05-01", "05-05"),
            ("端午节", "05-31", "06-02"),
            ("中秋节", "10-01", "10-08"),
            ("国庆节", "10-01", "10-08"),
        ],
        worked: &["01-26", "02-08", "04-27", "09-28", "10-11"],
    },
    Notice {
        year: 2026,
        url: "https://www.gov.cn/zhengce/zhengceku/202511/content_7047091.htm",
        holidays: [
            ("元旦", "01-01", "01-03"),
            ("春节", "02-15", "02-23"),
            ("清明节", "04-04", "04-06"),
            ("劳动节", "05-01", "05-05"),
            ("端午节", "06-19", "06-21"),
            ("中秋节", "09-25", "09-27"),
            ("国庆节", "10-01", "10-07"),
        ],
        worked: &["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"],
    },
];

impl Notice {
    fn date(&self, month_day: &str) -> NaiveDate {
        day(&format!("{}-{month_day}", self.year))
    }

    fn days(&self) -> impl Iterator<Item = NaiveDate> + '_ {
        days_from(self.date("01-01")).take_while(|date| date.year() == self.year)
    }

    /// The days of the year that are worked.
    fn working(&self) -> BTreeSet<NaiveDate> {
        let worked: BTreeSet<NaiveDate> = self.worked.iter().map(|date| self.date(date)).collect();
        let off = |date: &NaiveDate| {
            self.holidays
                .iter()
                .any(|(_, first, last)| self.date(first) <= *date && *date <= self.date(last))
        };
        let weekend = |date: &NaiveDate| matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        self.days()
            .filter(|date| worked.contains(date) || !(off(date) || weekend(date)))
            .collect()
    }
}

#[test]
fn the_working_days_of_three_years_are_those_of_the_state_councils_notices() {
    let calendar = WorkingCalendar::shipped();
    for notice in &NOTICES {
        let found: BTreeSet<NaiveDate> = notice
            .days()
            .filter(|date| calendar.is_working(*date))
            .collect();
        assert_eq!(found, notice.working(), "{}", notice.year);
        let text = match notice.year {
            2024 => include_str!("../../../config/calendar/2024.json"),
            2025 => include_str!("../../../config/calendar/2025.json"),
            _ => include_str!("../../../config/calendar/2026.json"),
        };
        let file: serde_json::Value = serde_json::from_str(text).expect("JSON");
        assert_eq!(
            file["papers"],
            serde_json::json!([notice.url]),
            "{}",
            notice.year
        );
    }
}

#[test]
fn the_days_off_and_the_make_up_days_of_a_festival_are_those_of_its_notice() {
    let calendar = WorkingCalendar::shipped();
    for notice in &NOTICES {
        let mut worked = BTreeSet::new();
        for (festival, first, last) in notice.holidays {
            let (first, last) = (notice.date(first), notice.date(last));
            let (found_first, found_last) =
                calendar.days_off_around(first).expect("a published year");
            // Weekend days that merely adjoin (与周末连休) are off with it.
            assert!(
                found_first <= first && last <= found_last,
                "{festival} {}",
                notice.year
            );
            let more = days_from(found_first)
                .take_while(|date| *date <= found_last)
                .filter(|date| *date < first || last < *date);
            assert!(
                more.into_iter()
                    .all(|date| matches!(date.weekday(), Weekday::Sat | Weekday::Sun)),
                "{festival} {}",
                notice.year
            );
            worked.extend(calendar.make_up_days(notice.year, festival));
        }
        assert_eq!(
            worked,
            notice.worked.iter().map(|date| notice.date(date)).collect(),
            "{}: each is of some festival",
            notice.year
        );
    }
    let of = |year, festival| {
        calendar
            .make_up_days(year, festival)
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(of(2026, "国庆节"), ["2026-09-20", "2026-10-10"]);
    assert_eq!(of(2026, "中秋节"), Vec::<String>::new());
    assert_eq!(
        of(2025, "中秋节"),
        of(2025, "国庆节"),
        "one holiday of two festivals"
    );
    assert_eq!(
        calendar.days_off_around(day("2024-06-10")),
        Some((day("2024-06-08"), day("2024-06-10")))
    );
    assert_eq!(
        (
            calendar.days_off_around(day("2026-08-05")),
            calendar.days_off_around(day("2027-01-01"))
        ),
        (None, None)
    );
}

#[test]
fn the_first_working_day_of_every_month_follows_from_the_notices() {
    let calendar = WorkingCalendar::shipped();
    for notice in &NOTICES {
        let working = notice.working();
        for month in 1..=12 {
            let expected = working.iter().find(|date| date.month() == month).copied();
            assert_eq!(
                calendar.first_working_day_of_month(Month::from_year_month(notice.year, month)),
                expected,
                "{}-{month}",
                notice.year
            );
        }
    }
}
