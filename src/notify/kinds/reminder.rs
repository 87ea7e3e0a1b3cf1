//! `reminder`: the key dates and public holidays of which a manager is reminded this morning, with
//! a greeting draft for each birthday, and for each holiday its days off as far as they are known.
//!
//! Invariant: one mail shows each date once, the nearest first.

use chrono::Datelike;
use serde::Serialize;

use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::phrases::rest;
use super::super::words::{self, ReminderWords, Words, dates, phrases};
use super::super::{address::Recipient, clean};
use super::occasion::OccasionText;
use crate::domain::local_day::LocalDay;
use crate::domain::locale::Locale;
use crate::domain::reminder::{Occasion, Reminder};

/// Most dates shown, and put into the calendar part.
pub(crate) const DATES_MAX: usize = 40;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct ReminderMail {
    w: &'static Words,
    headline: String,
    more: Option<String>,
    dates: Vec<DateView>,
    more_dates: Option<String>,
    #[serde(skip)]
    frame: MailFrame,
}

#[derive(Debug, Serialize)]
struct DateView {
    month_day: String,
    weekday: &'static str,
    date: String,
    left: String,
    near: bool,
    kind: &'static str,
    title: String,
    /// For the subject: with the customer.
    #[serde(skip)]
    titled: String,
    customer: Option<String>,
    tier: Option<&'static str>,
    marks: Vec<&'static str>,
    rows: Vec<FactRow>,
    remarks: Vec<String>,
    greeting: Option<String>,
}

#[derive(Debug, Serialize)]
struct FactRow {
    label: &'static str,
    text: String,
}

impl ReminderMail {
    /// The mail about `reminders` (at least one), in order of their dates.
    #[must_use]
    pub(crate) fn new(reminders: &[&Reminder], to: &Recipient, ctx: &ComposeContext<'_>) -> Self {
        let (locale, w) = (to.locale, words::by_locale(to.locale));
        let today = ctx.zone.day_of(ctx.now);
        let (shown, hidden) = ctx.room.first(reminders, DATES_MAX);
        let dates: Vec<DateView> = shown
            .iter()
            .map(|one| date_view(one, to, today, ctx))
            .collect();
        let headline = dates
            .first()
            .map(|one| headline(one, locale))
            .unwrap_or_default();
        let more = phrases::more(reminders.len(), locale);
        let preview = dates
            .iter()
            .map(|one| format!("{} {}", one.month_day, one.title))
            .collect::<Vec<_>>()
            .join(w.semicolon);
        let more_dates = rest(hidden, locale);
        Self {
            w,
            headline,
            more,
            dates,
            more_dates,
            frame: MailFrame::of_mail(locale, clean::phrase(&preview), to.instead_of.clone(), ctx),
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("reminder", self, &self.frame)
    }
}

fn headline(one: &DateView, locale: Locale) -> String {
    let parts = (&*one.month_day, &*one.titled, &*one.left);
    phrases::key_date(locale, parts, one.customer.is_some())
}

fn date_view(
    reminder: &Reminder,
    to: &Recipient,
    today: LocalDay,
    ctx: &ComposeContext<'_>,
) -> DateView {
    let (locale, on, w) = (
        to.locale,
        reminder.occurs_on,
        &words::by_locale(to.locale).reminder,
    );
    let days = LocalDay::from_date(on).number() - today.number();
    let text = OccasionText::of_reminder(reminder, locale, ctx);
    let (titled, greeting) = (
        text.titled(locale),
        text.is_birthday
            .then(|| phrases::greeting(locale, text.contact.as_deref(), &to.name)),
    );
    let (customer, tier) = text
        .customer
        .map_or((None, None), |(customer, tier)| (Some(customer), tier));
    let rows = [
        (w.contact, text.contact),
        (w.days_off, text.days_off),
        (w.make_up, text.make_up),
    ];
    let marks = [
        (w.provisional, reminder.is_provisional()),
        (w.late, reminder.late),
    ];
    DateView {
        month_day: dates::month_day(locale, on),
        weekday: dates::weekday(locale, on.weekday()),
        date: on.to_string(),
        left: phrases::days_to(locale, days),
        near: days <= 1,
        kind: text.kind,
        title: text.title,
        titled,
        customer,
        tier,
        marks: marks
            .into_iter()
            .filter(|(_, is)| *is)
            .map(|(mark, _)| mark)
            .collect(),
        rows: rows
            .into_iter()
            .filter_map(|(label, text)| Some(FactRow { label, text: text? }))
            .collect(),
        remarks: text.lunar.into_iter().chain(remarks(reminder, w)).collect(),
        greeting,
    }
}

fn remarks(reminder: &Reminder, w: &ReminderWords) -> Vec<String> {
    let Occasion::Festival(of) = &reminder.occasion else {
        return Vec::new();
    };
    let remarks = [
        (w.replanned, of.replanned),
        (w.not_published, of.days_off.is_none()),
        (w.plan, true),
    ];
    remarks
        .into_iter()
        .filter(|(_, is)| *is)
        .map(|(remark, _)| remark.to_owned())
        .collect()
}
