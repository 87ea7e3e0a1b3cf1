//! One alert with the playbook that answers it: the task that it begins, and what it adds to one
//! that is open.
//!
//! It does not know which of the two happens: `tasks` does. Invariant: joining never makes a task
//! less urgent, and a task follows the playbook of the gravest alert that has joined it, until that
//! is resolved while others are not.

use std::collections::BTreeSet;

use chrono::TimeDelta;

use super::check_text::CheckText;
use super::guard::is_guarded;
use super::lead::leading;
use super::playbook::{Playbook, Playbooks};
use super::task_subscribers::is_lost;
use super::tasks::FollowUpContext;
use super::withholding::withhold;
use super::working_hours::Counting;
use crate::domain::alert::Alert;
use crate::domain::event::Group;
use crate::domain::indicator::{AlertKind, Scope, Severity, Signal};
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::domain::task::StepKind;
use crate::domain::task::{
    Actor, Approval, Check, InEnglish, Lead, NewTask, Origin, Step, StepCause, Task, TaskClass,
    TaskState, TaskTitle,
};

/// An alert, and what is to be done about it.
pub(super) struct AlertResponse<'a> {
    ctx: &'a FollowUpContext<'a>,
    alert: &'a Alert,
    group: Option<&'a Group>,
    /// The most specific playbook.
    pub(super) playbook: &'a Playbook,
}

impl<'a> AlertResponse<'a> {
    /// None if no playbook answers an alert of this kind at this level.
    pub(super) fn to_alert(ctx: &'a FollowUpContext<'a>, alert: &'a Alert) -> Option<Self> {
        let group = alert
            .key
            .scope
            .group()
            .and_then(|group| ctx.reference.group(group));
        let playbook = ctx.playbooks.answering(alert, ctx.reference)?;
        Some(Self {
            ctx,
            alert,
            group,
            playbook,
        })
    }

    /// The task that the alert begins.
    pub(super) fn task(&self) -> Task {
        let (ctx, alert, playbook) = (self.ctx, self.alert, self.playbook);
        let (accept_by, due_at) = self.times(ctx.now);
        let mut task = Task::from(NewTask {
            origin: Origin::Alert,
            title: TaskTitle::OfAlerts,
            alert_ids: vec![alert.alert_id()],
            subscribers: Vec::new(),
            lead: Some(Lead::of_alert(alert)),
            scope: alert.key.scope.clone(),
            tier: self.group.map(|group| group.tier),
            assignee: ctx.staff().assignee(&alert.key.scope),
            kind: playbook.kind,
            item: playbook.item.clone(),
            means: playbook.means.clone(),
            resources: playbook.resources.clone(),
            checks: self.fill(&playbook.checks),
            english: self.english(),
            class: self.class(),
            severity: alert.severity,
            opened_at: ctx.now,
            accept_by,
            due_at,
            escalation: playbook.escalation.clone(),
        });
        task.due_while_gone = self.is_urgent_loss();
        self.guard(&mut task);
        task
    }

    /// Whether the alert is itself the loss of a subscriber, whose reason is wanted in time.
    fn is_urgent_loss(&self) -> bool {
        self.alert.key.kind == AlertKind::Signal(Signal::LockedNumberLost)
    }

    /// Withholds what may not be proposed to a subscriber that the alert names.
    fn guard(&self, task: &mut Task) {
        if is_guarded(
            self.alert.named_subscribers(),
            self.ctx.subscribers,
            self.ctx.rules.guard,
            self.ctx.now,
        ) {
            withhold(task, self.ctx.due_clock());
        }
    }

    /// Whether the alert shows a strong intent to leave (离网意向较大), for which the chief account
    /// manager visits together with the assignee.
    pub(super) fn wants_joint_visit(&self) -> bool {
        let Scope::Group(_) = self.alert.key.scope else {
            return false;
        };
        match self.alert.key.kind {
            AlertKind::Signal(Signal::BatchLeave) => true,
            AlertKind::Signal(Signal::KeyLine) => {
                self.alert.named_subscribers().any(|subscriber| {
                    self.ctx
                        .subscribers
                        .get(&subscriber)
                        .is_some_and(|standing| {
                            standing.pre_cancelled || standing.authorised_at.is_some()
                        })
                })
            }
            _ => false,
        }
    }

    /// Adds the alert to a task that is open, unless it `holds` it: the task becomes as urgent as
    /// the more urgent of both, and follows the playbook of the graver.
    pub(super) fn join(&self, task: &mut Task, holds: bool) {
        task.severity = task.severity.min(self.alert.severity);
        task.class = task.class.min(self.class());
        if !holds {
            task.alert_ids.push(self.alert.alert_id());
        }
        let lead = Lead::of_alert(self.alert);
        if task
            .lead
            .as_ref()
            .is_none_or(|before| lead.goes_before(before))
        {
            self.lead(task, lead);
        }
        task.due_while_gone |= self.is_urgent_loss();
        task.forget_gone_cause();
        self.guard(task);
    }

    /// Starts the clock of a task whose subscribers have all gone, unless those of this alert have
    /// gone too and nobody is to hurry because of it: it is due as the alert asks, if its clock was
    /// stopped.
    pub(super) fn resume(&self, task: &mut Task) {
        if task.gone_at.is_none() || is_lost(self.alert, self.ctx.subscribers) {
            return;
        }
        let was_stopped = task.due().is_none();
        if !self.is_urgent_loss() {
            self.ctx.due_clock().resume(task, StepKind::ClockResumed);
        } else if was_stopped {
            let (now, nobody) = (self.ctx.now, Actor::default());
            task.steps
                .push(Step::new(now, nobody, StepKind::ClockResumed));
        }
        if was_stopped {
            task.due_at = self.times(self.ctx.now).1;
        }
    }

    /// Makes the task, which this alert joins or leads more gravely, follow its playbook.
    fn lead(&self, task: &mut Task, lead: Lead) {
        self.tighten_times(task, self.keeps_means(task));
        let cause = StepCause::Lead(self.alert.alert_id(), self.alert.key.kind);
        self.plan(task, lead, cause);
    }

    /// Makes the task follow this alert's playbook, since the one that led is resolved. It is due as
    /// before.
    pub(super) fn succeed(&self, task: &mut Task) {
        if let (false, Approval::Requested, Some(asked_at)) =
            (self.keeps_means(task), task.approval, task.asked_at)
        {
            task.due_at = self.ctx.due_clock().goes_on(task, asked_at);
        }
        let lead = Lead::of_alert(self.alert);
        let cause = StepCause::LeadResolved(lead.alert_id.clone(), lead.kind);
        self.plan(task, lead, cause);
    }

    /// Replaces the task's plan by that of this alert's playbook, and notes why where it differs.
    fn plan(&self, task: &mut Task, lead: Lead, cause: StepCause) {
        let (playbook, now) = (self.playbook, self.ctx.now);
        let keeps_means = self.keeps_means(task);
        let before = task.lead.replace(lead);
        task.checks = self.fill(&playbook.checks);
        if before.is_some() && !(keeps_means && task.item == playbook.item) {
            task.steps.push(Step {
                cause: Some(cause),
                ..Step::new(now, Actor::default(), StepKind::PlanChanged)
            });
        }
        task.item = playbook.item.clone();
        task.english = self.english();
        task.escalation = playbook.escalation.clone();
        if !keeps_means {
            self.change_means(task);
        }
    }

    /// Whether the playbook has the means and resources that the task had before any was withheld.
    fn keeps_means(&self, task: &Task) -> bool {
        let means: BTreeSet<_> = task.means.iter().chain(&task.withheld_means).collect();
        let resources: BTreeSet<_> = task
            .resources
            .iter()
            .chain(&task.withheld_resources)
            .collect();
        means == self.playbook.means.iter().collect()
            && resources == self.playbook.resources.iter().collect()
    }

    /// Makes the task due as the playbook asks: never later than before, and never past.
    fn tighten_times(&self, task: &mut Task, keeps_means: bool) {
        let now = self.ctx.now;
        let earlier = |before: Timestamp, wanted: Timestamp, clock: Timestamp| {
            if before <= clock {
                wanted
            } else {
                before.min(wanted)
            }
        };
        // While an answer is awaited, the due clock stands at the instant when it was asked for.
        let clock = match (task.approval, task.asked_at) {
            (Approval::Requested, Some(asked_at)) if keeps_means => asked_at,
            (Approval::Requested, Some(asked_at)) => {
                task.due_at = self.ctx.due_clock().goes_on(task, asked_at);
                now
            }
            _ => now,
        };
        task.due_at = earlier(task.due_at, self.times(clock).1, clock);
        if task.state == TaskState::Open {
            task.accept_by = earlier(task.accept_by, self.times(now).0, now);
        }
    }

    /// Other means and resources: what was approved before is asked again, and what needs no answer
    /// any more is not.
    fn change_means(&self, task: &mut Task) {
        let playbook = self.playbook;
        (task.means, task.resources) = (playbook.means.clone(), playbook.resources.clone());
        (task.withheld_means, task.withheld_resources) = (Vec::new(), Vec::new());
        (task.refused_means, task.refused_resources) = (Vec::new(), Vec::new());
        task.approval = Approval::needed_for(&task.means, &task.resources);
        task.asked_at = (task.approval == Approval::Requested).then_some(self.ctx.now);
    }

    /// Accept by, due at, counted from an instant.
    fn times(&self, from: Timestamp) -> (Timestamp, Timestamp) {
        let due = self
            .ctx
            .rules
            .due_of(self.alert.severity, Some(self.playbook));
        let tier = self.group.map(|group| group.tier);
        let counting = Counting::by_severity(self.alert.severity, tier, Some(self.alert.key.kind));
        let after =
            |hours: TimeDelta| counting.due_after(self.ctx.zone, self.ctx.calendar, from, hours);
        (after(due / 2), after(due))
    }

    fn class(&self) -> TaskClass {
        let by_severity = if self.alert.severity == Severity::Critical {
            TaskClass::Key
        } else {
            TaskClass::Routine
        };
        self.playbook.class.unwrap_or(by_severity)
    }

    fn fill(&self, checks: &[CheckText]) -> Vec<Check> {
        fill(checks, self.alert, self.ctx.reference)
    }

    fn english(&self) -> InEnglish {
        InEnglish {
            checks: self.fill(&self.playbook.checks_en),
            item: self.playbook.item_en.clone(),
        }
    }
}

/// With the figures of an alert.
fn fill(checks: &[CheckText], alert: &Alert, reference: &Reference) -> Vec<Check> {
    let name = match &alert.key.scope {
        Scope::Group(group) => reference.group(group).map(|group| &*group.name),
        Scope::Unit(unit) => unit
            .as_ref()
            .and_then(|unit| reference.unit(unit))
            .map(|unit| &*unit.name),
        Scope::Company => None,
    };
    let name = name.unwrap_or(alert.key.scope.id());
    checks.iter().map(|check| check.fill(alert, name)).collect()
}

/// Fills in a task's checks again with the current figures of these alerts; they stay as they were
/// when it began where its playbook is another by now.
pub(crate) fn refresh_checks(
    task: &mut Task,
    alerts: &[Alert],
    playbooks: &Playbooks,
    reference: &Reference,
) {
    let Some(alert) = leading(task, alerts) else {
        return;
    };
    if let Some(playbook) = playbooks
        .answering(alert, reference)
        .filter(|playbook| playbook.item == task.item)
    {
        task.checks = fill(&playbook.checks, alert, reference);
        task.english.checks = fill(&playbook.checks_en, alert, reference);
    }
}
