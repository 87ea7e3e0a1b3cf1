//! What people do to a task: its states, and who does what already.

use super::{CHURN, Fixture, KEY_LINE, alert, at, group, manager_id, to};
use crate::domain::alert::{Alert, AlertChange, AlertState};
use crate::domain::indicator::Severity;
use crate::domain::task::{
    Actor, Approval, Assignee, Means, Moved, Task, TaskResult, TaskState, UpwardReport,
};
use crate::follow_up::act::{ActContext, Acted, Action, Closing, Refusal, act, cancel_along};
use crate::follow_up::tasks::{FollowUpRules, follow_up};

/// `sun` is above `wang`, `zhao` heads the unit, `li` is the delegate of `wang`; `hu` is somebody
/// else.
pub(super) fn fixture() -> Fixture {
    let mut fixture = Fixture::new();
    for id in ["sun", "hu"] {
        fixture.manager(id, |_| {});
    }
    fixture.manager("wang", |manager| {
        manager.supervisor_id = Some(manager_id("sun"));
        manager.delegate_id = Some(manager_id("li"));
    });
    fixture
}

/// A task of `wang` about an alert of `G1`, made on Monday 2026-08-03 at 10:00, due on Tuesday at
/// 17:00; nobody must agree.
pub(super) fn task_of(fixture: &Fixture, alert: &Alert) -> Task {
    let made = follow_up(
        &[AlertChange::Opened(alert.clone())],
        &[],
        &fixture.ctx("2026-08-03 10:00"),
    )
    .tasks;
    let task = made.into_iter().next().expect("a task");
    let (means, resources) = (vec![Means::Visit], Vec::new());
    Task {
        means,
        resources,
        approval: Approval::None,
        asked_at: None,
        due_at: at("2026-08-04 17:00"),
        ..task
    }
}

pub(super) fn churn() -> Alert {
    alert(group("G1"), CHURN, Severity::Warning)
}

pub(super) fn by(id: &str) -> Actor {
    Actor {
        manager_id: Some(manager_id(id)),
        user: Some("root".to_owned()),
    }
}

pub(super) fn ops() -> Actor {
    Actor {
        manager_id: None,
        user: Some("root".to_owned()),
    }
}

pub(super) fn ctx<'a>(
    fixture: &'a Fixture,
    actor: &'a Actor,
    alerts: &'a [Alert],
    now: &str,
) -> ActContext<'a> {
    ActContext {
        zone: super::zone(),
        calendar: &fixture.calendar,
        reference: &fixture.reference,
        company_head: fixture.company_head.as_ref(),
        alerts,
        subscribers: &fixture.subscribers,
        rules: FollowUpRules::default(),
        playbooks: &fixture.playbooks,
        actor,
        expected_version: None,
        now: at(now),
    }
}

pub(super) fn done(
    fixture: &Fixture,
    task: &Task,
    action: Action,
    who: &Actor,
    now: &str,
) -> Result<Acted, Refusal> {
    act(task, action, &ctx(fixture, who, &[churn()], now))
}

pub(super) fn closing() -> Closing {
    Closing {
        note: "已上门拜访，客户同意续约一年".to_owned(),
        report: Some(UpwardReport::nothing()),
        result: TaskResult::Retained,
        summary: Some("续约".to_owned()),
        cost_fen: None,
        is_case: false,
    }
}

/// The task after some actions of `wang`, an hour apart.
pub(super) fn after(fixture: &Fixture, task: Task, actions: Vec<Action>) -> Task {
    let wang = by("wang");
    actions
        .into_iter()
        .zip(11..)
        .fold(task, |task, (action, hour)| {
            done(
                fixture,
                &task,
                action,
                &wang,
                &format!("2026-08-03 {hour}:00"),
            )
            .expect("it may be done")
            .task
        })
}

#[test]
fn a_task_goes_from_open_over_accepted_and_in_progress_to_done_and_verified() {
    let fixture = fixture();
    let task = task_of(&fixture, &churn());
    let open_version = task.version;
    let task = after(
        &fixture,
        task,
        vec![Action::Accept, Action::Start, Action::Close(closing())],
    );
    assert_eq!(
        (task.state, task.verified, task.version),
        (TaskState::Done, false, open_version + 3)
    );
    assert_eq!(task.accepted_at, Some(at("2026-08-03 11:00")));
    assert_eq!(task.started_at, Some(at("2026-08-03 12:00")));
    assert_eq!(task.ended_at, Some(at("2026-08-03 13:00")));
    assert_eq!(task.result(), Some(TaskResult::Retained));
    let verified = done(
        &fixture,
        &task,
        Action::Verify,
        &by("sun"),
        "2026-08-04 09:00",
    )
    .expect("verified")
    .task;
    assert!(verified.verified && verified.state == TaskState::Done);
    let steps: Vec<&str> = verified.steps.iter().map(|step| step.what.name()).collect();
    assert_eq!(steps, ["accept", "start", "close", "verify"]);
    assert_eq!(verified.steps[3].by, by("sun"));
}

#[test]
fn nothing_is_done_before_its_turn() {
    let fixture = fixture();
    let open = task_of(&fixture, &churn());
    let accepted = after(&fixture, open.clone(), vec![Action::Accept]);
    for (task, action) in [
        (&open, Action::Start),
        (&open, Action::Close(closing())),
        (&accepted, Action::Verify),
    ] {
        let who = if action == Action::Verify {
            by("sun")
        } else {
            by("wang")
        };
        let refusal =
            done(&fixture, task, action, &who, "2026-08-03 14:00").expect_err("too early");
        assert!(matches!(refusal, Refusal::TooEarly { .. }), "{refusal}");
    }
}

#[test]
fn accepting_acknowledges_its_firing_alerts_and_no_others() {
    let fixture = fixture();
    let firing = churn();
    let over = super::resolved(
        &alert(group("G1"), KEY_LINE, Severity::Warning),
        crate::domain::alert::ResolvedBecause::Restored,
    );
    let wang = by("wang");
    let alerts = [firing.clone(), over];
    let acted = act(
        &task_of(&fixture, &firing),
        Action::Accept,
        &ctx(&fixture, &wang, &alerts, "2026-08-03 11:00"),
    )
    .expect("accepted");
    assert_eq!(
        acted.alerts,
        [Alert {
            state: AlertState::Acknowledged,
            ..firing
        }]
    );
    assert_eq!((acted.notices, acted.is_closed), (Vec::new(), false));
}

#[test]
fn of_two_who_accept_one_wins_and_the_other_sees_who() {
    let fixture = fixture();
    let task = after(&fixture, task_of(&fixture, &churn()), vec![Action::Accept]);
    let refusal = done(
        &fixture,
        &task,
        Action::Accept,
        &by("li"),
        "2026-08-03 11:01",
    )
    .expect_err("too late");
    let id = &task.task_id;
    let expected = format!(
        "task {id} was accepted by wang (wang) at 2026-08-03 11:00 Asia/Shanghai; hint: `sisan tasks show {id}` says how it stands"
    );
    assert_eq!(refusal.to_string(), expected);
}

#[test]
fn who_saw_an_older_version_sees_what_happened_since() {
    let fixture = fixture();
    let task = after(&fixture, task_of(&fixture, &churn()), vec![Action::Accept]);
    let wang = by("wang");
    let seen = |version| ActContext {
        expected_version: Some(version),
        ..ctx(&fixture, &wang, &[], "2026-08-03 12:00")
    };
    let refusal = act(&task, Action::Start, &seen(task.version - 1)).expect_err("another version");
    assert!(
        refusal
            .to_string()
            .contains("it was accepted by wang (wang) at 2026-08-03 11:00"),
        "{refusal}"
    );
    assert!(act(&task, Action::Start, &seen(task.version)).is_ok());
}

#[test]
fn a_cancelled_task_says_that_the_worker_cancelled_it() {
    let fixture = fixture();
    let ended_at = Some(at("2026-08-03 10:30"));
    let task = Task {
        state: TaskState::Cancelled,
        ended_at,
        ..task_of(&fixture, &churn())
    };
    let refusal = done(
        &fixture,
        &task,
        Action::Accept,
        &by("wang"),
        "2026-08-03 11:00",
    )
    .expect_err("cancelled");
    assert!(
        refusal
            .to_string()
            .contains("was cancelled by the worker at 2026-08-03 10:30"),
        "{refusal}"
    );
}

#[test]
fn a_joint_visit_that_is_cancelled_along_with_its_task_names_who_cancelled_that() {
    let fixture = fixture();
    let visit = Task {
        assignee: to("zhao"),
        ..task_of(&fixture, &churn())
    };
    let cancelled = |who: &str| {
        let actor = by(who);
        let note = "重复建单".to_owned();
        let acted = cancel_along(
            &visit,
            note,
            &ctx(&fixture, &actor, &[], "2026-08-03 12:00"),
        );
        let acted = acted.expect("it may be").expect("cancelled");
        let step = acted.task.steps.last().cloned().expect("a step");
        assert_eq!((acted.task.state, step.by), (TaskState::Cancelled, actor));
        acted.notices.len()
    };
    assert_eq!(cancelled("sun"), 1, "below who has it");
    assert_eq!(cancelled("zhao"), 0, "he knows");
}

#[test]
fn a_joint_visit_that_is_accepted_goes_on_without_the_task_that_it_was_for() {
    let fixture = fixture();
    let visit = after(&fixture, task_of(&fixture, &churn()), vec![Action::Accept]);
    let actor = by("sun");
    let context = ctx(&fixture, &actor, &[], "2026-08-03 12:00");
    let acted = cancel_along(&visit, "重复建单".to_owned(), &context);
    assert_eq!(acted, Ok(None));
}

#[test]
fn a_reassigned_task_keeps_state_and_due_time_and_its_new_assignee_is_told() {
    let fixture = fixture();
    let task = after(&fixture, task_of(&fixture, &churn()), vec![Action::Accept]);
    let give = |id: &str| Action::Reassign { to: manager_id(id) };
    let acted =
        done(&fixture, &task, give("hu"), &by("sun"), "2026-08-03 12:00").expect("reassigned");
    assert_eq!(
        (&acted.task.assignee, acted.task.state, acted.task.due_at),
        (&to("hu"), task.state, task.due_at)
    );
    assert_eq!(
        (acted.notices.len(), &acted.notices[0].assignee),
        (1, &to("hu"))
    );
    assert_eq!(
        acted.task.steps.last().and_then(|step| step.moved.clone()),
        Some(Moved {
            from: to("wang"),
            to: to("hu")
        })
    );
    let same = done(
        &fixture,
        &task,
        give("wang"),
        &by("sun"),
        "2026-08-03 12:00",
    )
    .expect_err("his already");
    assert!(matches!(same, Refusal::SameAssignee { .. }));
    let nobody = done(
        &fixture,
        &task,
        give("M404"),
        &by("sun"),
        "2026-08-03 12:00",
    )
    .expect_err("unknown");
    assert!(matches!(nobody, Refusal::NoManager { .. }));
}

#[test]
fn a_task_of_the_fallback_is_taken_over_by_somebody() {
    let fixture = fixture();
    let task = Task {
        assignee: Assignee::Fallback,
        ..task_of(&fixture, &churn())
    };
    let give = || Action::Reassign {
        to: manager_id("wang"),
    };
    assert!(done(&fixture, &task, give(), &by("hu"), "2026-08-03 12:00").is_err());
    let acted = done(&fixture, &task, give(), &by("zhao"), "2026-08-03 12:00")
        .expect("the unit's head gives it away");
    assert_eq!(acted.task.assignee, to("wang"));
    assert!(done(&fixture, &task, Action::Accept, &ops(), "2026-08-03 12:00").is_ok());
}

#[test]
fn who_is_late_does_not_hand_his_task_to_whoever_judges_that() {
    let fixture = fixture();
    let task = after(&fixture, task_of(&fixture, &churn()), vec![Action::Accept]);
    let give = |id: &str, who: &str, now: &str| {
        done(
            &fixture,
            &task,
            Action::Reassign { to: manager_id(id) },
            &by(who),
            now,
        )
    };
    assert!(give("sun", "wang", "2026-08-04 16:59").is_ok(), "in time");
    for judge in ["sun", "zhao"] {
        let refusal = give(judge, "wang", "2026-08-04 17:01").expect_err("his judge");
        assert!(matches!(refusal, Refusal::HisJudge { .. }), "{refusal}");
    }
    assert!(
        give("hu", "wang", "2026-08-04 17:01").is_ok(),
        "a colleague takes it"
    );
    assert!(
        give("sun", "sun", "2026-08-04 17:01").is_ok(),
        "the judge takes it himself"
    );
}
