//! Names that try to be more than names, in every part and header of every kind.

use mail_parser::MessageParser;

use super::mime::bytes_of;
use crate::domain::alert::{AlertSubject, TaskId};
use crate::domain::brief::Brief;
use crate::domain::event::{EventData, KeyDateKind, Tier};
use crate::domain::job_outcome::JobOutcome;
use crate::domain::mail::{Mail, MailKind, NoticeTopic};
use crate::domain::ops_notice::OpsNotice;
use crate::domain::reminder::Occasion;
use crate::domain::task::{Assignee, Check, EscalationReason, Item, Origin, TaskTitle};
use crate::notify::clean::{NAME_CHARS_MAX, SUBJECT_CHARS_MAX};
use crate::notify::compose::{About, PendingNotice, compose};
use crate::notify::fixtures::{self, SampleCity};
use crate::notify::samples;

/// Each with what must not come out anywhere.
fn names() -> Vec<String> {
    vec![
        "<script>alert(1)</script>".into(),
        "</td></tr></table><h1>x</h1>".into(),
        "\"><a href=\"https://evil.example\" onclick='x'>".into(),
        "星辰\r\nBcc: all@evil.example\r\n\r\n<b>body</b>".into(),
        "a\nSubject: other\r.\r\n.\r\nMAIL FROM:<x@evil.example>".into(),
        "\u{202e}gnp.exe\u{2066}x\u{200b}\u{feff}\u{7}\u{9b}31m".into(),
        "{{ 7 * 7 }}{% for x in y %}{{ w|safe }}".into(),
        "=?utf-8?b?PHNjcmlwdD4=?=".into(),
        "BEGIN:VALARM;x=\"y\",z\\n\r\nEND:VEVENT\r\nATTACH:https://evil.example".into(),
        "贺👨‍👩‍👧🥮 13800008000".into(),
        "\", <x@evil.example>, \"".into(),
        "长".repeat(10_000),
        "x".repeat(10_000),
        "@everyone https://evil.example/%0d%0aBcc:x".into(),
        "a\0b\u{2028}c\u{85}d".into(),
    ]
}

/// One mail of each kind in which every text from outside is `name`.
fn mails(name: &str) -> Vec<Mail> {
    let mut city = SampleCity::new();
    let mut group = fixtures::group("G00001", name, "M001", Tier::A);
    if let EventData::Group(group) = &mut group {
        group.industry = Some(name.into());
    }
    fixtures::put_event(&mut city.reference, "g1-hostile", group);
    for id in ["M001", "M002"] {
        let mut manager = city
            .reference
            .manager(&fixtures::manager_id(id))
            .expect("a manager")
            .clone();
        manager.name = name.into();
        fixtures::put_event(
            &mut city.reference,
            &format!("{id}-hostile"),
            EventData::Manager(manager),
        );
    }
    let mut pending = Vec::new();
    for manager in ["M001", "M002", "M003"] {
        pending.extend(notices_to(manager, name));
    }
    pending.push(fixtures::about_ops(OpsNotice::JobFailed {
        job: name.to_owned(),
        outcome: JobOutcome::Failed(name.to_owned()),
    }));
    compose(&pending, &city.ctx())
        .expect("rendered")
        .mails
        .into_iter()
        .map(|one| one.mail)
        .collect()
}

/// One notice of each kind for a manager.
fn notices_to(manager: &str, name: &str) -> Vec<PendingNotice> {
    let mut pending = Vec::new();
    let mut task = fixtures::about_alerts(
        vec![fixtures::churn_alert(), fixtures::key_line_alert()],
        manager,
    );
    spoil(&mut task, name);
    pending.push(task);
    let mut planned = fixtures::about_task(
        samples::planned(by_hand(), name, "G00001", manager),
        Vec::new(),
    );
    spoil(&mut planned, name);
    planned.notice.topic = NoticeTopic::Approval(task_id(&planned));
    pending.push(planned);
    pending.push(fixtures::about_brief(brief(manager, name)));
    let mut upward = [
        fixtures::about_approval(vec![fixtures::churn_alert()], manager),
        fixtures::about_escalation(
            EscalationReason::Overdue,
            vec![fixtures::churn_alert(), fixtures::key_line_alert()],
            manager,
        ),
        fixtures::about_report(manager == "M001"),
    ];
    for one in &mut upward {
        spoil(one, name);
        one.notice.assignee = Assignee::Manager(fixtures::manager_id(manager));
    }
    pending.extend(upward);
    let mut birthday = fixtures::key_date("K1", KeyDateKind::Birthday, name);
    birthday.contact = Some(name.to_owned());
    let reminder = fixtures::reminder_of(Occasion::KeyDate(birthday), "2026-07-16", 1);
    pending.push(fixtures::about_reminder(reminder, manager));
    pending
}

/// Every text of a task from outside becomes `name`.
fn spoil(notice: &mut PendingNotice, name: &str) {
    let About::Task { task, alerts, .. } = &mut notice.about else {
        panic!("a task")
    };
    if let Some(alert) = alerts.get_mut(1) {
        alert.key.subject = AlertSubject::Category(name.into());
    }
    task.checks = vec![Check::new(name)];
    task.item = Item::Visit {
        whom: name.into(),
        purpose: name.into(),
        prepare: name.into(),
        steps: vec![name.into()],
    };
    if let Some(finish) = &mut task.finish {
        (finish.note, finish.summary, finish.report.text) = (name.into(), name.into(), name.into());
    }
}

fn by_hand() -> Origin {
    Origin::ByHand(fixtures::manager_id("M010"), fixtures::now())
}

fn task_id(notice: &PendingNotice) -> TaskId {
    let About::Task { task, .. } = &notice.about else {
        panic!("a task")
    };
    task.task_id.clone()
}

/// A full morning in which every text from outside is `name`.
fn brief(manager: &str, name: &str) -> Brief {
    let mut brief = fixtures::brief(manager);
    for change in brief.groups.iter_mut().flat_map(|group| &mut group.changes) {
        (change.subject, change.detail) = (name.into(), Some(name.into()));
    }
    for date in &mut brief.dates {
        if let Occasion::KeyDate(of) = &mut date.occasion {
            of.title = name.into();
        }
    }
    for item in &mut brief.work {
        if item.task.title != TaskTitle::OfAlerts {
            item.task.title = TaskTitle::Written(name.into());
        }
        item.alerts
            .iter_mut()
            .for_each(|alert| alert.key.subject = AlertSubject::Category(name.into()));
    }
    for task in brief
        .to_approve
        .iter_mut()
        .chain(&mut brief.to_verify)
        .chain(&mut brief.reports)
    {
        task.title = TaskTitle::Written(name.into());
        if let Some(finish) = &mut task.finish {
            (finish.summary, finish.report.text) = (name.into(), name.into());
        }
    }
    brief
}

/// The tags of an HTML text, without attributes.
fn tags(html: &str) -> Vec<String> {
    html.split('<')
        .skip(1)
        .map(|rest| {
            rest.split([' ', '>', '\n'])
                .next()
                .unwrap_or_default()
                .to_owned()
        })
        .collect()
}

#[test]
fn every_kind_is_tried_but_the_digest_whose_texts_are_those_of_tasks() {
    let kinds: std::collections::BTreeSet<MailKind> =
        mails("星辰").iter().map(|mail| mail.kind).collect();
    assert_eq!(kinds.len(), MailKind::ALL.len() - 1, "{kinds:?}");
}

#[test]
fn a_hostile_name_is_inert_in_text_html_and_subject() {
    let plain: Vec<Vec<String>> = mails("星辰").iter().map(|mail| tags(&mail.html)).collect();
    for name in names() {
        let hostile = mails(&name);
        assert_eq!(hostile.len(), plain.len());
        for (mail, plain) in hostile.iter().zip(&plain) {
            let (mut tags, mut plain) = (tags(&mail.html), plain.clone());
            if mail.kind == MailKind::OpsNotice {
                // Its lines are shown one by one: more of them, but nothing new.
                for list in [&mut tags, &mut plain] {
                    list.sort();
                    list.dedup();
                }
            }
            assert_eq!(tags, plain, "the same tags whatever the name: {name:?}");
            assert!(!mail.html.contains("href=\"https://evil"), "{name:?}");
            assert!(mail.subject.chars().count() <= SUBJECT_CHARS_MAX);
            for part in [
                &mail.subject,
                &mail.text,
                &mail.html,
                mail.calendar.as_ref().unwrap_or(&mail.subject),
            ] {
                let bad = |c: char| {
                    (c.is_control() && !matches!(c, '\n' | '\r'))
                        || matches!(c, '\u{200b}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}' | '\u{2028}')
                };
                assert!(!part.contains(bad), "{name:?}");
                assert!(!part.contains("13800008000"), "{name:?}");
            }
            assert!(!mail.subject.contains(['\n', '\r']));
            assert!(mail.recipient_name.chars().count() <= NAME_CHARS_MAX);
        }
    }
}

#[test]
fn a_hostile_name_adds_no_line_to_the_text_and_no_property_to_the_calendar() {
    let plain: Vec<usize> = mails("星辰")
        .iter()
        .map(|mail| mail.text.lines().count())
        .collect();
    for name in names() {
        let hostile = mails(&name);
        for (mail, plain) in hostile.iter().zip(&plain) {
            // An ops text may have lines of its own: they are shown as lines, indented.
            if mail.kind != MailKind::OpsNotice {
                assert_eq!(
                    mail.text.lines().count(),
                    *plain,
                    "{name:?}:\n{}",
                    mail.text
                );
            }
            let Some(calendar) = &mail.calendar else {
                continue;
            };
            let unfolded = calendar.replace("\r\n ", "");
            let keys: Vec<&str> = unfolded
                .split("\r\n")
                .filter(|line| !line.is_empty())
                .map(|line| line.split([':', ';']).next().unwrap_or_default())
                .collect();
            assert_eq!(
                keys,
                [
                    "BEGIN",
                    "VERSION",
                    "PRODID",
                    "CALSCALE",
                    "METHOD",
                    "BEGIN",
                    "DESCRIPTION",
                    "DTEND",
                    "DTSTAMP",
                    "DTSTART",
                    "SUMMARY",
                    "TRANSP",
                    "UID",
                    "END",
                    "END"
                ],
                "{name:?}: {unfolded}"
            );
            assert!(
                calendar
                    .split("\r\n")
                    .all(|line| line.len() <= 75 && !line.contains('\n')),
                "{name:?}"
            );
        }
    }
}

#[test]
fn a_hostile_name_adds_no_header_and_no_recipient() {
    let headers = |mail: &Mail| {
        let bytes = bytes_of(mail);
        let message = MessageParser::default().parse(&bytes).expect("parsed");
        let to = message.to().expect("To").clone().into_list();
        assert_eq!(to.len(), 1);
        assert_eq!(to[0].address(), Some(mail.recipient.as_str()));
        assert_eq!(message.subject(), Some(mail.subject.as_str()));
        message
            .headers()
            .iter()
            .map(|header| header.name().to_owned())
            .collect::<Vec<_>>()
    };
    let plain: Vec<Vec<String>> = mails("星辰").iter().map(headers).collect();
    for name in names() {
        for (mail, plain) in mails(&name).iter().zip(&plain) {
            assert_eq!(&headers(mail), plain, "{name:?}");
            let bytes = bytes_of(mail);
            let text = String::from_utf8(bytes).expect("ASCII");
            let longest = text.split("\r\n").map(str::len).max();
            assert!(longest <= Some(998), "{name:?}: {longest:?}");
        }
    }
}
