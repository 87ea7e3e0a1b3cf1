//! The fields of one JSON object, written as text.
//!
//! It knows no events. Invariant: the text between `open` and `close` is a valid object.

use std::fmt::Write;

/// Writes the fields of one JSON object.
pub(super) struct ObjectWriter<'a> {
    out: &'a mut String,
    first: bool,
}

impl<'a> ObjectWriter<'a> {
    pub(super) fn open(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, first: true }
    }

    pub(super) fn close(self) {
        self.out.push('}');
    }

    fn key(&mut self, key: &str) {
        let comma = if self.first { "" } else { "," };
        self.first = false;
        write!(self.out, "{comma}\"{key}\":").expect("a string takes all text");
    }

    /// A value that needs no quotes.
    pub(super) fn plain(&mut self, key: &str, value: impl std::fmt::Display) {
        self.key(key);
        write!(self.out, "{value}").expect("a string takes all text");
    }

    pub(super) fn text(&mut self, key: &str, value: &str) {
        self.key(key);
        let escaped = value.bytes().any(|b| b < 0x20 || b == b'"' || b == b'\\');
        let quoted = if escaped {
            serde_json::Value::from(value).to_string()
        } else {
            format!("\"{value}\"")
        };
        self.out.push_str(&quoted);
    }

    /// The name of a choice other than the default.
    pub(super) fn name<T: Default + PartialEq>(
        &mut self,
        key: &str,
        value: T,
        name: fn(T) -> &'static str,
    ) {
        if value != T::default() {
            self.text(key, name(value));
        }
    }

    /// A text, if there is one.
    pub(super) fn text_if(&mut self, key: &str, value: Option<impl AsRef<str>>) {
        if let Some(value) = value {
            self.text(key, value.as_ref());
        }
    }

    /// A date, if there is one.
    pub(super) fn date_if(&mut self, key: &str, date: Option<chrono::NaiveDate>) {
        self.text_if(key, date.map(|date| date.to_string()));
    }

    /// A flag, unless it has its default.
    pub(super) fn flag(&mut self, key: &str, value: bool, default: bool) {
        if value != default {
            self.plain(key, value);
        }
    }

    pub(super) fn object(&mut self, key: &str) -> ObjectWriter<'_> {
        self.key(key);
        ObjectWriter::open(self.out)
    }
}
