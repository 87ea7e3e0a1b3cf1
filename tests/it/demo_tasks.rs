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
    let mut wrong = |what: &'static str, is_wrong: bool| {
        untruths
            .entry(what)
            .or_default()
            .extend(is_wrong.then(|| task.task_id.to_string()));
    };
    let finish = task
        .finish
        .as_ref()
        .zip(task.ended_at)
        .filter(|(finish, _)| {
            [TaskResult::Retained, TaskResult::PartlyRetained].contains(&finish.result)
        });
    let gone = |after: TimeDelta| {
        finish.map_or((0, 0), |(_, at)| {
            let (gone, named) = lines.gone_of(task, alerts, at.plus(after));
            (gone.len(), named)
        })
    };
    let (then, soon) = (gone(TimeDelta::zero()), gone(TimeDelta::days(14)));
    let is_kept_whole = finish.is_some_and(|(how, _)| how.result == TaskResult::Retained);
    // Of a customer who loses members in a batch the others may stay: it is partly retained.
    let may_others_stay = task.alert_ids.iter().any(|id| {
        let alert = alerts.get(id);
        alert.is_some_and(|alert| !alert.key.kind.is_about_a_subscriber())
    });
    let are_all = |(gone, named): (usize, usize)| {
        named > 0 && gone == named && (is_kept_whole || !may_others_stay)
    };
    wrong(
        "tasks closed retained though all their lines had gone",
        are_all(then),
    );
    wrong(
        "tasks closed retained though all their lines had gone a fortnight later",
        are_all(soon),
    );
    wrong(
        "tasks closed wholly retained though lines of theirs went in the fortnight after",
        is_kept_whole && soon.0 > then.0,
    );
    let group = task.group_id();
    wrong(
        "tasks closed partly retained though nobody was left",
        finish
            .zip(group)
            .is_some_and(|((_, at), group)| !lines.has_members(group, at)),
    );
    wrong(
        "win-backs that name nobody",
        matches!(task.origin, Origin::WinBack(..)) && task.subscribers.is_empty(),
    );
    let its: Vec<&Alert> = task
        .alert_ids
        .iter()
        .filter_map(|id| alerts.get(id))
        .collect();
    let batch = its
        .iter()
        .find(|alert| alert.key.kind == AlertKind::Signal(Signal::BatchLeave));
    let plan_of = |alert: &Alert| {
        let all = Playbooks::shipped();
        all.find(&alert.key.scope, alert.key.kind, task.tier, None)
            .map(|playbook| playbook.item.clone())
    };
    // Graver than a batch is only what loses a locked number.
    let of_one_line = |batch: &&&Alert| {
        let lesser = its.iter().filter(|alert| {
            alert.key.kind.is_about_a_subscriber() && alert.severity <= batch.severity
        });
        lesser
            .filter_map(|alert| plan_of(alert))
            .any(|item| item == task.item)
    };
    wrong(
        "batch tasks with a single line's plan",
        matches!(task.origin, Origin::Alert) && batch.as_ref().is_some_and(of_one_line),
    );
    let judged = task
        .steps
        .iter()
        .filter(|step| [StepKind::Refuse, StepKind::Reopen].contains(&step.what));
    let unexplained = |step: &Step| {
        step.by.manager_id.is_none() || step.note.as_ref().is_none_or(|note| note.trim().is_empty())
    };
    wrong(
        "tasks reopened or refused without name and reason",
        judged.into_iter().any(unexplained),
    );
}
