//! Who may do what to whose task.

use super::act::{after, by, churn, closing, ctx, done, fixture, ops, task_of};
use super::{KEY_LINE, about, at, manager_id, to};
use crate::domain::task::{Actor, Approval, Task, TaskState};
use crate::follow_up::act::{Action, Authority, Refusal, act};

fn answers() -> Vec<Action> {
    vec![
        Action::Approve { note: None },
        Action::Refuse {
            note: "太贵".to_owned(),
        },
    ]
}

fn closed(who: &str) -> Task {
    let fixture = fixture();
    let accepted = done(
        &fixture,
        &task_of(&fixture, &churn()),
        Action::Accept,
        &by("wang"),
        "2026-08-03 11:00",
    )
    .expect("accepted")
    .task;
    done(
        &fixture,
        &accepted,
        Action::Close(closing()),
        &by(who),
        "2026-08-03 12:00",
    )
    .expect("closed")
    .task
}

#[test]
fn a_manager_acts_on_his_own_tasks_his_delegate_and_those_above_too() {
    let fixture = fixture();
    let task = task_of(&fixture, &churn());
    for who in ["wang", "li", "sun", "zhao", "chen"] {
        let acted = done(
            &fixture,
            &task,
            Action::Accept,
            &by(who),
            "2026-08-03 11:00",
        )
        .unwrap_or_else(|e| panic!("{who}: {e}"));
        assert_eq!(
            acted.task.steps.last().map(|step| step.by.clone()),
            Some(by(who))
        );
    }
    let refusal = done(
        &fixture,
        &task,
        Action::Accept,
        &by("hu"),
        "2026-08-03 11:00",
    )
    .expect_err("not his");
    let text = refusal.to_string();
    assert!(
        text.starts_with(&format!(
            "hu (hu) may not accept task {} of wang (wang); hint: ",
            task.task_id
        )),
        "{text}"
    );
    let nobody = done(
        &fixture,
        &task,
        Action::Accept,
        &by("M404"),
        "2026-08-03 11:00",
    )
    .expect_err("unknown");
    assert_eq!(
        nobody,
        Refusal::NoManager {
            manager_id: manager_id("M404")
        }
    );
}

#[test]
fn only_somebody_above_approves_never_the_assignee_or_who_stands_in() {
    let fixture = fixture();
    let task = Task {
        approval: Approval::Requested,
        ..task_of(&fixture, &churn())
    };
    for action in answers() {
        for who in ["wang", "li", "hu"] {
            assert!(
                matches!(
                    done(
                        &fixture,
                        &task,
                        action.clone(),
                        &by(who),
                        "2026-08-03 11:00"
                    ),
                    Err(Refusal::NotAllowed { .. })
                ),
                "{who}"
            );
        }
        for who in ["sun", "zhao", "chen"] {
            assert!(
                done(
                    &fixture,
                    &task,
                    action.clone(),
                    &by(who),
                    "2026-08-03 11:00"
                )
                .is_ok(),
                "{who}"
            );
        }
    }
}

#[test]
fn a_unit_head_does_not_approve_his_own_task_whoever_is_above_does() {
    let mut fixture = fixture();
    fixture.manager("zhao", |manager| {
        manager.supervisor_id = Some(manager_id("hu"))
    });
    let task = Task {
        approval: Approval::Requested,
        assignee: to("zhao"),
        ..task_of(&fixture, &churn())
    };
    for action in answers() {
        assert!(
            done(
                &fixture,
                &task,
                action.clone(),
                &by("zhao"),
                "2026-08-03 11:00"
            )
            .is_err()
        );
        assert!(
            done(
                &fixture,
                &task,
                action.clone(),
                &by("sun"),
                "2026-08-03 11:00"
            )
            .is_err()
        );
        assert!(done(&fixture, &task, action, &by("hu"), "2026-08-03 11:00").is_ok());
    }
    // Nor is he above whoever is above him.
    let of_hu = Task {
        assignee: to("hu"),
        ..task
    };
    assert!(
        done(
            &fixture,
            &of_hu,
            Action::Approve { note: None },
            &by("zhao"),
            "2026-08-03 11:00"
        )
        .is_err()
    );
}

#[test]
fn nobody_is_above_another_where_supervisors_stand_in_a_circle() {
    let mut fixture = fixture();
    fixture.manager("hu", |manager| {
        manager.supervisor_id = Some(manager_id("lu"))
    });
    fixture.manager("lu", |manager| {
        manager.supervisor_id = Some(manager_id("hu"))
    });
    let authority = Authority {
        reference: &fixture.reference,
        company_head: None,
    };
    for (who, whose) in [("hu", "lu"), ("lu", "hu"), ("hu", "hu")] {
        assert!(
            !authority.is_above(&manager_id(who), &to(whose), &super::group("G1")),
            "{who} {whose}"
        );
    }
}

#[test]
fn the_operators_may_do_anything_and_that_is_recorded() {
    let fixture = fixture();
    let task = Task {
        approval: Approval::Requested,
        ..task_of(&fixture, &churn())
    };
    let actions = [
        Action::Approve {
            note: Some("总经理口头同意".to_owned()),
        },
        Action::Accept,
        Action::Start,
        Action::Close(closing()),
        Action::Reopen {
            note: "补充材料".to_owned(),
        },
        Action::Close(closing()),
        Action::Verify,
    ];
    let task = actions.into_iter().fold(task, |task, action| {
        done(&fixture, &task, action, &ops(), "2026-08-03 11:00")
            .expect("done")
            .task
    });
    assert!(
        task.verified && task.steps.len() == 7 && task.steps.iter().all(|step| step.by == ops())
    );
}

#[test]
fn a_done_task_is_verified_by_somebody_above_who_has_not_closed_it_himself() {
    let fixture = fixture();
    let verify =
        |task: &Task, who: &str| done(&fixture, task, Action::Verify, &by(who), "2026-08-04 09:00");
    for (closer, who, may) in [
        ("wang", "wang", false),
        ("wang", "li", false),
        ("wang", "sun", true),
        ("wang", "zhao", true),
        ("sun", "sun", false),
        ("sun", "zhao", true),
    ] {
        assert_eq!(
            verify(&closed(closer), who).is_ok(),
            may,
            "closed by {closer}, verified by {who}"
        );
    }
    let verified = verify(&closed("wang"), "sun").expect("verified").task;
    let again = verify(&verified, "zhao").expect_err("verified already");
    assert!(
        again
            .to_string()
            .contains("was verified by sun (sun) at 2026-08-04 09:00"),
        "{again}"
    );
}

#[test]
fn a_done_task_is_reopened_by_somebody_above_until_it_is_verified() {
    let fixture = fixture();
    let task = closed("wang");
    let reopen = |task: &Task, who: &str| {
        done(
            &fixture,
            task,
            Action::Reopen {
                note: "没有联系记录".to_owned(),
            },
            &by(who),
            "2026-08-04 09:00",
        )
    };
    assert!(reopen(&task, "wang").is_err() && reopen(&task, "li").is_err());
    let reopened = reopen(&task, "sun").expect("reopened");
    assert_eq!(
        (
            reopened.task.state,
            reopened.task.ended_at,
            &reopened.task.finish
        ),
        (TaskState::InProgress, None, &None)
    );
    let step = reopened.task.steps.last().expect("a step");
    assert_eq!(
        (step.note.as_deref(), step.finish.as_deref()),
        (Some("没有联系记录"), task.finish.as_ref())
    );
    assert_eq!(reopened.notices[0].assignee, to("wang"));
    let verified = done(
        &fixture,
        &task,
        Action::Verify,
        &by("zhao"),
        "2026-08-04 09:00",
    )
    .expect("verified")
    .task;
    assert!(matches!(
        reopen(&verified, "sun"),
        Err(Refusal::Already { .. })
    ));
}

#[test]
fn a_reopened_task_is_due_anew_by_its_playbooks_time() {
    let fixture = fixture();
    let closed = closed("wang");
    let reopen = Action::Reopen {
        note: "没有联系记录".to_owned(),
    };
    let reopened = done(&fixture, &closed, reopen, &by("sun"), "2026-08-06 09:00")
        .expect("reopened")
        .task;
    // A warning's sixteen working hours from Thursday morning.
    assert_eq!(reopened.due_at, super::at("2026-08-07 16:00"));
    assert_eq!(reopened.accepted_at, closed.accepted_at);
}

#[test]
fn what_has_become_pointless_is_cancelled_by_somebody_above_with_a_reason() {
    let fixture = fixture();
    let mut subscriber = churn();
    subscriber.key.kind = KEY_LINE;
    subscriber.key.subject = about("13800008000");
    let task = after(
        &fixture,
        task_of(&fixture, &subscriber),
        vec![Action::Accept],
    );
    let cancel = |who: &Actor, note: &str| {
        let alerts = [subscriber.clone(), churn()];
        act(
            &task,
            Action::Cancel {
                note: note.to_owned(),
            },
            &ctx(&fixture, who, &alerts, "2026-08-03 15:00"),
        )
    };
    for who in ["wang", "li", "hu"] {
        assert!(
            matches!(
                cancel(&by(who), "客户已注销"),
                Err(Refusal::NotAllowed { .. })
            ),
            "{who}"
        );
    }
    assert!(matches!(
        cancel(&by("sun"), " "),
        Err(Refusal::NoNote { .. })
    ));
    for who in [by("sun"), by("zhao"), ops()] {
        let acted = cancel(&who, "客户已注销").expect("cancelled");
        assert_eq!(
            (acted.task.state, acted.task.ended_at),
            (TaskState::Cancelled, Some(at("2026-08-03 15:00")))
        );
        let last = acted.task.steps.last().expect("a step");
        assert_eq!(last.note.as_deref(), Some("客户已注销"));
        let ended = acted.alerts.iter();
        let ended: Vec<_> = ended
            .map(|alert| (alert.state.is_open(), alert.count_when_done))
            .collect();
        assert_eq!(
            ended,
            [(false, None), (true, Some(9))],
            "one event is dealt with, what is about many is answered when it grows"
        );
        assert!(!acted.is_closed, "BOSS gets what is done");
        assert_eq!(
            (acted.notices.len(), &acted.notices[0].assignee),
            (1, &to("wang")),
            "its assignee is notified"
        );
        assert!(acted.task.is_cancelled_from_above());
    }
}
