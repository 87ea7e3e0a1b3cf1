//! From an event to a mail in a manager's mailbox, over a real relay; and what stops the worker on
//! the way.

use std::collections::BTreeSet;

use mail_parser::{Message, MessageParser, MimeHeaders};
use mailparse::MailHeaderMap;
use serde_json::Value;

use crate::deployment::Deployment;
use crate::running::{AT_MOST, Running, wait_until};
use crate::services::{Mailbox, ReceivedMail, smtp_address, smtp_ca_file};

/// A leaver's phone number: must not appear unmasked in any mail.
const LOCKED_LINE: &str = "13912345678";

fn event(id: &str, kind: &str, time: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"/boss/test","type":"{kind}","time":"{time}","data":{data}}}"#
    ) + "\n"
}

/// A group of 60 whose locked number leaves, whose manager has that address, and who has a birthday
/// coming.
pub fn small_world(address: &str) -> String {
    let mut events = String::new();
    let load = "2026-08-20T09:00:00+08:00";
    events += &event(
        "u",
        "crm.unit.v1",
        load,
        r#"{"unit_id":"U1","name":"北湖区集团客户中心","head_manager_id":"H1"}"#,
    );
    let manager = format!(r#"{{"manager_id":"M1","name":"欧阳<b>明</b>","email":"{address}"}}"#);
    events += &event("m", "crm.manager.v1", load, &manager);
    let group = r#"{"group_id":"G1","name":"华晟机械 & <script>alert(1)</script>","unit_id":"U1","manager_id":"M1","tier":"A"}"#;
    events += &event("g", "crm.group.v1", load, group);
    let key_date = r#"{"key_date_id":"K1","group_id":"G1","kind":"birthday","title":"王总生日","contact":"王总","calendar":"solar","date":"1970-09-22","every":"year"}"#;
    events += &event("k", "crm.key_date.v1", load, key_date);
    for n in 0..60 {
        let line = if n == 0 {
            LOCKED_LINE.to_owned()
        } else {
            format!("138000080{n:02}")
        };
        let data = format!(
            r#"{{"subscriber_id":"{line}","group_id":"G1","change":"joined","locked":{}}}"#,
            n == 0
        );
        events += &event(&format!("j{n}"), "boss.membership.v1", load, &data);
    }
    let cancelled =
        format!(r#"{{"subscriber_id":"{LOCKED_LINE}","status":"cancelled_voluntary"}}"#);
    events += &event(
        "c",
        "boss.subscriber.status.v1",
        "2026-09-14T10:00:00+08:00",
        &cancelled,
    );
    // The clock advances, so that the signal settles and the morning comes whose reminder announces
    // the birthday.
    events += &event(
        "f",
        "boss.feed.v1",
        "2026-09-16T10:00:00+08:00",
        r#"{"feed":"boss","date":"2026-09-15","events":1}"#,
    );
    events
}

/// The kind of a mail, from its row in the outbox; both parsers must read what the row contains.
fn read_alike(mail: &ReceivedMail, sent: &[Value]) -> String {
    let parsed = MessageParser::default()
        .parse(&mail.bytes)
        .expect("a message");
    let other = mailparse::parse_mail(&mail.bytes).expect("a message");
    let header = |name: &str| {
        other
            .headers
            .get_first_value(name)
            .unwrap_or_else(|| panic!("no {name} header"))
    };
    let row = sent
        .iter()
        .find(|row| row["message_id"] == header("Message-ID").as_str())
        .expect("its row in the outbox");
    assert_eq!(parsed.subject(), Some(header("Subject").as_str()));
    assert_eq!(row["subject"].as_str(), parsed.subject());
    let from = parsed
        .from()
        .and_then(|from| from.first())
        .expect("a sender");
    assert_eq!(
        (from.name(), from.address()),
        (Some("四三工作法"), Some("sisan@operator.test"))
    );
    assert!(
        parsed.date().is_some()
            && header("Auto-Submitted") == "auto-generated"
            && !header("List-Id").is_empty()
    );
    assert_eq!(
        parsed.header_values("To").count(),
        1,
        "one recipient a mail"
    );
    shows_what_it_may(&parsed, &mail.bytes);
    row["kind"].as_str().expect("a kind").to_owned()
}

fn shows_what_it_may(parsed: &Message<'_>, bytes: &[u8]) {
    let (text, html) = (
        parsed.body_text(0).expect("a text part"),
        parsed.body_html(0).expect("an HTML part"),
    );
    for part in [&text, &html] {
        assert!(!part.contains(LOCKED_LINE), "numbers are masked");
        assert!(part.contains("北京时间"), "times say their zone: {part}");
    }
    assert!(
        !html.contains("<script") && !html.contains("<b>明"),
        "text from outside is escaped"
    );
    let raw = String::from_utf8_lossy(bytes);
    assert!(
        raw.is_ascii() && raw.lines().all(|line| line.len() <= 998),
        "no 8BITMIME is needed"
    );
}

fn calendar_of(reminder: &ReceivedMail) -> String {
    let parsed = MessageParser::default()
        .parse(&reminder.bytes)
        .expect("a message");
    parsed
        .attachments()
        .chain(parsed.parts.iter())
        .find(|part| part.is_content_type("text", "calendar"))
        .and_then(|part| part.text_contents())
        .expect("an iCalendar part")
        .to_owned()
}

fn mail_over_the_relay(deployment: &mut Deployment, mailbox: &Mailbox) {
    let address = smtp_address();
    deployment.set("MAIL__KIND", "smtp");
    deployment.set(
        "MAIL__URL",
        format!("smtp+starttls://localhost:{}", address.port()),
    );
    deployment.set("MAIL__CA_FILE", smtp_ca_file().display().to_string());
    deployment.set("MAIL__FROM", "sisan@operator.test");
    deployment.set("MAIL__FROM_NAME", "四三工作法");
    deployment.set("FALLBACK__ID", "F1");
    deployment.set("FALLBACK__ADDRESS", mailbox.address("fallback"));
}

#[test]
fn an_event_becomes_a_mail_that_two_parsers_read_alike() {
    let mailbox = Mailbox::fresh();
    let mut deployment = Deployment::new();
    let events = small_world(&mailbox.address("ouyang"));
    std::fs::write(deployment.path("events/000.jsonl"), events).expect("a file of events");
    mail_over_the_relay(&mut deployment, &mailbox);

    deployment.drain();
    let held = deployment.json(&["outbox", "list"]);
    let (notices, held): (Vec<_>, Vec<_>) = held
        .into_iter()
        .partition(|mail| mail["kind"] == "ops_notice");
    assert!(
        held.len() >= 2 && held.iter().all(|mail| mail["state"] == "held"),
        "mails wait while the store is loading: {held:?}"
    );
    assert!(
        notices.len() == 1 && notices[0]["state"] == "sent",
        "the operators are mailed that they wait: {notices:?}"
    );
    assert_eq!(mailbox.mails().len(), 1);

    deployment.run(&["load", "done"]);
    deployment.run(&["outbox", "release"]);
    deployment.drain();
    let all = deployment.json(&["outbox", "list"]);
    // What was of use that morning only was held for too long.
    let (sent, late): (Vec<_>, Vec<_>) = all.into_iter().partition(|mail| mail["state"] == "sent");
    assert!(
        !sent.is_empty() && sent.iter().all(|mail| mail["attempts"] == 1),
        "{sent:?}"
    );
    assert!(
        late.iter()
            .all(|mail| mail["attempts"] == 0
                && (mail["state"] == "expired" || mail["state"] == "dead")),
        "{late:?}"
    );
    let received = mailbox.wait_for(sent.len(), AT_MOST);
    assert_eq!(received.len(), sent.len(), "each mail once");

    let (mut kinds, mut calendars) = (BTreeSet::new(), Vec::new());
    for mail in &received {
        let kind = read_alike(mail, &sent);
        calendars.extend((kind == "reminder").then(|| calendar_of(mail)));
        kinds.insert(kind);
    }
    assert!(
        kinds.contains("alert_task") && kinds.contains("reminder"),
        "{kinds:?}"
    );
    assert!(
        calendars
            .iter()
            .any(|one| one.contains("DTSTART;VALUE=DATE:20260922")),
        "the birthday in {calendars:?}"
    );

    deployment.drain();
    assert_eq!(
        mailbox.mails().len(),
        received.len(),
        "a further drain sends nothing again"
    );
}

#[test]
fn too_many_bad_events_pause_their_file_and_say_what_to_do() {
    let mut deployment = Deployment::new();
    deployment.set("BATCH__EVENTS_MAX", "100");
    let good = small_world("m@operator.test");
    let mostly_bad: String =
        (0..3_000).map(|n| if n % 3 == 0 { good.lines().next().unwrap_or_default().to_owned() } else { "{}".to_owned() } + "\n").collect();
    std::fs::write(deployment.path("events/000.jsonl"), mostly_bad).expect("a file of events");
    std::fs::write(deployment.path("events/001.jsonl"), &good).expect("a file of events");
    let output = deployment.run_with(&["run", "--drain"], &[]);
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1));
    for said in [
        "E_SCHEMA_STORM",
        "000.jsonl",
        "not_cloudevent",
        "hint:",
        "sisan rejects list",
    ] {
        assert!(stderr.contains(said), "{said} is not in {stderr}");
    }
    let sources = deployment.json(&["sources", "list"]);
    let of = |name: &str| {
        sources
            .iter()
            .find(|row| row["source"] == name)
            .expect("a source")
            .clone()
    };
    let (paused, calm) = (of("000.jsonl"), of("001.jsonl"));
    let count = |field: &str| paused[field].as_u64().expect("a count");
    assert!(
        (1_000..1_003).contains(&count("position")),
        "it stops once it has had as many as the share is of: {paused}"
    );
    assert_eq!(
        count("applied") + count("duplicate") + count("rejected"),
        count("position")
    );
    assert_eq!(
        calm["applied"].as_u64(),
        Some(good.lines().count() as u64 - 1),
        "its neighbour goes on"
    );
}

#[test]
fn a_running_worker_takes_a_growing_file_and_stops_when_asked() {
    let mut deployment = Deployment::new();
    deployment.set("CLOCK__MODE", "wall");
    let world = small_world("m@operator.test");
    let (first, rest) = world.split_at(world.len() / 2);
    std::fs::write(deployment.path("events/000.jsonl"), first).expect("a file of events");
    deployment.run(&["migrate"]);
    let worker = Running::start(&deployment);
    wait_until(|| deployment.applied() > 0);
    let mut file = std::fs::OpenOptions::new()
        .append(true)
        .open(deployment.path("events/000.jsonl"))
        .expect("the file");
    std::io::Write::write_all(&mut file, rest.as_bytes()).expect("more events");
    wait_until(|| deployment.applied() == world.lines().count() as u64);
    let second = deployment.run_with(&["run", "--drain"], &[]);
    assert!(
        String::from_utf8_lossy(&second.stderr).contains("E_LOCKED"),
        "a second worker is refused"
    );
    worker.stop();
}
