//! Malformed deliveries end to end: each is kept with the right class and reason, and its
//! neighbours are applied.

use crate::deployment::Deployment;
use crate::services::TestDatabase;

/// A good event with an id and subscriber of its own.
fn joined(n: usize) -> Vec<u8> {
    format!(
        r#"{{"specversion":"1.0","id":"good-{n}","source":"/boss/test","type":"boss.membership.v1","time":"2026-09-01T09:00:00+08:00","data":{{"subscriber_id":"138{n:08}","group_id":"G1","change":"joined"}}}}"#
    )
    .into_bytes()
}

/// An event with one attribute spelled otherwise.
fn envelope(find: &str, replace: &str) -> Vec<u8> {
    let good = String::from_utf8(joined(0))
        .expect("UTF-8")
        .replace("good-0", "bad");
    let bad = good.replace(find, replace);
    assert_ne!(bad, good, "{find}");
    bad.into_bytes()
}

/// An event of some type with this data.
fn data(kind: &str, data: &str) -> Vec<u8> {
    format!(r#"{{"specversion":"1.0","id":"bad","source":"/boss/test","type":"{kind}","time":"2026-09-01T09:00:00+08:00","data":{data}}}"#)
        .into_bytes()
}

const STATUS: &str = "boss.subscriber.status.v1";

/// A delivery, its class, and what its reason must name.
type Kind = (Vec<u8>, &'static str, &'static str);

fn no_json() -> Vec<Kind> {
    let nested = "[".repeat(200);
    vec![
        (b"{".to_vec(), "not_json", "truncated"),
        (b"[]".to_vec(), "not_json", "one JSON object"),
        (b"\"text\"".to_vec(), "not_json", "one JSON object"),
        (b"not json at all".to_vec(), "not_json", "one JSON object"),
        (b"\xff\xfe{\x00".to_vec(), "not_json", "UTF-8"),
        (b"{\"a\":\"\\ud800\"}".to_vec(), "not_json", "surrogate"),
        (b"{} {}".to_vec(), "not_json", "payload"),
        (b"{'id':1}".to_vec(), "not_json", "payload"),
        (data(STATUS, &nested), "not_json", "nested"),
        (
            data(STATUS, &format!("{{\"x\":\"{}\"}}", "a".repeat(300_000))),
            "not_json",
            "bytes",
        ),
    ]
}

fn no_cloudevents() -> Vec<Kind> {
    vec![
        (b"{}".to_vec(), "not_cloudevent", "specversion"),
        (
            envelope("\"1.0\"", "\"0.3\""),
            "not_cloudevent",
            "specversion",
        ),
        (envelope("\"id\":\"bad\",", ""), "not_cloudevent", "id"),
        (
            envelope("\"id\":\"bad\"", "\"id\":7"),
            "not_cloudevent",
            "id",
        ),
        (
            envelope("\"id\":\"bad\"", "\"id\":\"\""),
            "not_cloudevent",
            "id",
        ),
        (
            envelope("/boss/test", "not a uri"),
            "not_cloudevent",
            "source",
        ),
    ]
}

fn bad_times_and_types() -> Vec<Kind> {
    vec![
        (
            envelope("2026-09-01T09:00:00+08:00", "2026-09-01"),
            "not_cloudevent",
            "time",
        ),
        (
            envelope("2026-09-01T09:00:00+08:00", "2026-09-01T09:00:60+08:00"),
            "not_cloudevent",
            "time",
        ),
        (
            envelope("2026-09-01T09:00:00+08:00", "1999-09-01T09:00:00+08:00"),
            "not_cloudevent",
            "time",
        ),
        (
            envelope("2026-09-01T09:00:00+08:00", "2026-02-30T09:00:00+08:00"),
            "not_cloudevent",
            "time",
        ),
        (data(STATUS, "[]"), "not_cloudevent", "data"),
        (
            envelope("2026-09-01T09:00:00+08:00", "2098-09-01T09:00:00+08:00"),
            "too_far_ahead",
            "time",
        ),
        (
            data("boss.subscriber.status.v2", "{}"),
            "unknown_type",
            "boss.subscriber.status.v2",
        ),
        (
            data("com.example.nothing", "{}"),
            "unknown_type",
            "com.example.nothing",
        ),
    ]
}

fn bad_statuses() -> Vec<Kind> {
    vec![
        (
            data(STATUS, r#"{"status":"active"}"#),
            "invalid_field",
            "data.subscriber_id",
        ),
        (
            data(STATUS, r#"{"subscriber_id":"1"}"#),
            "invalid_field",
            "data.status",
        ),
        (
            data(STATUS, r#"{"subscriber_id":"1","status":"asleep"}"#),
            "invalid_field",
            "data.status",
        ),
        (
            data(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","status":"active"}"#,
            ),
            "invalid_field",
            "data.status",
        ),
        (
            data(STATUS, r#"{"subscriber_id":"1","status_code":"9"}"#),
            "invalid_field",
            "data.code_set",
        ),
        (
            data(
                STATUS,
                r#"{"subscriber_id":"1","status":"active","status_code":"9","code_set":"x"}"#,
            ),
            "invalid_field",
            "data.status",
        ),
        (
            data(
                STATUS,
                r#"{"subscriber_id":"1","status_code":"9","code_set":"no-such-set"}"#,
            ),
            "unknown_code",
            "no-such-set",
        ),
    ]
}

fn bad_memberships_and_ports() -> Vec<Kind> {
    vec![
        (
            data(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G1","change":"moved"}"#,
            ),
            "invalid_field",
            "data.change",
        ),
        (
            data(
                "boss.membership.v1",
                r#"{"subscriber_id":"1","group_id":"G1","change":"joined","locked":"yes"}"#,
            ),
            "invalid_field",
            "data.locked",
        ),
        (
            data(
                "boss.membership.v1",
                "{\"subscriber_id\":\"1\",\"group_id\":\"G\\u00001\",\"change\":\"joined\"}",
            ),
            "invalid_field",
            "data.group_id",
        ),
        (
            data(
                "boss.port_out.v1",
                r#"{"subscriber_id":"1","stage":"gone"}"#,
            ),
            "invalid_field",
            "data.stage",
        ),
    ]
}

fn bad_figures() -> Vec<Kind> {
    vec![
        (
            data(
                "boss.bill.v1",
                r#"{"bill_id":"B","group_id":"G1","period":"2026-13","amount_fen":1,"due_on":"2026-09-25"}"#,
            ),
            "invalid_field",
            "data.period",
        ),
        (
            data(
                "boss.bill.v1",
                r#"{"bill_id":"B","group_id":"G1","period":"2026-08","amount_fen":1.5,"due_on":"2026-09-25"}"#,
            ),
            "invalid_field",
            "data.amount_fen",
        ),
        (
            data(
                "boss.payment.v1",
                r#"{"payment_id":"P","bill_id":"B","amount_fen":99999999999999}"#,
            ),
            "invalid_field",
            "data.amount_fen",
        ),
        (
            data(
                "crm.survey.v1",
                r#"{"survey_id":"S","group_id":"G1","score":101,"scale":"100"}"#,
            ),
            "invalid_field",
            "data.score",
        ),
        (
            data(
                "crm.complaint.v1",
                r#"{"complaint_id":"C","group_id":"","state":"filed"}"#,
            ),
            "invalid_field",
            "data.group_id",
        ),
    ]
}

fn kinds() -> Vec<Kind> {
    [
        no_json(),
        no_cloudevents(),
        bad_times_and_types(),
        bad_statuses(),
        bad_memberships_and_ports(),
        bad_figures(),
    ]
    .concat()
}

#[test]
fn forty_malformed_kinds_are_kept_with_class_and_reason_and_their_neighbours_are_applied() {
    kept_with_their_neighbours(&Deployment::new());
}

#[test]
fn forty_malformed_kinds_are_kept_on_postgresql_too() {
    let database = TestDatabase::create("malformed");
    let mut deployment = Deployment::new();
    deployment.set("STORE__URL", database.url());
    kept_with_their_neighbours(&deployment);
}

fn kept_with_their_neighbours(deployment: &Deployment) {
    let kinds = kinds();
    let mut lines = joined(0);
    for (n, (bad, ..)) in (1..).zip(&kinds) {
        lines.push(b'\n');
        lines.extend_from_slice(bad);
        lines.push(b'\n');
        lines.extend(joined(n));
    }
    lines.push(b'\n');
    std::fs::write(deployment.path("events/mixed.jsonl"), lines).expect("a file of events");
    deployment.drain();

    let rejects = deployment.json(&["rejects", "list"]);
    assert_eq!(rejects.len(), kinds.len());
    for (at, (bad, class, named)) in kinds.iter().enumerate() {
        let (position, shown) = (
            2 * at + 2,
            String::from_utf8_lossy(&bad[..bad.len().min(300)]),
        );
        let reject = rejects
            .iter()
            .find(|reject| reject["position"] == position)
            .unwrap_or_else(|| panic!("no rejection of {shown}"));
        assert_eq!(reject["class"], *class, "{shown}: {reject}");
        assert!(
            reject["reason"]
                .as_str()
                .is_some_and(|reason| reason.contains(named)),
            "{shown}: {reject}"
        );
    }
    let sources = deployment.json(&["sources", "list"]);
    let (applied, rejected) = (
        sources[0]["applied"].as_u64(),
        sources[0]["rejected"].as_u64(),
    );
    assert_eq!(
        (applied, rejected),
        (Some(kinds.len() as u64 + 1), Some(kinds.len() as u64))
    );
    let rows = deployment.json(&["report", "daily", "--date", "2026-09-01"]);
    assert!(
        rows.iter().any(|row| row["closing"] == kinds.len() + 1),
        "every neighbour is a member: {rows:?}"
    );
}
