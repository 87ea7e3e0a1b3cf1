//! Key dates → the reminders that go out on a day.
//!
//! Dates are local calendar dates; hours and zones never count. Lunar dates are not placed yet: they are counted.
//! Invariant: a (key date, occurrence, lead) is reminded of at most once whatever restarts, never after its day, and
//! what comes out does not depend on the order in which key dates came in.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, Days, NaiveDate};

use super::assignee::Staff;
use super::calendar::{WorkingCalendar, days_from};
use crate::domain::alert::ReminderId;
use crate::domain::event::{Every, KeyDate, KeyDateKind, KeyDay};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::mail::{Notice, Reminder, Told};
use crate::domain::zone::Zone;

/// Longest lead that makes sense, in days: ten years. Longer and negative ones are ignored.
const LEAD_DAYS_MAX: u16 = 3_660;

/// Days ahead at which to remind, by kind; a key date that names its own has them instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leads(BTreeMap<KeyDateKind, Vec<i32>>);

impl Default for Leads {
    fn default() -> Self {
        Self::new([
            (KeyDateKind::Birthday, vec![7, 1]),
            (KeyDateKind::Anniversary, vec![30, 7]),
            (KeyDateKind::ContractEnd, vec![90, 30, 7]),
            (KeyDateKind::Ceremony, vec![7, 1]),
            (KeyDateKind::Custom, vec![7]),
        ])
    }
}

impl Leads {
    /// Leads by kind; a kind that is left out is not reminded of.
    #[must_use]
    pub fn new(leads: impl IntoIterator<Item = (KeyDateKind, Vec<i32>)>) -> Self {
        Self(leads.into_iter().collect())
    }

    /// The leads of a key date, smallest first, without those that make no sense.
    fn of(&self, key_date: &KeyDate) -> BTreeSet<u16> {
        let named = key_date.lead_days.as_ref().or_else(|| self.0.get(&key_date.kind));
        let sensible = |days: &i32| u16::try_from(*days).ok().filter(|days| *days <= LEAD_DAYS_MAX);
        named.into_iter().flatten().filter_map(sensible).collect()
    }
}

/// Everything that reminding looks at, beside the key dates in `staff.reference`.
#[derive(Debug, Clone, Copy)]
pub struct KeyDateContext<'a> {
    /// Who gets them; its `today` is the day on which they go out.
    pub staff: Staff<'a>,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    /// Days ahead, by kind.
    pub leads: &'a Leads,
}

/// The reminders of a day.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DueReminders {
    /// Those to make now, by day, group customer, key date and lead.
    pub reminders: Vec<Reminder>,
    /// Live key dates in the lunar calendar, of which nobody is reminded.
    pub lunar_skipped: usize,
}

/// The reminders that go out today, of those that do not exist yet.
#[must_use]
pub fn due_reminders(ctx: &KeyDateContext<'_>, existing: &dyn Fn(&ReminderId) -> bool) -> DueReminders {
    let mut due = DueReminders::default();
    for key_date in ctx.staff.reference.key_dates.values().filter_map(|history| history.latest()) {
        let closed = ctx.staff.reference.group(&key_date.group_id).is_some_and(|group| group.closed);
        if key_date.removed || closed {
            continue;
        }
        let KeyDay::Solar(first) = key_date.day else {
            due.lunar_skipped += 1;
            continue;
        };
        let leads = ctx.leads.of(key_date);
        for occurs_on in occurrences(first, key_date.every, ctx.staff.today, leads.last().copied()) {
            due.reminders.extend(reminders_of(ctx, key_date, occurs_on, &leads, existing));
        }
    }
    due.reminders.sort_by(|a, b| order_of(a).cmp(&order_of(b)));
    due
}

/// What is told of a reminder: at once, and for as long as its day is not past.
#[must_use]
pub fn reminder_notice(reminder: &Reminder, zone: Zone, now: Timestamp) -> Notice {
    Notice {
        told: Told::Reminder(reminder.reminder_id()),
        assignee: reminder.assignee.clone(),
        group_id: Some(reminder.group_id.clone()),
        severity: Severity::Notice,
        created_at: now,
        due_at: now,
        useful_until: Some(zone.end_of(LocalDay::from_date(reminder.occurs_on))),
    }
}

fn order_of(reminder: &Reminder) -> (NaiveDate, &str, &str, i32) {
    (reminder.occurs_on, reminder.group_id.as_str(), reminder.key_date_id.as_str(), reminder.lead_days)
}

/// The occurrences from today on that the longest lead can reach. 29 February is kept on the 28th in common years.
fn occurrences(first: NaiveDate, every: Every, today: NaiveDate, longest: Option<u16>) -> Vec<NaiveDate> {
    let Some(longest) = longest else { return Vec::new() };
    // A non-working day sends its reminder some days earlier still; a year covers any holiday.
    let years = today.year()..=today.year() + i32::from(longest) / 365 + 2;
    let on = |year| first.with_year(year).or_else(|| first.with_day(28)?.with_year(year));
    match every {
        Every::Once => vec![first],
        Every::Year => years.filter_map(on).filter(|day| *day >= first).collect(),
    }
    .into_iter()
    .filter(|day| *day >= today)
    .collect()
}

/// Of one occurrence: each lead whose morning is today, else the nearest of the missed ones, late.
fn reminders_of(
    ctx: &KeyDateContext<'_>,
    key_date: &KeyDate,
    occurs_on: NaiveDate,
    leads: &BTreeSet<u16>,
    existing: &dyn Fn(&ReminderId) -> bool,
) -> Vec<Reminder> {
    let today = ctx.staff.today;
    let mut due: Vec<(u16, NaiveDate)> = leads.iter().filter_map(|lead| Some((*lead, morning(ctx.calendar, occurs_on, *lead)?))).collect();
    due.retain(|(_, morning)| *morning <= today);
    let nearest = due.first().copied();
    let mut chosen: Vec<_> = due.into_iter().filter(|(_, morning)| *morning == today).collect();
    if chosen.is_empty() && is_late_morning(ctx.calendar, today, occurs_on) {
        chosen.extend(nearest);
    }
    let reminder = |(lead, morning): (u16, NaiveDate)| Reminder {
        key_date_id: key_date.key_date_id.clone(),
        group_id: key_date.group_id.clone(),
        kind: key_date.kind,
        title: key_date.title.to_string(),
        contact: key_date.contact.as_deref().map(str::to_owned),
        occurs_on,
        lead_days: lead.into(),
        send_on: today,
        late: morning < today,
        assignee: ctx.staff.assignee(&Scope::Group(key_date.group_id.clone())),
    };
    chosen.into_iter().map(reminder).filter(|reminder| !existing(&reminder.reminder_id())).collect()
}

/// The morning on which a lead's reminder goes out: its day, or the working day before that.
fn morning(calendar: &WorkingCalendar, occurs_on: NaiveDate, lead: u16) -> Option<NaiveDate> {
    let planned = occurs_on.checked_sub_days(Days::new(lead.into()))?;
    Some(if calendar.is_working(planned) { planned } else { calendar.previous_working_day(planned) })
}

/// Whether what was missed goes out today: on a working day, or when none is left before the date.
fn is_late_morning(calendar: &WorkingCalendar, today: NaiveDate, occurs_on: NaiveDate) -> bool {
    calendar.is_working(today) || !days_from(today).take_while(|day| *day < occurs_on).any(|day| calendar.is_working(day))
}
