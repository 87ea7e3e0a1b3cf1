//! Withdrawing mails that are about to be sent and propose what the port-out guard withholds by
//! now.
//!
//! It does not know how mails are claimed. Invariant: such a proposal is withdrawn with its mail,
//! and all of its notices are inserted again, in one transaction.

use crate::domain::local_day::Timestamp;
use crate::domain::task::Task;
use crate::plan::{PortOutGuard, guard_now, named_subscribers, superseded};
use crate::store::{QueuedMail, StoreError, Tx};

use super::subscribers::subscriber_standings;

/// Withdraws a mail that proposes what the guard withholds at `now`; whether it did.
pub(crate) fn withdraw_guarded(
    tx: &Tx<'_>,
    queued: &QueuedMail,
    guard: &PortOutGuard<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(proposal) = &queued.mail.proposal else {
        return Ok(false);
    };
    let mut is_guarded = false;
    for id in &proposal.tasks {
        if let Some(task) = tx.task(id)? {
            is_guarded |= guard_task(tx, task, guard, now)?;
        }
    }
    if is_guarded {
        supersede(tx, queued)?;
        proposal
            .notices
            .iter()
            .try_for_each(|notice| tx.insert_notice(notice))?;
        tracing::info!(mail.id = %queued.mail_id, "A mail that waited proposes what the port-out guard withholds now: it is composed anew");
    }
    Ok(is_guarded)
}

/// Marks a mail as never to be sent.
pub(super) fn supersede(tx: &Tx<'_>, queued: &QueuedMail) -> Result<(), StoreError> {
    tx.record_delivery(&queued.mail_id, &superseded(&queued.delivery))
}

/// Whether the guard holds for a task; what it withholds is recorded in it.
fn guard_task(
    tx: &Tx<'_>,
    task: Task,
    guard: &PortOutGuard<'_>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    // Of a task that proposes nothing no subscriber is loaded.
    let alerts = if task.proposes() {
        tx.alerts_of(&task)?
    } else {
        Vec::new()
    };
    let subscribers = subscriber_standings(tx, named_subscribers(&task, &alerts))?;
    let guarded = guard_now(task, &alerts, &subscribers, guard, now);
    guarded
        .changed
        .iter()
        .try_for_each(|task| tx.save_task(task))?;
    Ok(guarded.holds)
}
