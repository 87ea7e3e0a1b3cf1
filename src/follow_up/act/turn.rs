//! Whether an action is possible in the task's state, and whether the actor may do it.

use super::action::Action;
use super::context::ActContext;
use super::refusal::{LastStep, Refusal};
use crate::domain::task::StepKind;
use crate::domain::task::{Approval, Assignee, Task, TaskState};

/// Refuses an action that the actor may not do.
pub(super) fn check_actor(
    task: &Task,
    action: &Action,
    ctx: &ActContext<'_>,
) -> Result<(), Refusal> {
    let Some(who) = &ctx.actor.manager_id else {
        return Ok(());
    };
    let authority = ctx.authority();
    if ctx.staff().is_inactive(who) {
        return Err(Refusal::NoManager {
            manager_id: who.clone(),
        });
    }
    let is_above = authority.is_above(who, &task.assignee, &task.scope);
    let (allowed, hint) = match action {
        Action::Approve { .. }
        | Action::Refuse { .. }
        | Action::Reopen { .. }
        | Action::Cancel { .. } => (
            is_above,
            "somebody above the assignee does: his supervisor or the unit's head",
        ),
        Action::Verify if closed_by(task, ctx) => (false, "somebody else than who closed it does"),
        Action::Verify => (
            is_above,
            "somebody above the assignee does: his supervisor or the unit's head",
        ),
        Action::Accept | Action::Start | Action::Close(_) | Action::Reassign { .. } => (
            is_above || authority.is_own(who, &task.assignee),
            "the assignee does, who stands in for him, or somebody above: his supervisor or the unit's head",
        ),
    };
    if allowed {
        return Ok(());
    }
    let assignee = ctx.name_of(&task.assignee);
    Err(Refusal::NotAllowed {
        who: ctx.name(who),
        action: action.step().name(),
        task_id: task.task_id.clone(),
        assignee,
        hint,
    })
}

/// Whether the actor is who closed it last.
fn closed_by(task: &Task, ctx: &ActContext<'_>) -> bool {
    let closing = task
        .steps
        .iter()
        .rev()
        .find(|step| step.what == StepKind::Close);
    closing.is_some_and(|step| {
        step.by.manager_id.is_some() && step.by.manager_id == ctx.actor.manager_id
    })
}

/// Refuses what comes too late, because somebody was faster, or too early.
pub(super) fn check_state(
    task: &Task,
    action: &Action,
    ctx: &ActContext<'_>,
) -> Result<(), Refusal> {
    if let Some(expected) = ctx
        .expected_version
        .filter(|expected| *expected != task.version)
    {
        let last = task.steps.last().map(|step| LastStep {
            what: step.what,
            by: ctx.who(&step.by),
            at: ctx.zone.display(step.at),
        });
        return Err(Refusal::Changed {
            task_id: task.task_id.clone(),
            version: task.version,
            expected,
            last,
        });
    }
    let (from, to, first) = match action {
        Action::Accept => (TaskState::Open, TaskState::Open, StepKind::Add),
        Action::Start => (TaskState::Accepted, TaskState::Accepted, StepKind::Accept),
        Action::Approve { .. }
        | Action::Refuse { .. }
        | Action::Cancel { .. }
        | Action::Reassign { .. } => (TaskState::Open, TaskState::InProgress, StepKind::Add),
        Action::Close(_) => (TaskState::Accepted, TaskState::InProgress, StepKind::Accept),
        Action::Verify | Action::Reopen { .. } => {
            (TaskState::Done, TaskState::Done, StepKind::Close)
        }
    };
    if rank(task.state) < rank(from) {
        return Err(Refusal::TooEarly {
            task_id: task.task_id.clone(),
            state: task.state,
            first,
        });
    }
    if rank(task.state) > rank(to) || (task.state == TaskState::Done && task.verified) {
        return Err(already(task, &steps_to(task), ctx));
    }
    check_approval(task, action, ctx)
}

fn check_approval(task: &Task, action: &Action, ctx: &ActContext<'_>) -> Result<(), Refusal> {
    match (action, task.approval) {
        (Action::Approve { .. } | Action::Refuse { .. }, Approval::None) => {
            Err(Refusal::NotAsked {
                task_id: task.task_id.clone(),
            })
        }
        (
            Action::Approve { .. } | Action::Refuse { .. },
            Approval::Approved | Approval::Refused,
        ) => Err(already(task, &[StepKind::Approve, StepKind::Refuse], ctx)),
        (Action::Start | Action::Close(_), Approval::Requested) => {
            let whom = match ctx.staff().manager_of(&task.assignee, &task.scope) {
                Assignee::Manager(manager) => ctx.name(&manager),
                Assignee::Fallback => "the operators".to_owned(),
            };
            Err(Refusal::Unanswered {
                task_id: task.task_id.clone(),
                whom,
            })
        }
        _ => Ok(()),
    }
}

/// How far a task has come.
const fn rank(state: TaskState) -> u8 {
    match state {
        TaskState::Open => 0,
        TaskState::Accepted => 1,
        TaskState::InProgress => 2,
        TaskState::Done => 3,
        TaskState::Cancelled => 4,
    }
}

/// The actions that bring a task to its present state.
fn steps_to(task: &Task) -> Vec<StepKind> {
    match task.state {
        TaskState::Open => Vec::new(),
        TaskState::Cancelled => vec![StepKind::Cancel],
        TaskState::Accepted => vec![StepKind::Accept],
        TaskState::InProgress => vec![StepKind::Start, StepKind::Reopen],
        TaskState::Done if task.verified => vec![StepKind::Verify],
        TaskState::Done => vec![StepKind::Close],
    }
}

/// Who did the last of `actions`, and when; the worker itself where nobody did.
fn already(task: &Task, actions: &[StepKind], ctx: &ActContext<'_>) -> Refusal {
    let step = task
        .steps
        .iter()
        .rev()
        .find(|step| actions.contains(&step.what));
    let (by, at) = match step {
        Some(step) => (ctx.who(&step.by), step.at),
        None => (
            "the worker".to_owned(),
            task.ended_at.or(task.accepted_at).unwrap_or(task.opened_at),
        ),
    };
    Refusal::Already {
        task_id: task.task_id.clone(),
        state: task.state,
        done: step.map(|step| step.what),
        by,
        at: ctx.zone.display(at),
    }
}
