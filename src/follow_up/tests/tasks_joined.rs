//! Alerts that join an open task, reopen or change.

use super::tasks::{MONDAY_10, on_monday, opened, task_of};
use super::{
    CHURN, Fixture, KEY_LINE, LOCKED, LOSS, SATISFACTION, alert, at, checked, group, unit,
};
use crate::domain::alert::{Alert, AlertState, ResolvedBecause};
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::task::{SystemNote, Task, TaskClass, TaskState};
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

#[test]
fn an_alert_of_the_same_kind_of_task_joins_the_open_one_and_is_told() {
    let fixture = Fixture::new();
    let (churn, loss) = (
        alert(group("G1"), CHURN, Warning),
        alert(group("G1"), LOSS, Warning),
    );
    let open = task_of(&fixture, &churn);
    let later = follow_up(
        &opened(std::slice::from_ref(&loss)),
        std::slice::from_ref(&open),
        &fixture.ctx("2026-08-03 15:00"),
    );
    let [task] = &later.tasks[..] else {
        panic!("one task: {later:?}")
    };
    assert_eq!((&task.task_id, task.version), (&open.task_id, 2));
    assert_eq!(task.alert_ids, [churn.alert_id(), loss.alert_id()]);
    assert_eq!(
        (task.due_at, task.accept_by, task.class, task.severity),
        (open.due_at, open.accept_by, open.class, Warning)
    );
    assert_eq!(
        (&task.item, &task.means),
        (&open.item, &open.means),
        "the work stays what it was"
    );
    assert_eq!(
        task.checks, open.checks,
        "the one that fired first, of two as grave"
    );
    assert_eq!(later.notices.len(), 1);
}

#[test]
fn a_more_urgent_alert_raises_the_task_that_it_joins() {
    let fixture = Fixture::new();
    let open = task_of(&fixture, &alert(group("G1"), CHURN, Warning));
    let critical = alert(group("G1"), LOCKED, Critical);
    let later = follow_up(
        &opened(&[critical]),
        std::slice::from_ref(&open),
        &fixture.ctx("2026-08-03 11:00"),
    );
    let task = &later.tasks[0];
    assert_eq!((task.severity, task.class), (Critical, TaskClass::Key));
    assert_eq!(
        (task.due_at, task.accept_by),
        (at("2026-08-03 15:00"), at("2026-08-03 13:00"))
    );
    assert!(
        checked(&task.checks[0]).contains("锁定号码")
            && task.checks.iter().all(|check| !open.checks.contains(check)),
        "{:?}",
        task.checks
    );
    assert_eq!(
        (later.notices[0].severity, later.notices[0].due_at),
        (Critical, at("2026-08-03 11:00"))
    );
}

#[test]
fn a_less_urgent_alert_takes_nothing_from_the_task_that_it_joins() {
    let fixture = Fixture::new();
    let open = task_of(&fixture, &alert(group("G1"), KEY_LINE, Critical));
    let later = follow_up(
        &opened(&[alert(group("G1"), CHURN, Warning)]),
        std::slice::from_ref(&open),
        &fixture.ctx("2026-08-03 11:00"),
    );
    let task = &later.tasks[0];
    assert_eq!(
        (task.severity, task.class, task.due_at, task.accept_by),
        (open.severity, open.class, open.due_at, open.accept_by)
    );
    assert_eq!(
        later.notices[0].due_at,
        at("2026-08-03 11:05"),
        "its own mail waits"
    );
}

#[test]
fn another_kind_of_task_another_group_and_an_ended_task_are_not_joined() {
    let fixture = Fixture::new();
    let open = task_of(&fixture, &alert(group("G1"), CHURN, Warning));
    let made = |alert: Alert, open: &Task| {
        on_monday(&fixture, &opened(&[alert]), std::slice::from_ref(open)).tasks
    };
    for other in [
        alert(group("G1"), SATISFACTION, Warning),
        alert(group("GA"), LOSS, Warning),
        alert(unit(), CHURN, Warning),
    ] {
        let id = Task::id_of(&other.alert_id());
        let tasks = made(other, &open);
        assert_eq!(
            (tasks.len(), &tasks[0].task_id, tasks[0].version),
            (1, &id, 1)
        );
    }
    for state in [TaskState::Done, TaskState::Cancelled] {
        let ended = Task {
            state,
            ..open.clone()
        };
        assert_ne!(
            made(alert(group("G1"), LOSS, Warning), &ended)[0].task_id,
            open.task_id
        );
    }
}

#[test]
fn alerts_that_open_together_share_one_task_and_one_notice() {
    let fixture = Fixture::new();
    let three = [
        alert(group("G1"), CHURN, Warning),
        alert(group("G1"), LOSS, Warning),
        alert(group("G1"), LOCKED, Critical),
    ];
    let made = on_monday(&fixture, &opened(&three), &[]);
    assert_eq!(
        (
            made.tasks.len(),
            made.tasks[0].version,
            made.tasks[0].alert_ids.len()
        ),
        (1, 1, 3)
    );
    assert_eq!(
        (
            made.notices.len(),
            made.notices[0].severity,
            made.notices[0].due_at
        ),
        (1, Critical, at(MONDAY_10))
    );
}

#[test]
fn joining_a_task_that_somebody_accepted_acknowledges_the_alert_and_keeps_accept_by() {
    let fixture = Fixture::new();
    let open = Task {
        state: TaskState::Accepted,
        ..task_of(&fixture, &alert(group("G1"), CHURN, Warning))
    };
    let critical = alert(group("G1"), LOCKED, Critical);
    let later = on_monday(
        &fixture,
        &opened(std::slice::from_ref(&critical)),
        std::slice::from_ref(&open),
    );
    assert_eq!(
        later.alerts,
        [Alert {
            state: AlertState::Acknowledged,
            ..critical
        }]
    );
    assert_eq!(
        (later.tasks[0].accept_by, later.tasks[0].due_at),
        (open.accept_by, at("2026-08-03 14:00"))
    );
}

#[test]
fn an_alert_that_reopens_is_told_again_and_its_cause_is_back() {
    let fixture = Fixture::new();
    let churn = alert(group("G1"), CHURN, Warning);
    let gone = Some(SystemNote::CauseGone(ResolvedBecause::Recovered));
    let open = Task {
        state: TaskState::InProgress,
        system_note: gone,
        version: 4,
        ..task_of(&fixture, &churn)
    };
    let again = on_monday(
        &fixture,
        &[AlertChange::Reopened(churn)],
        std::slice::from_ref(&open),
    );
    assert_eq!(
        again.tasks,
        [Task {
            system_note: None,
            version: 5,
            ..open
        }]
    );
    assert_eq!(again.notices.len(), 1);
}

#[test]
fn figures_that_change_change_no_task_but_a_rising_severity_does() {
    let fixture = Fixture::new();
    let churn = alert(group("G1"), CHURN, Warning);
    let open = task_of(&fixture, &churn);
    let mut more = churn.clone();
    more.explanation.k = 12;
    assert_eq!(
        on_monday(
            &fixture,
            &[AlertChange::Updated(more)],
            std::slice::from_ref(&open)
        ),
        FollowUp::default()
    );
    let worse = Alert {
        severity: Critical,
        ..churn
    };
    let raised = on_monday(
        &fixture,
        &[AlertChange::Updated(worse)],
        std::slice::from_ref(&open),
    );
    let [task] = &raised.tasks[..] else {
        panic!("one task: {raised:?}")
    };
    assert_eq!(
        (task.severity, task.class, task.due_at, task.alert_ids.len()),
        (Critical, TaskClass::Key, at("2026-08-03 14:00"), 1)
    );
    assert_eq!(raised.notices[0].due_at, at(MONDAY_10));
}

#[test]
fn a_notice_that_grows_into_a_warning_gets_its_task_and_an_acknowledged_alert_gets_no_second() {
    let fixture = Fixture::new();
    let grown = alert(group("G1"), CHURN, Warning);
    assert_eq!(
        on_monday(&fixture, &[AlertChange::Updated(grown.clone())], &[])
            .tasks
            .len(),
        1
    );
    let worked_on = Alert {
        state: AlertState::Acknowledged,
        ..grown
    };
    assert_eq!(
        on_monday(&fixture, &[AlertChange::Updated(worked_on)], &[]),
        FollowUp::default(),
        "its task is done"
    );
}
