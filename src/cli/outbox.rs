//! The subcommands of `sisan outbox`, except listing.

use anyhow::Context;

use super::answers::query;
use super::output::OutputArgs;
use crate::commands::{CommandError, Retried, hold_mails, release_mails, retry_mails};
use crate::domain::alert::MailId;
use crate::runtime::{AppError, Setup};
use crate::store::Store;
use crate::views::command_results::MailResult;
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
    say!("{}", MailResult::Requeued(queued));
    if past_use > 0 {
        say!("{}", MailResult::PastUse(past_use));
    }
    if without_body > 0 {
        say!("{}", MailResult::WithoutBody(without_body));
    }
    Ok(())
}

/// Holds the waiting mails, and those queued later.
pub(super) fn hold(store: &Store) -> Result<(), AppError> {
    say!("{}", MailResult::Held(hold_mails(store)?));
    Ok(())
}

/// Releases the held mails.
pub(super) fn release(store: &Store) -> Result<(), AppError> {
    say!("{}", MailResult::Released(release_mails(store)?));
    Ok(())
}
