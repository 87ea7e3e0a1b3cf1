//! Due times: so many working hours (09:00–18:00 on working days), or so many hours of the clock.
//!
//! It does not know what is due. Invariant: counting a and then b hours ends where counting a + b hours does,
//! and whoever starts later never ends earlier.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::calendar::{WorkingCalendar, days_from};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::zone::Zone;

/// Work begins, local time.
const OPENING: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("09:00 is a time");
/// Work ends, local time.
const CLOSING: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).expect("18:00 is a time");

/// How hours towards a due time are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Counting {
    /// 09:00–18:00 on working days.
    WorkingHours,
    /// Every hour: critical alerts of tier A.
    ClockHours,
}

impl Counting {
    /// The instant at which `hours` of this kind have passed since `from`.
    #[must_use]
    pub fn due_after(self, zone: Zone, calendar: &WorkingCalendar, from: Timestamp, hours: TimeDelta) -> Timestamp {
        match self {
            Self::WorkingHours => due_after(zone, calendar, from, hours),
            Self::ClockHours => from.plus(hours.max(TimeDelta::zero())),
        }
    }
}

/// The instant at which `hours` working hours have passed since `from`. A start outside the hours moves to the next opening,
/// also for no hours at all; the closing minute itself still belongs to the day. Negative `hours` count as none.
#[must_use]
pub fn due_after(zone: Zone, calendar: &WorkingCalendar, from: Timestamp, hours: TimeDelta) -> Timestamp {
    let mut left = hours.max(TimeDelta::zero());
    for date in days_from(zone.day_of(from).date()).filter(|date| calendar.is_working(*date)) {
        let (opening, closing) = hours_of(zone, date);
        let start = from.max(opening);
        if start > closing {
            continue;
        }
        let open_for = closing.since(start);
        if left <= open_for {
            return start.plus(left);
        }
        left -= open_for;
    }
    zone.end_of(LocalDay::from_date(NaiveDate::MAX.pred_opt().unwrap_or(NaiveDate::MAX)))
}

fn hours_of(zone: Zone, date: NaiveDate) -> (Timestamp, Timestamp) {
    (zone.at(date.and_time(OPENING)), zone.at(date.and_time(CLOSING)))
}
