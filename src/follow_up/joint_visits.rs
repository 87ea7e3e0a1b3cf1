//! Joint visits: the chief account manager accompanies the assignee where a customer shows a strong
//! intent to leave.
//!
//! Invariant: a task has one joint visit at most, and none begins again once it has ended.

use super::open_tasks::OpenTasks;
use super::planned;
use super::tasks::task_notice;
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::task::{Origin, SystemNote, Task, TaskState, TaskTitle};

impl OpenTasks<'_> {
    /// Adds the joint visit of a task, for the chief account manager; one at most.
    pub(super) fn add_joint_visit(&mut self, task: &Task, alert: &Alert) {
        let origin = Origin::JointVisitFor(task.task_id.clone());
        let id = Task::id_from(&origin);
        if self.tasks.contains_key(&id) || self.ctx.ended.contains(&id) {
            return;
        }
        let chief = self.ctx.staff().chief(&task.assignee, &task.scope);
        let title = match alert.key.subject.subscriber() {
            Some(subscriber) => TaskTitle::JointVisitForKeyContact(subscriber.clone()),
            None => {
                let (churned, left) = alert.explanation.leavers();
                TaskTitle::JointVisitForBatch { churned, left }
            }
        };
        let visit = planned::begin(
            self.ctx,
            origin,
            &task.scope,
            chief,
            title,
            None,
            alert.severity,
        );
        let visit = self.begin(visit);
        self.notices.insert(
            visit.task_id.clone(),
            task_notice(&visit, alert.severity, self.ctx),
        );
        self.keep_new(visit);
    }

    /// Cancels the joint visit of a cancelled task, unless the chief account manager has begun it.
    pub(super) fn cancel_joint_visit(&mut self, task: &Task, because: ResolvedBecause) {
        let visit = Task::id_from(&Origin::JointVisitFor(task.task_id.clone()));
        if let Some(mut kept) = self.tasks.remove(&visit) {
            let visit = &mut kept.task;
            if visit.state == TaskState::Open {
                (visit.state, visit.ended_at) = (TaskState::Cancelled, Some(self.ctx.now));
                visit.system_note = Some(SystemNote::Cancelled(because));
                self.notices.remove(&visit.task_id);
            }
            self.keep(kept);
        }
    }
}
