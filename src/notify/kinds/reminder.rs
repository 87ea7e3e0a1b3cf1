//! `reminder`: the key dates of which a manager is reminded this morning, with a greeting draft for each birthday.
//!
//! Invariant: one mail shows each reminder once, the nearest date first.

use chrono::Datelike;
use serde::Serialize;

use super::super::compose::ComposeContext;
use super::super::locale::Locale;
use super::super::template::{self, Frame, RenderError, Rendered};
use super::super::words::{self, Words, names};
use super::super::{address::Recipient, clean};
use crate::domain::event::KeyDateKind;
use crate::domain::local_day::LocalDay;
use crate::domain::mail::Reminder;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub struct ReminderMail {
    w: &'static Words,
    headline: String,
    more: Option<String>,
    dates: Vec<DateView>,
    #[serde(skip)]
    frame: Frame,
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
    customer: String,
    tier: Option<&'static str>,
    contact: Option<String>,
    late: bool,
    greeting: Option<String>,
}

impl ReminderMail {
    /// The mail about `reminders` (at least one), in order of their dates.
    #[must_use]
    pub fn new(reminders: &[&Reminder], to: &Recipient, ctx: &ComposeContext<'_>) -> Self {
        let (locale, w) = (to.locale, words::of(to.locale));
        let today = ctx.zone.day_of(ctx.now);
        let dates: Vec<DateView> = reminders.iter().map(|one| date_view(one, to, today, ctx)).collect();
        let headline = dates.first().map(|one| headline(one, locale)).unwrap_or_default();
        let more = (dates.len() > 1).then(|| match locale {
            Locale::ZhCn => format!("，共 {} 项", dates.len()),
            Locale::En => format!(" and {} more", dates.len() - 1),
        });
        let preview = dates.iter().map(|one| format!("{} {}", one.month_day, one.title)).collect::<Vec<_>>().join(w.semicolon);
        Self { w, headline, more, dates, frame: Frame { w, preview: clean::phrase(&preview), instead_of: to.instead_of.clone() } }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub fn render(&self) -> Result<Rendered, RenderError> {
        template::render("reminder", self, &self.frame)
    }
}

fn headline(one: &DateView, locale: Locale) -> String {
    match locale {
        Locale::ZhCn => format!("{} {}（{}）{}", one.month_day, one.title, one.customer, one.left),
        Locale::En => format!("{} {} ({}), {}", one.month_day, one.title, one.customer, one.left),
    }
}

/// A reminder's customer as it is called in a mail and in a calendar.
#[must_use]
pub fn customer(reminder: &Reminder, ctx: &ComposeContext<'_>) -> String {
    ctx.reference.group(&reminder.group_id).map_or_else(|| clean::name(reminder.group_id.as_str()), |group| clean::name(&group.name))
}

fn date_view(reminder: &Reminder, to: &Recipient, today: LocalDay, ctx: &ComposeContext<'_>) -> DateView {
    let locale = to.locale;
    let days = LocalDay::from_date(reminder.occurs_on).number() - today.number();
    let contact = reminder.contact.as_deref().map(clean::name).filter(|text| !text.is_empty());
    let title = clean::phrase(&reminder.title);
    DateView {
        month_day: match locale {
            Locale::ZhCn => format!("{} 月 {} 日", reminder.occurs_on.month(), reminder.occurs_on.day()),
            Locale::En => reminder.occurs_on.format("%b %-d").to_string(),
        },
        weekday: weekday(locale, reminder.occurs_on.weekday()),
        date: reminder.occurs_on.to_string(),
        left: left(locale, days),
        near: days <= 1,
        kind: names::key_date(locale, reminder.kind),
        title: if title.is_empty() { names::key_date(locale, reminder.kind).to_owned() } else { title },
        customer: customer(reminder, ctx),
        tier: ctx.reference.group(&reminder.group_id).map(|group| names::tier(locale, group.tier)),
        greeting: (reminder.kind == KeyDateKind::Birthday).then(|| greeting(locale, contact.as_deref(), &to.name)),
        contact,
        late: reminder.late,
    }
}

fn left(locale: Locale, days: i32) -> String {
    match (locale, days) {
        (Locale::ZhCn, 0) => "就是今天".to_owned(),
        (Locale::ZhCn, 1) => "就在明天".to_owned(),
        (Locale::ZhCn, days) if days < 0 => format!("已过 {} 天", -days),
        (Locale::ZhCn, days) => format!("还有 {days} 天"),
        (Locale::En, 0) => "today".to_owned(),
        (Locale::En, 1) => "tomorrow".to_owned(),
        (Locale::En, days) if days < 0 => format!("{} days ago", -days),
        (Locale::En, days) => format!("in {days} days"),
    }
}

const fn weekday(locale: Locale, day: chrono::Weekday) -> &'static str {
    let at = day.num_days_from_monday() as usize;
    match locale {
        Locale::ZhCn => ["星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日"][at],
        Locale::En => ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"][at],
    }
}

fn greeting(locale: Locale, contact: Option<&str>, from: &str) -> String {
    match locale {
        Locale::ZhCn => {
            let whom = contact.unwrap_or("您");
            let hello = if whom == "您" { "您好" } else { &format!("{whom}，您好") };
            format!(
                "{hello}！值此生日之际，祝您身体健康、工作顺利、阖家幸福。感谢您一直以来的信任，有任何通信方面的需要，请随时找我。{from}"
            )
        }
        Locale::En => {
            let hello = contact.map_or_else(|| "Dear customer".to_owned(), |whom| format!("Dear {whom}"));
            format!(
                "{hello}, happy birthday! I wish you health, success and joy. Thank you for your trust; whenever you need anything from us, please call me. {from}"
            )
        }
    }
}
