//! What becomes of mails that piled up while the relay was down for long: one digest for each
//! reader covers what is still true, the critical first, and the earlier mails are superseded.
//!
//! Pure, as composing is. Invariant: a task that a superseded mail covers, and that is still open,
//! is covered by a digest to whoever has it now.

use std::collections::{BTreeMap, BTreeSet};

use super::address::{self, Recipient};
use super::kinds::DigestMail;
use super::pending::ComposeContext;
use super::room::fitted;
use super::template::RenderError;
use crate::domain::alert::{Alert, MailId, TaskId, digest_id};
use crate::domain::mail::{Mail, MailKind, NoticeTopic};
use crate::domain::task::{Task, TaskState};

/// Up to so many waiting mails of a recipient are sent as they are.
const AS_THEY_ARE_MAX: usize = 1;

/// A waiting mail about tasks, with the current versions of these tasks.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Waiting {
    pub mail_id: MailId,
    /// To whom it would go.
    pub recipient: String,
    pub tasks: Vec<(Task, Vec<Alert>)>,
}

/// The tasks of a reader, with their alerts.
type TasksOfReader<'a> = BTreeMap<TaskId, (&'a Task, &'a [Alert])>;

/// What to queue and what to supersede.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Digests {
    pub mails: Vec<Mail>,
    /// To be sent no more.
    pub superseded: Vec<MailId>,
}

/// Makes digests of the mails that wait.
///
/// # Errors
/// [`RenderError`] when an embedded template is broken.
pub(crate) fn digests(
    waiting: &[Waiting],
    ctx: &ComposeContext<'_>,
) -> Result<Digests, RenderError> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    waiting
        .iter()
        .for_each(|one| *counts.entry(&one.recipient).or_default() += 1);
    let piled_up = || {
        waiting
            .iter()
            .filter(|one| counts[one.recipient.as_str()] > AS_THEY_ARE_MAX)
    };
    let mut readers: BTreeMap<String, (Recipient, TasksOfReader<'_>)> = BTreeMap::new();
    for (task, alerts) in piled_up()
        .flat_map(|one| &one.tasks)
        .filter(|(task, _)| is_still_true(task))
    {
        let reader = address::recipient(
            &task.assignee,
            Some(&task.scope),
            ctx.reference,
            ctx.fallback,
            ctx.default_locale,
        );
        let (_, tasks) = readers
            .entry(reader.address.clone())
            .or_insert_with(|| (reader, BTreeMap::new()));
        tasks.insert(task.task_id.clone(), (task, alerts));
    }
    let mails = readers
        .into_values()
        .map(|(reader, tasks)| digest(&reader, tasks.into_values().collect(), ctx));
    Ok(Digests {
        mails: mails.collect::<Result<_, _>>()?,
        superseded: piled_up().map(|one| one.mail_id.clone()).collect(),
    })
}

const fn is_still_true(task: &Task) -> bool {
    matches!(
        task.state,
        TaskState::Open | TaskState::Accepted | TaskState::InProgress
    )
}

fn digest(
    reader: &Recipient,
    mut tasks: Vec<(&Task, &[Alert])>,
    ctx: &ComposeContext<'_>,
) -> Result<Mail, RenderError> {
    tasks.sort_by(|(a, _), (b, _)| {
        (a.severity, a.class, a.due_at, &a.task_id)
            .cmp(&(b.severity, b.class, b.due_at, &b.task_id))
    });
    let ids: BTreeSet<&str> = tasks
        .iter()
        .map(|(task, _)| task.task_id.as_str())
        .collect();
    let (rendered, _) = fitted(|room| {
        Ok((
            DigestMail::new(&tasks, reader, &ComposeContext { room, ..*ctx }).render()?,
            None,
        ))
    })?;
    Ok(Mail {
        kind: MailKind::Digest,
        recipient: reader.address.clone(),
        recipient_name: reader.name.clone(),
        subject_key: digest_id('K', &ids.into_iter().collect::<Vec<_>>()),
        topics: tasks
            .iter()
            .map(|(task, _)| NoticeTopic::Task(task.task_id.clone()))
            .collect(),
        local_day: ctx.zone.day_of(ctx.now),
        subject: rendered.subject,
        text: rendered.text,
        html: rendered.html,
        calendar: None,
        queued_at: ctx.now,
        useful_until: Some(ctx.now.plus(ctx.useful_for.alert_task)),
        proposal: None,
    })
}
