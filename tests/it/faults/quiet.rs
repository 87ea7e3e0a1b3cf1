//! What must never be logged: numbers, addresses, secrets, not even at the level `trace`.

use super::mails::{crowd, with_mails_queued};
use crate::running::Running;
use crate::services::{Mailbox, TestDatabase};

#[test]
fn no_log_tells_a_number_an_address_a_payload_or_a_secret() {
    let (mailbox, database) = (Mailbox::fresh(), TestDatabase::create("quiet"));
    // One line is a malformed event, whose payload must not be logged either.
    let bad = r#"{"specversion":"1.0","id":"bad","source":"/boss/test","type":"boss.membership.v1","time":"2026-09-14T10:00:00+08:00","data":{"subscriber_id":"13877778888"}}"#;
    let (_topic, mut deployment) = with_mails_queued(&(crowd(&mailbox) + bad + "\n"), &database);
    deployment.set("LOG__FILTER", "trace");
    // As a new worker it reads, decodes, evaluates and sends it all again, into another database.
    let anew = TestDatabase::create("quiet_anew");
    deployment.set("STORE__URL", anew.url());
    deployment.set("SOURCE__KAFKA__GROUP_ID", crate::services::unique("quiet"));
    deployment.run(&["migrate"]);
    deployment.run(&["load", "done"]);
    Running::start_as(&deployment, &["run", "--drain"])
        .wait()
        .expect("its end");
    // One recipient is refused, which is logged.
    assert!(
        deployment
            .json(&["outbox", "list"])
            .iter()
            .any(|mail| mail["state"] == "dead"),
        "{}",
        deployment.log()
    );
    let mut log = deployment.log();
    assert!(
        log.contains(" INFO ") && log.contains("A mail could not be sent"),
        "it is logged: {log}"
    );
    for list in ["alerts", "tasks", "sources", "rejects", "job"] {
        log += &deployment.run(&[list, "list", "--format", "json"]);
    }
    for secret in [
        "13877778888",
        "13900345678",
        "138003080",
        "test only",
        "dGVzdCBvbmx5",
        "欧阳",
        "华晟机械",
    ] {
        assert!(
            !log.contains(secret),
            "{secret} in {:?}",
            log.lines().find(|line| line.contains(secret))
        );
    }
    let domain = mailbox
        .address("x")
        .split_once('@')
        .expect("an address")
        .1
        .to_owned();
    assert!(
        !log.contains(&domain),
        "an address in {:?}",
        log.lines().find(|line| line.contains(&domain))
    );
}
