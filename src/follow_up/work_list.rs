//! 要事第一: the order of the work list.
//!
//! Invariant: the order is total, so that a list reads the same wherever it is shown.

use std::cmp::Reverse;

use crate::domain::alert::TaskId;
use crate::domain::brief::WorkItem;
use crate::domain::local_day::Timestamp;
use crate::domain::task::{Task, TaskClass};

/// The sort key of a task: promised to the customer first, then key work, routine last; within a
/// class by what is at stake, nothing known being nothing, then by when it is due; tasks whose clock
/// is stopped, since they have lost their subscribers, come last.
#[must_use]
pub(crate) fn place(
    task: &Task,
    at_stake_fen: Option<i64>,
) -> (bool, TaskClass, Reverse<i64>, Timestamp, &TaskId) {
    (
        task.due().is_none(),
        task.class,
        Reverse(at_stake_fen.unwrap_or(0)),
        task.due_at,
        &task.task_id,
    )
}

/// Puts a work list in order.
pub(crate) fn sort(list: &mut [WorkItem]) {
    list.sort_by(|a, b| place(&a.task, a.at_stake_fen).cmp(&place(&b.task, b.at_stake_fen)));
}
