//! Notices (what is to be told) and the outbox (how it is told).

use chrono::TimeDelta;

use super::codec::{from_json, to_json};
use super::settings::Setting;
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Delivery, Mail, MailState, Notice};

/// A mail in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMail {
    /// Its id.
    pub mail_id: MailId,
    /// Its Message-ID, fixed when it was queued.
    pub message_id: String,
    /// What it says, to whom.
    pub mail: Mail,
    /// Where its delivery stands.
    pub delivery: Delivery,
}

/// How long a mail stays claimed: longer than all deadlines of a delivery together.
const CLAIM_MAX: TimeDelta = TimeDelta::minutes(30);

/// The right to record what became of a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MailClaim(i64);

impl Tx<'_> {
    /// Saves a notice, if it is not there.
    ///
    /// # Errors
    /// When the database says no.
    pub fn insert_notice(&self, notice: &Notice) -> Result<(), StoreError> {
        let params = params![notice.notice_id(), notice.due_at.micros(), to_json(notice)];
        self.execute("save a notice", include_str!("sql/insert_notice.sql"), params).map(drop)
    }

    /// The notices that are due at `now`.
    ///
    /// # Errors
    /// When the database says no.
    pub fn due_notices(&self, now: Timestamp) -> Result<Vec<Notice>, StoreError> {
        self.rows("list due notices", include_str!("sql/list_due_notices.sql"), params![now.micros()], |row| {
            from_json("a notice", &get::<String>(row, 0)?)
        })
    }

    /// When the next notice falls due.
    ///
    /// # Errors
    /// When the database says no.
    pub fn next_notice_due(&self) -> Result<Option<Timestamp>, StoreError> {
        let due = self.row("find the next notice", include_str!("sql/next_notice_due.sql"), &[], |row| get::<Option<i64>>(row, 0))?;
        Ok(due.flatten().map(Timestamp::from_micros))
    }

    /// Takes a notice that has been composed, or that tells nothing any more.
    ///
    /// # Errors
    /// When the database says no.
    pub fn delete_notice(&self, notice_id: &str) -> Result<(), StoreError> {
        self.execute("take a notice", include_str!("sql/delete_notice.sql"), params![notice_id]).map(drop)
    }

    /// Holds every mail that waits, and those to come; how many wait.
    ///
    /// # Errors
    /// When the database says no.
    pub fn hold_mails(&self) -> Result<usize, StoreError> {
        self.set(Setting::MailsHeld, 1)?;
        let waits = |state| matches!(state, MailState::Queued | MailState::Sending | MailState::Deferred | MailState::Uncertain);
        self.move_mails(waits, MailState::Held)
    }

    /// Lets mails go that are held; how many there are.
    ///
    /// # Errors
    /// When the database says no.
    pub fn release_mails(&self) -> Result<usize, StoreError> {
        self.set(Setting::MailsHeld, 0)?;
        self.move_mails(|state| state == MailState::Held, MailState::Queued)
    }

    fn move_mails(&self, is_moved: impl Fn(MailState) -> bool, to: MailState) -> Result<usize, StoreError> {
        let moved: Vec<_> = self.mails()?.into_iter().filter(|queued| is_moved(queued.delivery.state)).collect();
        for queued in &moved {
            self.record_delivery(&queued.mail_id, &Delivery { state: to, ..queued.delivery.clone() })?;
        }
        Ok(moved.len())
    }

    /// Queues a mail, if it is not there; says whether it was new. One that was superseded makes room for what tells the same
    /// anew, which goes on from its attempts: each may have delivered it.
    ///
    /// # Errors
    /// When the database says no.
    pub fn insert_mail(&self, mail: &Mail, message_id: &str, state: MailState) -> Result<bool, StoreError> {
        let (id, next_attempt_at) = (mail.mail_id(), mail.queued_at);
        let before = self.mail(&id)?.map(|queued| queued.delivery);
        let delivery = match before {
            None => Delivery { state, attempts: 0, lost_replies: 0, in_flight: false, next_attempt_at, sent_at: None, last_reply: None },
            Some(before) if before.state == MailState::Superseded => Delivery { state, next_attempt_at, ..before },
            Some(_) => return Ok(false),
        };
        let queued = mail.queued_at.micros();
        let params = params![id.as_str(), state.name(), queued, queued, &mail.recipient, message_id, to_json(mail), to_json(&delivery)];
        Ok(self.execute("queue a mail", include_str!("sql/insert_mail.sql"), params)? > 0)
    }

    /// At most `limit` mails to try at `now`, the longest waiting first.
    ///
    /// # Errors
    /// When the database says no.
    pub fn due_mails(&self, now: Timestamp, limit: usize) -> Result<Vec<QueuedMail>, StoreError> {
        self.rows("list due mails", include_str!("sql/list_due_mails.sql"), params![now.micros(), limit as u64], read)
    }

    /// Takes a mail to send it; nobody else does while it is held.
    ///
    /// # Errors
    /// When the database says no.
    pub fn claim_mail(&self, id: &MailId, delivery: &Delivery, claim: MailClaim) -> Result<(), StoreError> {
        let params = params![delivery.state.name(), to_json(delivery), claim.0, id.as_str()];
        self.execute("claim a mail", include_str!("sql/claim_mail.sql"), params).map(drop)
    }

    /// A claim as of now, by the database's clock. Transactions that [claim](Tx::claim_mail) come one after another, so no
    /// two have the same.
    ///
    /// # Errors
    /// When the database says no.
    pub fn mail_claim(&self) -> Result<MailClaim, StoreError> {
        let sql = match self {
            Self::Sqlite(_) => include_str!("sqlite/sql/now.sql"),
            Self::Shared(_) => include_str!("sql/now.sql"),
        };
        let now = self.row("ask for the time", sql, &[], |row| get(row, 0))?;
        now.map(MailClaim).ok_or(StoreError::Damaged { what: "the time", detail: "the database does not say it".to_owned() })
    }

    /// Records where the delivery of a claimed mail stands; says whether the claim still held.
    ///
    /// # Errors
    /// When the database says no.
    pub fn record_claimed(&self, id: &MailId, delivery: &Delivery, claim: MailClaim) -> Result<bool, StoreError> {
        let params = params![delivery.state.name(), delivery.next_attempt_at.micros(), to_json(delivery), id.as_str(), claim.0];
        Ok(self.execute("record a delivery", include_str!("sql/record_claimed_delivery.sql"), params)? > 0)
    }

    /// Mails that a worker had claimed when it died, so that nobody knows what became of those in flight: those claimed longer ago than
    /// anybody takes to send one; where there is one worker, which begins just now, all.
    ///
    /// # Errors
    /// When the database says no.
    pub fn abandoned_mails(&self) -> Result<Vec<QueuedMail>, StoreError> {
        let until = match self {
            Self::Sqlite(_) => i64::MAX,
            Self::Shared(_) => self.mail_claim()?.0 - CLAIM_MAX.num_microseconds().unwrap_or(i64::MAX),
        };
        self.rows("list mails being sent", include_str!("sql/list_sending_mails.sql"), params![until], read)
    }

    /// Every mail there ever was.
    ///
    /// # Errors
    /// When the database says no.
    pub fn mails(&self) -> Result<Vec<QueuedMail>, StoreError> {
        self.rows("list mails", include_str!("sql/list_mails.sql"), &[], read)
    }

    /// The recipient of every mail that was queued after `since` and not superseded.
    ///
    /// # Errors
    /// When the database says no.
    pub fn recipients_since(&self, since: Timestamp) -> Result<Vec<String>, StoreError> {
        self.rows("list the last recipients", include_str!("sql/list_recipients_since.sql"), params![since.micros()], |row| get(row, 0))
    }

    /// One mail.
    ///
    /// # Errors
    /// When the database says no.
    pub fn mail(&self, id: &MailId) -> Result<Option<QueuedMail>, StoreError> {
        self.row("read a mail", include_str!("sql/get_mail.sql"), params![id.as_str()], read)
    }

    /// Records where a mail's delivery stands.
    ///
    /// # Errors
    /// When the database says no.
    pub fn record_delivery(&self, id: &MailId, delivery: &Delivery) -> Result<(), StoreError> {
        let params = params![delivery.state.name(), delivery.next_attempt_at.micros(), to_json(delivery), id.as_str()];
        self.execute("record a delivery", include_str!("sql/record_delivery.sql"), params).map(drop)
    }

    /// The mails that wait, each with its state and since when.
    ///
    /// # Errors
    /// When the database says no.
    pub fn waiting_mails(&self) -> Result<Vec<(MailState, Timestamp)>, StoreError> {
        self.rows("list waiting mails", include_str!("sql/list_waiting_mails.sql"), &[], |row| {
            let state: String = get(row, 0)?;
            let state = MailState::parse(&state).ok_or_else(|| StoreError::Damaged { what: "a mail's state", detail: state })?;
            Ok((state, Timestamp::from_micros(get(row, 1)?)))
        })
    }

    /// How many mails wait for the relay.
    ///
    /// # Errors
    /// When the database says no.
    pub fn mails_waiting(&self) -> Result<u64, StoreError> {
        let count = self.row("count waiting mails", include_str!("sql/count_mails_waiting.sql"), &[], |row| get(row, 0))?;
        Ok(count.unwrap_or(0))
    }
}

fn read(row: &Row<'_>) -> Result<QueuedMail, StoreError> {
    Ok(QueuedMail {
        mail_id: MailId::new(get::<String>(row, 0)?),
        message_id: get(row, 1)?,
        mail: from_json("a mail", &get::<String>(row, 2)?)?,
        delivery: from_json("a delivery", &get::<String>(row, 3)?)?,
    })
}
