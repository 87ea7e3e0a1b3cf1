//! Workers that die, sleep, come and go beside each other.

use std::time::{Duration, Instant};

use super::input::{Input, PARTITIONS};
use crate::many_workers::{deployment_on, passed};
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestDatabase, times};

/// Take-overs of partitions so far.
fn take_overs(database: &TestDatabase) -> u64 {
    database
        .ask("SELECT coalesce(sum(epoch), 0)::bigint FROM source")
        .parse()
        .expect("a number")
}

#[test]
fn a_worker_that_slept_through_its_take_over_can_write_nothing() {
    let (input, database) = (
        Input::with_events("zombie", 60_000),
        TestDatabase::create("zombie"),
    );
    let deployment = deployment_on(&input.topic, &database.url(), "200");
    deployment.run(&["migrate"]);
    let workers = Running::start_many(&deployment, 2);
    for sleeper in [0, 1, 0] {
        let at = deployment.passed();
        wait_until(|| deployment.passed() > (at + 1_000).min(input.delivered - 1));
        workers[sleeper].signal("STOP");
        // The other one has its partitions once every epoch has been raised since.
        let before = take_overs(&database);
        wait_until(|| take_overs(&database) > before);
        workers[sleeper].signal("CONT");
    }
    wait_until(|| deployment.passed() == input.delivered);
    stop_all(workers);
    input.assert_all_is_well(&deployment);
}

/// How long after a worker died the other one may take to have its partitions: the session's 6 s
/// and the rebalance, on a machine that is busy with other tests.
const TAKE_OVER_MAX: Duration = Duration::from_secs(12);
/// Likewise if it comes back under the same name.
const COME_BACK_MAX: Duration = Duration::from_secs(5);

#[test]
fn the_partitions_of_a_dead_worker_are_soon_taken_over_and_sooner_by_itself() {
    let (input, database) = (
        Input::with_events("take-over", 1_000),
        TestDatabase::create("take_over"),
    );
    let deployment = deployment_on(&input.topic, &database.url(), "500");
    deployment.run(&["migrate"]);
    let mut named = deployment_on(&input.topic, &database.url(), "500");
    named.set(
        "SOURCE__KAFKA__GROUP_ID",
        &deployment.variables()["SISAN__SOURCE__KAFKA__GROUP_ID"],
    );
    named.set("SOURCE__KAFKA__INSTANCE_ID", "worker-1");
    let take_overs_after = |before: u64| {
        let begun = Instant::now();
        wait_until(|| take_overs(&database) > before);
        begun.elapsed()
    };
    let mut first = Running::start(&named);
    wait_until(|| named.passed() == input.delivered);
    let before = take_overs(&database);
    first.kill_at_once();
    let mut again = Running::start(&named);
    let by_itself = take_overs_after(before);
    let other = Running::start(&deployment);
    wait_until(|| take_overs(&database) > before + PARTITIONS as u64);
    let before = take_overs(&database);
    again.kill_at_once();
    let by_another = take_overs_after(before);
    other.stop();
    println!("taken over by itself after {by_itself:?}, by another after {by_another:?}");
    assert!(by_itself < COME_BACK_MAX, "by itself after {by_itself:?}");
    assert!(
        by_another < TAKE_OVER_MAX,
        "by another after {by_another:?}"
    );
}

#[test]
fn thirty_kills_over_a_hundred_thousand_events_lose_and_double_nothing() {
    let (kills, events) = (times(30, 300) as u64, times(100_000, 1_000_000) as u64);
    let (input, database) = (
        Input::with_events("kills", events),
        TestDatabase::create("kills"),
    );
    let deployment = deployment_on(&input.topic, &database.url(), "500");
    deployment.run(&["migrate"]);
    let mut workers = Running::start_many(&deployment, 3);
    let position = || passed(&database);
    for kill in 0..kills {
        let at = position();
        let enough = (at + 1)
            .max(input.delivered * kill / (kills + 2))
            .min(input.delivered);
        wait_until(|| position() >= enough);
        workers.remove(0).kill_at_once();
        workers.push(Running::start(&deployment));
    }
    let begun = Instant::now();
    wait_until(|| position() == input.delivered);
    assert!(
        begun.elapsed() < Duration::from_secs(60),
        "it drains when nobody is killed any more"
    );
    stop_all(workers);
    input.assert_all_is_well(&deployment);
}

/// A worker that is stopped within a transaction holds its partitions until the server ends that
/// transaction.
#[test]
fn a_worker_that_sleeps_within_a_transaction_is_ended_by_the_server_and_taken_over() {
    let (input, database) = (
        Input::with_events("asleep", 5_000),
        TestDatabase::create("asleep"),
    );
    let deployment = deployment_on(&input.topic, &database.url(), "200");
    deployment.run(&["migrate"]);
    let sleeper = Running::start_with(
        &deployment,
        &[("SISAN_FAULT_POINT", "before_commit:3:stop")],
    );
    wait_until(|| sleeper.is_stopped());
    let other = Running::start(&deployment);
    wait_until(|| deployment.passed() == input.delivered);
    sleeper.signal("CONT");
    stop_all([sleeper, other]);
    input.assert_all_is_well(&deployment);
}

#[test]
fn workers_that_come_and_go_lose_and_double_nothing() {
    let (input, database) = (
        Input::with_events("rolling", 40_000),
        TestDatabase::create("rolling"),
    );
    let deployment = deployment_on(&input.topic, &database.url(), "100");
    deployment.run(&["migrate"]);
    let mut workers = Running::start_many(&deployment, 2);
    for _ in 0..times(12, 100) {
        let before = take_overs(&database);
        workers.push(Running::start(&deployment));
        wait_until(|| take_overs(&database) > before);
        workers.remove(0).stop();
    }
    wait_until(|| deployment.passed() == input.delivered);
    stop_all(workers);
    input.assert_all_is_well(&deployment);
}
