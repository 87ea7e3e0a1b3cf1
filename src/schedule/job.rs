//! The content of a job file, as values.
//!
//! It may not know how the file is spelled. Invariant: a [`JobSpec`] falls due again and again, and
//! has a reason why it exists.

use std::fmt;
use std::time::Duration;

use chrono::{Datelike, Days, NaiveDate, TimeDelta};

use super::cron::Cron;
use super::parameters::JobParameters;
use crate::domain::job_action::JobAction;
use crate::domain::names::names;
use crate::domain::zone::Zone;

/// Name of a job: 1–64 of a–z, 0–9 and `_`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobName(Box<str>);

impl JobName {
    /// Takes a text that follows the rule; nothing for another.
    #[must_use]
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let good = (1..=64).contains(&text.len())
            && text
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        good.then(|| Self(text.into()))
    }

    /// The name as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for JobName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone)]
pub struct JobSpec {
    pub name: JobName,
    /// Why it exists: the first comment of its file.
    pub why: String,
    /// When it falls due.
    pub schedule: Schedule,
    /// The zone of its schedule and calendar, if not the configured one.
    pub timezone: Option<Zone>,
    /// What it does.
    pub action: JobAction,
    /// On which days.
    pub calendar: CalendarRule,
    /// What becomes of due times that nobody ran.
    pub on_missed: OnMissed,
    /// A run that takes longer is stopped.
    pub timeout: Duration,
    pub parameters: JobParameters,
}

/// When a job falls due.
#[derive(Debug, Clone)]
pub enum Schedule {
    /// At local wall times.
    Cron(Cron),
    /// At the multiples of a span since 1970-01-01T00:00:00Z; a second to 31 days.
    Every(TimeDelta),
}

names! {
    /// On which local days a job falls due.
    pub enum CalendarRule {
        Any = "any",
        /// On working days.
        WorkingDays = "working_days",
        /// On the last working day of a week, Monday to Sunday; a week without one has none.
        LastWorkingDayOfWeek = "last_working_day_of_week",
        /// On the first working day of a month.
        FirstWorkingDayOfMonth = "first_working_day_of_month",
    }
}

impl CalendarRule {
    /// Whether a job may fall due on a day.
    #[must_use]
    pub(crate) fn allows(self, date: NaiveDate, working: &dyn Fn(NaiveDate) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::WorkingDays => working(date),
            Self::LastWorkingDayOfWeek => {
                let left = 6 - u64::from(date.weekday().num_days_from_monday());
                working(date)
                    && !(1..=left)
                        .filter_map(|days| date.checked_add_days(Days::new(days)))
                        .any(working)
            }
            Self::FirstWorkingDayOfMonth => {
                working(date)
                    && !(1..date.day())
                        .filter_map(|day| date.with_day(day))
                        .any(working)
            }
        }
    }
}

names! {
    /// What becomes of due times that nobody ran.
    pub enum OnMissed {
        /// Each is run, in order.
        RunEach = "run_each",
        /// The latest is run.
        RunOnce = "run_once",
        /// None is run, but one that has only just passed.
        Skip = "skip",
    }
}
