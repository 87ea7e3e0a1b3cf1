//! Every kind in both languages, as it reads; that none holds a word of the other is in
//! `language_tests`.

use crate::domain::alert::ResolvedBecause::{Restored, Retracted};
use crate::domain::locale::Locale;
use crate::domain::mail::MailKind;
use crate::domain::task::{EscalationReason, Means, Origin, Resource, SystemNote};
use crate::notify::compose::{About, Composed, PendingNotice, compose};
use crate::notify::fixtures::{self, SampleCity};
use crate::notify::samples;

/// The one mail about `pending`, to a reader of `locale`.
fn only_mail(pending: &[PendingNotice], locale: Locale) -> Composed {
    let city = SampleCity::new();
    let composition = compose(
        pending,
        &crate::notify::compose::ComposeContext {
            default_locale: locale,
            ..city.ctx()
        },
    )
    .expect("rendered");
    assert_eq!(composition.dropped, []);
    let [mail] = <[Composed; 1]>::try_from(composition.mails).expect("one mail");
    mail
}

fn check(name: &str, pending: impl Fn(&str) -> Vec<PendingNotice>) {
    for (locale, manager) in [(Locale::ZhCn, "M001"), (Locale::En, "M002")] {
        let pending = pending(manager);
        let mail = only_mail(&pending, locale).mail;
        let language = locale.name();
        insta::assert_snapshot!(
            format!("{name}.{language}.text"),
            format!("Subject: {}\n\n{}", mail.subject, mail.text)
        );
        insta::assert_snapshot!(format!("{name}.{language}.html"), mail.html);
    }
}

#[test]
fn a_task_with_two_alerts_reads_well() {
    check("alert_task", |manager| {
        vec![fixtures::about_alerts(
            vec![fixtures::churn_alert(), fixtures::batch_alert()],
            manager,
        )]
    });
}

#[test]
fn two_tasks_of_a_customer_read_well_in_one_mail() {
    check("alert_task_two", |manager| {
        let mut first = fixtures::task(&[fixtures::key_line_alert()], manager);
        first.approval = crate::domain::task::Approval::None;
        first.state = crate::domain::task::TaskState::Accepted;
        first.system_note = Some(SystemNote::CauseGone(Restored));
        let mut alert = fixtures::key_line_alert();
        alert.state = crate::domain::alert::AlertState::Resolved;
        alert.resolved_because = Some(Restored);
        let mut second = fixtures::task(&[fixtures::satisfaction_alert()], manager);
        second.item = crate::domain::task::Item::Retention {
            plan: "逐一回访低分答卷".to_owned(),
        };
        second.english.item = Some(crate::domain::task::Item::Retention {
            plan: "call back everybody who gave a low score".to_owned(),
        });
        second.resources = Vec::new();
        second.approval = crate::domain::task::Approval::None;
        vec![
            fixtures::about_task(first, vec![alert]),
            fixtures::about_task(second, vec![fixtures::satisfaction_alert()]),
        ]
    });
}

#[test]
fn what_piled_up_reads_well_in_one_digest() {
    for locale in [Locale::ZhCn, Locale::En] {
        let city = SampleCity::new();
        let ctx = crate::notify::compose::ComposeContext {
            default_locale: locale,
            ..city.ctx()
        };
        let manager = if locale == Locale::ZhCn {
            "M001"
        } else {
            "M002"
        };
        let made = crate::notify::digest::digests(&fixtures::three_waiting(manager), &ctx)
            .expect("rendered");
        let [mail] = <[crate::domain::mail::Mail; 1]>::try_from(made.mails).expect("one digest");
        let language = locale.name();
        insta::assert_snapshot!(
            format!("digest.{language}.text"),
            format!("Subject: {}\n\n{}", mail.subject, mail.text)
        );
        insta::assert_snapshot!(format!("digest.{language}.html"), mail.html);
    }
}

#[test]
fn the_key_dates_of_a_morning_read_well() {
    check("reminder", fixtures::three_reminders);
}

#[test]
fn public_holidays_and_a_lunar_birthday_read_well() {
    check("reminder_holidays", fixtures::holiday_reminders);
}

#[test]
fn an_ops_notice_reads_well() {
    check("ops_notice", |_| {
        vec![fixtures::about_ops(fixtures::paused_partition())]
    });
}

/// The sample of a kind, as `mail render` shows it.
fn check_sample(kind: MailKind) {
    for locale in Locale::ALL {
        let (mail, name) = (samples::mail(kind, locale).expect("rendered"), kind.name());
        assert_eq!(mail.kind, kind);
        let language = locale.name();
        insta::assert_snapshot!(
            format!("{name}.{language}.text"),
            format!("Subject: {}\n\n{}", mail.subject, mail.text)
        );
        insta::assert_snapshot!(format!("{name}.{language}.html"), mail.html);
    }
}

#[test]
fn the_brief_of_a_full_morning_reads_well() {
    check_sample(MailKind::DailyBrief);
}

#[test]
fn a_request_for_approval_reads_well() {
    check_sample(MailKind::ApprovalRequest);
}

#[test]
fn an_escalation_reads_well() {
    check_sample(MailKind::Escalation);
}

#[test]
fn a_report_upwards_reads_well() {
    check_sample(MailKind::ReportUp);
}

#[test]
fn a_brief_with_nothing_in_two_of_its_sections_says_so() {
    for locale in Locale::ALL {
        let city = SampleCity::new();
        let mut brief = fixtures::brief("M001");
        (brief.groups, brief.notices, brief.handed_over, brief.dates) = Default::default();
        brief.work.truncate(1);
        (brief.to_approve, brief.to_verify, brief.reports) = Default::default();
        (brief.over_cap, brief.yesterday) = (0, (0, 0));
        let ctx = crate::notify::compose::ComposeContext {
            default_locale: locale,
            ..city.ctx()
        };
        let made = compose(&[fixtures::about_brief(brief)], &ctx).expect("rendered");
        let (mail, language) = (&made.mails[0].mail, locale.name());
        insta::assert_snapshot!(
            format!("daily_brief_short.{language}.text"),
            format!("Subject: {}\n\n{}", mail.subject, mail.text)
        );
    }
}

#[test]
fn a_task_that_no_alert_began_and_one_with_something_withheld_read_well() {
    check("alert_task_planned", |manager| {
        let contact = crate::domain::ids::ContactId::parse("LX0714").expect("an id");
        let mut joint = samples::planned(
            Origin::StrongIntent(contact),
            "客户明确表示要换运营商，约决策人面谈",
            "G00001",
            manager,
        );
        joint.system_note = Some(SystemNote::CauseGone(Retracted));
        let mut guarded = fixtures::task(&[fixtures::key_line_alert()], manager);
        (guarded.approval, guarded.asked_at) = (crate::domain::task::Approval::None, None);
        (guarded.withheld_means, guarded.withheld_resources) =
            (vec![Means::Negotiation], vec![Resource::Offer]);
        guarded.escalated = vec![crate::domain::task::Escalated {
            why: EscalationReason::NotAccepted,
            at: fixtures::at("2026-07-15 09:01"),
            to: crate::domain::task::Assignee::Manager(fixtures::manager_id("M010")),
        }];
        let mut all = vec![
            fixtures::about_task(joint, Vec::new()),
            fixtures::about_task(guarded, vec![fixtures::key_line_alert()]),
        ];
        for one in &mut all {
            let About::Task { at_stake_fen, .. } = &mut one.about else {
                panic!("a task")
            };
            *at_stake_fen = Some(1_234_500);
        }
        all
    });
}

#[test]
fn a_task_of_its_own_origin_is_named_by_it() {
    let origin = Origin::ReturnCall(fixtures::task(&[fixtures::churn_alert()], "M001").task_id);
    let task = samples::planned(origin, "回访 6 月挽留的 8 个号码", "G00001", "M001");
    let mail = only_mail(&[fixtures::about_task(task, Vec::new())], Locale::ZhCn).mail;
    assert_eq!(
        mail.subject,
        "【挽留后回访】贵阳星辰精密机械有限公司：回访 6 月挽留的 8 个号码"
    );
    assert!(
        !mail.text.contains("报警") && !mail.html.contains("报警"),
        "nothing fired: {}",
        mail.text
    );
}
