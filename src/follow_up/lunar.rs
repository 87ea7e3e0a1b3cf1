//! Lunar dates (农历) → the days on which they are kept.
//!
//! The tables are those of GB/T 33661-2017 for the lunar years 1912–2100. It does not know what day
//! it is; each call is for one lunar year. A lunar year is called by the solar year in which it
//! begins, so its last weeks lie in the next one: a whole eleventh or twelfth month may. Invariant:
//! a lunar date is kept at most once in a lunar year, on a day of that year; outside the tables
//! there is none.

use std::ops::RangeInclusive;

use chrono::NaiveDate;
use icu_calendar::Date;
use icu_calendar::cal::ChineseTraditional;
use icu_calendar::types::Month;

use crate::domain::event::LunarDay;

/// The lunar years whose tables are precomputed: before them other rules held, after them the sky
/// is not certain enough.
pub(crate) const YEARS: RangeInclusive<i32> = 1912..=2100;

/// Longest lunar month, in days.
const DAYS_MAX: u8 = 30;

/// A lunar date in one year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LunarOccurrence {
    pub on: NaiveDate,
    /// The lunar day that it is.
    pub falls_on: LunarDay,
}

/// Where a lunar date is kept in the lunar year that begins in `year`. One of a leap month is kept
/// in the leap month if the year has it, else in the plain month; a plain one in the plain month
/// only; a 30th of a month of 29 days on the 29th. None outside of [`YEARS`], or for what is no
/// lunar date.
#[must_use]
pub(crate) fn place(year: i32, kept: LunarDay) -> Option<LunarOccurrence> {
    if !YEARS.contains(&year)
        || !(1..=12).contains(&kept.month)
        || !(1..=DAYS_MAX).contains(&kept.day)
    {
        return None;
    }
    let leap_month = if kept.leap {
        first_day(year, Month::leap(kept.month))
    } else {
        None
    };
    let leap = leap_month.is_some();
    let first = match leap_month {
        Some(first) => first,
        None => first_day(year, Month::new(kept.month))?,
    };
    // The library is never asked for a 30th that the month does not have.
    let day = kept.day.min(first.days_in_month());
    let number = i32::try_from(first.to_rata_die().to_i64_date())
        .ok()?
        .checked_add(i32::from(day) - 1)?;
    Some(LunarOccurrence {
        on: NaiveDate::from_num_days_from_ce_opt(number)?,
        falls_on: LunarDay {
            month: kept.month,
            day,
            leap,
        },
    })
}

/// The first day of a month; none if the year does not have that month.
fn first_day(year: i32, month: Month) -> Option<Date<ChineseTraditional>> {
    Date::try_new_chinese_traditional(year, month, 1).ok()
}
