//! The gravest of a task's alerts gives it its playbook.

use super::act::{by, done, fixture};
use super::{BATCH_LEAVE, CHURN, Fixture, KEY_LINE, LOSS, about, alert, at, checked, group};
use crate::domain::alert::{Alert, AlertChange};
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::task::{Approval, ItemKind, Means, Task, TaskState};
use crate::domain::task::{StepCause, StepKind};
use crate::follow_up::act::Action;
use crate::follow_up::tasks::{FollowUp, follow_up};

const MONDAY_10: &str = "2026-08-03 10:00";

fn port_out(id: &str) -> Alert {
    let mut alert = alert(group("G1"), AlertKind::Signal(Signal::PortOut), Warning);
    alert.key.subject = about(id);
    alert
}

fn raised(fixture: &Fixture, alerts: &[Alert], open: &[Task], now: &str) -> FollowUp {
    let changes: Vec<AlertChange> = alerts.iter().cloned().map(AlertChange::Opened).collect();
    follow_up(&changes, open, &fixture.ctx(now))
}

fn task(fixture: &Fixture, alerts: &[Alert], open: &[Task], now: &str) -> Task {
    let mut tasks = raised(fixture, alerts, open, now).tasks;
    tasks.retain(|task| !task.alert_ids.is_empty());
    tasks.pop().expect("a task of alerts")
}

#[test]
fn a_batch_of_leavers_takes_over_the_task_that_one_lines_query_began() {
    let fixture = Fixture::new();
    let begun = task(&fixture, &[port_out("13800000001")], &[], MONDAY_10);
    assert_eq!(
        (begun.item.kind(), begun.means.as_slice()),
        (ItemKind::Retention, &[Means::Call][..])
    );
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let now = task(
        &fixture,
        std::slice::from_ref(&batch),
        std::slice::from_ref(&begun),
        "2026-08-03 11:00",
    );
    assert_eq!(
        (now.task_id, now.item.kind(), now.means.as_slice()),
        (
            begun.task_id,
            ItemKind::Visit,
            &[Means::Visit, Means::Call][..]
        )
    );
    assert!(
        checked(&now.checks[0]).contains("集中离开")
            && now.checks.iter().all(|check| !begun.checks.contains(check)),
        "{:?}",
        now.checks
    );
    assert_eq!(
        (now.due_at, now.lead.as_ref().map(|lead| &lead.alert_id)),
        (begun.due_at, Some(&batch.alert_id())),
        "never later than before"
    );
    let last = now.steps.last().expect("its history says so");
    assert_eq!(
        (last.what, &last.cause),
        (
            StepKind::PlanChanged,
            &Some(StepCause::Lead(batch.alert_id(), batch.key.kind))
        )
    );
}

#[test]
fn a_due_time_that_has_passed_is_that_of_the_graver_alert() {
    let fixture = Fixture::new();
    let begun = task(&fixture, &[port_out("13800000001")], &[], MONDAY_10);
    let late = task(
        &fixture,
        &[alert(group("G1"), BATCH_LEAVE, Critical)],
        std::slice::from_ref(&begun),
        "2026-08-05 10:00",
    );
    assert_eq!(
        (begun.due_at, late.due_at),
        (at("2026-08-03 14:00"), at("2026-08-05 14:00"))
    );
}

#[test]
fn by_urgency_then_what_is_about_the_customer_then_the_newest() {
    let fixture = Fixture::new();
    let later = |alert: Alert| Alert {
        opened_at: at("2026-08-03 11:00"),
        ..alert
    };
    let mut key_line = alert(group("G1"), KEY_LINE, Critical);
    key_line.key.subject = about("13800008000");
    let cases = [
        (
            port_out("13800000001"),
            later(alert(group("G1"), CHURN, Warning)),
            true,
        ),
        (
            alert(group("G1"), CHURN, Warning),
            later(port_out("13800000001")),
            false,
        ),
        (
            alert(group("G1"), BATCH_LEAVE, Critical),
            later(key_line.clone()),
            false,
        ),
        (
            key_line,
            later(alert(group("G1"), BATCH_LEAVE, Critical)),
            true,
        ),
        (
            alert(group("G1"), CHURN, Warning),
            later(alert(group("G1"), LOSS, Warning)),
            true,
        ),
        (
            alert(group("G1"), BATCH_LEAVE, Critical),
            later(alert(group("G1"), LOSS, Warning)),
            false,
        ),
    ];
    for (first, second, leads) in cases {
        let begun = task(&fixture, std::slice::from_ref(&first), &[], MONDAY_10);
        let joined = task(
            &fixture,
            std::slice::from_ref(&second),
            &[begun],
            "2026-08-03 11:00",
        );
        let expected = if leads { &second } else { &first };
        assert_eq!(
            joined.lead.map(|lead| lead.alert_id),
            Some(expected.alert_id()),
            "{:?} after {:?}",
            second.key.kind,
            first.key.kind
        );
    }
}

#[test]
fn what_was_approved_is_asked_again_where_the_means_changed_and_only_there() {
    let mut fixture = fixture();
    fixture.group("G1", |group| group.tier = crate::domain::event::Tier::A);
    let begun = task(
        &fixture,
        &[alert(group("G1"), CHURN, Warning)],
        &[],
        MONDAY_10,
    );
    assert_eq!(begun.approval, Approval::Requested);
    let approved = done(
        &fixture,
        &begun,
        Action::Approve { note: None },
        &by("sun"),
        "2026-08-03 10:30",
    )
    .expect("approved")
    .task;
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let asked = raised(
        &fixture,
        std::slice::from_ref(&batch),
        std::slice::from_ref(&approved),
        "2026-08-03 11:00",
    );
    let other = asked
        .tasks
        .iter()
        .find(|task| task.task_id == approved.task_id)
        .expect("it changes");
    assert_ne!(other.resources, approved.resources);
    assert_eq!(
        (other.approval, other.asked_at),
        (Approval::Requested, Some(at("2026-08-03 11:00")))
    );
    let accepted = Task {
        state: TaskState::Accepted,
        approval: Approval::Approved,
        asked_at: None,
        ..other.clone()
    };
    let newer = Alert {
        opened_at: at("2026-08-03 12:00"),
        ..batch
    };
    let again = raised(&fixture, &[newer], &[accepted], "2026-08-03 12:00");
    assert!(
        again
            .tasks
            .iter()
            .filter(|task| task.lead.is_some())
            .all(|task| task.approval == Approval::Approved),
        "the same means are not asked again: {again:?}"
    );
}
