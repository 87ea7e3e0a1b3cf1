//! Tests of decoding as a whole: bytes in, an event or a rejection out.

mod binary;
mod boss_types;
mod columns;
mod crm_types;
mod drops;
mod invalid_crm_field;
mod invalid_field;
mod meaning;
mod not_cloudevent;
mod not_json;
mod order;

use super::rules::Decoded;
use super::{DecodeRules, Form, decode};
use crate::domain::event::EventData;
use crate::domain::local_day::Timestamp;
use crate::domain::reject::Rejection;

/// 2026-10-01T00:00:00Z
const NOW: Timestamp = Timestamp::from_micros(1_790_812_800_000_000);

fn decode_payload(payload: impl AsRef<[u8]>) -> Result<Decoded, Rejection> {
    decode(
        payload.as_ref(),
        Form::Structured,
        &DecodeRules::default(),
        NOW,
    )
}

/// An event of a type with that `data`, as JSON.
fn event_of(kind: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"e1","source":"/boss/gz","type":"{kind}","time":"2026-08-20T10:00:00+08:00","data":{data}}}"#
    )
}

/// The decoded `data`.
fn data_of(kind: &str, data: &str) -> EventData {
    decode_payload(event_of(kind, data))
        .unwrap_or_else(|r| panic!("{}: {} for {data}", r.class, r.reason))
        .event
        .data
}

/// Class and reason, as one text.
fn refused(payload: impl AsRef<[u8]>) -> String {
    let rejection = decode_payload(payload).expect_err("refused");
    format!("{} {}", rejection.class, rejection.reason)
}

const STATUS: &str = "boss.subscriber.status.v1";
const ACTIVE: &str = r#"{"subscriber_id":"13900000001","status":"active"}"#;

/// A valid event with one of its parts replaced.
fn with(part: &str, by: &str) -> String {
    let good = event_of(STATUS, ACTIVE);
    assert!(good.contains(part), "{part}");
    good.replacen(part, by, 1)
}

/// An id in an expected value.
macro_rules! id {
    ($type:ident, $text:literal) => {
        $type::parse($text).expect("an id")
    };
}
use id;

/// A date in an expected value.
fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date")
}
