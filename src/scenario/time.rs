//! Instants as people write them: local, or with an offset.
//!
//! It may not know what time it is. Invariant: what is read is a time that events may have.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use serde::Deserialize;
use toml::Value;

use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;
use crate::schedule::parse_duration;

/// The expected forms of an instant.
pub(super) const EXPECTED: &str =
    "expected a local time like \"2026-09-03 10:00\", a date, or RFC 3339 with an offset";

const FORMATS: [&str; 4] = [
    "%Y-%m-%d %H:%M",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M",
    "%Y-%m-%dT%H:%M:%S%.f",
];

/// An instant: a text, or a date or time of TOML. A date is its midnight.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "Value")]
pub(super) enum When {
    Local(NaiveDateTime),
    At(Timestamp),
}

impl TryFrom<Value> for When {
    type Error = &'static str;

    fn try_from(value: Value) -> Result<Self, Self::Error> {
        let text = text_of(&value).ok_or(EXPECTED)?;
        if let Ok(date) = text.parse::<NaiveDate>() {
            return Ok(Self::Local(date.and_time(NaiveTime::MIN)));
        }
        if let Ok(at) = DateTime::parse_from_rfc3339(&text) {
            return Ok(Self::At(at.to_utc().into()));
        }
        FORMATS
            .iter()
            .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
            .map(Self::Local)
            .ok_or(EXPECTED)
    }
}

impl When {
    pub(super) fn at(self, zone: Zone) -> Timestamp {
        match self {
            Self::Local(local) => zone.at(local),
            Self::At(at) => at,
        }
    }
}

/// The instant that a value is.
pub(super) fn instant(value: &Value, zone: Zone) -> Option<Timestamp> {
    let when = When::try_from(value.clone()).ok()?;
    Some(when.at(zone))
}

/// How long after the step before.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct After(Duration);

impl TryFrom<String> for After {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        parse_duration(&text).map(Self)
    }
}

impl After {
    pub(super) fn later(self, than: Timestamp) -> Timestamp {
        than.plus(TimeDelta::from_std(self.0).unwrap_or_default())
    }
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
