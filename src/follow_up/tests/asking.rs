//! Asking first: what waits for an answer, its clock meanwhile, and what a refusal takes out.

use super::act::{after, by, churn, closing, done, fixture, task_of};
use super::{CHURN, Fixture, alert, at, group, to};
use crate::domain::indicator::Severity;
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{Approval, Means, Resource, Task, TaskState};
use crate::follow_up::act::{Action, Refusal};

fn asking(fixture: &Fixture) -> Task {
    let (means, resources) = (
        vec![Means::Visit, Means::Negotiation],
        vec![Resource::Chief, Resource::Offer],
    );
    let asked_at = Some(at("2026-08-03 10:00"));
    Task {
        means,
        resources,
        approval: Approval::Requested,
        asked_at,
        ..task_of(fixture, &churn())
    }
}

#[test]
fn what_must_be_agreed_to_first_does_not_start_before() {
    let fixture = fixture();
    let accepted = after(&fixture, asking(&fixture), vec![Action::Accept]);
    for action in [Action::Start, Action::Close(closing())] {
        let refusal =
            done(&fixture, &accepted, action, &by("wang"), "2026-08-03 12:00").expect_err("asked");
        assert!(
            refusal
                .to_string()
                .contains("waits for an answer from sun (sun)"),
            "{refusal}"
        );
    }
    let approved = done(
        &fixture,
        &accepted,
        Action::Approve { note: None },
        &by("sun"),
        "2026-08-03 12:00",
    )
    .expect("approved");
    assert_eq!(approved.task.approval, Approval::Approved);
    assert_eq!(
        approved
            .notices
            .iter()
            .map(|n| (&n.topic, &n.assignee))
            .collect::<Vec<_>>(),
        [(&NoticeTopic::Task(accepted.task_id), &to("wang"))]
    );
    let started = done(
        &fixture,
        &approved.task,
        Action::Start,
        &by("wang"),
        "2026-08-03 13:00",
    )
    .expect("started")
    .task;
    assert_eq!(
        (started.state, started.means.len()),
        (TaskState::InProgress, 2)
    );
}

#[test]
fn the_due_clock_stands_still_from_the_question_to_the_answer() {
    let fixture = fixture();
    // 15 of its 16 working hours were left when it was asked about.
    let task = Task {
        asked_at: Some(at("2026-08-03 11:00")),
        ..asking(&fixture)
    };
    for (answered, due) in [
        ("2026-08-03 11:00", "2026-08-04 17:00"),
        ("2026-08-03 15:00", "2026-08-05 12:00"),
        ("2026-08-07 18:30", "2026-08-11 15:00"),
    ] {
        let acted = done(
            &fixture,
            &task,
            Action::Approve { note: None },
            &by("sun"),
            answered,
        )
        .expect("approved")
        .task;
        assert_eq!(
            (acted.due_at, acted.asked_at),
            (at(due), None),
            "answered {answered}"
        );
        let refused = done(
            &fixture,
            &task,
            Action::Refuse {
                note: "预算已用完".to_owned(),
            },
            &by("sun"),
            answered,
        )
        .expect("refused")
        .task;
        assert_eq!(refused.due_at, at(due));
    }
    assert!(!task.is_overdue(at("2026-08-20 10:00")));
    assert!(
        Task {
            approval: Approval::Approved,
            ..task.clone()
        }
        .is_overdue(at("2026-08-20 10:00"))
    );
    let asked_late = Task {
        asked_at: Some(at("2026-08-05 10:00")),
        ..task
    };
    assert!(
        asked_late.is_overdue(at("2026-08-20 10:00")),
        "it was late when it was asked"
    );
}

#[test]
fn the_clock_of_a_critical_task_of_tier_a_counts_nights() {
    let fixture = fixture();
    let alert = alert(group("GA"), CHURN, Severity::Critical);
    let (asked_at, due_at) = (Some(at("2026-08-03 17:00")), at("2026-08-03 21:00"));
    let task = Task {
        approval: Approval::Requested,
        asked_at,
        due_at,
        ..task_of(&fixture, &alert)
    };
    let acted = done(
        &fixture,
        &task,
        Action::Approve { note: None },
        &by("sun"),
        "2026-08-03 22:00",
    )
    .expect("approved");
    assert_eq!(acted.task.due_at, at("2026-08-04 02:00"));
}

#[test]
fn a_refused_task_goes_on_without_what_was_refused() {
    let fixture = fixture();
    let refuse = |note: &str| Action::Refuse {
        note: note.to_owned(),
    };
    let refused = done(
        &fixture,
        &asking(&fixture),
        refuse(" 预算已用完 "),
        &by("zhao"),
        "2026-08-03 12:00",
    )
    .expect("refused")
    .task;
    assert_eq!(
        (refused.approval, refused.state),
        (Approval::Refused, TaskState::Open)
    );
    assert_eq!(
        (&refused.means[..], &refused.resources[..]),
        (&[Means::Visit][..], &[Resource::Chief][..])
    );
    assert_eq!(
        refused.steps.last().and_then(|step| step.note.as_deref()),
        Some("预算已用完")
    );
    let started = after(&fixture, refused, vec![Action::Accept, Action::Start]);
    assert_eq!(started.state, TaskState::InProgress);
    let only = Task {
        means: vec![Means::Negotiation],
        ..asking(&fixture)
    };
    let refused = done(
        &fixture,
        &only,
        refuse("不需要谈判"),
        &by("zhao"),
        "2026-08-03 12:00",
    )
    .expect("refused")
    .task;
    assert_eq!(refused.means, [Means::Call]);
    let silent = done(
        &fixture,
        &asking(&fixture),
        refuse("  "),
        &by("zhao"),
        "2026-08-03 12:00",
    )
    .expect_err("no reason");
    assert!(matches!(silent, Refusal::NoNote { .. }));
}

#[test]
fn a_social_event_is_not_held_without_the_resource_for_it() {
    let fixture = fixture();
    let event = Task {
        means: vec![Means::SocialEvent],
        resources: vec![Resource::Event],
        ..asking(&fixture)
    };
    let refused = done(
        &fixture,
        &event,
        Action::Refuse {
            note: "本季不办活动".to_owned(),
        },
        &by("zhao"),
        "2026-08-03 12:00",
    )
    .expect("refused")
    .task;
    assert_eq!(
        (refused.means, refused.refused_means),
        (vec![Means::Call], vec![Means::SocialEvent])
    );
}

#[test]
fn an_answer_is_given_once_and_only_where_one_is_asked_for() {
    let fixture = fixture();
    let approve = || Action::Approve { note: None };
    let approved = done(
        &fixture,
        &asking(&fixture),
        approve(),
        &by("sun"),
        "2026-08-03 12:00",
    )
    .expect("approved")
    .task;
    let refusal = done(
        &fixture,
        &approved,
        Action::Refuse {
            note: "太贵".to_owned(),
        },
        &by("zhao"),
        "2026-08-03 12:01",
    )
    .expect_err("answered");
    assert!(
        refusal
            .to_string()
            .contains("was approved by sun (sun) at 2026-08-03 12:00"),
        "{refusal}"
    );
    let refusal = done(
        &fixture,
        &task_of(&fixture, &churn()),
        approve(),
        &by("sun"),
        "2026-08-03 12:00",
    )
    .expect_err("not asked");
    assert!(matches!(refusal, Refusal::NotAsked { .. }));
}

#[test]
fn what_was_refused_is_taken_out_of_a_task_and_named() {
    let fixture = fixture();
    let refused = done(
        &fixture,
        &asking(&fixture),
        Action::Refuse {
            note: "太贵".to_owned(),
        },
        &by("sun"),
        "2026-08-03 12:00",
    )
    .expect("refused");
    let before = asking(&fixture);
    assert!(
        refused.task.means.iter().all(|one| !one.needs_approval())
            && refused
                .task
                .resources
                .iter()
                .all(|one| !one.needs_approval())
    );
    let asked = before
        .means
        .iter()
        .filter(|one| one.needs_approval())
        .count()
        + before
            .resources
            .iter()
            .filter(|one| one.needs_approval())
            .count();
    assert_eq!(
        refused.task.refused_means.len() + refused.task.refused_resources.len(),
        asked
    );
    assert!(asked > 0);
}
