//! Notices for the operators of the worker.
//!
//! It may not know any language. Invariant: a notice holds all data that its text needs; errors of
//! other programs are quoted unchanged.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::alert::MailId;
use super::ids::ManagerId;
use super::ignored_file::IgnoredBecause;
use super::indicator::{AlertKind, ScopeKind};
use super::job_outcome::JobOutcome;
use super::last_reply::LastReply;
use super::local_day::Timestamp;
use super::mail::{MailKind, MailState};
use super::pause::Pause;
use super::trust::TrustReason;

/// A message for the operators.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpsNotice {
    /// A test of the delivery to a mailbox.
    TestMail,
    /// No playbook covers such alerts: they make no task.
    NoPlaybook { scope: ScopeKind, kind: AlertKind },
    /// The relay accepts no mail.
    RelayDown {
        /// Whether it answers and refuses; otherwise it is unreachable.
        refuses: bool,
        /// When that began.
        since: Timestamp,
        /// Its reply, or the error.
        reply: LastReply,
    },
    /// Mails whose delivery is not confirmed; at least one.
    MailsNotSent(Vec<UnsentMail>),
    /// A run of a job failed.
    JobFailed {
        /// Name of the job.
        job: String,
        /// The outcome of the run.
        outcome: JobOutcome,
    },
    /// Events about done tasks cannot be written out.
    TaskEventsNotWritten {
        dir: String,
        error: String,
        disk_full: bool,
    },
    /// Files in the events folder that nothing reads.
    FilesIgnored {
        /// Names and reasons; at least one.
        files: Vec<(String, IgnoredBecause)>,
        /// How many more there are.
        more: u64,
    },
    /// A required feed is missing or incomplete.
    FeedMissing(TrustReason),
    /// No month is closed, since two clocks disagree.
    ClosingWaits {
        /// The clock that disagrees with the newest event.
        clock: ClosingClock,
        says: Timestamp,
        /// The newest accepted event.
        newest: Timestamp,
        /// The difference in days.
        apart_days: i64,
        /// The allowed difference (`history.close_ahead_max`).
        allowed_days: i64,
    },
    /// There has been no checked backup since then.
    NoBackupSince(Timestamp),
    MailsHeld {
        /// The store is loaded for the first time; otherwise an operator has held the mails, or the
        /// store was restored.
        first_load: bool,
    },
    /// Partitions or files are paused.
    InputPaused {
        /// Names and pauses.
        sources: Vec<(String, Pause)>,
        /// How many more there are.
        more: u64,
    },
    /// A row of the store is damaged, and is skipped.
    RowDamaged {
        /// The named error: its first line names the row.
        error: String,
    },
    /// An operator has moved a partition.
    OffsetMoved { source: String, from: u64, to: u64 },
    /// An operator has requested that a file is read again.
    FileAccepted { file: String },
    /// Active persons without a usable address; at least one.
    NoUsableAddress(Vec<Unreachable>),
}

/// A mail whose delivery is not confirmed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnsentMail {
    pub mail_id: MailId,
    pub kind: MailKind,
    pub state: MailState,
    /// How the last attempt ended; none where there was none.
    pub last_reply: Option<LastReply>,
}

/// A person without a usable address.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unreachable {
    pub manager_id: ManagerId,
    pub name: String,
    /// The address as CRM has it.
    pub email: String,
}

/// A clock that is compared with the newest accepted event before a month is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosingClock {
    Wall,
    /// The time of the last closing.
    LastClosing,
    /// The job's due time.
    DueRun,
}

impl OpsNotice {
    /// Its topic: notices of one topic share a mail, at most one a day.
    #[must_use]
    pub(crate) fn topic(&self) -> Cow<'_, str> {
        match self {
            Self::TestMail => "test".into(),
            Self::NoPlaybook { scope, kind } => {
                format!("no playbook {} {}", scope.name(), kind.name()).into()
            }
            Self::RelayDown { .. } => "mail relay".into(),
            // A topic is mailed once a day, but each of these notices once.
            Self::MailsNotSent(mails) => {
                let first = mails.first().map_or("", |mail| mail.mail_id.as_str());
                format!("mails not delivered: {first}").into()
            }
            Self::JobFailed { job, .. } => format!("job {job}").into(),
            Self::TaskEventsNotWritten { .. } => "closed tasks".into(),
            Self::FilesIgnored { .. } => "file not read".into(),
            Self::FeedMissing(_) => "feed missing".into(),
            Self::ClosingWaits { .. } => "closing waits".into(),
            Self::NoBackupSince(_) => "no backup".into(),
            Self::MailsHeld { .. } => "mails held".into(),
            Self::InputPaused { .. } => "input paused".into(),
            Self::RowDamaged { error } => error.lines().next().unwrap_or_default().into(),
            Self::OffsetMoved { .. } => "offset moved".into(),
            Self::FileAccepted { .. } => "file accepted".into(),
            Self::NoUsableAddress(persons) => {
                let first = persons
                    .first()
                    .map_or("", |person| person.manager_id.as_str());
                format!(
                    "no usable address: {first} and {} more",
                    persons.len().saturating_sub(1)
                )
                .into()
            }
        }
    }
}
