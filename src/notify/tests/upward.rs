//! Composing the mails that go upwards, and the briefs.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use crate::domain::indicator::{Scope, Severity};
use crate::domain::mail::MailKind;
use crate::domain::task::{Approval, Assignee, EscalationReason, Task, TaskState};
use crate::notify::compose::{
    About, ComposeContext, Composition, DropReason, HourlyCap, PendingNotice, compose,
};
use crate::notify::fixtures::{self, SampleCity};

pub(super) fn composed(pending: &[PendingNotice]) -> Composition {
    compose(pending, &SampleCity::new().ctx()).expect("rendered")
}

pub(super) fn kinds(composition: &Composition) -> Vec<(MailKind, &str)> {
    composition
        .mails
        .iter()
        .map(|one| (one.mail.kind, one.mail.recipient.as_str()))
        .collect()
}

/// The notice with its task changed.
pub(super) fn with(mut notice: PendingNotice, change: impl FnOnce(&mut Task)) -> PendingNotice {
    let About::Task { task, .. } = &mut notice.about else {
        panic!("a task")
    };
    change(task);
    notice
}

fn of_group(notice: PendingNotice, group: &str) -> PendingNotice {
    with(notice, |task| {
        task.scope = Scope::Group(fixtures::group_id(group))
    })
}

fn approval() -> PendingNotice {
    fixtures::about_approval(vec![fixtures::churn_alert()], "M001")
}

pub(super) fn escalation(why: EscalationReason) -> PendingNotice {
    fixtures::about_escalation(why, vec![fixtures::churn_alert()], "M001")
}

#[test]
fn what_goes_upwards_goes_to_whom_it_is_meant_for_and_not_to_the_assignee() {
    let composition = composed(&[
        approval(),
        escalation(EscalationReason::Overdue),
        fixtures::about_report(true),
    ]);
    let chief = "chen.jing@gz.example.cn";
    assert_eq!(
        kinds(&composition),
        [
            (MailKind::ApprovalRequest, chief),
            (MailKind::Escalation, chief),
            (MailKind::ReportUp, chief)
        ]
    );
    let five_days = fixtures::now().plus(chrono::TimeDelta::days(5));
    assert!(
        composition
            .mails
            .iter()
            .all(|one| one.mail.useful_until == Some(five_days))
    );
}

#[test]
fn several_tasks_of_a_customer_are_one_mail_a_reader_and_kind() {
    let second = fixtures::about_approval(vec![fixtures::satisfaction_alert()], "M001");
    let mut to_other = approval();
    to_other.notice.assignee = Assignee::Manager(fixtures::manager_id("M020"));
    let composition = composed(&[approval(), second, of_group(approval(), "G00003"), to_other]);
    let shown: Vec<usize> = composition
        .mails
        .iter()
        .map(|one| one.covered_ids.len())
        .collect();
    assert_eq!(shown, [2, 1, 1], "{:?}", kinds(&composition));
    assert!(
        composition.mails[0].mail.subject.ends_with("，共 2 项"),
        "{}",
        composition.mails[0].mail.subject
    );
}

#[test]
fn what_has_been_settled_meanwhile_is_told_no_more() {
    let state = |notice, state| with(notice, |task| task.state = state);
    let answered = |notice| with(notice, |task| task.approval = Approval::Approved);
    let not_accepted = || escalation(EscalationReason::NotAccepted);
    let mut yesterday = fixtures::brief("M001");
    yesterday.day = yesterday.day.plus(-1);
    for (pending, reason) in [
        (answered(approval()), DropReason::Settled),
        (
            with(approval(), |task| task.approval = Approval::Refused),
            DropReason::Settled,
        ),
        (
            state(approval(), TaskState::Cancelled),
            DropReason::TaskCancelled,
        ),
        (
            state(not_accepted(), TaskState::Accepted),
            DropReason::Settled,
        ),
        (state(not_accepted(), TaskState::Done), DropReason::TaskDone),
        (
            state(escalation(EscalationReason::Overdue), TaskState::Cancelled),
            DropReason::TaskCancelled,
        ),
        (
            answered(escalation(EscalationReason::Unanswered)),
            DropReason::Settled,
        ),
        (
            with(escalation(EscalationReason::Overdue), |task| {
                task.due_at = fixtures::at("2026-07-15 18:00")
            }),
            DropReason::Settled,
        ),
        (
            with(fixtures::about_report(true), |task| task.finish = None),
            DropReason::Gone,
        ),
        (fixtures::about_brief(yesterday), DropReason::TooLate),
    ] {
        let composition = composed(std::slice::from_ref(&pending));
        assert_eq!(composition.mails, [], "{reason:?}");
        let reasons: Vec<_> = composition.dropped.iter().map(|one| one.reason).collect();
        assert_eq!(reasons, [reason]);
    }
    let still = [
        state(escalation(EscalationReason::Overdue), TaskState::Accepted),
        fixtures::about_report(false),
    ];
    assert_eq!(
        composed(&still).mails.len(),
        2,
        "late all the same, and a report is of a task that is done"
    );
}

#[test]
fn over_the_hourly_cap_all_but_tasks_go_out_and_are_counted() {
    let to = |mut notice: PendingNotice| {
        notice.notice.assignee = Assignee::Manager(fixtures::manager_id("M001"));
        notice
    };
    let mut pending = vec![
        to(approval()),
        to(escalation(EscalationReason::Overdue)),
        to(fixtures::about_report(true)),
    ];
    pending.push(fixtures::about_brief(fixtures::brief("M001")));
    pending.extend(fixtures::three_reminders("M001"));
    pending.push(fixtures::about_alerts(
        vec![fixtures::churn_alert()],
        "M001",
    ));
    let city = SampleCity::new();
    let within = |queued: u32| {
        let queued = BTreeMap::from([("wang.fang@gz.example.cn".to_owned(), queued)]);
        let cap = Some(HourlyCap {
            mails_max: 10,
            queued: &queued,
        });
        compose(&pending, &ComposeContext { cap, ..city.ctx() }).expect("rendered")
    };
    assert_eq!((within(9).mails.len(), within(9).dropped.len()), (6, 0));
    let over = within(10);
    assert_eq!(
        (over.mails.len(), over.dropped.len()),
        (5, 1),
        "{:?}",
        kinds(&over)
    );
    assert_eq!(over.dropped[0].reason, DropReason::OverCap);
    assert!(
        over.mails
            .iter()
            .all(|one| one.mail.kind != MailKind::AlertTask)
    );
}

#[test]
fn a_manager_has_one_brief_a_day_whatever_is_in_it() {
    let first = fixtures::about_brief(fixtures::brief("M001"));
    let mut brief = fixtures::brief("M001");
    brief.work.truncate(1);
    let mut again = fixtures::about_brief(brief);
    again.notice.created_at = fixtures::at("2026-07-15 08:30");
    let other = fixtures::about_brief(fixtures::brief("M002"));
    let both = composed(&[first.clone(), again.clone(), other]);
    assert_eq!(both.mails.len(), 2);
    assert!(
        both.mails
            .iter()
            .any(|one| one.notice_ids.len() == 2 && one.mail.subject.contains("待办 1 项")),
        "the later one knows more"
    );
    let (alone, later) = (composed(&[first]), composed(&[again]));
    assert_eq!(alone.mails[0].mail.mail_id(), later.mails[0].mail.mail_id());
}

#[test]
fn the_briefs_of_two_managers_stay_two_where_the_fallback_stands_in() {
    let nobody = ["M003", "M404"].map(|manager| fixtures::about_brief(fixtures::brief(manager)));
    let composition = composed(&nobody);
    assert_eq!(
        kinds(&composition),
        [(MailKind::DailyBrief, "duty@gz.example.cn"); 2]
    );
    let ids: BTreeSet<_> = composition
        .mails
        .iter()
        .map(|one| one.mail.mail_id())
        .collect();
    assert_eq!(ids.len(), 2);
}

#[test]
fn asked_again_after_a_refusal_a_task_is_news_on_the_same_day() {
    let asked = |time: &str| {
        composed(&[with(approval(), |task| {
            task.asked_at = Some(fixtures::at(time))
        })])
        .mails[0]
            .mail
            .mail_id()
    };
    assert_eq!(asked("2026-07-15 09:00"), asked("2026-07-15 09:00"));
    assert_ne!(asked("2026-07-15 09:00"), asked("2026-07-15 09:03"));
}

#[test]
fn what_the_guard_withholds_is_not_asked_for() {
    let guarded = with(approval(), |task| {
        task.withheld_means = vec![crate::domain::task::Means::Negotiation];
        task.resources.push(crate::domain::task::Resource::Gift);
        task.withheld_resources = vec![crate::domain::task::Resource::Offer];
    });
    let mail = &composed(&[guarded]).mails[0].mail;
    assert!(
        mail.subject
            .ends_with("王芳 (M001) 申请礼品；用户离网率 9.00%（限值 3.00%）"),
        "{}",
        mail.subject
    );
    assert!(
        mail.text.contains("暂不得使用：商务谈判、优惠"),
        "{}",
        mail.text
    );
}

#[test]
fn how_to_answer_goes_by_whether_tasks_have_pages() {
    let city = SampleCity::new();
    let without = compose(
        &[approval()],
        &ComposeContext {
            base_url: None,
            ..city.ctx()
        },
    )
    .expect("rendered");
    let (with_page, without) = (
        &composed(&[approval()]).mails[0].mail.text,
        &without.mails[0].mail.text,
    );
    let id = fixtures::task(&[fixtures::churn_alert()], "M001").task_id;
    assert!(
        with_page.contains(&format!("https://sisan.gz.example.cn/tasks/{id}")),
        "{with_page}"
    );
    assert!(
        without.contains(&format!("把决定和任务编号告知运维登记：{id}"))
            && !without.contains("https://"),
        "{without}"
    );
}

fn any_upward() -> impl Strategy<Value = PendingNotice> {
    let state = prop::sample::select(vec![
        TaskState::Open,
        TaskState::Accepted,
        TaskState::Done,
        TaskState::Cancelled,
    ]);
    (
        0..5_usize,
        prop::sample::select(vec!["G00001", "G00003"]),
        prop::sample::select(vec!["M001", "M003", "M010"]),
        state,
        0..3_i64,
    )
        .prop_map(|(what, group, to, state, minute)| {
            let mut one = match what {
                0 => approval(),
                1 => escalation(EscalationReason::NotAccepted),
                2 => escalation(EscalationReason::Overdue),
                3 => fixtures::about_report(minute == 0),
                _ => fixtures::about_brief(fixtures::brief(to)),
            };
            if let About::Task { task, .. } = &mut one.about {
                task.scope = Scope::Group(fixtures::group_id(group));
                task.state = if what == 3 { TaskState::Done } else { state };
                one.notice.assignee = Assignee::Manager(fixtures::manager_id(to));
            }
            one.notice.severity = Severity::Warning;
            one.notice.created_at = one.notice.created_at.plus(fixtures::minutes(minute));
            one
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_notice_is_told_or_dropped_and_the_order_changes_no_mail(pending in prop::collection::vec(any_upward(), 0..9), cut in 0_usize..9) {
        let composition = composed(&pending);
        let all: BTreeSet<String> = pending.iter().map(|one| one.notice.notice_id()).collect();
        let notice_ids: BTreeSet<String> = composition.mails.iter().flat_map(|one| one.notice_ids.clone()).collect();
        let dropped: BTreeSet<String> = composition.dropped.iter().map(|one| one.notice_id.clone()).collect();
        prop_assert_eq!(notice_ids.union(&dropped).cloned().collect::<BTreeSet<_>>(), all);
        let mut turned = pending.clone();
        turned.rotate_left(cut.min(pending.len()));
        turned.reverse();
        let ids = |of: &Composition| of.mails.iter().map(|one| one.mail.mail_id()).collect::<Vec<_>>();
        prop_assert_eq!(ids(&composed(&turned)), ids(&composition));
    }
}
