//! The iCalendar part of a reminder (RFC 5545): one all-day entry for each key date.
//!
//! Key dates are local dates, never instants, so no zone is needed. Invariant: an entry's UID is its reminder's id, so
//! that importing twice adds nothing; the same reminders give the same bytes.

use std::fmt::Write as _;

use chrono::{Days, NaiveDate};
use icalendar::{Calendar, Component, Event, Property};

use super::clean;
use super::compose::ComposeContext;
use super::kinds::reminder::customer;
use super::locale::Locale;
use super::words::names;
use crate::domain::mail::Reminder;

/// Longest line (RFC 5545 §3.1).
const LINE_OCTETS_MAX: usize = 75;

/// One calendar with an entry for each of `reminders`.
#[must_use]
pub fn write(reminders: &[&Reminder], locale: Locale, ctx: &ComposeContext<'_>) -> String {
    let mut calendar = Calendar::empty();
    for (key, value) in [("VERSION", "2.0"), ("PRODID", "-//sisan//key dates//ZH"), ("CALSCALE", "GREGORIAN"), ("METHOD", "PUBLISH")] {
        calendar.append_property(Property::new(key, value));
    }
    for reminder in reminders {
        calendar.push(entry(reminder, locale, ctx));
    }
    let mut out = String::new();
    write!(out, "{calendar}").expect("writing to a string does not fail");
    refolded(&out)
}

/// The crate's folding may leave a line of 76 octets: folded anew, each line with its leading space at most 75.
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
    let date = |date: NaiveDate| date.format("%Y%m%d").to_string();
    let next = reminder.occurs_on.checked_add_days(Days::new(1)).unwrap_or(reminder.occurs_on);
    let (kind, title, who) = (names::key_date(locale, reminder.kind), clean::phrase(&reminder.title), customer(reminder, ctx));
    let mut event = Event::new();
    event.uid(&format!("{}@{}", reminder.reminder_id(), ctx.id_domain));
    event.timestamp(ctx.now.utc());
    event.append_property(Property::new("DTSTART", date(reminder.occurs_on)).add_parameter("VALUE", "DATE").done());
    event.append_property(Property::new("DTEND", date(next)).add_parameter("VALUE", "DATE").done());
    event.summary(&match locale {
        Locale::ZhCn => format!("{kind}：{title}（{who}）"),
        Locale::En => format!("{kind}: {title} ({who})"),
    });
    if let Some(contact) = reminder.contact.as_deref().map(clean::name).filter(|name| !name.is_empty()) {
        event.description(&contact);
    }
    // A day with a birthday in it is not a day off.
    event.append_property(Property::new("TRANSP", "TRANSPARENT"));
    event.done()
}
