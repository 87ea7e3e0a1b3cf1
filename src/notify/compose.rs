//! Takes the notices that are due and writes their mails. Pure: the caller fills the outbox.
//!
//! One mail per recipient and group customer for tasks and for each kind of mail that goes upwards,
//! one per manager and day for briefs, one per manager for reminders, one per operator and topic
//! for ops notices. It does not know when a notice comes about, nor how a mail travels. Invariants:
//! every due notice is covered by a mail or dropped with a reason, never both, never neither; the
//! order of the notices changes nothing.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use super::address::{self, Recipient};
use super::parts::{self, Part};
pub(crate) use super::pending::{
    About, ComposeContext, Composed, Composition, DropReason, Dropped, HourlyCap, PendingNotice,
    UsefulFor,
};
use super::template::RenderError;
use crate::domain::alert::digest_id;
use crate::domain::ids::ManagerId;
use crate::domain::indicator::{Scope, Severity};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::mail::{Mail, NoticeTopic, Proposal};
use crate::domain::mailbox::mailbox;
use crate::domain::task::{Approval, EscalationReason, Task, TaskState};

/// The key of one mail: notices with the same key go into the same mail. Sorts as the mails are
/// written: by kind, then address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum MailKey {
    Tasks(String, Scope),
    Approvals(String, Scope),
    Escalations(String, Scope),
    Reports(String, Scope),
    Briefs(String, ManagerId, LocalDay),
    Reminders(String),
    Ops(String, String),
}

/// A notice with its reader. Several readers may share an address: the fallback's.
struct Addressed<'a> {
    reader: Recipient,
    pending: &'a PendingNotice,
}

/// Writes the mails of every pending notice with `due_at <= now`; those that are not due yet are
/// left alone.
///
/// # Errors
/// [`RenderError`] when an embedded template is broken.
pub(crate) fn compose(
    pending: &[PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Composition, RenderError> {
    let mut composition = Composition::default();
    let mut envelopes: BTreeMap<MailKey, Vec<Addressed<'_>>> = BTreeMap::new();
    for one in pending.iter().filter(|one| one.notice.due_at <= ctx.now) {
        match drop_reason(one, ctx) {
            Some(reason) => composition.dropped.push(Dropped {
                notice_id: one.notice.notice_id(),
                reason,
            }),
            None => {
                for (envelope, reader) in envelopes_of(one, ctx) {
                    envelopes.entry(envelope).or_default().push(Addressed {
                        reader,
                        pending: one,
                    });
                }
            }
        }
    }
    let mut queued = ctx.cap.map(|cap| cap.queued.clone()).unwrap_or_default();
    let mut unwritten = Vec::new();
    for (envelope, notices) in &envelopes {
        let reader = reader_of(notices);
        let notices: Vec<&PendingNotice> = notices.iter().map(|one| one.pending).collect();
        let count = queued.entry(reader.address.clone()).or_default();
        if over_cap(envelope, &notices, *count, ctx) {
            composition
                .dropped
                .extend(notices.iter().map(|one| Dropped {
                    notice_id: one.notice.notice_id(),
                    reason: DropReason::OverCap,
                }));
            continue;
        }
        *count += 1;
        unwritten.push((envelope, reader, notices));
    }
    composition.mails = unwritten
        .par_iter()
        .map(|(envelope, reader, notices)| write_mail(envelope, reader, notices, ctx))
        .collect::<Result<_, _>>()?;
    composition
        .dropped
        .sort_by(|a, b| a.notice_id.cmp(&b.notice_id));
    composition.dropped.dedup();
    Ok(composition)
}

fn drop_reason(one: &PendingNotice, ctx: &ComposeContext<'_>) -> Option<DropReason> {
    let today = ctx.zone.day_of(ctx.now);
    let reason = match &one.about {
        About::Gone => Some(DropReason::Gone),
        About::Ops => {
            (!matches!(one.notice.topic, NoticeTopic::Ops(_))).then_some(DropReason::Gone)
        }
        About::Task { task, .. } => overtaken(task, &one.notice.topic, ctx.now),
        About::Brief(brief) => (brief.day < today).then_some(DropReason::TooLate),
        About::Reminder(reminder) => {
            (reminder.occurs_on < today.date()).then_some(DropReason::TooLate)
        }
    };
    reason.or(one
        .notice
        .useful_until
        .filter(|until| *until < ctx.now)
        .map(|_| DropReason::TooLate))
}

/// The reason to drop a notice whose task has changed since the notice was made, so that it is
/// pointless.
fn overtaken(task: &Task, topic: &NoticeTopic, now: Timestamp) -> Option<DropReason> {
    let asks = task.approval == Approval::Requested;
    match (topic, task.state) {
        // A task's report is sent once the task has ended; a reopened one has nothing to report.
        (NoticeTopic::Report(_), _) => task.finish.is_none().then_some(DropReason::Gone),
        (_, TaskState::Done) => Some(DropReason::TaskDone),
        (NoticeTopic::Task(_), TaskState::Cancelled) if task.is_cancelled_from_above() => None,
        (_, TaskState::Cancelled) => Some(DropReason::TaskCancelled),
        (
            NoticeTopic::Approval(_) | NoticeTopic::Escalation(_, EscalationReason::Unanswered),
            _,
        ) => (!asks).then_some(DropReason::Settled),
        // An answer that was awaited has moved its due time.
        (NoticeTopic::Escalation(_, EscalationReason::Overdue), _) => {
            (task.due_at > now).then_some(DropReason::Settled)
        }
        (NoticeTopic::Escalation(_, EscalationReason::NotAccepted), state) => {
            (state != TaskState::Open).then_some(DropReason::Settled)
        }
        _ => None,
    }
}

fn envelopes_of(one: &PendingNotice, ctx: &ComposeContext<'_>) -> Vec<(MailKey, Recipient)> {
    let reader = |assignee, scope| {
        address::recipient(
            assignee,
            scope,
            ctx.reference,
            ctx.fallback,
            ctx.default_locale,
        )
    };
    match (&one.about, &one.notice.topic) {
        (About::Task { task, .. }, topic) => {
            // A task's notice goes to its present assignee; what goes upwards goes to whom it was
            // meant for.
            let reader = reader(
                if matches!(topic, NoticeTopic::Task(_)) {
                    &task.assignee
                } else {
                    &one.notice.assignee
                },
                Some(&task.scope),
            );
            let (address, scope) = (reader.address.clone(), task.scope.clone());
            let envelope = match topic {
                NoticeTopic::Approval(_) => MailKey::Approvals(address, scope),
                NoticeTopic::Escalation(..) => MailKey::Escalations(address, scope),
                NoticeTopic::Report(_) => MailKey::Reports(address, scope),
                _ => MailKey::Tasks(address, scope),
            };
            vec![(envelope, reader)]
        }
        (About::Brief(brief), _) => {
            let reader = reader(&one.notice.assignee, None);
            vec![(
                MailKey::Briefs(reader.address.clone(), brief.manager_id.clone(), brief.day),
                reader,
            )]
        }
        (About::Reminder(reminder), _) => {
            let scope = reminder.group_id().cloned().map(Scope::Group);
            let reader = reader(&one.notice.assignee, scope.as_ref());
            vec![(MailKey::Reminders(reader.address.clone()), reader)]
        }
        (About::Ops | About::Gone, topic) => {
            let NoticeTopic::Ops(notice) = topic else {
                return Vec::new();
            };
            operators(ctx)
                .into_iter()
                .map(|operator| {
                    (
                        MailKey::Ops(operator.address.clone(), notice.topic().into_owned()),
                        operator,
                    )
                })
                .collect()
        }
    }
}

fn operators(ctx: &ComposeContext<'_>) -> Vec<Recipient> {
    let to = |address: String, name: String| Recipient {
        address,
        name,
        locale: ctx.default_locale,
        instead_of: None,
    };
    let usable: Vec<Recipient> = ctx
        .ops
        .iter()
        .filter_map(|address| mailbox(address))
        .map(|address| to(address, String::new()))
        .collect();
    if usable.is_empty() {
        vec![to(
            ctx.fallback.address.clone(),
            super::clean::name(&ctx.fallback.name),
        )]
    } else {
        usable
    }
}

/// The one reader at an address; where it replaces several assignees, all of them are named.
fn reader_of(notices: &[Addressed<'_>]) -> Recipient {
    let mut whom: Vec<&str> = notices
        .iter()
        .filter_map(|one| one.reader.instead_of.as_deref())
        .collect();
    whom.sort_unstable();
    whom.dedup();
    let instead_of = (!whom.is_empty()).then(|| super::clean::phrase(&whom.join(" / ")));
    let first = notices
        .iter()
        .map(|one| &one.reader)
        .min()
        .expect("an envelope is made with its first notice");
    Recipient {
        instead_of,
        ..first.clone()
    }
}

fn over_cap(
    envelope: &MailKey,
    notices: &[&PendingNotice],
    queued: u32,
    ctx: &ComposeContext<'_>,
) -> bool {
    let held_back = matches!(envelope, MailKey::Tasks(..))
        && notices
            .iter()
            .all(|one| one.notice.severity != Severity::Critical);
    held_back && ctx.cap.is_some_and(|cap| queued >= cap.mails_max)
}

fn write_mail(
    envelope: &MailKey,
    reader: &Recipient,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Composed, RenderError> {
    let mut notice_ids: Vec<String> = notices.iter().map(|one| one.notice.notice_id()).collect();
    notice_ids.sort();
    notice_ids.dedup();
    let part: Part = match envelope {
        MailKey::Tasks(..) => parts::tasks(reader, notices, ctx)?,
        MailKey::Approvals(..) => parts::approvals(reader, notices, ctx)?,
        MailKey::Escalations(..) => parts::escalations(reader, notices, ctx)?,
        MailKey::Reports(..) => parts::reports(reader, notices, ctx)?,
        MailKey::Briefs(..) => parts::brief(reader, notices, ctx)?,
        MailKey::Reminders(_) => parts::reminders(reader, notices, ctx)?,
        MailKey::Ops(_, topic) => parts::ops(reader, topic, notices, ctx)?,
    };
    let ids: Vec<&str> = part.covered_ids.iter().map(String::as_str).collect();
    let mail = Mail {
        kind: part.kind,
        recipient: reader.address.clone(),
        recipient_name: reader.name.clone(),
        subject_key: digest_id('K', &ids),
        topics: notices
            .iter()
            .map(|one| one.notice.topic.clone())
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect(),
        local_day: ctx.zone.day_of(ctx.now),
        subject: part.rendered.subject,
        text: part.rendered.text,
        html: part.rendered.html,
        calendar: part.calendar,
        queued_at: ctx.now,
        useful_until: Some(part.useful_until),
        proposal: (!part.proposes.is_empty()).then(|| Proposal {
            tasks: part.proposes,
            notices: notices.iter().map(|one| one.notice.clone()).collect(),
        }),
    };
    Ok(Composed {
        mail,
        notice_ids,
        covered_ids: part.covered_ids,
    })
}
