//! What is wrong with a scenario's file, and where.
//!
//! It may not know what a key means. Invariant: at most one fault for each key.

use serde::de::DeserializeOwned;
use toml::Table;

use crate::config::{ConfigDocument, Problem};

pub(super) struct Faults<'a> {
    document: &'a ConfigDocument,
    problems: Vec<Problem>,
}

impl<'a> Faults<'a> {
    pub(super) const fn in_document(document: &'a ConfigDocument) -> Self {
        Self {
            document,
            problems: Vec::new(),
        }
    }

    /// Reads the part of a table under a key, as far as it fits; `beside` are the keys that the
    /// table may have besides.
    pub(super) fn deserialize<T: DeserializeOwned + Default>(
        &mut self,
        part: Table,
        key: &str,
        beside: &[&str],
    ) -> T {
        let (read, problems) = self.document.deserialize(part, key, beside);
        self.problems.extend(problems);
        read
    }

    /// Notes what is wrong with a key, unless it has a fault already.
    pub(super) fn refuse(&mut self, key: &str, text: impl AsRef<str>) {
        if !self.has(key) {
            let problem = self.document.problem(key, text.as_ref());
            self.problems.push(problem);
        }
    }

    /// Whether something is wrong with a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.problems.iter().any(|problem| problem.key == key)
    }

    /// The key's position (file and line), for people.
    pub(super) fn place(&self, key: &str) -> String {
        format!("{}: {key}", self.document.origin(key))
    }

    /// What was read, if nothing is wrong with it.
    pub(super) fn none_or<T>(self, read: Option<T>) -> Result<T, Vec<Problem>> {
        read.filter(|_| self.problems.is_empty())
            .ok_or(self.problems)
    }
}
