//! 三查: a line of what to check first.
//!
//! Invariant: where a line names what its task is about, that is filled in when it is read, in the
//! reader's language; what is filled in is never read as a placeholder again.

use serde::{Deserialize, Serialize};

/// A line of what to check first: the texts between which the title of its task stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Check(Vec<String>);

impl Check {
    /// A line that does not name what its task is about.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self(vec![text.into()])
    }

    /// A line that has the title of its task between these texts.
    #[must_use]
    pub const fn around_title(texts: Vec<String>) -> Self {
        Self(texts)
    }

    /// The line of a task with this title.
    #[must_use]
    pub fn text(&self, title: &str) -> String {
        self.0.join(title)
    }
}
