//! What the machine gives a process ends, and what clients take from it.

use std::io::Write;
use std::net::TcpStream;
use std::process::Command;

use crate::cases::Case;
use crate::deployment::Deployment;
use crate::running::{Running, wait_until};
use crate::services::TestDatabase;

#[test]
fn with_too_few_file_descriptors_the_worker_does_not_begin_and_says_how_to_get_more() {
    let deployment = Deployment::with_events_of(&Case { name: "odd-shapes" }.events_dir());
    let run = |most: u32| {
        let limited = format!(
            "ulimit -n {most}; exec {} run --drain",
            env!("CARGO_BIN_EXE_sisan")
        );
        let mut command = Command::new("sh");
        command
            .args(["-c", &limited])
            .env_clear()
            .envs(deployment.variables());
        command.output().expect("the program starts")
    };
    let refused = run(100);
    let said = String::from_utf8_lossy(&refused.stderr);
    assert_eq!(refused.status.code(), Some(2), "{said}");
    assert!(
        said.contains("100") && said.contains("hint: ") && said.contains("LimitNOFILE"),
        "{said}"
    );
    let begun = run(256);
    assert!(
        begun.status.success(),
        "{}",
        String::from_utf8_lossy(&begun.stderr)
    );
}

#[test]
fn clients_that_go_away_leave_no_transaction_behind() {
    const CLIENTS: usize = 500;
    let database = TestDatabase::create("clients");
    let mut deployment = Deployment::new();
    let address = deployment.listen();
    deployment.set("CLOCK__MODE", "wall");
    deployment.set("STORE__URL", database.url());
    let worker = Running::start(&deployment);
    wait_until(|| crate::serving::status(address, "/readyz") == Some(200));
    for n in 0..CLIENTS {
        let path = if n % 2 == 0 { "/readyz" } else { "/metrics" };
        let mut client = TcpStream::connect(address).expect("a connection");
        client
            .write_all(format!("GET {path} HTTP/1.1\r\nHost: sisan\r\n\r\n").as_bytes())
            .expect("it is taken");
    }
    let left = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%' AND now() - state_change > interval '1 s'";
    wait_until(|| database.ask(left) == "0");
    wait_until(|| crate::serving::status(address, "/readyz") == Some(200));
    worker.stop();
}

#[test]
fn clients_that_hold_all_connections_there_are_take_no_descriptor_that_the_worker_needs() {
    const CLIENTS: usize = 300;
    let mut deployment = Deployment::with_events_of(&Case { name: "odd-shapes" }.events_dir());
    let address = deployment.listen();
    deployment.set("STORE__UNWRITTEN_MB", "0");
    let worker = Running::start_with_files(&deployment, 256);
    wait_until(|| crate::serving::status(address, "/readyz") == Some(200));
    // Each sends the beginning of a request and no more; the kernel keeps the connections waiting
    // that the worker does not accept.
    let clients: Vec<TcpStream> = (0..CLIENTS)
        .map(|_| {
            let mut client = TcpStream::connect(address).expect("a connection");
            client
                .write_all(b"GET /readyz HTTP/1.1\r\n")
                .expect("it is taken");
            client
        })
        .collect();
    let before = deployment.passed();
    let events = Case {
        name: "ordered-small",
    }
    .lines();
    std::fs::write(
        deployment.path("events/zz.jsonl"),
        [events.join(&b'\n'), b"\n".to_vec()].concat(),
    )
    .expect("a file of events");
    wait_until(|| deployment.passed() >= before + events.len() as u64);
    drop(clients);
    wait_until(|| crate::serving::status(address, "/readyz") == Some(200));
    assert!(
        !deployment.log().contains("Too many open files"),
        "{}",
        deployment.log()
    );
    worker.stop();
}
