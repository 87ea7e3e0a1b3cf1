//! 三处理: what closing a task takes, and what it does.

use super::act::{after, by, churn, closing, ctx, done, fixture, task_of};
use super::{BATCH_LEAVE, Fixture, KEY_LINE, about, alert, at, group, to};
use crate::domain::alert::{Alert, AlertState, AlertSubject, ResolvedBecause};
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{ReportUp, Resource, Task, TaskResult, UpwardReport};
use crate::follow_up::act::{Acted, Action, Closing, Lack, Refusal, act};

fn lacks(task: &Task, finish: Closing) -> Vec<Lack> {
    match done(
        &fixture(),
        task,
        Action::Close(finish),
        &by("wang"),
        "2026-08-03 14:00",
    ) {
        Err(Refusal::Unfinished { lacks, .. }) => lacks,
        Err(other) => panic!("{other}"),
        Ok(_) => Vec::new(),
    }
}

fn started() -> Task {
    let fixture = fixture();
    after(
        &fixture,
        task_of(&fixture, &churn()),
        vec![Action::Accept, Action::Start],
    )
}

fn report(about: ReportUp, text: &str, urgent: bool) -> UpwardReport {
    UpwardReport {
        about,
        text: text.to_owned(),
        urgent,
    }
}

#[test]
fn a_task_closes_from_accepted_as_well_as_from_in_progress() {
    let fixture = fixture();
    let accepted = after(&fixture, task_of(&fixture, &churn()), vec![Action::Accept]);
    assert_eq!(lacks(&accepted, closing()), []);
    assert_eq!(lacks(&started(), closing()), []);
}

#[test]
fn an_archive_note_has_at_least_ten_characters_whatever_their_bytes() {
    let with = |note: &str| {
        lacks(
            &started(),
            Closing {
                note: note.to_owned(),
                ..closing()
            },
        )
    };
    assert_eq!(with("一二三四五六七八九"), [Lack::Note]);
    assert_eq!(with("   一二三四五六七八九   "), [Lack::Note]);
    assert_eq!(with("一二三四五六七八九十"), []);
}

#[test]
fn what_is_reported_upwards_has_a_text_and_what_has_a_text_is_about_something() {
    let with = |report: UpwardReport| {
        lacks(
            &started(),
            Closing {
                report: Some(report),
                ..closing()
            },
        )
    };
    assert_eq!(
        with(report(ReportUp::Competition, " ", true)),
        [Lack::ReportText]
    );
    assert_eq!(with(report(ReportUp::Competition, "对手送手机", false)), []);
    assert_eq!(
        with(report(ReportUp::None, "对手送手机", false)),
        [Lack::ReportAbout]
    );
    assert_eq!(with(report(ReportUp::None, "", true)), [Lack::ReportAbout]);
}

#[test]
fn a_result_has_a_summary() {
    assert_eq!(
        lacks(
            &started(),
            Closing {
                summary: Some(" \n".to_owned()),
                ..closing()
            }
        ),
        [Lack::Summary]
    );
}

#[test]
fn a_gift_an_offer_or_an_event_has_a_cost_that_is_not_negative() {
    let with = |resource, cost_fen| {
        lacks(
            &Task {
                resources: vec![resource],
                ..started()
            },
            Closing {
                cost_fen,
                ..closing()
            },
        )
    };
    for resource in [Resource::Gift, Resource::Offer, Resource::Event] {
        assert_eq!(with(resource, None), [Lack::Cost]);
        assert_eq!(with(resource, Some(-1)), [Lack::NegativeCost]);
        assert_eq!(with(resource, Some(0)), []);
    }
    assert_eq!(with(Resource::Chief, None), []);
    let withheld = Task {
        resources: vec![Resource::Offer],
        withheld_resources: vec![Resource::Offer],
        ..started()
    };
    assert_eq!(lacks(&withheld, closing()), []);
}

#[test]
fn all_that_is_missing_is_said_at_once() {
    let empty = Closing {
        note: String::new(),
        report: Some(report(ReportUp::SpecialNeed, "", false)),
        result: TaskResult::Lost,
        summary: None,
        cost_fen: None,
        is_case: false,
    };
    let task = Task {
        resources: vec![Resource::Gift],
        ..started()
    };
    let refusal = done(
        &fixture(),
        &task,
        Action::Close(empty),
        &by("wang"),
        "2026-08-03 14:00",
    )
    .expect_err("unfinished");
    let id = &task.task_id;
    assert_eq!(
        refusal.to_string(),
        format!(
            "task {id} lacks an archive note of at least 10 characters; the text of what is reported upwards; a summary of the result; \
             what the gift, offer or event cost, in fen; hint: give all of it, then close it"
        )
    );
}

#[test]
fn done_resolves_alerts_about_a_single_event_and_notes_the_k_of_the_others() {
    let fixture = fixture();
    let acknowledged = |alert: Alert| Alert {
        state: AlertState::Acknowledged,
        ..alert
    };
    let mut subscriber = acknowledged(alert(group("G1"), KEY_LINE, Severity::Warning));
    subscriber.key.subject = about("13800008000");
    let burst = acknowledged(alert(group("G1"), BATCH_LEAVE, Severity::Warning));
    let mut hotspot = acknowledged(alert(
        group("G1"),
        AlertKind::Signal(Signal::ComplaintHotspot),
        Severity::Warning,
    ));
    hotspot.key.subject = AlertSubject::Category("网络".into());
    let over = super::resolved(&churn(), ResolvedBecause::Recovered);
    let (wang, alerts) = (
        by("wang"),
        [subscriber.clone(), burst.clone(), hotspot.clone(), over],
    );
    let acted = act(
        &started(),
        Action::Close(closing()),
        &ctx(&fixture, &wang, &alerts, "2026-08-03 14:00"),
    )
    .expect("closed");
    let resolved = Alert {
        state: AlertState::Resolved,
        resolved_at: Some(at("2026-08-03 14:00")),
        resolved_because: Some(ResolvedBecause::TaskDone),
        ..subscriber
    };
    let goes_on = |alert: Alert| Alert {
        count_when_done: Some(9),
        ..alert
    };
    assert!(acted.is_closed);
    assert_eq!(
        acted.alerts,
        [resolved, goes_on(burst), goes_on(hotspot)],
        "a category of complaints is about many"
    );
    check_reopening(&fixture, &acted);
}

/// When it is reopened its alerts are open again, and what grows joins it.
fn check_reopening(fixture: &Fixture, closed: &Acted) {
    let sun = by("sun");
    let reopen = Action::Reopen {
        note: "没有联系记录".to_owned(),
    };
    let reopened = act(
        &closed.task,
        reopen,
        &ctx(fixture, &sun, &closed.alerts, "2026-08-03 15:00"),
    )
    .expect("reopened");
    let again = |alert: &Alert| Alert {
        state: AlertState::Acknowledged,
        resolved_at: None,
        resolved_because: None,
        count_when_done: None,
        ..alert.clone()
    };
    assert_eq!(
        reopened.alerts,
        closed.alerts.iter().map(again).collect::<Vec<_>>()
    );
}

#[test]
fn an_urgent_report_goes_to_the_supervisor_at_once_others_wait_for_his_brief() {
    let mut fixture = fixture();
    let close = |fixture: &super::Fixture, urgent| {
        let closing = Closing {
            report: Some(report(ReportUp::Competition, "对手送手机", urgent)),
            ..closing()
        };
        done(
            fixture,
            &started(),
            Action::Close(closing),
            &by("wang"),
            "2026-08-03 14:00",
        )
        .expect("closed")
        .notices
    };
    assert_eq!(close(&fixture, false), []);
    let notices = close(&fixture, true);
    assert_eq!(
        (notices.len(), &notices[0].topic, &notices[0].assignee),
        (1, &NoticeTopic::Report(started().task_id), &to("sun"))
    );
    assert_eq!(
        (notices[0].severity, notices[0].due_at),
        (Severity::Critical, at("2026-08-03 14:00"))
    );
    fixture.manager("sun", |manager| manager.active = false);
    assert_eq!(close(&fixture, true)[0].assignee, to("zhao"));
    fixture.manager("zhao", |manager| manager.active = false);
    assert_eq!(
        close(&fixture, true)[0].assignee,
        to("chen"),
        "the company's head"
    );
}
