//! What operators do when a worker has stopped, or is not to do everything.

use crate::cases::Case;
use crate::deployment::Deployment;
use crate::many_workers::deployment_on;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestDatabase, TestMessage, TestTopic};

fn topic_of(lines: &[Vec<u8>]) -> TestTopic {
    let topic = TestTopic::create("operators", 1);
    let messages: Vec<TestMessage> = lines
        .iter()
        .map(|line| TestMessage::to_partition(0, line.clone()))
        .collect();
    topic.produce(&messages);
    topic
}

fn is_paused_and_told(deployment: &Deployment) {
    let row = &deployment.json(&["sources", "list"])[0];
    assert!(
        row["state"] == "paused"
            && row["reason"]
                .as_str()
                .is_some_and(|reason| reason.starts_with("E_OFFSET_GONE: ")),
        "{row}"
    );
    let told = deployment.json(&["outbox", "list"]);
    assert_eq!(
        told.iter()
            .filter(|mail| mail["kind"] == "ops_notice")
            .count(),
        1,
        "{told:?}"
    );
}

#[test]
fn after_an_offset_is_gone_an_operator_says_where_to_go_on_and_the_gap_is_counted_and_told() {
    let lines = Case {
        name: "ordered-small",
    }
    .lines();
    let topic = topic_of(&lines[..100]);
    let mut deployment = deployment_on(&topic, "", "40000");
    deployment.set(
        "STORE__URL",
        format!("sqlite:{}", deployment.path("sisan.db").display()),
    );
    deployment.set("CLOCK__MODE", "event");
    deployment.set("MAIL__OPS", "ops@operator.test");
    deployment.drain();
    topic.produce(
        &lines[100..200]
            .iter()
            .map(|line| TestMessage::to_partition(0, line.clone()))
            .collect::<Vec<_>>(),
    );
    topic.delete_before(0, 150);
    let stopped = deployment.run_with(&["run", "--drain"], &[]);
    let said = String::from_utf8_lossy(&stopped.stderr).into_owned();
    let source = format!("{}-0", topic.name());
    assert_eq!(stopped.status.code(), Some(1), "{said}");
    assert!(
        said.contains("E_OFFSET_GONE")
            && said.contains(&format!("sisan sources seek {source} --to OFFSET")),
        "{said}"
    );

    is_paused_and_told(&deployment);
    let nowhere = deployment.run_with(&["sources", "seek", "nowhere-0", "--to", "150"], &[]);
    assert_eq!(nowhere.status.code(), Some(1));
    deployment.run(&["sources", "seek", &source, "--to", "150"]);
    deployment.run_with(&["run", "--drain"], &[]);
    let row = &deployment.json(&["sources", "list"])[0];
    let count = |field: &str| row[field].as_u64().expect("a count");
    assert_eq!((count("position"), count("gaps")), (200, 50), "{row}");
    assert_eq!(
        (&row["state"], &row["reason"]),
        (&"reading".into(), &serde_json::Value::Null),
        "{row}"
    );
    assert_eq!(
        count("applied") + count("duplicate") + count("conflict") + count("rejected"),
        150,
        "{row}"
    );
    let told = deployment.json(&["outbox", "list"]);
    assert!(
        told.iter()
            .any(|mail| mail["kind"] == "ops_notice" && mail["recipient"] == "ops@operator.test"),
        "{told:?}"
    );
}

#[test]
fn a_worker_does_only_what_its_roles_say() {
    let lines = Case {
        name: "ordered-small",
    }
    .lines();
    let (topic, database) = (topic_of(&lines), TestDatabase::create("roles"));
    let mut deployment = deployment_on(&topic, &database.url(), "40000");
    deployment.set("CLOCK__MODE", "event");
    deployment.run(&["migrate"]);
    let with_roles = |roles: &str| Running::start_as(&deployment, &["run", "--roles", roles]);
    let holder = || database.ask("SELECT holder FROM lease WHERE name = 'leader'");
    let stream = with_roles("stream");
    wait_until(|| deployment.applied() > 0);
    assert_eq!(
        (holder(), deployment.json(&["alerts", "list"])),
        (String::new(), Vec::new()),
        "nobody looks"
    );
    let leader = with_roles("jobs");
    wait_until(|| !deployment.json(&["alerts", "list"]).is_empty());
    assert!(
        holder().ends_with(&format!("process {}", leader.id())),
        "{}",
        holder()
    );
    stop_all([stream, leader]);
    deployment.drain();
    let states = || {
        deployment
            .json(&["outbox", "list"])
            .iter()
            .map(|mail| mail["state"].clone())
            .collect::<Vec<_>>()
    };
    assert!(
        !states().is_empty() && states().iter().all(|state| state == "sent"),
        "{:?}",
        states()
    );
}

#[test]
fn roles_are_for_many_workers() {
    let output = Deployment::new().run_with(&["run", "--roles", "stream"], &[]);
    assert_eq!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn mails_that_wait_can_be_held_and_let_go() {
    let mut deployment = Deployment::with_events_of(
        &Case {
            name: "ordered-small",
        }
        .events_dir(),
    );
    // Nobody listens there.
    for (key, value) in [
        ("MAIL__KIND", "smtp"),
        ("MAIL__URL", "smtp+starttls://localhost:1"),
        ("MAIL__FROM", "sisan@operator.test"),
    ] {
        deployment.set(key, value);
    }
    deployment.set("FALLBACK__ID", "F1");
    deployment.set("FALLBACK__ADDRESS", "fallback@operator.test");
    deployment.set("MAIL__OPS", "ops@operator.test");
    let drained = deployment.run_with(&["run", "--drain"], &[]);
    let said = String::from_utf8_lossy(&drained.stderr).into_owned();
    assert!(said.contains("Mails are held"), "{said}");
    let of_ops = |mail: &serde_json::Value| mail["kind"] == "ops_notice";
    let told = deployment.json(&["outbox", "list"]);
    let told: Vec<_> = told
        .iter()
        .filter(|mail| {
            of_ops(mail)
                && mail["subject"]
                    .as_str()
                    .is_some_and(|s| s.contains("邮件暂停发送"))
        })
        .collect();
    assert!(
        matches!(told[..], [one] if one["state"] != "held" && one["recipient"] == "ops@operator.test"),
        "{told:?}"
    );
    let states = || {
        let mails = deployment.json(&["outbox", "list"]);
        mails
            .iter()
            .filter(|mail| !of_ops(mail))
            .map(|mail| mail["state"].clone())
            .collect::<Vec<_>>()
    };
    let all = states().len();
    let are = |wanted: &str| states().iter().filter(|state| *state == wanted).count();
    assert!(
        all > 0 && are("held") == all,
        "held while loading: {:?}",
        states()
    );
    deployment.run(&["load", "done"]);
    deployment.run(&["outbox", "release"]);
    assert_eq!(are("queued"), all);
    deployment.run(&["outbox", "hold"]);
    assert_eq!(are("held"), all);
    deployment.run(&["outbox", "release"]);
    assert_eq!(are("queued"), all);
}
