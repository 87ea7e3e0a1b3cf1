//! When a delivery happened and who says so, read from as little of it as will do.
//!
//! It may not know any rule but those of these two attributes. Invariant: of a delivery that is decoded to an event, the time is
//! that of the event.

use std::borrow::Cow;

use serde::Deserialize;

use super::rules::{DecodeRules, Form};
use super::{drop_line, rfc3339};
use crate::domain::local_day::Timestamp;

/// The attributes that are read; all others are passed over.
#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow, default)]
    source: Cow<'a, str>,
}

/// The event time of a delivery and its producer; none where no time can be read.
#[must_use]
pub fn time_and_source<'a>(payload: &'a [u8], form: Form<'a>, rules: &'a DecodeRules) -> Option<(Timestamp, Cow<'a, str>)> {
    match form {
        Form::Oversized { .. } => None,
        Form::Structured => {
            let attributes: Attributes<'a> = serde_json::from_slice(payload).ok()?;
            Some((rfc3339::instant(&attributes.time)?, attributes.source))
        }
        Form::Binary(headers) => {
            let header = |name: &str| headers.iter().find(|(key, _)| **key == *name).and_then(|(_, value)| std::str::from_utf8(value).ok());
            Some((rfc3339::instant(header("time")?)?, Cow::Borrowed(header("source").unwrap_or_default())))
        }
        Form::Mapped(mapping) => {
            let mapping = rules.mappings.get(usize::from(mapping))?;
            Some((drop_line::time_of(payload, mapping, rules.zone)?, Cow::Borrowed(&mapping.source)))
        }
    }
}
