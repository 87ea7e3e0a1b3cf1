//! What operators do when a worker has stopped, or is not to do everything; and what they are
//! mailed of.

use serde_json::Value;

use crate::cases::Case;
use crate::deliveries::small_world;
use crate::deployment::Deployment;
use crate::loading::{clock, event, take};
use crate::many_workers::deployment_on;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestDatabase, TestMessage, TestTopic};

const OPS: &str = "ops@operator.test";

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
    let mails = deployment.json(&["outbox", "list"]);
    assert_eq!(
        mails
            .iter()
            .filter(|mail| mail["kind"] == "ops_notice")
            .count(),
        1,
        "{mails:?}"
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
    deployment.set("MAIL__OPS", OPS);
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
    let mails = deployment.json(&["outbox", "list"]);
    assert!(
        mails
            .iter()
            .any(|mail| mail["kind"] == "ops_notice" && mail["recipient"] == OPS),
        "{mails:?}"
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
    deployment.set("MAIL__OPS", OPS);
    let drained = deployment.run_with(&["run", "--drain"], &[]);
    let said = String::from_utf8_lossy(&drained.stderr).into_owned();
    assert!(said.contains("Mails are held"), "{said}");
    let of_ops = |mail: &Value| mail["kind"] == "ops_notice";
    let notice = mail_to_operators(&deployment, "邮件暂停发送");
    assert!(notice["state"] != "held", "{notice}");
    let text = text_of(&deployment, &notice);
    for said in ["首次加载", "`sisan load done`", "`sisan outbox release`"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }
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

/// The one mail to the operators about this.
fn mail_to_operators(deployment: &Deployment, about: &str) -> Value {
    let mut mails = deployment.json(&["outbox", "list"]);
    mails.retain(|mail| {
        let subject = mail["subject"].as_str().expect("a subject");
        mail["kind"] == "ops_notice" && subject.contains(about)
    });
    assert!(
        matches!(&mails[..], [one] if one["recipient"] == OPS),
        "{about}: {mails:?}"
    );
    mails.remove(0)
}

/// The text of the one mail that was sent to the operators about this.
fn sent_to_operators(deployment: &Deployment, about: &str) -> String {
    let mail = mail_to_operators(deployment, about);
    assert!(mail["state"] == "sent", "{mail}");
    text_of(deployment, &mail)
}

fn text_of(deployment: &Deployment, mail: &Value) -> String {
    let id = mail["mail_id"].as_str().expect("an id");
    let shown = deployment.json(&["outbox", "show", id]).remove(0);
    let lines = shown["text"].as_array().expect("its text").iter();
    let lines = lines.filter_map(|line| line["line"].as_str());
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn operators_are_mailed_that_too_many_rejections_have_paused_a_source() {
    let mut deployment = Deployment::new();
    deployment.set("MAIL__OPS", OPS);
    deployment.set("REJECTS__PAUSE_WINDOW", "100");
    let good = small_world("m@operator.test");
    // Half of a window may be wrong, and one more is too many.
    let of_bad = |bad: usize| good.clone() + &"{}\n".repeat(bad);
    std::fs::write(deployment.path("events/000.jsonl"), of_bad(10)).expect("a file");
    deployment.drain();
    let mails = deployment.json(&["outbox", "list"]);
    assert!(
        mails.iter().all(|mail| mail["kind"] != "ops_notice"),
        "some rejections are not too many: {mails:?}"
    );
    std::fs::write(deployment.path("events/001.jsonl"), "{}\n".repeat(200)).expect("a file");
    let stopped = deployment.run_with(&["run", "--drain"], &[]);
    assert_eq!(stopped.status.code(), Some(1));
    let text = sent_to_operators(&deployment, "数据读取已暂停：001.jsonl：");
    for said in ["E_SCHEMA_STORM", "001.jsonl", "not_cloudevent"] {
        assert!(text.contains(said), "{said} is not in {text}");
    }

    // What it holds is unread: no load ends, and the reports of later days name it.
    let sources = deployment.json(&["sources", "list"]);
    let lag = |name: &str| {
        let source = sources.iter().find(|source| source["source"] == name);
        source.and_then(|source| source["lag"].as_u64())
    };
    assert_eq!(lag("000.jsonl"), Some(0));
    assert!(lag("001.jsonl") > Some(0), "{sources:?}");
    let ended = deployment.run_with(&["load", "done"], &[]);
    assert_eq!(ended.status.code(), Some(1));
    let refused = String::from_utf8_lossy(&ended.stderr);
    assert!(
        refused.contains("reading is paused of 001.jsonl"),
        "{refused}"
    );
    let later = clock("later", "2026-09-18T10:00:00+08:00");
    std::fs::write(deployment.path("events/002.jsonl"), later).expect("a file");
    let stopped = deployment.run_with(&["run", "--drain"], &[]);
    assert_eq!(stopped.status.code(), Some(1));
    let days = deployment.json(&["report", "daily", "--date", "2026-09-17"]);
    let reasons = days.iter().map(|row| row["trust_reasons"].to_string());
    let reasons: Vec<String> = reasons.collect();
    assert!(!reasons.is_empty(), "a day has rows");
    for reason in reasons {
        assert!(reason.contains("001.jsonl"), "{reason}");
    }
}

/// By the wall's clock what was known months ago is mailed now, and not as something that is past.
#[test]
fn operators_are_mailed_who_cannot_be_mailed_to() {
    for clock in ["event", "wall"] {
        let mut deployment = Deployment::new();
        deployment.set("MAIL__OPS", OPS);
        deployment.set("CLOCK__MODE", clock);
        let manager = |id: &str, name: &str, email: &str| {
            let data = format!(r#"{{"manager_id":"{id}","name":"{name}","email":"{email}"}}"#);
            event(
                "/crm",
                id,
                "crm.manager.v1",
                "2026-08-20T09:00:00+08:00",
                &data,
            )
        };
        let managers = manager("M1", "王一", "wang@operator.test")
            + &manager("M2", "李二", "")
            + &manager("M3", "张三", "a@operator.test;b@operator.test");
        take(&deployment, "000", &managers);
        let text = sent_to_operators(&deployment, "没有可用邮箱：M2 等 2 人");
        for said in [
            "M2 李二: ``",
            "M3 张三: `a@operator.test;b@operator.test`",
            "建议",
        ] {
            assert!(text.contains(said), "{clock}: {said} is not in {text}");
        }
        assert!(!text.contains("M1"), "{clock}: {text}");
    }
}

#[test]
fn operators_are_mailed_of_each_feed_that_is_missing_and_reports_name_them_all() {
    let mut deployment = Deployment::new();
    deployment.set("MAIL__OPS", OPS);
    deployment.set("FEEDS__REQUIRED", "crm,bills");
    deployment.set("FEEDS__GRACE", "30m");
    for feed in ["crm", "bills"] {
        deployment.set(&format!("FEEDS__{feed}__SOURCES"), "/boss");
        deployment.set(&format!("FEEDS__{feed}__TYPES"), "boss.bill.v1");
    }
    let world = small_world("m@operator.test") + &clock("later", "2026-09-18T10:00:00+08:00");
    take(&deployment, "000", &world);
    let mails = deployment.json(&["outbox", "list"]);
    let of_feeds = |mail: &&Value| {
        let subject = mail["subject"].as_str();
        subject.is_some_and(|subject| subject.contains("数据源数据缺失"))
    };
    let last = mails.iter().rfind(of_feeds).expect("a mail");
    let text = text_of(&deployment, last);
    let report = deployment.run(&[
        "report",
        "daily",
        "--date",
        "2026-09-16",
        "--format",
        "json",
    ]);
    for feed in ["crm", "bills"] {
        assert!(text.contains(&format!("数据源 {feed} ")), "{text}");
        assert!(report.contains(feed), "{report}");
    }
}

#[test]
fn a_worker_that_has_paused_a_source_ends_well_when_it_is_asked_to() {
    let mut deployment = Deployment::new();
    deployment.set("REJECTS__PAUSE_WINDOW", "100");
    std::fs::write(deployment.path("events/000.jsonl"), "{}\n".repeat(200)).expect("a file");
    let worker = Running::start(&deployment);
    wait_until(|| {
        let sources = deployment.run_with(&["sources", "list", "--format", "json"], &[]);
        String::from_utf8_lossy(&sources.stdout).contains("E_SCHEMA_STORM")
    });
    worker.stop();
}
