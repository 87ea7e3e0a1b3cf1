//! The outcome of a run of a job.
//!
//! It may not know the jobs. Invariant: code decides by the variant of an outcome, never by its
//! text.

use serde::{Deserialize, Serialize};

use super::local_day::{LocalDay, Timestamp};

/// The outcome of a run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// Days were published.
    Published {
        /// Published for the first time.
        days: u64,
        /// Published again.
        restated: u64,
    },
    /// Briefs were queued.
    Briefs {
        /// Number of managers.
        managers: u64,
        /// Changes since then are included.
        since: Timestamp,
    },
    /// Later briefs were queued already.
    BriefsAskedLater,
    /// Reminders were made.
    Reminders(u64),
    /// Open tasks were swept.
    Swept {
        /// Tasks that were begun.
        begun: u64,
        /// Tasks that were changed.
        changed: u64,
        /// Notices that were queued.
        notices: u64,
    },
    Closed {
        /// The last closed day.
        last: LocalDay,
        /// The first open day.
        first_open: LocalDay,
        /// Identities that were deleted.
        forgotten: u64,
    },
    /// No event has been accepted.
    NoEventYet,
    /// A load is in progress.
    LoadingGoesOn,
    /// Everything before this day is closed already.
    ClosedAlready(LocalDay),
    /// By an event clock, months are closed once the input is drained.
    WaitsForInput,
    /// The clocks do not agree.
    WaitsForClocks,
    /// The store was checked: the database and this many files.
    StoreChecked(u64),
    /// The database server has checks of its own.
    CheckedByServer,
    /// No folder for copies is configured.
    BackupsOff,
    /// The database server has backups of its own.
    BackedUpByServer,
    /// A copy was made.
    BackedUp {
        name: String,
        bytes: u64,
        /// Older copies that were removed.
        removed: u64,
    },
    /// The job is skipped by an event clock, which passes a night in a second.
    WallClockOnly,
    /// The deleted rows, by kind.
    Forgotten(Vec<(Forgettable, u64)>),
    /// The run failed, with this error.
    Failed(String),
    /// Nothing is pruned: the clock is too far ahead of the newest accepted event.
    ClockAhead(ClockAhead),
}

/// A clock that is too far ahead.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ClockAhead {
    pub clock: Timestamp,
    /// The newest accepted event.
    pub newest: Timestamp,
    /// The allowed difference (`history.close_ahead_max`).
    pub allowed_days: i64,
}

/// Kinds of rows that are deleted after their retention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgettable {
    /// Bodies of mails.
    MailTexts,
    /// Mails in the ledger.
    Mails,
    /// Tasks that have ended.
    Tasks,
    NamedMembers,
    /// Resolved alerts.
    Alerts,
    /// Silences that have ended.
    Silences,
    JobRuns,
    Reminders,
    /// Events about tasks for BOSS and CRM.
    TaskEvents,
    RejectBytes,
    Rejects,
    /// Subscribers that have left.
    Leavers,
    /// Brief hints of batches.
    BriefHints,
    References,
    Timelines,
}

impl JobOutcome {
    /// Whether the run changed nothing.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Published { days, restated } => (*days, *restated) == (0, 0),
            Self::Briefs { managers, .. } => *managers == 0,
            Self::Reminders(made) => *made == 0,
            Self::Swept {
                begun,
                changed,
                notices,
            } => (*begun, *changed, *notices) == (0, 0, 0),
            Self::Forgotten(rows) => rows.iter().all(|(_, count)| *count == 0),
            Self::BriefsAskedLater
            | Self::NoEventYet
            | Self::LoadingGoesOn
            | Self::ClosedAlready(_)
            | Self::WaitsForInput
            | Self::CheckedByServer
            | Self::BackupsOff
            | Self::BackedUpByServer
            | Self::WallClockOnly => true,
            Self::Closed { .. }
            | Self::WaitsForClocks
            | Self::StoreChecked(_)
            | Self::BackedUp { .. }
            | Self::Failed(_)
            | Self::ClockAhead(_) => false,
        }
    }

    #[must_use]
    pub(crate) const fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_) | Self::ClockAhead(_))
    }
}
