//! The event time and the source of a delivery, read from as little of it as possible.
//!
//! It may know no rule except those of these two attributes. Invariant: if a delivery is decoded to
//! an event, the time is that of the event.

use std::borrow::Cow;

use serde::Deserialize;

use super::rules::{DecodeRules, Form};
use super::{drop_line, rfc3339};
use crate::domain::local_day::Timestamp;

/// The attributes that are read; all others are skipped.
#[derive(Deserialize)]
struct Attributes<'a> {
    #[serde(borrow)]
    time: Cow<'a, str>,
    #[serde(borrow, default)]
    source: Cow<'a, str>,
}

/// The event time and the source of a delivery; none where no time can be read.
#[must_use]
pub(crate) fn time_and_source<'a>(
    payload: &'a [u8],
    form: Form<'a>,
    rules: &'a DecodeRules,
) -> Option<(Timestamp, Cow<'a, str>)> {
    match form {
        Form::Oversized { .. } => None,
        Form::Structured => {
            let attributes: Attributes<'a> = serde_json::from_slice(payload).ok()?;
            Some((rfc3339::instant(&attributes.time)?, attributes.source))
        }
        Form::Binary(headers) => {
            let header = |name: &str| {
                headers
                    .iter()
                    .find(|(key, _)| **key == *name)
                    .and_then(|(_, value)| std::str::from_utf8(value).ok())
            };
            Some((
                rfc3339::instant(header("time")?)?,
                Cow::Borrowed(header("source").unwrap_or_default()),
            ))
        }
        Form::Mapped(mapping) => {
            let mapping = rules.mappings.get(usize::from(mapping))?;
            Some((
                drop_line::time_of(payload, mapping, rules.zone)?,
                Cow::Borrowed(&mapping.source),
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn when(payload: &str, form: Form<'_>) -> Option<(String, String)> {
        let rules = DecodeRules::default();
        time_and_source(payload.as_bytes(), form, &rules)
            .map(|(time, source)| (time.to_string(), source.into_owned()))
    }

    #[test]
    fn time_and_producer_are_read_wherever_they_stand_and_nothing_else_is() {
        let found = Some(("2026-08-20T02:00:00Z".to_owned(), "/boss".to_owned()));
        for payload in [
            r#"{"data":{"time":"2020-01-01T00:00:00Z","x":[1]},"source":"/boss","time":"2026-08-20T10:00:00+08:00"}"#,
            r#"{"time":"2026-08-20T02:00:00Z","source":"\/boss","id":7}"#,
        ] {
            assert_eq!(when(payload, Form::Structured), found, "{payload}");
        }
        for none in [
            "",
            "[]",
            "{}",
            r#"{"time":7,"source":"/boss"}"#,
            r#"{"time":"yesterday"}"#,
            r#"{"time":"2026-08-20T02:00:00Z""#,
        ] {
            assert_eq!(when(none, Form::Structured), None, "{none}");
        }
        let header = |name: &str, value: &str| (Box::from(name), Box::from(value.as_bytes()));
        let headers = [
            header("time", "2026-08-20T02:00:00Z"),
            header("source", "/boss"),
        ];
        assert_eq!(when("{}", Form::Binary(&headers)), found);
        assert_eq!(
            (
                when("{}", Form::Binary(&headers[1..])),
                when("{}", Form::Mapped(0)),
                when("", Form::Oversized { bytes: 9 })
            ),
            (None, None, None)
        );
    }
}
