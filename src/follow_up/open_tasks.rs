//! The open tasks of one call of [`follow_up`](super::tasks::follow_up), while changes of alerts
//! are worked into them.
//!
//! It does not know the playbooks: an [`AlertResponse`] gives what an alert asks for. Invariant:
//! every task taken out is put back, so that both indexes always agree with the tasks.

use std::collections::{BTreeMap, BTreeSet};

use super::alert_response::AlertResponse;
use super::lead::takes_lead;
use super::tasks::{FollowUp, FollowUpContext, approval_notice, task_notice};
use crate::domain::alert::{Alert, AlertId, AlertState, ResolvedBecause, TaskId};
use crate::domain::indicator::{Scope, ScopeKind, Severity};
use crate::domain::local_day::Timestamp;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::domain::task::{Approval, Assignee, Origin, SystemNote, Task, TaskKind, TaskState};

/// A task with what is asked of it at each change: it may hold as many alerts as there are changes.
pub(super) struct OpenTask {
    pub(super) task: Task,
    /// How many of its alerts are not gone for good.
    holding: usize,
}

/// The open tasks while the changes are worked into them.
pub(super) struct OpenTasks<'a> {
    pub(super) ctx: &'a FollowUpContext<'a>,
    before: BTreeMap<&'a TaskId, &'a Task>,
    pub(super) tasks: BTreeMap<TaskId, OpenTask>,
    pub(super) by_alert: BTreeMap<AlertId, TaskId>,
    /// The joint visits by the alerts that they are for.
    pub(super) visits: BTreeMap<AlertId, BTreeSet<TaskId>>,
    by_kind: BTreeMap<(Scope, TaskKind), BTreeSet<(Timestamp, TaskId)>>,
    resolved: BTreeMap<AlertId, ResolvedBecause>,
    made: BTreeMap<Assignee, u32>,
    pub(super) notices: BTreeMap<TaskId, Notice>,
    asks: BTreeMap<TaskId, Notice>,
    ops: BTreeMap<String, Notice>,
    alerts: BTreeMap<AlertId, Alert>,
}

impl<'a> OpenTasks<'a> {
    pub(super) fn new(
        open_tasks: impl IntoIterator<Item = &'a Task>,
        ctx: &'a FollowUpContext<'a>,
    ) -> Self {
        let before = open_tasks
            .into_iter()
            .filter(|task| task.state.is_open())
            .map(|task| (&task.task_id, task));
        let mut open_tasks = Self {
            ctx,
            before: before.collect(),
            tasks: BTreeMap::new(),
            by_alert: BTreeMap::new(),
            visits: BTreeMap::new(),
            by_kind: BTreeMap::new(),
            resolved: ctx.resolved.clone(),
            made: ctx.made_today.clone(),
            notices: BTreeMap::new(),
            asks: BTreeMap::new(),
            ops: BTreeMap::new(),
            alerts: BTreeMap::new(),
        };
        let open: Vec<Task> = open_tasks
            .before
            .values()
            .map(|task| (*task).clone())
            .collect();
        open.into_iter().for_each(|task| open_tasks.keep_new(task));
        open_tasks
    }

    /// Puts a task in that was not here.
    pub(super) fn keep_new(&mut self, task: Task) {
        for alert in &task.alert_ids {
            self.by_alert.insert(alert.clone(), task.task_id.clone());
        }
        for cause in task.visit_causes.iter().filter(|cause| !cause.gone) {
            let visits = self.visits.entry(cause.alert_id.clone()).or_default();
            visits.insert(task.task_id.clone());
        }
        let holding = self.holding(&task);
        self.keep(OpenTask { task, holding });
    }

    /// How many of a task's alerts are not gone for good.
    fn holding(&self, task: &Task) -> usize {
        let alerts = task.alert_ids.iter();
        alerts.filter(|alert| !self.is_gone(alert)).count()
    }

    /// Whether an alert is gone for good.
    fn is_gone(&self, alert: &AlertId) -> bool {
        self.resolved
            .get(alert)
            .copied()
            .is_some_and(ResolvedBecause::is_over)
    }

    /// Notes why an alert is gone, or that it is not.
    fn note(&mut self, alert: &AlertId, because: Option<ResolvedBecause>) {
        let was_gone = self.is_gone(alert);
        match because {
            Some(because) => drop(self.resolved.insert(alert.clone(), because)),
            None => drop(self.resolved.remove(alert)),
        }
        let gone = self.is_gone(alert);
        if let Some(holder) = self
            .by_alert
            .get(alert)
            .and_then(|id| self.tasks.get_mut(id))
        {
            holder.holding = holder.holding + usize::from(was_gone) - usize::from(gone);
        }
    }

    /// Puts a task back with its indexes; its alerts are in theirs.
    pub(super) fn keep(&mut self, kept: OpenTask) {
        let task = &kept.task;
        self.ask(task);
        // Planned work has an end of its own: no alert joins it.
        if task.origin == Origin::Alert {
            let id = (task.opened_at, task.task_id.clone());
            let places = self
                .by_kind
                .entry((task.scope.clone(), task.kind))
                .or_default();
            if task.state.is_open() {
                places.insert(id)
            } else {
                places.remove(&id)
            };
        }
        self.tasks.insert(kept.task.task_id.clone(), kept);
    }

    /// Takes the open task that holds an alert.
    fn take_holder(&mut self, alert: &AlertId) -> Option<OpenTask> {
        let id = self.by_alert.get(alert)?;
        if self.tasks.get(id)?.task.state.is_open() {
            self.tasks.remove(id)
        } else {
            None
        }
    }

    /// Takes the oldest open task of a scope and kind.
    fn take_of_kind(&mut self, scope: &Scope, kind: TaskKind) -> Option<OpenTask> {
        let places = self.by_kind.get(&(scope.clone(), kind))?;
        let (_, id) = places.first()?;
        self.tasks.remove(id)
    }

    /// Takes the task that an alert began and that these same changes have cancelled: it lives on,
    /// since it has the alert's id.
    fn take_cancelled(&mut self, alert: &AlertId) -> Option<OpenTask> {
        let OpenTask { task, .. } = self.tasks.remove(&Task::id_of(alert))?;
        let holding = self.holding(&task);
        Some(OpenTask {
            task: Task {
                state: TaskState::Open,
                ended_at: None,
                system_note: None,
                ..task
            },
            holding,
        })
    }

    pub(super) fn raise(&mut self, alert: &Alert) {
        let alert_id = alert.alert_id();
        self.note(&alert_id, None);
        if !self.ctx.reference.wants_task(alert) {
            return;
        }
        let ctx = self.ctx;
        let Some(response) = AlertResponse::to_alert(ctx, alert) else {
            self.tell_ops(alert);
            return;
        };
        if response.playbook.observe || ctx.is_suppressed(alert) {
            return;
        }
        let open = self
            .take_holder(&alert_id)
            .or_else(|| self.take_of_kind(&alert.key.scope, response.playbook.kind));
        let mut kept = match open.or_else(|| self.take_cancelled(&alert_id)) {
            Some(mut kept) => {
                self.join(&mut kept, &response, &alert_id);
                self.acknowledge(alert, &kept.task);
                kept
            }
            None => {
                let task = self.begin(response.task());
                self.by_alert.insert(alert_id, task.task_id.clone());
                OpenTask {
                    holding: task.alert_ids.len(),
                    task,
                }
            }
        };
        self.tell(&mut kept.task, alert.severity);
        if response.wants_joint_visit() {
            self.add_joint_visit(&kept.task, alert);
        }
        self.keep(kept);
    }

    /// Adds an alert, which holds, to a task that was taken out.
    fn join(&mut self, kept: &mut OpenTask, response: &AlertResponse<'_>, alert_id: &AlertId) {
        let OpenTask { task, holding } = kept;
        let holds = self.by_alert.get(alert_id) == Some(&task.task_id);
        if !holds {
            response.resume(task);
        }
        response.join(task, holds);
        if !holds {
            *holding += 1;
            self.by_alert.insert(alert_id.clone(), task.task_id.clone());
        }
    }

    /// A new task, marked if it is over its assignee's cap.
    pub(super) fn begin(&mut self, mut task: Task) -> Task {
        let made = self.made.entry(task.assignee.clone()).or_default();
        *made += 1;
        let most = self.ctx.rules.tasks_per_manager_per_day_max;
        if *made > most && task.severity != Severity::Critical {
            task.system_note = Some(SystemNote::OverCap(most));
        }
        task
    }

    pub(super) fn update(&mut self, alert: &Alert) {
        if !self.ctx.reference.wants_task(alert) {
            return;
        }
        match self
            .by_alert
            .get(&alert.alert_id())
            .and_then(|id| self.tasks.get(id))
            .filter(|kept| kept.task.state.is_open())
        {
            Some(kept)
                if alert.severity >= kept.task.severity && !takes_lead(alert, &kept.task) =>
            {
                let holder = kept.task.task_id.clone();
                self.add_visit_wanted_by_now(&holder, alert);
            }
            None if alert.state != AlertState::Firing => {}
            _ => self.raise(alert),
        }
    }

    pub(super) fn settle(&mut self, alert: &Alert) {
        let alert_id = alert.alert_id();
        let Some(because) = alert.resolved_because else {
            return;
        };
        self.alerts.remove(&alert_id);
        self.note(&alert_id, Some(because));
        if let Some(mut kept) = self.take_holder(&alert_id) {
            if because.is_over() && kept.holding == 0 {
                let (task, kind) = (&mut kept.task, alert.key.kind);
                if self.end_cause(task, kind, because) {
                    self.cancel_joint_visit(task, kind, because);
                }
            }
            self.keep(kept);
        }
        // Its task may have ended before: the visit goes on.
        self.end_cause_of_joint_visits(alert, because);
    }

    /// An alert whose task is accepted is acknowledged.
    fn acknowledge(&mut self, alert: &Alert, task: &Task) {
        if task.state != TaskState::Open && alert.state == AlertState::Firing {
            self.alerts.insert(
                alert.alert_id(),
                Alert {
                    state: AlertState::Acknowledged,
                    ..alert.clone()
                },
            );
        }
    }

    /// Asks whoever is above for an answer, if a task waits for one and nobody was asked.
    fn ask(&mut self, task: &Task) {
        let asked = self
            .before
            .get(&task.task_id)
            .is_some_and(|before| before.asked_at == task.asked_at);
        if task.approval == Approval::Requested && task.state.is_open() && !asked {
            self.asks
                .insert(task.task_id.clone(), approval_notice(task, self.ctx));
        } else if task.approval != Approval::Requested || !task.state.is_open() {
            self.asks.remove(&task.task_id);
        }
    }

    /// Notifies the assignee, unless the task is over today's cap and this is not critical.
    fn tell(&mut self, task: &mut Task, severity: Severity) {
        if task.is_over_cap() {
            let same_day =
                self.ctx.zone.day_of(task.opened_at) == self.ctx.zone.day_of(self.ctx.now);
            if same_day && severity != Severity::Critical {
                return;
            }
            task.system_note = None;
        }
        let notice = task_notice(task, severity, self.ctx);
        let kept = self
            .notices
            .entry(task.task_id.clone())
            .or_insert_with(|| notice.clone());
        if notice.severity < kept.severity {
            *kept = notice;
        }
    }

    fn tell_ops(&mut self, alert: &Alert) {
        let what = OpsNotice::NoPlaybook {
            scope: ScopeKind::of_scope(&alert.key.scope),
            kind: alert.key.kind,
        };
        let topic = what.topic().into_owned();
        self.ops
            .insert(topic, Notice::for_operators(what, self.ctx.now));
    }

    pub(super) fn finish(self) -> FollowUp {
        let Self {
            ctx,
            before,
            tasks,
            notices,
            asks,
            ops,
            alerts,
            ..
        } = self;
        let changed = tasks
            .into_values()
            .map(|kept| kept.task)
            .filter(|task| before.get(&task.task_id).is_none_or(|old| *old != task));
        let ended = ctx.ended;
        let versioned = |task: Task| {
            let ended = || ended.get(&task.task_id)?.as_ref();
            let old = before.get(&task.task_id).copied().or_else(ended);
            let version = old.map_or(0, |old| old.version) + 1;
            Task { version, ..task }
        };
        FollowUp {
            tasks: changed.map(versioned).collect(),
            notices: notices
                .into_values()
                .chain(asks.into_values())
                .chain(ops.into_values())
                .collect(),
            alerts: alerts.into_values().collect(),
        }
    }
}
