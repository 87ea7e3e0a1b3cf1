//! The outbox, the mails of the notices: a ledger of mails, and apart from it their content.
//!
//! Invariants: only what sends or shows a mail reads its content; one that cannot be read holds up
//! no other.

use super::codec::{from_json, from_plain_json, to_json};
use super::damage::{Checked, named};
use super::settings::Setting;
use super::value::{Row, get, params};
use super::{StoreError, Tx};
use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Mail, MailDelivery, MailKind, MailState};

/// Level of zstd for the content of mails.
const ZSTD_LEVEL: i32 = 3;

/// A mail in the outbox.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueuedMail {
    pub mail_id: MailId,
    /// Its Message-ID, fixed when it was queued.
    pub message_id: String,
    /// Its content and recipient.
    pub mail: Mail,
    /// The state of its delivery.
    pub delivery: MailDelivery,
}

/// A mail as the ledger has it: without its content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MailEntry {
    pub mail_id: MailId,
    /// Its Message-ID, fixed when it was queued.
    pub message_id: String,
    pub kind: MailKind,
    /// Address of the one recipient.
    pub recipient: String,
    pub subject: String,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// The state of its delivery.
    pub delivery: MailDelivery,
}

/// Mails that wait in one state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct WaitingMails {
    pub state: MailState,
    pub mails: u64,
    /// When the first of them was queued.
    pub since: Timestamp,
}

impl Tx<'_> {
    /// Holds every mail that waits, and those to come, except ops notices; how many wait.
    pub(crate) fn hold_mails(&self) -> Result<u64, StoreError> {
        self.hold_all_but(MailKind::OpsNotice.name())
    }

    /// Likewise in a restored store, where whatever waits may have been sent: ops notices too.
    pub(crate) fn hold_restored_mails(&self) -> Result<u64, StoreError> {
        self.hold_all_but("")
    }

    fn hold_all_but(&self, kind: &str) -> Result<u64, StoreError> {
        self.set(Setting::MailsHeld, 1)?;
        self.execute(
            "hold mails",
            include_str!("sql/hold_mails.sql"),
            params![kind],
        )
    }

    /// Releases mails that are held; how many there are.
    pub(crate) fn release_mails(&self) -> Result<u64, StoreError> {
        self.set(Setting::MailsHeld, 0)?;
        self.execute("release mails", include_str!("sql/release_mails.sql"), &[])
    }

    /// Has mails tried at `now` that would wait until after `latest`, as those that were queued
    /// while the clock was ahead; how many there are.
    pub fn bring_mails_forward(
        &self,
        now: Timestamp,
        latest: Timestamp,
    ) -> Result<u64, StoreError> {
        self.execute(
            "bring mails forward",
            include_str!("sql/bring_mails_forward.sql"),
            params![now.micros(), latest.micros()],
        )
    }

    /// Queues a mail, if it is not there; returns whether it was new. A superseded one is replaced
    /// by a new mail of the same identity, which continues from its attempts: each may have
    /// delivered it.
    pub fn insert_mail(
        &self,
        mail: &Mail,
        message_id: &str,
        state: MailState,
    ) -> Result<bool, StoreError> {
        let (id, queued) = (mail.mail_id(), mail.queued_at.micros());
        let params = params![
            id.as_str(),
            state.name(),
            mail.kind.name(),
            &mail.recipient,
            &mail.subject,
            message_id,
            queued,
            queued
        ];
        let is_new = self.execute("queue a mail", include_str!("sql/insert_mail.sql"), params)? > 0;
        if is_new {
            self.put_mail_body(&id, mail)?;
        }
        Ok(is_new)
    }

    fn put_mail_body(&self, id: &MailId, mail: &Mail) -> Result<(), StoreError> {
        let body = zstd::bulk::compress(to_json(mail).as_bytes(), ZSTD_LEVEL).map_err(|e| {
            StoreError::Damaged {
                what: "a mail to queue",
                detail: e.to_string(),
            }
        })?;
        let params = params![id.as_str(), mail.queued_at.micros(), body];
        self.execute(
            "queue a mail",
            include_str!("sql/put_mail_body.sql"),
            params,
        )
        .map(drop)
    }

    /// Queues a dead mail again at `now`, as if it had never been tried, however long it was to be
    /// useful; returns whether it was dead.
    pub(crate) fn requeue_mail(
        &self,
        id: &MailId,
        mail: Mail,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let is_dead = self.execute(
            "queue a mail anew",
            include_str!("sql/requeue_mail.sql"),
            params![now.micros(), id.as_str()],
        )? > 0;
        if is_dead {
            self.put_mail_body(
                id,
                &Mail {
                    queued_at: now,
                    useful_until: None,
                    ..mail
                },
            )?;
        }
        Ok(is_dead)
    }

    /// Every mail that is kept, with its content: for small stores only.
    pub fn mails(&self) -> Result<Vec<QueuedMail>, StoreError> {
        self.rows(
            "list mails",
            include_str!("sql/list_mails.sql"),
            &[],
            |row| named(row, read_mail),
        )
    }

    /// The mails of a kind that wait for the relay, the longest waiting first.
    pub(crate) fn waiting_mails_of(
        &self,
        kind: MailKind,
    ) -> Result<Checked<QueuedMail>, StoreError> {
        let sql = include_str!("sql/list_waiting_mails_of_kind.sql");
        self.checked_rows("list waiting mails", sql, params![kind.name()], read_mail)
    }

    /// The last `limit` mails of the ledger, of one state if it is given, in the order in which
    /// they were queued.
    pub fn mail_entries(
        &self,
        state: Option<MailState>,
        limit: u32,
    ) -> Result<Vec<MailEntry>, StoreError> {
        let operation = "list mails";
        let mut entries = match state {
            None => self.rows(
                operation,
                include_str!("sql/list_mail_entries.sql"),
                params![limit],
                |row| named(row, read_entry),
            )?,
            Some(state) => {
                let params = params![state.name(), limit];
                self.rows(
                    operation,
                    include_str!("sql/list_mail_entries_of_state.sql"),
                    params,
                    |row| named(row, read_entry),
                )?
            }
        };
        entries.reverse();
        Ok(entries)
    }

    /// How many mails each address was sent that were queued after `since` and not superseded.
    pub fn recipients_since(&self, since: Timestamp) -> Result<Vec<(String, u32)>, StoreError> {
        self.rows(
            "count the last recipients",
            include_str!("sql/count_recipients_since.sql"),
            params![since.micros()],
            |row| Ok((get(row, 0)?, get(row, 1)?)),
        )
    }

    /// What the ledger has of one mail.
    pub(crate) fn mail_entry(&self, id: &MailId) -> Result<Option<MailEntry>, StoreError> {
        self.row(
            "read a mail's entry",
            include_str!("sql/get_mail_entry.sql"),
            params![id.as_str()],
            |row| named(row, read_entry),
        )
    }

    pub fn mail(&self, id: &MailId) -> Result<Option<QueuedMail>, StoreError> {
        self.row(
            "read a mail",
            include_str!("sql/get_mail.sql"),
            params![id.as_str()],
            |row| named(row, read_mail),
        )
    }

    /// The mails that wait, by state.
    pub(crate) fn waiting_mails(&self) -> Result<Vec<WaitingMails>, StoreError> {
        self.rows(
            "count waiting mails",
            include_str!("sql/count_waiting_mails.sql"),
            &[],
            |row| {
                Ok(WaitingMails {
                    state: state(row, 0)?,
                    mails: get(row, 1)?,
                    since: Timestamp::from_micros(get(row, 2)?),
                })
            },
        )
    }

    /// How many mails are held.
    pub(crate) fn mails_held(&self) -> Result<u64, StoreError> {
        Ok(self
            .waiting_mails()?
            .iter()
            .filter(|waiting| waiting.state == MailState::Held)
            .map(|waiting| waiting.mails)
            .sum())
    }

    /// How many mails wait for the relay: what is held waits for an operator.
    pub fn mails_waiting(&self) -> Result<u64, StoreError> {
        Ok(self
            .waiting_mails()?
            .iter()
            .filter(|waiting| waiting.state != MailState::Held)
            .map(|waiting| waiting.mails)
            .sum())
    }
}

fn state(row: &Row<'_>, at: usize) -> Result<MailState, StoreError> {
    let name: String = get(row, at)?;
    MailState::parse(&name).ok_or_else(|| StoreError::Damaged {
        what: "a mail's state",
        detail: "there is none like it".to_owned(),
    })
}

/// The columns from `state` to `last_reply`, behind `mail_id` and `message_id`.
fn read_delivery(row: &Row<'_>) -> Result<MailDelivery, StoreError> {
    Ok(MailDelivery {
        state: state(row, 2)?,
        attempts: get(row, 3)?,
        lost_replies: get(row, 4)?,
        in_flight: get::<i64>(row, 5)? != 0,
        next_attempt_at: Timestamp::from_micros(get(row, 6)?),
        sent_at: get::<Option<i64>>(row, 7)?.map(Timestamp::from_micros),
        last_reply: get::<Option<String>>(row, 8)?
            .map(|kept| from_plain_json("how the last attempt to send a mail ended", &kept))
            .transpose()?,
    })
}

pub(super) fn read_mail(row: &Row<'_>) -> Result<QueuedMail, StoreError> {
    let damaged = |detail: String| StoreError::Damaged {
        what: "a mail",
        detail,
    };
    let body = get::<Option<Vec<u8>>>(row, 9)?
        .ok_or_else(|| damaged("what it says is not there".to_owned()))?;
    let body = zstd::decode_all(body.as_slice()).map_err(|e| damaged(e.to_string()))?;
    Ok(QueuedMail {
        mail_id: MailId::new(get::<String>(row, 0)?),
        message_id: get(row, 1)?,
        mail: from_json(
            "a mail",
            &String::from_utf8(body).map_err(|e| damaged(e.to_string()))?,
        )?,
        delivery: read_delivery(row)?,
    })
}

fn read_entry(row: &Row<'_>) -> Result<MailEntry, StoreError> {
    let kind: String = get(row, 9)?;
    Ok(MailEntry {
        mail_id: MailId::new(get::<String>(row, 0)?),
        message_id: get(row, 1)?,
        kind: MailKind::parse(&kind).ok_or_else(|| StoreError::Damaged {
            what: "a mail's kind",
            detail: "there is none like it".to_owned(),
        })?,
        recipient: get(row, 10)?,
        subject: get(row, 11)?,
        queued_at: Timestamp::from_micros(get(row, 12)?),
        delivery: read_delivery(row)?,
    })
}
