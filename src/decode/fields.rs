//! One JSON object → its known fields as unparsed text, and typed access to each.
//!
//! It may not know any event type. Invariant: a field is parsed from its original spelling; a known
//! key given twice, `null` in a required field, or a wrong type, range or spelling is a rejection
//! that names the path and never shows the value.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::syntax;
use crate::domain::reject::{RejectClass, Rejection};

/// Most known fields of one object.
const FIELDS_MAX: usize = 12;

/// The position of an object: the class of its faults, and the prefix of its field names in a path.
#[derive(Debug, Clone, Copy)]
pub(super) struct ObjectPlace {
    pub class: RejectClass,
    pub prefix: &'static str,
}

impl ObjectPlace {
    pub(super) const ENVELOPE: Self = Self {
        class: RejectClass::NotCloudevent,
        prefix: "",
    };
    pub(super) const DATA: Self = Self {
        class: RejectClass::InvalidField,
        prefix: "data.",
    };

    /// The rejection of a field: what was expected, and the kind of value that was found.
    #[cold]
    pub(super) fn refuse(self, name: impl fmt::Display, expected: &str, found: &str) -> Rejection {
        Rejection::new(
            self.class,
            format!("{}{name}: expected {expected}, found {found}", self.prefix),
        )
    }
}

/// The text of one well-formed JSON value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Raw<'a>(pub &'a str);

impl<'a> Raw<'a> {
    /// The value as a text, if it is one; borrowed when it has no escapes.
    pub(super) fn text(self) -> Option<Cow<'a, str>> {
        let inner = self.0.strip_prefix('"')?.strip_suffix('"')?;
        if inner.as_bytes().contains(&b'\\') {
            serde_json::from_str(self.0).ok().map(Cow::Owned)
        } else {
            Some(Cow::Borrowed(inner))
        }
    }

    /// The elements, if it is a list.
    pub(super) fn list(self) -> Option<Vec<Raw<'a>>> {
        let elements: Vec<&'a RawValue> = serde_json::from_str(self.0).ok()?;
        Some(
            elements
                .into_iter()
                .map(|element| Raw(element.get()))
                .collect(),
        )
    }

    /// The kind of the value, in words.
    pub(super) fn kind(self) -> &'static str {
        match self.0.as_bytes().first() {
            Some(b'"') => "a text",
            Some(b'{') => "an object",
            Some(b'[') => "a list",
            Some(b't' | b'f') => "a bool",
            Some(b'n') => "null",
            _ => "a number",
        }
    }

    fn is_null(self) -> bool {
        self.0 == "null"
    }
}

/// A type that a field can be parsed as.
pub(super) trait FromField<'a>: Sized {
    /// The expected value, in words.
    const EXPECTED: &'static str;

    /// Parses a value that is present and not null.
    fn from_field(raw: Raw<'a>) -> Option<Self>;
}

/// The known fields of one object.
#[derive(Debug)]
pub(super) struct Fields<'a> {
    place: ObjectPlace,
    known: &'static [&'static str],
    values: [Option<&'a RawValue>; FIELDS_MAX],
    twice: Option<&'static str>,
}

impl<'a> Fields<'a> {
    /// An object without values yet; at most 12 known fields.
    pub(super) const fn new(known: &'static [&'static str], place: ObjectPlace) -> Self {
        assert!(
            known.len() <= FIELDS_MAX,
            "FIELDS_MAX covers every object of the contract"
        );
        Self {
            place,
            known,
            values: [None; FIELDS_MAX],
            twice: None,
        }
    }

    /// Reads one JSON object, which must be all of `text`; its syntax is checked to the end, values
    /// are not parsed.
    ///
    /// # Errors
    /// `not_json` for a syntax error, also for a value that is no object; otherwise a known key
    /// that is given twice.
    pub(super) fn fill(&mut self, text: &'a str) -> Result<(), Rejection> {
        let mut reader = serde_json::Deserializer::from_str(text);
        Filling(self)
            .deserialize(&mut reader)
            .and_then(|()| reader.end())
            .map_err(|e| syntax::broken(&e))?;
        match self.twice {
            Some(name) => Err(self.place.refuse(name, "one value", "the key twice")),
            None => Ok(()),
        }
    }

    /// The field's value, also when it is null.
    pub(super) fn raw(&self, name: &str) -> Option<Raw<'a>> {
        let at = self.known.iter().position(|known| *known == name);
        debug_assert!(at.is_some(), "{name} is not among the known fields");
        self.values[at?].map(|value| Raw(value.get()))
    }

    /// Whether the key is present, even with null.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some()
    }

    /// Whether the key is present with a value other than null.
    pub(super) fn is_given(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|raw| !raw.is_null())
    }

    /// A required field.
    ///
    /// # Errors
    /// A rejection when it is missing, null, or not valid.
    pub(super) fn need<T: FromField<'a>>(&self, name: &str) -> Result<T, Rejection> {
        self.raw(name)
            .filter(|raw| !raw.is_null())
            .and_then(T::from_field)
            .ok_or_else(|| self.refuse(name, T::EXPECTED))
    }

    /// An optional field; null counts as absent.
    ///
    /// # Errors
    /// A rejection when it is present and not valid.
    pub(super) fn maybe<T: FromField<'a>>(&self, name: &str) -> Result<Option<T>, Rejection> {
        match self.raw(name).filter(|raw| !raw.is_null()) {
            None => Ok(None),
            Some(raw) => T::from_field(raw)
                .map(Some)
                .ok_or_else(|| self.refuse(name, T::EXPECTED)),
        }
    }

    /// The rejection of one field: what was expected, and the kind of value that was found.
    #[cold]
    pub(super) fn refuse(&self, name: &str, expected: &str) -> Rejection {
        self.place
            .refuse(name, expected, self.raw(name).map_or("nothing", Raw::kind))
    }
}

/// Deserialises into fields by reference, since moving them would cost more than parsing them.
struct Filling<'f, 'a>(&'f mut Fields<'a>);

impl<'de> DeserializeSeed<'de> for Filling<'_, 'de> {
    type Value = ();

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<(), D::Error> {
        reader.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Filling<'_, 'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("one JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<(), A::Error> {
        let Self(fields) = self;
        while let Some(at) = object.next_key_seed(Key(fields.known))? {
            match at {
                Some(at) if fields.values[at].is_none() => {
                    fields.values[at] = Some(object.next_value()?)
                }
                Some(at) => {
                    fields.twice = Some(fields.known[at]);
                    object.next_value::<IgnoredAny>()?;
                }
                None => {
                    object.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(())
    }
}

/// Deserialises a key into the index of a known field.
struct Key(&'static [&'static str]);

impl<'de> DeserializeSeed<'de> for Key {
    type Value = Option<usize>;

    fn deserialize<D: serde::Deserializer<'de>>(self, reader: D) -> Result<Self::Value, D::Error> {
        reader.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Key {
    type Value = Option<usize>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Self::Value, E> {
        Ok(self.0.iter().position(|known| *known == key))
    }
}
