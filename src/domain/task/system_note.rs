//! What the system itself notes on a task.
//!
//! It knows no words: `notify` has them. Invariant: what a note is follows from what it is, never
//! from how it reads.

use serde::{Deserialize, Serialize};

use super::Task;
use crate::domain::alert::ResolvedBecause;

/// A note of the system on a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemNote {
    /// It is one more than so many that its assignee is told of on a day: it stands in his brief
    /// only.
    OverCap(u32),
    /// Nobody had accepted it when its cause went.
    Cancelled(ResolvedBecause),
    /// A plan was for a day, and that has passed.
    DayPassed,
    /// Somebody works on it; its cause has gone meanwhile.
    CauseGone(ResolvedBecause),
}

impl Task {
    /// Whether its assignee was not told of it because he was told of so many that day.
    #[must_use]
    pub const fn is_over_cap(&self) -> bool {
        matches!(self.system_note, Some(SystemNote::OverCap(_)))
    }
}
