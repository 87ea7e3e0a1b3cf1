//! Subscribers, complaints and answers that are to be judged, and when: subscribers once their
//! latest changes have settled.

use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::entity::EntityKey;
use crate::domain::ids::{ComplaintId, IdError, SubscriberId, SurveyId};
use crate::domain::local_day::Timestamp;
use crate::domain::names::names;

names! {
    /// What signals are judged of, by the names in the table.
    enum SignalSubject {
        Subscriber = "subscriber",
        Complaint = "complaint",
        Answer = "answer",
    }
}

impl Tx<'_> {
    /// Schedules subscribers to be judged at an instant, or later if one already was to be judged
    /// later; complaints and answers likewise, or earlier. Other entities have no signals and are
    /// left out.
    pub fn put_signal_checks(&self, checks: &[(EntityKey, Timestamp)]) -> Result<(), StoreError> {
        let params = checks.iter().filter_map(|(key, at)| {
            columns(key).map(|(kind, id)| params![kind.name(), id, at.micros()].to_vec())
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
                let kind =
                    SignalSubject::parse(&kind).ok_or_else(|| damaged("its kind is none"))?;
                key(kind, &id).map_err(damaged)
            },
        )?;
        due.sort_unstable();
        Ok(due)
    }
}

fn columns(key: &EntityKey) -> Option<(SignalSubject, &str)> {
    match key {
        EntityKey::Subscriber(id) => Some((SignalSubject::Subscriber, id.as_str())),
        EntityKey::Complaint(id) => Some((SignalSubject::Complaint, id.as_str())),
        EntityKey::Survey(id) => Some((SignalSubject::Answer, id.as_str())),
        EntityKey::Bill(_)
        | EntityKey::BilledSubscriber(_)
        | EntityKey::Reference
        | EntityKey::Retraction => None,
    }
}

fn key(kind: SignalSubject, id: &str) -> Result<EntityKey, IdError> {
    match kind {
        SignalSubject::Subscriber => SubscriberId::parse(id).map(EntityKey::Subscriber),
        SignalSubject::Complaint => ComplaintId::parse(id).map(EntityKey::Complaint),
        SignalSubject::Answer => SurveyId::parse(id).map(EntityKey::Survey),
    }
}

fn damaged(detail: impl ToString) -> StoreError {
    StoreError::Damaged {
        what: "what is to be judged",
        detail: detail.to_string(),
    }
}
