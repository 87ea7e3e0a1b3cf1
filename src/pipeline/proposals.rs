//! The port-out guard, looked at once more when a mail is about to be sent: it may have waited for
//! long.
//!
//! It does not know how mails are claimed. Invariant: what a mail proposes that is withheld by now
//! is withdrawn with the mail, and all that the mail tells is told anew, in one transaction.

use chrono::TimeDelta;

use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Delivery, MailState};
use crate::domain::task::Task;
use crate::follow_up::guard::{is_guarded, is_withheld, withhold};
use crate::follow_up::task_subscribers::named_subscribers;
use crate::notify::retry::NEVER;
use crate::store::{QueuedMail, StoreError, Tx};

use super::follow::subscriber_standings;

/// Withdraws a mail that proposes what the guard, which holds for so long, withholds at `now`; says
/// whether it did.
pub fn withdraw_guarded(
    tx: &Tx<'_>,
    queued: &QueuedMail,
    guard: TimeDelta,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(proposal) = &queued.mail.proposal else {
        return Ok(false);
    };
    let mut is_guarded = false;
    for id in &proposal.tasks {
        is_guarded |= tx
            .task(id)?
            .map_or(Ok(false), |task| guard_now(tx, task, guard, now))?;
    }
    if is_guarded {
        supersede(tx, queued)?;
        proposal
            .notices
            .iter()
            .try_for_each(|notice| tx.insert_notice(notice))?;
        tracing::info!(mail.id = %queued.mail_id, "A mail that waited proposes what the port-out guard withholds now; it is told anew");
    }
    Ok(is_guarded)
}

/// Has a mail never be sent.
pub(super) fn supersede(tx: &Tx<'_>, queued: &QueuedMail) -> Result<(), StoreError> {
    let delivery = Delivery {
        state: MailState::Superseded,
        next_attempt_at: NEVER,
        ..queued.delivery.clone()
    };
    tx.record_delivery(&queued.mail_id, &delivery)
}

/// Whether the guard holds for a task, by its subscribers as they stand now; if it does, that is
/// recorded in it.
fn guard_now(
    tx: &Tx<'_>,
    mut task: Task,
    guard: TimeDelta,
    now: Timestamp,
) -> Result<bool, StoreError> {
    if !task.proposes() {
        return Ok(is_withheld(&task));
    }
    let alerts = tx.alerts_of(&task)?;
    let named = named_subscribers(&task, &alerts);
    let subscribers = subscriber_standings(tx, named.clone())?;
    let is_guarded = is_guarded(named, &subscribers, guard, now);
    if is_guarded && task.state.is_open() {
        withhold(&mut task);
        task.version += 1;
        tx.save_task(&task)?;
    }
    Ok(is_guarded)
}
