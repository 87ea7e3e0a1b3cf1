//! What a reminder is of, in the reader's language: for the mail, its calendar part, and whoever
//! lists the titles.
//!
//! Invariant: whatever came from outside is one inert line in it, and the title is never empty.

use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::words::{self, dates, names, phrases};
use crate::domain::event::KeyDateKind;
use crate::domain::locale::Locale;
use crate::domain::reminder::{FestivalOccasion, KeyDateOccasion, Occasion, Reminder};

/// A reminder's occasion in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OccasionText {
    pub kind: &'static str,
    /// What it is called.
    pub title: String,
    /// The group customer and its tier; of a festival none.
    pub customer: Option<(String, Option<&'static str>)>,
    pub contact: Option<String>,
    /// The lunar date, where it is kept by that.
    pub lunar: Option<String>,
    /// A festival's days off, where they are known.
    pub days_off: Option<String>,
    /// The weekend days that are worked for it.
    pub make_up: Option<String>,
    /// A birthday wants a greeting.
    pub is_birthday: bool,
}

impl OccasionText {
    #[must_use]
    pub(crate) fn of_reminder(
        reminder: &Reminder,
        locale: Locale,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        match &reminder.occasion {
            Occasion::KeyDate(of) => Self::of_key_date(of, locale, ctx),
            Occasion::Festival(of) => Self::of_festival(of, locale),
        }
    }

    fn of_key_date(of: &KeyDateOccasion, locale: Locale, ctx: &ComposeContext<'_>) -> Self {
        let (kind, title) = (names::key_date(locale, of.kind), clean::phrase(&of.title));
        let customer = match ctx.reference.group(&of.group_id) {
            Some(group) => (
                clean::name(&group.name),
                Some(names::tier(locale, group.tier)),
            ),
            None => (clean::name(of.group_id.as_str()), None),
        };
        Self {
            kind,
            title: if title.is_empty() {
                kind.to_owned()
            } else {
                title
            },
            customer: Some(customer),
            contact: of
                .contact
                .as_deref()
                .map(clean::name)
                .filter(|text| !text.is_empty()),
            lunar: of.lunar.map(|lunar| dates::lunar(locale, lunar)),
            days_off: None,
            make_up: None,
            is_birthday: of.kind == KeyDateKind::Birthday,
        }
    }

    fn of_festival(of: &FestivalOccasion, locale: Locale) -> Self {
        let make_up = of.days_off.as_ref().map_or(&[][..], |days| &days.make_up);
        let make_up: Vec<String> = make_up
            .iter()
            .map(|date| dates::day(locale, *date))
            .collect();
        Self {
            kind: names::festival_kind(locale, of.festival),
            title: names::festival(locale, of.festival).to_owned(),
            customer: None,
            contact: None,
            lunar: None,
            days_off: of
                .days_off
                .as_ref()
                .map(|days| dates::span(locale, days.first, days.last)),
            make_up: (!make_up.is_empty()).then(|| make_up.join(words::by_locale(locale).comma)),
            is_birthday: false,
        }
    }

    /// The title, with the customer in brackets.
    #[must_use]
    pub(crate) fn titled(&self, locale: Locale) -> String {
        match &self.customer {
            None => self.title.clone(),
            Some((customer, _)) => phrases::with_customer(locale, &self.title, customer),
        }
    }
}
