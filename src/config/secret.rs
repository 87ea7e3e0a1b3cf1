//! A text that nobody may see.
//!
//! It may not know what it opens. Invariant: only [`Secret::expose`] gives the text out: there is no `Display`, no
//! `Serialize`, and `Debug` and faults on reading show nothing of it.

use std::fmt;

use serde::de;

/// A password or key.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Box<str>);

impl Secret {
    pub(super) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text itself, to be handed to whom it is for.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("<secret>")
    }
}

/// Reads a text; what it says of anything else does not repeat it, as serde's own words would.
impl<'de> de::Deserialize<'de> for Secret {
    fn deserialize<D: de::Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        match toml::Value::deserialize(reader) {
            Ok(toml::Value::String(text)) => Ok(Self::new(&text)),
            _ => Err(de::Error::custom("a secret must be a text; hint: put it between quotes")),
        }
    }
}

/// Whether the value of a key must not be shown. Names of files are no secrets.
pub(super) fn is_secret(key: &str) -> bool {
    let last = key.rsplit(['.', '"']).find(|part| !part.is_empty()).unwrap_or(key).to_lowercase();
    !last.ends_with("_file") && ["password", "passphrase", "secret", "pem", "jaas"].iter().any(|word| last.contains(word))
        || key.contains("oauthbearer.config")
}
