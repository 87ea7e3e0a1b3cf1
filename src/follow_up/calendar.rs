//! Working days by the State Council's calendar with make-up workdays (调休).
//!
//! One file a year names the days that differ from an ordinary week; a year whose file is missing
//! or empty is *unknown*: weekends are assumed and the answer is provisional. It does not know
//! zones or what day it is: dates in, dates out. Invariant: a date is named at most once by a
//! year's file, and where two years' files name it, the later holiday notice holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{Datelike, NaiveDate, Weekday};
use serde::Deserialize;

use crate::domain::local_day::Month;

/// The files that the program carries, by name.
const SHIPPED: [(&str, &str); 4] = [
    ("2024.json", include_str!("../../config/calendar/2024.json")),
    ("2025.json", include_str!("../../config/calendar/2025.json")),
    ("2026.json", include_str!("../../config/calendar/2026.json")),
    ("2027.json", include_str!("../../config/calendar/2027.json")),
];

/// What is wrong with a calendar file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CalendarProblem {
    /// Not the JSON of a holiday file.
    #[error(
        "calendar file {file} cannot be read: {cause}; hint: it must have `year`, `papers` and `days` as in config/calendar/README.md"
    )]
    Unreadable {
        file: String,
        /// The JSON reader's message, with line and column.
        cause: String,
    },
    /// The year in the name is not the year in the content.
    #[error("calendar file {file} holds the year {year}; hint: name it {year}.json")]
    WrongName { file: String, year: i32 },
    /// Two files of one year.
    #[error("calendar file {file} is the second of the year {year}; hint: keep one")]
    YearTwice { file: String, year: i32 },
    /// A date that a holiday notice of this year cannot govern.
    #[error(
        "calendar file {file}, days[{index}]: {date} is neither in {year} nor in the December before it"
    )]
    OutOfYear {
        file: String,
        year: i32,
        /// Which entry of `days`, from 0.
        index: usize,
        date: NaiveDate,
    },
    /// A date that the same file names twice.
    #[error("calendar file {file}, days[{index}]: {date} stands there twice")]
    DateTwice {
        file: String,
        /// Which entry of `days`, from 0.
        index: usize,
        date: NaiveDate,
    },
}

/// What kind of day a date is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DayKind {
    pub working: bool,
    /// No holiday notice governs the date yet: weekends are assumed.
    pub provisional: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct YearFile {
    #[serde(rename = "$schema", default)]
    _schema: Option<String>,
    #[serde(rename = "$id", default)]
    _id: Option<String>,
    year: i32,
    #[serde(rename = "papers")]
    _papers: Vec<String>,
    days: Vec<NamedDay>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NamedDay {
    name: String,
    date: NaiveDate,
    #[serde(rename = "isOffDay")]
    is_off_day: bool,
}

/// The entry of a holiday notice for one day.
#[derive(Debug, Clone)]
struct Ruled {
    /// The year of the holiday notice.
    notice_year: i32,
    /// The festival, or several in one: 国庆节、中秋节.
    festival: Arc<str>,
    off: bool,
}

/// Which days are worked.
#[derive(Debug, Clone, Default)]
pub struct WorkingCalendar {
    /// The entries of the dates that a holiday notice names.
    named: BTreeMap<NaiveDate, Ruled>,
    /// Years whose holiday notice is published.
    known: BTreeSet<i32>,
}

impl WorkingCalendar {
    /// The calendar that the program carries.
    #[must_use]
    pub(crate) fn shipped() -> Self {
        Self::parse(&SHIPPED).expect("the shipped calendar files are read by a test")
    }

    /// Reads one file a year, given as (file name, text), in any order.
    ///
    /// # Errors
    /// Everything that is wrong with any of them.
    pub(crate) fn parse(files: &[(&str, &str)]) -> Result<Self, Vec<CalendarProblem>> {
        let mut problems = Vec::new();
        let mut years = BTreeMap::new();
        for &(name, text) in files {
            let file = name.to_owned();
            let read: YearFile = match serde_json::from_str(text) {
                Ok(read) => read,
                Err(e) => {
                    problems.push(CalendarProblem::Unreadable {
                        file,
                        cause: e.to_string(),
                    });
                    continue;
                }
            };
            let year = read.year;
            if name.strip_suffix(".json") != Some(year.to_string().as_str()) {
                problems.push(CalendarProblem::WrongName {
                    file: file.clone(),
                    year,
                });
            }
            let days = read_days(&file, &read, &mut problems);
            if years.insert(year, days).is_some() {
                problems.push(CalendarProblem::YearTwice { file, year });
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let known = years
            .iter()
            .filter(|(_, days)| !days.is_empty())
            .map(|(year, _)| *year)
            .collect();
        // In the order of the years: the later holiday notice writes over the earlier one.
        Ok(Self {
            named: years.into_values().flatten().collect(),
            known,
        })
    }

    /// The years whose holiday notice is loaded, first to last.
    pub(crate) fn known_years(&self) -> impl Iterator<Item = i32> + '_ {
        self.known.iter().copied()
    }

    /// The days off around a date, first and last: those of its festival with the weekends that
    /// adjoin. None if it is worked, or if its year's holiday notice is not published.
    #[must_use]
    pub(crate) fn days_off_around(&self, date: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        if !self.known.contains(&date.year()) || self.is_working(date) {
            return None;
        }
        let first = self.previous_working_day(date).succ_opt()?;
        Some((first, self.next_working_day(date).pred_opt()?))
    }

    /// The weekend days that the holiday notice of `year` has worked for a festival, by its official
    /// name.
    #[must_use]
    pub(crate) fn make_up_days(&self, year: i32, festival: &str) -> Vec<NaiveDate> {
        let for_it = |ruled: &Ruled| {
            ruled.notice_year == year && !ruled.off && ruled.festival.contains(festival)
        };
        self.named
            .iter()
            .filter(|(_, ruled)| for_it(ruled))
            .map(|(date, _)| *date)
            .collect()
    }

    /// What kind of day it is.
    #[must_use]
    pub(crate) fn working_day(&self, date: NaiveDate) -> DayKind {
        if let Some(ruled) = self.named.get(&date) {
            return DayKind {
                working: !ruled.off,
                provisional: false,
            };
        }
        let working = !matches!(date.weekday(), Weekday::Sat | Weekday::Sun);
        let governed = |year| self.known.contains(&year);
        let provisional =
            !governed(date.year()) || (date.month() == 12 && !governed(date.year() + 1));
        DayKind {
            working,
            provisional,
        }
    }

    /// Whether people work on it.
    #[must_use]
    pub(crate) fn is_working(&self, date: NaiveDate) -> bool {
        self.working_day(date).working
    }

    /// The first working day after `date`.
    #[must_use]
    pub(crate) fn next_working_day(&self, date: NaiveDate) -> NaiveDate {
        days_from(date)
            .skip(1)
            .find(|day| self.is_working(*day))
            .unwrap_or(NaiveDate::MAX)
    }

    /// The last working day before `date`.
    #[must_use]
    pub(crate) fn previous_working_day(&self, date: NaiveDate) -> NaiveDate {
        std::iter::successors(date.pred_opt(), NaiveDate::pred_opt)
            .find(|day| self.is_working(*day))
            .unwrap_or(NaiveDate::MIN)
    }

    /// The morning of what belongs on a date: the date itself, or the working day before it.
    #[must_use]
    pub(crate) fn morning_of(&self, date: NaiveDate) -> NaiveDate {
        if self.is_working(date) {
            date
        } else {
            self.previous_working_day(date)
        }
    }

    /// Whether a missed reminder goes out on `today`: on a working day, or when none is left before
    /// `date`.
    #[must_use]
    pub(crate) fn is_late_morning(&self, today: NaiveDate, date: NaiveDate) -> bool {
        self.is_working(today)
            || !days_from(today)
                .take_while(|day| *day < date)
                .any(|day| self.is_working(day))
    }

    /// The first working day of a month; none if all of it is off.
    #[must_use]
    pub(crate) fn first_working_day_of_month(&self, month: Month) -> Option<NaiveDate> {
        month
            .first_day()
            .to(month.last_day())
            .map(|day| day.date())
            .find(|day| self.is_working(*day))
    }
}

/// `date` and every day after it.
pub(super) fn days_from(date: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    std::iter::successors(Some(date), NaiveDate::succ_opt)
}

fn read_days(
    file: &str,
    read: &YearFile,
    problems: &mut Vec<CalendarProblem>,
) -> BTreeMap<NaiveDate, Ruled> {
    let mut days = BTreeMap::new();
    for (
        index,
        NamedDay {
            name,
            date,
            is_off_day,
        },
    ) in read.days.iter().enumerate()
    {
        let (file, date) = (file.to_owned(), *date);
        let ruled = Ruled {
            notice_year: read.year,
            festival: name.as_str().into(),
            off: *is_off_day,
        };
        if date.year() != read.year && (date.year() + 1, date.month()) != (read.year, 12) {
            problems.push(CalendarProblem::OutOfYear {
                file,
                year: read.year,
                index,
                date,
            });
        } else if days.insert(date, ruled).is_some() {
            problems.push(CalendarProblem::DateTwice { file, index, date });
        }
    }
    days
}
