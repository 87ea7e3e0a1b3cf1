//! How a run of a job ended.
//!
//! It may not know what jobs there are. Invariant: what an outcome is follows from what it is,
//! never from how it reads.

use serde::{Deserialize, Serialize};

use super::local_day::{LocalDay, Timestamp};

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobOutcome {
    /// Days published for the first time, and once more.
    Published {
        /// For the first time.
        days: u64,
        /// Once more.
        restated: u64,
    },
    /// Briefs were asked for.
    Briefs {
        /// For so many managers.
        managers: u64,
        /// What came since then.
        since: Timestamp,
    },
    /// Later briefs were asked for.
    BriefsAskedLater,
    /// So many reminders were made.
    Reminders(u64),
    /// Open tasks were gone through.
    Swept {
        /// Tasks that it began.
        begun: u64,
        /// Tasks that it changed.
        changed: u64,
        /// What it has told.
        told: u64,
    },
    Closed {
        /// The last day that is closed.
        last: LocalDay,
        /// The first that is open.
        first_open: LocalDay,
        /// Identities that were forgotten.
        forgotten: u64,
    },
    /// No event has been accepted.
    NoEventYet,
    /// Something is being loaded.
    LoadingGoesOn,
    /// What lies before this day is closed.
    ClosedAlready(LocalDay),
    /// An event clock goes on until the input is drained.
    WaitsForInput,
    /// The clocks do not agree.
    WaitsForClocks,
    /// The store was read once through: the database and so many files.
    StoreChecked(u64),
    /// The database server has checks of its own.
    CheckedByServer,
    /// No folder for copies is set.
    BackupsOff,
    /// The database server has copies of its own.
    BackedUpByServer,
    /// A copy was made.
    BackedUp {
        name: String,
        bytes: u64,
        /// Older ones that were removed.
        removed: u64,
    },
    /// The disk does not go by the event clock.
    WallClockOnly,
    /// What has passed its time, and how much of each.
    Forgotten(Vec<(Forgettable, u64)>),
    /// It failed, with this error.
    Failed(String),
}

/// What is forgotten when its time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Forgettable {
    /// The texts of mails.
    MailTexts,
    /// Mails in the ledger.
    Mails,
    /// Tasks that have ended.
    Tasks,
    /// Members that alerts named.
    NamedMembers,
    /// Alerts that are over.
    Alerts,
    /// Silences that are over.
    Silences,
    JobRuns,
    Reminders,
    /// What BOSS and CRM were told of tasks.
    TaskEvents,
    RejectBytes,
    Rejects,
    /// Lines that have left.
    Leavers,
    /// What briefs tell of batches.
    BriefHints,
    /// Reference events and contacts.
    References,
    Timelines,
}

impl JobOutcome {
    #[must_use]
    pub const fn is_failure(&self) -> bool {
        matches!(self, Self::Failed(_))
    }
}
