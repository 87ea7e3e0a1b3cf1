//! Instants as people write them: local, or with an offset.
//!
//! It may not know what time it is. Invariant: what is read is a time that events may have.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use toml::Value;

use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

/// What is expected where an instant stands.
pub(super) const EXPECTED: &str =
    "expected a local time like \"2026-09-03 10:00\", a date, or RFC 3339 with an offset";

const FORMATS: [&str; 4] = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
];

/// Reads an instant: a text, or a date or time of TOML. A date is its midnight.
pub(super) fn instant(value: &Value, zone: Zone) -> Option<Timestamp> {
    let text = text_of(value)?;
    if let Ok(date) = text.parse::<NaiveDate>() {
        return Some(zone.at(date.and_time(chrono::NaiveTime::MIN)));
    }
    if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
        return Some(at.to_utc().into());
    }
    FORMATS
        .iter()
        .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
        .map(|local| zone.at(local))
}

/// The text of a text, date or time.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Datetime(at) => Some(at.to_string()),
        _ => None,
    }
}

/// An instant for people, as precise as need be.
pub(super) fn show(at: Timestamp, zone: Zone) -> String {
    let local = zone.local(at);
    let format = if at.micros() % 60_000_000 == 0 {
        "%Y-%m-%d %H:%M"
    } else {
        "%Y-%m-%d %H:%M:%S"
    };
    local.format(format).to_string()
}
