//! The CloudEvents attributes: structured, or beside the data in binary mode.
//!
//! It may not know the meaning of `data`. Invariant: an [`Envelope`] obeys every rule of the
//! contract's envelope table except the existence of its type.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::fields::{Fields, FromField, ObjectPlace, Raw};
use super::{rfc3339, syntax};
use crate::domain::local_day::Timestamp;
use crate::domain::reject::Rejection;

/// Most characters of an event's id.
const EVENT_ID_CHARS_MAX: usize = 128;
/// Most characters of an event's source.
const SOURCE_CHARS_MAX: usize = 256;

const ATTRIBUTES: &[&str] = &["specversion", "id", "source", "type", "time", "data"];

/// The attributes, and the data as unparsed text.
#[derive(Debug)]
pub(super) struct Envelope<'a> {
    pub id: Cow<'a, str>,
    pub source: Cow<'a, str>,
    pub kind: Cow<'a, str>,
    pub time: Timestamp,
    /// The text of a JSON object.
    pub data: &'a str,
}

/// Parses a whole event.
pub(super) fn structured(text: &str) -> Result<Envelope<'_>, Rejection> {
    if syntax::first_byte(text)? != b'{' {
        // Checked here, since serde_json's own message would show the value.
        return Err(syntax::not_json("payload: is not one JSON object"));
    }
    let mut fields = Fields::new(ATTRIBUTES, ObjectPlace::ENVELOPE);
    fields.fill(text)?;
    fields.need::<SpecVersion>("specversion")?;
    Ok(Envelope {
        id: fields.need::<EventIdAttribute<'_>>("id")?.0,
        source: fields.need::<SourceAttribute<'_>>("source")?.0,
        kind: fields.need("type")?,
        time: fields.need("time")?,
        data: fields.need::<Object<'_>>("data")?.0,
    })
}

/// Parses `data` with the attributes of the message headers.
pub(super) fn binary<'a>(
    text: &'a str,
    headers: &'a [(Box<str>, Box<[u8]>)],
) -> Result<Envelope<'a>, Rejection> {
    syntax::first_byte(text)?;
    let data: &RawValue = serde_json::from_str(text).map_err(|e| syntax::broken(&e))?;
    attribute::<SpecVersion>(headers, "specversion")?;
    Ok(Envelope {
        id: attribute::<EventIdAttribute<'_>>(headers, "id")?.0,
        source: attribute::<SourceAttribute<'_>>(headers, "source")?.0,
        kind: attribute(headers, "type")?,
        time: attribute(headers, "time")?,
        data: Object::from_field(Raw(data.get()))
            .ok_or_else(|| {
                ObjectPlace::ENVELOPE.refuse("data", Object::EXPECTED, Raw(data.get()).kind())
            })?
            .0,
    })
}

/// One attribute of binary mode.
fn attribute<'a, T: FromText<'a>>(
    headers: &'a [(Box<str>, Box<[u8]>)],
    name: &'static str,
) -> Result<T, Rejection> {
    let refuse = |found| Err(ObjectPlace::ENVELOPE.refuse(name, T::EXPECTED, found));
    let mut values = headers
        .iter()
        .filter(|(key, _)| **key == *name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (None, _) => refuse("nothing"),
        (Some(_), Some(_)) => refuse("the header twice"),
        (Some(value), None) => match std::str::from_utf8(value) {
            Err(_) => refuse("bytes that are not UTF-8"),
            Ok(text) => T::from_text(Cow::Borrowed(text)).map_or_else(|| refuse("a text"), Ok),
        },
    }
}

/// An attribute: a text with a rule, the same in JSON and in headers.
trait FromText<'a>: FromField<'a> {
    fn from_text(text: Cow<'a, str>) -> Option<Self>;
}

impl<'a> FromText<'a> for Cow<'a, str> {
    fn from_text(text: Cow<'a, str>) -> Option<Self> {
        Some(text)
    }
}

macro_rules! attributes {
    ($($(#[$doc:meta])* $type:ty, $expected:literal, |$text:ident| $read:expr;)*) => {$(
        impl<'a> FromText<'a> for $type {
            fn from_text($text: Cow<'a, str>) -> Option<Self> {
                $read
            }
        }

        impl<'a> FromField<'a> for $type {
            const EXPECTED: &'static str = $expected;

            fn from_field(raw: Raw<'a>) -> Option<Self> {
                Self::from_text(raw.text()?)
            }
        }
    )*};
}

/// The version of CloudEvents.
struct SpecVersion;
/// The producer's id of an event.
#[derive(Debug)]
pub(super) struct EventIdAttribute<'a>(pub Cow<'a, str>);
#[derive(Debug)]
pub(super) struct SourceAttribute<'a>(pub Cow<'a, str>);

attributes! {
    SpecVersion, "\"1.0\"", |text| (text == "1.0").then_some(Self);
    EventIdAttribute<'a>, "a text of 1 to 128 characters without control characters",
        |text| (has_chars(&text, EVENT_ID_CHARS_MAX) && !has_control(&text)).then_some(Self(text));
    SourceAttribute<'a>, "a URI reference of 1 to 256 characters",
        |text| (has_chars(&text, SOURCE_CHARS_MAX) && is_uri_reference(&text)).then_some(Self(text));
    Timestamp, "an RFC 3339 time with an offset, of the years 2000 to 2099", |text| rfc3339::instant(&text);
}

impl<'a> EventIdAttribute<'a> {
    /// An id that is not from JSON.
    pub(super) fn from_str(text: &'a str) -> Option<Self> {
        Self::from_text(Cow::Borrowed(text))
    }
}

impl<'a> SourceAttribute<'a> {
    /// A source that is not from JSON.
    pub(super) fn from_str(text: &'a str) -> Option<Self> {
        Self::from_text(Cow::Borrowed(text))
    }
}

/// The text of a JSON object.
struct Object<'a>(&'a str);

impl<'a> FromField<'a> for Object<'a> {
    const EXPECTED: &'static str = "an object";

    fn from_field(raw: Raw<'a>) -> Option<Self> {
        raw.0.starts_with('{').then_some(Self(raw.0))
    }
}

fn has_chars(text: &str, most: usize) -> bool {
    !text.is_empty() && (text.len() <= most || text.chars().count() <= most)
}

fn has_control(text: &str) -> bool {
    !text.bytes().all(|b| matches!(b, b' '..=b'~')) && text.chars().any(char::is_control)
}

/// Whether every character is allowed in a URI reference (RFC 3986), with `%` only before two hex
/// digits and `#` only once. Beyond ASCII every character except white space and control characters
/// is allowed, as in an IRI reference (RFC 3987). The parts are not checked: a source is compared,
/// never followed.
fn is_uri_reference(text: &str) -> bool {
    if text
        .bytes()
        .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'/' | b'-' | b'.' | b'_' | b':'))
    {
        return true;
    }
    let allowed = |c: char| match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric() || "-._~:/?#[]@!$&'()*+,;=%".contains(c),
        _ => !c.is_control() && !c.is_whitespace(),
    };
    let escaped = |rest: &str| matches!(rest.as_bytes(), [a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit());
    text.chars().all(allowed)
        && text.matches('#').count() <= 1
        && text.split('%').skip(1).all(escaped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_a_uri_reference() {
        for good in [
            "/boss/gz/crm",
            "https://boss.example.com/gz?x=1#a",
            "urn:uuid:6e8bc430-9c3a-11d9-9669-0800200c9a66",
            "crm",
            "/集团/客户",
            "/a%20b",
            "mailto:a@b",
        ] {
            assert!(is_uri_reference(good), "{good}");
        }
        for bad in [
            "/a b",
            "/a\tb",
            "<a>",
            "\"a\"",
            "{a}",
            "a|b",
            "a\\b",
            "a^b",
            "a`b",
            "a%2",
            "a%zz",
            "#a#b",
            "a\u{7f}",
            "a\u{3000}b",
            "a\u{85}",
        ] {
            assert!(!is_uri_reference(bad), "{bad}");
        }
    }
}
