//! By the event clock, an evaluation pass runs at each midnight and due time that the clock passes,
//! on both stores; where several workers write, the log warns that some may be missed.

use sisan::config::load;
use sisan::simulate::{CityConfig, build, to_json_line};

use crate::deployment::{Deployment, assert_same};
use crate::many_workers::{deployment_on, passed};
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestDatabase, TestMessage, TestTopic};

/// The warning of a worker that does not see every step of the clock.
const CANNOT_SEE: &str = "another worker writes to this store";

/// Events of a small city, in the order of their times.
fn lines() -> Vec<Vec<u8>> {
    let zone = load(&[], std::iter::empty())
        .expect("the defaults")
        .timezone;
    let last_day = "2026-10-31".parse().expect("a day");
    let city = build(CityConfig {
        groups: 20,
        members: 800,
        days: 60,
        ..CityConfig::demo(43, last_day, zone)
    });
    city.events()
        .map(|event| to_json_line(&event).into_bytes())
        .collect()
}

fn with_events(lines: &[Vec<u8>]) -> Deployment {
    let mut deployment = Deployment::new();
    deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
    let mut text = lines.join(&b'\n');
    text.push(b'\n');
    std::fs::write(deployment.path("events/000.jsonl"), text).expect("a file of events");
    deployment
}

#[test]
fn one_worker_by_the_event_clock_has_the_same_history_on_both_stores() {
    let lines = lines();
    let alone = with_events(&lines);
    alone.drain();
    let expected = alone.visible();
    assert!(
        expected["alerts"].len() > 20 && expected["mails"].len() > 100,
        "{} {}",
        expected["alerts"].len(),
        expected["mails"].len()
    );
    for batch in ["10000", "333"] {
        let database = TestDatabase::create("clock");
        let mut deployment = with_events(&lines);
        deployment.set("STORE__URL", database.url());
        deployment.set("BATCH__EVENTS_MAX", batch);
        deployment.run(&["migrate"]);
        let output = deployment.run_with(&["run", "--drain"], &[]);
        let log = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && !log.contains(CANNOT_SEE),
            "{log}"
        );
        assert_same(&deployment.visible(), &expected);
        assert_same(&expected, &deployment.visible());
    }
}

#[test]
fn a_worker_that_was_killed_is_followed_by_one_that_sees_the_whole_event_clock() {
    let lines = lines();
    let topic = TestTopic::create("clock", 1);
    topic.produce(
        &lines
            .iter()
            .map(|line| TestMessage::to_partition(0, line.clone()))
            .collect::<Vec<_>>(),
    );
    let database = TestDatabase::create("clock");
    let mut deployment = deployment_on(&topic, &database.url(), "500");
    deployment.set("CLOCK__MODE", "event");
    deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
    deployment.run(&["migrate"]);
    let mut killed = Running::start(&deployment);
    wait_until(|| passed(&database) > 0);
    killed.kill_at_once();
    let output = deployment.run_with(&["run", "--drain"], &[]);
    let log = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success() && !log.contains(CANNOT_SEE),
        "{log}"
    );
    let alone = with_events(&lines);
    alone.drain();
    for list in ["alerts", "tasks"] {
        assert_eq!(
            deployment.json(&[list, "list"]),
            alone.json(&[list, "list"]),
            "{list}"
        );
    }
}

#[test]
fn where_several_write_it_is_said_what_the_event_clock_cannot_see() {
    let topic = TestTopic::create("clock", 2);
    topic.produce(
        &lines()
            .into_iter()
            .take(200)
            .map(|line| TestMessage::to_partition(0, line))
            .collect::<Vec<_>>(),
    );
    let database = TestDatabase::create("clock");
    let mut deployment = deployment_on(&topic, &database.url(), "100");
    deployment.set("CLOCK__MODE", "event");
    deployment.run(&["migrate"]);
    let workers = Running::start_many(&deployment, 2);
    wait_until(|| deployment.log().contains(CANNOT_SEE));
    stop_all(workers);
}
