//! The order of the checks, and that none of them panics.

use proptest::prelude::*;

use super::*;

#[test]
fn the_checks_run_in_the_order_of_the_table() {
    let class = |payload: &str| {
        refused(payload)
            .split(' ')
            .next()
            .expect("a class")
            .to_owned()
    };
    let with_time =
        |payload: String, time: &str| payload.replacen("2026-08-20T10:00:00+08:00", time, 1);
    let late = "2090-01-01T00:00:00Z";
    let broken_code = r#"{"subscriber_id":"1","status_code":"~","code_set":"ngboss","reason":1}"#;
    assert_eq!(
        class(&format!("{}x", event_of("boss.nothing.v1", "[]"))),
        "not_json"
    );
    assert_eq!(
        class(&with_time(event_of("boss.nothing.v1", "[]"), late)),
        "not_cloudevent"
    );
    assert_eq!(
        class(&with_time(event_of("boss.nothing.v1", "{}"), late)),
        "too_far_ahead"
    );
    assert_eq!(class(&event_of("boss.nothing.v1", "{}")), "unknown_type");
    assert_eq!(class(&event_of("", "{}")), "unknown_type");
    assert_eq!(class(&event_of(STATUS, broken_code)), "invalid_field");
    assert_eq!(
        class(&event_of(STATUS, &broken_code.replace(",\"reason\":1", ""))),
        "unknown_code"
    );
    assert_eq!(
        refused(event_of("boss.nothing.v1", "{}")),
        "unknown_type type: there is no type `boss.nothing.v1`"
    );
}

#[test]
fn a_time_may_lie_five_minutes_ahead_and_not_a_microsecond_more() {
    let at = |time: &str| {
        decode_payload(event_of(STATUS, ACTIVE).replacen("2026-08-20T10:00:00+08:00", time, 1))
    };
    assert!(at("2026-10-01T00:05:00Z").is_ok());
    let ahead = at("2026-10-01T08:05:00.000001+08:00").expect_err("refused");
    assert_eq!(
        format!("{} {}", ahead.class, ahead.reason),
        "too_far_ahead time: 2026-10-01T00:05:00.000001Z lies more than 300 s after the wall clock"
    );
}

proptest! {
    #[test]
    fn any_bytes_are_decoded_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(decode_payload(&bytes).is_err());
    }

    #[test]
    fn a_spoilt_event_is_decoded_without_panic(at in 0usize..190, by: u8, cut in 0usize..400) {
        let mut bytes = event_of(STATUS, ACTIVE).into_bytes();
        let len = bytes.len();
        bytes[at % len] = by;
        bytes.truncate(cut.max(1));
        if let Err(rejection) = decode_payload(&bytes) {
            prop_assert!(!rejection.reason.contains("13900000001"), "{}", rejection.reason);
        }
    }

    #[test]
    fn json_of_any_shape_is_read_or_refused_as_serde_reads_it(text in "[\\[\\]{}:,\"a0\\\\u1 -.e]{0,40}") {
        let json = serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text).is_ok();
        let rejection = decode_payload(&text).expect_err("no event");
        prop_assert_eq!(json, rejection.class != crate::domain::reject::RejectClass::NotJson, "{}: {}", text, rejection.reason);
    }
}
