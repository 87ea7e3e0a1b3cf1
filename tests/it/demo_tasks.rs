//! Whether the results of the demo's tasks hold against the city's events, then and soon after, and
//! whether their plans and steps are what they should be.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use sisan::domain::alert::{Alert, AlertId};
use sisan::domain::indicator::{AlertKind, Signal};
use sisan::domain::task::{Origin, Step, StepKind, Task, TaskResult};
use sisan::follow_up::playbook::Playbooks;

use crate::demo_lines::Lines;

/// The false statements of a task, by kind; every kind has an entry.
pub fn of_task(
    task: &Task,
    alerts: &BTreeMap<AlertId, Alert>,
    lines: &Lines,
    untruths: &mut BTreeMap<&'static str, Vec<String>>,
) {
    let its: Vec<&Alert> = task
        .alert_ids
        .iter()
        .filter_map(|id| alerts.get(id))
        .collect();
    let faults = of_result(task, &its, alerts, lines).into_iter().chain([
        (
            "win-backs that name nobody",
            matches!(task.origin, Origin::WinBack(..)) && task.subscribers.is_empty(),
        ),
        (
            "batch tasks with a single line's plan",
            has_plan_of_one_line(task, &its),
        ),
        (
            "tasks reopened or refused without name and reason",
            task.steps.iter().any(is_unexplained),
        ),
    ]);
    for (what, is_wrong) in faults {
        untruths
            .entry(what)
            .or_default()
            .extend(is_wrong.then(|| task.task_id.to_string()));
    }
}

/// Whether somebody was said to be kept who had gone, or went soon after.
fn of_result(
    task: &Task,
    its: &[&Alert],
    alerts: &BTreeMap<AlertId, Alert>,
    lines: &Lines,
) -> [(&'static str, bool); 4] {
    let kept = [TaskResult::Retained, TaskResult::PartlyRetained];
    let finish = task
        .finish
        .as_ref()
        .zip(task.ended_at)
        .filter(|(finish, _)| kept.contains(&finish.result));
    let gone = |after: TimeDelta| {
        finish.map_or((0, 0), |(_, at)| {
            let (gone, named) = lines.gone_of(task, alerts, at.plus(after));
            (gone.len(), named)
        })
    };
    let (then, soon) = (gone(TimeDelta::zero()), gone(TimeDelta::days(14)));
    let is_kept_whole = finish.is_some_and(|(how, _)| how.result == TaskResult::Retained);
    // Of a customer who loses members in a batch the others may stay: it is partly retained.
    let may_others_stay = its
        .iter()
        .any(|alert| !alert.key.kind.is_about_a_subscriber());
    let are_all = |(gone, named): (usize, usize)| {
        named > 0 && gone == named && (is_kept_whole || !may_others_stay)
    };
    let is_nobody_left = finish
        .zip(task.group_id())
        .is_some_and(|((_, at), group)| !lines.has_members(group, at));
    [
        (
            "tasks closed retained though all their lines had gone",
            are_all(then),
        ),
        (
            "tasks closed retained though all their lines had gone a fortnight later",
            are_all(soon),
        ),
        (
            "tasks closed wholly retained though lines of theirs went in the fortnight after",
            is_kept_whole && soon.0 > then.0,
        ),
        (
            "tasks closed partly retained though nobody was left",
            is_nobody_left,
        ),
    ]
}

/// Whether a task about a batch has the plan of an alert about one subscriber. Graver than a batch
/// is only what loses a locked number.
fn has_plan_of_one_line(task: &Task, its: &[&Alert]) -> bool {
    let plan_of = |alert: &Alert| {
        let all = Playbooks::shipped();
        all.find(&alert.key.scope, alert.key.kind, task.tier, None)
            .map(|playbook| playbook.item.clone())
    };
    let batch = its
        .iter()
        .find(|alert| alert.key.kind == AlertKind::Signal(Signal::BatchLeave));
    let of_one_line = |batch: &&&Alert| {
        let lesser = its.iter().filter(|alert| {
            alert.key.kind.is_about_a_subscriber() && alert.severity <= batch.severity
        });
        lesser
            .filter_map(|alert| plan_of(alert))
            .any(|item| item == task.item)
    };
    matches!(task.origin, Origin::Alert) && batch.as_ref().is_some_and(of_one_line)
}

fn is_unexplained(step: &Step) -> bool {
    let is_judged = [StepKind::Refuse, StepKind::Reopen].contains(&step.what);
    let is_blank = step.note.as_ref().is_none_or(|note| note.trim().is_empty());
    is_judged && (step.by.manager_id.is_none() || is_blank)
}
