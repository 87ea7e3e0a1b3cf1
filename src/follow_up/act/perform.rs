//! One action on one task.

use super::action::{Acted, Action};
use super::context::ActContext;
use super::finish::{close, dealt_with, reopening};
use super::refusal::Refusal;
use super::turn::{check_actor, check_state};
use crate::domain::alert::{Alert, AlertState};
use crate::domain::ids::ManagerId;
use crate::domain::task::StepKind;
use crate::domain::task::{Actor, Approval, Assignee, Means, Moved, Resource, Task, TaskState};

/// Does something to a task, if it may be done now by whoever does it.
///
/// # Errors
/// [`Refusal`]: the reason for which the action is refused, with who did what already.
pub fn act(task: &Task, action: Action, ctx: &ActContext<'_>) -> Result<Acted, Refusal> {
    check_actor(task, &action, ctx)?;
    check_state(task, &action, ctx)?;
    let kind = action.step();
    let next = Task {
        version: task.version + 1,
        ..task.clone()
    };
    let mut acted = Acted {
        task: next,
        notices: Vec::new(),
        alerts: Vec::new(),
        is_closed: false,
    };
    let mut step = ctx.step(kind, None);
    step.note = match action {
        Action::Accept => {
            accept(&mut acted, ctx);
            None
        }
        Action::Start => {
            start(&mut acted.task, ctx);
            None
        }
        Action::Approve { note } => {
            answer(&mut acted, Approval::Approved, ctx);
            note.filter(|note| !note.trim().is_empty())
        }
        Action::Refuse { note } => {
            let note = required_note(task, kind, &note)?;
            answer(&mut acted, Approval::Refused, ctx);
            withdraw_refused(&mut acted.task);
            Some(note)
        }
        Action::Close(closing) => Some(close(&mut acted, closing, ctx)?),
        Action::Verify => {
            acted.task.verified = true;
            None
        }
        Action::Reopen { note } => {
            let note = required_note(task, kind, &note)?;
            step.finish = reopening(&mut acted, ctx).map(Box::new);
            Some(note)
        }
        Action::Cancel { note } => {
            let note = required_note(task, kind, &note)?;
            cancel(&mut acted, ctx);
            Some(note)
        }
        Action::Reassign { to } => {
            step.moved = Some(reassign(&mut acted, to, ctx)?);
            None
        }
    };
    acted.task.steps.push(step);
    tell_assignee(&mut acted, kind, ctx);
    Ok(acted)
}

/// Cancels the joint visit of a task that somebody cancels, in his name: he need not be above the
/// chief account manager who has it. Nothing is done to one that has been accepted already, or has
/// ended.
///
/// # Errors
/// [`Refusal`]: the note is blank.
pub(crate) fn cancel_along(
    visit: &Task,
    note: String,
    ctx: &ActContext<'_>,
) -> Result<Option<Acted>, Refusal> {
    if visit.state != TaskState::Open {
        return Ok(None);
    }
    let worker = Actor::default();
    let as_worker = ActContext {
        actor: &worker,
        ..*ctx
    };
    let mut acted = act(visit, Action::Cancel { note }, &as_worker)?;
    if let Some(step) = acted.task.steps.last_mut() {
        step.by = ctx.actor.clone();
    }
    acted.notices = ctx.tell_assignee(&acted.task).into_iter().collect();
    Ok(Some(acted))
}

fn required_note(task: &Task, step: StepKind, note: &str) -> Result<String, Refusal> {
    match note.trim() {
        "" => Err(Refusal::NoNote {
            task_id: task.task_id.clone(),
            action: step.name(),
        }),
        note => Ok(note.to_owned()),
    }
}

/// Accepting a task acknowledges its alerts.
fn accept(acted: &mut Acted, ctx: &ActContext<'_>) {
    acted.task.state = TaskState::Accepted;
    acted.task.accepted_at = Some(ctx.now);
    let firing = ctx
        .alerts
        .iter()
        .filter(|alert| alert.state == AlertState::Firing);
    acted.alerts = firing
        .map(|alert| Alert {
            state: AlertState::Acknowledged,
            ..alert.clone()
        })
        .collect();
}

fn start(task: &mut Task, ctx: &ActContext<'_>) {
    task.state = TaskState::InProgress;
    task.started_at = Some(ctx.now);
}

/// The answer sets the due clock going again.
fn answer(acted: &mut Acted, answer: Approval, ctx: &ActContext<'_>) {
    let task = &mut acted.task;
    task.approval = answer;
    if let Some(asked_at) = task.asked_at.take() {
        task.due_at = ctx.due_clock().goes_on(task, asked_at);
    }
}

/// Notifies the assignee of what others did to his task.
fn tell_assignee(acted: &mut Acted, step: StepKind, ctx: &ActContext<'_>) {
    if matches!(
        step,
        StepKind::Approve
            | StepKind::Refuse
            | StepKind::Reopen
            | StepKind::Reassign
            | StepKind::Cancel
    ) {
        acted.notices.extend(ctx.tell_assignee(&acted.task));
    }
}

/// Cancels the task. Of the alerts that it answered, one about a single event is resolved; one
/// about many stays open.
fn cancel(acted: &mut Acted, ctx: &ActContext<'_>) {
    let task = &mut acted.task;
    (task.state, task.ended_at, task.stalled) = (TaskState::Cancelled, Some(ctx.now), false);
    acted.alerts = dealt_with(ctx);
}

/// A refused task continues without what was refused; a call is always left.
fn withdraw_refused(task: &mut Task) {
    let means = task.means.extract_if(.., |means| means.needs_approval());
    task.refused_means.extend(means);
    let resources = task
        .resources
        .extract_if(.., |resource| resource.needs_approval());
    task.refused_resources.extend(resources);
    // A social event is held with the resource for it, or not at all.
    if task.refused_resources.contains(&Resource::Event) {
        let events = task
            .means
            .extract_if(.., |means| *means == Means::SocialEvent);
        task.refused_means.extend(events);
    }
    if task.means.is_empty() {
        task.means.push(Means::Call);
    }
}

/// Somebody else has it from now on; state and due time stay.
fn reassign(acted: &mut Acted, to: ManagerId, ctx: &ActContext<'_>) -> Result<Moved, Refusal> {
    if ctx.staff().is_inactive(&to) {
        return Err(Refusal::NoManager { manager_id: to });
    }
    let task = &mut acted.task;
    let name = ctx.name(&to);
    if task.assignee == Assignee::Manager(to.clone()) {
        return Err(Refusal::SameAssignee {
            task_id: task.task_id.clone(),
            assignee: name,
        });
    }
    let is_own = ctx
        .actor
        .manager_id
        .as_ref()
        .is_some_and(|who| ctx.authority().is_own(who, &task.assignee));
    if is_own
        && task.is_overdue(ctx.now)
        && ctx.authority().is_above(&to, &task.assignee, &task.scope)
    {
        return Err(Refusal::HisJudge {
            task_id: task.task_id.clone(),
            judge: name,
        });
    }
    let to = Assignee::Manager(to);
    let from = std::mem::replace(&mut task.assignee, to.clone());
    Ok(Moved { from, to })
}
