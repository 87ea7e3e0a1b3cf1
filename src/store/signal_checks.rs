//! Subscribers, complaints and answers that are to be judged, and when: subscribers once their
//! latest changes have settled.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::entity::EntityKey;
use crate::domain::ids::{ComplaintId, IdError, SubscriberId, SurveyId};
use crate::domain::local_day::Timestamp;

/// The names of subscribers, complaints and answers in the table.
const SUBSCRIBER: &str = "subscriber";
const COMPLAINT: &str = "complaint";
const ANSWER: &str = "answer";

impl Tx<'_> {
    /// Schedules subscribers to be judged at an instant, or later if one already was to be judged
    /// later; complaints and answers likewise, or earlier. Other entities have no signals and are
    /// left out.
    pub fn put_signal_checks(&self, checks: &[(EntityKey, Timestamp)]) -> Result<(), StoreError> {
        let params = checks.iter().filter_map(|(key, at)| {
            columns(key).map(|(kind, id)| params![kind, id, at.micros()].to_vec())
        });
        self.execute_all(
            "note what to judge",
            include_str!("sql/put_signal_check.sql"),
            params,
        )
    }

    /// What to judge at `now`, in order; it is taken off the list.
    ///
    /// # Errors
    /// When the database fails, or a row is damaged.
    pub fn take_signal_checks(&self, now: Timestamp) -> Result<Vec<EntityKey>, StoreError> {
        let mut due = self.rows(
            "take what to judge",
            include_str!("sql/take_due_signal_checks.sql"),
            params![now.micros()],
            |row| {
                let (kind, id): (String, String) = (get(row, 0)?, get(row, 1)?);
                key(&kind, &id).map_err(|e| StoreError::Damaged {
                    what: "what is to be judged",
                    detail: e.to_string(),
                })
            },
        )?;
        due.sort_unstable();
        Ok(due)
    }
}

fn columns(key: &EntityKey) -> Option<(&'static str, &str)> {
    match key {
        EntityKey::Subscriber(id) => Some((SUBSCRIBER, id.as_str())),
        EntityKey::Complaint(id) => Some((COMPLAINT, id.as_str())),
        EntityKey::Survey(id) => Some((ANSWER, id.as_str())),
        EntityKey::Bill(_)
        | EntityKey::BilledSubscriber(_)
        | EntityKey::Reference
        | EntityKey::Retraction => None,
    }
}

fn key(kind: &str, id: &str) -> Result<EntityKey, IdError> {
    match kind {
        COMPLAINT => ComplaintId::parse(id).map(EntityKey::Complaint),
        ANSWER => SurveyId::parse(id).map(EntityKey::Survey),
        // The table holds no fourth kind.
        _ => SubscriberId::parse(id).map(EntityKey::Subscriber),
    }
}
