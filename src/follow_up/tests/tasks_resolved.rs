//! Alerts that resolve: what is cancelled, what stays, and what comes back.

use super::{CHURN, Fixture, LOCKED, LOSS, alert, at, group, resolved};
use crate::domain::alert::ResolvedBecause::{
    self, Lost, MonthEnded, Recovered, Restored, Retracted, TaskDone, Withdrawn,
};
use crate::domain::alert::{Alert, AlertState};
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::task::{SystemNote, Task, TaskState};
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

const NOON: &str = "2026-08-03 12:00";

/// The task of these alerts, in a state.
fn open(fixture: &Fixture, alerts: &[Alert], state: TaskState) -> Task {
    let changes: Vec<_> = alerts.iter().cloned().map(AlertChange::Opened).collect();
    let made = follow_up(&changes, &[], &fixture.ctx("2026-08-03 10:00"))
        .tasks
        .remove(0);
    Task { state, ..made }
}

fn resolve(fixture: &Fixture, alert: &Alert, because: ResolvedBecause, task: &Task) -> FollowUp {
    follow_up(
        &[AlertChange::Resolved(resolved(alert, because))],
        std::slice::from_ref(task),
        &fixture.ctx(NOON),
    )
}

#[test]
fn a_cause_that_goes_before_anybody_accepted_cancels_the_task_and_tells_nobody() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    let task = open(&fixture, std::slice::from_ref(&churn), TaskState::Open);
    for because in [Recovered, Restored, Withdrawn, Retracted] {
        let end = resolve(&fixture, &churn, because, &task);
        let [cancelled] = &end.tasks[..] else {
            panic!("one task: {end:?}")
        };
        assert_eq!(
            (cancelled.state, cancelled.ended_at, cancelled.version),
            (TaskState::Cancelled, Some(at(NOON)), 2)
        );
        assert_eq!(cancelled.system_note, Some(SystemNote::Cancelled(because)));
        assert!(end.notices.is_empty() && end.alerts.is_empty());
    }
}

#[test]
fn a_cause_that_goes_later_leaves_the_task_and_says_so() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    for state in [TaskState::Accepted, TaskState::InProgress] {
        let task = open(&fixture, std::slice::from_ref(&churn), state);
        let end = resolve(&fixture, &churn, Restored, &task);
        let [kept] = &end.tasks[..] else {
            panic!("one task: {end:?}")
        };
        assert!(
            matches!(kept.system_note, Some(SystemNote::CauseGone(_))),
            "{:?}",
            kept.system_note
        );
        assert_eq!(
            *kept,
            Task {
                system_note: kept.system_note,
                version: 2,
                ..task
            }
        );
        assert!(end.notices.is_empty());
    }
}

#[test]
fn the_end_of_a_month_a_lost_line_and_a_done_task_cancel_nothing() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    for state in [TaskState::Open, TaskState::InProgress] {
        let task = open(&fixture, std::slice::from_ref(&churn), state);
        for because in [MonthEnded, TaskDone, Lost] {
            assert_eq!(
                resolve(&fixture, &churn, because, &task),
                FollowUp::default()
            );
        }
    }
}

#[test]
fn a_task_of_several_alerts_is_cancelled_with_the_last_of_them() {
    let mut fixture = Fixture::new();
    let (churn, loss) = (
        alert(group("G1"), CHURN, Warning),
        alert(group("G1"), LOSS, Warning),
    );
    let task = open(&fixture, &[churn.clone(), loss.clone()], TaskState::Open);
    assert_eq!(
        resolve(&fixture, &churn, Recovered, &task),
        FollowUp::default(),
        "the other still holds"
    );
    fixture.resolved.insert(churn.alert_id(), Recovered);
    assert_eq!(
        resolve(&fixture, &loss, Retracted, &task).tasks[0].state,
        TaskState::Cancelled
    );
    fixture.resolved.insert(churn.alert_id(), MonthEnded);
    assert_eq!(
        resolve(&fixture, &loss, Retracted, &task),
        FollowUp::default(),
        "the other's month merely ended"
    );
}

#[test]
fn an_alert_that_reopens_holds_its_task_up_again() {
    let mut fixture = Fixture::new();
    let (churn, loss) = (
        alert(group("G1"), CHURN, Warning),
        alert(group("G1"), LOSS, Warning),
    );
    let task = open(&fixture, &[churn.clone(), loss.clone()], TaskState::Open);
    fixture.resolved.insert(churn.alert_id(), Recovered);
    let steps = [
        AlertChange::Reopened(churn),
        AlertChange::Resolved(resolved(&loss, Recovered)),
    ];
    assert!(
        follow_up(&steps, std::slice::from_ref(&task), &fixture.ctx(NOON))
            .tasks
            .is_empty(),
        "not cancelled"
    );
}

#[test]
fn both_alerts_that_resolve_together_cancel_their_task() {
    let fixture = Fixture::new();
    let (churn, loss) = (
        alert(group("G1"), CHURN, Warning),
        alert(group("G1"), LOSS, Warning),
    );
    let task = open(&fixture, &[churn.clone(), loss.clone()], TaskState::Open);
    let both = [churn, loss].map(|alert| AlertChange::Resolved(resolved(&alert, Recovered)));
    assert_eq!(
        follow_up(&both, &[task], &fixture.ctx(NOON)).tasks[0].state,
        TaskState::Cancelled
    );
}

#[test]
fn an_alert_without_a_task_resolves_quietly() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    assert_eq!(
        follow_up(
            &[AlertChange::Resolved(resolved(&churn, Recovered))],
            &[],
            &fixture.ctx(NOON)
        ),
        FollowUp::default()
    );
}

#[test]
fn what_opens_and_goes_in_one_step_leaves_a_cancelled_task_and_no_mail() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    let steps = [
        AlertChange::Opened(churn.clone()),
        AlertChange::Resolved(resolved(&churn, Retracted)),
    ];
    let end = follow_up(&steps, &[], &fixture.ctx(NOON));
    assert_eq!(
        (end.tasks.len(), end.tasks[0].state, end.tasks[0].version),
        (1, TaskState::Cancelled, 1)
    );
    assert!(end.notices.is_empty());
}

#[test]
fn what_goes_and_comes_back_in_one_step_keeps_its_task() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    let task = open(&fixture, std::slice::from_ref(&churn), TaskState::Open);
    let steps = [
        AlertChange::Resolved(resolved(&churn, Recovered)),
        AlertChange::Reopened(churn),
    ];
    let end = follow_up(&steps, std::slice::from_ref(&task), &fixture.ctx(NOON));
    assert_eq!(
        (end.tasks.len(), end.notices.len()),
        (0, 1),
        "unchanged, but notified"
    );
}

#[test]
fn a_new_alert_after_a_cancellation_begins_a_task_of_its_own() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    let task = open(&fixture, std::slice::from_ref(&churn), TaskState::Open);
    let next = alert(group("G1"), LOCKED, Critical);
    let steps = [
        AlertChange::Resolved(resolved(&churn, Recovered)),
        AlertChange::Opened(next.clone()),
    ];
    let end = follow_up(&steps, std::slice::from_ref(&task), &fixture.ctx(NOON));
    let state = |id| {
        end.tasks
            .iter()
            .find(|task| task.task_id == id)
            .map(|task| task.state)
    };
    assert_eq!(state(task.task_id), Some(TaskState::Cancelled));
    assert_eq!(state(Task::id_of(&next.alert_id())), Some(TaskState::Open));
}

#[test]
fn an_alert_that_joins_an_accepted_task_and_goes_in_one_step_is_not_acknowledged() {
    let (fixture, churn) = (Fixture::new(), alert(group("G1"), CHURN, Warning));
    let task = open(&fixture, std::slice::from_ref(&churn), TaskState::Accepted);
    let short = alert(group("G1"), LOSS, Warning);
    let steps = [
        AlertChange::Opened(short.clone()),
        AlertChange::Resolved(resolved(&short, Retracted)),
    ];
    let end = follow_up(&steps, std::slice::from_ref(&task), &fixture.ctx(NOON));
    assert!(end.alerts.is_empty());
    assert_eq!(
        (
            end.tasks[0].alert_ids.len(),
            end.tasks[0].system_note.as_ref()
        ),
        (2, None),
        "its first cause still holds"
    );
}

#[test]
fn the_same_changes_give_the_same_rows_every_time() {
    let fixture = Fixture::new();
    let alerts = [
        alert(group("G1"), CHURN, Warning),
        alert(group("GA"), LOCKED, Critical),
        alert(group("GA"), LOSS, Warning),
    ];
    let changes: Vec<_> = alerts.into_iter().map(AlertChange::Opened).collect();
    let first = follow_up(&changes, &[], &fixture.ctx(NOON));
    assert_eq!(first, follow_up(&changes, &[], &fixture.ctx(NOON)));
    assert!(
        first
            .tasks
            .windows(2)
            .all(|two| two[0].task_id < two[1].task_id)
    );
    let acknowledged = |alert: &Alert| alert.state == AlertState::Acknowledged;
    assert!(!first.alerts.iter().any(acknowledged));
}
