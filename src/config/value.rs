//! Parsing of single values: durations, zones, lists, addresses.
//!
//! It may not know which key it reads. Invariant: the values that these functions return need no
//! further check of their form.

use std::fmt;
use std::time::Duration;

use chrono::TimeDelta;
use serde::de::{self, Deserialize, Deserializer};

use crate::access::Access;
use crate::domain::ids::ManagerId;
use crate::domain::mailbox::mailbox;
use crate::domain::zone::Zone;
use crate::schedule::parse_duration;

/// A duration of the machine: a pause, a timeout.
pub(super) fn duration<'de, D: Deserializer<'de>>(reader: D) -> Result<Duration, D::Error> {
    text(reader, "a duration such as \"30s\"", parse_duration)
}

/// A duration between instants of events.
pub(super) fn time_delta<'de, D: Deserializer<'de>>(reader: D) -> Result<TimeDelta, D::Error> {
    text(reader, "a duration such as \"30s\"", |t| {
        parse_duration(t).map(|d| TimeDelta::from_std(d).expect("ten years are in range"))
    })
}

/// Whole days: `"3d"`, or the bare number.
pub(super) fn days<'de, D: Deserializer<'de>>(reader: D) -> Result<u32, D::Error> {
    struct Visitor;
    impl de::Visitor<'_> for Visitor {
        type Value = u32;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("whole days such as \"3d\"")
        }
        fn visit_i64<E: de::Error>(self, n: i64) -> Result<u32, E> {
            n.try_into()
                .map_err(|_| E::invalid_value(de::Unexpected::Signed(n), &self))
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<u32, E> {
            text.strip_suffix('d')
                .unwrap_or(text)
                .parse()
                .map_err(|_| E::invalid_value(de::Unexpected::Str(text), &self))
        }
    }
    reader.deserialize_any(Visitor)
}

/// The mode of files.
pub(super) fn access<'de, D: Deserializer<'de>>(reader: D) -> Result<Access, D::Error> {
    text(reader, "a file mode such as \"0640\"", Access::parse)
}

/// A zone of the tz database.
pub(super) fn zone<'de, D: Deserializer<'de>>(reader: D) -> Result<Zone, D::Error> {
    let unknown =
        |t: &str| format!("`{t}` is no zone of the tz database; hint: write it like Asia/Shanghai");
    text(reader, "a zone such as \"Asia/Shanghai\"", |t| {
        Zone::parse(t).ok_or_else(|| unknown(t))
    })
}

/// The id of a manager.
pub(super) fn manager_id<'de, D: Deserializer<'de>>(
    reader: D,
) -> Result<Option<ManagerId>, D::Error> {
    text(reader, "the id of a manager", |t| {
        ManagerId::parse(t)
            .map(Some)
            .map_err(|e| format!("`{}` {e}", t.escape_debug()))
    })
}

/// A mail address.
pub(super) fn address<'de, D: Deserializer<'de>>(reader: D) -> Result<String, D::Error> {
    text(reader, "a mail address", parse_address)
}

/// An optional mail address.
pub(super) fn some_address<'de, D: Deserializer<'de>>(
    reader: D,
) -> Result<Option<String>, D::Error> {
    address(reader).map(Some)
}

/// Mail addresses: a list, or one text with commas.
pub(super) fn addresses<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<String>, D::Error> {
    list(reader)?
        .iter()
        .map(|t| parse_address(t).map_err(de::Error::custom))
        .collect()
}

/// Normalises an address to the form that mail is sent to.
fn parse_address(text: &str) -> Result<String, String> {
    mailbox(text).ok_or_else(|| {
        format!("`{}` is no mail address; hint: write it like duty@example.com, the name has a key of its own", text.escape_debug())
    })
}

/// Texts: a list, or one text with commas. No item may be empty.
pub(super) fn list<'de, D: Deserializer<'de>>(reader: D) -> Result<Vec<String>, D::Error> {
    struct Visitor;
    impl<'de> de::Visitor<'de> for Visitor {
        type Value = Vec<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a list of texts")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<String>, E> {
            Ok(text.split(',').map(|part| part.trim().to_owned()).collect())
        }
        fn visit_seq<A: de::SeqAccess<'de>>(self, seq: A) -> Result<Vec<String>, A::Error> {
            Vec::deserialize(de::value::SeqAccessDeserializer::new(seq))
        }
    }
    let texts = reader.deserialize_any(Visitor)?;
    if texts.iter().any(String::is_empty) {
        return Err(de::Error::custom(
            "a text in the list is empty; hint: take it out, [] is the empty list",
        ));
    }
    Ok(texts)
}

/// Deserialises a text and parses it.
pub(super) fn text<'de, D: Deserializer<'de>, T>(
    reader: D,
    expected: &'static str,
    parse: impl Fn(&str) -> Result<T, String>,
) -> Result<T, D::Error> {
    struct Visitor<F>(&'static str, F);
    impl<T, F: Fn(&str) -> Result<T, String>> de::Visitor<'_> for Visitor<F> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.1)(text).map_err(E::custom)
        }
    }
    reader.deserialize_str(Visitor(expected, parse))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_address_is_one_bare_address() {
        for (good, mailed) in [
            ("a@b", "a@b"),
            (" duty+x@example.com", "duty+x@example.com"),
            ("duty@例子.cn", "duty@xn--fsqu00a.cn"),
        ] {
            assert_eq!(parse_address(good), Ok(mailed.to_owned()));
        }
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a@b@c",
            "A <a@b>",
            "值班@example.com",
            "a@b, c@d",
            "a@b\r\nBcc: c@d",
            "a b@c",
            &format!("{}@b", "a".repeat(260)),
        ] {
            assert!(parse_address(bad).is_err(), "{bad:?}");
        }
    }
}
