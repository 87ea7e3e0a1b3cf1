//! What the operators of the worker are told.
//!
//! It may not know any language. Invariant: a notice holds what a sentence about it needs; errors
//! that a program reported are quoted as they were.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::alert::MailId;
use super::ids::ManagerId;
use super::indicator::{AlertKind, ScopeKind};
use super::job_outcome::JobOutcome;
use super::local_day::Timestamp;
use super::mail::{MailKind, MailState};
use super::trust::TrustReason;

/// Something that the operators must know.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OpsNotice {
    /// Somebody tries out the way to a mailbox.
    TestMail,
    /// No playbook answers such alerts: they make no task.
    NoPlaybook {
        scope: ScopeKind,
        /// Kind of the alerts.
        kind: AlertKind,
    },
    /// The relay takes no mail.
    RelayDown {
        /// It answers, and refuses; else it cannot be reached.
        refuses: bool,
        /// Since when.
        since: Timestamp,
        /// What it replied, or what went wrong.
        reply: String,
    },
    /// Mails ended without anybody knowing that they were sent; at least one.
    MailsNotSent(Vec<UnsentMail>),
    /// A run of a job has failed.
    JobFailed {
        /// Name of the job.
        job: String,
        /// How the run ended.
        outcome: JobOutcome,
    },
    /// Events of tasks that are done cannot be written out.
    TaskEventsNotWritten {
        dir: String,
        error: String,
        /// Whether the disk is full.
        disk_full: bool,
    },
    /// Files in the folder of events that nothing reads.
    FilesIgnored {
        /// Names and reasons; at least one.
        files: Vec<(String, String)>,
        /// How many more there are.
        more: u64,
    },
    /// A required feed is not there, or not whole.
    FeedMissing(TrustReason),
    /// No month is closed, since two clocks are apart.
    ClosingWaits {
        /// The clock that the newest event is apart from.
        clock: ClosingClock,
        says: Timestamp,
        /// The newest accepted event.
        newest: Timestamp,
        /// By how many days they are apart.
        apart_days: i64,
        /// By how many they may be (`history.close_ahead_max`).
        allowed_days: i64,
    },
    /// There has been no checked backup since then.
    NoBackupSince(Timestamp),
    MailsHeld {
        /// The store is loaded for the first time; else an operator has held them, or it was
        /// restored.
        first_load: bool,
    },
    /// Partitions or files are paused.
    InputPaused {
        /// Named errors, one for each.
        reasons: Vec<String>,
        /// How many more there are.
        more: u64,
    },
    /// A row of the store is not what was written, and is left out.
    RowDamaged {
        /// The named error: its first line names the row.
        error: String,
    },
    /// An operator has moved a partition.
    OffsetMoved { source: String, from: u64, to: u64 },
    /// An operator has a file read anew.
    FileAccepted { file: String },
    /// Persons who work here cannot be mailed to; at least one.
    NoUsableAddress(Vec<Unreachable>),
}

/// A mail of which nobody knows that it was sent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct UnsentMail {
    pub mail_id: MailId,
    pub kind: MailKind,
    pub state: MailState,
    /// The relay's last reply; empty if there was none.
    pub last_reply: String,
}

/// A person who cannot be mailed to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Unreachable {
    pub manager_id: ManagerId,
    pub name: String,
    /// The address as CRM has it.
    pub email: String,
}

/// A clock that the newest accepted event is held against before a month is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClosingClock {
    Wall,
    /// When months were last closed.
    LastClosing,
    /// When the job was due.
    DueRun,
}

impl OpsNotice {
    /// What it is about: notices of one topic go in one mail, and once a day.
    #[must_use]
    pub fn topic(&self) -> Cow<'_, str> {
        match self {
            Self::TestMail => "test".into(),
            Self::NoPlaybook { scope, kind } => {
                format!("no playbook {} {}", scope.name(), kind.name()).into()
            }
            Self::RelayDown { .. } => "mail relay".into(),
            // A topic is told once a day, each of these mails once.
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
