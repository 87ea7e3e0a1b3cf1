//! Sending from the outbox: a mail is claimed, tried, and its outcome recorded under the claim.
//!
//! Invariant: nobody else sends a mail while it is claimed, and an outcome is recorded only while
//! the claim still holds.

use chrono::TimeDelta;

use super::codec::plain_json;
use super::damage::Checked;
use super::outbox::{QueuedMail, read_mail};
use super::value::{Value, get, params};
use super::{StoreError, Tx};
use crate::domain::alert::MailId;
use crate::domain::last_reply::LastReply;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::MailDelivery;

/// How long a mail stays claimed: longer than all deadlines of a delivery together.
const CLAIM_MAX: TimeDelta = TimeDelta::minutes(30);

/// The right to record what became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailClaim(i64);

impl Tx<'_> {
    /// At most `limit` mails to try at `now`, the longest waiting first.
    pub fn due_mails(
        &self,
        now: Timestamp,
        limit: usize,
    ) -> Result<Checked<QueuedMail>, StoreError> {
        let params = params![now.micros(), limit as u64];
        self.checked_rows(
            "list due mails",
            include_str!("sql/list_due_mails.sql"),
            params,
            read_mail,
        )
    }

    /// A claim as of now, by the database's clock. Transactions that [claim](Tx::claim_mail) come
    /// one after another, so no two have the same.
    pub fn mail_claim(&self) -> Result<MailClaim, StoreError> {
        let sql = match self {
            Self::Sqlite(_) => include_str!("sqlite/sql/now.sql"),
            Self::Shared(_) => include_str!("sql/now.sql"),
        };
        let now = self.row("ask for the time", sql, &[], |row| get(row, 0))?;
        now.map(MailClaim).ok_or(StoreError::Damaged {
            what: "the time",
            detail: "the database does not say it".to_owned(),
        })
    }

    /// Claims a mail to send it; nobody else sends it while it is claimed.
    pub fn claim_mail(&self, id: &MailId, claim: MailClaim) -> Result<(), StoreError> {
        self.execute(
            "claim a mail",
            include_str!("sql/claim_mail.sql"),
            params![claim.0, id.as_str()],
        )
        .map(drop)
    }

    /// Records the delivery of a claimed mail; returns whether the claim still held.
    pub fn record_claimed(
        &self,
        id: &MailId,
        delivery: &MailDelivery,
        claim: MailClaim,
    ) -> Result<bool, StoreError> {
        let params: Vec<Value<'_>> = standing(delivery)
            .into_iter()
            .chain([id.as_str().into(), claim.0.into()])
            .collect();
        Ok(self.execute(
            "record a delivery",
            include_str!("sql/record_claimed_delivery.sql"),
            &params,
        )? > 0)
    }

    /// Records a mail's delivery.
    pub fn record_delivery(&self, id: &MailId, delivery: &MailDelivery) -> Result<(), StoreError> {
        let params: Vec<Value<'_>> = standing(delivery)
            .into_iter()
            .chain([id.as_str().into()])
            .collect();
        self.execute(
            "record a delivery",
            include_str!("sql/record_delivery.sql"),
            &params,
        )
        .map(drop)
    }

    /// Gives up a mail that cannot be read; its content stays as it was found.
    ///
    /// # Errors
    /// When the database fails, or does not find it by its id.
    pub(crate) fn give_up_mail(&self, id: &MailId, why: &str) -> Result<(), StoreError> {
        match self.execute(
            "give a mail up",
            include_str!("sql/give_up_mail.sql"),
            params![plain_json(&LastReply::NotSent(why.to_owned())), id.as_str()],
        )? {
            0 => Err(StoreError::Damaged {
                what: "a mail",
                detail: "it is not found by its id".to_owned(),
            }
            .of_row(id.as_str())),
            _ => Ok(()),
        }
    }

    /// Mails that a worker had claimed when it died, so that nobody knows what became of those in
    /// flight: those claimed longer ago than anybody takes to send one; where there is one worker,
    /// which begins just now, all.
    pub(crate) fn abandoned_mails(&self) -> Result<Checked<QueuedMail>, StoreError> {
        let until = match self {
            Self::Sqlite(_) => i64::MAX,
            Self::Shared(_) => {
                self.mail_claim()?.0 - CLAIM_MAX.num_microseconds().unwrap_or(i64::MAX)
            }
        };
        self.checked_rows(
            "list mails being sent",
            include_str!("sql/list_sending_mails.sql"),
            params![until],
            read_mail,
        )
    }
}

/// The columns of a delivery that change with it.
fn standing(delivery: &MailDelivery) -> [Value<'_>; 7] {
    [
        delivery.state.name().into(),
        delivery.attempts.into(),
        delivery.lost_replies.into(),
        i64::from(delivery.in_flight).into(),
        delivery.next_attempt_at.micros().into(),
        delivery.sent_at.map(Timestamp::micros).into(),
        delivery.last_reply.as_ref().map(plain_json).into(),
    ]
}
