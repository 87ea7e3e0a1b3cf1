//! A disk that returns other bytes than were written: what the database holds is checked, not only
//! how it holds together.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use sisan::domain::local_day::Timestamp;
use sisan::domain::locale::Locale;
use sisan::domain::mail::{MailKind, MailState, Notice};
use sisan::domain::ops_notice::OpsNotice;
use sisan::follow_up::sweep::Occasions;
use sisan::notify::samples;
use sisan::pipeline::{InputProgress, Pipeline};
use sisan::runtime::{OutboxDispatcher, Setup};
use sisan::store::{Advance, Setting, Store, StoreAt, StoreError};

use crate::cases::Case;
use crate::deployment::Deployment;

/// A deployment that has raised alerts, made tasks and queued mails.
fn worked() -> Deployment {
    let deployment = Deployment::new();
    let lines = Case {
        name: "ordered-small",
    }
    .lines();
    std::fs::write(
        deployment.path("events/1.jsonl"),
        [lines.join(&b'\n'), b"\n".to_vec()].concat(),
    )
    .expect("a file of events");
    deployment.drain();
    deployment
}

fn open(dir: &Path) -> Result<Store, StoreError> {
    Store::open(&StoreAt::Sqlite {
        path: dir.join("sisan.db"),
        memtable_bytes_max: 48 << 20,
    })
}

/// Whether the check of the store finds something.
fn is_found(dir: &Path) -> bool {
    open(dir)
        .and_then(|store| store.read("check", |tx| tx.check(&|| false)))
        .is_err()
}

/// Every row of every table.
fn rows(dir: &Path) -> rusqlite::Result<BTreeMap<String, Vec<Vec<Value>>>> {
    let database = Connection::open(dir.join("sisan.db"))?;
    let mut tables = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let all = |table: &String| {
        let mut statement = database.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))?;
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns)
                .map(|at| row.get(at))
                .collect::<Result<Vec<Value>, _>>()
        })?;
        Ok((table.clone(), rows.collect::<Result<Vec<_>, _>>()?))
    };
    tables.iter().map(all).collect()
}

/// Takes away what an open that failed has left of a log: the next one must not go by it.
fn forget_log(dir: &Path) {
    for beside in ["sisan.db-wal", "sisan.db-shm"] {
        drop(std::fs::remove_file(dir.join(beside)));
    }
}

/// Numbers that look like chance, the same in every run.
fn chance(seed: u64) -> impl FnMut(usize) -> usize {
    let mut state = seed;
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) as usize) % below
    }
}

#[test]
fn a_flipped_bit_of_the_database_is_found_or_changes_nothing_that_is_stored() {
    let deployment = worked();
    let dir = deployment.path("");
    let (path, whole, stored) = (
        dir.join("sisan.db"),
        std::fs::read(dir.join("sisan.db")).expect("a store"),
        rows(&dir).expect("rows"),
    );
    assert!(!is_found(&dir) && stored["outbox"].len() > 3 && stored["reference_event"].len() > 3);
    let (mut at, mut found) = (chance(16), 0);
    for _ in 0..200 {
        let bit = at(whole.len() * 8);
        let mut bytes = whole.clone();
        bytes[bit / 8] ^= 1 << (bit % 8);
        std::fs::write(&path, bytes).expect("a flipped bit");
        if is_found(&dir) {
            found += 1;
        } else {
            assert_eq!(rows(&dir).as_ref(), Ok(&stored), "bit {bit} was not found");
        }
        forget_log(&dir);
    }
    assert!(found > 60, "{found} of 200 bits were found");
    std::fs::write(&path, whole).expect("the store as it was");
    assert!(!is_found(&dir));
}

/// So many places of an address are damaged, one after another.
const PLACES_MAX: usize = 8;

/// The places at which a text stands in a file.
fn places(bytes: &[u8], text: &str) -> Vec<usize> {
    bytes
        .windows(text.len())
        .enumerate()
        .filter(|(_, window)| *window == text.as_bytes())
        .map(|(at, _)| at)
        .collect()
}

#[test]
fn a_flipped_bit_of_a_stored_address_is_found_and_no_mail_goes_there() {
    let deployment = worked();
    let dir = deployment.path("");
    let recipient = deployment.json(&["outbox", "list"])[0]["recipient"]
        .as_str()
        .expect("an address")
        .to_owned();
    let (path, whole, stored) = (
        dir.join("sisan.db"),
        std::fs::read(dir.join("sisan.db")).expect("a store"),
        rows(&dir).expect("rows"),
    );
    let mut wrong = recipient.clone().into_bytes();
    *wrong.last_mut().expect("a letter") ^= 1;
    let wrong = String::from_utf8(wrong).expect("a letter");
    let (mut found, mut refused_on_use) = (0, 0);
    let places = places(&whole, &recipient);
    for place in places.iter().step_by(places.len().div_ceil(PLACES_MAX)) {
        let mut bytes = whole.clone();
        bytes[place + recipient.len() - 1] ^= 1;
        std::fs::write(&path, bytes).expect("a flipped bit");
        // What is read without a check before.
        let read = open(&dir)
            .and_then(|store| store.read("read", |tx| Ok((tx.mails()?, tx.reference_events()?))));
        match read {
            Err(error) => {
                assert!(
                    matches!(error, StoreError::Damaged { .. }) && !error.to_string().contains('@'),
                    "{error}"
                );
                refused_on_use += 1;
            }
            Ok((mails, _)) => assert!(
                mails.iter().all(|queued| queued.mail.recipient != wrong),
                "byte {place}"
            ),
        }
        if is_found(&dir) {
            let output = deployment.run_with(&["run", "--drain"], &[]);
            let said = String::from_utf8(output.stderr).expect("UTF-8");
            assert!(
                output.status.code() == Some(1)
                    && said.contains("E_STORE_DAMAGED")
                    && said.contains("sisan restore"),
                "{said}"
            );
            assert!(
                !said.contains(&recipient[..recipient.len() - 1]),
                "what was stored is not repeated: {said}"
            );
            found += 1;
        } else {
            assert_eq!(
                rows(&dir).as_ref(),
                Ok(&stored),
                "byte {place} was not found"
            );
        }
        forget_log(&dir);
    }
    assert!(
        found > 0 && refused_on_use > 0,
        "{found} found, {refused_on_use} refused on use"
    );
}

/// Changes so many rows behind the program's back, so that their digests fit no more.
pub fn change(dir: &Path, sql: &str, rows: usize) {
    let database = Connection::open(dir.join("sisan.db")).expect("the database");
    database
        .create_scalar_function("digest_of", -1, FunctionFlags::SQLITE_DETERMINISTIC, |_| {
            Ok(0)
        })
        .expect("a function");
    assert_eq!(
        database
            .execute(sql, [])
            .unwrap_or_else(|e| panic!("{sql}: {e}")),
        rows,
        "{sql}"
    );
}

fn setup(deployment: &Deployment) -> Setup {
    let variables = deployment
        .variables()
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()));
    Setup::read(sisan::config::load(&[], variables).expect("a configuration"))
        .unwrap_or_else(|e| panic!("{:#}", e.error))
}

/// The topics of what the operators are told, or would be.
fn told(store: &Store) -> Vec<String> {
    let subjects = store.read("read", |tx| {
        let waiting = tx
            .due_notices(Timestamp::MAX)?
            .all()?
            .into_iter()
            .map(|notice| format!("{:?}", notice.topic));
        Ok(tx
            .mail_entries(None, u32::MAX)?
            .into_iter()
            .map(|mail| mail.subject)
            .chain(waiting)
            .collect::<Vec<_>>())
    });
    subjects
        .expect("a read")
        .into_iter()
        .filter(|text| text.contains("E_STORE_DAMAGED") || text.contains("MailsNotSent"))
        .collect()
}

#[test]
fn a_mail_that_is_not_what_was_written_is_told_once_and_holds_up_none_behind_it() {
    let deployment = Deployment::new();
    let (dir, setup) = (deployment.path(""), setup(&deployment));
    drop(setup.migrate_store().expect("a store"));
    let sample = samples::mail(MailKind::AlertTask, Locale::ZhCn).expect("a sample");
    let mails: Vec<_> = (0..4)
        .map(|n| sisan::domain::mail::Mail {
            recipient: format!("m{n}@example.com"),
            queued_at: sample.queued_at.plus(TimeDelta::seconds(n)),
            ..sample.clone()
        })
        .collect();
    let store = open(&dir).expect("a store");
    store
        .write("queue", |tx| {
            mails.iter().try_for_each(|mail| {
                tx.insert_mail(mail, "<m@sisan>", MailState::Queued)
                    .map(drop)
            })
        })
        .expect("queued");
    drop(store);
    // One says something else, of another nothing is left; both stand before those that are whole.
    change(
        &dir,
        &format!(
            "UPDATE mail_body SET body = CAST(substr(body, 1, 40) || x'00' || substr(body, 42) AS BLOB) WHERE mail_id = '{}'",
            mails[0].mail_id()
        ),
        1,
    );
    change(
        &dir,
        &format!(
            "DELETE FROM mail_body WHERE mail_id = '{}'",
            mails[1].mail_id()
        ),
        1,
    );
    let store = Arc::new(open(&dir).expect("a store"));
    let (mut post, now) = (
        OutboxDispatcher::open(&setup).expect("a post office"),
        sample.queued_at.plus(TimeDelta::minutes(1)),
    );
    post.try_each(&store, now).expect("those that are whole");
    let states = store
        .read("read", |tx| tx.mail_entries(None, u32::MAX))
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
        post.tell_operators(&store, now).expect("told"),
        "of both in one notice"
    );
    assert_eq!(told(&store).len(), 1);
    let said = format!(
        "{:?}",
        store
            .read("read", |tx| tx.due_notices(now))
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
    post.try_each(&store, now).expect("nothing more");
    assert!(
        !post.tell_operators(&store, now).expect("nothing more"),
        "once"
    );
    drop(store);
    assert!(is_found(&dir), "the check of the store finds it still");
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
        .write("note", |tx| {
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
    let said = told(&store);
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
        .read("read", |tx| tx.setting(Setting::EventClock))
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
    let said = told(&store);
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
            .read("read", |tx| tx.setting(Setting::EventClock))
            .err(),
    );
    assert!(
        store
            .read("read", |tx| tx.setting(Setting::EvaluatedAt))
            .is_ok(),
        "the others are"
    );
    let source = "a partition or file: row 1.jsonl";
    refused(source, store.read("read", |tx| tx.files()).err());
    refused(source, store.read("read", |tx| tx.sources()).err());
    refused(
        source,
        store.read("read", |tx| tx.sources_before(None, 5)).err(),
    );
    refused(
        source,
        store.write("take over", |tx| tx.take_over("1.jsonl")).err(),
    );
    let on = Advance {
        name: "1.jsonl".to_owned(),
        ..Advance::default()
    };
    refused(source, store.write("move on", |tx| tx.advance(&on)).err());
}

#[test]
fn files_of_the_store_that_are_gone_are_damage_with_a_way_back() {
    for (gone, named) in [
        ("sisan.runs", "E_STORE_DAMAGED: a file of the store"),
        ("sisan.db", "E_STORE_GONE"),
    ] {
        let deployment = worked();
        let path = deployment.path(gone);
        if path.is_dir() {
            std::fs::remove_dir_all(&path)
        } else {
            std::fs::write(&path, b"")
        }
        .expect("it was there");
        for arguments in [&["run", "--drain"][..], &["tasks", "list"]] {
            let output = deployment.run_with(arguments, &[]);
            let said = String::from_utf8_lossy(&output.stderr);
            // What does not look into the runs may go on without them.
            if gone == "sisan.db" || arguments[0] == "run" {
                assert!(
                    output.status.code() == Some(1)
                        && said.contains(named)
                        && said.contains("sisan restore"),
                    "{arguments:?}: {said}"
                );
            }
        }
    }
}
