//! Instants, local days and months.
//!
//! It may not know the current time (`clock` does) nor when a day begins (`zone` does). Invariant:
//! days and months are numbers without gaps, so that they can be counted and compared.

use std::fmt;

use chrono::{DateTime, Datelike, NaiveDate, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// An instant, in microseconds since 1970-01-01T00:00:00Z.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

impl Timestamp {
    /// Before every event.
    pub const MIN: Self = Self(i64::MIN);
    /// After every event.
    pub const MAX: Self = Self(i64::MAX);

    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// The same instant for chrono; the end of chrono's range beyond it, which no event reaches.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(if self.0 < 0 {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
    }

    /// Later by `delta` (earlier if it is negative); saturates at the ends of the range.
    #[must_use]
    pub fn plus(self, delta: TimeDelta) -> Self {
        Self(
            self.0
                .saturating_add(delta.num_microseconds().unwrap_or(i64::MAX)),
        )
    }

    /// `self − earlier`.
    #[must_use]
    pub fn since(self, earlier: Self) -> TimeDelta {
        TimeDelta::microseconds(self.0.saturating_sub(earlier.0))
    }
}

impl From<DateTime<Utc>> for Timestamp {
    fn from(t: DateTime<Utc>) -> Self {
        Self(t.timestamp_micros())
    }
}

/// RFC 3339 in UTC with microseconds where there are any.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// A local calendar day, as days since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LocalDay(i32);

impl LocalDay {
    /// The day of a date.
    #[must_use]
    pub fn from_date(date: NaiveDate) -> Self {
        Self(date.to_epoch_days())
    }

    /// From days since 1970-01-01.
    #[must_use]
    pub const fn from_number(number: i32) -> Self {
        Self(number)
    }

    /// Days since 1970-01-01.
    #[must_use]
    pub const fn number(self) -> i32 {
        self.0
    }

    /// The date of this day.
    #[must_use]
    pub(crate) fn date(self) -> NaiveDate {
        NaiveDate::from_epoch_days(self.0).unwrap_or(NaiveDate::MAX)
    }

    /// The day `n` days later.
    #[must_use]
    pub const fn plus(self, n: i32) -> Self {
        Self(self.0 + n)
    }

    /// The month that holds this day.
    #[must_use]
    pub fn month(self) -> Month {
        let date = self.date();
        Month::from_year_month(date.year(), date.month())
    }

    /// All days from this one to `last`, both included.
    pub(crate) fn to(self, last: Self) -> impl DoubleEndedIterator<Item = Self> {
        (self.0..=last.0).map(Self)
    }
}

impl fmt::Display for LocalDay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.date())
    }
}

/// A calendar month, as months since year 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Month(i32);

impl Month {
    /// The month of a year; `month` is 1–12.
    #[must_use]
    pub const fn from_year_month(year: i32, month: u32) -> Self {
        Self(year * 12 + month as i32 - 1)
    }

    /// Parses `YYYY-MM`, years 2000–2099.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |s: &str, n: usize| s.len() == n && s.bytes().all(|b| b.is_ascii_digit());
        if !digits(year, 4) || !digits(month, 2) {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        ((2000..=2099).contains(&year) && (1..=12).contains(&month))
            .then(|| Self::from_year_month(year, month))
    }

    /// The month's number, for sortable keys.
    #[must_use]
    pub(crate) const fn number(self) -> i32 {
        self.0
    }

    /// From [`Month::number`].
    #[must_use]
    pub(crate) const fn from_number(number: i32) -> Self {
        Self(number)
    }

    #[must_use]
    pub(crate) const fn year(self) -> i32 {
        self.0.div_euclid(12)
    }

    /// 1–12.
    #[must_use]
    pub(crate) const fn month(self) -> u32 {
        self.0.rem_euclid(12) as u32 + 1
    }

    /// The month `n` months later.
    #[must_use]
    pub const fn plus(self, n: i32) -> Self {
        Self(self.0 + n)
    }

    #[must_use]
    pub fn first_day(self) -> LocalDay {
        LocalDay::from_date(
            NaiveDate::from_ymd_opt(self.year(), self.month(), 1).unwrap_or(NaiveDate::MAX),
        )
    }

    #[must_use]
    pub fn last_day(self) -> LocalDay {
        self.plus(1).first_day().plus(-1)
    }

    /// The number of its days.
    #[must_use]
    pub(crate) fn days(self) -> i32 {
        self.plus(1).first_day().number() - self.first_day().number()
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.month())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_month_is_read_and_written_alike() {
        let month = Month::parse("2026-02").expect("a month");
        assert_eq!((month.to_string().as_str(), month.days()), ("2026-02", 28));
        assert_eq!(month.last_day().to_string(), "2026-02-28");
        assert_eq!(month.plus(-2).to_string(), "2025-12");
        for bad in [
            "2026-13",
            "2026-00",
            "2026-1",
            "26-01",
            "2026-01-01",
            "1999-12",
            "2026-+1",
        ] {
            assert_eq!(Month::parse(bad), None, "{bad}");
        }
    }
}
