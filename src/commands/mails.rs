//! Commands on the outbox: retry dead mails, hold or release all of them.

use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::MailState;
use crate::store::{MailEntry, Store, StoreError, Tx};

use super::error::CommandError;

/// Most dead mails that are sent again at once.
const RETRIED_MAX: u32 = 10_000;

/// Queues dead mails again, all of them if none is named; returns how many.
///
/// # Errors
/// When one of them does not exist or is not dead, or the store fails.
pub(crate) fn retry_mails(
    store: &Store,
    ids: &[MailId],
    now: Timestamp,
) -> Result<usize, CommandError> {
    store.write_tx("send dead mails again", |tx| {
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

/// Holds the waiting mails, and those queued later; returns how many wait.
pub(crate) fn hold_mails(store: &Store) -> Result<u64, StoreError> {
    store.write_tx("hold mails", |tx| tx.hold_mails())
}

/// Releases the held mails; returns how many.
pub(crate) fn release_mails(store: &Store) -> Result<u64, StoreError> {
    store.write_tx("release held mails", |tx| tx.release_mails())
}
