//! The due clock of a task, which stands still while an answer is awaited and while it is done.
//!
//! Invariant: whoever answers late takes no time from the assignee, and nothing is due before now.

use super::context::ActContext;
use crate::domain::local_day::Timestamp;
use crate::domain::task::Task;
use crate::follow_up::working_hours::Counting;

/// When a task is due whose clock has stood still since `since`: what was left then, from now on.
pub(super) fn goes_on(task: &Task, since: Timestamp, ctx: &ActContext<'_>) -> Timestamp {
    let counting = Counting::of(task.severity, task.tier);
    let left = counting.hours_between(ctx.zone, ctx.calendar, since, task.due_at);
    counting.due_after(ctx.zone, ctx.calendar, ctx.now, left)
}
