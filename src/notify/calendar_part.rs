//! The iCalendar part of a reminder (RFC 5545): one entry of whole days for each date.
//!
//! Key dates and holidays are local dates, never instants, so no zone is needed. Invariant: an
//! entry's UID is its date's id, so that importing twice adds nothing, nor does what comes at a
//! nearer lead or once the days off are known; the same reminders give the same bytes.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use icalendar::{Calendar, Component, Event, EventStatus, Property};

use super::kinds::occasion::OccasionText;
use super::pending::ComposeContext;
use super::words::{self, Words};
use crate::domain::locale::Locale;
use crate::domain::reminder::{Occasion, Reminder};

/// Longest line (RFC 5545 §3.1).
const LINE_OCTETS_MAX: usize = 75;

/// One calendar with an entry for each of `reminders`, which are of different dates.
#[must_use]
pub(crate) fn write_calendar(
    reminders: &[&Reminder],
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [
        ("VERSION", "2.0"),
        ("PRODID", "-//sisan//key dates//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        calendar.append_property(Property::new(key, value));
    }
    for reminder in reminders {
        calendar.push(entry(reminder, locale, ctx));
    }
    let mut out = String::new();
    write!(out, "{calendar}").expect("writing to a string does not fail");
    refolded(&out)
}

/// The crate's folding may leave a line of 76 octets: it is unfolded and folded again, each line
/// with its leading space at most 75.
fn refolded(calendar: &str) -> String {
    let unfolded = calendar.replace("\r\n ", "");
    let mut out = String::with_capacity(calendar.len());
    for line in unfolded.split_terminator("\r\n") {
        let mut octets = 0;
        for c in line.chars() {
            if octets + c.len_utf8() > LINE_OCTETS_MAX {
                out.push_str("\r\n ");
                octets = 1;
            }
            out.push(c);
            octets += c.len_utf8();
        }
        out.push_str("\r\n");
    }
    out
}

fn entry(reminder: &Reminder, locale: Locale, ctx: &ComposeContext<'_>) -> Event {
    let w = words::by_locale(locale);
    let text = OccasionText::of_reminder(reminder, locale, ctx);
    let (first, last) = days_of(reminder);
    let date = |date: NaiveDate| date.format("%Y%m%d").to_string();
    let mut event = Event::new();
    event.uid(&format!("{}@{}", reminder.date_id(), ctx.id_domain));
    event.timestamp(ctx.now.utc());
    event.append_property(
        Property::new("DTSTART", date(first))
            .add_parameter("VALUE", "DATE")
            .done(),
    );
    // The end is the first day that is no longer of it.
    let end = last.checked_add_days(Days::new(1)).unwrap_or(last);
    event.append_property(
        Property::new("DTEND", date(end))
            .add_parameter("VALUE", "DATE")
            .done(),
    );
    let titled = text.titled(locale);
    event.summary(&match locale {
        Locale::ZhCn => format!("{}：{titled}", text.kind),
        Locale::En => format!("{}: {titled}", text.kind),
    });
    let description = description(&text, w);
    if !description.is_empty() {
        event.description(&description);
    }
    if reminder.is_provisional() {
        event.status(EventStatus::Tentative);
    }
    // A day with a birthday in it is not a day off.
    event.append_property(Property::new("TRANSP", "TRANSPARENT"));
    event.done()
}

/// The days that are marked: the date, or the whole of a festival's days off where they are known.
fn days_of(reminder: &Reminder) -> (NaiveDate, NaiveDate) {
    match &reminder.occasion {
        Occasion::Festival(of) => of
            .days_off
            .as_ref()
            .map_or((reminder.occurs_on, reminder.occurs_on), |days| {
                (days.first, days.last)
            }),
        Occasion::KeyDate(_) => (reminder.occurs_on, reminder.occurs_on),
    }
}

fn description(text: &OccasionText, w: &Words) -> String {
    let labelled = |label: &str, what: &Option<String>| {
        what.as_ref()
            .map(|what| format!("{label}{}{what}", w.colon))
    };
    let parts = [
        text.contact.clone(),
        text.lunar.clone(),
        labelled(w.reminder.days_off, &text.days_off),
        labelled(w.reminder.make_up, &text.make_up),
    ];
    parts
        .into_iter()
        .flatten()
        .collect::<Vec<_>>()
        .join(w.semicolon)
}
