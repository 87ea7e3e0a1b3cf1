//! 三查: a line of what to check first, in parts.
//!
//! It does not know how a part reads in a language: `notify::words::checks` does. Invariant: what
//! is filled in is a part of its own and never read as a placeholder.

use serde::{Deserialize, Serialize};

use crate::domain::ids::SubscriberId;
use crate::domain::timeline::SubscriberTrouble;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CheckPart {
    /// As the playbook has it, or a figure that reads the same in every language.
    Text(String),
    /// What the task is about.
    Title,
    /// What is the matter with the subscriber.
    Trouble(SubscriberTrouble),
    /// How members left in a batch.
    Leavers { churned: i64, left: i64 },
    /// The first of the lines that it is about, at least one, and how many more there are.
    Lines { first: Vec<SubscriberId>, more: u64 },
    /// Money, in fen.
    Fen(i64),
}

/// A line of what to check first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Check(Vec<CheckPart>);

impl Check {
    /// A line of one text.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(vec![CheckPart::Text(text.into())])
    }

    #[must_use]
    pub fn parts(&self) -> &[CheckPart] {
        &self.0
    }
}

impl FromIterator<CheckPart> for Check {
    /// Texts that follow each other become one, and empty ones none.
    fn from_iter<I: IntoIterator<Item = CheckPart>>(parts: I) -> Self {
        let mut check = Self(Vec::new());
        for part in parts {
            match (check.0.last_mut(), part) {
                (Some(CheckPart::Text(before)), CheckPart::Text(text)) => before.push_str(&text),
                (_, CheckPart::Text(text)) if text.is_empty() => {}
                (_, part) => check.0.push(part),
            }
        }
        check
    }
}
