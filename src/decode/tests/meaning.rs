//! The meaning does not depend on the spelling: key order, white space, unknown fields, escapes and
//! offsets change neither event nor digest.

use proptest::prelude::*;
use serde_json::{Map, Value};

use super::*;
use crate::domain::identity::meaning_digest;

/// A valid event of every type.
pub(super) const GOOD: &[(&str, &str)] = &[
    (
        "boss.subscriber.status.v1",
        r#"{"subscriber_id":"1","status":"suspended","reason":"arrears"}"#,
    ),
    (
        "boss.port_out.v1",
        r#"{"subscriber_id":"1","stage":"ported"}"#,
    ),
    (
        "boss.membership.v1",
        r#"{"subscriber_id":"1","group_id":"G","change":"left","role":"key_contact","locked":true}"#,
    ),
    (
        "boss.bill.v1",
        r#"{"bill_id":"B","group_id":"集团","period":"2026-08","amount_fen":-12345,"due_on":"2026-09-28"}"#,
    ),
    (
        "boss.payment.v1",
        r#"{"payment_id":"P","bill_id":"B","amount_fen":12345}"#,
    ),
    (
        "crm.complaint.v1",
        r#"{"complaint_id":"C","group_id":"G","state":"withdrawn","category":"网络"}"#,
    ),
    (
        "crm.survey.v1",
        r#"{"survey_id":"S","group_id":"G","score":7.125,"scale":"10"}"#,
    ),
    (
        "crm.contact.v1",
        r#"{"contact_id":"K","group_id":"G","manager_id":"M","channel":"call","promised_on":"2026-09-01"}"#,
    ),
    (
        "crm.unit.v1",
        r#"{"unit_id":"U","name":"北","head_manager_id":"H"}"#,
    ),
    (
        "crm.group.v1",
        r#"{"group_id":"G","name":"\"n\"","unit_id":"U","manager_id":"M","tier":"B"}"#,
    ),
    (
        "crm.manager.v1",
        r#"{"manager_id":"M","name":"n","email":"m@example.com","active":false}"#,
    ),
    (
        "crm.project.v1",
        r#"{"project_id":"P","group_id":"G","title":"t","due_on":"2026-12-31"}"#,
    ),
    (
        "crm.key_date.v1",
        r#"{"key_date_id":"k","group_id":"G","kind":"custom","title":"t","calendar":"lunar","date":{"month":1,"day":15,"leap":false},"every":"year","lead_days":[7,1]}"#,
    ),
    (
        "boss.feed.v1",
        r#"{"feed":"f","date":"2026-08-20","events":17}"#,
    ),
    ("boss.retraction.v1", r#"{"source":"/crm","id":"e0"}"#),
];

/// Every spelling of one instant.
const TIMES: [&str; 5] = [
    "2026-08-20T10:00:00.000001+08:00",
    "2026-08-20t02:00:00.0000019z",
    "2026-08-19T22:00:00.0000010-04:00",
    "2026-08-20T02:00:00.000001000-00:00",
    "2026-08-21T01:59:00.000001+23:59",
];

/// Respells a value: keys in an order that `turns` gives, blanks between, every second text escaped
/// throughout, and in objects an unknown field, twice.
fn respelled(value: &Value, turns: &[u8], at: &mut usize) -> String {
    let mut turn = || {
        *at += 1;
        turns[*at % turns.len()]
    };
    let blank = [" ", "", "\n", "\t\r"][usize::from(turn() % 4)];
    match value {
        Value::Object(object) => {
            let mut keys: Vec<&String> = object.keys().collect();
            let by = usize::from(turn()) % keys.len();
            keys.rotate_left(by);
            if turn() % 2 == 0 {
                keys.reverse();
            }
            let mut fields: Vec<String> = keys
                .into_iter()
                .map(|key| {
                    format!(
                        "{blank}{}{blank}:{}",
                        respelled(&Value::String(key.clone()), turns, at),
                        respelled(&object[key], turns, at)
                    )
                })
                .collect();
            fields.insert(0, r#""x_new":{"id":[1,{"type":null}]}"#.into());
            fields.push(r#""x_new":"again""#.into());
            format!("{{{}{blank}}}", fields.join(","))
        }
        Value::Array(list) => format!(
            "[{}]",
            list.iter()
                .map(|e| respelled(e, turns, at))
                .collect::<Vec<_>>()
                .join(&format!("{blank},"))
        ),
        Value::String(text) if turn() % 2 == 0 => {
            format!(
                "\"{}\"",
                text.encode_utf16()
                    .map(|unit| format!("\\u{unit:04X}"))
                    .collect::<String>()
            )
        }
        other => format!("{blank}{other}{blank}"),
    }
}

proptest! {
    #[test]
    fn another_spelling_is_the_same_event(
        which in 0..GOOD.len(), time in prop::sample::select(&TIMES[..]), turns in prop::collection::vec(any::<u8>(), 1..40),
    ) {
        let (kind, data) = GOOD[which];
        let plain = event_of(kind, data).replace("2026-08-20T10:00:00+08:00", TIMES[0]);
        let mut spelled: Map<String, Value> = serde_json::from_str(&plain).expect("JSON");
        spelled["time"] = time.into();
        let spelled = respelled(&Value::Object(spelled), &turns, &mut 0);
        let (plain, other) = (decode_payload(&plain).expect("good"), decode_payload(&spelled));
        let other = other.unwrap_or_else(|r| panic!("{} of {spelled}", r.reason));
        prop_assert_eq!(meaning_digest(&plain.event), meaning_digest(&other.event));
        prop_assert_eq!(plain, other);
    }
}

#[test]
fn a_default_that_is_written_out_means_the_same() {
    let digest = |kind: &str, data: &str| {
        meaning_digest(&decode_payload(event_of(kind, data)).expect("good").event)
    };
    let least = r#"{"subscriber_id":"1","group_id":"G","change":"joined"}"#;
    let written = r#"{"subscriber_id":"1","group_id":"G","change":"joined","role":"member","locked":false,"population":"group"}"#;
    assert_eq!(
        digest("boss.membership.v1", least),
        digest("boss.membership.v1", written)
    );
    let survey = |score: &str, scale: &str| {
        digest(
            "crm.survey.v1",
            &format!(r#"{{"survey_id":"S","group_id":"G","score":{score},"scale":{scale}}}"#),
        )
    };
    assert_eq!(survey("8.5", "\"10\""), survey("85.00e-1", "10"));
    assert_ne!(survey("8.5", "10"), survey("85", "100"));
}

#[test]
fn no_two_of_the_types_mean_the_same() {
    let mut digests: Vec<u64> = GOOD
        .iter()
        .map(|(kind, data)| {
            meaning_digest(&decode_payload(event_of(kind, data)).expect("good").event)
        })
        .collect();
    digests.sort_unstable();
    digests.dedup();
    assert_eq!(digests.len(), GOOD.len());
}
