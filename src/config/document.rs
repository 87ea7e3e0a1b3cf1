//! Another TOML document, whose faults are told as those of the configuration are: by file, line
//! and key. A part of it may go over the configuration.
//!
//! It may not know what the document is about.

use std::path::{Path, PathBuf};

use serde::de::DeserializeOwned;
use toml::Table;

use super::layer::Layer;
use super::problem::{Origin, Problem, ProblemKind};
use super::strict::{self, Fault};

/// A TOML document, and where each of its keys stands.
#[derive(Debug)]
pub struct Document {
    layer: Layer,
    /// How problems name it.
    path: PathBuf,
}

impl Document {
    /// Reads a text; `path` is how problems name it.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        let layer = Layer::parse(text, |line| Origin::File {
            path: path.to_owned(),
            line,
        })?;
        Ok(Self {
            layer,
            path: path.to_owned(),
        })
    }

    /// What it says.
    #[must_use]
    pub const fn table(&self) -> &Table {
        self.layer.tree()
    }

    /// Takes one of its tables out, as a document of its own; an empty one if there is none.
    #[must_use]
    pub fn take(&mut self, name: &str) -> Self {
        Self {
            layer: self.layer.take(name),
            path: self.path.clone(),
        }
    }

    /// Where a key stands, spelled like `step[0].expect`; one that does not, in the file.
    #[must_use]
    pub fn origin(&self, key: &str) -> Origin {
        match self.layer.origin(key) {
            Origin::Unset => Origin::File {
                path: self.path.clone(),
                line: 0,
            },
            origin => origin,
        }
    }

    /// Something that is wrong with a key; `text` may end in `; hint: …`.
    #[must_use]
    pub fn problem(&self, key: &str, text: &str) -> Problem {
        Problem::new(ProblemKind::Wrong, self.origin(key), key, text)
    }

    /// Reads a part of it that stands at a key, as far as it fits; what does not is left out, and
    /// told. `beside` are the keys that may stand beside those of `T`.
    #[must_use]
    pub fn read<T: DeserializeOwned + Default>(
        &self,
        part: Table,
        key: &str,
        beside: &[&str],
    ) -> (T, Vec<Problem>) {
        let (read, faults) = strict::read(part, &Table::new());
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

/// What serde says of a name that it does not know, with those that it does as a hint.
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
