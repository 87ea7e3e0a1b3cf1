//! Open tasks go along when a group customer changes hands, or when whoever has them leaves.
//!
//! Invariant: nobody who merely is away for a while loses his tasks, and a task that somebody
//! reassigned by hand stays where it is until its group changes hands.

use std::collections::BTreeMap;

use super::tasks::{FollowUp, FollowUpContext, task_notice};
use crate::domain::ids::ManagerId;
use crate::domain::reference::Reference;
use crate::domain::task::StepKind;
use crate::domain::task::{Actor, Assignee, Moved, Step, Task};

/// Whether the task's group has another manager than when the task was given to whoever has it; or
/// has one by now, where nobody knew it then.
fn has_moved(task: &Task, reference: &Reference) -> bool {
    let given = task
        .steps
        .iter()
        .rev()
        .find(|step| matches!(step.what, StepKind::HandOver | StepKind::Reassign))
        .map_or(task.opened_at, |step| step.at);
    let Some(history) = task
        .group_id()
        .and_then(|group| reference.groups.get(group))
    else {
        return false;
    };
    let (then, now) = (history.before(given), history.latest());
    then.map_or(task.assignee == Assignee::Fallback, |then| {
        now.is_some_and(|now| now.manager_id != then.manager_id)
    })
}

/// Moves open tasks to whom they belong now: those whose group has another manager, and those whose
/// assignee has left. State and due times stay; the new assignee is notified. A joint visit stays
/// with a chief account manager.
#[must_use]
pub(crate) fn hand_over<'a>(
    open_tasks: impl IntoIterator<Item = &'a Task>,
    ctx: &FollowUpContext<'_>,
) -> FollowUp {
    let staff = ctx.staff();
    let mut all = FollowUp::default();
    // Many tasks are of the same few.
    let mut is_inactive: BTreeMap<&ManagerId, bool> = BTreeMap::new();
    for task in open_tasks.into_iter().filter(|task| task.state.is_open()) {
        let Task { assignee, .. } = task;
        let left = matches!(assignee, Assignee::Manager(who) if *is_inactive.entry(who).or_insert_with(|| staff.is_inactive(who)));
        let is_joint_visit = task.origin.is_joint_visit();
        if !left && (is_joint_visit || !has_moved(task, ctx.reference)) {
            continue;
        }
        let assignee = if is_joint_visit {
            staff.chief(&staff.assignee(&task.scope), &task.scope)
        } else {
            staff.assignee(&task.scope)
        };
        if assignee != task.assignee {
            let moved = Some(Moved {
                from: task.assignee.clone(),
                to: assignee.clone(),
            });
            let step = Step {
                moved,
                ..Step::new(ctx.now, Actor::default(), StepKind::HandOver)
            };
            let mut task = Task {
                assignee,
                version: task.version + 1,
                ..task.clone()
            };
            task.steps.push(step);
            all.notices.push(task_notice(&task, task.severity, ctx));
            all.tasks.push(task);
        }
    }
    all.tasks.sort_by(|a, b| a.task_id.cmp(&b.task_id));
    all.notices.sort_by(|a, b| a.topic.cmp(&b.topic));
    all
}
