//! Due times: so many working hours (09:00–18:00 on working days), or so many hours of the clock.
//!
//! It does not know what is due. Invariant: counting a and then b hours gives the same instant as
//! counting a + b hours, a later start never gives an earlier end, and the hours between two
//! instants lead from the one to the other.

use chrono::{NaiveDate, NaiveTime, TimeDelta};

use super::calendar::{WorkingCalendar, days_from};
use crate::domain::event::Tier;
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::Task;
use crate::domain::zone::Zone;

/// Work begins, local time.
const OPENING: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("09:00 is a time");
/// Work ends, local time.
const CLOSING: NaiveTime = NaiveTime::from_hms_opt(18, 0, 0).expect("18:00 is a time");

/// Working hours of a working day.
const HOURS_OF_A_DAY: i64 = 9;

/// How hours towards a due time are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Counting {
    /// 09:00–18:00 on working days.
    WorkingHours,
    /// Every hour: critical alerts of tier A about the group customer, a key contact or a locked
    /// number.
    ClockHours,
}

impl Counting {
    /// How the hours of a task are counted.
    #[must_use]
    pub(crate) fn of_task(task: &Task) -> Self {
        let kind = task.lead.as_ref().map(|lead| lead.kind);
        Self::by_severity(task.severity, task.tier, kind)
    }

    /// How the hours of a task of that severity are counted, for a group customer of that tier;
    /// `kind` is that of its leading alert. Of the critical alerts only a major complaint concerns
    /// neither the whole customer nor a key contact or a locked subscriber.
    #[must_use]
    pub(crate) fn by_severity(
        severity: Severity,
        tier: Option<Tier>,
        kind: Option<AlertKind>,
    ) -> Self {
        let is_one_complaint = kind == Some(AlertKind::Signal(Signal::MajorComplaint));
        if severity == Severity::Critical && tier == Some(Tier::A) && !is_one_complaint {
            Self::ClockHours
        } else {
            Self::WorkingHours
        }
    }

    /// The instant at which `hours` of this kind have passed since `from`.
    #[must_use]
    pub(crate) fn due_after(
        self,
        zone: Zone,
        calendar: &WorkingCalendar,
        from: Timestamp,
        hours: TimeDelta,
    ) -> Timestamp {
        match self {
            Self::WorkingHours => due_after(zone, calendar, from, hours),
            Self::ClockHours => from.plus(hours.max(TimeDelta::zero())),
        }
    }

    /// How many hours of this kind pass from one instant to a later one; none if it is not later.
    #[must_use]
    pub(crate) fn hours_between(
        self,
        zone: Zone,
        calendar: &WorkingCalendar,
        from: Timestamp,
        to: Timestamp,
    ) -> TimeDelta {
        match self {
            Self::WorkingHours => hours_between(zone, calendar, from, to),
            Self::ClockHours => to.since(from).max(TimeDelta::zero()),
        }
    }
}

/// The instant at which `hours` working hours have passed since `from`. A start outside the hours
/// moves to the next opening, also for no hours at all; the closing minute itself still belongs to
/// the day. Negative `hours` count as none.
#[must_use]
pub(crate) fn due_after(
    zone: Zone,
    calendar: &WorkingCalendar,
    from: Timestamp,
    hours: TimeDelta,
) -> Timestamp {
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
    zone.end_of(LocalDay::from_date(
        NaiveDate::MAX.pred_opt().unwrap_or(NaiveDate::MAX),
    ))
}

/// So many working days after an instant.
#[must_use]
pub(crate) fn working_days_after(
    zone: Zone,
    calendar: &WorkingCalendar,
    from: Timestamp,
    days: u32,
) -> Timestamp {
    due_after(
        zone,
        calendar,
        from,
        TimeDelta::hours(HOURS_OF_A_DAY * i64::from(days)),
    )
}

/// How many working hours pass from one instant to a later one; none if it is not later.
#[must_use]
pub(crate) fn hours_between(
    zone: Zone,
    calendar: &WorkingCalendar,
    from: Timestamp,
    to: Timestamp,
) -> TimeDelta {
    let last = zone.day_of(to).date();
    let days = days_from(zone.day_of(from).date())
        .take_while(|date| *date <= last)
        .filter(|date| calendar.is_working(*date));
    days.fold(TimeDelta::zero(), |sum, date| {
        let (opening, closing) = hours_of(zone, date);
        sum + to
            .min(closing)
            .since(from.max(opening))
            .max(TimeDelta::zero())
    })
}

/// When the working day ends on a date.
#[must_use]
pub(crate) fn closing_of(zone: Zone, date: NaiveDate) -> Timestamp {
    hours_of(zone, date).1
}

fn hours_of(zone: Zone, date: NaiveDate) -> (Timestamp, Timestamp) {
    (
        zone.at(date.and_time(OPENING)),
        zone.at(date.and_time(CLOSING)),
    )
}
