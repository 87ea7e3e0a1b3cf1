//! The recipient of a mail, who replaces him, and how many mails an hour.

use std::collections::BTreeMap;

use super::compose::{composed, pending_of, recipients};
use crate::domain::event::Tier;
use crate::domain::indicator::Severity;
use crate::domain::last_reply::{LastReply, Phase};
use crate::domain::locale::Locale;
use crate::domain::mail::MailKind;
use crate::domain::ops_notice::OpsNotice;
use crate::domain::pause::{Pause, PauseCause};
use crate::domain::task::{Assignee, Check, INSTRUCTION_CHARS_MAX, InEnglish, Item};
use crate::notify::compose::{About, ComposeContext, DropReason, HourlyCap, compose};
use crate::notify::fixtures::{self, SampleCity};

#[test]
fn one_mail_goes_out_per_reader_and_group_customer() {
    let mut second_task = fixtures::about_alerts(vec![fixtures::satisfaction_alert()], "M001");
    second_task.notice.created_at = fixtures::at("2026-07-15 09:01");
    let pending = [
        pending_of("G00001", "M001"),
        second_task,
        pending_of("G00002", "M001"),
        pending_of("G00002", "M002"),
    ];
    let composition = composed(&pending, &SampleCity::new());
    let shown: Vec<usize> = composition
        .mails
        .iter()
        .map(|one| one.covered_ids.len())
        .collect();
    assert_eq!(
        recipients(&composition),
        [
            "li.wei@gz.example.cn",
            "wang.fang@gz.example.cn",
            "wang.fang@gz.example.cn"
        ]
    );
    assert_eq!(
        shown,
        [2, 4, 2],
        "an alert and its task each; both tasks of G00001 in one mail"
    );
    assert!(
        composition
            .mails
            .iter()
            .all(|one| one.mail.kind == MailKind::AlertTask)
    );
}

#[test]
fn the_texts_of_a_playbook_are_whole_in_both_languages() {
    let long = |c: &str| c.repeat(INSTRUCTION_CHARS_MAX);
    for locale in [Locale::ZhCn, Locale::En] {
        let city = SampleCity::new();
        let ctx = ComposeContext {
            default_locale: locale,
            ..city.ctx()
        };
        let mut pending = pending_of("G00001", "M001");
        let About::Task { task, .. } = &mut pending.about else {
            panic!("a task")
        };
        task.item = Item::Retention { plan: long("留") };
        task.checks = vec![Check::new(long("查"))];
        task.english = InEnglish {
            checks: vec![Check::new(long("c"))],
            item: Some(Item::Retention { plan: long("p") }),
        };
        let composition = compose(&[pending], &ctx).expect("rendered");
        let mail = &composition.mails[0].mail;
        let shown = match locale {
            Locale::ZhCn => ["留", "查"],
            Locale::En => ["p", "c"],
        };
        for text in [&mail.text, &mail.html] {
            let joined: String = text.split_whitespace().collect();
            assert!(
                shown.iter().all(|one| joined.contains(&long(one))) && !text.contains('…'),
                "{text}"
            );
        }
    }
}

#[test]
fn a_task_that_changed_hands_is_told_to_who_has_it_now() {
    let mut pending = pending_of("G00001", "M001");
    let About::Task { task, .. } = &mut pending.about else {
        panic!("a task")
    };
    task.assignee = Assignee::Manager(fixtures::manager_id("M002"));
    let composition = composed(&[pending], &SampleCity::new());
    assert_eq!(recipients(&composition), ["li.wei@gz.example.cn"]);
    assert!(
        composition.mails[0].mail.subject.starts_with("[warning] "),
        "{}",
        composition.mails[0].mail.subject
    );
}

#[test]
fn a_reader_without_a_usable_address_is_stood_in_for_by_the_units_head_and_where_there_is_none_by_the_fallback()
 {
    let (head, duty) = (
        ("wang.fang@gz.example.cn", "王芳"),
        ("duty@gz.example.cn", "值班主管"),
    );
    for (group, manager, whom, who) in [
        ("G00001", "M003", "赵强 M003", head),
        ("G00001", "M404", "M404", head),
        ("G77777", "M003", "赵强 M003", duty),
        ("G77777", "M404", "M404", duty),
    ] {
        let composition = composed(&[pending_of(group, manager)], &SampleCity::new());
        let mail = &composition.mails[0].mail;
        assert_eq!((mail.recipient.as_str(), mail.recipient_name.as_str()), who);
        assert!(
            mail.text.contains(&format!("原收件人：{whom}")) && mail.html.contains(whom),
            "{}",
            mail.text
        );
    }
    let mut nobody = pending_of("G00001", "M001");
    let About::Task { task, .. } = &mut nobody.about else {
        panic!("a task")
    };
    task.assignee = Assignee::Fallback;
    assert_eq!(
        recipients(&composed(&[nobody], &SampleCity::new())),
        ["duty@gz.example.cn"]
    );
}

#[test]
fn a_group_without_master_data_and_the_levels_above_are_told_by_what_is_known() {
    let mut city = SampleCity::new();
    let unknown = composed(&[pending_of("G77777", "M001")], &city);
    assert!(unknown.mails[0].mail.subject.contains("G77777"));
    let mut alert = fixtures::churn_alert();
    for (scope, name) in [
        (crate::domain::indicator::Scope::Company, "全公司"),
        (crate::domain::indicator::Scope::Unit(None), "未划归单位"),
        (
            crate::domain::indicator::Scope::Unit(Some(
                crate::domain::ids::UnitId::parse("U01").expect("an id"),
            )),
            "云岩分公司",
        ),
    ] {
        alert.key.scope = scope;
        let mail = &composed(
            &[fixtures::about_alerts(vec![alert.clone()], "M001")],
            &city,
        )
        .mails[0]
            .mail;
        assert!(mail.subject.contains(name), "{}", mail.subject);
        assert!(
            mail.text.contains(&format!("范围：{name}")) && !mail.text.contains("集团客户："),
            "it is no customer: {}",
            mail.text
        );
        assert!(
            !mail.text.contains("偶然"),
            "above group level chance has no say: {}",
            mail.text
        );
    }
    fixtures::put_event(
        &mut city.reference,
        "g9",
        fixtures::group("G77777", "新客户", "M404", Tier::B),
    );
    assert!(
        composed(&[pending_of("G77777", "M001")], &city).mails[0]
            .mail
            .text
            .contains("M404")
    );
}

#[test]
fn an_ops_notice_goes_to_every_operator_once_a_topic() {
    let mut city = SampleCity::new();
    city.ops.push("noc@gz.example.cn".into());
    city.ops.push("not an address".into());
    let mut again = fixtures::about_ops(OpsNotice::InputPaused {
        sources: vec![(
            "events/002.jsonl".into(),
            Pause {
                cause: PauseCause::FileUnreadable,
                reason: "still paused".into(),
            },
        )],
        more: 0,
    });
    again.notice.created_at = fixtures::at("2026-07-15 09:02");
    let relay = OpsNotice::RelayDown {
        refuses: false,
        since: fixtures::now(),
        reply: LastReply::During(Phase::Connect, "refused".into()),
    };
    let pending = [
        fixtures::about_ops(fixtures::paused_partition()),
        again,
        fixtures::about_ops(relay),
    ];
    let composition = composed(&pending, &city);
    assert_eq!(
        recipients(&composition),
        [
            "noc@gz.example.cn",
            "noc@gz.example.cn",
            "ops@gz.example.cn",
            "ops@gz.example.cn"
        ]
    );
    let stopped = composition
        .mails
        .iter()
        .find(|one| one.covered_ids[0] == "input paused")
        .expect("the topic");
    assert_eq!(stopped.notice_ids.len(), 2);
    city.ops.clear();
    assert_eq!(
        recipients(&composed(&pending[..1], &city)),
        ["duty@gz.example.cn"]
    );
}

#[test]
fn over_the_hourly_cap_only_critical_tasks_are_still_mailed() {
    let city = SampleCity::new();
    let queued = BTreeMap::from([("wang.fang@gz.example.cn".to_owned(), 10)]);
    let mut critical = pending_of("G00002", "M001");
    critical.notice.severity = Severity::Critical;
    let pending = [
        pending_of("G00001", "M001"),
        critical,
        pending_of("G00001", "M002"),
    ];
    let cap = Some(HourlyCap {
        mails_max: 10,
        queued: &queued,
    });
    let composition = compose(&pending, &ComposeContext { cap, ..city.ctx() }).expect("rendered");
    assert_eq!(
        recipients(&composition),
        ["li.wei@gz.example.cn", "wang.fang@gz.example.cn"]
    );
    assert_eq!(composition.dropped.len(), 1);
    assert_eq!(composition.dropped[0].reason, DropReason::OverCap);
}
