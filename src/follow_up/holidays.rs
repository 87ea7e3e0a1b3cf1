//! Public holidays (法定节日) → who plans for which, a calendar month ahead.
//!
//! Dates in, plans out; it knows neither groups' key dates nor how a plan is mailed. What was
//! planned before the year's notice was out is planned again once it is: that follows from the
//! calendar and from the reminders that exist. Invariant: a manager is reminded of a festival at
//! most once while its days off are unknown and once when they are known, never after the festival
//! day, whatever restarts.

use std::collections::BTreeSet;

use chrono::{Datelike, Months, NaiveDate};

use super::assignee::Staff;
use super::calendar::WorkingCalendar;
use super::lunar;
use crate::domain::alert::ReminderId;
use crate::domain::event::LunarDay;
pub(crate) use crate::domain::festival::Festival;
use crate::domain::ids::ManagerId;
use crate::domain::reminder::{DaysOff, FestivalOccasion, Occasion, Reminder};
use crate::domain::task::Assignee;

/// A festival that is to be planned for now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HolidayPlan {
    pub festival: Festival,
    /// The festival day.
    pub on: NaiveDate,
    /// The morning on which it was to be planned for.
    pub planned_on: NaiveDate,
    /// That morning was missed.
    pub late: bool,
    /// Its days off; none while the State Council's notice is not out.
    pub days_off: Option<DaysOff>,
}

impl HolidayPlan {
    /// Whether its days off are not known yet.
    #[must_use]
    pub(crate) const fn is_provisional(&self) -> bool {
        self.days_off.is_none()
    }
}

/// The festival day of a year; none outside the years of the lunar tables, 1912–2100.
#[must_use]
pub(crate) fn festival_day(festival: Festival, year: i32) -> Option<NaiveDate> {
    let solar = |month, day| {
        NaiveDate::from_ymd_opt(year, month, day).filter(|_| lunar::YEARS.contains(&year))
    };
    let lunar = |month, day| {
        Some(
            lunar::place(
                year,
                LunarDay {
                    month,
                    day,
                    leap: false,
                },
            )?
            .on,
        )
    };
    match festival {
        Festival::NewYear => solar(1, 1),
        Festival::Spring => lunar(1, 1),
        Festival::Qingming => solar(4, qingming_day(year)),
        Festival::LabourDay => solar(5, 1),
        Festival::DragonBoat => lunar(5, 5),
        Festival::MidAutumn => lunar(8, 15),
        Festival::NationalDay => solar(10, 1),
    }
}

/// The day of April on which the sun reaches a longitude of 15° in China, 1912–2100. A solar year
/// of 365.2422 days against one of 365.25 comes 45 minutes earlier every four years, so each of the
/// four kinds of year moves a day earlier now and then; 2100, which has no 29 February, moves a day
/// later again.
const fn qingming_day(year: i32) -> u32 {
    match year.rem_euclid(4) {
        0 if year < 1976 || year == 2100 => 5,
        1 if year < 2009 => 5,
        2 if year < 2042 => 5,
        3 if year < 1947 => 6,
        3 if year < 2075 => 5,
        _ => 4,
    }
}

/// The festivals that are to be planned for today: whose morning, a calendar month ahead of the
/// festival day or the working day before that, is today, or was missed while the festival day is
/// not past. By day, the earliest first.
#[must_use]
pub(crate) fn plans_due(calendar: &WorkingCalendar, today: NaiveDate) -> Vec<HolidayPlan> {
    let days = [today.year(), today.year() + 1]
        .into_iter()
        .flat_map(|year| {
            let on = move |festival| Some((festival, festival_day(festival, year)?));
            Festival::ALL.into_iter().filter_map(on)
        });
    let mut plans: Vec<HolidayPlan> = days
        .filter_map(|(festival, on)| plan_due(calendar, festival, on, today))
        .collect();
    plans.sort_by_key(|plan| (plan.on, !plan.festival.is_first_of_all(), plan.festival));
    plans
}

fn plan_due(
    calendar: &WorkingCalendar,
    festival: Festival,
    on: NaiveDate,
    today: NaiveDate,
) -> Option<HolidayPlan> {
    // A month is clamped at its end: a month ahead of 31 October is 30 September.
    let planned_on = calendar.morning_of(on.checked_sub_months(Months::new(1))?);
    let late = planned_on < today;
    if today < planned_on || on < today || (late && !calendar.is_late_morning(today, on)) {
        return None;
    }
    let days_off = calendar.days_off_around(on).map(|(first, last)| DaysOff {
        first,
        last,
        make_up: calendar.make_up_days(on.year(), festival.official_name()),
    });
    Some(HolidayPlan {
        festival,
        on,
        planned_on,
        late,
        days_off,
    })
}

/// Who plans for holidays: the managers who work here and have a group customer that is not closed.
/// One who is away for a while plans when he is back: there is a month for it.
#[must_use]
pub(crate) fn planners(staff: &Staff<'_>) -> BTreeSet<ManagerId> {
    let groups = staff
        .reference
        .groups
        .values()
        .filter_map(|history| history.latest())
        .filter(|group| !group.closed);
    let managers: BTreeSet<&ManagerId> = groups.map(|group| &group.manager_id).collect();
    managers
        .into_iter()
        .filter(|manager| !staff.is_inactive(manager))
        .cloned()
        .collect()
}

/// The reminders of public holidays that go out today, of those that do not exist yet: by day,
/// festival and manager.
#[must_use]
pub(crate) fn due_reminders(
    staff: &Staff<'_>,
    calendar: &WorkingCalendar,
    existing: &dyn Fn(&ReminderId) -> bool,
) -> Vec<Reminder> {
    let planners = planners(staff);
    let plans = plans_due(calendar, staff.today);
    let each = plans
        .iter()
        .flat_map(|plan| planners.iter().map(move |manager| (plan, manager)));
    each.filter_map(|(plan, manager)| reminder_of(plan, manager, staff.today, existing))
        .collect()
}

fn reminder_of(
    plan: &HolidayPlan,
    manager: &ManagerId,
    today: NaiveDate,
    existing: &dyn Fn(&ReminderId) -> bool,
) -> Option<Reminder> {
    let is_reminded = |published| {
        existing(&Reminder::festival_id(
            plan.festival,
            plan.on,
            manager,
            published,
        ))
    };
    let reminded_provisionally = is_reminded(false);
    // Once a manager was notified of the days off they count as known: taking a year's file away
    // again changes nothing.
    if is_reminded(true) || (plan.is_provisional() && reminded_provisionally) {
        return None;
    }
    let occasion = FestivalOccasion {
        festival: plan.festival,
        manager_id: manager.clone(),
        days_off: plan.days_off.clone(),
        replanned: reminded_provisionally,
    };
    Some(Reminder {
        occasion: Occasion::Festival(occasion),
        occurs_on: plan.on,
        lead_days: i32::try_from((plan.on - plan.planned_on).num_days()).unwrap_or(i32::MAX),
        send_on: today,
        // What could not be known before does not come late.
        late: plan.late && !reminded_provisionally,
        assignee: Assignee::Manager(manager.clone()),
    })
}
