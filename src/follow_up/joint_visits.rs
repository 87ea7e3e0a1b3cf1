//! Joint visits: the chief account manager accompanies the assignee where a customer shows a strong
//! intent to leave.
//!
//! Invariant: a task has one joint visit at most, and none begins again once it has ended; the title
//! of one for a batch tells as many as the batch has by now; whoever has one is told when what it
//! is for is gone.

use super::open_tasks::OpenTasks;
use super::planned;
use super::tasks::task_notice;
use crate::domain::alert::{Alert, ResolvedBecause, TaskId};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::task::{Lead, Origin, SystemNote, Task, TaskState, TaskTitle};

impl OpenTasks<'_> {
    /// Adds the joint visit of a task, for the chief account manager; one at most.
    pub(super) fn add_joint_visit(&mut self, task: &Task, alert: &Alert) {
        let origin = Origin::JointVisitFor(task.task_id.clone());
        let id = Task::id_from(&origin);
        if self.tasks.contains_key(&id) {
            self.retitle(task.lead.as_ref(), &id, alert);
            if let Some(visit) = self.tasks.get_mut(&id) {
                visit.task.forget_gone_cause();
            }
            return;
        }
        if self.ctx.ended.contains(&id) {
            return;
        }
        let chief = self.ctx.staff().chief(&task.assignee, &task.scope);
        let title = match alert.key.subject.subscriber() {
            Some(subscriber) => TaskTitle::JointVisitForKeyContact(subscriber.clone()),
            None => batch(alert),
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

    /// Keeps the titles of open joint visits true where a batch has grown, or some are back.
    pub(super) fn retitle_joint_visits(&mut self, alert: &Alert) {
        if alert.key.kind != AlertKind::Signal(Signal::BatchLeave) {
            return;
        }
        let holder = self.by_alert.get(&alert.alert_id());
        let Some(task) = holder
            .and_then(|id| self.tasks.get(id))
            .map(|kept| &kept.task)
        else {
            return;
        };
        let lead = task.lead.clone();
        let visit = Task::id_from(&Origin::JointVisitFor(task.task_id.clone()));
        self.retitle(lead.as_ref(), &visit, alert);
    }

    /// Gives an open joint visit for a batch the size of this alert's, if that leads the task that
    /// the visit is for, or is the larger.
    fn retitle(&mut self, lead: Option<&Lead>, visit: &TaskId, alert: &Alert) {
        let leads = lead.is_some_and(|lead| lead.alert_id == alert.alert_id());
        let Some(visit) = self.tasks.get_mut(visit).map(|kept| &mut kept.task) else {
            return;
        };
        let TaskTitle::JointVisitForBatch { churned, left } = visit.title else {
            return;
        };
        let is_batch = alert.key.kind == AlertKind::Signal(Signal::BatchLeave);
        let is_larger = alert.explanation.k > churned + left;
        if is_batch && visit.state.is_open() && (leads || is_larger) {
            visit.title = batch(alert);
        }
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
            } else {
                visit.system_note = Some(SystemNote::CauseGone(because));
            }
            self.keep(kept);
        }
    }

    /// Notes on the joint visit of a task that goes on that what it is for is gone, if that is what
    /// this alert told of.
    pub(super) fn note_on_joint_visit(
        &mut self,
        task: &Task,
        alert: &Alert,
        because: ResolvedBecause,
    ) {
        let visit = Task::id_from(&Origin::JointVisitFor(task.task_id.clone()));
        let Some(visit) = self.tasks.get_mut(&visit).map(|kept| &mut kept.task) else {
            return;
        };
        let is_for_it = match &visit.title {
            TaskTitle::JointVisitForKeyContact(subscriber) => {
                alert.key.subject.subscriber() == Some(subscriber)
            }
            TaskTitle::JointVisitForBatch { .. } => {
                alert.key.kind == AlertKind::Signal(Signal::BatchLeave)
            }
            _ => false,
        };
        if is_for_it && visit.state.is_open() {
            visit.system_note = Some(SystemNote::CauseGone(because));
        }
    }
}

/// The title that tells how many have left.
fn batch(alert: &Alert) -> TaskTitle {
    let (churned, left) = alert.explanation.leavers();
    TaskTitle::JointVisitForBatch { churned, left }
}
