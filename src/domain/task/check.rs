//! 三查: one line of what to check first, in parts.
//!
//! It may not know the wording of a part: `notify::words::checks` does. Invariant: an inserted
//! value is a part of its own and never parsed as a placeholder.

use serde::{Deserialize, Serialize};

use crate::domain::alert::ResolvedBecause;
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::LocalDay;
use crate::domain::timeline::SubscriberTrouble;

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum CheckPart {
    /// The playbook's text, or a figure that is the same in every language.
    Text(String),
    /// The task's title.
    Title,
    /// The subscriber's trouble.
    Trouble(SubscriberTrouble),
    /// The leavers of a batch.
    Leavers { churned: i64, left: i64 },
    /// Its first subscribers, at least one, and how many more there are.
    Subscribers { first: Vec<SubscriberId>, more: u64 },
    /// Money, in fen.
    Fen(i64),
    /// The days from the first to the last.
    Days { first: LocalDay, last: LocalDay },
    /// Why the subscriber is in no trouble any more.
    Over(ResolvedBecause),
}

/// A line of what to check first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Check(Vec<CheckPart>);

impl Check {
    /// A line of one text.
    #[must_use]
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(vec![CheckPart::Text(text.into())])
    }

    #[must_use]
    pub(crate) fn parts(&self) -> &[CheckPart] {
        &self.0
    }
}

impl FromIterator<CheckPart> for Check {
    /// Adjacent texts are joined, and empty ones dropped.
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
