//! Key dates → the reminders that go out on a day.
//!
//! Dates are local calendar dates; hours and zones never count. `lunar` computes on which day a
//! lunar date falls. Invariant: a (key date, occurrence, lead) is reminded of at most once whatever
//! restarts, never after its day, and what comes out does not depend on the order in which key
//! dates came in.

use std::collections::BTreeSet;

use chrono::{Datelike, Days, NaiveDate};

use super::assignee::Staff;
use super::calendar::WorkingCalendar;
use super::lunar;
use crate::domain::alert::ReminderId;
use crate::domain::event::{Every, KeyDate, KeyDateKind, KeyDay};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::lead_days::LeadDays;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::reminder::{KeyDateOccasion, LunarKept, Occasion, Reminder};
use crate::domain::zone::Zone;

/// Longest lead that makes sense, in days: ten years. Longer and negative ones are ignored.
const LEAD_DAYS_MAX: u16 = 3_660;

/// The leads of a key date, smallest first, without those that make no sense.
fn leads_of(leads: &LeadDays, key_date: &KeyDate) -> BTreeSet<u16> {
    let named = key_date.lead_days.as_deref();
    let sensible = |days: &i32| {
        u16::try_from(*days)
            .ok()
            .filter(|days| *days <= LEAD_DAYS_MAX)
    };
    let leads = named.unwrap_or_else(|| leads.of_kind(key_date.kind));
    leads.iter().filter_map(sensible).collect()
}

/// The input of reminding, beside the key dates in `staff.reference`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct KeyDateContext<'a> {
    /// Who gets them; its `today` is the day on which they go out.
    pub staff: Staff<'a>,
    /// Which days are worked.
    pub calendar: &'a WorkingCalendar,
    /// Days ahead, by kind.
    pub leads: &'a LeadDays,
}

/// A key date that is near enough to be seen to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upcoming<'a> {
    pub key_date: &'a KeyDate,
    pub occurs_on: NaiveDate,
}

/// The reminders that go out today, of those that do not exist yet: by day, group customer, key
/// date and lead.
#[must_use]
pub(crate) fn due_reminders(
    ctx: &KeyDateContext<'_>,
    existing: &dyn Fn(&ReminderId) -> bool,
) -> Vec<Reminder> {
    let mut due = Vec::new();
    for key_date in live_key_dates(ctx) {
        let leads = leads_of(ctx.leads, key_date);
        for occurrence in occurrences(key_date, ctx.staff.today, leads.last().copied()) {
            due.extend(reminders_of(ctx, key_date, occurrence, &leads, existing));
        }
    }
    due.sort_by(|a, b| order_of(a).cmp(&order_of(b)));
    due.into_iter().map(|(reminder, _)| reminder).collect()
}

/// The key dates of a kind whose first lead has come and whose day is not past, by day, group
/// customer and key date.
#[must_use]
pub(crate) fn upcoming<'a>(ctx: &KeyDateContext<'a>, kind: KeyDateKind) -> Vec<Upcoming<'a>> {
    let today = ctx.staff.today;
    let mut all = Vec::new();
    for key_date in live_key_dates(ctx).filter(|key_date| key_date.kind == kind) {
        let Some(longest) = leads_of(ctx.leads, key_date).last().copied() else {
            continue;
        };
        let near = |on: &NaiveDate| {
            morning(ctx.calendar, *on, longest).is_some_and(|morning| morning <= today)
        };
        let days = occurrences(key_date, today, Some(longest))
            .into_iter()
            .map(|one| one.on)
            .filter(near);
        all.extend(days.map(|occurs_on| Upcoming {
            key_date,
            occurs_on,
        }));
    }
    all.sort_by_key(|one| {
        (
            one.occurs_on,
            &one.key_date.group_id,
            &one.key_date.key_date_id,
        )
    });
    all
}

/// Key dates that are kept, of group customers that are not closed.
fn live_key_dates<'a>(ctx: &KeyDateContext<'a>) -> impl Iterator<Item = &'a KeyDate> + use<'a> {
    let reference = ctx.staff.reference;
    let is_live = |key_date: &&KeyDate| {
        !key_date.removed
            && !reference
                .group(&key_date.group_id)
                .is_some_and(|group| group.closed)
    };
    reference
        .key_dates
        .values()
        .filter_map(|history| history.latest())
        .filter(is_live)
}

/// The notice of a reminder: to send at once, and valid until its day has passed.
#[must_use]
pub(crate) fn reminder_notice(reminder: &Reminder, zone: Zone, now: Timestamp) -> Notice {
    Notice {
        topic: NoticeTopic::Reminder(reminder.reminder_id()),
        assignee: reminder.assignee.clone(),
        group_id: reminder.group_id().cloned(),
        severity: Severity::Notice,
        created_at: now,
        due_at: now,
        useful_until: Some(zone.end_of(LocalDay::from_date(reminder.occurs_on))),
    }
}

fn order_of<'a>(
    (reminder, key_date): &(Reminder, &'a KeyDate),
) -> (NaiveDate, &'a str, &'a str, i32) {
    (
        reminder.occurs_on,
        key_date.group_id.as_str(),
        key_date.key_date_id.as_str(),
        reminder.lead_days,
    )
}

/// One day of a key date.
#[derive(Clone, Copy)]
struct Occurrence {
    on: NaiveDate,
    lunar: Option<LunarKept>,
}

/// The day on which a key date comes next, today included; none if it comes no more, or in no year
/// that is known.
#[must_use]
pub(crate) fn next_on(key_date: &KeyDate, today: NaiveDate) -> Option<NaiveDate> {
    occurrences(key_date, today, Some(0))
        .into_iter()
        .map(|one| one.on)
        .min()
}

/// The occurrences from today on that the longest lead can reach. 29 February is kept on the 28th
/// in common years.
fn occurrences(key_date: &KeyDate, today: NaiveDate, longest: Option<u16>) -> Vec<Occurrence> {
    let Some(longest) = longest else {
        return Vec::new();
    };
    // A non-working day sends its reminder some days earlier still; a year covers any holiday.
    let years = today.year()..=today.year() + i32::from(longest) / 365 + 2;
    let solar = |on| Occurrence { on, lunar: None };
    let all: Vec<Occurrence> = match (key_date.day, key_date.every) {
        (KeyDay::Solar(only), Every::Once) => vec![solar(only)],
        (KeyDay::Solar(first), Every::Year) => {
            let on = |year| {
                first
                    .with_year(year)
                    .or_else(|| first.with_day(28)?.with_year(year))
            };
            years
                .filter_map(on)
                .filter(|day| *day >= first)
                .map(solar)
                .collect()
        }
        // What comes once is always solar. The last weeks of a lunar year lie in the next solar
        // one.
        (KeyDay::Lunar(kept), _) => {
            let on = |year| {
                let lunar::LunarOccurrence { on, falls_on } = lunar::place(year, kept)?;
                Some(Occurrence {
                    on,
                    lunar: Some(LunarKept { kept, falls_on }),
                })
            };
            (years.start() - 1..=*years.end()).filter_map(on).collect()
        }
    };
    all.into_iter().filter(|one| one.on >= today).collect()
}

/// Of one occurrence: each lead whose morning is today, else the nearest of the missed ones, late.
fn reminders_of<'a>(
    ctx: &KeyDateContext<'_>,
    key_date: &'a KeyDate,
    Occurrence {
        on: occurs_on,
        lunar,
    }: Occurrence,
    leads: &BTreeSet<u16>,
    existing: &dyn Fn(&ReminderId) -> bool,
) -> Vec<(Reminder, &'a KeyDate)> {
    let today = ctx.staff.today;
    let mut due: Vec<(u16, NaiveDate)> = leads
        .iter()
        .filter_map(|lead| Some((*lead, morning(ctx.calendar, occurs_on, *lead)?)))
        .collect();
    due.retain(|(_, morning)| *morning <= today);
    let nearest = due.first().copied();
    let mut chosen: Vec<_> = due
        .into_iter()
        .filter(|(_, morning)| *morning == today)
        .collect();
    if chosen.is_empty() && ctx.calendar.is_late_morning(today, occurs_on) {
        chosen.extend(nearest);
    }
    let reminder = |(lead, morning): (u16, NaiveDate)| Reminder {
        occasion: Occasion::KeyDate(KeyDateOccasion {
            key_date_id: key_date.key_date_id.clone(),
            group_id: key_date.group_id.clone(),
            kind: key_date.kind,
            title: key_date.title.to_string(),
            contact: key_date.contact.as_deref().map(str::to_owned),
            lunar,
        }),
        occurs_on,
        lead_days: lead.into(),
        send_on: today,
        late: morning < today,
        assignee: ctx.staff.assignee(&Scope::Group(key_date.group_id.clone())),
    };
    let chosen = chosen
        .into_iter()
        .map(reminder)
        .filter(|reminder| !existing(&reminder.reminder_id()));
    chosen.map(|reminder| (reminder, key_date)).collect()
}

/// The morning on which a lead's reminder goes out.
fn morning(calendar: &WorkingCalendar, occurs_on: NaiveDate, lead: u16) -> Option<NaiveDate> {
    Some(calendar.morning_of(occurs_on.checked_sub_days(Days::new(lead.into()))?))
}
