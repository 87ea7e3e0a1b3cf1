//! What is late is escalated, in a sweep and between two.

use super::contacts::contact;
use super::sweep::{sweep_once, wanted_at};
use super::{CHURN, Fixture, alert, at, day, group, to};
use crate::domain::ids::ContactId;
use crate::domain::indicator::Severity::Warning;
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{Approval, EscalationReason, Task, TaskState};
use crate::follow_up::sweep::{SweepRules, escalate_late};
use crate::follow_up::tasks::{AlertChange, FollowUp, follow_up};

#[test]
fn at_six_a_promise_that_is_not_kept_goes_to_the_supervisor() {
    let mut fixture = Fixture::new();
    fixture.put_at(
        at("2026-08-03 10:00"),
        contact("C1", |contact| {
            contact.promised_on = Some(day("2026-08-03"))
        }),
    );
    let open = wanted_at(&fixture, "2026-08-03 10:30");
    assert_eq!(
        sweep_once(&fixture, &open, Vec::new(), "2026-08-03 12:00").notices,
        [],
        "not before"
    );
    let late = sweep_once(&fixture, &open, Vec::new(), "2026-08-03 18:00");
    let shown = late
        .notices
        .iter()
        .map(|notice| (&notice.topic, &notice.assignee))
        .collect::<Vec<_>>();
    assert_eq!(
        shown,
        [(
            &NoticeTopic::Escalation(open[0].task_id.clone(), EscalationReason::Overdue),
            &to("zhao")
        )]
    );
    assert_eq!(
        sweep_once(&fixture, &late.tasks, Vec::new(), "2026-08-03 18:30"),
        FollowUp::default(),
        "notified once"
    );
}

#[test]
fn not_accepted_in_time_goes_to_the_supervisor_and_overdue_again() {
    let fixture = Fixture::new();
    let open = follow_up(
        &[AlertChange::Opened(alert(group("G1"), CHURN, Warning))],
        &[],
        &fixture.ctx("2026-08-03 10:00"),
    )
    .tasks;
    let first = sweep_once(&fixture, &open, Vec::new(), "2026-08-03 18:00");
    assert_eq!(
        first.tasks[0]
            .escalated
            .iter()
            .map(|one| one.why)
            .collect::<Vec<_>>(),
        [EscalationReason::NotAccepted]
    );
    let second = sweep_once(&fixture, &first.tasks, Vec::new(), "2026-08-04 17:00");
    assert_eq!(
        second.tasks[0]
            .escalated
            .iter()
            .map(|one| one.why)
            .collect::<Vec<_>>(),
        [EscalationReason::NotAccepted, EscalationReason::Overdue]
    );
    let taken = Task {
        state: TaskState::Accepted,
        ..open[0].clone()
    };
    assert_eq!(
        sweep_once(&fixture, &[taken], Vec::new(), "2026-08-03 18:00").notices,
        [],
        "somebody has accepted it"
    );
}

#[test]
fn while_an_answer_is_awaited_nothing_is_overdue_and_after_a_working_day_that_is_told() {
    let fixture = Fixture::new();
    let open = follow_up(
        &[AlertChange::Opened(alert(group("GA"), CHURN, Warning))],
        &[],
        &fixture.ctx("2026-08-03 10:00"),
    )
    .tasks;
    assert_eq!(open[0].approval, Approval::Requested);
    assert_eq!(
        sweep_once(&fixture, &open, Vec::new(), "2026-08-04 09:59").notices,
        []
    );
    let late = sweep_once(&fixture, &open, Vec::new(), "2026-08-04 10:00");
    assert_eq!(
        late.notices[0].topic,
        NoticeTopic::Escalation(open[0].task_id.clone(), EscalationReason::Unanswered)
    );
    assert_eq!(
        late.notices[0].assignee,
        to("chen"),
        "above the unit's head, who has not answered"
    );
    assert_eq!(
        sweep_once(&fixture, &late.tasks, Vec::new(), "2026-08-20 10:00"),
        FollowUp::default()
    );
}

#[test]
fn between_two_sweeps_what_is_late_is_told_unless_a_contact_has_settled_it() {
    let mut fixture = Fixture::new();
    fixture.put_at(
        at("2026-08-03 10:00"),
        contact("C1", |contact| {
            contact.promised_on = Some(day("2026-08-03"))
        }),
    );
    let late = |fixture: &Fixture, open: &[Task], now| {
        escalate_late(open.iter(), SweepRules::default(), &fixture.ctx(now))
    };
    let open = wanted_at(&fixture, "2026-08-03 10:30");
    assert_eq!(
        late(&fixture, &open, "2026-08-03 17:59"),
        FollowUp::default(),
        "it is not late yet"
    );
    let after = late(&fixture, &open, "2026-08-03 18:00");
    assert_eq!(
        after,
        sweep_once(&fixture, &open, Vec::new(), "2026-08-03 18:00"),
        "a sweep says no other thing"
    );
    assert_eq!(
        late(&fixture, &after.tasks, "2026-08-03 18:01"),
        FollowUp::default(),
        "notified once"
    );
    fixture.put_at(
        at("2026-08-03 17:30"),
        contact("C2", |contact| {
            contact.fulfils = Some(ContactId::parse("C1").expect("an id"))
        }),
    );
    let kept = late(&fixture, &open, "2026-08-03 18:00");
    assert_eq!(
        (kept.tasks[0].state, kept.notices),
        (TaskState::Done, Vec::new()),
        "it was kept in time"
    );
}
