//! Open tasks that change hands.

use super::{CHURN, Fixture, LOCKED, alert, at, day, group, manager_id, to, unit};
use crate::domain::alert::TaskId;
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::mail::NoticeTopic;
use crate::domain::task::StepKind;
use crate::domain::task::{Actor, Assignee, Step, Task, TaskState};
use crate::follow_up::hand_over::hand_over;
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

/// An open task of G1, one of GA, and one of the unit.
fn tasks(fixture: &Fixture) -> Vec<Task> {
    let alerts = [
        alert(group("G1"), CHURN, Warning),
        alert(group("GA"), LOCKED, Critical),
        alert(unit(), CHURN, Warning),
    ];
    let changes: Vec<_> = alerts.into_iter().map(AlertChange::Opened).collect();
    follow_up(&changes, &[], &fixture.ctx("2026-08-03 10:00")).tasks
}

fn after(fixture: &Fixture, tasks: &[Task]) -> FollowUp {
    hand_over(tasks, &fixture.ctx("2026-08-03 12:00"))
}

#[test]
fn the_tasks_of_a_group_that_changed_hands_move_and_the_new_manager_is_told() {
    let mut fixture = Fixture::new();
    let open = tasks(&fixture);
    fixture.group_at(at("2026-08-03 11:00"), "G1", |group| {
        group.manager_id = manager_id("li")
    });
    let moved = after(&fixture, &open);
    let [task] = &moved.tasks[..] else {
        panic!("one task: {moved:?}")
    };
    let before = open
        .iter()
        .find(|task| task.scope == group("G1"))
        .expect("made");
    assert_eq!(
        *task,
        Task {
            assignee: to("li"),
            version: 2,
            steps: task.steps.clone(),
            ..before.clone()
        }
    );
    assert_eq!(
        task.steps
            .iter()
            .map(|step| (step.what, step.at))
            .collect::<Vec<_>>(),
        [(StepKind::HandOver, at("2026-08-03 12:00"))]
    );
    assert_eq!(
        after(&fixture, &moved.tasks),
        FollowUp::default(),
        "it is where it belongs"
    );
    let [notice] = &moved.notices[..] else {
        panic!("one notice: {moved:?}")
    };
    assert_eq!(
        (&notice.topic, &notice.assignee),
        (&NoticeTopic::Task(task.task_id.clone()), &to("li"))
    );
    assert_eq!(notice.due_at, at("2026-08-03 12:05"));
}

#[test]
fn nothing_moves_when_no_group_changed_hands() {
    let mut fixture = Fixture::new();
    let open = tasks(&fixture);
    fixture.group_at(at("2026-08-03 11:00"), "G1", |group| {
        group.name = "另一名".into()
    });
    assert_eq!(
        after(&fixture, &open),
        FollowUp::default(),
        "the manager is the same"
    );
    fixture.manager("wang", |manager| {
        manager.away_until = Some(day("2026-09-01"))
    });
    assert_eq!(
        after(&fixture, &open),
        FollowUp::default(),
        "away for a while"
    );
    let by_hand: Vec<_> = open
        .into_iter()
        .map(|task| Task {
            assignee: to("chen"),
            ..task
        })
        .collect();
    assert_eq!(
        after(&fixture, &by_hand),
        FollowUp::default(),
        "reassigned by hand"
    );
}

#[test]
fn a_task_that_was_reassigned_by_hand_after_its_group_changed_hands_stays_when_others_of_the_group_move()
 {
    let mut fixture = Fixture::new();
    let mut open = tasks(&fixture);
    let mut by_hand = Task {
        assignee: to("chen"),
        ..open
            .iter()
            .find(|task| task.scope == group("G1"))
            .expect("made")
            .clone()
    };
    by_hand.task_id = TaskId::new("T0");
    by_hand.steps.push(Step::new(
        at("2026-08-03 11:30"),
        Actor::default(),
        StepKind::Reassign,
    ));
    open.push(by_hand.clone());
    fixture.group_at(at("2026-08-03 11:00"), "G1", |group| {
        group.manager_id = manager_id("li")
    });
    let moved = after(&fixture, &open).tasks;
    assert_eq!(
        moved.iter().map(|task| &task.assignee).collect::<Vec<_>>(),
        [&to("li")]
    );
    fixture.group_at(at("2026-08-03 11:45"), "G1", |group| {
        group.manager_id = manager_id("zhao")
    });
    assert_eq!(
        after(&fixture, &[by_hand]).tasks[0].assignee,
        to("zhao"),
        "until the group changes hands once more"
    );
}

#[test]
fn the_tasks_of_somebody_who_left_move_to_who_is_there() {
    let mut fixture = Fixture::new();
    let open = tasks(&fixture);
    fixture.manager("wang", |manager| manager.active = false);
    let moved = after(&fixture, &open);
    assert_eq!(moved.tasks.len(), 2, "G1's and GA's, not the unit's");
    assert!(moved.tasks.iter().all(|task| task.assignee == to("zhao")));
    let critical = moved
        .notices
        .iter()
        .find(|notice| notice.group_id.as_ref() == group("GA").group())
        .expect("a notice");
    assert_eq!(
        (critical.due_at, critical.severity),
        (at("2026-08-03 12:00"), Critical)
    );
}

#[test]
fn the_units_task_of_a_head_who_lost_his_address_goes_to_the_fallback_and_back_to_the_next_head_by_hand_only()
 {
    let mut fixture = Fixture::new();
    let open = tasks(&fixture);
    fixture.manager("zhao", |manager| manager.email = "".into());
    let moved = after(&fixture, &open);
    assert_eq!(
        (moved.tasks.len(), &moved.tasks[0].assignee),
        (1, &Assignee::Fallback)
    );
    fixture.manager("zhao", |_| {});
    assert_eq!(after(&fixture, &moved.tasks), FollowUp::default());
}

#[test]
fn a_task_of_the_fallback_goes_to_the_manager_that_its_group_gets() {
    let mut fixture = Fixture::new();
    let made = follow_up(
        &[AlertChange::Opened(alert(group("G9"), CHURN, Warning))],
        &[],
        &fixture.ctx("2026-08-03 10:00"),
    )
    .tasks;
    assert_eq!(made[0].assignee, Assignee::Fallback);
    fixture.group_at(at("2026-08-03 11:00"), "G9", |_| {});
    assert_eq!(after(&fixture, &made).tasks[0].assignee, to("wang"));
}

#[test]
fn ended_tasks_stay_with_who_did_them() {
    let mut fixture = Fixture::new();
    let done: Vec<_> = tasks(&fixture)
        .into_iter()
        .map(|task| Task {
            state: TaskState::Done,
            ..task
        })
        .collect();
    fixture.manager("wang", |manager| manager.active = false);
    assert_eq!(after(&fixture, &done), FollowUp::default());
}
