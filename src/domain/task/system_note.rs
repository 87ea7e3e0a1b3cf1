//! Notes of the system on a task.
//!
//! It may not know any wording: `notify` has it. Invariant: code decides by the variant of a note,
//! never by its text.

use serde::{Deserialize, Serialize};

use super::Task;
use crate::domain::alert::ResolvedBecause;

/// A note of the system on a task.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SystemNote {
    /// It exceeds the number of tasks that its assignee is notified of in a day: it is in his brief
    /// only.
    OverCap(u32),
    /// Its cause ended before anybody accepted it.
    Cancelled(ResolvedBecause),
    /// Its planned day has passed.
    DayPassed,
    /// Its cause ended while somebody works on it.
    CauseGone(ResolvedBecause),
}

impl Task {
    /// Whether its assignee was not notified of it because of the daily cap.
    #[must_use]
    pub(crate) const fn is_over_cap(&self) -> bool {
        matches!(self.system_note, Some(SystemNote::OverCap(_)))
    }

    /// Removes the note that its cause is gone, if it has that: one holds again.
    pub(crate) fn forget_gone_cause(&mut self) {
        self.system_note
            .take_if(|note| matches!(note, SystemNote::CauseGone(_)));
    }
}
