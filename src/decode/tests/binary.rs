//! CloudEvents binary mode: attributes in headers, `data` as the payload.

use super::*;

const DATA: &str = r#"{"subscriber_id":"1","status":"active"}"#;
const GOOD: [(&str, &str); 5] = [
    ("specversion", "1.0"),
    ("id", "e1"),
    ("source", "/boss/gz"),
    ("type", "boss.subscriber.status.v1"),
    ("time", "2026-08-20T10:00:00+08:00"),
];

fn read_binary(headers: &[(&str, &[u8])], payload: &str) -> Result<Decoded, Rejection> {
    let headers: Vec<(Box<str>, Box<[u8]>)> = headers
        .iter()
        .map(|(name, value)| ((*name).into(), (*value).into()))
        .collect();
    decode(
        payload.as_bytes(),
        Form::Binary(&headers),
        &DecodeRules::default(),
        NOW,
    )
}

fn refused_with(change: impl FnOnce(&mut Vec<(&str, &[u8])>), payload: &str) -> String {
    let mut headers: Vec<(&str, &[u8])> = GOOD
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()))
        .collect();
    change(&mut headers);
    let rejection = read_binary(&headers, payload).expect_err("refused");
    format!("{} {}", rejection.class, rejection.reason)
}

#[test]
fn an_event_in_binary_mode_is_the_one_in_structured_mode() {
    let mut headers: Vec<(&str, &[u8])> = GOOD
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()))
        .collect();
    headers.extend([("subject", &b"\xff"[..]), ("subject", b"x")]);
    headers.reverse();
    assert_eq!(
        read_binary(&headers, &format!(" {DATA}\n")),
        decode_payload(event_of("boss.subscriber.status.v1", DATA))
    );
}

#[test]
fn headers_follow_the_rules_of_the_envelope() {
    for (at, (name, _)) in GOOD.iter().enumerate() {
        let missing = refused_with(|h| h.retain(|(key, _)| key != name), DATA);
        assert!(
            missing.starts_with(&format!("not_cloudevent {name}: expected "))
                && missing.ends_with(", found nothing"),
            "{missing}"
        );
        let twice = refused_with(|h| h.push(h[at]), DATA);
        assert!(
            twice.starts_with(&format!("not_cloudevent {name}: "))
                && twice.ends_with(", found the header twice"),
            "{twice}"
        );
        let bytes = refused_with(|h| h[at].1 = b"\xff", DATA);
        assert!(
            bytes.starts_with(&format!("not_cloudevent {name}: "))
                && bytes.ends_with(", found bytes that are not UTF-8"),
            "{bytes}"
        );
    }
    assert!(refused_with(|h| h[1].1 = b"", DATA).starts_with("not_cloudevent id: "));
    assert!(refused_with(|h| h[3].1 = b"boss.nothing.v1", DATA).starts_with("unknown_type "));
}

#[test]
fn the_payload_is_one_json_object() {
    for (payload, reason) in [
        ("", "not_json payload: is empty"),
        ("{", "not_json payload: is truncated"),
        ("{}{}", "not_json payload: is not JSON"),
        (
            "[]",
            "not_cloudevent data: expected an object, found a list",
        ),
        (
            "null",
            "not_cloudevent data: expected an object, found null",
        ),
        ("{}", "invalid_field data.subscriber_id: "),
    ] {
        let found = refused_with(|_| (), payload);
        assert!(found.starts_with(reason), "{payload}: {found}");
    }
    assert!(
        refused_with(|h| h.clear(), "x").starts_with("not_json "),
        "the payload is looked at first"
    );
}
