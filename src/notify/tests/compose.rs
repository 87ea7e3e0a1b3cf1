//! Which notices share a mail, and which are dropped.

use std::collections::BTreeSet;

use proptest::prelude::*;

use crate::domain::alert::{AlertSubject, Explanation};
use crate::domain::event::{EventData, KeyDateKind, Tier};
use crate::domain::indicator::{AlertKind, Signal};
use crate::domain::locale::Locale;
use crate::domain::mail::MailKind;
use crate::domain::ops_notice::OpsNotice;
use crate::domain::task::{EscalationReason, Means, Resource, TaskState};
use crate::notify::compose::{
    About, ComposeContext, Composition, DropReason, PendingNotice, compose,
};
use crate::notify::fixtures::{self, SampleCity};
use crate::notify::samples::alert;

pub(super) fn composed(pending: &[PendingNotice], city: &SampleCity) -> Composition {
    compose(pending, &city.ctx()).expect("rendered")
}

pub(super) fn recipients(composition: &Composition) -> Vec<&str> {
    composition
        .mails
        .iter()
        .map(|one| one.mail.recipient.as_str())
        .collect()
}

/// An alert like the churn alert, of another group.
pub(super) fn pending_of(group: &str, manager: &str) -> PendingNotice {
    let mut alert = fixtures::churn_alert();
    alert.key.scope = crate::domain::indicator::Scope::Group(fixtures::group_id(group));
    fixtures::about_alerts(vec![alert], manager)
}

#[test]
fn two_notices_of_one_task_make_one_mail_that_takes_both() {
    let first = fixtures::about_alerts(
        vec![fixtures::churn_alert(), fixtures::batch_alert()],
        "M001",
    );
    let mut joined = first.clone();
    joined.notice.created_at = fixtures::at("2026-07-15 09:03");
    let composition = composed(&[first, joined], &SampleCity::new());
    assert_eq!(composition.mails.len(), 1);
    assert_eq!(composition.mails[0].notice_ids.len(), 2);
    assert_eq!(
        composition.mails[0].mail.text.matches("任务编号").count(),
        1
    );
}

#[test]
fn what_a_mail_proposes_is_kept_with_it_to_be_looked_at_once_more() {
    let proposal = |pending: &[PendingNotice]| {
        composed(pending, &SampleCity::new())
            .mails
            .remove(0)
            .mail
            .proposal
    };
    let offers = fixtures::about_task(
        fixtures::task(&[fixtures::churn_alert()], "M001"),
        vec![fixtures::churn_alert()],
    );
    let About::Task { task, .. } = &offers.about else {
        panic!("a task: {offers:?}")
    };
    assert!(
        task.means.contains(&Means::Negotiation) && task.resources.contains(&Resource::Offer),
        "{task:?}"
    );
    let kept = proposal(std::slice::from_ref(&offers)).expect("it proposes");
    assert_eq!(
        (kept.tasks, kept.notices),
        (vec![task.task_id.clone()], vec![offers.notice.clone()])
    );
    assert!(
        proposal(&[fixtures::about_approval(
            vec![fixtures::churn_alert()],
            "M001"
        )])
        .is_some(),
        "so does who asks for it"
    );
    let late = fixtures::about_escalation(
        EscalationReason::NotAccepted,
        vec![fixtures::churn_alert()],
        "M001",
    );
    assert!(proposal(&[late]).is_some(), "and who tells it upwards");
    let mut brief = fixtures::brief("M001");
    brief.to_approve = vec![(**task).clone()];
    let tasks = proposal(&[fixtures::about_brief(brief.clone())])
        .expect("a brief does, with what waits for an answer")
        .tasks;
    assert_eq!(tasks, std::slice::from_ref(&task.task_id));
    brief.to_approve.clear();
    assert_eq!(proposal(&[fixtures::about_brief(brief)]), None);
    let mut withheld = offers.clone();
    if let About::Task { task, .. } = &mut withheld.about {
        task.withheld_means = task.means.extract_if(.., |one| one.is_guarded()).collect();
        task.withheld_resources = task
            .resources
            .extract_if(.., |one| one.is_guarded())
            .collect();
    }
    assert_eq!(
        proposal(&[withheld]),
        None,
        "what is withheld is proposed no more"
    );
}

#[test]
fn a_notice_that_is_not_due_is_left_alone() {
    let mut later = pending_of("G00001", "M001");
    later.notice.due_at = fixtures::at("2026-07-15 09:06");
    assert_eq!(
        composed(&[later], &SampleCity::new()),
        Composition::default()
    );
}

#[test]
fn a_notice_whose_cause_is_gone_is_taken_without_a_mail() {
    let with_state = |state| {
        let mut task = fixtures::task(&[fixtures::churn_alert()], "M001");
        task.state = state;
        fixtures::about_task(task, vec![fixtures::churn_alert()])
    };
    let mut gone = pending_of("G00001", "M001");
    gone.about = About::Gone;
    let mut late = pending_of("G00001", "M001");
    late.notice.useful_until = Some(fixtures::at("2026-07-15 09:04"));
    let past = fixtures::about_reminder(
        fixtures::reminder("K1", KeyDateKind::Custom, "昨天", "2026-07-14", 1),
        "M001",
    );
    for (pending, reason) in [
        (with_state(TaskState::Done), DropReason::TaskDone),
        (with_state(TaskState::Cancelled), DropReason::TaskCancelled),
        (gone, DropReason::Gone),
        (late, DropReason::TooLate),
        (past, DropReason::TooLate),
    ] {
        let composition = composed(std::slice::from_ref(&pending), &SampleCity::new());
        assert_eq!(composition.mails, []);
        assert_eq!(
            composition
                .dropped
                .iter()
                .map(|one| (one.notice_id.clone(), one.reason))
                .collect::<Vec<_>>(),
            [(pending.notice.notice_id(), reason)]
        );
    }
}

#[test]
fn all_reminders_of_a_morning_are_one_mail_with_a_calendar() {
    let composition = composed(&fixtures::three_reminders("M001"), &SampleCity::new());
    assert_eq!(composition.mails.len(), 1);
    let mail = &composition.mails[0].mail;
    assert_eq!(
        (mail.kind, composition.mails[0].covered_ids.len()),
        (MailKind::Reminder, 3)
    );
    assert_eq!(
        mail.calendar
            .as_deref()
            .map(|text| text.matches("BEGIN:VEVENT").count()),
        Some(3)
    );
    assert_eq!(
        mail.useful_until,
        Some(fixtures::at("2026-10-14 00:00")),
        "useful until its last date is over"
    );
}

#[test]
fn a_reminder_is_always_a_mail_of_its_own_one_a_manager_and_morning() {
    let mut pending = fixtures::three_reminders("M001");
    pending.extend(fixtures::holiday_reminders("M001"));
    pending.extend(fixtures::holiday_reminders("M002"));
    pending.push(pending_of("G00001", "M001"));
    let composition = composed(&pending, &SampleCity::new());
    let of: Vec<(&str, MailKind, usize)> = composition
        .mails
        .iter()
        .map(|one| {
            (
                one.mail.recipient.as_str(),
                one.mail.kind,
                one.notice_ids.len(),
            )
        })
        .collect();
    let expected = [
        ("wang.fang@gz.example.cn", MailKind::AlertTask, 1),
        ("li.wei@gz.example.cn", MailKind::Reminder, 4),
        ("wang.fang@gz.example.cn", MailKind::Reminder, 7),
    ];
    assert_eq!(of, expected);
    let with_calendar = composition
        .mails
        .iter()
        .filter(|one| one.mail.calendar.is_some())
        .map(|one| one.mail.kind);
    assert_eq!(
        with_calendar.collect::<Vec<_>>(),
        [MailKind::Reminder, MailKind::Reminder]
    );
}

#[test]
fn a_birthdays_reminder_holds_a_greeting_draft_and_no_other_does() {
    let greeting = "祝福语草稿（请修改后由您本人发送）";
    for kind in [
        KeyDateKind::Birthday,
        KeyDateKind::Anniversary,
        KeyDateKind::ContractEnd,
        KeyDateKind::Ceremony,
        KeyDateKind::Custom,
    ] {
        let mail = composed(
            &[fixtures::about_reminder(
                fixtures::reminder("K1", kind, "大事", "2026-07-20", 7),
                "M001",
            )],
            &SampleCity::new(),
        );
        let (text, html) = (&mail.mails[0].mail.text, &mail.mails[0].mail.html);
        let is_birthday = kind == KeyDateKind::Birthday;
        assert_eq!(
            (text.contains(greeting), html.contains(greeting)),
            (is_birthday, is_birthday),
            "{kind:?}"
        );
    }
}

#[test]
fn what_a_mail_tells_is_its_identity() {
    let city = SampleCity::new();
    let first = composed(&[pending_of("G00001", "M001")], &city);
    let mut again = pending_of("G00001", "M001");
    again.notice.created_at = fixtures::at("2026-07-15 09:04");
    assert_eq!(
        first.mails[0].mail.mail_id(),
        composed(&[again], &city).mails[0].mail.mail_id(),
        "the same task and alerts on the same day"
    );
    let joined = composed(
        &[fixtures::about_alerts(
            vec![fixtures::churn_alert(), fixtures::batch_alert()],
            "M001",
        )],
        &city,
    );
    assert_ne!(
        first.mails[0].mail.mail_id(),
        joined.mails[0].mail.mail_id(),
        "a further alert is notified"
    );
    let tomorrow = compose(
        &[pending_of("G00001", "M001")],
        &ComposeContext {
            now: fixtures::at("2026-07-16 09:05"),
            ..city.ctx()
        },
    )
    .expect("rendered");
    assert_ne!(
        first.mails[0].mail.mail_id(),
        tomorrow.mails[0].mail.mail_id()
    );
}

fn any_pending() -> impl Strategy<Value = PendingNotice> {
    let state = prop::sample::select(vec![
        TaskState::Open,
        TaskState::Accepted,
        TaskState::Done,
        TaskState::Cancelled,
    ]);
    (
        0..4_usize,
        prop::sample::select(vec!["G00001", "G00002", "G3"]),
        prop::sample::select(vec!["M001", "M002", "M003", "M9"]),
        state,
        0..120_i64,
    )
        .prop_map(|(what, group, manager, state, minute)| {
            let mut one = match what {
                0 => fixtures::about_ops(OpsNotice::FileAccepted {
                    file: group.to_owned(),
                }),
                1 => fixtures::about_reminder(
                    fixtures::reminder(group, KeyDateKind::Birthday, "生日", "2026-07-20", 7),
                    manager,
                ),
                _ => pending_of(group, manager),
            };
            if let About::Task { task, .. } = &mut one.about {
                task.state = state;
            }
            one.notice.created_at = one.notice.created_at.plus(fixtures::minutes(minute));
            one.notice.due_at = fixtures::at("2026-07-15 08:00").plus(fixtures::minutes(minute));
            one
        })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn every_due_notice_is_told_or_dropped_and_the_order_changes_nothing(pending in prop::collection::vec(any_pending(), 0..10), cut in 0_usize..10) {
        let city = SampleCity::new();
        let composition = composed(&pending, &city);
        let due: BTreeSet<String> = pending.iter().filter(|one| one.notice.due_at <= fixtures::now()).map(|one| one.notice.notice_id()).collect();
        let notice_ids: BTreeSet<String> = composition.mails.iter().flat_map(|one| one.notice_ids.clone()).collect();
        let dropped: BTreeSet<String> = composition.dropped.iter().map(|one| one.notice_id.clone()).collect();
        // The same notice may be in the list twice with two states of its task; nothing else may be
        // in both.
        prop_assert_eq!(notice_ids.union(&dropped).cloned().collect::<BTreeSet<_>>(), due);
        let ids: BTreeSet<_> = composition.mails.iter().map(|one| one.mail.mail_id()).collect();
        prop_assert_eq!(ids.len(), composition.mails.len(), "no two mails of one identity");
        let mut turned = pending.clone();
        turned.rotate_left(cut.min(pending.len()));
        turned.reverse();
        let again = composed(&turned, &city);
        prop_assert_eq!(again.mails.iter().map(|one| one.mail.mail_id()).collect::<Vec<_>>(), composition.mails.iter().map(|one| one.mail.mail_id()).collect::<Vec<_>>());
    }
}

#[test]
fn a_tier_comes_from_the_group_as_it_is_now() {
    let mut city = SampleCity::new();
    let mut group = fixtures::group("G00001", "贵阳星辰精密机械有限公司", "M001", Tier::B);
    if let EventData::Group(group) = &mut group {
        group.industry = None;
    }
    fixtures::put_event(&mut city.reference, "g1b", group);
    assert!(
        composed(&[pending_of("G00001", "M001")], &city).mails[0]
            .mail
            .text
            .contains("B级")
    );
}

#[test]
fn what_is_missing_is_told_as_of_what_has_been_read_where_not_all_has() {
    let city = SampleCity::new();
    let signal = |signal| {
        alert(
            AlertKind::Signal(signal),
            AlertSubject::WholeScope,
            Explanation {
                k: 1,
                n: 1,
                ..Explanation::default()
            },
        )
    };
    let read_until = Some(fixtures::at("2026-07-14 20:30"));
    for (locale, as_of) in [
        (Locale::ZhCn, "（数据截至 7 月 14 日（二）20:30）"),
        (Locale::En, "(by what was read up to Tue Jul 14 20:30)"),
    ] {
        let text = |about, read_until| {
            let pending = [fixtures::about_alerts(vec![signal(about)], "M003")];
            let ctx = ComposeContext {
                read_until,
                default_locale: locale,
                ..city.ctx()
            };
            compose(&pending, &ctx)
                .expect("rendered")
                .mails
                .remove(0)
                .mail
                .text
        };
        let said = text(Signal::Arrears, read_until);
        assert!(said.contains(as_of), "{said}");
        assert!(!text(Signal::Arrears, None).contains(as_of));
        assert!(
            !text(Signal::GroupGone, read_until).contains(as_of),
            "what has happened has happened"
        );
    }
}
