//! One sweep over the open tasks, and over what is to be begun.

use std::collections::{BTreeMap, BTreeSet};

use super::SweepRules;
use super::contacted::{Contacts, by_contacts};
use super::late::{self, escalate, is_late};
use crate::domain::alert::{Alert, AlertChange, AlertId, AlertState, ResolvedBecause, TaskId};
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::task::StepKind;
use crate::domain::task::{
    Actor, Approval, Assignee, Origin, PlanKind, Step, SystemNote, Task, TaskState,
};
use crate::follow_up::guard::is_guarded;
use crate::follow_up::lead::hand_on_lead;
use crate::follow_up::task_subscribers::named_subscribers;
use crate::follow_up::tasks::{FollowUp, FollowUpContext, approval_notice, follow_up, task_notice};
use crate::follow_up::withholding::{give_back, withhold};

pub(crate) type AlertsById<'a> = BTreeMap<&'a AlertId, &'a Alert>;

/// Sweeps once: `open` are all open tasks, `alerts` all that are open and all of these tasks,
/// `begun` the planned work that nobody has begun before.
#[must_use]
pub fn sweep<'a>(
    open: impl IntoIterator<Item = &'a Task>,
    alerts: &AlertsById<'_>,
    begun: Vec<Task>,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> FollowUp {
    let contacts = Contacts::new(ctx.reference, ctx.now);
    let mut done = FollowUp::default();
    let mut after = Vec::new();
    for before in open.into_iter().filter(|task| task.state.is_open()) {
        let mut task = before.clone();
        move_on(&mut task, &contacts, rules, ctx);
        if task.state.is_open() {
            adapt(&mut task, alerts, ctx);
            done.notices.extend(escalate(&mut task, rules, ctx));
        }
        keep(&mut done, before, &mut task, ctx);
        after.push(task);
    }
    for mut task in begun {
        task.version = 1;
        done.notices.extend(immediate_notices(&task, ctx));
        done.tasks.push(task);
    }
    raise_again(alerts, &after, ctx, &mut done);
    done
}

/// Between two sweeps: escalates what is late now, unless a contact has settled it or its cause is
/// gone, and ends the plans of a day that is over.
#[must_use]
pub(crate) fn escalate_late<'a>(
    open: impl Iterator<Item = &'a Task>,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> FollowUp {
    let mut done = FollowUp::default();
    let late: Vec<&Task> = open.filter(|task| is_late(task, rules, ctx)).collect();
    if late.is_empty() {
        return done;
    }
    let contacts = Contacts::new(ctx.reference, ctx.now);
    for before in late {
        let mut task = before.clone();
        move_on(&mut task, &contacts, rules, ctx);
        if task.state.is_open() {
            done.notices.extend(escalate(&mut task, rules, ctx));
        }
        keep(&mut done, before, &mut task, ctx);
    }
    done
}

/// When time alone makes one of these tasks late, after now, if nothing else changes.
#[must_use]
pub(crate) fn next_late<'a>(
    open: impl Iterator<Item = &'a Task>,
    rules: SweepRules,
    ctx: &FollowUpContext<'_>,
) -> Option<Timestamp> {
    open.filter(|task| task.state.is_open())
        .filter_map(|task| late::next_late(task, rules, ctx))
        .min()
}

/// Advances a task by the contacts with its customer, and cancels it when its cause is gone or its
/// day has passed.
fn move_on(task: &mut Task, contacts: &Contacts<'_>, rules: SweepRules, ctx: &FollowUpContext<'_>) {
    by_contacts(task, contacts, rules, ctx);
    if task.state.is_open() && late::has_day_passed(task, ctx) {
        (task.state, task.ended_at, task.stalled) = (TaskState::Cancelled, Some(ctx.now), false);
        task.system_note = Some(SystemNote::DayPassed);
        task.steps
            .push(Step::new(ctx.now, Actor::default(), StepKind::DayPassed));
    }
    if task.state.is_open() && is_cause_gone(task, ctx) {
        let_go(task, ctx);
    }
}

/// Keeps a task that has changed, and asks again where there is something new to ask.
fn keep(done: &mut FollowUp, before: &Task, task: &mut Task, ctx: &FollowUpContext<'_>) {
    if task == before {
        return;
    }
    task.version += 1;
    if task.approval == Approval::Requested && task.asked_at != before.asked_at {
        done.notices.push(approval_notice(task, ctx));
    }
    done.tasks.push(task.clone());
}

/// Alerts that make a task now, since they are no longer silenced or observed: nobody has taken
/// them, and none had a task.
fn raise_again(
    alerts: &AlertsById<'_>,
    open: &[Task],
    ctx: &FollowUpContext<'_>,
    done: &mut FollowUp,
) {
    let held: BTreeSet<&AlertId> = open
        .iter()
        .filter(|task| task.state.is_open())
        .flat_map(|task| &task.alert_ids)
        .collect();
    let untaken = |(id, alert): &(&&AlertId, &&Alert)| {
        alert.state == AlertState::Firing
            && !held.contains(**id)
            && !ctx.ended.contains_key(&Task::id_of(id))
            && !ctx.is_suppressed(alert)
    };
    let untaken = alerts
        .iter()
        .filter(untaken)
        .map(|(_, alert)| (*alert).clone());
    let changes: Vec<AlertChange> = untaken.map(AlertChange::Opened).collect();
    if changes.is_empty() {
        return;
    }
    let scopes: BTreeSet<&Scope> = changes
        .iter()
        .map(|change| &change.alert().key.scope)
        .collect();
    let beside = open.iter().filter(|task| scopes.contains(&task.scope));
    let FollowUp {
        tasks,
        notices,
        alerts,
    } = follow_up(&changes, beside, ctx);
    let places: BTreeMap<TaskId, usize> = done
        .tasks
        .iter()
        .enumerate()
        .map(|(at, task)| (task.task_id.clone(), at))
        .collect();
    for task in tasks {
        // A task that this sweep has changed already is raised by one version only.
        match places.get(&task.task_id).map(|at| &mut done.tasks[*at]) {
            Some(one) => {
                *one = Task {
                    version: one.version,
                    ..task
                }
            }
            None => done.tasks.push(task),
        }
    }
    done.notices.extend(notices);
    done.alerts.extend(alerts);
}

/// Whether what planned work comes from is no longer there.
fn is_cause_gone(task: &Task, ctx: &FollowUpContext<'_>) -> bool {
    let reference = ctx.reference;
    match &task.origin {
        Origin::Promise(contact) | Origin::StrongIntent(contact) => {
            !reference.contacts.contains_key(contact)
        }
        Origin::Project(project) | Origin::JointVisitForProject(project) => reference
            .projects
            .get(project)
            .and_then(|history| history.latest())
            .is_none_or(|project| project.closed),
        Origin::ContractEnd { key_date_id, .. } | Origin::Ceremony { key_date_id, .. } => reference
            .key_dates
            .get(key_date_id)
            .and_then(|history| history.latest())
            .is_none_or(|key_date| key_date.removed),
        Origin::HandOver(group, manager, _) => reference
            .group(group)
            .is_none_or(|group| group.manager_id != *manager),
        _ => false,
    }
}

fn let_go(task: &mut Task, ctx: &FollowUpContext<'_>) {
    if task.state == TaskState::Open {
        (task.state, task.ended_at) = (TaskState::Cancelled, Some(ctx.now));
        task.system_note = Some(SystemNote::Cancelled(ResolvedBecause::Retracted));
    } else {
        task.system_note = Some(SystemNote::CauseGone(ResolvedBecause::Retracted));
    }
}

/// Between two sweeps: adapts tasks to the current state of their alerts and subscribers.
#[must_use]
pub(crate) fn adapt_each<'a>(
    open: impl IntoIterator<Item = &'a Task>,
    alerts: &AlertsById<'_>,
    ctx: &FollowUpContext<'_>,
) -> FollowUp {
    let mut done = FollowUp::default();
    for before in open.into_iter().filter(|task| task.state.is_open()) {
        let mut task = before.clone();
        adapt(&mut task, alerts, ctx);
        keep(&mut done, before, &mut task, ctx);
    }
    done
}

/// Hands the lead of a task on when that is resolved; withholds from it what its subscribers may not
/// be offered now, or gives it back; stops its clock when all of them have gone, and starts it again
/// when one is back.
fn adapt(task: &mut Task, alerts: &AlertsById<'_>, ctx: &FollowUpContext<'_>) {
    hand_on_lead(task, |id| alerts.get(id).copied(), ctx);
    let ids = task.alert_ids.clone();
    let alerts = || ids.iter().filter_map(|id| alerts.get(id).copied());
    let is_held = is_guarded(
        named_subscribers(task, alerts()),
        ctx.subscribers,
        ctx.rules.guard,
        ctx.now,
    );
    match is_held {
        true => withhold(task, ctx.due_clock()),
        false if task.is_partly_withheld() => give_back(task, ctx.due_clock()),
        false => {}
    }
    ctx.due_clock()
        .mind_subscribers(task, alerts(), ctx.subscribers);
}

/// Notices to send at once. Most planned work only appears in the brief; sent at once is what
/// somebody has not planned himself: a joint visit, a customer who comes to him, and what must be
/// approved first.
fn immediate_notices(task: &Task, ctx: &FollowUpContext<'_>) -> Vec<Notice> {
    let mut notices = Vec::new();
    let is_handed_over = task.origin.plan() == Some(PlanKind::HandOver);
    if (is_handed_over || task.origin.is_joint_visit()) && task.assignee != Assignee::Fallback {
        let topic = NoticeTopic::Task(task.task_id.clone());
        notices.push(Notice {
            topic,
            ..task_notice(task, task.severity, ctx)
        });
    }
    if task.approval == Approval::Requested {
        notices.push(approval_notice(task, ctx));
    }
    notices
}
