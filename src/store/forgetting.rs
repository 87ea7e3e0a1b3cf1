//! Forgetting what has passed its time: a few rows a transaction, so that nobody waits for it.
//!
//! It may not know how long anything is kept. Invariant: what is open stays, however old it is, and
//! every statement finds its rows by an index.

use super::value::params;
use super::{StoreError, Tx};
use crate::domain::event::Order;
use crate::domain::local_day::{LocalDay, Timestamp};

/// Most rows that a transaction forgets.
pub const FORGOTTEN_AT_ONCE_MAX: usize = 1_000;

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
    /// Lines that left their group customer before.
    Leavers(LocalDay),
    /// How many events of a day before were accepted: one day at a time.
    FeedCounts(LocalDay),
    /// How many complaints were filed on a day before: one day at a time.
    ComplaintCounts(LocalDay),
}

impl Aged {
    /// What is done, and the statement that does it.
    const fn statement(self) -> (&'static str, &'static str) {
        match self {
            Self::MailBodies(_) => (
                "forget what mails say",
                include_str!("sql/forget_mail_bodies.sql"),
            ),
            Self::Mails(_) => ("forget mails", include_str!("sql/forget_mails.sql")),
            Self::Alerts(_) => ("forget alerts", include_str!("sql/forget_alerts.sql")),
            Self::Tasks(_) => ("forget tasks", include_str!("sql/forget_tasks.sql")),
            Self::NamedMembers(_) => (
                "forget named members",
                include_str!("sql/forget_named_members.sql"),
            ),
            Self::JobRuns(_) => (
                "forget runs of jobs",
                include_str!("sql/forget_job_runs.sql"),
            ),
            Self::Reminders(_) => ("forget reminders", include_str!("sql/forget_reminders.sql")),
            Self::ClosedTaskEvents(_) => (
                "forget outgoing events",
                include_str!("sql/forget_outgoing_events.sql"),
            ),
            Self::RejectBytes(_) => (
                "forget raw bytes",
                include_str!("sql/forget_reject_payloads.sql"),
            ),
            Self::Rejects(_) => ("forget rejections", include_str!("sql/forget_rejects.sql")),
            Self::Silences(_) => ("forget silences", include_str!("sql/forget_silences.sql")),
            Self::Leavers(_) => (
                "forget who has left",
                include_str!("sql/forget_leavers.sql"),
            ),
            Self::FeedCounts(_) => (
                "forget feed counts",
                include_str!("sql/forget_feed_counts.sql"),
            ),
            Self::ComplaintCounts(_) => (
                "forget counts of complaints",
                include_str!("sql/forget_complaint_counts.sql"),
            ),
        }
    }

    /// Before when it goes: an instant in microseconds, or the number of a day.
    fn before(self) -> i64 {
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

impl Tx<'_> {
    /// Forgets some of what has passed its time, the oldest first; how many rows. 0 when there is
    /// nothing more.
    pub fn forget(&self, what: Aged) -> Result<u64, StoreError> {
        let (before, at_once) = (what.before(), FORGOTTEN_AT_ONCE_MAX as u64);
        if let Aged::Mails(_) = what {
            self.execute(
                "forget what mails say",
                include_str!("sql/forget_bodies_of_mails.sql"),
                params![before, at_once],
            )?;
        }
        let (operation, sql) = what.statement();
        match what {
            // One day at a time, whole.
            Aged::FeedCounts(_) | Aged::ComplaintCounts(_) => {
                self.execute(operation, sql, params![before])
            }
            _ => self.execute(operation, sql, params![before, at_once]),
        }
    }

    /// Forgets reference events, contacts and feed closings; those that are not there change
    /// nothing.
    pub(crate) fn forget_references<'o>(
        &self,
        orders: impl Iterator<Item = &'o Order>,
    ) -> Result<(), StoreError> {
        let params = orders.map(|order| params![order.source.as_str(), order.id.as_str()].to_vec());
        self.execute_all(
            "forget reference events",
            include_str!("sql/delete_reference_event.sql"),
            params,
        )
    }
}
