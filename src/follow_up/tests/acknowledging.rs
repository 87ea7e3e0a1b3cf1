//! Acknowledging alerts that have no task.

use super::act::{by, churn, fixture, ops, task_of};
use super::at;
use crate::domain::alert::{Alert, AlertState};
use crate::domain::task::Step;
use crate::domain::task::StepKind;
use crate::follow_up::acknowledging::{AcknowledgeRefusal, acknowledge};
use crate::follow_up::act::Authority;

#[test]
fn an_alert_without_a_task_is_acknowledged_by_whoever_looks_after_it_or_is_above() {
    let fixture = fixture();
    let authority = Authority {
        reference: &fixture.reference,
        company_head: None,
    };
    let now = at("2026-08-03 11:00");
    for actor in [by("wang"), by("li"), by("sun"), by("zhao"), ops()] {
        let step = Step::new(now, actor.clone(), StepKind::Acknowledge);
        let acknowledged = Alert {
            state: AlertState::Acknowledged,
            acknowledged: Some(step),
            ..churn()
        };
        assert_eq!(
            acknowledge(&churn(), &[], authority, &actor, now),
            Ok(acknowledged)
        );
    }
    assert!(matches!(
        acknowledge(&churn(), &[], authority, &by("hu"), now),
        Err(AcknowledgeRefusal::NotAllowed { .. })
    ));
    let acknowledged = Alert {
        state: AlertState::Acknowledged,
        ..churn()
    };
    let again = acknowledge(&acknowledged, &[], authority, &by("wang"), now);
    assert!(matches!(
        again,
        Err(AcknowledgeRefusal::NotFiring {
            state: AlertState::Acknowledged,
            ..
        })
    ));
}

#[test]
fn an_alert_with_an_open_task_is_acknowledged_by_accepting_that() {
    let fixture = fixture();
    let (authority, task) = (
        Authority {
            reference: &fixture.reference,
            company_head: None,
        },
        task_of(&fixture, &churn()),
    );
    let refusal = acknowledge(
        &churn(),
        std::slice::from_ref(&task),
        authority,
        &by("wang"),
        at("2026-08-03 11:00"),
    )
    .expect_err("it has a task");
    assert!(
        refusal.to_string().ends_with(&format!(
            "hint: `sisan tasks accept {}` acknowledges it",
            task.task_id
        )),
        "{refusal}"
    );
}
