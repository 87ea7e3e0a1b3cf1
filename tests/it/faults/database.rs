//! Faults of the database server and of the way to it: the workers wait, and go on by themselves.

use std::time::Duration;

use super::input::Input;
use crate::many_workers::deployment_on;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{OwnServer, Proxy, TestDatabase, preload, times};

#[test]
fn a_database_server_that_crashes_and_comes_back_loses_and_doubles_nothing() {
    let (input, mut server) = (Input::with_events("crash", 30_000), OwnServer::start());
    let deployment = deployment_on(&input.topic, &server.url("sisan"), "500");
    input.is_taken_through(&deployment, 2, 3, |_| {
        server.stop();
        server.start_again();
    });
}

#[test]
fn connections_that_are_cut_again_and_again_lose_and_double_nothing() {
    let (input, database) = (
        Input::with_events("cut", 30_000),
        TestDatabase::create("cut"),
    );
    let deployment = deployment_on(&input.topic, &database.url(), "500");
    let cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    input.is_taken_through(&deployment, 2, 8, |_| database.run(cut));
}

#[test]
fn a_worker_whose_rights_are_taken_waits_and_goes_on_when_it_has_them_again() {
    let (input, server) = (Input::with_events("rights", 20_000), OwnServer::start());
    server.run("CREATE ROLE worker LOGIN; GRANT ALL ON SCHEMA public TO worker");
    let deployment = deployment_on(&input.topic, &server.url("worker"), "200");
    deployment.run(&["migrate"]);
    let worker = Running::start(&deployment);
    let logged = || deployment.log().matches("E_DB_AUTH").count();
    wait_until(|| deployment.passed() > input.delivered / 5);
    server.run("ALTER TABLE delta OWNER TO sisan; REVOKE ALL ON delta FROM worker");
    wait_until(|| logged() > 0);
    server.run("GRANT ALL ON delta TO worker");
    wait_until(|| deployment.passed() > input.delivered / 2);
    server.run("ALTER ROLE worker NOLOGIN; SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'worker'");
    let before = logged();
    wait_until(|| logged() > before);
    server.run("ALTER ROLE worker LOGIN");
    wait_until(|| deployment.passed() == input.delivered);
    stop_all([worker]);
    input.assert_all_is_well(&deployment);
}

#[test]
fn a_database_server_whose_disk_is_full_is_waited_for_and_nothing_is_lost_or_doubled() {
    let (input, scratch) = (
        Input::with_events("full", 20_000),
        tempfile::tempdir().expect("a folder"),
    );
    let full = scratch.path().join("full");
    let server = OwnServer::start_with(&[
        ("LD_PRELOAD", preload(&scratch).display().to_string()),
        // Its tables, not its log.
        ("FULL_DISK_IN", "/base/".to_owned()),
        ("FULL_DISK_WHILE", full.display().to_string()),
    ]);
    let deployment = deployment_on(&input.topic, &server.url("sisan"), "500");
    let logged = || deployment.log().matches("E_DISK").count();
    input.is_taken_through(&deployment, 2, 2, |_| {
        std::fs::write(&full, "").expect("a full disk");
        let before = logged();
        wait_until(|| logged() > before);
        std::fs::remove_file(&full).expect("room");
    });
}

#[test]
fn a_way_to_the_database_that_falls_silent_and_breaks_loses_and_doubles_nothing() {
    // In all: longer than an answer is waited for.
    let silence = Duration::from_secs(times(3, 90) as u64);
    let (input, database) = (
        Input::with_events("silent", 20_000),
        TestDatabase::create("silent"),
    );
    let proxy = Proxy::to(TestDatabase::server());
    let deployment = deployment_on(&input.topic, &database.url(), "200");
    deployment.run(&["migrate"]);
    let mut beyond = deployment_on(&input.topic, &database.url_over(&proxy), "200");
    beyond.set(
        "SOURCE__KAFKA__GROUP_ID",
        &deployment.variables()["SISAN__SOURCE__KAFKA__GROUP_ID"],
    );
    let workers = Running::start_many(&beyond, 2);
    for part in 1..=3 {
        wait_until(|| deployment.passed() > input.delivered * part / 5);
        proxy.be_silent(true);
        std::thread::park_timeout(silence);
        if part > 1 {
            proxy.cut();
        }
        proxy.be_silent(false);
    }
    wait_until(|| deployment.passed() == input.delivered);
    stop_all(workers);
    input.assert_all_is_well(&deployment);
}

#[test]
fn a_database_that_was_put_back_to_an_older_state_comes_to_the_same_end() {
    let (input, database) = (
        Input::with_events("older", 5_000),
        TestDatabase::create("older"),
    );
    let mut deployment = deployment_on(&input.topic, &database.url(), "200");
    deployment.run(&["migrate"]);
    let worker = Running::start(&deployment);
    wait_until(|| deployment.passed() > input.delivered / 3);
    worker.stop();
    let older = database.copy();
    assert!(deployment.passed() < input.delivered, "it was under load");
    input.assert_all_is_well(&deployment);
    deployment.set("STORE__URL", older.url());
    deployment.run(&["outbox", "hold"]);
    assert!(deployment.passed() < input.delivered, "it is older");
    input.assert_all_is_well(&deployment);
}
