//! How a task may end whose subscribers have gone, all or some of them.

use super::act::{by, closing, ctx, fixture};
use super::subscribers_gone::{
    LINES, apply_standings, member, port_out, ported, stands, subscriber, task_of,
};
use super::{BATCH_LEAVE, Fixture, KEY_LINE, about, alert, at, group, to};
use crate::domain::alert::Alert;
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::task::{
    ReportUp, SubscribersGone, Task, TaskKind, TaskResult, TaskState, UpwardReport,
};
use crate::domain::timeline::SubscriberNow;
use crate::follow_up::act::{Action, Closing, Refusal, act};
use crate::follow_up::tasks::FollowUp;

pub(super) fn close(
    fixture: &Fixture,
    task: &Task,
    alerts: &[Alert],
    closing: Closing,
) -> Result<Task, Refusal> {
    let task = Task {
        state: TaskState::InProgress,
        ..task.clone()
    };
    let wang = by("wang");
    act(
        &task,
        Action::Close(closing),
        &ctx(fixture, &wang, alerts, "2026-08-03 14:00"),
    )
    .map(|acted| acted.task)
}

pub(super) fn reason(result: TaskResult) -> Closing {
    Closing {
        note: "机主离职，单位不再续用该号码".to_owned(),
        report: None,
        summary: None,
        result,
        ..closing()
    }
}

#[test]
fn of_lines_that_have_all_gone_the_reason_is_all_that_is_asked_for_and_lost_the_only_result() {
    let (mut fixture, alerts) = (fixture(), LINES.map(port_out));
    LINES.iter().for_each(|id| ported(&mut fixture, id));
    let task = task_of(&fixture, &alerts);
    for result in [
        TaskResult::Retained,
        TaskResult::PartlyRetained,
        TaskResult::NotNeeded,
        TaskResult::Unreachable,
    ] {
        let refusal = close(
            &fixture,
            &task,
            &alerts,
            Closing {
                result,
                ..closing()
            },
        )
        .expect_err("there is nothing to keep");
        let Refusal::SubscribersGone { named, only, .. } = refusal else {
            panic!("{refusal}")
        };
        assert_eq!((named, only), (2, TaskResult::Lost));
    }
    let finish = close(&fixture, &task, &alerts, reason(TaskResult::Lost))
        .expect("closed")
        .finish
        .expect("how it ended");
    assert_eq!(
        (finish.note.as_str(), finish.summary.as_str()),
        (
            "机主离职，单位不再续用该号码",
            "机主离职，单位不再续用该号码"
        )
    );
    assert_eq!(
        finish.report,
        UpwardReport {
            about: ReportUp::None,
            text: String::new(),
            urgent: false
        }
    );
    let short = Closing {
        note: "离职".to_owned(),
        ..reason(TaskResult::Lost)
    };
    assert!(
        close(&fixture, &task, &alerts, short).is_err(),
        "ten characters"
    );
    let kept = Task {
        kind: TaskKind::Relationship,
        ..task
    };
    assert!(close(&fixture, &kept, &alerts, reason(TaskResult::Done)).is_err());
    assert!(close(&fixture, &kept, &alerts, reason(TaskResult::NotDone)).is_ok());
}

#[test]
fn kept_though_some_of_its_lines_have_gone_says_how_many() {
    let (mut fixture, alerts) = (fixture(), LINES.map(port_out));
    member(&mut fixture, LINES[0]);
    stands(&mut fixture, LINES[1], SubscriberNow::default());
    let task = task_of(&fixture, &alerts);
    let finish = close(&fixture, &task, &alerts, closing())
        .expect("closed")
        .finish
        .expect("how it ended");
    assert_eq!(
        finish.subscribers,
        Some(SubscribersGone {
            named: 2,
            churned: 0,
            left: 1
        })
    );
    assert!(
        close(&fixture, &task, &alerts, reason(TaskResult::Lost)).is_err(),
        "a summary and a report are asked for, as always"
    );
}

#[test]
fn each_kind_of_task_has_results_of_its_own() {
    let fixture = fixture();
    let key_line = alert(group("G1"), KEY_LINE, Severity::Critical);
    let task = task_of(&fixture, std::slice::from_ref(&key_line));
    for kind in TaskKind::ALL {
        for result in TaskResult::ALL {
            let closed = close(
                &fixture,
                &Task {
                    kind,
                    ..task.clone()
                },
                std::slice::from_ref(&key_line),
                Closing {
                    result,
                    ..closing()
                },
            );
            assert_eq!(
                closed.is_ok(),
                TaskResult::of_kind(kind).contains(&result),
                "{kind:?} {result:?}"
            );
        }
    }
}

#[test]
fn of_a_locked_number_that_is_lost_only_the_reason_is_asked_for_while_its_clock_runs_on() {
    let mut fixture = fixture();
    let mut locked = alert(
        group("G1"),
        AlertKind::Signal(Signal::LockedNumberLost),
        Severity::Critical,
    );
    (locked.key.subject, locked.members) = (about(LINES[0]), vec![subscriber(LINES[0])]);
    ported(&mut fixture, LINES[0]);
    let task = task_of(&fixture, std::slice::from_ref(&locked));
    let locked = std::slice::from_ref(&locked);
    let gone = apply_standings(&fixture, &task, locked, "2026-08-03 12:00").tasks;
    let noon = Some(at("2026-08-03 12:00"));
    assert_eq!((gone[0].gone_at, gone[0].due()), (noon, Some(task.due_at)));
    assert!(gone[0].is_overdue(task.due_at.plus(chrono::TimeDelta::minutes(1))));
    assert_eq!(
        apply_standings(&fixture, &gone[0], locked, "2026-08-03 13:00"),
        FollowUp::default(),
        "once"
    );
    for result in TaskResult::of_kind(TaskKind::Retention) {
        let closed = close(&fixture, &task, locked, reason(*result));
        assert_eq!(closed.is_ok(), *result == TaskResult::Lost, "{result:?}");
    }
    let introduces = Task {
        kind: TaskKind::Relationship,
        ..task.clone()
    };
    for result in TaskResult::of_kind(TaskKind::Relationship) {
        let closed = close(&fixture, &introduces, locked, reason(*result));
        assert_eq!(closed.is_ok(), *result == TaskResult::NotDone, "{result:?}");
    }
    member(&mut fixture, LINES[0]);
    let back = apply_standings(&fixture, &gone[0], locked, "2026-08-04 09:00").tasks;
    assert_eq!((back[0].gone_at, back[0].due_at), (None, task.due_at));
}

#[test]
fn nobody_kept_a_batch_all_of_whose_lines_have_gone_though_others_may_have_been_kept() {
    let mut fixture = fixture();
    let mut batch = alert(group("G1"), BATCH_LEAVE, Severity::Critical);
    batch.members = LINES.map(subscriber).to_vec();
    let batch = std::slice::from_ref(&batch);
    let task = Task {
        assignee: to("wang"),
        kind: TaskKind::Retention,
        ..task_of(&fixture, batch)
    };
    let with = |fixture: &Fixture, result| {
        let closing = Closing {
            result,
            cost_fen: Some(0),
            ..closing()
        };
        close(fixture, &task, batch, closing)
    };
    ported(&mut fixture, LINES[0]);
    member(&mut fixture, LINES[1]);
    with(&fixture, TaskResult::Retained).expect("one is left");
    ported(&mut fixture, LINES[1]);
    assert!(matches!(
        with(&fixture, TaskResult::Retained),
        Err(Refusal::NoneKept { named: 2, .. })
    ));
    assert!(with(&fixture, TaskResult::PartlyRetained).is_ok());

    let kind = AlertKind::Signal(Signal::GroupGone);
    let emptied = [
        batch[0].clone(),
        alert(group("G1"), kind, Severity::Critical),
    ];
    let without_members = |result| {
        let closing = Closing {
            result,
            cost_fen: Some(0),
            ..closing()
        };
        close(&fixture, &task, &emptied, closing)
    };
    assert!(matches!(
        without_members(TaskResult::PartlyRetained),
        Err(Refusal::NoMemberLeft { .. })
    ));
    without_members(TaskResult::Lost).expect("nobody is left");
}
