//! A worker that is asked to stop: under load, and while a relay does not answer.

use std::net::{TcpListener, TcpStream};
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use sisan::clock::wall_now;
use sisan::simulate::bench_events;

use crate::deliveries::small_world;
use crate::deployment::Deployment;
use crate::running::{Running, wait_until};
use crate::services::{smtp_address, smtp_ca_file};

/// Far less than the time for which a silent relay is waited.
const SOON: Duration = Duration::from_secs(15);

#[track_caller]
fn end(worker: &mut Running) -> ExitStatus {
    let (begun, mut ended) = (Instant::now(), None);
    while ended.is_none() {
        assert!(begun.elapsed() < SOON, "it has not ended");
        ended = worker.try_wait().expect("its state");
    }
    ended.expect("an end")
}

/// A relay that accepts connections and never sends a byte.
fn silent_relay() -> (u16, Receiver<TcpStream>) {
    let relay = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = relay.local_addr().expect("an address").port();
    let (sender, taken) = channel();
    std::thread::spawn(move || {
        relay
            .incoming()
            .flatten()
            .all(|connection| sender.send(connection).is_ok())
    });
    (port, taken)
}

#[test]
fn asked_to_stop_under_load_it_ends_well_and_goes_on_to_the_same_end() {
    const EVENTS: u64 = 100_000;
    let input: Vec<u8> = bench_events(EVENTS, 5_000, 7, wall_now().plus(-TimeDelta::hours(1)))
        .fold(Vec::new(), |mut all, (_, line)| {
            all.extend_from_slice(&line);
            all.push(b'\n');
            all
        });
    let (mut stopped, mut whole) = (Deployment::new(), Deployment::new());
    for deployment in [&mut stopped, &mut whole] {
        deployment.set("CLOCK__MODE", "wall");
        std::fs::write(deployment.path("events/000.jsonl"), &input).expect("a file of events");
    }
    stopped.set("BATCH__EVENTS_MAX", "500");
    stopped.run(&["migrate"]);
    let mut worker = Running::start(&stopped);
    wait_until(|| stopped.applied() > 0);
    worker.signal("TERM");
    assert_eq!(end(&mut worker).code(), Some(0));
    let at_the_stop = stopped.json(&["sources", "list"]);
    let count = |field: &str| at_the_stop[0][field].as_u64().expect("a count");
    assert!(
        count("position") < EVENTS,
        "it was under load: {at_the_stop:?}"
    );
    assert_eq!(
        count("applied") + count("duplicate") + count("conflict") + count("rejected"),
        count("position")
    );
    stopped.run_with(&["run", "--drain"], &[]);
    whole.run_with(&["run", "--drain"], &[]);
    let counts = |deployment: &Deployment| {
        let rows = deployment.json(&["sources", "list"]);
        ["position", "applied", "duplicate", "conflict", "rejected"]
            .map(|field| rows[0][field].clone())
    };
    assert_eq!(counts(&stopped), counts(&whole));
    let company = ["report", "daily", "--date", "today", "--scope", "company"];
    let figures = |deployment: &Deployment| {
        let rows = deployment.json(&company);
        [
            "closing",
            "suspended",
            "billed_fen",
            "complaints",
            "survey_answers",
        ]
        .map(|field| rows[0][field].clone())
    };
    assert_eq!(figures(&stopped), figures(&whole));
}

#[test]
fn a_relay_that_does_not_answer_keeps_no_worker_from_ending_and_the_mail_goes_later() {
    let mut deployment = Deployment::new();
    let (port, taken) = silent_relay();
    for (key, value) in [
        ("MAIL__KIND", "smtp"),
        ("MAIL__FROM", "sisan@operator.test"),
        ("FALLBACK__ID", "F1"),
    ] {
        deployment.set(key, value);
    }
    deployment.set(
        "MAIL__URL",
        format!("smtp+starttls://localhost:{}", smtp_address().port()),
    );
    deployment.set("MAIL__CA_FILE", smtp_ca_file().display().to_string());
    deployment.set("FALLBACK__ADDRESS", "fallback@operator.test");
    std::fs::write(
        deployment.path("events/000.jsonl"),
        small_world("m@operator.test"),
    )
    .expect("a file of events");
    // While loading, all mails are held except the operators' notices.
    deployment.drain();
    deployment.set("MAIL__URL", format!("smtp+starttls://localhost:{port}"));
    deployment.run(&["load", "done"]);
    deployment.run(&["outbox", "release"]);

    deployment.set("STOP__WITHIN", "1s");
    let mut worker = Running::start(&deployment);
    let first = taken.recv_timeout(SOON).expect("the worker connects");
    worker.signal("TERM");
    assert_eq!(end(&mut worker).code(), Some(75), "the time has passed");

    deployment.set("STOP__WITHIN", "1h");
    let mut worker = Running::start(&deployment);
    let second = taken.recv_timeout(SOON).expect("the worker connects");
    worker.signal("TERM");
    // Two pending signals of one kind are delivered as one: the second is sent when the first has
    // been taken.
    wait_until(|| deployment.log().matches("Asked to stop").count() == 2);
    worker.signal("TERM");
    assert_eq!(end(&mut worker).code(), Some(75), "it was asked twice");
    drop((first, second));

    deployment.set("MAIL__KIND", "folder");
    let queued = deployment.json(&["outbox", "list"]);
    wait_until(|| {
        deployment.run_with(&["run", "--drain"], &[]);
        deployment.json(&["outbox", "list"]).iter().all(|mail| {
            ["sent", "expired", "dead"].contains(&mail["state"].as_str().unwrap_or_default())
        })
    });
    let sent = deployment.json(&["outbox", "list"]);
    let ids = |mails: &[serde_json::Value]| {
        mails
            .iter()
            .map(|mail| mail["message_id"].clone())
            .collect::<Vec<_>>()
    };
    assert!(sent.iter().any(|mail| mail["state"] == "sent"), "{sent:?}");
    // The operators are notified of the mails that were held for too long, in a mail of its own.
    let kept = ids(&sent);
    assert!(
        ids(&queued).iter().all(|id| kept.contains(id)),
        "the same mails with the same Message-IDs"
    );
}
