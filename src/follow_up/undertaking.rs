//! One alert with the playbook that answers it: the task that it begins, and what it adds to one that is open.
//!
//! It does not know which of the two happens: `tasks` does.
//! Invariant: joining never makes a task less urgent, nor takes anything from it.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::guard;
use super::playbook::Playbook;
use super::remark;
use super::tasks::FollowUpContext;
use super::working_hours::Counting;
use crate::domain::alert::Alert;
use crate::domain::event::Group;
use crate::domain::indicator::{AlertKind, Scope, Severity, Signal};
use crate::domain::local_day::Timestamp;
use crate::domain::task::{Beginning, Origin, Task, TaskClass, TaskState};

/// An alert, and what is to be done about it.
pub(super) struct Undertaking<'a> {
    ctx: &'a FollowUpContext<'a>,
    alert: &'a Alert,
    group: Option<&'a Group>,
    /// The most specific playbook.
    pub(super) playbook: &'a Playbook,
}

impl<'a> Undertaking<'a> {
    /// None if no playbook answers an alert of this kind at this level.
    pub(super) fn of(ctx: &'a FollowUpContext<'a>, alert: &'a Alert) -> Option<Self> {
        let group = alert.key.scope.group().and_then(|group| ctx.reference.group(group));
        let industry = group.and_then(|group| group.industry.as_deref());
        let playbook = ctx.playbooks.find(&alert.key.scope, alert.key.kind, group.map(|group| group.tier), industry)?;
        Some(Self { ctx, alert, group, playbook })
    }

    /// The task that the alert begins.
    pub(super) fn task(&self) -> Task {
        let (ctx, alert, playbook) = (self.ctx, self.alert, self.playbook);
        let (accept_by, due_at) = self.times();
        let mut task = Task::from(Beginning {
            origin: Origin::Alert,
            title: String::new(),
            alert_ids: vec![alert.alert_id()],
            scope: alert.key.scope.clone(),
            tier: self.group.map(|group| group.tier),
            assignee: ctx.staff().assignee(&alert.key.scope),
            kind: playbook.kind,
            item: playbook.item.clone(),
            means: playbook.means.clone(),
            resources: playbook.resources.clone(),
            checks: self.checks(),
            class: self.class(),
            severity: alert.severity,
            opened_at: ctx.now,
            accept_by,
            due_at,
            escalation: playbook.escalation.clone(),
        });
        self.guard(&mut task);
        task
    }

    /// Withholds what may not be proposed to a line that the alert names.
    fn guard(&self, task: &mut Task) {
        if guard::is_guarded(self.alert, self.ctx.lines, self.ctx.rules.guard, self.ctx.now) {
            guard::withhold(task);
        }
    }

    /// Whether the alert shows a strong intent to leave (离网意向较大), for which one goes along with the chief account manager.
    pub(super) fn wants_joint_visit(&self) -> bool {
        let Scope::Group(_) = self.alert.key.scope else { return false };
        match self.alert.key.kind {
            AlertKind::Signal(Signal::BatchLeave) => true,
            AlertKind::Signal(Signal::KeyLine) => self.alert.named_lines().any(|line| {
                let standing = self.ctx.lines.get(&line).copied().unwrap_or_default();
                standing.pre_cancelled || standing.authorised_at.is_some()
            }),
            _ => false,
        }
    }

    /// Adds the alert to a task that is open, unless it `holds` it: it becomes as urgent as the more urgent of both. `checks`
    /// are those of the task.
    pub(super) fn join(&self, task: &mut Task, holds: bool, checks: &mut BTreeSet<String>) {
        let more_urgent = self.alert.severity < task.severity;
        let (accept_by, due_at) = self.times();
        task.severity = task.severity.min(self.alert.severity);
        task.class = task.class.min(self.class());
        task.due_at = task.due_at.min(due_at);
        if task.state == TaskState::Open {
            task.accept_by = task.accept_by.min(accept_by);
        }
        if !holds {
            task.alert_ids.push(self.alert.alert_id());
            let mut added = self.checks();
            added.retain(|check| checks.insert(check.clone()));
            let at = if more_urgent { 0 } else { task.checks.len() };
            task.checks.splice(at..at, added);
        }
        if remark::is_cause_gone(task.remark.as_deref()) {
            task.remark = None;
        }
        self.guard(task);
    }

    /// Accept by, due at.
    fn times(&self) -> (Timestamp, Timestamp) {
        let critical = self.alert.severity == Severity::Critical;
        let rules = &self.ctx.rules;
        let due = self.playbook.due.unwrap_or(if critical { rules.critical_due } else { rules.warning_due });
        let counting = Counting::of(self.alert.severity, self.group.map(|group| group.tier));
        let after = |hours: TimeDelta| counting.due_after(self.ctx.zone, self.ctx.calendar, self.ctx.now, hours);
        (after(due / 2), after(due))
    }

    fn class(&self) -> TaskClass {
        let by_severity = if self.alert.severity == Severity::Critical { TaskClass::Key } else { TaskClass::Routine };
        self.playbook.class.unwrap_or(by_severity)
    }

    fn checks(&self) -> Vec<String> {
        let name = match &self.alert.key.scope {
            Scope::Group(_) => self.group.map(|group| &*group.name),
            Scope::Unit(unit) => unit.as_ref().and_then(|unit| self.ctx.reference.unit(unit)).map(|unit| &*unit.name),
            Scope::Company => None,
        };
        let name = name.unwrap_or(self.alert.key.scope.id());
        self.playbook.checks.iter().map(|check| check.fill(self.alert, name)).collect()
    }
}
