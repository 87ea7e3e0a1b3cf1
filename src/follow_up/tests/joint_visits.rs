//! Joint visits: when they begin, how they are called, and what is noted on them.

use super::{
    BATCH_LEAVE, CHURN, Fixture, KEY_LINE, about, alert, at, group, manager_id, resolved, to,
};
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::ids::{SubscriberId, UnitId};
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{Origin, PlanKind, SystemNote, Task, TaskState, TaskTitle};
use crate::follow_up::guard::SubscriberStanding;
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

const NOW: &str = "2026-08-03 10:00";
const LINE: &str = "13800008000";

fn open(fixture: &Fixture, alerts: &[Alert]) -> FollowUp {
    let changes: Vec<_> = alerts.iter().cloned().map(AlertChange::Opened).collect();
    follow_up(&changes, &[], &fixture.ctx(NOW))
}

fn key_contact() -> SubscriberId {
    SubscriberId::parse(LINE).expect("an id")
}

fn key_line() -> Alert {
    let mut alert = alert(group("GA"), KEY_LINE, Critical);
    alert.key.subject = about(LINE);
    alert
}

fn pre_cancelled() -> SubscriberStanding {
    SubscriberStanding {
        pre_cancelled: true,
        ..SubscriberStanding::default()
    }
}

/// The visit among tasks.
fn visit_of(tasks: &[Task]) -> &Task {
    let mut visits = tasks.iter();
    visits
        .find(|task| task.origin != Origin::Alert)
        .expect("a visit")
}

/// The tasks with what a change made of them, and whether the visit is told of.
fn after(fixture: &Fixture, tasks: &mut Vec<Task>, change: AlertChange) -> bool {
    let done = follow_up(&[change], &*tasks, &fixture.ctx("2026-08-03 12:00"));
    for task in done.tasks {
        tasks.retain(|old| old.task_id != task.task_id);
        tasks.push(task);
    }
    let visit = NoticeTopic::Task(visit_of(tasks).task_id.clone());
    done.notices.iter().any(|notice| notice.topic == visit)
}

fn gone(alert: &Alert, because: ResolvedBecause) -> AlertChange {
    AlertChange::Resolved(resolved(alert, because))
}

#[test]
fn batch_leave_brings_a_joint_visit_with_the_nearest_chief_up_the_supervisors() {
    let mut fixture = Fixture::new();
    fixture.manager("wang", |manager| {
        manager.supervisor_id = Some(manager_id("li"))
    });
    fixture.manager("li", |manager| {
        manager.supervisor_id = Some(manager_id("sun"))
    });
    fixture.manager("sun", |manager| manager.chief = true);
    let made = open(&fixture, &[alert(group("G1"), BATCH_LEAVE, Critical)]);
    let [visit] = &made
        .tasks
        .iter()
        .filter(|task| task.origin.plan() == Some(PlanKind::JointVisit))
        .collect::<Vec<_>>()[..]
    else {
        panic!("one visit: {made:?}")
    };
    let own = made
        .tasks
        .iter()
        .find(|task| task.origin == Origin::Alert)
        .expect("the manager's own");
    assert_eq!(
        (&visit.assignee, &own.assignee, &visit.origin),
        (
            &to("sun"),
            &to("wang"),
            &Origin::JointVisitFor(own.task_id.clone())
        )
    );
    assert!(made.notices.iter().any(|notice| notice.topic
        == NoticeTopic::Task(visit.task_id.clone())
        && notice.assignee == to("sun")));
}

#[test]
fn the_title_of_a_joint_visit_grows_with_the_batch_while_it_is_open() {
    let fixture = Fixture::new();
    let sized = |k| {
        let mut batch = alert(group("G1"), BATCH_LEAVE, Critical);
        (batch.explanation.k, batch.explanation.churned) = (k, Some(k - 1));
        batch
    };
    let made = open(&fixture, &[sized(4)]).tasks;
    let title_in = |fixture: &Fixture, tasks: &[Task], change| {
        let done = follow_up(&[change], tasks, &fixture.ctx("2026-08-04 10:00"));
        let mut visits = done.tasks.into_iter();
        visits
            .find(|task| task.origin.plan() == Some(PlanKind::JointVisit))
            .map(|task| (task.title, task.version))
    };
    let title_after = |tasks: &[Task], change| title_in(&fixture, tasks, change);
    let of = |churned, left| TaskTitle::JointVisitForBatch { churned, left };
    for (change, title) in [
        (AlertChange::Updated(sized(9)), of(8, 1)),
        (AlertChange::Reopened(sized(7)), of(6, 1)),
        (AlertChange::Updated(sized(3)), of(2, 1)),
    ] {
        assert_eq!(title_after(&made, change), Some((title, 2)));
    }
    assert_eq!(title_after(&made, AlertChange::Updated(sized(4))), None);
    let over: Vec<Task> = made
        .iter()
        .map(|task| Task {
            state: match task.origin {
                Origin::Alert => task.state,
                _ => TaskState::Done,
            },
            ..task.clone()
        })
        .collect();
    let mut later = Fixture::new();
    later.ended.insert(visit_of(&over).task_id.clone());
    assert_eq!(
        title_in(&later, &over, AlertChange::Updated(sized(9))),
        None
    );
}

#[test]
fn a_key_line_brings_one_once_it_is_authorised_or_pre_cancelled() {
    let mut fixture = Fixture::new();
    let visits = |fixture: &Fixture| open(fixture, &[key_line()]).tasks.len() - 1;
    assert_eq!(visits(&fixture), 0, "a mere suspension");
    let subscriber = SubscriberId::parse(LINE).expect("an id");
    fixture.subscribers.insert(
        subscriber.clone(),
        SubscriberStanding {
            pre_cancelled: true,
            ..SubscriberStanding::default()
        },
    );
    assert_eq!(visits(&fixture), 1);
    fixture.subscribers.insert(
        subscriber,
        SubscriberStanding {
            authorised_at: Some(at("2026-08-01 09:00")),
            ..SubscriberStanding::default()
        },
    );
    assert_eq!(visits(&fixture), 1);
}

#[test]
fn a_joint_visit_is_made_once_a_task_and_is_cancelled_when_that_is_cancelled() {
    let mut fixture = Fixture::new();
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let made = open(&fixture, std::slice::from_ref(&batch));
    let again = follow_up(
        &[AlertChange::Reopened(batch.clone())],
        &made.tasks,
        &fixture.ctx("2026-08-03 11:00"),
    );
    assert!(
        again.tasks.iter().all(|task| task.origin == Origin::Alert),
        "{again:?}"
    );
    let gone = AlertChange::Resolved(resolved(&batch, ResolvedBecause::Retracted));
    let after = follow_up(&[gone], &made.tasks, &fixture.ctx("2026-08-03 12:00"));
    assert_eq!(
        after
            .tasks
            .iter()
            .map(|task| task.state)
            .collect::<Vec<_>>(),
        [TaskState::Cancelled; 2]
    );
    let visit = made
        .tasks
        .iter()
        .find(|task| task.origin != Origin::Alert)
        .expect("a visit");
    fixture.ended.insert(visit.task_id.clone());
    assert_eq!(
        open(&fixture, &[batch]).tasks.len(),
        1,
        "it was made before, and is over"
    );
}

#[test]
fn whoever_has_a_joint_visit_is_told_that_what_it_is_for_is_gone_until_it_holds_again() {
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
    let churn = alert(group("G1"), CHURN, Warning);
    // The task goes on with another alert; or both are accepted.
    for (alerts, state) in [
        (vec![batch.clone(), churn], TaskState::Open),
        (vec![batch.clone()], TaskState::Accepted),
    ] {
        let in_state = |task| Task { state, ..task };
        let mut tasks: Vec<Task> = open(&fixture, &alerts)
            .tasks
            .into_iter()
            .map(in_state)
            .collect();
        let visit = visit_after(&gone, &tasks);
        assert_eq!(
            (visit.state, visit.system_note),
            (
                state,
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
}

#[test]
fn a_key_line_that_is_authorised_or_pre_cancelled_later_brings_one_then_once_a_task() {
    let mut fixture = Fixture::new();
    let mut tasks = open(&fixture, &[key_line()]).tasks;
    assert_eq!(tasks.len(), 1, "it is only stopped");
    fixture.subscribers.insert(key_contact(), pre_cancelled());
    let told = after(&fixture, &mut tasks, AlertChange::Updated(key_line()));
    assert_eq!((told, tasks.len()), (true, 2));
    let own = tasks.iter().find(|task| task.origin == Origin::Alert);
    assert_eq!(own.map(|task| task.version), Some(1), "no news of its own");
    let told = after(&fixture, &mut tasks, AlertChange::Updated(key_line()));
    assert_eq!((told, tasks.len()), (false, 2));
    assert_eq!(visit_of(&tasks).version, 1);
    let mut silenced = Fixture::new();
    silenced.subscribers.insert(key_contact(), pre_cancelled());
    silenced
        .observed_units
        .insert(UnitId::parse("U1").expect("id"));
    let done = follow_up(
        &[AlertChange::Updated(key_line())],
        &open(&Fixture::new(), &[key_line()]).tasks,
        &silenced.ctx(NOW),
    );
    assert_eq!(done, FollowUp::default(), "its unit observes only");
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
            "whoever has it is told that many leave too"
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
            "a batch that comes back is not told as new"
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
fn a_joint_visit_is_accepted_in_half_of_its_working_hours_also_of_tier_a() {
    let fixture = Fixture::new();
    let batch = alert(group("GA"), BATCH_LEAVE, Critical);
    for (now, accept_by, due_at) in [
        // A Monday morning, a Friday afternoon, a Saturday night.
        ("2026-08-03 10:00", "2026-08-04 10:00", "2026-08-05 10:00"),
        ("2026-08-07 16:00", "2026-08-10 16:00", "2026-08-11 16:00"),
        ("2026-08-08 23:00", "2026-08-10 18:00", "2026-08-11 18:00"),
    ] {
        let changes = [AlertChange::Opened(batch.clone())];
        let made = follow_up(&changes, &[], &fixture.ctx(now)).tasks;
        let visit = visit_of(&made);
        assert_eq!(
            (visit.accept_by, visit.due_at),
            (at(accept_by), at(due_at)),
            "{now}"
        );
    }
}

#[test]
fn a_joint_visit_whose_task_has_ended_is_told_too_that_its_cause_is_gone() {
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
        Some(SystemNote::cause_gone(
            BATCH_LEAVE,
            ResolvedBecause::Restored
        ))
    );
}
