//! Commands on the outbox: retry dead mails, hold or release all of them.

use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::MailState;
use crate::store::{Store, StoreError, Tx};

use super::error::CommandError;

/// Most dead mails that are sent again at once.
const RETRIED_MAX: u32 = 10_000;

/// The result of sending dead mails again.
#[derive(Debug, Default)]
pub(crate) struct Retried {
    /// How many are queued.
    pub queued: usize,
    /// How many stay dead, since they would tell somebody what is past.
    pub past_use: usize,
    /// How many stay dead, since what they say is no longer kept, or is damaged.
    pub without_body: usize,
}

/// Queues dead mails again: those that are named, or all that are still of use.
///
/// # Errors
/// When a named one does not exist, is not dead or has no body any more, or the store fails.
pub(crate) fn retry_mails(
    store: &Store,
    ids: &[MailId],
    now: Timestamp,
) -> Result<Retried, CommandError> {
    store.write_tx("send dead mails again", |tx| {
        let mut retried = Retried::default();
        for id in ids {
            dead_mail(tx, id)?;
            let queued = tx
                .mail(id)?
                .ok_or_else(|| CommandError::NoBody(id.clone()))?;
            retried.queued += usize::from(tx.requeue_mail(id, queued.mail, now)?);
        }
        if ids.is_empty() {
            for entry in tx.mail_entries(Some(MailState::Dead), RETRIED_MAX)? {
                retry_if_of_use(tx, &entry.mail_id, now, &mut retried)?;
            }
        }
        Ok(retried)
    })
}

fn retry_if_of_use(
    tx: &Tx<'_>,
    id: &MailId,
    now: Timestamp,
    retried: &mut Retried,
) -> Result<(), StoreError> {
    let mail = match tx.mail(id) {
        Err(error) if error.is_damage() => None,
        read => read?.map(|queued| queued.mail),
    };
    match mail {
        None => retried.without_body += 1,
        Some(mail) if mail.is_past_use(now) => retried.past_use += 1,
        Some(mail) => retried.queued += usize::from(tx.requeue_mail(id, mail, now)?),
    }
    Ok(())
}

fn dead_mail(tx: &Tx<'_>, id: &MailId) -> Result<(), CommandError> {
    let entry = tx
        .mail_entry(id)?
        .ok_or_else(|| CommandError::NoMail(id.clone()))?;
    match entry.delivery.state {
        MailState::Dead => Ok(()),
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
