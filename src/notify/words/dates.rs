//! Dates in both languages, solar and lunar.
//!
//! It converts nothing: the reminder carries the lunar day of a date. Invariant: a date reads the
//! same in every part of a mail.

use chrono::{Datelike, NaiveDate, NaiveDateTime, Weekday};

use crate::domain::event::LunarDay;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::reminder::LunarKept;
use crate::domain::zone::Zone;

/// `7 月 16 日`, `Jul 16`.
#[must_use]
pub(crate) fn month_day(locale: Locale, date: NaiveDate) -> String {
    match locale {
        Locale::ZhCn => format!("{} 月 {} 日", date.month(), date.day()),
        Locale::En => date.format("%b %-d").to_string(),
    }
}

/// `星期四`, `Thursday`.
#[must_use]
pub(crate) const fn weekday(locale: Locale, day: Weekday) -> &'static str {
    let at = day.num_days_from_monday() as usize;
    match locale {
        Locale::ZhCn => [
            "星期一",
            "星期二",
            "星期三",
            "星期四",
            "星期五",
            "星期六",
            "星期日",
        ][at],
        Locale::En => [
            "Monday",
            "Tuesday",
            "Wednesday",
            "Thursday",
            "Friday",
            "Saturday",
            "Sunday",
        ][at],
    }
}

/// A day with its weekday.
#[must_use]
pub(crate) fn day(locale: Locale, date: NaiveDate) -> String {
    let (day, weekday) = (month_day(locale, date), weekday(locale, date.weekday()));
    match locale {
        Locale::ZhCn => format!("{day}（{weekday}）"),
        Locale::En => format!("{day} ({weekday})"),
    }
}

/// An instant by the local clock, with its year where that is another than this.
#[must_use]
pub(crate) fn instant(locale: Locale, at: NaiveDateTime, this_year: i32) -> String {
    let (day, name) = (month_day(locale, at.date()), weekday(locale, at.weekday()));
    let (year, time) = (at.year(), at.format("%H:%M"));
    match locale {
        Locale::ZhCn if year == this_year => {
            format!("{day}（{}）{time}", name.trim_start_matches("星期"))
        }
        Locale::ZhCn => format!(
            "{year} 年 {day}（{}）{time}",
            name.trim_start_matches("星期")
        ),
        Locale::En if year == this_year => format!("{} {day} {time}", &name[..3]),
        Locale::En => format!("{} {day} {year} {time}", &name[..3]),
    }
}

/// How a zone is called.
#[must_use]
pub(crate) fn zone(locale: Locale, zone: Zone) -> &'static str {
    match (locale, zone.name()) {
        (Locale::ZhCn, "Asia/Shanghai") => "北京时间",
        (_, name) => name,
    }
}

/// A moment for people, with the zone: `2026-10-01 09:00 北京时间`.
#[must_use]
pub(crate) fn moment(locale: Locale, at: Timestamp, of: Zone) -> String {
    let (local, name) = (of.local(at), zone(locale, of));
    format!("{} {name}", local.format("%Y-%m-%d %H:%M"))
}

/// From a day to a day, both included, and how many they are.
#[must_use]
pub(crate) fn span(locale: Locale, first: NaiveDate, last: NaiveDate) -> String {
    let (days, from, to) = (
        (last - first).num_days() + 1,
        day(locale, first),
        day(locale, last),
    );
    match locale {
        Locale::ZhCn if days == 1 => format!("{from}，共 1 天"),
        Locale::ZhCn => format!("{from}至 {to}，共 {days} 天"),
        Locale::En if days == 1 => format!("{from}, 1 day"),
        Locale::En => format!("{from} to {to}, {days} days"),
    }
}

/// `农历闰六月初一`, `lunar leap 6-1`; with the day that it is this year where that is another.
#[must_use]
pub(crate) fn lunar(locale: Locale, LunarKept { kept, falls_on }: LunarKept) -> String {
    match (locale, kept == falls_on) {
        (Locale::ZhCn, true) => format!("农历{}", lunar_day(kept)),
        (Locale::ZhCn, false) => {
            format!("农历{}（今年按{}）", lunar_day(kept), lunar_day(falls_on))
        }
        (Locale::En, true) => format!("lunar {kept}"),
        (Locale::En, false) => format!("lunar {kept} (this year on {falls_on})"),
    }
}

fn lunar_day(LunarDay { month, day, leap }: LunarDay) -> String {
    const MONTHS: [&str; 12] = [
        "正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊",
    ];
    const DAYS: [&str; 10] = ["十", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let month = MONTHS
        .get(usize::from(month).wrapping_sub(1))
        .copied()
        .unwrap_or_default();
    let before = match day {
        1..=10 => "初",
        11..=19 => "十",
        20 => "二",
        21..=29 => "廿",
        _ => "三",
    };
    format!(
        "{}{month}月{before}{}",
        if leap { "闰" } else { "" },
        DAYS[usize::from(day % 10)]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lunar_days_are_called_as_in_the_calendar() {
        for (month, day, leap, zh) in [
            (8, 15, false, "八月十五"),
            (1, 1, false, "正月初一"),
            (12, 30, false, "腊月三十"),
            (11, 29, true, "闰冬月廿九"),
            (6, 20, true, "闰六月二十"),
            (10, 10, false, "十月初十"),
            (2, 21, false, "二月廿一"),
        ] {
            assert_eq!(lunar_day(LunarDay { month, day, leap }), zh);
        }
    }

    #[test]
    fn a_lunar_date_that_moves_this_year_says_where_to() {
        let kept = LunarDay {
            month: 6,
            day: 30,
            leap: true,
        };
        let moved = LunarKept {
            kept,
            falls_on: LunarDay {
                month: 6,
                day: 29,
                leap: false,
            },
        };
        assert_eq!(
            lunar(Locale::ZhCn, moved),
            "农历闰六月三十（今年按六月廿九）"
        );
        assert_eq!(
            lunar(Locale::En, moved),
            "lunar leap 6-30 (this year on 6-29)"
        );
        assert_eq!(
            lunar(
                Locale::En,
                LunarKept {
                    kept,
                    falls_on: kept
                }
            ),
            "lunar leap 6-30"
        );
    }
}
