//! Joint visits of which what they are for is gone, or is back.

use super::joint_visits::{
    NOW, after, gone, key_contact, key_line, open, pre_cancelled, visit_of, with_state,
};
use super::{BATCH_LEAVE, CHURN, Fixture, alert, at, group, resolved};
use crate::domain::alert::{AlertChange, ResolvedBecause};
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::task::{Origin, StepKind, SystemNote, Task, TaskState, TaskTitle};
use crate::follow_up::tasks::follow_up;

#[test]
fn whoever_has_a_joint_visit_sees_that_what_it_is_for_is_gone_until_it_holds_again() {
    let fixture = Fixture::new();
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let gone = AlertChange::Resolved(resolved(&batch, ResolvedBecause::Restored));
    let visit_after = |change: &AlertChange, tasks: &[Task]| {
        let change = std::slice::from_ref(change);
        let done = follow_up(change, tasks, &fixture.ctx("2026-08-03 12:00"));
        let visit = done
            .tasks
            .into_iter()
            .find(|task| task.origin != Origin::Alert);
        visit.expect("it is noted")
    };
    let mut tasks: Vec<Task> = open(&fixture, std::slice::from_ref(&batch))
        .tasks
        .into_iter()
        .map(|task| with_state(task, TaskState::Accepted))
        .collect();
    let visit = visit_after(&gone, &tasks);
    assert_eq!(
        (visit.state, visit.system_note),
        (
            TaskState::Accepted,
            Some(SystemNote::cause_gone(
                BATCH_LEAVE,
                ResolvedBecause::Restored
            ))
        )
    );
    tasks.retain(|task| task.origin == Origin::Alert);
    tasks.push(visit);
    let again = visit_after(&AlertChange::Reopened(batch.clone()), &tasks);
    assert_eq!(again.system_note, None);
}

#[test]
fn a_joint_visit_that_nobody_accepted_is_cancelled_with_its_cause_and_begins_again_with_it() {
    let mut fixture = Fixture::new();
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let alerts = [batch.clone(), alert(group("G1"), CHURN, Warning)];
    let own = |task: Task| match task.origin {
        Origin::Alert => with_state(task, TaskState::Accepted),
        _ => task,
    };
    // The task itself goes on with another alert; or somebody has accepted it.
    for mut tasks in [
        open(&fixture, &alerts).tasks,
        open(&fixture, &alerts[..1])
            .tasks
            .into_iter()
            .map(own)
            .collect(),
    ] {
        let lost = gone(&batch, ResolvedBecause::Lost);
        let mut as_lost = tasks.clone();
        after(&fixture, &mut as_lost, lost);
        assert_eq!(visit_of(&as_lost).state, TaskState::Open);
        let restored = gone(&batch, ResolvedBecause::Restored);
        assert!(!after(&fixture, &mut tasks, restored), "nobody is notified");
        let cancelled = visit_of(&tasks).clone();
        assert_eq!(
            (
                cancelled.state,
                cancelled.ended_at,
                cancelled.system_note,
                cancelled.version
            ),
            (
                TaskState::Cancelled,
                Some(at("2026-08-03 12:00")),
                Some(SystemNote::cancelled(
                    BATCH_LEAVE,
                    ResolvedBecause::Restored
                )),
                2
            )
        );
        tasks.retain(|task| task.origin == Origin::Alert);
        fixture
            .ended
            .insert(cancelled.task_id.clone(), Some(cancelled));
        let back = AlertChange::Reopened(batch.clone());
        assert!(after(&fixture, &mut tasks, back), "the chief is notified");
        let again = visit_of(&tasks);
        assert_eq!(
            (again.state, again.ended_at, again.system_note),
            (TaskState::Open, None, None)
        );
        assert_eq!((again.version, again.visit_causes.len()), (3, 1));
        let steps: Vec<StepKind> = again.steps.iter().map(|step| step.what).collect();
        assert_eq!(steps, [StepKind::CauseBack]);
        assert_eq!(again.opened_at, at(NOW));
        fixture.ended.clear();
    }
}

#[test]
fn a_joint_visit_goes_on_and_is_called_by_the_gravest_cause_until_none_holds() {
    use ResolvedBecause::{Restored, Withdrawn};
    let mut fixture = Fixture::new();
    fixture.subscribers.insert(key_contact(), pre_cancelled());
    let mut batch = alert(group("GA"), BATCH_LEAVE, Critical);
    (batch.explanation.k, batch.explanation.churned) = (9, Some(8));
    let key = TaskTitle::JointVisitForKeyContact(key_contact());
    let many = TaskTitle::JointVisitForBatch {
        churned: 8,
        left: 1,
    };
    let joined = || {
        let mut tasks = open(&fixture, &[key_line()]).tasks;
        assert_eq!(visit_of(&tasks).title, key);
        assert!(
            after(&fixture, &mut tasks, AlertChange::Opened(batch.clone())),
            "whoever has it is notified that many leave too"
        );
        assert_eq!(visit_of(&tasks).title, many);
        tasks
    };
    for (first, then, title) in [
        (gone(&key_line(), Withdrawn), gone(&batch, Restored), &many),
        (gone(&batch, Restored), gone(&key_line(), Withdrawn), &key),
    ] {
        let mut tasks: Vec<Task> = joined()
            .into_iter()
            .map(|task| Task {
                state: TaskState::Accepted,
                ..task
            })
            .collect();
        after(&fixture, &mut tasks, first);
        let visit = visit_of(&tasks);
        assert_eq!((&visit.title, visit.system_note), (title, None));
        let mut again = tasks.clone();
        let back = AlertChange::Reopened(batch.clone());
        assert!(
            !after(&fixture, &mut again, back),
            "a batch that comes back is not notified as new"
        );
        assert_eq!(visit_of(&again).title, many);
        after(&fixture, &mut tasks, then);
        assert!(matches!(
            visit_of(&tasks).system_note,
            Some(SystemNote::CauseGone(_) | SystemNote::CauseGoneCount(..))
        ));
    }
}

#[test]
fn a_joint_visit_whose_task_has_ended_is_cancelled_too_with_its_cause() {
    let fixture = Fixture::new();
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let mut tasks = open(&fixture, std::slice::from_ref(&batch)).tasks;
    tasks.retain(|task| task.origin != Origin::Alert);
    after(
        &fixture,
        &mut tasks,
        gone(&batch, ResolvedBecause::Restored),
    );
    assert_eq!(
        visit_of(&tasks).system_note,
        Some(SystemNote::cancelled(
            BATCH_LEAVE,
            ResolvedBecause::Restored
        ))
    );
}
