//! Joint visits: when they begin, how they are called, and what is noted on them.

use super::{BATCH_LEAVE, Fixture, KEY_LINE, about, alert, at, group, manager_id, resolved, to};
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::ids::{SubscriberId, UnitId};
use crate::domain::indicator::Severity::Critical;
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{Origin, PlanKind, Task, TaskState, TaskTitle};
use crate::follow_up::guard::SubscriberStanding;
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

pub(super) const NOW: &str = "2026-08-03 10:00";
const LINE: &str = "13800008000";

pub(super) fn open(fixture: &Fixture, alerts: &[Alert]) -> FollowUp {
    let changes: Vec<_> = alerts.iter().cloned().map(AlertChange::Opened).collect();
    follow_up(&changes, &[], &fixture.ctx(NOW))
}

pub(super) fn key_contact() -> SubscriberId {
    SubscriberId::parse(LINE).expect("an id")
}

pub(super) fn key_line() -> Alert {
    let mut alert = alert(group("GA"), KEY_LINE, Critical);
    alert.key.subject = about(LINE);
    alert
}

pub(super) fn pre_cancelled() -> SubscriberStanding {
    SubscriberStanding {
        pre_cancelled: true,
        ..SubscriberStanding::default()
    }
}

pub(super) fn with_state(task: Task, state: TaskState) -> Task {
    Task { state, ..task }
}

/// The visit among tasks.
pub(super) fn visit_of(tasks: &[Task]) -> &Task {
    let mut visits = tasks.iter();
    visits
        .find(|task| task.origin != Origin::Alert)
        .expect("a visit")
}

/// The tasks with what a change made of them, and whether anybody is notified of the visit.
pub(super) fn after(fixture: &Fixture, tasks: &mut Vec<Task>, change: AlertChange) -> bool {
    let done = follow_up(&[change], &*tasks, &fixture.ctx("2026-08-03 12:00"));
    for task in done.tasks {
        tasks.retain(|old| old.task_id != task.task_id);
        tasks.push(task);
    }
    let visit = NoticeTopic::Task(visit_of(tasks).task_id.clone());
    done.notices.iter().any(|notice| notice.topic == visit)
}

pub(super) fn gone(alert: &Alert, because: ResolvedBecause) -> AlertChange {
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
    let visit = visit_of(&over);
    later
        .ended
        .insert(visit.task_id.clone(), Some(visit.clone()));
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
    for ended in [None, Some(with_state(visit.clone(), TaskState::Done))] {
        fixture.ended.insert(visit.task_id.clone(), ended);
        assert_eq!(
            open(&fixture, std::slice::from_ref(&batch)).tasks.len(),
            1,
            "it was made before, and is over"
        );
    }
}

#[test]
fn a_key_line_that_is_authorised_or_pre_cancelled_later_brings_one_then_once_a_task() {
    let mut fixture = Fixture::new();
    let mut tasks = open(&fixture, &[key_line()]).tasks;
    assert_eq!(tasks.len(), 1, "it is only stopped");
    fixture.subscribers.insert(key_contact(), pre_cancelled());
    let notified = after(&fixture, &mut tasks, AlertChange::Updated(key_line()));
    assert_eq!((notified, tasks.len()), (true, 2));
    let own = tasks.iter().find(|task| task.origin == Origin::Alert);
    assert_eq!(own.map(|task| task.version), Some(1), "no news of its own");
    let notified = after(&fixture, &mut tasks, AlertChange::Updated(key_line()));
    assert_eq!((notified, tasks.len()), (false, 2));
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
