//! Forgetting what has passed its time: a few rows a transaction, so that nobody waits for it.
//!
//! It may not know how long anything is kept. Invariant: what is open stays, however old it is, and
//! every statement finds its rows by an index.

use super::value::params;
use super::{StoreError, Tx};
use crate::domain::event::Order;
use crate::domain::retention::Aged;

/// Most rows that a transaction forgets.
pub const FORGOTTEN_AT_ONCE_MAX: usize = 1_000;

/// What is done, and the statement that does it.
const fn statement(what: Aged) -> (&'static str, &'static str) {
    match what {
        Aged::MailBodies(_) => (
            "forget what mails say",
            include_str!("sql/forget_mail_bodies.sql"),
        ),
        Aged::Mails(_) => ("forget mails", include_str!("sql/forget_mails.sql")),
        Aged::Alerts(_) => ("forget alerts", include_str!("sql/forget_alerts.sql")),
        Aged::Tasks(_) => ("forget tasks", include_str!("sql/forget_tasks.sql")),
        Aged::NamedMembers(_) => (
            "forget named members",
            include_str!("sql/forget_named_members.sql"),
        ),
        Aged::JobRuns(_) => (
            "forget runs of jobs",
            include_str!("sql/forget_job_runs.sql"),
        ),
        Aged::Reminders(_) => ("forget reminders", include_str!("sql/forget_reminders.sql")),
        Aged::ClosedTaskEvents(_) => (
            "forget outgoing events",
            include_str!("sql/forget_outgoing_events.sql"),
        ),
        Aged::RejectBytes(_) => (
            "forget raw bytes",
            include_str!("sql/forget_reject_payloads.sql"),
        ),
        Aged::Rejects(_) => ("forget rejections", include_str!("sql/forget_rejects.sql")),
        Aged::Silences(_) => ("forget silences", include_str!("sql/forget_silences.sql")),
        Aged::Leavers(_) => (
            "forget who has left",
            include_str!("sql/forget_leavers.sql"),
        ),
        Aged::FeedCounts(_) => (
            "forget feed counts",
            include_str!("sql/forget_feed_counts.sql"),
        ),
        Aged::ComplaintCounts(_) => (
            "forget counts of complaints",
            include_str!("sql/forget_complaint_counts.sql"),
        ),
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
        let (operation, sql) = statement(what);
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
