//! The subcommands of `sisan outbox`, except listing.

use anyhow::Context;

use super::answers::query;
use super::output::OutputArgs;
use crate::commands::{CommandError, Retried, hold_mails, release_mails, retry_mails};
use crate::domain::alert::MailId;
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::lists;

/// Shows a mail: its delivery, and its body as far as that is kept.
pub(super) fn show(
    setup: &Setup,
    store: &Store,
    id: &MailId,
    output: &OutputArgs,
) -> Result<(), AppError> {
    let found = query(store, |tx| {
        Ok(tx.mail_entry(id)?.map(|entry| (entry, tx.mail(id))))
    })?;
    let (entry, queued) = found.ok_or_else(|| CommandError::NoMail(id.clone()))?;
    // The body is pruned long before the ledger entry; then only the entry is shown.
    let mail = queued.ok().flatten().map(|queued| queued.mail);
    let instants = output.instants(&setup.config);
    let document = lists::mail_file(&entry, mail.as_ref(), instants);
    document
        .write_document(
            output.format,
            &output.options(&setup.config),
            &mut output.open()?,
        )
        .context("write the mail")?;
    Ok(())
}

pub(super) fn retry(setup: &Setup, store: &Store, ids: Vec<String>) -> Result<(), AppError> {
    let ids: Vec<MailId> = ids.into_iter().map(MailId::new).collect();
    let Retried {
        queued,
        past_use,
        without_body,
    } = retry_mails(store, &ids, setup.now(store)?)?;
    say!("{queued} mails are queued again");
    if past_use > 0 {
        say!("{past_use} stay dead, since what they say is past; name one to send it all the same");
    }
    if without_body > 0 {
        say!("{without_body} stay dead, since what they say is no longer kept or is damaged");
    }
    Ok(())
}

/// Holds the waiting mails, and those queued later.
pub(super) fn hold(store: &Store) -> Result<(), AppError> {
    let held = hold_mails(store)?;
    say!("{held} mails are held, and those to come; `sisan outbox release` lets them go");
    Ok(())
}

/// Releases the held mails.
pub(super) fn release(store: &Store) -> Result<(), AppError> {
    let released = release_mails(store)?;
    say!("{released} mails released");
    Ok(())
}
