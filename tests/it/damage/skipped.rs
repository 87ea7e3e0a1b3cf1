//! Damaged rows are reported once and not used, and everything else goes on.

use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use sisan::domain::local_day::Timestamp;
use sisan::domain::locale::Locale;
use sisan::domain::mail::{Mail, MailKind, MailState, Notice};
use sisan::domain::ops_notice::OpsNotice;
use sisan::follow_up::sweep::Occasions;
use sisan::notify::samples;
use sisan::pipeline::Pipeline;
use sisan::plan::InputProgress;
use sisan::runtime::OutboxDispatcher;
use sisan::store::{Advance, Setting, StoreError};

use super::worked_store::{change, is_found, notice_subjects, open, setup, worked};
use crate::deployment::Deployment;

fn queue_four_of_which_two_are_damaged(dir: &Path, state: MailState) -> Vec<Mail> {
    let sample = samples::mail(MailKind::AlertTask, Locale::ZhCn).expect("a sample");
    let mails: Vec<_> = (0..4)
        .map(|n| Mail {
            recipient: format!("m{n}@example.com"),
            queued_at: sample.queued_at.plus(TimeDelta::seconds(n)),
            useful_until: None,
            ..sample.clone()
        })
        .collect();
    let store = open(dir).expect("a store");
    store
        .write_tx("queue", |tx| {
            mails
                .iter()
                .try_for_each(|mail| tx.insert_mail(mail, "<m@sisan>", state).map(drop))
        })
        .expect("queued");
    drop(store);
    // One body is changed, another is deleted; both mails are queued before the intact ones.
    change(
        dir,
        &format!(
            "UPDATE mail_body SET body = CAST(substr(body, 1, 40) || x'00' || substr(body, 42) AS BLOB) WHERE mail_id = '{}'",
            mails[0].mail_id()
        ),
        1,
    );
    change(
        dir,
        &format!(
            "DELETE FROM mail_body WHERE mail_id = '{}'",
            mails[1].mail_id()
        ),
        1,
    );
    mails
}

#[test]
fn a_mail_that_is_not_what_was_written_is_told_once_and_holds_up_none_behind_it() {
    let deployment = Deployment::new();
    let (dir, setup) = (deployment.path(""), setup(&deployment));
    drop(setup.migrate_store().expect("a store"));
    let mails = queue_four_of_which_two_are_damaged(&dir, MailState::Queued);
    let store = Arc::new(open(&dir).expect("a store"));
    let (mut dispatcher, now) = (
        OutboxDispatcher::open(&setup).expect("a dispatcher"),
        mails[0].queued_at.plus(TimeDelta::minutes(1)),
    );
    dispatcher
        .try_each(&store, now)
        .expect("those that are whole");
    let states = store
        .read_tx("read", |tx| tx.mail_entries(None, u32::MAX))
        .expect("a read");
    let states: Vec<_> = states.iter().map(|mail| mail.delivery.state).collect();
    assert_eq!(
        states,
        [
            MailState::Dead,
            MailState::Dead,
            MailState::Sent,
            MailState::Sent
        ]
    );
    assert!(
        dispatcher.notify_operators(&store, now).expect("notified"),
        "of both in one notice"
    );
    assert_eq!(notice_subjects(&store).len(), 1);
    let said = format!(
        "{:?}",
        store
            .read_tx("read", |tx| tx.due_notices(now))
            .expect("a read")
            .rows
    );
    assert!(
        mails[..2]
            .iter()
            .all(|mail| said.contains(mail.mail_id().as_str()))
            && !said.contains("m0@"),
        "{said}"
    );
    dispatcher.try_each(&store, now).expect("nothing more");
    assert!(
        !dispatcher
            .notify_operators(&store, now)
            .expect("nothing more"),
        "once"
    );
    drop(store);
    assert!(is_found(&dir), "the check of the store finds it still");
}

#[test]
fn dead_mails_without_a_body_or_use_hold_up_no_other_that_is_to_be_sent_again() {
    let deployment = Deployment::new();
    let (dir, setup) = (deployment.path(""), setup(&deployment));
    drop(setup.migrate_store().expect("a store"));
    let mails = queue_four_of_which_two_are_damaged(&dir, MailState::Dead);
    let past_use = Mail {
        recipient: "past@example.com".to_owned(),
        useful_until: Some(Timestamp::from_micros(1)),
        ..mails[0].clone()
    };
    let id = past_use.mail_id();
    let store = open(&dir).expect("a store");
    store
        .write_tx("queue", |tx| {
            tx.insert_mail(&past_use, "<m@sisan>", MailState::Dead)
                .map(drop)
        })
        .expect("queued");
    drop(store);
    let answer = |arguments: &[&str]| {
        let output = deployment.run_with(arguments, &[]);
        (
            output.status.code(),
            String::from_utf8_lossy(&output.stderr).into_owned(),
        )
    };
    let (code, said) = answer(&["outbox", "retry"]);
    assert!(
        code == Some(0)
            && said.contains("2 mails are queued again")
            && said.contains("1 stay dead, since what they say is past")
            && said.contains("2 stay dead, since what they say is no longer kept or is damaged"),
        "{said}"
    );
    let (code, said) = answer(&["outbox", "retry", id.as_str()]);
    assert!(
        code == Some(0) && said.contains("1 mails are queued again"),
        "{said}"
    );
    let (code, said) = answer(&["outbox", "retry", mails[1].mail_id().as_str()]);
    assert!(
        code == Some(1) && said.contains("is no longer kept"),
        "{said}"
    );
}

#[test]
fn a_notice_that_is_not_what_was_written_is_told_once_and_holds_up_none_behind_it() {
    let deployment = Deployment::new();
    let (dir, setup, now) = (
        deployment.path(""),
        setup(&deployment),
        Timestamp::from_micros(1_800_000_000_000_000),
    );
    drop(setup.migrate_store().expect("a store"));
    let store = open(&dir).expect("a store");
    let notices: Vec<_> = ["a text", "another text"]
        .map(|file| {
            Notice::for_operators(
                OpsNotice::FileAccepted {
                    file: file.to_owned(),
                },
                now,
            )
        })
        .to_vec();
    store
        .write_tx("note", |tx| {
            notices
                .iter()
                .try_for_each(|notice| tx.insert_notice(notice))
        })
        .expect("noted");
    drop(store);
    change(
        &dir,
        &format!(
            "UPDATE notice SET body = replace(body, 'a text', 'o text') WHERE notice_id = '{}'",
            notices[0].notice_id()
        ),
        1,
    );
    let store = Arc::new(open(&dir).expect("a store"));
    let mut pipeline = Pipeline::open(Arc::clone(&store), setup.pipeline()).expect("a pipeline");
    assert_eq!(pipeline.compose(now).expect("the other one"), 1);
    assert_eq!(pipeline.compose(now).expect("what is wrong"), 1);
    assert_eq!(pipeline.compose(now).expect("nothing more"), 0);
    let said = notice_subjects(&store);
    assert!(
        said.len() == 1 && said[0].contains(&notices[0].notice_id()),
        "{said:?}"
    );
}

#[test]
fn tasks_and_alerts_that_are_not_what_was_written_are_told_once_and_all_else_goes_on() {
    let deployment = worked();
    let (dir, setup) = (deployment.path(""), setup(&deployment));
    let first = |list: &str, id: &str| {
        let rows = deployment.json(&[list, "list"]);
        let open = rows
            .into_iter()
            .find(|row| ["open", "firing"].contains(&row["state"].as_str().expect("a state")));
        open.expect("one that is open")[id]
            .as_str()
            .expect("an id")
            .to_owned()
    };
    let (task, alert) = (first("tasks", "task_id"), first("alerts", "alert_id"));
    for (table, id) in [("task", &task), ("alert", &alert)] {
        change(
            &dir,
            &format!(
                "UPDATE {table} SET body = replace(body, 'opened_at', 'opened_on') WHERE {table}_id = '{id}'"
            ),
            1,
        );
    }
    let store = Arc::new(open(&dir).expect("a store"));
    let clock = store
        .read_tx("read", |tx| tx.setting(Setting::EventClock))
        .expect("a read")
        .expect("a clock");
    let mut pipeline = Pipeline::open(Arc::clone(&store), setup.pipeline()).expect("a pipeline");
    for minute in 0..3 {
        let now = Timestamp::from_micros(clock).plus(TimeDelta::minutes(minute));
        pipeline
            .evaluate(now, InputProgress::all_until(now))
            .expect("an evaluation");
        pipeline
            .sweep(Occasions::default(), now, || Ok::<_, StoreError>(()))
            .expect("a sweep");
        pipeline.compose(now).expect("mails");
    }
    let said = notice_subjects(&store);
    let of = |id: &str| said.iter().filter(|text| text.contains(id)).count();
    assert!(
        said.len() == 2 && of(&task) == 1 && of(&alert) == 1,
        "{said:?}"
    );
}

#[test]
fn a_setting_or_a_position_that_is_not_what_was_written_is_named_and_not_used() {
    let deployment = worked();
    let dir = deployment.path("");
    change(
        &dir,
        "UPDATE setting SET value = value + 1 WHERE name = 'closed_before_us' OR name = 'event_clock_us'",
        1,
    );
    change(
        &dir,
        "UPDATE source SET next_byte = next_byte - 1 WHERE name = '1.jsonl'",
        1,
    );
    let store = open(&dir).expect("a store");
    let refused = |what: &str, error: Option<StoreError>| {
        let said = error.map(|error| error.to_string()).unwrap_or_default();
        assert!(
            said.starts_with(&format!(
                "E_STORE_DAMAGED: {what}: it is not what was written"
            )),
            "{what}: {said}"
        );
    };
    refused(
        "a setting: row event_clock_us",
        store
            .read_tx("read", |tx| tx.setting(Setting::EventClock))
            .err(),
    );
    assert!(
        store
            .read_tx("read", |tx| tx.setting(Setting::EvaluatedAt))
            .is_ok(),
        "the others are"
    );
    let source = "a partition or file: row 1.jsonl";
    refused(source, store.read_tx("read", |tx| tx.files()).err());
    refused(source, store.read_tx("read", |tx| tx.sources()).err());
    refused(
        source,
        store.read_tx("read", |tx| tx.sources_before(None, 5)).err(),
    );
    refused(
        source,
        store
            .write_tx("take over", |tx| tx.take_over("1.jsonl"))
            .err(),
    );
    let on = Advance {
        name: "1.jsonl".to_owned(),
        ..Advance::default()
    };
    refused(
        source,
        store.write_tx("move on", |tx| tx.advance(&on)).err(),
    );
}
