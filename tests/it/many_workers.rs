//! Many workers of one consumer group on one PostgreSQL: they come to the same as one, also when
//! one of them is killed.

use crate::cases::{CASES, Case};
use crate::conformance::{assert_none, count_faults, faults};
use crate::deployment::Deployment;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestDatabase, TestMessage, TestTopic, unique};

const PARTITIONS: i32 = 4;

fn deployment(topic: &TestTopic, database: &TestDatabase) -> Deployment {
    let mut deployment = deployment_on(topic, &database.url(), "40000");
    deployment.set("CLOCK__MODE", "event");
    deployment
}

/// A deployment on a database server, with a topic as input.
pub fn deployment_on(topic: &TestTopic, store: &str, batch: &str) -> Deployment {
    let mut deployment = Deployment::new();
    deployment.set("CLOCK__MODE", "wall");
    deployment.set("BATCH__EVENTS_MAX", batch);
    deployment.set("STORE__URL", store);
    deployment.set("SOURCE__KIND", "kafka");
    deployment.set("SOURCE__KAFKA__BROKERS", topic.brokers());
    deployment.set("SOURCE__KAFKA__TOPICS", topic.name());
    deployment.set("SOURCE__KAFKA__GROUP_ID", unique("workers"));
    deployment
}

/// The lines of a case, in turn over the partitions: neighbours in time go to different workers.
fn produce(case: &Case) -> (TestTopic, u64) {
    let topic = TestTopic::create(case.name, PARTITIONS);
    let lines = case.lines().into_iter().enumerate();
    let messages: Vec<TestMessage> = lines
        .map(|(at, line)| TestMessage::to_partition(at as i32 % PARTITIONS, line))
        .collect();
    topic.produce(&messages);
    (topic, messages.len() as u64)
}

fn with_workers(workers: usize) {
    for name in CASES {
        let case = Case { name };
        let (topic, delivered) = produce(&case);
        let database = TestDatabase::create(name);
        let deployment = deployment(&topic, &database);
        deployment.run(&["migrate"]);
        let running: Vec<Running> = (0..workers)
            .map(|_| Running::start_as(&deployment, &["run", "--drain"]))
            .collect();
        for mut worker in running {
            let ended = worker.wait().expect("its end");
            assert!(ended.success(), "{name}: {ended} {}", deployment.log());
        }
        let mut all = faults(&case, &deployment);
        all.extend(count_faults(&case, &deployment, delivered));
        assert_none(
            &case,
            &format!("with {workers} workers on PostgreSQL"),
            &all,
        );
    }
}

#[test]
fn every_case_comes_out_as_expected_on_postgresql() {
    with_workers(1);
}

#[test]
fn every_case_comes_out_as_expected_with_two_workers() {
    with_workers(2);
}

#[test]
fn every_case_comes_out_as_expected_with_four_workers() {
    with_workers(4);
}

#[test]
fn an_event_that_comes_to_two_workers_at_once_is_applied_once() {
    let case = Case {
        name: "ordered-small",
    };
    let topic = TestTopic::create("twice", 2);
    let lines = case.lines();
    // Both partitions hold the same, in the same order, and each has a worker of its own.
    let of_both =
        |line: &Vec<u8>| [0, 1].map(|partition| TestMessage::to_partition(partition, line.clone()));
    topic.produce(&lines.iter().flat_map(of_both).collect::<Vec<_>>());
    let database = TestDatabase::create("twice");
    let mut deployment = deployment(&topic, &database);
    deployment.set("BATCH__EVENTS_MAX", "50");
    deployment.run(&["migrate"]);
    let workers = Running::start_many(&deployment, 2);
    wait_until(|| passed(&database) == 2 * lines.len() as u64);
    stop_all(workers);
    deployment.drain();
    let mut all = faults(&case, &deployment);
    all.extend(count_faults(&case, &deployment, 2 * lines.len() as u64));
    assert_none(&case, "with each event given to two workers", &all);
}

/// How many deliveries are committed.
pub fn passed(database: &TestDatabase) -> u64 {
    database
        .ask("SELECT coalesce(sum(greatest(next_position, 0)), 0)::bigint FROM source")
        .parse()
        .expect("a number")
}

#[test]
fn every_case_comes_out_as_expected_when_one_of_three_workers_is_killed() {
    for name in CASES {
        let case = Case { name };
        let (topic, delivered) = produce(&case);
        let database = TestDatabase::create(name);
        let mut deployment = deployment(&topic, &database);
        deployment.set("BATCH__EVENTS_MAX", "10");
        deployment.run(&["migrate"]);
        let mut workers = Running::start_many(&deployment, 3);
        wait_until(|| passed(&database) > 0);
        workers.remove(0).kill_at_once();
        wait_until(|| passed(&database) == delivered);
        stop_all(workers);
        deployment.drain();
        let mut all = faults(&case, &deployment);
        all.extend(count_faults(&case, &deployment, delivered));
        assert_none(&case, "with one of three workers killed", &all);
        assert!(deployment.applied() > 0);
    }
}
