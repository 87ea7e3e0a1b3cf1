//! Tasks whose subscribers have gone: the clock is stopped, and no delay is escalated.

use std::collections::BTreeMap;

use super::act::fixture;
use super::results_of_gone::{close, reason};
use super::{BATCH_LEAVE, Fixture, about, alert, at, group, resolved, to};
use crate::domain::alert::{Alert, AlertChange, AlertId, ResolvedBecause};
use crate::domain::event::Status;
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::task::{Approval, EscalationReason, Means, StepKind, Task, TaskResult};
use crate::domain::timeline::{Departure, SubscriberNow, SubscriberTrouble};
use crate::follow_up::guard::SubscriberStanding;
use crate::follow_up::sweep::{AlertsById, SweepRules, adapt_each, escalate_late, next_late};
use crate::follow_up::task_subscribers::as_subscriber_stands;
use crate::follow_up::tasks::{FollowUp, follow_up};

const MONDAY_10: &str = "2026-08-03 10:00";
pub(super) const LINES: [&str; 2] = ["13800000001", "13800000002"];

pub(super) fn subscriber(id: &str) -> SubscriberId {
    SubscriberId::parse(id).expect("an id")
}

/// A port-out alert of `G1` about a subscriber.
pub(super) fn port_out(id: &str) -> Alert {
    let mut alert = alert(
        group("G1"),
        AlertKind::Signal(Signal::PortOut),
        Severity::Warning,
    );
    (alert.key.subject, alert.members) = (about(id), vec![subscriber(id)]);
    alert
}

pub(super) fn stands(fixture: &mut Fixture, id: &str, now: SubscriberNow) {
    fixture.subscribers.insert(
        subscriber(id),
        SubscriberStanding {
            now,
            ..SubscriberStanding::default()
        },
    );
}

pub(super) fn member(fixture: &mut Fixture, id: &str) {
    stands(
        fixture,
        id,
        SubscriberNow {
            member_of: GroupId::parse("G1").ok(),
            ..SubscriberNow::default()
        },
    );
}

pub(super) fn ported(fixture: &mut Fixture, id: &str) {
    stands(
        fixture,
        id,
        SubscriberNow {
            status: Status::PortedOut,
            ..SubscriberNow::default()
        },
    );
}

fn by_id(alerts: &[Alert]) -> BTreeMap<AlertId, Alert> {
    alerts
        .iter()
        .map(|alert| (alert.alert_id(), alert.clone()))
        .collect()
}

/// The task of some alerts, all of one group.
pub(super) fn task_of(fixture: &Fixture, alerts: &[Alert]) -> Task {
    let changes: Vec<AlertChange> = alerts.iter().cloned().map(AlertChange::Opened).collect();
    let tasks = follow_up(&changes, &[], &fixture.ctx(MONDAY_10)).tasks;
    Task {
        due_at: at("2026-08-04 17:00"),
        ..tasks
            .into_iter()
            .find(|task| !task.alert_ids.is_empty())
            .expect("a task")
    }
}

pub(super) fn apply_standings(
    fixture: &Fixture,
    task: &Task,
    alerts: &[Alert],
    now: &str,
) -> FollowUp {
    let alerts = by_id(alerts);
    let alerts: AlertsById<'_> = alerts.iter().collect();
    adapt_each([task], &alerts, &fixture.ctx(now))
}

fn after(fixture: &Fixture, task: &Task, alerts: &[Alert], now: &str) -> Task {
    apply_standings(fixture, task, alerts, now)
        .tasks
        .into_iter()
        .next()
        .expect("it changes")
}

#[test]
fn when_the_last_of_its_lines_goes_the_clock_stops_and_goes_on_with_what_was_left_when_one_is_back()
{
    let (mut fixture, alerts) = (fixture(), LINES.map(port_out));
    LINES.iter().for_each(|id| member(&mut fixture, id));
    let task = task_of(&fixture, &alerts);
    assert_eq!(task.due(), Some(at("2026-08-04 17:00")));
    ported(&mut fixture, LINES[0]);
    assert_eq!(
        apply_standings(&fixture, &task, &alerts, "2026-08-03 11:00"),
        FollowUp::default(),
        "one of the two is still here"
    );
    ported(&mut fixture, LINES[1]);
    let lost = after(&fixture, &task, &alerts, "2026-08-03 12:00");
    assert_eq!(
        (lost.due(), lost.gone_at),
        (None, Some(at("2026-08-03 12:00")))
    );
    assert!(!lost.is_overdue(at("2026-08-20 12:00")));
    assert_eq!(
        lost.steps.last().map(|step| step.what),
        Some(StepKind::SubscribersGone)
    );
    assert_eq!(
        apply_standings(&fixture, &lost, &alerts, "2026-08-03 13:00"),
        FollowUp::default(),
        "once"
    );
    member(&mut fixture, LINES[1]);
    let back = after(&fixture, &lost, &alerts, "2026-08-10 09:00");
    assert_eq!(
        (back.due(), back.gone_at),
        (Some(at("2026-08-11 14:00")), None),
        "fourteen hours were left"
    );
}

#[test]
fn when_some_lines_have_gone_and_the_others_are_settled_only_the_reason_is_asked_for() {
    let mut fixture = fixture();
    let alerts = |because| [port_out(LINES[0]), resolved(&port_out(LINES[1]), because)];
    ported(&mut fixture, LINES[0]);
    member(&mut fixture, LINES[1]);
    let task = task_of(&fixture, &LINES.map(port_out));
    let lapsed = alerts(ResolvedBecause::Lapsed);
    assert_eq!(
        apply_standings(&fixture, &task, &lapsed, "2026-08-03 12:00"),
        FollowUp::default(),
        "what has merely lapsed may still be meant"
    );
    let withdrawn = alerts(ResolvedBecause::Withdrawn);
    let asked = after(&fixture, &task, &withdrawn, "2026-08-03 12:00");
    assert_eq!(asked.due(), None);
    let again = after(&fixture, &asked, &LINES.map(port_out), "2026-08-03 13:00");
    assert!(again.due().is_some(), "its code was asked for again");
    for result in [TaskResult::PartlyRetained, TaskResult::Lost] {
        assert!(close(&fixture, &asked, &withdrawn, reason(result)).is_ok());
    }
}

#[test]
fn another_lines_alert_starts_the_clock_of_a_task_whose_lines_have_gone_and_brings_none_back() {
    let (mut fixture, alerts) = (fixture(), [port_out(LINES[0])]);
    ported(&mut fixture, LINES[0]);
    let lost = after(
        &fixture,
        &task_of(&fixture, &alerts),
        &alerts,
        "2026-08-03 12:00",
    );
    assert!(lost.gone_at.is_some());
    let joined = |fixture: &Fixture| {
        let opened = [AlertChange::Opened(port_out(LINES[1]))];
        let ctx = fixture.ctx("2026-08-04 10:00");
        let tasks = follow_up(&opened, [&lost], &ctx).tasks;
        tasks.into_iter().next().expect("it joins")
    };
    let last = |task: &Task| task.steps.last().map(|step| step.what);
    ported(&mut fixture, LINES[1]);
    let still = joined(&fixture);
    assert_eq!((still.gone_at, last(&still)), (lost.gone_at, last(&lost)));
    member(&mut fixture, LINES[1]);
    let again = joined(&fixture);
    assert_eq!(
        (again.gone_at, last(&again)),
        (None, Some(StepKind::ClockResumed))
    );
    assert!(again.due().is_some_and(|due| due > at("2026-08-04 10:00")));
}

#[test]
fn the_loss_of_a_locked_number_starts_the_clock_of_a_task_whose_lines_have_gone() {
    let (mut fixture, alerts) = (fixture(), [port_out(LINES[0])]);
    LINES.iter().for_each(|id| ported(&mut fixture, id));
    let task = task_of(&fixture, &alerts);
    let lost = after(&fixture, &task, &alerts, "2026-08-03 12:00");
    assert_eq!(lost.due(), None);
    let mut locked = port_out(LINES[1]);
    locked.key.kind = AlertKind::Signal(Signal::LockedNumberLost);
    let opened = [AlertChange::Opened(locked)];
    let joined = follow_up(&opened, [&lost], &fixture.ctx("2026-08-20 10:00")).tasks;
    assert_eq!(joined[0].gone_at, lost.gone_at, "none is back");
    assert!(joined[0].due() > Some(at("2026-08-20 10:00")));
    let last = joined[0].steps.iter().map(|step| step.what).next_back();
    assert_eq!(last, Some(StepKind::ClockResumed));
    let later = "2026-08-28 17:00";
    let late = escalate_late(
        [&joined[0]].into_iter(),
        SweepRules::default(),
        &fixture.ctx(later),
    );
    let why = late.tasks[0].escalated.last().map(|one| one.why);
    assert_eq!(why, Some(EscalationReason::Overdue));
}

#[test]
fn nobody_hears_that_a_task_without_lines_is_late_unless_its_reason_is_wanted_in_time() {
    let (mut fixture, alerts) = (fixture(), [port_out(LINES[0])]);
    ported(&mut fixture, LINES[0]);
    let lost = after(
        &fixture,
        &task_of(&fixture, &alerts),
        &alerts,
        "2026-08-03 10:01",
    );
    assert_eq!(
        next_late(
            [&lost].into_iter(),
            SweepRules::default(),
            &fixture.ctx("2026-08-03 10:02")
        ),
        None
    );
    let late = |task: &Task| {
        let rules = SweepRules::default();
        escalate_late([task].into_iter(), rules, &fixture.ctx("2026-08-04 16:00"))
    };
    let critical = Task {
        severity: Severity::Critical,
        ..lost
    };
    assert_eq!(late(&critical), FollowUp::default());
    let locked = Task {
        due_while_gone: true,
        ..critical
    };
    let escalated = late(&locked);
    let why: Vec<EscalationReason> = escalated.tasks[0]
        .escalated
        .iter()
        .map(|one| one.why)
        .collect();
    assert_eq!(
        (why, &escalated.notices[0].assignee),
        (vec![EscalationReason::NotAccepted], &to("sun"))
    );
}

#[test]
fn a_task_about_the_customer_has_something_to_keep_whoever_left() {
    let mut fixture = fixture();
    let mut batch = alert(group("G1"), BATCH_LEAVE, Severity::Critical);
    batch.members = LINES.map(subscriber).to_vec();
    LINES.iter().for_each(|id| ported(&mut fixture, id));
    let task = task_of(&fixture, std::slice::from_ref(&batch));
    assert_eq!(
        apply_standings(&fixture, &task, &[batch], "2026-08-03 12:00"),
        FollowUp::default()
    );
}

#[test]
fn what_waits_for_an_answer_asks_nobody_once_its_lines_have_gone_and_again_when_one_is_back() {
    let (mut fixture, alerts) = (fixture(), [port_out(LINES[0])]);
    member(&mut fixture, LINES[0]);
    let task = task_of(&fixture, &alerts);
    let asks = Task {
        means: vec![Means::Negotiation],
        approval: Approval::Requested,
        asked_at: Some(at(MONDAY_10)),
        ..task
    };
    ported(&mut fixture, LINES[0]);
    let lost = after(&fixture, &asks, &alerts, "2026-08-03 12:00");
    assert_eq!((lost.approval, lost.asked_at), (Approval::None, None));
    member(&mut fixture, LINES[0]);
    let back = apply_standings(&fixture, &lost, &alerts, "2026-08-04 09:00");
    assert_eq!(
        (back.tasks[0].approval, back.tasks[0].asked_at),
        (Approval::Requested, Some(at("2026-08-04 09:00")))
    );
    assert_eq!(back.notices.len(), 1, "whoever is above is asked");
}

#[test]
fn an_alert_is_told_by_how_its_line_stands_now_and_not_by_what_was_stored_of_it() {
    let trouble = |now: Option<Status>, stored, because| {
        let mut fixture = fixture();
        match now {
            Some(status) => stands(
                &mut fixture,
                LINES[0],
                SubscriberNow {
                    member_of: GroupId::parse("G1").ok(),
                    status,
                    ..SubscriberNow::default()
                },
            ),
            None => ported(&mut fixture, LINES[0]),
        }
        let mut alert = port_out(LINES[0]);
        (alert.explanation.trouble, alert.resolved_because) = (stored, because);
        as_subscriber_stands(&mut alert, &fixture.subscribers);
        alert.explanation.trouble
    };
    let gone = Some(SubscriberTrouble::Gone(Departure::Cancelled));
    let pre_cancelled = Some(SubscriberTrouble::PreCancelled { for_arrears: false });
    let in_base = |status| Some(SubscriberTrouble::InBase(status));
    let [lost, recovered] = [ResolvedBecause::Lost, ResolvedBecause::Recovered].map(Some);
    for (now, stored, because, expected) in [
        (Some(Status::Active), gone, lost, in_base(Status::Active)),
        (Some(Status::Active), gone, None, in_base(Status::Active)),
        (
            Some(Status::Active),
            gone,
            Some(ResolvedBecause::Retracted),
            None,
        ),
        (
            Some(Status::Suspended),
            pre_cancelled,
            recovered,
            in_base(Status::Suspended),
        ),
        (
            Some(Status::PreCancelled),
            pre_cancelled,
            None,
            pre_cancelled,
        ),
        (
            None,
            pre_cancelled,
            recovered,
            Some(SubscriberTrouble::Gone(Departure::PortedOut)),
        ),
    ] {
        assert_eq!(
            trouble(now, stored, because),
            expected,
            "{now:?} {stored:?} {because:?}"
        );
    }
}
