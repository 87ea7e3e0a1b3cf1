//! What is done to the outbox: dead mails sent again, all of them held or released.

use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::MailState;
use crate::store::{MailEntry, Store, StoreError, Tx};

use super::error::CommandError;

/// Most dead mails that are sent again at once.
const RETRIED_MAX: u32 = 10_000;

/// Queues dead mails again, all of them if none is named; how many.
///
/// # Errors
/// When one of them is not there or not dead, or the store fails.
pub fn retry_mails(store: &Store, ids: &[MailId], now: Timestamp) -> Result<usize, CommandError> {
    store.write("send dead mails again", |tx| {
        let entries = match ids {
            [] => tx.mail_entries(Some(MailState::Dead), RETRIED_MAX)?,
            ids => ids
                .iter()
                .map(|id| dead_mail(tx, id))
                .collect::<Result<_, _>>()?,
        };
        let mut retried = 0;
        for MailEntry { mail_id, .. } in entries {
            let queued = tx
                .mail(&mail_id)?
                .ok_or_else(|| CommandError::NoMail(mail_id.clone()))?;
            retried += usize::from(tx.requeue_mail(&mail_id, queued.mail, now)?);
        }
        Ok(retried)
    })
}

fn dead_mail(tx: &Tx<'_>, id: &MailId) -> Result<MailEntry, CommandError> {
    let entry = tx
        .mail_entry(id)?
        .ok_or_else(|| CommandError::NoMail(id.clone()))?;
    match entry.delivery.state {
        MailState::Dead => Ok(entry),
        state => Err(CommandError::MailNotDead {
            mail_id: id.clone(),
            state,
        }),
    }
}

/// Holds what waits, and what is to come; how many wait.
pub fn hold_mails(store: &Store) -> Result<u64, StoreError> {
    store.write("hold mails", |tx| tx.hold_mails())
}

/// Lets go what is held; how many.
pub fn release_mails(store: &Store) -> Result<u64, StoreError> {
    store.write("release held mails", |tx| tx.release_mails())
}
