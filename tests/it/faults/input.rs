//! Events in a topic, and what they must have come to, whatever went wrong: read from the events as
//! they were sent and from the program's own output, never from the store.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use serde_json::Value;
use sisan::clock::wall_now;
use sisan::domain::local_day::Timestamp;
use sisan::simulate::{BenchKey, bench_events, bench_members, bench_reference};

use crate::deployment::Deployment;
use crate::many_workers::deployment_on;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestMessage, TestTopic, kafka_brokers};

pub const PARTITIONS: i32 = 6;
pub const MEMBERS: u32 = 2_000;

/// Events in a topic, and what they add up to, counted from their text alone.
pub struct Input {
    pub topic: TestTopic,
    pub delivered: u64,
    /// Sources and ids.
    identities: BTreeSet<(String, String)>,
    surveys: BTreeSet<String>,
    /// By bill: when it was last billed, by which event, and how many fen.
    bills: BTreeMap<String, (String, String, u64)>,
}

impl Input {
    /// So many events, and who is who, in a new topic.
    pub fn with_events(name: &str, events: u64) -> Self {
        Self::on(&kafka_brokers(), name, events)
    }

    /// Likewise on a broker of the test's own.
    pub fn on(brokers: &str, name: &str, events: u64) -> Self {
        Self::into(TestTopic::create_on(brokers, name, PARTITIONS), events)
    }

    /// Likewise in a topic that is there.
    pub fn into(topic: TestTopic, events: u64) -> Self {
        let end = wall_now().plus(-TimeDelta::hours(1));
        let all: Vec<_> = bench_reference(MEMBERS, end)
            .into_iter()
            .chain(bench_members(MEMBERS, end))
            .chain(bench_events(events, MEMBERS, 11, end))
            .chain(leavers(end.plus(TimeDelta::minutes(30))))
            .collect();
        let mut input = Self {
            topic,
            delivered: all.len() as u64,
            identities: BTreeSet::new(),
            surveys: BTreeSet::new(),
            bills: BTreeMap::new(),
        };
        all.iter().for_each(|(_, text)| input.count(text));
        let messages: Vec<_> = all
            .into_iter()
            .map(|(key, text)| TestMessage::keyed(key, text))
            .collect();
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
                let this = (
                    part("time"),
                    part("id"),
                    event["data"]["amount_fen"].as_u64().expect("an amount"),
                );
                // What comes after the 10th of the month behind its period is no longer counted in
                // it.
                if this.0[..10] <= *tenth_after(&of("period")) {
                    self.bills
                        .entry(of("bill_id"))
                        .and_modify(|last| *last = this.clone().max(last.clone()))
                        .or_insert(this);
                }
            }
            _ => {}
        }
    }

    /// Lists what is not as expected once all of it has been ingested.
    fn faults(&self, deployment: &Deployment) -> Vec<String> {
        let mut faults = Vec::new();
        let mut must = |what: &str, actual: u64, expected: u64| {
            if actual != expected {
                faults.push(format!("{what}: {actual}, expected {expected}"));
            }
        };
        let sum = |field: &str| deployment.sum(field);
        must("passed", sum("position"), self.delivered);
        must("applied", sum("applied"), self.identities.len() as u64);
        must(
            "duplicates",
            sum("duplicate"),
            self.delivered - self.identities.len() as u64,
        );
        must(
            "rejected, in conflict or missing",
            sum("rejected") + sum("conflict") + sum("gaps"),
            0,
        );
        must(
            "answers",
            Self::months(deployment, "survey_answers"),
            self.surveys.len() as u64,
        );
        must(
            "fen billed",
            Self::months(deployment, "billed_fen"),
            self.bills.values().map(|(.., fen)| fen).sum(),
        );
        let mails = deployment.json(&["outbox", "list"]);
        let ids: BTreeSet<&str> = mails
            .iter()
            .filter_map(|mail| mail["message_id"].as_str())
            .collect();
        must(
            "mails with a Message-ID of their own",
            ids.len() as u64,
            mails.len() as u64,
        );
        let tasks = deployment.json(&["tasks", "list"]);
        must("no task at all", u64::from(tasks.is_empty()), 0);
        must(
            "alerts with more than one task",
            with_two_tasks(&tasks) as u64,
            0,
        );
        let (fires, fire_alone) = (firing(deployment), firing(&self.alone()));
        faults.extend(
            fires
                .difference(&fire_alone)
                .map(|alert| format!("fires, with one worker it does not: {alert}")),
        );
        faults.extend(
            fire_alone
                .difference(&fires)
                .map(|alert| format!("does not fire, with one worker it does: {alert}")),
        );
        faults
    }

    /// Starts workers, lets something go wrong so many times on their way through the events, and
    /// asserts that it did no harm.
    pub fn is_taken_through(
        &self,
        deployment: &Deployment,
        workers: usize,
        times: u64,
        mut go_wrong: impl FnMut(u64),
    ) {
        deployment.run(&["migrate"]);
        let workers = Running::start_many(deployment, workers);
        for time in 1..=times {
            wait_until(|| deployment.passed() > self.delivered * time / (times + 2));
            go_wrong(time);
        }
        wait_until(|| deployment.passed() == self.delivered);
        stop_all(workers);
        self.assert_all_is_well(deployment);
    }

    /// Ends what is left to be done, and asserts that nothing was lost or doubled.
    pub fn assert_all_is_well(&self, deployment: &Deployment) {
        drain(deployment);
        let faults = self.faults(deployment);
        assert!(faults.is_empty(), "{faults:?}");
    }

    /// One worker that nobody disturbs, on a file.
    fn alone(&self) -> Deployment {
        let mut alone = deployment_on(&self.topic, "", "40000");
        alone.set(
            "STORE__URL",
            format!("sqlite:{}", alone.path("sisan.db").display()),
        );
        drain(&alone);
        alone
    }

    /// A figure of the company, summed over the months of the events, and the one before, whose
    /// bills they bring.
    fn months(deployment: &Deployment, figure: &str) -> u64 {
        let end = wall_now().plus(-TimeDelta::hours(1));
        let zone = sisan::domain::zone::Zone::parse("Asia/Shanghai").expect("a zone");
        let newest = zone.day_of(end);
        let (first, last) = (
            zone.day_of(end.plus(TimeDelta::days(-95))).month(),
            newest.month(),
        );
        let mut sum = 0;
        for n in 0.. {
            let month = first.plus(n);
            if month > last {
                return sum;
            }
            // What has not begun has no figures yet.
            let date = month.last_day().min(newest).to_string();
            let rows = deployment.json(&["report", "daily", "--date", &date, "--scope", "company"]);
            sum += rows[0][figure].as_u64().expect("a figure");
        }
        sum
    }
}

/// In half of the groups two of five members leave. They are keyed by subscriber, so no worker sees
/// enough of them to raise an alert by itself.
pub fn leavers(at: Timestamp) -> impl Iterator<Item = (BenchKey, Vec<u8>)> {
    let groups = MEMBERS / 100;
    let time = at.to_string();
    bench_members(MEMBERS, at)
        .enumerate()
        .filter(move |(n, _)| n % 2 == 0 && *n < 40 * groups as usize)
        .map(move |(_, (key, text))| {
            let mut event: Value = serde_json::from_slice(&text).expect("JSON");
            event["id"] = format!("x{}", event["id"].as_str().expect("an id")).into();
            event["time"] = time.clone().into();
            event["data"]["change"] = "left".into();
            (key, event.to_string().into_bytes())
        })
}

/// The alerts that hold. The period is compared for indicators only: the day of a signal's alert
/// depends on which of its events came first.
fn firing(deployment: &Deployment) -> BTreeSet<String> {
    const INDICATORS: [&str; 4] = [
        "churn_rate",
        "member_loss_rate",
        "complaint_rate_10k",
        "satisfaction",
    ];
    let alerts = deployment.json(&["alerts", "list"]);
    let name = |alert: &Value| {
        let mut parts = ["scope", "scope_id", "kind", "subject"]
            .map(|field| alert[field].to_string())
            .to_vec();
        parts.extend(
            INDICATORS
                .iter()
                .any(|indicator| alert["kind"] == *indicator)
                .then(|| alert["period"].to_string()),
        );
        parts.join(" ")
    };
    alerts
        .iter()
        .filter(|alert| alert["state"] != "resolved")
        .map(name)
        .collect()
}

/// The 10th of the month after `2026-08`.
fn tenth_after(period: &str) -> String {
    let (year, month) = period.split_once('-').expect("a month");
    let months = year.parse::<u32>().expect("a year") * 12 + month.parse::<u32>().expect("a month");
    format!("{:04}-{:02}-10", months / 12, months % 12 + 1)
}

/// A mail may wait for its group, or for the morning.
fn drain(deployment: &Deployment) {
    let output = deployment.run_with(&["run", "--drain"], &[]);
    assert!(
        matches!(output.status.code(), Some(0 | 75)),
        "{} {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

/// How many alerts have more than one task.
fn with_two_tasks(tasks: &[Value]) -> usize {
    let tasks_of: BTreeMap<&str, usize> =
        tasks.iter().fold(BTreeMap::new(), |mut tasks_of, task| {
            for alert in task["alert_ids"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
            {
                *tasks_of.entry(alert).or_default() += 1;
            }
            tasks_of
        });
    tasks_of.values().filter(|tasks| **tasks > 1).count()
}
