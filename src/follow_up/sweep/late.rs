//! Escalation: tasks that were not accepted, done or answered in time are reported to whoever is
//! above, each once for each reason and step of its chain. Plans of a day lapse with it.

use super::SweepRules;
use crate::domain::indicator::Severity;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::task::{Approval, Assignee, Escalated, EscalationReason, Origin, Task};
use crate::follow_up::tasks::{FollowUpContext, task_notice};
use crate::follow_up::working_hours::working_days_after;

/// Escalates a late task; returns the notice of it.
pub(super) fn escalate(
    task: &mut Task,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> Option<Notice> {
    let (why, to) = due_step(task, rules, ctx)?;
    task.escalated.push(Escalated {
        why,
        at: ctx.now,
        to: to.clone(),
    });
    let topic = NoticeTopic::Escalation(task.task_id.clone(), why);
    let severity = task.severity.min(Severity::Warning);
    Some(Notice {
        topic,
        assignee: to,
        due_at: ctx.now,
        severity,
        ..task_notice(task, severity, ctx)
    })
}

/// Whether an open task is late and its next escalation is due, or its day has passed.
pub(super) fn is_late(task: &Task, rules: SweepRules, ctx: &FollowUpContext<'_>) -> bool {
    task.state.is_open() && (has_day_passed(task, ctx) || due_step(task, rules, ctx).is_some())
}

/// Whether a task was planned for a day that is over.
pub(super) fn has_day_passed(task: &Task, ctx: &FollowUpContext<'_>) -> bool {
    lapses_at(task, ctx).is_some_and(|at| at <= ctx.now)
}

/// When the day is over that a task was planned for; none if it may be done on any.
fn lapses_at(task: &Task, ctx: &FollowUpContext<'_>) -> Option<Timestamp> {
    let day = LocalDay::from_date(task.origin.day()?);
    Some(ctx.zone.end_of(day))
}

/// The next step that is due; none if there is none, or nobody is above.
fn due_step(
    task: &Task,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> Option<(EscalationReason, Assignee)> {
    let staff = ctx.staff();
    let escalations = |why| task.escalated.iter().filter(|one| one.why == why).count();
    if task.approval == Approval::Requested {
        let since = task.asked_at.unwrap_or(task.opened_at);
        let unanswered = working_days_after(ctx.zone, ctx.calendar, since, rules.unanswered_days)
            <= ctx.now
            && escalations(EscalationReason::Unanswered) == 0;
        let approver = staff.manager_of(&task.assignee, &task.scope);
        return unanswered.then(|| {
            (
                EscalationReason::Unanswered,
                staff.manager_of(&approver, &task.scope),
            )
        });
    }
    let reached = |at: usize| {
        task.escalation
            .get(at)
            .map(|step| staff.reached(*step, &task.assignee, &task.scope))
    };
    let overdue = escalations(EscalationReason::Overdue);
    let (why, to) = if task.due().is_some() && step_due_at(task, overdue, ctx) <= as_of(task, ctx) {
        (EscalationReason::Overdue, reached(overdue)?)
    } else if must_be_accepted(task)
        && task.accept_by <= as_of(task, ctx)
        && overdue + escalations(EscalationReason::NotAccepted) == 0
    {
        (EscalationReason::NotAccepted, reached(0)?)
    } else {
        return None;
    };
    (to != task.assignee).then_some((why, to))
}

/// The instant as of which lateness is judged. What ends by a contact is judged as of the last
/// instant that has been read: the contact may not have been read yet.
const fn as_of(task: &Task, ctx: &FollowUpContext<'_>) -> Timestamp {
    match task.origin {
        Origin::Promise(_) | Origin::HandOver(..) => ctx.read_until,
        _ => ctx.now,
    }
}

/// When time alone makes the next escalation of an open task due or ends it, after now; none if it
/// never does.
pub(super) fn next_late(
    task: &Task,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> Option<Timestamp> {
    let times = if task.approval == Approval::Requested {
        let since = task.asked_at.unwrap_or(task.opened_at);
        [
            Some(working_days_after(
                ctx.zone,
                ctx.calendar,
                since,
                rules.unanswered_days,
            )),
            None,
            lapses_at(task, ctx),
        ]
    } else {
        let overdue = task
            .escalated
            .iter()
            .filter(|one| one.why == EscalationReason::Overdue)
            .count();
        let due_at = task.due().map(|_| step_due_at(task, overdue, ctx));
        let accept_by = must_be_accepted(task).then_some(task.accept_by);
        [due_at, accept_by, lapses_at(task, ctx)]
    };
    times
        .into_iter()
        .flatten()
        .filter(|at| *at > as_of(task, ctx))
        .min()
}

/// Whether somebody above is notified if nobody accepts it. Of subscribers that have gone only the
/// reason is asked for: that waits, unless its clock runs on.
fn must_be_accepted(task: &Task) -> bool {
    task.waits_to_be_accepted() && task.due().is_some()
}

/// The first step of the chain is due with the task, each further one a working day later.
fn step_due_at(task: &Task, step: usize, ctx: &FollowUpContext<'_>) -> Timestamp {
    match u32::try_from(step).unwrap_or(u32::MAX) {
        0 => task.due_at,
        step => working_days_after(ctx.zone, ctx.calendar, task.due_at, step),
    }
}
