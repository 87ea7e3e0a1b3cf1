//! Another TOML document, whose faults are reported as those of the configuration are: by file,
//! line and key. A part of it may be laid over the configuration.
//!
//! It may not know the document's purpose.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Table;

use super::layer::Layer;
use super::problem::{Problem, ProblemKind, ValueOrigin};
use super::strict::{self, Fault};

/// A TOML document with the position of each of its keys.
#[derive(Debug)]
pub(crate) struct ConfigDocument {
    layer: Layer,
    /// The path that problems name.
    path: PathBuf,
}

impl ConfigDocument {
    /// Parses a text; problems name it by `path`.
    ///
    /// # Errors
    /// When the text is no TOML.
    pub(crate) fn parse(path: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let layer = Layer::parse(text, |line| ValueOrigin::File {
            path: path.to_owned(),
            line,
        })?;
        Ok(Self {
            layer,
            path: path.to_owned(),
        })
    }

    /// The parsed document.
    #[must_use]
    pub(crate) const fn table(&self) -> &Table {
        self.layer.tree()
    }

    /// Takes one of its tables out, as a document of its own; an empty one if there is none.
    #[must_use]
    pub(crate) fn take(&mut self, name: &str) -> Self {
        Self {
            layer: self.layer.take(name),
            path: self.path.clone(),
        }
    }

    /// The position of a key, spelled like `step[0].expect`; the file as a whole for a missing key.
    #[must_use]
    pub(crate) fn origin(&self, key: &str) -> ValueOrigin {
        match self.layer.origin(key) {
            ValueOrigin::Unset => ValueOrigin::File {
                path: self.path.clone(),
                line: 0,
            },
            origin => origin,
        }
    }

    /// A fault of a key; `text` may end in `; hint: …`.
    #[must_use]
    pub(crate) fn problem(&self, key: &str, text: &str) -> Problem {
        Problem::new(ProblemKind::Wrong, self.origin(key), key, text)
    }

    /// Deserialises the part of the document at a key, as far as it fits; the rest is left out and
    /// reported. `beside` are further keys that may appear next to those of `T`.
    #[must_use]
    pub(crate) fn deserialize<T: DeserializeOwned + Default>(
        &self,
        part: Table,
        key: &str,
        beside: &[&str],
    ) -> (T, Vec<Problem>) {
        let (read, faults) = strict::deserialize(part, &Table::new());
        let problem = |fault: &Fault| {
            let at = match (key, &*fault.key) {
                ("", of_part) => of_part.to_owned(),
                (key, "") => key.to_owned(),
                (key, of_part) => format!("{key}.{of_part}"),
            };
            self.problem(&at, &in_our_words(&fault.text, beside))
        };
        (
            read.unwrap_or_default(),
            faults.iter().map(problem).collect(),
        )
    }

    pub(super) fn into_layer(self) -> Layer {
        self.layer
    }
}

/// Rewords serde's message about an unknown name, with the known names as a hint.
fn in_our_words<'t>(text: &'t str, beside: &[&'t str]) -> String {
    let mut names = text.split('`').skip(1).step_by(2);
    let name = names.next().unwrap_or_default();
    if text.starts_with("unknown field ") {
        let known: Vec<&str> = names.chain(beside.iter().copied()).collect();
        format!("is no key here; hint: one of {}", known.join(", "))
    } else if text.starts_with("unknown variant ") {
        let known: Vec<&str> = names.collect();
        format!(
            "`{name}` is none there is; hint: one of {}",
            known.join(", ")
        )
    } else {
        text.to_owned()
    }
}
