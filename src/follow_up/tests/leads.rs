//! The lead of a task goes on to the gravest alert that holds when the one that has it is resolved.

use super::subscribers_gone::{LINES, apply_standings, member, ported, task_of};
use super::{BATCH_LEAVE, CHURN, Fixture, about, alert, at, group, resolved};
use crate::domain::alert::{Alert, ResolvedBecause};
use crate::domain::event::Tier;
use crate::domain::indicator::Severity::{Critical, Warning};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::task::{Approval, StepCause, StepKind, Task};

const NOON: &str = "2026-08-03 12:00";

fn port_out(id: &str, opened_at: &str) -> Alert {
    let mut alert = alert(group("G1"), AlertKind::Signal(Signal::PortOut), Warning);
    (alert.key.subject, alert.opened_at) = (about(id), at(opened_at));
    alert
}

/// The task after its alerts have become these, if it changes.
fn after(fixture: &Fixture, task: &Task, alerts: &[Alert]) -> Option<Task> {
    apply_standings(fixture, task, alerts, NOON).tasks.pop()
}

#[test]
fn a_batch_that_has_come_back_gives_the_lead_to_the_newest_line_that_holds_and_no_more_time() {
    let fixture = Fixture::new();
    let [older, newer] = [
        port_out("13800000001", "2026-08-03 08:00"),
        port_out("13800000002", "2026-08-03 09:00"),
    ];
    let alone = task_of(&fixture, std::slice::from_ref(&newer));
    let batch = alert(group("G1"), BATCH_LEAVE, Critical);
    let task = task_of(&fixture, &[older.clone(), newer.clone(), batch.clone()]);
    assert_ne!(task.means, alone.means);
    let alerts = [
        older,
        newer.clone(),
        resolved(&batch, ResolvedBecause::Restored),
    ];
    let handed_on = after(&fixture, &task, &alerts).expect("it changes");
    assert_eq!(
        (&handed_on.item, &handed_on.means, &handed_on.checks),
        (&alone.item, &alone.means, &alone.checks)
    );
    assert_eq!(
        (handed_on.due_at, handed_on.severity),
        (task.due_at, Critical)
    );
    let last = handed_on.steps.last().expect("its history says so");
    let cause = StepCause::LeadResolved(newer.alert_id(), newer.key.kind);
    assert_eq!(
        (last.what, &last.cause),
        (StepKind::PlanChanged, &Some(cause))
    );
    assert_eq!(after(&fixture, &handed_on, &alerts), None, "once");
}

#[test]
fn a_lead_whose_subscriber_has_gone_gives_way_to_one_that_is_back() {
    let mut fixture = Fixture::new();
    let lost = |id, opened_at| resolved(&port_out(id, opened_at), ResolvedBecause::Lost);
    let [older, newer] = [
        lost("13800000001", "2026-08-03 08:00"),
        lost("13800000002", "2026-08-03 09:00"),
    ];
    let task = task_of(
        &fixture,
        &[
            port_out("13800000001", "2026-08-03 08:00"),
            port_out("13800000002", "2026-08-03 09:00"),
        ],
    );
    let leads = |task: &Task| task.lead.as_ref().map(|lead| lead.alert_id.clone());
    assert_eq!(leads(&task), Some(newer.alert_id()));
    let alerts = [older.clone(), newer.clone()];
    for (gone, lead) in [
        (&["13800000002"][..], &older),
        (&["13800000001"], &newer),
        (&["13800000001", "13800000002"], &newer),
    ] {
        for id in LINES {
            if gone.contains(&id) {
                ported(&mut fixture, id);
            } else {
                member(&mut fixture, id);
            }
        }
        let now = after(&fixture, &task, &alerts).unwrap_or_else(|| task.clone());
        assert_eq!(leads(&now), Some(lead.alert_id()), "gone: {gone:?}");
    }
}

#[test]
fn a_month_that_has_ended_or_a_lead_that_is_the_last_keeps_the_plan() {
    let fixture = Fixture::new();
    let (line, churn) = (
        port_out("13800000001", "2026-08-03 08:00"),
        alert(group("G1"), CHURN, Warning),
    );
    let task = task_of(&fixture, &[line.clone(), churn.clone()]);
    assert_eq!(
        task.lead.as_ref().map(|lead| &lead.alert_id),
        Some(&churn.alert_id())
    );
    for alerts in [
        [line.clone(), resolved(&churn, ResolvedBecause::MonthEnded)],
        [
            resolved(&line, ResolvedBecause::Withdrawn),
            resolved(&churn, ResolvedBecause::Recovered),
        ],
    ] {
        assert_eq!(after(&fixture, &task, &alerts), None);
    }
}

#[test]
fn an_answer_that_is_no_longer_wanted_leaves_the_time_that_was_left_when_it_was_asked_for() {
    let mut fixture = Fixture::new();
    fixture.group("G1", |group| group.tier = Tier::A);
    let (line, churn) = (
        port_out("13800000001", "2026-08-03 08:00"),
        alert(group("G1"), CHURN, Warning),
    );
    let task = task_of(&fixture, &[line.clone(), churn.clone()]);
    assert_eq!(
        (task.approval, task.asked_at),
        (Approval::Requested, Some(at("2026-08-03 10:00")))
    );
    let alerts = [line, resolved(&churn, ResolvedBecause::Recovered)];
    let handed_on = after(&fixture, &task, &alerts).expect("it changes");
    assert_eq!(
        (handed_on.approval, handed_on.asked_at),
        (Approval::None, None)
    );
    // Two working hours have passed since the question.
    assert_eq!(
        (task.due_at, handed_on.due_at),
        (at("2026-08-04 17:00"), at("2026-08-05 10:00"))
    );
}
