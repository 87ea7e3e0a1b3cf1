//! How long rows are kept.
//!
//! It may not know who deletes them. Invariant: data without a number of days here is kept for as
//! long as it is open, or for ever.

use serde::Deserialize;

use super::local_day::{LocalDay, Timestamp};

/// Days, each at least 1, counted from the end of the object's life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct Retention {
    /// Bodies of mails, after the mail was queued.
    pub mail_bodies_days: u32,
    /// Ledger entries of mails with ids and states, likewise.
    pub mail_ledger_days: u32,
    /// Alerts with their history, after they were resolved.
    pub alerts_days: u32,
    /// Tasks with their history, after they ended.
    pub tasks_days: u32,
    /// Runs of jobs, after they were due.
    pub job_runs_days: u32,
    /// Reminders, after they were to be sent.
    pub reminders_days: u32,
    /// Events about tasks that are done, after they were written out.
    pub closed_task_events_days: u32,
    /// Raw bytes of rejections.
    pub reject_bytes_days: u32,
    /// Rejections.
    pub reject_rows_days: u32,
    /// Contacts, complaints, answers, bills, payments, feed closings and old reference events that
    /// nothing open needs.
    pub references_days: u32,
    /// Silences, after their last day.
    pub silences_days: u32,
}

/// What is forgotten by its age, and how old it is at least.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aged {
    /// The bodies of mails that were queued before and have come to their end; the ledger keeps
    /// their entries.
    MailBodies(Timestamp),
    /// Mails that were queued before and have come to their end.
    Mails(Timestamp),
    /// Alerts that were resolved before.
    Alerts(Timestamp),
    /// Tasks that ended before.
    Tasks(Timestamp),
    /// Settled members whom alerts named, whose 30 days ended before.
    NamedMembers(Timestamp),
    /// Runs that were due before and have ended; the last one of a job stays.
    JobRuns(Timestamp),
    /// Reminders that were to be sent before.
    Reminders(LocalDay),
    /// Events of tasks that are done which were written out before.
    ClosedTaskEvents(Timestamp),
    /// Raw bytes of what was rejected before and is not retried by itself.
    RejectBytes(Timestamp),
    /// What was rejected before and is not retried by itself.
    Rejects(Timestamp),
    /// Silences whose last day lies before.
    Silences(LocalDay),
    /// Subscribers that left their group customer before.
    Leavers(LocalDay),
    /// How many events of a day before were accepted: one day at a time.
    FeedCounts(LocalDay),
    /// How many complaints were filed on a day before: one day at a time.
    ComplaintCounts(LocalDay),
}

impl Aged {
    /// Before when it goes: an instant in microseconds, or the number of a day.
    pub(crate) fn before(self) -> i64 {
        match self {
            Self::MailBodies(at)
            | Self::Mails(at)
            | Self::Alerts(at)
            | Self::Tasks(at)
            | Self::NamedMembers(at)
            | Self::JobRuns(at)
            | Self::ClosedTaskEvents(at)
            | Self::RejectBytes(at)
            | Self::Rejects(at) => at.micros(),
            Self::Reminders(day)
            | Self::Silences(day)
            | Self::Leavers(day)
            | Self::FeedCounts(day)
            | Self::ComplaintCounts(day) => day.number().into(),
        }
    }
}
