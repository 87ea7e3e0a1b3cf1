//! Alerts that make no task for now, joint visits, and the port-out guard on tasks.

use super::{
    BATCH_LEAVE, CHURN, KEY_LINE, LOSS, World, about, alert, at, day, group, manager_id, to, unit,
};
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::ids::{SubscriberId, UnitId};
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::LocalDay;
use crate::domain::mail::NoticeTopic;
use crate::domain::silence::Silence;
use crate::domain::task::{
    Actor, Approval, Means, Origin, PlanKind, Resource, SystemNote, Task, TaskState, TaskTitle,
};
use crate::follow_up::guard::SubscriberStanding;
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

const NOW: &str = "2026-08-03 10:00";
const LINE: &str = "13800008000";

fn open(world: &World, alerts: &[Alert]) -> FollowUp {
    let changes: Vec<_> = alerts.iter().cloned().map(AlertChange::Opened).collect();
    follow_up(&changes, &[], &world.ctx(NOW))
}

fn silence(scope: Scope, kind: Option<AlertKind>, until: &str) -> Silence {
    let made_at = at("2026-08-01 09:00");
    let silence_id = Silence::id_of(&scope, kind, made_at);
    let (reason, by) = ("搬迁".to_owned(), Actor::default());
    Silence {
        silence_id,
        scope,
        kind,
        reason,
        until: LocalDay::from_date(day(until)),
        by,
        made_at,
    }
}

/// A firing alert about a key contact's line.
fn key_line() -> Alert {
    let mut alert = alert(group("GA"), KEY_LINE, Critical);
    alert.key.subject = about(LINE);
    alert
}

#[test]
fn a_silence_stops_tasks_of_its_scope_and_kind_up_to_its_last_day() {
    let mut world = World::new();
    let churn = alert(group("G1"), CHURN, Warning);
    for (silence, is_suppressed) in [
        (silence(group("G1"), None, "2026-08-03"), true),
        (silence(group("G1"), Some(CHURN), "2026-08-03"), true),
        (silence(unit(), Some(CHURN), "2026-08-03"), true),
        (silence(group("G1"), Some(LOSS), "2026-08-03"), false),
        (silence(group("GA"), None, "2026-08-03"), false),
        (silence(group("G1"), None, "2026-08-02"), false),
    ] {
        world.silences = vec![silence.clone()];
        let made = open(&world, std::slice::from_ref(&churn));
        assert_eq!(made == FollowUp::default(), is_suppressed, "{silence:?}");
    }
}

#[test]
fn a_unit_that_observes_makes_no_tasks_of_its_own_or_of_its_groups() {
    let mut world = World::new();
    world
        .observed_units
        .insert(UnitId::parse("U1").expect("an id"));
    assert_eq!(
        open(
            &world,
            &[
                alert(group("G1"), CHURN, Warning),
                alert(unit(), CHURN, Warning)
            ]
        ),
        FollowUp::default()
    );
    assert_eq!(
        open(&world, &[alert(Scope::Company, CHURN, Warning)])
            .tasks
            .len(),
        1,
        "the company is no unit"
    );
}

#[test]
fn batch_leave_brings_a_joint_visit_with_the_nearest_chief_up_the_supervisors() {
    let mut world = World::new();
    world.manager("wang", |manager| {
        manager.supervisor_id = Some(manager_id("li"))
    });
    world.manager("li", |manager| {
        manager.supervisor_id = Some(manager_id("sun"))
    });
    world.manager("sun", |manager| manager.chief = true);
    let made = open(&world, &[alert(group("G1"), BATCH_LEAVE, Critical)]);
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
    let world = World::new();
    let sized = |k| {
        let mut batch = alert(group("G1"), BATCH_LEAVE, Critical);
        (batch.explanation.k, batch.explanation.churned) = (k, Some(k - 1));
        batch
    };
    let made = open(&world, &[sized(4)]).tasks;
    let title_after = |tasks: &[Task], change| {
        let done = follow_up(&[change], tasks, &world.ctx("2026-08-04 10:00"));
        let mut visits = done.tasks.into_iter();
        visits
            .find(|task| task.origin.plan() == Some(PlanKind::JointVisit))
            .map(|task| (task.title, task.version))
    };
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
    assert_eq!(title_after(&over, AlertChange::Updated(sized(9))), None);
}

#[test]
fn a_key_line_brings_one_once_it_is_authorised_or_pre_cancelled() {
    let mut world = World::new();
    let visits = |world: &World| open(world, &[key_line()]).tasks.len() - 1;
    assert_eq!(visits(&world), 0, "a mere suspension");
    let subscriber = SubscriberId::parse(LINE).expect("an id");
    world.subscribers.insert(
        subscriber.clone(),
        SubscriberStanding {
            pre_cancelled: true,
            ..SubscriberStanding::default()
        },
    );
    assert_eq!(visits(&world), 1);
    world.subscribers.insert(
        subscriber,
        SubscriberStanding {
            authorised_at: Some(at("2026-08-01 09:00")),
            ..SubscriberStanding::default()
        },
    );
    assert_eq!(visits(&world), 1);
}

#[test]
fn a_joint_visit_is_made_once_a_task_and_stays_home_when_that_is_cancelled() {
    let mut world = World::new();
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let made = open(&world, std::slice::from_ref(&batch));
    let again = follow_up(
        &[AlertChange::Reopened(batch.clone())],
        &made.tasks,
        &world.ctx("2026-08-03 11:00"),
    );
    assert!(
        again.tasks.iter().all(|task| task.origin == Origin::Alert),
        "{again:?}"
    );
    let gone = AlertChange::Resolved(super::resolved(&batch, ResolvedBecause::Retracted));
    let after = follow_up(&[gone], &made.tasks, &world.ctx("2026-08-03 12:00"));
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
    world.ended.insert(visit.task_id.clone());
    assert_eq!(
        open(&world, &[batch]).tasks.len(),
        1,
        "it was made before, and is over"
    );
}

#[test]
fn whoever_has_a_joint_visit_is_told_that_what_it_is_for_is_gone_until_it_holds_again() {
    let world = World::new();
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let gone = AlertChange::Resolved(super::resolved(&batch, ResolvedBecause::Restored));
    let visit_after = |change: &AlertChange, tasks: &[Task]| {
        let change = std::slice::from_ref(change);
        let done = follow_up(change, tasks, &world.ctx("2026-08-03 12:00"));
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
        let mut tasks: Vec<Task> = open(&world, &alerts)
            .tasks
            .into_iter()
            .map(in_state)
            .collect();
        let visit = visit_after(&gone, &tasks);
        assert_eq!(
            (visit.state, visit.system_note),
            (
                state,
                Some(SystemNote::CauseGone(ResolvedBecause::Restored))
            )
        );
        tasks.retain(|task| task.origin == Origin::Alert);
        tasks.push(visit);
        let again = visit_after(&AlertChange::Reopened(batch.clone()), &tasks);
        assert_eq!(again.system_note, None);
    }
}

#[test]
fn once_a_member_is_authorised_offer_and_negotiation_are_withheld_and_recorded() {
    let mut world = World::new();
    let mut churn = alert(group("GA"), CHURN, Warning);
    churn.members = vec![SubscriberId::parse(LINE).expect("an id")];
    let task_of = |world: &World| {
        open(world, std::slice::from_ref(&churn))
            .tasks
            .into_iter()
            .find(|task| task.origin == Origin::Alert)
    };
    let free = task_of(&world).expect("made");
    assert_eq!(
        (free.approval, free.means.contains(&Means::Negotiation)),
        (Approval::Requested, true)
    );
    let subscriber = SubscriberId::parse(LINE).expect("an id");
    world.subscribers.insert(
        subscriber.clone(),
        SubscriberStanding {
            authorised_at: Some(at("2026-07-20 09:00")),
            ..SubscriberStanding::default()
        },
    );
    let guarded = task_of(&world).expect("made");
    assert!(
        !guarded.means.contains(&Means::Negotiation)
            && !guarded.resources.contains(&Resource::Offer),
        "{guarded:?}"
    );
    assert_eq!(
        (&guarded.withheld_means[..], &guarded.withheld_resources[..]),
        (&[Means::Negotiation][..], &[Resource::Offer][..])
    );
    assert_eq!(
        (guarded.approval, guarded.asked_at),
        (Approval::None, None),
        "nothing is left to ask for"
    );
    world.subscribers.insert(
        subscriber,
        SubscriberStanding {
            authorised_at: Some(at("2026-07-04 09:00")),
            ..SubscriberStanding::default()
        },
    );
    assert_eq!(
        task_of(&world).expect("made").withheld_means,
        [],
        "thirty days later the guard has ended"
    );
}
