//! Another TOML document, whose faults are told as those of the configuration are: by file, line and key. A part of it may
//! go over the configuration.
//!
//! It may not know what the document is about.

use std::path::Path;

use super::layer::Layer;
use super::problem::{Origin, Problem, ProblemKind};

/// A TOML document, and where each of its keys stands.
#[derive(Debug)]
pub struct Document(Layer);

impl Document {
    /// Reads a text; `path` is how problems name it.
    ///
    /// # Errors
    /// Where it is no TOML.
    pub fn parse(path: &Path, text: &str) -> Result<Self, Vec<Problem>> {
        Layer::parse(text, |line| Origin::File { path: path.to_owned(), line }).map(Self)
    }

    /// What it says.
    #[must_use]
    pub const fn table(&self) -> &toml::Table {
        self.0.tree()
    }

    /// Takes one of its tables out, as a document of its own; an empty one if there is none.
    #[must_use]
    pub fn take(&mut self, name: &str) -> Self {
        Self(self.0.take(name))
    }

    /// Where a key stands, spelled like `step[0].expect`.
    #[must_use]
    pub fn origin(&self, key: &str) -> Origin {
        self.0.origin(key)
    }

    /// Something that is wrong with a key; `text` may end in `; hint: …`.
    #[must_use]
    pub fn problem(&self, key: &str, text: &str) -> Problem {
        Problem::new(ProblemKind::Wrong, self.origin(key), key, text)
    }

    pub(super) fn into_layer(self) -> Layer {
        self.0
    }
}
