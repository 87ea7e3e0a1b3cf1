//! Faults of a configuration: what is wrong, where it was set, and what to do.
//!
//! It may not know how faults are found. Invariant: the error holds all faults of one run, in the
//! order of their keys, at most one for each key.

use std::fmt;
use std::path::PathBuf;

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum ValueOrigin {
    /// `config/default.toml`, built in.
    Default {
        /// Line, from 1.
        line: usize,
    },
    /// A file of `--config`.
    File {
        /// The path as given.
        path: PathBuf,
        /// Line, from 1; 0 for the file as a whole.
        line: usize,
    },
    /// An environment variable, by its name.
    Variable(String),
    /// Set nowhere.
    Unset,
}

impl fmt::Display for ValueOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Default { line } => write!(f, "default.toml:{line}"),
            Self::File { path, line: 0 } => write!(f, "{}", path.display()),
            Self::File { path, line } => write!(f, "{}:{line}", path.display()),
            Self::Variable(name) => write!(f, "{name}"),
            Self::Unset => f.write_str("not set"),
        }
    }
}

/// The kind of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The value is not allowed.
    Wrong,
    /// A secret or certificate cannot be read here. A check without connections may let it pass.
    Unreadable,
}

/// One fault.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Where the value was set.
    pub origin: ValueOrigin,
    /// The key with its sections, e.g. `limits.churn_rate`; empty for a file that cannot be read.
    pub key: String,
    /// The message; never a secret.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Problem {
    /// Splits a text that ends in `; hint: …`.
    pub(super) fn new(kind: ProblemKind, origin: ValueOrigin, key: &str, text: &str) -> Self {
        let (message, hint) = text
            .split_once("; hint: ")
            .map_or((text, None), |(message, hint)| {
                (message, Some(hint.to_owned()))
            });
        Self {
            kind,
            origin,
            key: key.to_owned(),
            message: message.to_owned(),
            hint,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.origin)?;
        if !self.key.is_empty() {
            write!(f, "{}: ", self.key)?;
        }
        f.write_str(&self.message)?;
        self.hint
            .as_ref()
            .map_or(Ok(()), |hint| write!(f, "\n    hint: {hint}"))
    }
}

/// All faults of a configuration.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("read the configuration: {} found{}", count(.problems), lines(.problems))]
pub struct ConfigError {
    /// The faults; at least one.
    pub problems: Vec<Problem>,
}

fn count(problems: &[Problem]) -> String {
    if problems.len() == 1 {
        "1 problem".into()
    } else {
        format!("{} problems", problems.len())
    }
}

fn lines(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(|problem| format!("\n  {problem}"))
        .collect()
}
