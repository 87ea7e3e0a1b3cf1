//! Writes the content of one mail: takes the notices of an envelope, sorts their tasks, reminders
//! and texts, and renders them.
//!
//! It does not know who gets what, nor what is dropped: composing does. Invariants: the order of
//! the notices changes nothing; a part contains each thing once.

use super::address::Recipient;
use super::calendar_part;
use super::facts::{facts, tasks_of};
use super::kinds::{
    AlertTaskMail, ApprovalRequestMail, DATES_MAX, DailyBriefMail, EscalationMail, OpsNoticeMail,
    ReminderMail, ReportUpMail, TaskFacts,
};
use super::pending::{About, ComposeContext, PendingNotice};
use super::room::fitted;
use super::template::{RenderError, Rendered};
use super::words;
use crate::domain::alert::{TaskId, digest_id};
use crate::domain::indicator::Severity;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::locale::Locale;
use crate::domain::mail::{MailKind, NoticeTopic};
use crate::domain::ops_notice::OpsNotice;
use crate::domain::reminder::Reminder;
use crate::domain::task::{EscalationReason, StepKind, Task};

/// A rendered mail, without its reader.
pub(crate) struct Part {
    pub kind: MailKind,
    pub rendered: Rendered,
    /// Ids of what it covers, sorted.
    pub covered_ids: Vec<String>,
    pub calendar: Option<String>,
    /// Pointless after that.
    pub useful_until: Timestamp,
    /// The tasks of which it shows what the port-out guard would withhold, sorted.
    pub proposes: Vec<TaskId>,
}

/// `alert_task`
pub(crate) fn tasks(
    reader: &Recipient,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Part, RenderError> {
    let tasks = tasks_of(notices);
    let mut covered_ids: Vec<String> = tasks
        .iter()
        .flat_map(|one| one.alerts.iter().map(|alert| alert.alert_id().to_string()))
        .collect();
    covered_ids.extend(tasks.iter().map(|one| update_of(one.task)));
    let rendered = fit(ctx, |ctx| {
        AlertTaskMail::new(&tasks, reader.locale, reader.instead_of.clone(), ctx).render()
    })?;
    let useful_until = latest(notices, ctx.now.plus(ctx.useful_for.alert_task));
    let proposes = proposing(tasks.iter().map(|one| one.task));
    Ok(Part {
        kind: MailKind::AlertTask,
        rendered,
        covered_ids: sorted(covered_ids),
        calendar: None,
        useful_until,
        proposes,
    })
}

/// The identity of a task in a mail beside its alerts: its severity, the alert whose playbook it
/// follows, the number of its steps (sent on, sent back, answered), and how many alerts more than
/// one a joint visit is or was for. When any of these has changed, the task is mailed again, also on the
/// same day. An alert that loses the lead and takes it back is no change.
fn update_of(task: &Task) -> String {
    let lead = task.lead.as_ref().map_or("", |lead| lead.alert_id.as_str());
    let steps = task.steps.iter();
    let steps = steps.filter(|step| step.what != StepKind::PlanChanged);
    let causes = match task.visit_causes.len() {
        0 | 1 => String::new(),
        several => format!(" {several}"),
    };
    format!(
        "{} {} {lead} {}{causes}",
        task.task_id,
        task.severity.name(),
        steps.count()
    )
}

/// `approval_request`: a task that is asked about again after a refusal is mailed again.
pub(crate) fn approvals(
    reader: &Recipient,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Part, RenderError> {
    let tasks = tasks_of(notices);
    let covered_ids = tasks
        .iter()
        .map(|one| covered_id(one, one.task.asked_at))
        .collect();
    let rendered = fit(ctx, |ctx| {
        ApprovalRequestMail::new(&tasks, reader, ctx).render()
    })?;
    let proposes = proposing(tasks.iter().map(|one| one.task));
    Ok(Part {
        proposes,
        ..upward(
            MailKind::ApprovalRequest,
            rendered,
            covered_ids,
            notices,
            ctx,
        )
    })
}

/// `escalation`: each task with all the reasons of its escalation.
pub(crate) fn escalations(
    reader: &Recipient,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Part, RenderError> {
    let mut tasks: Vec<(TaskFacts<'_>, Vec<EscalationReason>)> = Vec::new();
    for (one, topic) in facts(notices) {
        let NoticeTopic::Escalation(_, why) = topic else {
            continue;
        };
        match tasks
            .last_mut()
            .filter(|(last, _)| last.task.task_id == one.task.task_id)
        {
            Some((_, reasons)) if reasons.contains(why) => {}
            Some((_, reasons)) => reasons.push(*why),
            None => tasks.push((one, vec![*why])),
        }
    }
    let covered_ids = tasks
        .iter()
        .flat_map(|(one, reasons)| {
            reasons
                .iter()
                .map(|why| format!("{} {}", one.task.task_id, why.name()))
        })
        .collect();
    let rendered = fit(ctx, |ctx| EscalationMail::new(&tasks, reader, ctx).render())?;
    let proposes = proposing(tasks.iter().map(|(one, _)| one.task));
    Ok(Part {
        proposes,
        ..upward(MailKind::Escalation, rendered, covered_ids, notices, ctx)
    })
}

/// `report_up`: closed again after it was reopened, a task has another report.
pub(crate) fn reports(
    reader: &Recipient,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Part, RenderError> {
    let tasks: Vec<_> = tasks_of(notices)
        .into_iter()
        .filter_map(|one| one.task.finish.as_ref().map(|finish| (one, finish)))
        .collect();
    let covered_ids = tasks
        .iter()
        .map(|(one, _)| covered_id(one, one.task.ended_at))
        .collect();
    let rendered = fit(ctx, |ctx| ReportUpMail::new(&tasks, reader, ctx).render())?;
    Ok(upward(
        MailKind::ReportUp,
        rendered,
        covered_ids,
        notices,
        ctx,
    ))
}

fn covered_id(one: &TaskFacts<'_>, at: Option<Timestamp>) -> String {
    at.map_or_else(
        || one.task.task_id.to_string(),
        |at| format!("{} {at}", one.task.task_id),
    )
}

fn upward(
    kind: MailKind,
    rendered: Rendered,
    covered_ids: Vec<String>,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Part {
    let useful_until = latest(notices, ctx.now.plus(ctx.useful_for.upward));
    Part {
        kind,
        rendered,
        covered_ids: sorted(covered_ids),
        calendar: None,
        useful_until,
        proposes: Vec::new(),
    }
}

/// `daily_brief`: there is one a manager and day, whatever is in it.
pub(crate) fn brief(
    reader: &Recipient,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Part, RenderError> {
    let briefs = notices.iter().filter_map(|one| match &one.about {
        About::Brief(brief) => Some((one.notice.created_at, &**brief)),
        _ => None,
    });
    // Two briefs of one morning cover the same; the later one has newer data.
    let (_, brief) = briefs
        .max_by_key(|(at, _)| *at)
        .expect("an envelope is made with its first notice");
    let covered_ids = vec![format!("{} {}", brief.manager_id, brief.day)];
    let rendered = fit(ctx, |ctx| DailyBriefMail::new(brief, reader, ctx).render())?;
    let useful_until = latest(notices, ctx.zone.end_of(brief.day));
    let proposes = proposing(brief.to_approve.iter());
    Ok(Part {
        kind: MailKind::DailyBrief,
        rendered,
        covered_ids,
        calendar: None,
        useful_until,
        proposes,
    })
}

/// `reminder`
pub(crate) fn reminders(
    reader: &Recipient,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Part, RenderError> {
    let mut reminders: Vec<&Reminder> = notices
        .iter()
        .filter_map(|one| match &one.about {
            About::Reminder(reminder) => Some(&**reminder),
            _ => None,
        })
        .collect();
    let covered_ids = reminders
        .iter()
        .map(|one| one.reminder_id().to_string())
        .collect();
    // Of two reminders of one date only one is kept: the nearer lead, or the plan with the days
    // off.
    reminders.sort_by_key(|one| {
        (
            one.occurs_on,
            one.group_id(),
            one.date_id(),
            one.is_provisional(),
            one.lead_days,
            one.late,
        )
    });
    reminders.dedup_by_key(|one| one.date_id());
    let last_day = reminders.last().map_or(ctx.zone.day_of(ctx.now), |one| {
        LocalDay::from_date(one.occurs_on)
    });
    let useful_until = latest(notices, ctx.zone.end_of(last_day));
    let (rendered, calendar) = fitted(|room| {
        let ctx = ComposeContext { room, ..*ctx };
        // What the mail shows can be put into a calendar, and nothing else.
        let (shown, _) = room.first(&reminders, DATES_MAX);
        Ok((
            ReminderMail::new(&reminders, reader, &ctx).render()?,
            Some(calendar_part::write_calendar(shown, reader.locale, &ctx)),
        ))
    })?;
    Ok(Part {
        kind: MailKind::Reminder,
        rendered,
        covered_ids: sorted(covered_ids),
        calendar,
        useful_until,
        proposes: Vec::new(),
    })
}

/// `ops_notice`
pub(crate) fn ops(
    reader: &Recipient,
    topic: &str,
    notices: &[&PendingNotice],
    ctx: &ComposeContext<'_>,
) -> Result<Part, RenderError> {
    let mut ops_notices: Vec<(Timestamp, &OpsNotice)> = notices
        .iter()
        .filter_map(|one| match &one.notice.topic {
            NoticeTopic::Ops(notice) => Some((one.notice.created_at, notice)),
            _ => None,
        })
        .collect();
    ops_notices.sort_unstable();
    ops_notices.dedup();
    let severity = notices
        .iter()
        .map(|one| one.notice.severity)
        .min()
        .unwrap_or(Severity::Warning);
    let rendered = fit(ctx, |ctx| {
        OpsNoticeMail::new(severity, &ops_notices, reader.locale, ctx).render()
    })?;
    let useful_until = latest(notices, ctx.now.plus(ctx.useful_for.ops_notice));
    // Another text of the topic is another mail, also at the same instant.
    let texts: Vec<String> = ops_notices
        .iter()
        .map(|(_, notice)| words::ops::text(notice, Locale::En, ctx.zone))
        .collect();
    let covered_ids = vec![
        topic.to_owned(),
        digest_id('X', &texts.iter().map(String::as_str).collect::<Vec<_>>()),
    ];
    Ok(Part {
        kind: MailKind::OpsNotice,
        rendered,
        covered_ids,
        calendar: None,
        useful_until,
        proposes: Vec::new(),
    })
}

/// With as much room as the mail may take.
fn fit(
    ctx: &ComposeContext<'_>,
    render: impl Fn(&ComposeContext<'_>) -> Result<Rendered, RenderError>,
) -> Result<Rendered, RenderError> {
    fitted(|room| Ok((render(&ComposeContext { room, ..*ctx })?, None)))
        .map(|(rendered, _)| rendered)
}

/// Those of the tasks that propose what the port-out guard withholds.
fn proposing<'a>(tasks: impl Iterator<Item = &'a Task>) -> Vec<TaskId> {
    let mut ids: Vec<TaskId> = tasks
        .filter(|task| task.proposes())
        .map(|task| task.task_id.clone())
        .collect();
    ids.sort();
    ids
}

/// The latest `useful_until` of the notices, where a notice without one counts with the kind's own.
fn latest(notices: &[&PendingNotice], otherwise: Timestamp) -> Timestamp {
    notices
        .iter()
        .map(|one| one.notice.useful_until.unwrap_or(otherwise))
        .max()
        .unwrap_or(otherwise)
}

fn sorted(mut ids: Vec<String>) -> Vec<String> {
    ids.sort();
    ids.dedup();
    ids
}
