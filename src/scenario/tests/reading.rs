//! From the file to events and expectations.

use serde_json::{Value, json};

use super::{refused, scenario, zone};
use crate::decode::{DecodeRules, Form, StatusMaps, decode};
use crate::domain::local_day::Timestamp;
use crate::scenario::expectation::Times;
use crate::scenario::{List, Message};

fn events(messages: &[Message]) -> Vec<Value> {
    messages
        .iter()
        .map(|message| serde_json::from_str(&message.payload).expect("JSON"))
        .collect()
}

const GIVEN: &str = r#"
name = "a"
[given]
units = [{ id = "U1", head = "H1" }]
managers = [{ id = "M1", supervisor = "H1" }]
groups = [{ id = "G1", unit = "U1", manager = "M1", members = 3, joined = "2026-01-05", key_contact = 1, locked = [2, 3] }]
"#;

#[test]
fn what_is_given_is_short_for_events_with_defaults_filled_in() {
    let read = scenario(&format!("{GIVEN}[[step]]\nat = \"2026-09-03 10:00\""));
    let events = events(&read.given);
    let data: Vec<&Value> = events.iter().map(|event| &event["data"]).collect();
    assert_eq!(
        data[0],
        &json!({"unit_id": "U1", "name": "U1", "head_manager_id": "H1"})
    );
    assert_eq!(
        data[1],
        &json!({"manager_id": "M1", "name": "M1", "email": "m1@example.com", "supervisor_id": "H1"})
    );
    assert_eq!(
        data[2],
        &json!({"group_id": "G1", "name": "G1", "unit_id": "U1", "manager_id": "M1", "tier": "C"})
    );
    assert_eq!(
        data[3],
        &json!({"subscriber_id": "G1-001", "group_id": "G1", "change": "joined", "role": "key_contact"})
    );
    assert_eq!(
        data[5],
        &json!({"subscriber_id": "G1-003", "group_id": "G1", "change": "joined", "locked": true})
    );
    assert_eq!(events.len(), 6);
    assert_eq!(
        events[0]["time"], "2026-07-31T16:00:00Z",
        "the first of the month before the first step"
    );
    assert_eq!(events[3]["time"], "2026-01-04T16:00:00Z");
    assert_eq!(
        read.begins_at.to_string(),
        "2026-09-02T16:00:00Z",
        "the midnight of the first step's day"
    );
}

#[test]
fn every_word_makes_events_that_the_worker_takes() {
    let read = scenario(&format!(
        r#"{GIVEN}
projects = [{{ id = "P1", group = "G1", title = "专线" }}]
key_dates = [{{ id = "K1", group = "G1", date = 1970-05-01 }}, {{ id = "K2", group = "G1", kind = "birthday", date = {{ month = 6, day = 30, leap = true }} }}]
[[step]]
at = "2026-09-03 10:00"
joined = [{{ subscribers = ["G1-004", "G1-005..G1-006"], group = "G1", role = "decision_maker" }}]
left = [{{ subscribers = "G1-001", group = "G1" }}]
status = [{{ subscribers = "G1-002", status_code = "0", code_set = "ngboss" }}]
port_out = [{{ subscriber = "G1-003", stage = "queried" }}]
bills = [{{ id = "B1", group = "G1", subscriber = "G1-003", period = "2026-08", amount_fen = 100, due_on = 2026-09-20 }}]
payments = [{{ bill = "B1", amount_fen = 50 }}]
complaints = [{{ group = "G1", severity = "major", count = 2 }}]
surveys = [{{ group = "G1", score = 4.5, scale = 5 }}]
contacts = [{{ group = "G1", manager = "M1", channel = "call", promised_on = 2026-09-09 }}]
feeds = [{{ feed = "lines", date = 2026-09-02, events = 3 }}]
retract = [{{ id = "e000001" }}]
events = [{{ type = "boss.port_out.v1", data = {{ subscriber_id = "G1-003", stage = "withdrawn" }} }}]
"#
    ));
    let rules = DecodeRules {
        event_bytes_max: 10_000,
        ahead_max: chrono::TimeDelta::minutes(5),
        zone: zone(),
        status_maps: StatusMaps::shipped(),
        mappings: Vec::new(),
    };
    let step = &read.steps[0];
    assert_eq!(step.messages.len(), 15);
    for message in read.given.iter().chain(&step.messages) {
        let decoded = decode(
            message.payload.as_bytes(),
            Form::Structured,
            &rules,
            step.at,
        );
        assert!(
            decoded.is_ok(),
            "{} {}: {:?}",
            message.place,
            message.payload,
            decoded.err()
        );
    }
}

#[test]
fn what_is_left_out_of_a_record_stays_as_it_was_said_last() {
    let read = scenario(&format!(
        "{GIVEN}[[step]]\nat = \"2026-09-03 10:00\"\ngroups = [{{ id = \"G1\", manager = \"M2\" }}]"
    ));
    let event = &events(&read.steps[0].messages)[0];
    assert_eq!(
        event["data"],
        json!({"group_id": "G1", "name": "G1", "unit_id": "U1", "manager_id": "M2", "tier": "C"})
    );
}

#[test]
fn a_named_event_of_several_lines_is_retracted_as_a_whole() {
    let read = scenario(
        r#"
name = "a"
[[step]]
at = "2026-09-03 10:00"
left = [{ subscribers = "L1..L3", group = "G1", event = "slip" }]
[[step]]
after = "90s"
retract = ["slip"]
"#,
    );
    let ids = |step: usize, of: fn(&Value) -> &Value| -> Vec<Value> {
        events(&read.steps[step].messages)
            .iter()
            .map(|e| of(e).clone())
            .collect()
    };
    assert_eq!(
        ids(0, |event| &event["id"]),
        ids(1, |event| &event["data"]["id"])
    );
    assert_eq!(
        read.steps[1].at.since(read.steps[0].at),
        chrono::TimeDelta::seconds(90)
    );
}

#[test]
fn expectations_are_read_with_how_many_must_match() {
    let read = scenario(
        r#"
name = "a"
[[step]]
at = 2026-09-03T10:00:00
[step.expect]
alerts = [{ kind = "key_line" }, { kind = "key_line", count = 2 }]
no_tasks = [{ group = "G1" }]
counts = { rejects = 1 }
"#,
    );
    let step = &read.steps[0];
    let read_as: Vec<_> = step
        .expectations
        .iter()
        .map(|one| (one.list, one.times))
        .collect();
    let expected = [
        (List::Alerts, Times::Some),
        (List::Alerts, Times::Exactly(2)),
        (List::Tasks, Times::Exactly(0)),
        (List::Rejects, Times::Exactly(1)),
    ];
    assert_eq!(read_as, expected);
    assert!(read.expects_rejects);
    assert_eq!(step.at, Timestamp::from_micros(1_788_400_800_000_000));
}

#[test]
fn everything_that_is_wrong_is_said_with_line_key_and_what_was_expected() {
    let message = refused(
        r#"
name = ""
nome = "b"
[given]
groups = [{ unit = "U1" }, { id = "G1", members = 2, locked = 3 }, { id = "G2", members = 20001 }]
[[step]]
at = "2026-09-03 10:00"
stauts = []
status = [{ subscribers = "G1-9..G1-1", reson = "arrears", status = "active" }, { status = "active" }]
retract = ["nobody"]
[step.expect]
no_alerts = [{ kind = "chrn_rate" }, { knd = "x" }]
tasks = [{ due_at = "soon", means = ["phone"], alerts = "key_line" }]
counts = { alert = 1 }
"#,
    );
    for expected in [
        "a.toml:2: name: is missing",
        "a.toml:3: nome: is no key here\n    hint: one of name, rule",
        "a.toml:5: given.groups[0]: has no `id`",
        "given.groups[1].locked: expected which of the 2 members, counted from 1",
        "given.groups[2].members: is more than the 20000 members",
        "a.toml:8: step[0].stauts: is no key here",
        "step[0].status[0].reson: is no key of `status`\n    hint: one of subscribers, status, status_code, code_set, reason",
        "step[0].status[0].subscribers: `G1-9..G1-1` is no range",
        "step[0].status[1]: says no subscribers",
        "step[0].retract[0]: names no event",
        "a.toml:12: step[0].expect.no_alerts[0].kind: `chrn_rate` is none there is\n    hint: one of churn_rate",
        "step[0].expect.no_alerts[1].knd: is no field of alerts",
        "step[0].expect.tasks[0].due_at: expected a local time",
        "step[0].expect.tasks[0].means: `phone` is none there is",
        "step[0].expect.tasks[0].alerts: expected a list of texts",
        "a.toml:14: step[0].expect.counts.alert: is no key here",
    ] {
        assert!(
            message.contains(expected),
            "{expected}\n--- is not in ---\n{message}"
        );
    }
}

#[test]
fn what_has_the_wrong_form_is_said_once_and_with_what_is_wrong() {
    let message = refused(
        r#"
name = 1
[[step]]
at = "2026-09-03 10:00"
[[step]]
after = "5x"
relay_down = "yes"
"#,
    );
    for expected in [
        "a.toml:2: name: invalid type: integer `1`, expected a string",
        "a.toml:6: step[1].after: `5x` is no duration\n    hint: ",
        "a.toml:7: step[1].relay_down: invalid type: string \"yes\", expected a boolean",
    ] {
        assert!(
            message.contains(expected),
            "{expected}\n--- is not in ---\n{message}"
        );
    }
    assert!(
        !message.contains("says not when") && !message.contains("is missing"),
        "{message}"
    );
    let message = refused(
        r#"
name = "a"
given.units = { id = "U1" }
[[step]]
at = "2026-09-03 10:00"
complaints = [{ group = "G1", count = "2", event = 3 }]
"#,
    );
    for expected in [
        "a.toml:3: given.units: invalid type: map, expected a sequence",
        "a.toml:6: step[0].complaints[0].count: invalid type: string \"2\"",
        "a.toml:6: step[0].complaints[0].event: invalid type: integer `3`",
    ] {
        assert!(
            message.contains(expected),
            "{expected}\n--- is not in ---\n{message}"
        );
    }
}

#[test]
fn a_line_may_be_told_by_the_contracts_name() {
    let read = scenario(
        "name = \"a\"\n[[step]]\nat = \"2026-09-03\"\nport_out = [{ subscriber_id = \"L1\", stage = \"queried\" }]",
    );
    assert_eq!(
        events(&read.steps[0].messages)[0]["data"]["subscriber_id"],
        "L1"
    );
}

#[test]
fn steps_come_in_time_order_and_say_when() {
    let step = |at: &str| format!("[[step]]\n{at}\n");
    let two =
        |one: &str, other: &str| refused(&format!("name = \"a\"\n{}{}", step(one), step(other)));
    assert!(
        two("at = \"2026-09-03 10:00\"", "at = \"2026-09-03 09:59\"")
            .contains("is before 2026-09-03 10:00")
    );
    assert!(two("after = \"5m\"", "at = \"2026-09-03\"").contains("step[0]: says not when"));
    assert!(
        two("at = \"2026-09-03\"", "at = \"2026-09-04\"\nafter = \"1m\"")
            .contains("step[1]: says not when")
    );
    assert!(refused("name = \"a\"").contains("step: is missing"));
}

#[test]
fn what_people_do_is_read_and_what_nobody_can_do_refused() {
    let with = |act: &str| format!("name = \"a\"\n[[step]]\nat = \"2026-09-03\"\nact = [{act}]\n");
    let read = scenario(&with(
        r#"{ task = { group = "G1", kind = "retention" }, do = "close", as = "M1", result = "retained", note = "十个字以上的服务档案" }"#,
    ));
    let act = &read.steps[0].acts[0];
    assert_eq!(
        (
            act.operation.name(),
            act.keys.by.as_ref().map(|by| by.as_str())
        ),
        ("close", Some("M1"))
    );
    assert!(
        refused(&with(r#"{ task = {}, do = "eat" }"#))
            .contains("do: `eat` is none there is\n    hint: one of accept, start")
    );
    assert!(refused(&with(r#"{ do = "accept" }"#)).contains("task: expected which task"));
    assert!(refused(&with("{ task = {} }")).contains("do: is missing"));
}
