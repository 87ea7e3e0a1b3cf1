//! Another TOML document, whose faults are told as those of the configuration are: by file, line
//! and key. A part of it may go over the configuration.
//!
//! It may not know what the document is about.

use std::path::{Path, PathBuf};

use super::layer::Layer;
use super::problem::{Origin, Problem, ProblemKind};

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
    pub const fn table(&self) -> &toml::Table {
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

    pub(super) fn into_layer(self) -> Layer {
        self.layer
    }
}
