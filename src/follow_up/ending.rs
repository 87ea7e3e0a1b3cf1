//! How a task ends by itself, or does not, when the cause that it came from is gone.
//!
//! Invariant: only what nobody has accepted is cancelled.

use super::open_tasks::OpenTasks;
use crate::domain::alert::ResolvedBecause;
use crate::domain::indicator::AlertKind;
use crate::domain::task::{SystemNote, Task, TaskState};

impl OpenTasks<'_> {
    /// Cancels a task whose cause is gone, or notes that on it if somebody has it; whether it
    /// cancelled it.
    pub(super) fn end_cause(
        &mut self,
        task: &mut Task,
        kind: AlertKind,
        because: ResolvedBecause,
    ) -> bool {
        let is_free = task.state == TaskState::Open;
        if is_free {
            (task.state, task.ended_at) = (TaskState::Cancelled, Some(self.ctx.now));
            task.system_note = Some(SystemNote::cancelled(kind, because));
            self.notices.remove(&task.task_id);
        } else {
            task.system_note = Some(SystemNote::cause_gone(kind, because));
        }
        is_free
    }
}
