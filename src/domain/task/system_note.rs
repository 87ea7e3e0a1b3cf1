//! Notes of the system on a task.
//!
//! It may not know any wording: `notify` has it. Invariant: code decides by the variant of a note,
//! never by its text.

use serde::{Deserialize, Serialize};

use super::Task;
use crate::domain::alert::ResolvedBecause;
use crate::domain::indicator::AlertKind;

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
    /// As [`Cancelled`](Self::Cancelled), where the alert counted subscribers of a whole customer.
    CancelledCount(AlertKind, ResolvedBecause),
    /// As [`CauseGone`](Self::CauseGone), where the alert counted subscribers of a whole customer.
    CauseGoneCount(AlertKind, ResolvedBecause),
}

impl SystemNote {
    /// An alert of this kind ended before anybody accepted its task.
    #[must_use]
    pub(crate) const fn cancelled(kind: AlertKind, because: ResolvedBecause) -> Self {
        if kind.counts_subscribers() {
            Self::CancelledCount(kind, because)
        } else {
            Self::Cancelled(because)
        }
    }

    /// An alert of this kind ended while somebody works on its task.
    #[must_use]
    pub(crate) const fn cause_gone(kind: AlertKind, because: ResolvedBecause) -> Self {
        if kind.counts_subscribers() {
            Self::CauseGoneCount(kind, because)
        } else {
            Self::CauseGone(because)
        }
    }
}

impl Task {
    /// Whether its assignee was not notified of it because of the daily cap.
    #[must_use]
    pub(crate) const fn is_over_cap(&self) -> bool {
        matches!(self.system_note, Some(SystemNote::OverCap(_)))
    }

    /// Whether it is noted that what it was begun for is gone.
    #[must_use]
    pub(crate) const fn is_cause_gone(&self) -> bool {
        matches!(
            self.system_note,
            Some(SystemNote::CauseGone(_) | SystemNote::CauseGoneCount(..))
        )
    }

    /// Whether it was cancelled before anybody accepted it, since what it was begun for was gone.
    #[must_use]
    pub(crate) const fn is_cancelled_as_cause_gone(&self) -> bool {
        matches!(
            self.system_note,
            Some(SystemNote::Cancelled(_) | SystemNote::CancelledCount(..))
        )
    }

    /// Removes the note that its cause is gone, if it has that: one holds again.
    pub(crate) fn forget_gone_cause(&mut self) {
        if self.is_cause_gone() {
            self.system_note = None;
        }
    }
}
