//! What is done after `sisan outbox`, beside listing.

use anyhow::Context;

use super::answers::read;
use super::output::OutputArgs;
use crate::commands::{CommandError, hold_mails, release_mails, retry_mails};
use crate::domain::alert::MailId;
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::lists;

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
    let (entry, queued) = found.ok_or_else(|| CommandError::NoMail(id.clone()))?;
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
pub(super) fn retry(setup: &Setup, store: &Store, ids: Vec<String>) -> Result<(), AppError> {
    let ids: Vec<MailId> = ids.into_iter().map(MailId::new).collect();
    let retried = retry_mails(store, &ids, setup.now(store)?)?;
    say!("{retried} mails are queued again");
    Ok(())
}

/// Holds what waits, and what is to come.
pub(super) fn hold(store: &Store) -> Result<(), AppError> {
    let held = hold_mails(store)?;
    say!("{held} mails are held, and those to come; `sisan outbox release` lets them go");
    Ok(())
}

/// Lets go what is held.
pub(super) fn release(store: &Store) -> Result<(), AppError> {
    let released = release_mails(store)?;
    say!("{released} mails released");
    Ok(())
}
