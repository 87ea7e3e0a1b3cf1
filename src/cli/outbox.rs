//! What is done after `sisan outbox`, beside listing.

use anyhow::{Context, anyhow};

use super::answers::read;
use crate::app::{AppError, OutputArgs, Setup, lists, reports};
use crate::domain::alert::MailId;
use crate::domain::mail::MailState;
use crate::store::{MailEntry, Store, Tx};

/// Most dead mails that are sent again at once.
const RETRIED_MAX: u32 = 10_000;

/// Shows a mail: its delivery, and what it says as far as that is kept.
pub(super) fn show(
    setup: &Setup,
    store: &Store,
    id: &MailId,
    output: &OutputArgs,
) -> Result<(), AppError> {
    let found = read(store, |tx| {
        Ok(tx.mail_entry(id)?.map(|entry| (entry, tx.mail(id))))
    })?;
    let (entry, queued) = found.ok_or_else(|| no_mail(id))?;
    // What a mail said is forgotten long before that there was one; then only that is shown.
    let mail = queued.ok().flatten().map(|queued| queued.mail);
    let document = lists::mail_file(&entry, mail.as_ref(), output.instants(&setup.config));
    document
        .write(
            output.format,
            &output.options(&setup.config),
            &mut output.open()?,
        )
        .context("write the mail")?;
    Ok(())
}

/// Sends dead mails again.
pub(super) fn retry(setup: &Setup, store: &Store, ids: &[String]) -> Result<(), AppError> {
    let now = reports::now(setup, store)?;
    let retried = store.write("send dead mails again", |tx| -> Result<usize, AppError> {
        let entries = match ids {
            [] => tx.mail_entries(Some(MailState::Dead), RETRIED_MAX)?,
            ids => ids
                .iter()
                .map(|id| dead(tx, &MailId::new(id.clone())))
                .collect::<Result<_, _>>()?,
        };
        let mut retried = 0;
        for entry in entries {
            let queued = tx
                .mail(&entry.mail_id)?
                .ok_or_else(|| no_mail(&entry.mail_id))?;
            retried += usize::from(tx.requeue_mail(&entry.mail_id, queued.mail, now)?);
        }
        Ok(retried)
    })?;
    say!("{retried} mails are queued again");
    Ok(())
}

/// A mail that is dead.
fn dead(tx: &Tx<'_>, id: &MailId) -> Result<MailEntry, AppError> {
    let entry = tx.mail_entry(id)?.ok_or_else(|| no_mail(id))?;
    if entry.delivery.state != MailState::Dead {
        let state = entry.delivery.state.name();
        return Err(
            anyhow!("mail {id} is {state}\nhint: only a dead one is sent again; `sisan outbox list --state dead` lists them").into()
        );
    }
    Ok(entry)
}

/// Holds what waits, and what is to come.
pub(super) fn hold(store: &Store) -> Result<(), AppError> {
    let held = store.write("hold mails", |tx| tx.hold_mails())?;
    say!("{held} mails are held, and those to come; `sisan outbox release` lets them go");
    Ok(())
}

/// Lets go what is held.
pub(super) fn release(store: &Store) -> Result<(), AppError> {
    let released = store.write("release held mails", |tx| tx.release_mails())?;
    say!("{released} mails released");
    Ok(())
}

fn no_mail(id: &MailId) -> anyhow::Error {
    anyhow!("there is no mail {id}\nhint: `sisan outbox list` lists them")
}
