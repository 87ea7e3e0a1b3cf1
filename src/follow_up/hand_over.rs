//! Open tasks go along when a group customer changes hands, or when whoever has them leaves.
//!
//! It does not know when that happened: its caller names the groups. Invariant: nobody who merely is away for a while
//! loses his tasks, and a task that somebody reassigned by hand stays where it is until its group changes hands.

use std::collections::BTreeSet;

use super::tasks::{FollowUp, FollowUpContext, task_notice};
use crate::domain::ids::GroupId;
use crate::domain::task::{Assignee, Task};

/// Moves open tasks to whom they belong now: those of the groups in `moved`, whose manager has changed, and those whose
/// assignee has left. State and due times stay; the new assignee is told.
#[must_use]
pub fn hand_over(open_tasks: &[Task], moved: &BTreeSet<GroupId>, ctx: &FollowUpContext<'_>) -> FollowUp {
    let staff = ctx.staff();
    let mut all = FollowUp::default();
    for task in open_tasks.iter().filter(|task| task.state.is_open()) {
        let left = matches!(&task.assignee, Assignee::Manager(manager) if staff.has_left(manager));
        if !left && !task.group_id().is_some_and(|group| moved.contains(group)) {
            continue;
        }
        let assignee = staff.assignee(&task.scope);
        if assignee != task.assignee {
            let task = Task { assignee, version: task.version + 1, ..task.clone() };
            all.notices.push(task_notice(&task, task.severity, ctx));
            all.tasks.push(task);
        }
    }
    all.tasks.sort_by(|a, b| a.task_id.cmp(&b.task_id));
    all.notices.sort_by(|a, b| a.told.cmp(&b.told));
    all
}
