//! Which done tasks must be verified, and how many customers were kept.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::act::{churn, fixture, task_of};
use super::{at, manager_id, zone};
use crate::domain::alert::TaskId;
use crate::domain::local_day::Month;
use crate::domain::task::{Assignee, Finish, Task, TaskKind, TaskResult, TaskState, UpwardReport};
use crate::follow_up::named_members::MembersKept;
use crate::follow_up::verification::{
    RetentionResults, must_verify, results, save_rate, to_verify,
};

fn done(id: &str, kind: TaskKind, result: TaskResult, verified: bool) -> Task {
    let report = UpwardReport::nothing();
    let (note, summary) = ("已上门拜访，客户同意续约一年".to_owned(), "续约".to_owned());
    let finish = Some(Finish {
        by_contact: None,
        note,
        report,
        result,
        summary,
        cost_fen: None,
        is_case: false,
        subscribers: None,
    });
    Task {
        task_id: TaskId::new(id),
        kind,
        state: TaskState::Done,
        finish,
        verified,
        ..task_of(&fixture(), &churn())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn a_tenth_of_the_done_tasks_is_verified_and_at_least_one_in_any_order(n in 0usize..45, turn in 0usize..45) {
        let mut tasks: Vec<Task> = (0..n).map(|i| done(&format!("T{i:016x}"), TaskKind::Retention, TaskResult::Lost, false)).collect();
        let picked = must_verify(&tasks);
        prop_assert_eq!(picked.len(), n.div_ceil(10));
        prop_assert!(picked.iter().all(|id| tasks.iter().any(|task| task.task_id == *id)));
        if n > 0 {
            tasks.rotate_left(turn % n);
        }
        prop_assert_eq!(must_verify(&tasks), picked);
    }
}

#[test]
fn picks_are_not_simply_the_first_ids() {
    let tasks: Vec<Task> = (0..40)
        .map(|i| {
            done(
                &format!("T{i:016x}"),
                TaskKind::Retention,
                TaskResult::Lost,
                false,
            )
        })
        .collect();
    let first: std::collections::BTreeSet<TaskId> = tasks
        .iter()
        .take(4)
        .map(|task| task.task_id.clone())
        .collect();
    assert_ne!(must_verify(&tasks), first);
}

#[test]
fn each_manager_has_a_tenth_of_each_month_looked_at() {
    let ended = |id: &str, who: &str, local: &str| Task {
        ended_at: Some(at(local)),
        assignee: Assignee::Manager(manager_id(who)),
        ..done(id, TaskKind::Retention, TaskResult::Lost, false)
    };
    let wang = [
        ("T1", "2026-08-31 23:59"),
        ("T2", "2026-08-01 00:00"),
        ("T3", "2026-09-01 00:00"),
    ];
    let mut tasks: Vec<Task> = wang.map(|(id, local)| ended(id, "wang", local)).to_vec();
    tasks.push(ended("T4", "li", "2026-08-31 23:59"));
    let picked = to_verify(&tasks, zone());
    let of = |ids: &[&str]| {
        ids.iter()
            .filter(|id| picked.contains(&TaskId::new(**id)))
            .count()
    };
    assert_eq!([of(&["T1", "T2"]), of(&["T3"]), of(&["T4"])], [1, 1, 1]);
}

#[test]
fn a_task_that_is_not_done_is_not_picked() {
    let open = task_of(&fixture(), &churn());
    assert!(must_verify([&open]).is_empty());
}

#[test]
fn results_are_told_by_month_and_assignee() {
    let ended = |id: &str, who: &str, local: &str, result, verified| Task {
        ended_at: Some(at(local)),
        assignee: Assignee::Manager(manager_id(who)),
        ..done(id, TaskKind::Retention, result, verified)
    };
    let tasks = [
        ended("T1", "wang", "2026-08-01 00:00", TaskResult::Retained, true),
        ended("T2", "wang", "2026-08-31 23:59", TaskResult::Lost, false),
        ended("T3", "wang", "2026-09-01 00:00", TaskResult::Lost, false),
        ended("T4", "li", "2026-08-31 23:59", TaskResult::NotNeeded, false),
        Task {
            state: TaskState::Cancelled,
            ..ended("T5", "zhao", "2026-08-31 23:59", TaskResult::Lost, false)
        },
    ];
    let results = results(
        &tasks,
        &BTreeMap::new(),
        Month::from_year_month(2026, 8),
        zone(),
    );
    let shown: Vec<_> = results
        .iter()
        .map(|of| {
            (
                of.assignee.name(),
                of.done,
                of.must_verify,
                of.verified,
                of.save_rate.claimed.rate(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [("li", 1, 1, 0, None), ("wang", 2, 1, 1, Some(0.5))],
        "what was cancelled is no result"
    );
    assert_eq!(results[1].save_rate.verified.rate(), Some(1.0));
}

#[test]
fn results_tell_members_too_of_who_has_done_no_task() {
    let zhao = Assignee::Manager(manager_id("zhao"));
    let named = BTreeMap::from([(zhao.clone(), MembersKept { named: 2, kept: 1 })]);
    let ended = Task {
        ended_at: Some(at("2026-08-31 23:59")),
        ..done("T1", TaskKind::Retention, TaskResult::Retained, false)
    };
    let shown = results(&[ended], &named, Month::from_year_month(2026, 8), zone());
    let shown: Vec<_> = shown
        .iter()
        .map(|of| (of.assignee.name(), of.done, of.members.rate()))
        .collect();
    assert_eq!(shown, [("wang", 1, None), ("zhao", 0, Some(0.5))]);
}

#[test]
fn a_save_rate_is_retained_of_all_that_were_to_be_kept_claimed_and_verified() {
    use TaskResult::{Lost, NotNeeded, PartlyRetained, Retained, Unreachable};
    let ended = [
        (TaskKind::Retention, Retained, true),
        (TaskKind::Retention, Retained, false),
        (TaskKind::Retention, PartlyRetained, false),
        (TaskKind::Retention, Lost, true),
        (TaskKind::Retention, Unreachable, false),
        (TaskKind::Retention, NotNeeded, true),
        (TaskKind::Relationship, Retained, true),
    ];
    let mut tasks: Vec<Task> = (0..)
        .zip(ended)
        .map(|(i, (kind, result, verified))| done(&format!("T{i}"), kind, result, verified))
        .collect();
    tasks.push(task_of(&fixture(), &churn()));
    let rate = save_rate(&tasks);
    assert_eq!(
        rate.claimed,
        RetentionResults {
            retained: 2,
            partly_retained: 1,
            lost: 1,
            unreachable: 1
        }
    );
    assert_eq!(
        rate.verified,
        RetentionResults {
            retained: 1,
            partly_retained: 0,
            lost: 1,
            unreachable: 0
        }
    );
    assert_eq!(
        (rate.claimed.rate(), rate.verified.rate()),
        (Some(0.4), Some(0.5))
    );
    assert_eq!(save_rate(&[]).claimed.rate(), None);
}
