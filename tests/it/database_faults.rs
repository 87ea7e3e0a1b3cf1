//! Faults of the database server and of workers beside it: nothing is lost, nothing doubled, and the workers go on by
//! themselves.
//!
//! The judge reads the events as they were sent and what the program says, never the store.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use serde_json::Value;
use sisan::clock::wall_now;
use sisan::domain::local_day::Timestamp;
use sisan::simulate::{BenchKey, bench_events, bench_members, bench_reference};

use crate::deliveries::wait_until;
use crate::deployment::Deployment;
use crate::many_workers::{self, deployment_on};
use crate::services::{OwnServer, TestDatabase, TestMessage, TestTopic};
use crate::stopping::{start, stop_all};

const PARTITIONS: i32 = 6;
const MEMBERS: u32 = 2_000;

/// Events in a topic, and what they add up to, counted from their text alone.
struct Input {
    topic: TestTopic,
    delivered: u64,
    /// Sources and ids.
    identities: BTreeSet<(String, String)>,
    surveys: BTreeSet<String>,
    /// By bill: when it was last billed, by which event, and how many fen.
    bills: BTreeMap<String, (String, String, u64)>,
}

impl Input {
    fn of(name: &str, events: u64) -> Self {
        let end = wall_now().plus(-TimeDelta::hours(1));
        let all: Vec<_> = bench_reference(MEMBERS, end)
            .into_iter()
            .chain(bench_members(MEMBERS, end))
            .chain(bench_events(events, MEMBERS, 11, end))
            .chain(leavers(end.plus(TimeDelta::minutes(30))))
            .collect();
        let topic = TestTopic::create(name, PARTITIONS);
        let mut input =
            Self { topic, delivered: all.len() as u64, identities: BTreeSet::new(), surveys: BTreeSet::new(), bills: BTreeMap::new() };
        all.iter().for_each(|(_, text)| input.count(text));
        let messages: Vec<_> = all.into_iter().map(|(key, text)| TestMessage::keyed(key, text)).collect();
        input.topic.produce(&messages);
        input
    }

    fn count(&mut self, text: &[u8]) {
        let event: Value = serde_json::from_slice(text).expect("JSON");
        let part = |name: &str| event[name].as_str().expect("a text").to_owned();
        self.identities.insert((part("source"), part("id")));
        let of = |name: &str| event["data"][name].as_str().expect("a text").to_owned();
        match part("type").as_str() {
            "crm.survey.v1" => drop(self.surveys.insert(of("survey_id"))),
            "boss.bill.v1" => {
                let this = (part("time"), part("id"), event["data"]["amount_fen"].as_u64().expect("an amount"));
                // What comes after the 10th of the month behind its period is no longer counted in it.
                if this.0[..10] <= *tenth_after(&of("period")) {
                    self.bills.entry(of("bill_id")).and_modify(|last| *last = this.clone().max(last.clone())).or_insert(this);
                }
            }
            _ => {}
        }
    }

    /// Says what is not as it should be once all of it is in.
    fn faults(&self, deployment: &Deployment) -> Vec<String> {
        let mut faults = Vec::new();
        let mut must = |what: &str, seen: u64, expected: u64| {
            if seen != expected {
                faults.push(format!("{what}: {seen}, expected {expected}"));
            }
        };
        let sources = deployment.json(&["sources", "list"]);
        let sum = |field: &str| sources.iter().map(|row| row[field].as_u64().expect("a count")).sum::<u64>();
        must("passed", sum("position"), self.delivered);
        must("applied", sum("applied"), self.identities.len() as u64);
        must("duplicates", sum("duplicate"), self.delivered - self.identities.len() as u64);
        must("rejected, in conflict or missing", sum("rejected") + sum("conflict") + sum("gaps"), 0);
        must("answers", Self::months(deployment, "survey_answers"), self.surveys.len() as u64);
        must("fen billed", Self::months(deployment, "billed_fen"), self.bills.values().map(|(.., fen)| fen).sum());
        let mails = deployment.json(&["outbox", "list"]);
        let ids: BTreeSet<&str> = mails.iter().filter_map(|mail| mail["message_id"].as_str()).collect();
        must("mails with a Message-ID of their own", ids.len() as u64, mails.len() as u64);
        let tasks = deployment.json(&["tasks", "list"]);
        let told: BTreeMap<&str, usize> = tasks.iter().fold(BTreeMap::new(), |mut told, task| {
            for alert in task["alert_ids"].as_array().into_iter().flatten().filter_map(Value::as_str) {
                *told.entry(alert).or_default() += 1;
            }
            told
        });
        must("no task at all", u64::from(tasks.is_empty()), 0);
        must("alerts with more than one task", told.values().filter(|tasks| **tasks > 1).count() as u64, 0);
        let (fires, fire_alone) = (firing(deployment), firing(&self.alone()));
        faults.extend(fires.difference(&fire_alone).map(|alert| format!("fires, with one worker it does not: {alert}")));
        faults.extend(fire_alone.difference(&fires).map(|alert| format!("does not fire, with one worker it does: {alert}")));
        faults
    }

    /// One worker that nobody disturbs, on a file.
    fn alone(&self) -> Deployment {
        let mut alone = deployment_on(&self.topic, "", "40000");
        alone.set("STORE__URL", format!("sqlite:{}", alone.path("sisan.db").display()));
        drain(&alone);
        alone
    }

    /// A figure of the company, summed over the months of the events, and the one before, whose bills they bring.
    fn months(deployment: &Deployment, figure: &str) -> u64 {
        let end = wall_now().plus(-TimeDelta::hours(1));
        let zone = sisan::domain::zone::Zone::parse("Asia/Shanghai").expect("a zone");
        let (first, last) = (zone.day_of(end.plus(TimeDelta::days(-95))).month(), zone.day_of(end).month());
        let mut sum = 0;
        for n in 0.. {
            let month = first.plus(n);
            if month > last {
                return sum;
            }
            let date = month.last_day().to_string();
            let rows = deployment.json(&["report", "daily", "--date", &date, "--scope", "company"]);
            sum += rows[0][figure].as_u64().expect("a figure");
        }
        sum
    }
}

/// In half of the groups two of five members leave. They are keyed by line, so no worker sees enough of them to raise an
/// alert by itself.
fn leavers(at: Timestamp) -> impl Iterator<Item = (BenchKey, Vec<u8>)> {
    let groups = MEMBERS / 100;
    let time = at.to_string();
    bench_members(MEMBERS, at).enumerate().filter(move |(n, _)| n % 2 == 0 && *n < 40 * groups as usize).map(move |(_, (key, text))| {
        let mut event: Value = serde_json::from_slice(&text).expect("JSON");
        event["id"] = format!("x{}", event["id"].as_str().expect("an id")).into();
        event["time"] = time.clone().into();
        event["data"]["change"] = "left".into();
        (key, event.to_string().into_bytes())
    })
}

/// The alerts that hold.
fn firing(deployment: &Deployment) -> BTreeSet<String> {
    let alerts = deployment.json(&["alerts", "list"]);
    let name = |alert: &Value| ["scope", "scope_id", "kind", "subject", "period"].map(|field| alert[field].to_string()).join(" ");
    alerts.iter().filter(|alert| alert["state"] != "resolved").map(name).collect()
}

/// The 10th of the month after `2026-08`.
fn tenth_after(period: &str) -> String {
    let (year, month) = period.split_once('-').expect("a month");
    let months = year.parse::<u32>().expect("a year") * 12 + month.parse::<u32>().expect("a month");
    format!("{:04}-{:02}-10", months / 12, months % 12 + 1)
}

fn passed(deployment: &Deployment) -> u64 {
    let output = deployment.run_with(&["sources", "list", "--format", "json"], &[]);
    let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
    rows.iter().filter_map(|row| row["position"].as_u64()).sum()
}

fn assert_all_is_well(input: &Input, deployment: &Deployment) {
    let faults = input.faults(deployment);
    assert!(faults.is_empty(), "{faults:?}");
}

/// A mail may wait for its group, or for the morning.
fn drain(deployment: &Deployment) {
    let output = deployment.run_with(&["run", "--drain"], &[]);
    assert!(matches!(output.status.code(), Some(0 | 75)), "{} {}", output.status, String::from_utf8_lossy(&output.stderr));
}

fn signal(name: &str, worker: &Child) {
    Command::new("sh").args(["-c", &format!("kill -{name} {}", worker.id())]).status().expect("a signal");
}

#[test]
fn a_database_server_that_crashes_and_comes_back_loses_and_doubles_nothing() {
    let (input, mut server) = (Input::of("crash", 30_000), OwnServer::start());
    let deployment = deployment_on(&input.topic, &server.url("sisan"), "500");
    deployment.run(&["migrate"]);
    let workers: Vec<Child> = (0..2).map(|_| start(&deployment)).collect();
    for part in 1..=3 {
        wait_until(|| passed(&deployment) > input.delivered * part / 5);
        server.stop();
        server.start_again();
    }
    wait_until(|| passed(&deployment) == input.delivered);
    stop_all(workers);
    drain(&deployment);
    assert_all_is_well(&input, &deployment);
}

#[test]
fn connections_that_are_cut_again_and_again_lose_and_double_nothing() {
    let (input, database) = (Input::of("cut", 30_000), TestDatabase::create("cut"));
    let deployment = deployment_on(&input.topic, &database.url(), "500");
    deployment.run(&["migrate"]);
    let workers: Vec<Child> = (0..2).map(|_| start(&deployment)).collect();
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    for part in 1..=8 {
        wait_until(|| passed(&deployment) > input.delivered * part / 10);
        database.run(cut);
    }
    wait_until(|| passed(&deployment) == input.delivered);
    stop_all(workers);
    drain(&deployment);
    assert_all_is_well(&input, &deployment);
}

#[test]
fn a_worker_whose_rights_are_taken_waits_and_goes_on_when_it_has_them_again() {
    let (input, server) = (Input::of("rights", 20_000), OwnServer::start());
    server.run("CREATE ROLE worker LOGIN; GRANT ALL ON SCHEMA public TO worker");
    let deployment = deployment_on(&input.topic, &server.url("worker"), "200");
    deployment.run(&["migrate"]);
    let log = deployment.path("log");
    let worker = Command::new(env!("CARGO_BIN_EXE_sisan"))
        .arg("run")
        .env_clear()
        .envs(deployment.variables())
        .stderr(std::fs::File::create(&log).expect("a log"))
        .spawn()
        .expect("the worker starts");
    let told = |times: usize| std::fs::read_to_string(&log).unwrap_or_default().matches("E_DB_AUTH").count() >= times;
    wait_until(|| passed(&deployment) > input.delivered / 5);
    server.run("ALTER TABLE delta OWNER TO sisan; REVOKE ALL ON delta FROM worker");
    wait_until(|| told(1));
    server.run("GRANT ALL ON delta TO worker");
    wait_until(|| passed(&deployment) > input.delivered / 2);
    server.run("ALTER ROLE worker NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'worker'");
    let before = std::fs::read_to_string(&log).unwrap_or_default().matches("E_DB_AUTH").count();
    wait_until(|| told(before + 1));
    server.run("ALTER ROLE worker LOGIN");
    wait_until(|| passed(&deployment) == input.delivered);
    stop_all([worker]);
    drain(&deployment);
    assert_all_is_well(&input, &deployment);
}

#[test]
fn a_worker_that_slept_through_its_take_over_can_write_nothing() {
    let (input, database) = (Input::of("zombie", 60_000), TestDatabase::create("zombie"));
    let deployment = deployment_on(&input.topic, &database.url(), "200");
    deployment.run(&["migrate"]);
    let workers: Vec<Child> = (0..2).map(|_| start(&deployment)).collect();
    for sleeper in [0, 1, 0] {
        let at = passed(&deployment);
        wait_until(|| passed(&deployment) > (at + 1_000).min(input.delivered - 1));
        signal("STOP", &workers[sleeper]);
        // The other one has its partitions once every epoch has been raised since.
        let epochs = || database.ask("SELECT sum(epoch)::bigint FROM source").parse::<u64>().expect("a number");
        let before = epochs();
        wait_until(|| epochs() > before);
        signal("CONT", &workers[sleeper]);
    }
    wait_until(|| passed(&deployment) == input.delivered);
    stop_all(workers);
    drain(&deployment);
    assert_all_is_well(&input, &deployment);
}

/// How long after a worker died the other one may take to have its partitions: the session's 6 s and the rebalance, on a
/// machine that is busy with other tests.
const TAKE_OVER_MAX: Duration = Duration::from_secs(12);
/// Likewise if it comes back under the same name.
const COME_BACK_MAX: Duration = Duration::from_secs(5);

#[test]
fn the_partitions_of_a_dead_worker_are_soon_taken_over_and_sooner_by_itself() {
    let (input, database) = (Input::of("take-over", 1_000), TestDatabase::create("take_over"));
    let deployment = deployment_on(&input.topic, &database.url(), "500");
    deployment.run(&["migrate"]);
    let mut named = deployment_on(&input.topic, &database.url(), "500");
    named.set("SOURCE__KAFKA__GROUP_ID", &deployment.variables()["SISAN__SOURCE__KAFKA__GROUP_ID"]);
    named.set("SOURCE__KAFKA__INSTANCE_ID", "worker-1");
    let epochs = || database.ask("SELECT coalesce(sum(epoch), 0)::bigint FROM source").parse::<u64>().expect("a number");
    let take_overs_after = |before: u64| {
        let begun = Instant::now();
        wait_until(|| epochs() > before);
        begun.elapsed()
    };
    let mut first = start(&named);
    wait_until(|| passed(&named) == input.delivered);
    let before = epochs();
    first.kill().and_then(|()| first.wait()).expect("it is killed");
    let mut again = start(&named);
    let by_itself = take_overs_after(before);
    let other = start(&deployment);
    wait_until(|| epochs() > before + PARTITIONS as u64);
    let before = epochs();
    again.kill().and_then(|()| again.wait()).expect("it is killed");
    let by_another = take_overs_after(before);
    stop_all([other]);
    println!("taken over by itself after {by_itself:?}, by another after {by_another:?}");
    assert!(by_itself < COME_BACK_MAX, "by itself after {by_itself:?}");
    assert!(by_another < TAKE_OVER_MAX, "by another after {by_another:?}");
}

/// Kills, and the events that they happen over.
const KILLS: usize = 30;
const KILLED_EVENTS: u64 = 100_000;

#[test]
fn thirty_kills_over_a_hundred_thousand_events_lose_and_double_nothing() {
    let (input, database) = (Input::of("kills", KILLED_EVENTS), TestDatabase::create("kills"));
    let deployment = deployment_on(&input.topic, &database.url(), "500");
    deployment.run(&["migrate"]);
    let mut workers: Vec<Child> = (0..3).map(|_| start(&deployment)).collect();
    let position = || many_workers::passed(&database);
    for kill in 0..KILLS {
        let at = position();
        let enough = (at + 1).max(input.delivered * kill as u64 / (KILLS as u64 + 2)).min(input.delivered);
        wait_until(|| position() >= enough);
        let mut killed = workers.remove(0);
        killed.kill().and_then(|()| killed.wait()).expect("it is killed");
        workers.push(start(&deployment));
    }
    let begun = Instant::now();
    wait_until(|| position() == input.delivered);
    assert!(begun.elapsed() < Duration::from_secs(60), "it drains when nobody is killed any more");
    stop_all(workers);
    drain(&deployment);
    assert_all_is_well(&input, &deployment);
}
