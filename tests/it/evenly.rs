//! Nothing is said of what has not been read yet: several sources are read evenly by event time, so that a city looks the same
//! from however many partitions, and from files of events as from BOSS drops.

use std::collections::BTreeMap;

use serde_json::Value;
use sisan::config::load;
use sisan::simulate::{CityConfig, build, to_json_line};

use crate::deployment::{Deployment, assert_same};
use crate::many_workers::deployment_on;
use crate::services::{TestDatabase, TestMessage, TestTopic};

/// The type and the line of each event of a small city, in the order of their times.
fn events() -> Vec<(&'static str, Vec<u8>)> {
    let zone = load(&[], std::iter::empty()).expect("the defaults").timezone;
    let last_day = "2026-10-31".parse().expect("a day");
    let city = build(CityConfig { groups: 20, members: 800, days: 60, ..CityConfig::demo(43, last_day, zone) });
    city.events().map(|event| (event.data.type_name(), to_json_line(&event).into_bytes())).collect()
}

/// What a user can see beside where the input was left.
fn seen(deployment: &Deployment) -> BTreeMap<String, Vec<Value>> {
    let mut seen = deployment.visible();
    seen.remove("sources");
    seen
}

/// What comes of the events as they lie in one file.
fn of_one_file(events: &[(&str, Vec<u8>)]) -> BTreeMap<String, Vec<Value>> {
    let mut deployment = Deployment::new();
    deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
    let lines: Vec<u8> = events.iter().flat_map(|(_, line)| [line, &b"\n"[..]].concat()).collect();
    std::fs::write(deployment.path("events/000.jsonl"), lines).expect("a file of events");
    deployment.drain();
    seen(&deployment)
}

/// A topic over whose partitions the events lie by their types: what belongs together is apart.
fn topic_of(events: &[(&str, Vec<u8>)], partitions: i32) -> TestTopic {
    let topic = TestTopic::create("evenly", partitions);
    let partition = |type_name: &str| (xxhash_rust::xxh3::xxh3_64(type_name.as_bytes()) % partitions as u64) as i32;
    let messages = events.iter().map(|(type_name, line)| TestMessage::to_partition(partition(type_name), line.clone()));
    topic.produce(&messages.collect::<Vec<_>>());
    topic
}

#[test]
fn a_city_looks_the_same_from_one_three_and_eight_partitions_on_both_stores() {
    let events = events();
    let expected = of_one_file(&events);
    assert!(expected["alerts"].len() > 20 && expected["mails"].len() > 100, "{} {}", expected["alerts"].len(), expected["mails"].len());
    let database = TestDatabase::create("evenly");
    for (partitions, batch, shared) in [(1, "2000", false), (3, "333", false), (8, "2000", false), (8, "700", true)] {
        let topic = topic_of(&events, partitions);
        let mut deployment = deployment_on(&topic, &database.url(), batch);
        if !shared {
            deployment.set("STORE__URL", format!("sqlite:{}", deployment.path("sisan.db").display()));
        }
        deployment.set("CLOCK__MODE", "event");
        deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
        deployment.run(&["migrate"]);
        deployment.drain();
        let seen = seen(&deployment);
        assert_same(&seen, &expected);
        assert_same(&expected, &seen);
    }
}
