//! Takes the notices that are due and writes the mails that tell them. Pure: the outbox is filled by who calls it.
//!
//! One mail per recipient and group customer for tasks, one per manager for reminders, one per operator and topic for
//! ops notices. It does not know when a notice comes about, nor how a mail travels.
//! Invariants: every due notice is told by a mail or dropped with a reason, never both, never neither; the order of the
//! notices changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{self, Recipient};
use super::calendar_part;
use super::kinds::{AlertTaskMail, OpsNoticeMail, ReminderMail};
pub use super::pending::{About, ComposeContext, Composed, Composition, DropReason, Dropped, HourlyCap, PendingNotice, UsefulFor};
use super::template::{RenderError, Rendered};
use crate::domain::alert::{Alert, digest_id};
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::mail::{Mail, MailKind, Told};
use crate::domain::reminder::Reminder;
use crate::domain::task::{Task, TaskState};

/// What goes into one mail. Sorts as the mails are written: by kind, then address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Envelope {
    Tasks(String, Scope),
    Reminders(String),
    Ops(String, String),
}

/// What one reader is to be told. Several may share an address: the fallback's.
struct Addressed<'a> {
    reader: Recipient,
    pending: &'a PendingNotice,
}

/// Writes the mails of every pending notice with `due_at <= now`; those that are not due yet are left alone.
///
/// # Errors
/// [`RenderError`] when an embedded template is broken.
pub fn compose(pending: &[PendingNotice], ctx: &ComposeContext<'_>) -> Result<Composition, RenderError> {
    let mut composition = Composition::default();
    let mut envelopes: BTreeMap<Envelope, Vec<Addressed<'_>>> = BTreeMap::new();
    for one in pending.iter().filter(|one| one.notice.due_at <= ctx.now) {
        match drop_reason(one, ctx) {
            Some(reason) => composition.dropped.push(Dropped { notice_id: one.notice.notice_id(), reason }),
            None => {
                for (envelope, reader) in envelopes_of(one, ctx) {
                    envelopes.entry(envelope).or_default().push(Addressed { reader, pending: one });
                }
            }
        }
    }
    let mut queued = ctx.cap.map(|cap| cap.queued.clone()).unwrap_or_default();
    for (envelope, notices) in &envelopes {
        let reader = reader_of(notices);
        let notices: Vec<&PendingNotice> = notices.iter().map(|one| one.pending).collect();
        let count = queued.entry(reader.address.clone()).or_default();
        if over_cap(envelope, &notices, *count, ctx) {
            composition
                .dropped
                .extend(notices.iter().map(|one| Dropped { notice_id: one.notice.notice_id(), reason: DropReason::OverCap }));
            continue;
        }
        *count += 1;
        composition.mails.push(write(envelope, &reader, &notices, ctx)?);
    }
    composition.dropped.sort_by(|a, b| a.notice_id.cmp(&b.notice_id));
    composition.dropped.dedup();
    Ok(composition)
}

fn drop_reason(one: &PendingNotice, ctx: &ComposeContext<'_>) -> Option<DropReason> {
    match &one.about {
        About::Gone => return Some(DropReason::Gone),
        About::Ops if !matches!(one.notice.told, Told::Ops { .. }) => return Some(DropReason::Gone),
        About::Task { task, .. } if task.state == TaskState::Done => return Some(DropReason::TaskDone),
        About::Task { task, .. } if task.state == TaskState::Cancelled => return Some(DropReason::TaskCancelled),
        About::Reminder(reminder) if reminder.occurs_on < ctx.zone.day_of(ctx.now).date() => return Some(DropReason::TooLate),
        About::Task { .. } | About::Brief(_) | About::Reminder(_) | About::Ops => {}
    }
    one.notice.useful_until.filter(|until| *until < ctx.now).map(|_| DropReason::TooLate)
}

fn envelopes_of(one: &PendingNotice, ctx: &ComposeContext<'_>) -> Vec<(Envelope, Recipient)> {
    let reader = |assignee| address::recipient(assignee, ctx.reference, ctx.fallback, ctx.default_locale);
    match (&one.about, &one.notice.told) {
        (About::Task { task, .. }, _) => {
            let reader = reader(&task.assignee);
            vec![(Envelope::Tasks(reader.address.clone(), task.scope.clone()), reader)]
        }
        (About::Reminder(_), _) => {
            let reader = reader(&one.notice.assignee);
            vec![(Envelope::Reminders(reader.address.clone()), reader)]
        }
        (About::Brief(_) | About::Ops | About::Gone, told) => {
            let topic = match told {
                Told::Ops { topic, .. } => topic.clone(),
                Told::Task(id) | Told::Approval(id) | Told::Escalation(id, _) | Told::Report(id) => id.to_string(),
                Told::Brief(manager, day) => format!("{manager} {day}"),
                Told::Reminder(id) => id.to_string(),
            };
            operators(ctx).into_iter().map(|operator| (Envelope::Ops(operator.address.clone(), topic.clone()), operator)).collect()
        }
    }
}

fn operators(ctx: &ComposeContext<'_>) -> Vec<Recipient> {
    let to = |address: &str, name: String| Recipient { address: address.to_owned(), name, locale: ctx.default_locale, instead_of: None };
    let usable: Vec<Recipient> =
        ctx.ops.iter().filter(|address| address::is_usable(address)).map(|address| to(address, String::new())).collect();
    if usable.is_empty() { vec![to(&ctx.fallback.address, super::clean::name(&ctx.fallback.name))] } else { usable }
}

/// The one reader at an address; where it stands in for several, all of them are named.
fn reader_of(notices: &[Addressed<'_>]) -> Recipient {
    let mut whom: Vec<&str> = notices.iter().filter_map(|one| one.reader.instead_of.as_deref()).collect();
    whom.sort_unstable();
    whom.dedup();
    let instead_of = (!whom.is_empty()).then(|| super::clean::phrase(&whom.join(" / ")));
    let first = notices.iter().map(|one| &one.reader).min().expect("an envelope is made with its first notice");
    Recipient { instead_of, ..first.clone() }
}

fn over_cap(envelope: &Envelope, notices: &[&PendingNotice], queued: u32, ctx: &ComposeContext<'_>) -> bool {
    let held_back = matches!(envelope, Envelope::Tasks(..)) && notices.iter().all(|one| one.notice.severity != Severity::Critical);
    held_back && ctx.cap.is_some_and(|cap| queued >= cap.mails_max)
}

fn write(envelope: &Envelope, reader: &Recipient, notices: &[&PendingNotice], ctx: &ComposeContext<'_>) -> Result<Composed, RenderError> {
    let mut notice_ids: Vec<String> = notices.iter().map(|one| one.notice.notice_id()).collect();
    notice_ids.sort();
    notice_ids.dedup();
    let part = match envelope {
        Envelope::Tasks(..) => tasks_part(reader, notices, ctx)?,
        Envelope::Reminders(_) => reminders_part(reader, notices, ctx)?,
        Envelope::Ops(_, topic) => ops_part(reader, topic, notices, ctx)?,
    };
    let ids: Vec<&str> = part.told.iter().map(String::as_str).collect();
    let mail = Mail {
        kind: part.kind,
        recipient: reader.address.clone(),
        recipient_name: reader.name.clone(),
        subject_key: digest_id('K', &ids),
        told: notices.iter().map(|one| one.notice.told.clone()).collect::<BTreeSet<_>>().into_iter().collect(),
        local_day: ctx.zone.day_of(ctx.now),
        subject: part.rendered.subject,
        text: part.rendered.text,
        html: part.rendered.html,
        calendar: part.calendar,
        queued_at: ctx.now,
        useful_until: Some(part.useful_until),
    };
    Ok(Composed { mail, notice_ids, told: part.told })
}

struct Part {
    kind: MailKind,
    rendered: Rendered,
    told: Vec<String>,
    calendar: Option<String>,
    useful_until: Timestamp,
}

fn tasks_part(reader: &Recipient, notices: &[&PendingNotice], ctx: &ComposeContext<'_>) -> Result<Part, RenderError> {
    let mut tasks: Vec<(&Task, &[Alert])> = notices
        .iter()
        .filter_map(|one| match &one.about {
            About::Task { task, alerts } => Some((&**task, alerts.as_slice())),
            _ => None,
        })
        .collect();
    tasks.sort_by(|(a, _), (b, _)| (a.severity, a.class, a.due_at, &a.task_id).cmp(&(b.severity, b.class, b.due_at, &b.task_id)));
    tasks.dedup_by(|(a, _), (b, _)| a.task_id == b.task_id);
    let mut told: Vec<String> = tasks.iter().flat_map(|(_, alerts)| alerts.iter().map(|alert| alert.alert_id().to_string())).collect();
    told.extend(tasks.iter().map(|(task, _)| task.task_id.to_string()));
    let rendered = AlertTaskMail::new(&tasks, reader.locale, reader.instead_of.clone(), ctx).render()?;
    let useful_until = latest(notices, ctx.now.plus(ctx.useful_for.alert_task));
    Ok(Part { kind: MailKind::AlertTask, rendered, told: sorted(told), calendar: None, useful_until })
}

fn reminders_part(reader: &Recipient, notices: &[&PendingNotice], ctx: &ComposeContext<'_>) -> Result<Part, RenderError> {
    let mut reminders: Vec<&Reminder> = notices
        .iter()
        .filter_map(|one| match &one.about {
            About::Reminder(reminder) => Some(&**reminder),
            _ => None,
        })
        .collect();
    let told = reminders.iter().map(|one| one.reminder_id().to_string()).collect();
    // Of two that tell of one date the nearer lead, or the plan with the days off, stands for both.
    reminders.sort_by_key(|one| (one.occurs_on, one.group_id(), one.date_id(), one.is_provisional(), one.lead_days, one.late));
    reminders.dedup_by_key(|one| one.date_id());
    let rendered = ReminderMail::new(&reminders, reader, ctx).render()?;
    let last_day = reminders.last().map_or(ctx.zone.day_of(ctx.now), |one| LocalDay::from_date(one.occurs_on));
    let useful_until = latest(notices, ctx.zone.end_of(last_day));
    let calendar = Some(calendar_part::write(&reminders, reader.locale, ctx));
    Ok(Part { kind: MailKind::Reminder, rendered, told: sorted(told), calendar, useful_until })
}

fn ops_part(reader: &Recipient, topic: &str, notices: &[&PendingNotice], ctx: &ComposeContext<'_>) -> Result<Part, RenderError> {
    let mut texts: Vec<(Timestamp, &str)> = notices
        .iter()
        .filter_map(|one| match &one.notice.told {
            Told::Ops { text, .. } => Some((one.notice.created_at, text.as_str())),
            _ => None,
        })
        .collect();
    texts.sort();
    texts.dedup();
    let severity = notices.iter().map(|one| one.notice.severity).min().unwrap_or(Severity::Warning);
    let rendered = OpsNoticeMail::new(topic, severity, &texts, reader.locale, ctx).render()?;
    let useful_until = latest(notices, ctx.now.plus(ctx.useful_for.ops_notice));
    Ok(Part { kind: MailKind::OpsNotice, rendered, told: vec![topic.to_owned()], calendar: None, useful_until })
}

/// As long as one of the notices says, or the kind's own end where one does not say.
fn latest(notices: &[&PendingNotice], otherwise: Timestamp) -> Timestamp {
    notices.iter().map(|one| one.notice.useful_until.unwrap_or(otherwise)).max().unwrap_or(otherwise)
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids.dedup();
    ids
}
