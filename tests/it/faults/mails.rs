//! Dispatchers that die while they send, and recipients and relays that make trouble.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::deliveries::small_world;
use crate::deployment::Deployment;
use crate::many_workers::deployment_on;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{Mailbox, TestDatabase, TestMessage, TestTopic, smtp_address, smtp_ca_file};

/// Managers, each with a group of which a locked number leaves and a birthday comes.
const MANAGERS: usize = 20;
/// The manager whose mailbox refuses, and the one whose relay keeps the mail and cuts the
/// connection instead of replying.
const REFUSING: usize = 3;
const CUTTING: usize = 7;

/// The events of a world for each manager, with an address in the mailbox.
pub fn crowd(mailbox: &Mailbox) -> String {
    let world = |n: usize| {
        let trouble = match n {
            REFUSING => "refuse+",
            CUTTING => "drop+",
            _ => "",
        };
        let mut events = small_world(&mailbox.address(&format!("{trouble}m{n}")))
            .replace("/boss/test", &format!("/boss/test{n}"));
        for (of_one, of_this) in [
            ("\"G1\"", format!("\"G{n}\"")),
            ("\"U1\"", format!("\"U{n}\"")),
            ("\"M1\"", format!("\"M{n}\"")),
            ("\"K1\"", format!("\"K{n}\"")),
            ("138000080", format!("138{n:03}080")),
            ("13912345678", format!("139{n:03}45678")),
        ] {
            events = events.replace(of_one, &of_this);
        }
        events
    };
    (0..MANAGERS).map(world).collect()
}

/// Workers on PostgreSQL with these events, which send to the real mail server; their mails are
/// queued and none is sent.
pub fn with_mails_queued(events: &str, database: &TestDatabase) -> (TestTopic, Deployment) {
    let topic = TestTopic::create("mails", 2);
    topic.produce(
        &events
            .lines()
            .map(|line| TestMessage::to_partition(0, line.as_bytes().to_vec()))
            .collect::<Vec<_>>(),
    );
    let mut deployment = deployment_on(&topic, &database.url(), "40000");
    for (key, value) in [
        ("CLOCK__MODE", "event".to_owned()),
        ("MAIL__KIND", "smtp".to_owned()),
        (
            "MAIL__URL",
            format!("smtp+starttls://localhost:{}", smtp_address().port()),
        ),
        ("MAIL__CA_FILE", smtp_ca_file().display().to_string()),
        ("MAIL__FROM", "sisan@operator.test".to_owned()),
        ("MAIL__USER", "sisan".to_owned()),
        ("MAIL__PASSWORD", "test only".to_owned()),
        ("FALLBACK__ID", "F1".to_owned()),
        ("FALLBACK__ADDRESS", "fallback@operator.test".to_owned()),
    ] {
        deployment.set(key, value);
    }
    // Held, since it is the first load.
    deployment.run_with(&["run", "--drain"], &[]);
    deployment.run(&["load", "done"]);
    deployment.run(&["outbox", "release"]);
    (topic, deployment)
}

/// How often the mail server took each Message-ID.
fn taken(mailbox: &Mailbox) -> BTreeMap<String, usize> {
    mailbox
        .mails()
        .iter()
        .fold(BTreeMap::new(), |mut taken, mail| {
            let text = String::from_utf8_lossy(&mail.bytes).into_owned();
            let id = text
                .lines()
                .find_map(|line| line.strip_prefix("Message-ID: "))
                .expect("a Message-ID")
                .trim()
                .to_owned();
            *taken.entry(id).or_default() += 1;
            taken
        })
}

#[test]
fn dispatchers_that_are_killed_while_they_send_lose_no_mail_and_double_only_what_was_in_flight() {
    const KILLS: usize = 4;
    let (mailbox, database) = (Mailbox::fresh(), TestDatabase::create("mails"));
    let (_topic, mut deployment) = with_mails_queued(&crowd(&mailbox), &database);
    // Slowly, so that each kill meets some that wait.
    deployment.set("MAIL__PER_MINUTE_MAX", "240");
    let start = || Running::start_as(&deployment, &["run", "--roles", "jobs,mail"]);
    let mut offices = vec![start(), start()];
    for _ in 0..KILLS {
        let before = mailbox.mails().len();
        wait_until(|| mailbox.mails().len() > before);
        offices.remove(0).kill_at_once();
        offices.push(start());
    }
    let mails = || deployment.json(&["outbox", "list"]);
    let is = |mail: &Value, state: &str| mail["state"] == state;
    let any_is = |state: &str| mails().iter().any(|mail| is(mail, state));
    wait_until(|| !any_is("queued"));
    stop_all(offices);
    // As if the time had passed that a mail takes at most, and then the pause before it is tried
    // once more.
    database.run("UPDATE outbox SET claimed_us = 0 WHERE state = 'sending'");
    let office = start();
    wait_until(|| !any_is("sending"));
    let attempts = || {
        mails()
            .iter()
            .filter_map(|mail| mail["attempts"].as_u64())
            .sum::<u64>()
    };
    let (uncertain, before) = (
        mails().iter().filter(|mail| is(mail, "uncertain")).count() as u64,
        attempts(),
    );
    database.run("UPDATE outbox SET next_attempt_us = 0 WHERE state = 'uncertain'");
    wait_until(|| attempts() == before + uncertain && !any_is("sending"));
    office.stop();
    let (taken, mails) = (taken(&mailbox), mails());
    let cut = came_as_recorded(&mails, &taken, &mailbox.address(""));
    let doubled = taken.values().filter(|times| **times > 1).count();
    assert!(
        doubled <= KILLS + cut,
        "{doubled} came twice, at most {KILLS} were in flight and {cut} had no reply"
    );
    let readers: BTreeSet<&str> = mails
        .iter()
        .filter_map(|mail| mail["recipient"].as_str())
        .collect();
    assert!(readers.len() >= MANAGERS, "{readers:?}");
}

/// Asserts that each mail of this mailbox came as often as its state implies; returns how many were
/// to the one whose connection is cut.
fn came_as_recorded(mails: &[Value], taken: &BTreeMap<String, usize>, domain: &str) -> usize {
    let is = |mail: &Value, state: &str| mail["state"] == state;
    let to = |mail: &Value, n: usize| {
        mail["recipient"]
            .as_str()
            .is_some_and(|to| to.contains(&format!("+m{n}@")))
    };
    // What was too old when the mails were released was not tried: by the event clock that is weeks
    // after they were queued.
    let has_passed =
        |mail: &Value| (is(mail, "expired") || is(mail, "dead")) && mail["attempts"] == 0;
    let is_here = |mail: &Value| {
        mail["recipient"]
            .as_str()
            .is_some_and(|to| to.ends_with(domain))
    };
    for mail in mails
        .iter()
        .filter(|mail| is_here(mail) && !has_passed(mail))
    {
        let times = taken
            .get(mail["message_id"].as_str().expect("an id"))
            .copied()
            .unwrap_or(0);
        if to(mail, REFUSING) {
            assert!(
                is(mail, "dead") && times == 0,
                "its recipient is refused: {mail}"
            );
        } else {
            assert!((1..=2).contains(&times), "it came {times} times: {mail}");
            let wanted = if to(mail, CUTTING) {
                "uncertain"
            } else {
                "sent"
            };
            assert!(is(mail, wanted), "{wanted}: {mail}");
        }
    }
    mails.iter().filter(|mail| to(mail, CUTTING)).count()
}
