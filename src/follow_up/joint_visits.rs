//! Joint visits: the chief account manager accompanies the assignee where a customer shows a strong
//! intent to leave.
//!
//! Invariant: a task has one joint visit at most, and none begins again once somebody has ended it;
//! it is called by the gravest alert that it is for, a batch with as many as that has by now;
//! whoever has one is notified once of each batch that joins it. When all that it is for is gone,
//! not before, it is cancelled if nobody has accepted it (and begins again if that comes back), else
//! that is noted on it.

use std::collections::BTreeMap;

use super::alert_response::AlertResponse;
use super::open_tasks::{OpenTask, OpenTasks};
use super::planned;
use super::tasks::task_notice;
use crate::domain::alert::{Alert, ResolvedBecause, TaskId};
use crate::domain::indicator::AlertKind;
use crate::domain::task::{Actor, Origin, Step, StepKind, Task, TaskTitle, VisitCause};

impl OpenTasks<'_> {
    /// Adds the joint visit of an open task that holds this alert, if the alert has come to want one
    /// only now.
    pub(super) fn add_visit_wanted_by_now(&mut self, holder: &TaskId, alert: &Alert) {
        let wants = |response: AlertResponse<'_>| {
            response.wants_joint_visit() && !response.playbook.observe
        };
        if !AlertResponse::to_alert(self.ctx, alert).is_some_and(wants)
            || self.ctx.is_suppressed(alert)
        {
            return;
        }
        // Few alerts come so far: the task may hold thousands that do not.
        if let Some(task) = self.tasks.get(holder).map(|kept| kept.task.clone()) {
            self.add_joint_visit(&task, alert);
        }
    }

    /// Adds the joint visit of a task, for the chief account manager; one at most.
    pub(super) fn add_joint_visit(&mut self, task: &Task, alert: &Alert) {
        let origin = Origin::JointVisitFor(task.task_id.clone());
        let id = Task::id_from(&origin);
        let known = self.tasks.get(&id).map(|kept| Some(&kept.task));
        match known.or_else(|| self.ctx.ended.get(&id).map(Option::as_ref)) {
            None => self.begin_joint_visit(origin, task, alert, None),
            Some(Some(visit)) if visit.state.is_open() => self.join_joint_visit(id, alert),
            Some(Some(visit)) if visit.is_cancelled_as_cause_gone() => {
                let cancelled = visit.clone();
                self.begin_joint_visit(origin, task, alert, Some(cancelled));
            }
            Some(_) => {}
        }
    }

    /// Whoever has the visit is notified when many members leave too.
    fn join_joint_visit(&mut self, id: TaskId, alert: &Alert) {
        let Some(visit) = open_visit(&mut self.tasks, &id) else {
            return;
        };
        let was_for_many = is_for_batch(visit);
        let is_new = give_cause(visit, alert);
        visit.forget_gone_cause();
        visit.severity = visit.severity.min(alert.severity);
        let visits = self.visits.entry(alert.alert_id()).or_default();
        visits.insert(id.clone());
        if is_new && is_for_batch(visit) && !was_for_many {
            let notice = task_notice(visit, alert.severity, self.ctx);
            self.notices.insert(id, notice);
        }
    }

    /// Begins a visit, or once more one that was `cancelled` before anybody had accepted it.
    fn begin_joint_visit(
        &mut self,
        origin: Origin,
        task: &Task,
        alert: &Alert,
        cancelled: Option<Task>,
    ) {
        let chief = self.ctx.staff().chief(&task.assignee, &task.scope);
        let visit = planned::begin(
            self.ctx,
            origin,
            &task.scope,
            chief,
            title_by(alert),
            None,
            alert.severity,
        );
        let mut visit = self.begin(visit);
        if let Some(cancelled) = cancelled {
            visit.opened_at = cancelled.opened_at;
            visit.subscribers = cancelled.subscribers;
            visit.visit_causes = cancelled.visit_causes;
            visit.steps = cancelled.steps;
            for cause in &mut visit.visit_causes {
                cause.gone = true;
            }
            let step = Step::new(self.ctx.now, Actor::default(), StepKind::CauseBack);
            visit.steps.push(step);
        }
        give_cause(&mut visit, alert);
        self.notices.insert(
            visit.task_id.clone(),
            task_notice(&visit, alert.severity, self.ctx),
        );
        self.keep_new(visit);
    }

    /// Keeps the titles of open joint visits true where a batch has grown, or some are back.
    pub(super) fn retitle_joint_visits(&mut self, alert: &Alert) {
        let alert_id = alert.alert_id();
        for id in self.visits.get(&alert_id).into_iter().flatten() {
            if let Some(visit) = open_visit(&mut self.tasks, id) {
                give_cause(visit, alert);
            }
        }
    }

    /// Cancels the joint visit of a cancelled task, unless the chief account manager has begun it.
    pub(super) fn cancel_joint_visit(
        &mut self,
        task: &Task,
        kind: AlertKind,
        because: ResolvedBecause,
    ) {
        let visit = Task::id_from(&Origin::JointVisitFor(task.task_id.clone()));
        if let Some(mut kept) = self.tasks.remove(&visit) {
            self.end_cause(&mut kept.task, kind, because);
            self.keep(kept);
        }
    }

    /// Removes an alert that is over or lost from what its joint visits are for; if that was all,
    /// each ends as a task without a cause does. What is lost ends none: the visit itself is about
    /// subscribers that have gone then.
    pub(super) fn end_cause_of_joint_visits(&mut self, alert: &Alert, because: ResolvedBecause) {
        let is_lost = because == ResolvedBecause::Lost;
        if !is_lost && !because.is_over() {
            return;
        }
        let alert_id = alert.alert_id();
        for id in self.visits.remove(&alert_id).into_iter().flatten() {
            if open_visit(&mut self.tasks, &id).is_none() {
                continue;
            }
            let Some(mut kept) = self.tasks.remove(&id) else {
                continue;
            };
            let visit = &mut kept.task;
            let mut causes = visit.visit_causes.iter_mut();
            if let Some(cause) = causes.find(|cause| cause.alert_id == alert_id) {
                cause.gone = true;
            }
            match gravest_title(&visit.visit_causes) {
                Some(title) => visit.title = title,
                None if is_lost => {}
                None => {
                    self.end_cause(visit, alert.key.kind, because);
                }
            }
            self.keep(kept);
        }
    }
}

fn open_visit<'t>(tasks: &'t mut BTreeMap<TaskId, OpenTask>, id: &TaskId) -> Option<&'t mut Task> {
    let visit = &mut tasks.get_mut(id)?.task;
    visit.state.is_open().then_some(visit)
}

/// Has a joint visit be for this alert too, as it is now; true if it was never for it before.
fn give_cause(visit: &mut Task, alert: &Alert) -> bool {
    let cause = VisitCause {
        alert_id: alert.alert_id(),
        title: title_by(alert),
        gone: false,
    };
    let mut causes = visit.visit_causes.iter_mut();
    let known = causes.find(|known| known.alert_id == cause.alert_id);
    let is_new = known.is_none();
    if let Some(subscriber) = cause.title.key_contact()
        && !visit.subscribers.contains(subscriber)
    {
        visit.subscribers.push(subscriber.clone());
    }
    match known {
        Some(known) => *known = cause,
        None => visit.visit_causes.push(cause),
    }
    if let Some(title) = gravest_title(&visit.visit_causes) {
        visit.title = title;
    }
    is_new
}

/// The title by the gravest cause that holds: the largest batch, else the first subscriber.
fn gravest_title(causes: &[VisitCause]) -> Option<TaskTitle> {
    let size = |cause: &&VisitCause| match cause.title {
        TaskTitle::JointVisitForBatch { churned, left } => churned + left,
        _ => 0,
    };
    let holding = causes.iter().filter(|cause| !cause.gone);
    let gravest = holding.rev().max_by_key(size);
    gravest.map(|cause| cause.title.clone())
}

const fn is_for_batch(visit: &Task) -> bool {
    matches!(visit.title, TaskTitle::JointVisitForBatch { .. })
}

/// The title by one alert: the subscriber of a key contact, or how many have left.
fn title_by(alert: &Alert) -> TaskTitle {
    if let Some(subscriber) = alert.key.subject.subscriber() {
        return TaskTitle::JointVisitForKeyContact(subscriber.clone());
    }
    let (churned, left) = alert.explanation.leavers();
    TaskTitle::JointVisitForBatch { churned, left }
}
