//! The cases come out as expected: from files and from Kafka, in batches of 1, 7 and 50,000, and in
//! any order.

use serde_json::Value;

use crate::cases::{CASES, Case, firing_faults, reject_faults, report_faults, source_faults};
use crate::deployment::Deployment;
use crate::services::{TestMessage, TestTopic, kafka_brokers, unique};

const BATCHES: [&str; 3] = ["50000", "7", "1"];

/// Everything that holds whatever the order of arrival.
pub fn faults(case: &Case, deployment: &Deployment) -> Vec<String> {
    let mut faults = Vec::new();
    for date in case.dates() {
        let rows = deployment.json(&["report", "daily", "--date", &date]);
        faults.extend(report_faults(
            &case.expected(&date).expect("a report"),
            &rows,
        ));
    }
    if let Some(firing) = case.expected("firing") {
        faults.extend(firing_faults(
            &firing,
            &deployment.json(&["alerts", "list"]),
        ));
    }
    faults
}

pub fn assert_none(case: &Case, how: &str, faults: &[String]) {
    assert!(
        faults.is_empty(),
        "{} {how}: {} faults, among them\n{}",
        case.name,
        faults.len(),
        faults[..faults.len().min(20)].join("\n")
    );
}

fn from_files(batch: &str) {
    for name in CASES {
        let case = Case { name };
        let mut deployment = Deployment::with_events_of(&case.events_dir());
        deployment.set("BATCH__EVENTS_MAX", batch);
        deployment.drain();
        let mut all = faults(&case, &deployment);
        if let Some(sources) = case.expected("sources") {
            all.extend(source_faults(
                &sources,
                &deployment.json(&["sources", "list"]),
            ));
        }
        if let Some(rejects) = case.expected("rejects") {
            all.extend(reject_faults(
                &rejects,
                &deployment.json(&["rejects", "list"]),
            ));
        }
        assert_none(&case, &format!("from files in batches of {batch}"), &all);
    }
}

#[test]
fn every_case_comes_out_as_expected_from_files_whole() {
    from_files(BATCHES[0]);
}

#[test]
fn every_case_comes_out_as_expected_from_files_in_batches_of_7() {
    from_files(BATCHES[1]);
}

#[test]
fn every_case_comes_out_as_expected_from_files_in_batches_of_1() {
    from_files(BATCHES[2]);
}

fn from_kafka(batch: &str) {
    for name in CASES {
        let case = Case { name };
        let topic = TestTopic::create(name, 3);
        let lines = case.lines();
        let delivered = lines.len() as u64;
        let messages: Vec<TestMessage> = lines
            .into_iter()
            .enumerate()
            .map(|(at, line)| TestMessage::to_partition(at as i32 % 3, line))
            .collect();
        topic.produce(&messages);
        let mut deployment = Deployment::new();
        deployment.set("SOURCE__KIND", "kafka");
        deployment.set("SOURCE__KAFKA__BROKERS", kafka_brokers());
        deployment.set("SOURCE__KAFKA__TOPICS", topic.name());
        deployment.set("SOURCE__KAFKA__GROUP_ID", unique("conformance"));
        deployment.set("BATCH__EVENTS_MAX", batch);
        deployment.drain();
        let mut all = faults(&case, &deployment);
        all.extend(count_faults(&case, &deployment, delivered));
        assert_none(&case, &format!("from Kafka in batches of {batch}"), &all);
    }
}

/// Whether every delivery is counted once, and as many are applied as are expected.
pub fn count_faults(case: &Case, deployment: &Deployment, delivered: u64) -> Vec<String> {
    let mut faults = Vec::new();
    let sources = deployment.json(&["sources", "list"]);
    let sum = |field: &str| {
        sources
            .iter()
            .map(|row| row[field].as_u64().unwrap_or_default())
            .sum::<u64>()
    };
    let counted =
        sum("applied") + sum("duplicate") + sum("conflict") + sum("rejected") + sum("gaps");
    if (counted, sum("position")) != (delivered, delivered) {
        faults.push(format!(
            "{counted} counted, {} passed, {delivered} delivered",
            sum("position")
        ));
    }
    if let Some(Value::Object(files)) = case.expected("sources") {
        let expected: u64 = files
            .values()
            .map(|counts| counts["applied"].as_u64().unwrap_or_default())
            .sum();
        if sum("applied") != expected {
            faults.push(format!("{} applied, expected {expected}", sum("applied")));
        }
    }
    faults
}

#[test]
fn every_case_comes_out_as_expected_from_kafka_whole() {
    from_kafka(BATCHES[0]);
}

#[test]
fn every_case_comes_out_as_expected_from_kafka_in_batches_of_7() {
    from_kafka(BATCHES[1]);
}

#[test]
fn every_case_comes_out_as_expected_from_kafka_in_batches_of_1() {
    from_kafka(BATCHES[2]);
}

/// Orders of one case that are tried.
const PERMUTATIONS: u64 = 100;

#[test]
fn a_case_comes_out_the_same_in_a_hundred_random_orders() {
    let case = Case { name: "odd-shapes" };
    let lines = case.lines();
    for seed in 0..PERMUTATIONS {
        let deployment = Deployment::new();
        let mut shuffled = lines.clone();
        shuffle(&mut shuffled, seed);
        let mut text = shuffled.join(&b'\n');
        text.push(b'\n');
        std::fs::write(deployment.path("events/000.jsonl"), text).expect("a file of events");
        deployment.drain();
        assert_none(
            &case,
            &format!("in order {seed}"),
            &faults(&case, &deployment),
        );
    }
}

/// Fisher and Yates, by splitmix64.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    let mut random = || {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    };
    for last in (1..items.len()).rev() {
        items.swap(last, (random() % (last as u64 + 1)) as usize);
    }
}
