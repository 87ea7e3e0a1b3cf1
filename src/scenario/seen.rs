//! What there is, as expectations are compared with it.
//!
//! It may not know what is expected. Invariant: each list shows every field that `fields` names for
//! it.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::fields::{FIGURES, List};
use crate::domain::alert::{Alert, AlertId};
use crate::domain::daily_row::DailyRow;
use crate::domain::event::KeyDateKind;
use crate::domain::ids::GroupId;
use crate::domain::indicator::{Indicator, Scope};
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::{Delivery, Mail};
use crate::domain::reminder::{Occasion, Reminder};
use crate::domain::task::{Origin, Task};
use crate::notify::words::{notes, titles};

/// What a field is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Nothing,
    Text(String),
    /// Names of the same.
    AnyOf(Vec<String>),
    Texts(Vec<String>),
    Int(i64),
    Number(f64),
    Bool(bool),
    Instant(Timestamp),
    Date(NaiveDate),
}

impl From<Option<String>> for Value {
    fn from(text: Option<String>) -> Self {
        text.map_or(Self::Nothing, Self::Text)
    }
}

impl From<Option<&str>> for Value {
    fn from(text: Option<&str>) -> Self {
        text.map(str::to_owned).into()
    }
}

impl From<Option<f64>> for Value {
    fn from(number: Option<f64>) -> Self {
        number.map_or(Self::Nothing, Self::Number)
    }
}

impl From<Option<Timestamp>> for Value {
    fn from(at: Option<Timestamp>) -> Self {
        at.map_or(Self::Nothing, Self::Instant)
    }
}

fn text(text: impl Into<String>) -> Value {
    Value::Text(text.into())
}

fn names(names: impl IntoIterator<Item = &'static str>) -> Value {
    Value::Texts(names.into_iter().map(str::to_owned).collect())
}

#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// What it is, for people.
    pub(super) label: String,
    pub(super) fields: Vec<(&'static str, Value)>,
}

impl Seen {
    /// What it is, for people.
    #[must_use]
    pub fn label(&self) -> &str {
        &self.label
    }
}

/// All there is at an instant.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// The local date.
    pub today: NaiveDate,
    pub lists: BTreeMap<List, Vec<Seen>>,
}

fn scope_fields(scope: &Scope) -> [(&'static str, Value); 4] {
    let of = |name: &str| {
        if scope.name() == name {
            text(scope.id())
        } else {
            Value::Nothing
        }
    };
    [
        ("scope", text(scope.name())),
        ("id", text(scope.id())),
        ("group", of("group")),
        ("unit", of("unit")),
    ]
}

#[must_use]
pub fn alert(alert: &Alert, has_task: bool) -> Seen {
    let (key, why) = (&alert.key, &alert.explanation);
    let about = key
        .subject
        .text()
        .map_or_else(String::new, |subject| format!(" about {subject}"));
    let mut fields = scope_fields(&key.scope).to_vec();
    fields.extend([
        ("kind", text(key.kind.name())),
        ("subject", text(key.subject.as_str())),
        ("period", text(key.period.to_string())),
        ("occurrence", Value::Int(key.occurrence.into())),
        ("state", text(alert.state.name())),
        ("severity", text(alert.severity.name())),
        ("value", why.value.into()),
        ("k", Value::Int(why.k)),
        ("n", Value::Int(why.n)),
        ("p", why.p.into()),
        ("expected", why.expected.into()),
        ("needed", why.needed.map_or(Value::Nothing, Value::Int)),
        ("limit", why.limit.into()),
        (
            "lines",
            Value::Texts(alert.members.iter().map(ToString::to_string).collect()),
        ),
        ("opened_at", Value::Instant(alert.opened_at)),
        ("resolved_at", alert.resolved_at.into()),
        (
            "resolved_because",
            alert.resolved_because.map(|because| because.name()).into(),
        ),
        ("has_task", Value::Bool(has_task)),
    ]);
    Seen {
        label: format!(
            "{} of {}{about}, {}, {}",
            key.kind.name(),
            key.scope,
            key.period,
            alert.state.name()
        ),
        fields,
    }
}

/// A task; `alerts` holds at least its own.
#[must_use]
pub fn task(task: &Task, alerts: &BTreeMap<AlertId, Alert>, now: Timestamp) -> Seen {
    let kinds: Vec<&'static str> = task
        .alert_ids
        .iter()
        .filter_map(|id| alerts.get(id))
        .map(|alert| alert.key.kind.name())
        .collect();
    let origin = if task.origin == Origin::Alert {
        "alert".to_owned()
    } else {
        task.origin.parts().swap_remove(0)
    };
    let report_up = task
        .finish
        .as_ref()
        .map(|finish| finish.report.about.name());
    let label = format!(
        "{} task of {} for {} from {} ({}), {}",
        task.kind.name(),
        task.scope,
        task.assignee.name(),
        origin,
        kinds.join(", "),
        task.state.name()
    );
    let mut fields = scope_fields(&task.scope).to_vec();
    fields.extend([
        ("kind", text(task.kind.name())),
        ("item", text(task.item.kind().name())),
        ("means", names(task.means.iter().map(|one| one.name()))),
        (
            "resources",
            names(task.resources.iter().map(|one| one.name())),
        ),
        ("class", text(task.class.name())),
        ("severity", text(task.severity.name())),
        ("approval", text(task.approval.name())),
        ("state", text(task.state.name())),
        ("result", task.result().map(|result| result.name()).into()),
        ("report_up", report_up.into()),
        ("alerts", names(kinds)),
        ("origin", text(origin)),
        (
            "title",
            text(titles::title(Locale::ZhCn, &task.title).unwrap_or_default()),
        ),
        ("assignee", text(task.assignee.name())),
        ("checks", Value::Texts(titles::checks(Locale::ZhCn, task))),
        (
            "remark",
            task.system_note
                .map(|note| notes::system_note(Locale::ZhCn, note))
                .into(),
        ),
        ("mark", task.mark().into()),
        ("verified", Value::Bool(task.verified)),
        ("overdue", Value::Bool(task.is_overdue(now))),
        ("stalled", Value::Bool(task.stalled)),
        (
            "escalated",
            names(task.escalated.iter().map(|one| one.why.name())),
        ),
        ("opened_at", Value::Instant(task.opened_at)),
        ("accept_by", Value::Instant(task.accept_by)),
        ("due_at", task.due().into()),
    ]);
    Seen { label, fields }
}

/// A mail; `reader` is the id of who has its address, if that is known.
#[must_use]
pub fn mail(mail: &Mail, delivery: &Delivery, reader: Option<&str>) -> Seen {
    let to = reader
        .map(str::to_owned)
        .into_iter()
        .chain([mail.recipient.clone()])
        .collect();
    let label = format!(
        "{} to {}: {}",
        mail.kind.name(),
        reader.unwrap_or(&mail.recipient),
        mail.subject
    );
    let fields = vec![
        ("kind", text(mail.kind.name())),
        ("to", Value::AnyOf(to)),
        ("subject", text(mail.subject.clone())),
        ("text", text(mail.text.clone())),
        ("state", text(delivery.state.name())),
        ("queued_at", Value::Instant(mail.queued_at)),
        ("sent_at", delivery.sent_at.into()),
        ("has_calendar", Value::Bool(mail.calendar.is_some())),
    ];
    Seen { label, fields }
}

#[must_use]
pub fn reminder(reminder: &Reminder) -> Seen {
    let (key_date, kind, title) = match &reminder.occasion {
        Occasion::KeyDate(of) => (
            Some(of.key_date_id.as_str()),
            key_date_kind(of.kind),
            &*of.title,
        ),
        Occasion::Festival(of) => (None, "festival", of.festival.zh()),
    };
    let label = format!(
        "reminder of {title} on {}, {} days ahead, sent on {}",
        reminder.occurs_on, reminder.lead_days, reminder.send_on
    );
    let fields = vec![
        ("key_date", key_date.into()),
        ("group", reminder.group_id().map(GroupId::as_str).into()),
        ("kind", text(kind)),
        ("title", text(title)),
        ("provisional", Value::Bool(reminder.is_provisional())),
        ("on", Value::Date(reminder.occurs_on)),
        ("lead_days", Value::Int(reminder.lead_days.into())),
        ("send_on", Value::Date(reminder.send_on)),
        ("late", Value::Bool(reminder.late)),
        ("assignee", text(reminder.assignee.name())),
    ];
    Seen { label, fields }
}

const fn key_date_kind(kind: KeyDateKind) -> &'static str {
    match kind {
        KeyDateKind::Birthday => "birthday",
        KeyDateKind::Anniversary => "anniversary",
        KeyDateKind::ContractEnd => "contract_end",
        KeyDateKind::Ceremony => "ceremony",
        KeyDateKind::Custom => "custom",
    }
}

/// A row of the daily report: its figures, and its verdicts.
#[must_use]
pub fn figures(row: &DailyRow) -> (Seen, Seen) {
    let label = format!("{} on {}", row.scope, row.day);
    let shared = || {
        scope_fields(&row.scope)
            .into_iter()
            .chain([("date", Value::Date(row.day.date()))])
    };
    let judged = || {
        Indicator::ALL
            .into_iter()
            .map(|indicator| (indicator.name(), row.judged(indicator)))
    };
    let mut figures: Vec<_> = shared().collect();
    figures.extend([
        ("name", text(row.name.clone())),
        ("trust", text(row.trust.name())),
        (
            "trust_reasons",
            Value::Texts(row.trust_reasons.iter().map(ToString::to_string).collect()),
        ),
    ]);
    figures.extend(
        FIGURES
            .iter()
            .map(|(name, of)| (*name, Value::Int(of(&row.figures)))),
    );
    figures.extend(judged().map(|(name, judged)| (name, judged.value.into())));
    let verdicts = shared()
        .chain(judged().map(|(name, judged)| (name, text(judged.verdict.name()))))
        .collect();
    (
        Seen {
            label: format!("figures of {label}"),
            fields: figures,
        },
        Seen {
            label: format!("verdicts of {label}"),
            fields: verdicts,
        },
    )
}

/// A delivery that was no event, or a conflict.
#[must_use]
pub fn reject(class: &str, reason: &str) -> Seen {
    Seen {
        label: format!("{class}: {reason}"),
        fields: vec![("class", text(class)), ("reason", text(reason))],
    }
}
