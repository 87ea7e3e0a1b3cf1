//! Health, readiness, numbers, and the configuration read anew, over HTTP and signals, of the
//! running program.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use sisan::clock::wall_now;
use sisan::simulate::{bench_members, bench_reference};

use crate::cases::Case;
use crate::deployment::Deployment;
use crate::faults::input::{MEMBERS, leavers};
use crate::running::{Running, wait_until};
use crate::services::OwnServer;

/// How long the head of a request may take, and some more for a busy machine.
const CUT_OFF_WITHIN: Duration = Duration::from_secs(30);

/// The status and the rest of what is answered; none while nobody listens.
fn ask(address: SocketAddr, request: &str) -> Option<(u16, String)> {
    let mut connection = TcpStream::connect(address).ok()?;
    connection
        .write_all(
            format!("{request} HTTP/1.1\r\nHost: sisan\r\nConnection: close\r\n\r\n").as_bytes(),
        )
        .ok()?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).ok()?;
    let status = answer.split(' ').nth(1)?.parse().ok()?;
    Some((status, answer))
}

pub fn status(address: SocketAddr, path: &str) -> Option<u16> {
    ask(address, &format!("GET {path}")).map(|(status, _)| status)
}

/// A number of `/metrics`.
fn metric(address: SocketAddr, name: &str) -> Option<f64> {
    let (_, text) = ask(address, "GET /metrics")?;
    let line = text.lines().find_map(|line| {
        line.strip_prefix(name)?
            .strip_prefix(' ')
            .map(str::to_owned)
    });
    line.and_then(|value| value.parse().ok())
}

fn membership(n: u32, code: &str) -> String {
    let time = wall_now();
    format!(
        r#"{{"specversion":"1.0","id":"e{n}","source":"/boss","type":"boss.subscriber.status.v1","time":"{time}","data":{{"subscriber_id":"1390000{n:04}","status_code":"{code}","code_set":"ours"}}}}"#
    ) + "\n"
}

#[test]
fn the_program_is_ready_while_its_store_takes_what_is_written_and_alive_all_the_while() {
    let mut server = OwnServer::start();
    let mut deployment = Deployment::new();
    deployment.set("STORE__URL", server.url("sisan"));
    let address = deployment.listen();
    let worker = Running::start_as(&deployment, &["run"]);
    wait_until(|| status(address, "/readyz") == Some(200));
    assert_eq!(status(address, "/healthz"), Some(200));
    assert_eq!(metric(address, "sisan_store_up"), Some(1.0));
    server.stop();
    wait_until(|| status(address, "/readyz") == Some(503));
    assert_eq!(status(address, "/healthz"), Some(200), "it lives");
    wait_until(|| {
        metric(address, "sisan_store_up") == Some(0.0)
            && metric(address, "sisan_store_failures_total") > Some(0.0)
    });
    server.start_again();
    wait_until(|| status(address, "/readyz") == Some(200));
    worker.stop();
}

#[test]
fn readiness_says_what_is_paused_and_that_mails_are_held() {
    let mut deployment = Deployment::with_events_of(
        &Case {
            name: "ordered-small",
        }
        .events_dir(),
    );
    for (key, value) in [
        ("MAIL__KIND", "smtp"),
        ("MAIL__URL", "smtp+starttls://localhost:1"),
        ("MAIL__FROM", "sisan@operator.test"),
    ] {
        deployment.set(key, value);
    }
    deployment.set("FALLBACK__ID", "F1");
    deployment.set("FALLBACK__ADDRESS", "fallback@operator.test");
    std::fs::write(
        deployment.path("events/zzz.jsonl.gz"),
        b"\x1f\x8b\x08 is no gzip",
    )
    .expect("a damaged file");
    deployment.run_with(&["run", "--drain"], &[]);
    let address = deployment.listen();
    let worker = Running::start_as(&deployment, &["run"]);
    let says = |words: &[&str]| {
        ask(address, "GET /readyz").is_some_and(|(status, text)| {
            status == 200 && words.iter().all(|word| text.contains(word))
        })
    };
    wait_until(|| {
        says(&[
            "\"degraded\"",
            "zzz.jsonl.gz is paused: E_FILE",
            "mails are held",
        ])
    });
    deployment.run(&["outbox", "release"]);
    wait_until(|| {
        says(&["\"degraded\"", "zzz.jsonl.gz is paused: E_FILE"]) && !says(&["mails are held"])
    });
    worker.stop();
}

/// From the reading of an event to the commit of the notices that it raises, on a machine that is
/// busy with other tests.
const TOLD_WITHIN_SECONDS: f64 = 5.0;

#[test]
fn what_an_event_raises_is_told_within_seconds() {
    let end = wall_now().plus(-TimeDelta::hours(1));
    let mut deployment = Deployment::new();
    let address = deployment.listen();
    deployment.set("CLOCK__MODE", "wall");
    let put = |name: &str, events: Vec<Vec<u8>>| {
        let text: Vec<u8> = events
            .into_iter()
            .flat_map(|event| event.into_iter().chain(*b"\n"))
            .collect();
        std::fs::write(deployment.path(name), text).expect("a file of events");
    };
    let members: Vec<Vec<u8>> = bench_reference(MEMBERS, end)
        .into_iter()
        .chain(bench_members(MEMBERS, end))
        .map(|(_, event)| event)
        .collect();
    let count = members.len() as u64;
    put("events/000.jsonl", members);
    let worker = Running::start(&deployment);
    wait_until(|| deployment.applied() == count);
    put(
        "events/001.jsonl",
        leavers(end.plus(TimeDelta::minutes(30)))
            .map(|(_, event)| event)
            .collect(),
    );
    let mailed = || metric(address, "sisan_event_to_notice_seconds_count").unwrap_or(0.0);
    wait_until(|| mailed() > 0.0);
    let mean = metric(address, "sisan_event_to_notice_seconds_sum").expect("a sum") / mailed();
    println!("mailed within {mean} s");
    assert!((0.0..TOLD_WITHIN_SECONDS).contains(&mean), "{mean} s");
    worker.stop();
}

#[test]
fn clients_get_what_is_there_and_those_that_dawdle_are_cut_off() {
    let mut deployment = Deployment::new();
    let address = deployment.listen();
    let worker = Running::start_as(&deployment, &["run"]);
    wait_until(|| status(address, "/healthz") == Some(200));
    assert_eq!(status(address, "/no-such-page"), Some(404));
    assert_eq!(
        ask(address, "POST /healthz").map(|(status, _)| status),
        Some(405)
    );
    let long = format!("GET /{}", "x".repeat(100_000));
    assert!(
        ask(address, &long).is_none_or(|(status, _)| status == 431 || status == 414),
        "no room for it"
    );
    let (begun, mut dawdler) = (
        Instant::now(),
        TcpStream::connect(address).expect("a connection"),
    );
    dawdler
        .write_all(b"GET /healthz HTTP/1.1\r\nHost:")
        .expect("it is taken");
    dawdler
        .set_read_timeout(Some(CUT_OFF_WITHIN))
        .expect("a time limit");
    let mut rest = Vec::new();
    dawdler.read_to_end(&mut rest).expect("it is cut off");
    assert!(begun.elapsed() < CUT_OFF_WITHIN);
    worker.stop();
}

#[test]
fn on_sighup_the_configuration_is_read_again_as_a_whole_or_left_as_it_was() {
    let mut deployment = Deployment::new();
    let address = deployment.listen();
    deployment.set("CLOCK__MODE", "wall");
    let (config, events) = (
        deployment.path("sisan.toml"),
        deployment.path("events/1.jsonl"),
    );
    let write = |text: &str| std::fs::write(&config, text).expect("a configuration");
    let come = |text: &str| {
        let mut file = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(&events)
            .expect("a file of events");
        file.write_all(text.as_bytes()).expect("an event");
    };
    write("[status_maps.ours]\nA = \"active\"\n");
    let worker = Running::start_as(
        &deployment,
        &["--config", &config.display().to_string(), "run"],
    );
    let fate = |fate: &str| {
        metric(
            address,
            &format!("sisan_deliveries_total{{fate=\"{fate}\"}}"),
        )
        .unwrap_or(0.0)
    };
    come(&(membership(1, "A") + &membership(2, "Z")));
    wait_until(|| (fate("applied"), fate("rejected")) == (1.0, 1.0));

    write("[status_maps.ours]\nA = \"active\"\nZ = \"no such status\"\n");
    worker.signal("HUP");
    wait_until(|| metric(address, "sisan_config_last_reload_successful") == Some(0.0));
    come(&(membership(3, "A") + &membership(4, "Z")));
    wait_until(|| (fate("applied"), fate("rejected")) == (2.0, 2.0));

    write("[status_maps.ours]\nA = \"active\"\nZ = \"suspended\"\n");
    worker.signal("HUP");
    wait_until(|| metric(address, "sisan_config_last_reload_successful") == Some(1.0));
    come(&membership(5, "Z"));
    wait_until(|| (fate("applied"), fate("rejected")) == (3.0, 2.0));
    worker.stop();
}
