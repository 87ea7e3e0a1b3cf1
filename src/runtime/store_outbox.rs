//! The outbox as the dispatcher sees it: mails are claimed, unless they propose what may be
//! proposed no more, and an outcome is recorded only under the claim. One that cannot be read is
//! given up, so that it holds up none behind it.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{MailDelivery, MailState};
use crate::notify::deliver::{Claimed, Outbox};
use crate::notify::retry::with_clock_offset;
use crate::pipeline::{fault_point, withdraw_guarded};
use crate::plan::PortOutGuard;
use crate::store::{DamagedRow, Durability, MailClaim, QueuedMail, Setting, Store, StoreError, Tx};

/// The outbox in the store. Mails follow the configured clock, but the pauses between attempts the
/// wall's, which is `clock_offset` ahead of it.
pub(crate) struct StoreOutbox<'a> {
    store: &'a Store,
    clock_offset: TimeDelta,
    guard: PortOutGuard<'a>,
    /// Of the record that a mail was taken: a recipient that takes the same one twice as one loses
    /// nothing by it.
    taken: Durability,
    /// Under which each mail was claimed.
    claims: RefCell<BTreeMap<MailId, MailClaim>>,
    /// Those that could not be read.
    given_up: RefCell<Vec<MailId>>,
    /// Those that were sent under a claim that had ended: another worker sends them too.
    sent_late: Cell<usize>,
}

/// What a drain of the outbox came to beside its outcomes.
pub(crate) struct DrainProblems {
    /// The mails that were given up, since they could not be read.
    pub(crate) given_up: Vec<MailId>,
    /// How many may be sent twice, since sending them took longer than a claim lasts.
    pub(crate) sent_late: usize,
}

impl<'a> StoreOutbox<'a> {
    pub(crate) fn new(
        store: &'a Store,
        clock_offset: TimeDelta,
        guard: PortOutGuard<'a>,
        taken: Durability,
    ) -> Self {
        Self {
            store,
            clock_offset,
            guard,
            taken,
            claims: RefCell::default(),
            given_up: RefCell::default(),
            sent_late: Cell::default(),
        }
    }

    /// What it came to beside the outcomes.
    pub(crate) fn beside(self) -> DrainProblems {
        DrainProblems {
            given_up: self.given_up.into_inner(),
            sent_late: self.sent_late.get(),
        }
    }

    fn give_up(&self, tx: &Tx<'_>, row: DamagedRow) -> Result<(), StoreError> {
        self.given_up.borrow_mut().push(give_up(tx, row)?);
        Ok(())
    }

    /// Claims the mails of `due` that may be sent still.
    fn claim_each(
        &self,
        tx: &Tx<'_>,
        due: Vec<QueuedMail>,
        now: Timestamp,
    ) -> Result<Vec<Claimed>, StoreError> {
        let (claim, mut claimed) = (tx.mail_claim()?, Vec::new());
        for mut queued in due {
            queued.delivery.in_flight = false;
            match withdraw_guarded(tx, &queued, &self.guard, now) {
                // What it proposes cannot be read: it may be what the guard withholds.
                Err(why) if why.is_damage() => {
                    self.give_up(
                        tx,
                        DamagedRow {
                            id: queued.mail_id.to_string(),
                            why,
                        },
                    )?;
                    continue;
                }
                withdrawn => {
                    if withdrawn? {
                        continue;
                    }
                }
            }
            tx.claim_mail(&queued.mail_id, claim)?;
            self.claims
                .borrow_mut()
                .insert(queued.mail_id.clone(), claim);
            let QueuedMail {
                mail_id,
                mail,
                delivery,
                message_id,
            } = queued;
            claimed.push(Claimed {
                mail_id,
                mail,
                delivery,
                message_id,
            });
        }
        Ok(claimed)
    }
}

/// Gives up a mail that cannot be read, and logs it.
pub(crate) fn give_up(tx: &Tx<'_>, row: DamagedRow) -> Result<MailId, StoreError> {
    let (mail_id, why) = (MailId::new(row.id), row.why);
    tracing::error!(mail.id = mail_id.as_str(), error = %why, "A mail is given up that cannot be sent as it was written; those behind it go on");
    tx.give_up_mail(
        &mail_id,
        "E_STORE_DAMAGED: what is kept of it is not what was written",
    )?;
    Ok(mail_id)
}

impl Outbox for StoreOutbox<'_> {
    type Error = StoreError;

    fn claim(&self, now: Timestamp, limit: usize) -> Result<Vec<Claimed>, StoreError> {
        let claimed = self.store.write_as(
            Durability::WithNext,
            "claim mails",
            |tx| -> Result<Vec<Claimed>, StoreError> {
                if tx.setting(Setting::DigestsWanted)? == Some(1) {
                    return Ok(Vec::new());
                }
                loop {
                    let due = tx.due_mails(now.plus(self.clock_offset), limit)?;
                    if due.rows.is_empty() && due.damaged.is_empty() {
                        return Ok(Vec::new());
                    }
                    due.damaged
                        .into_iter()
                        .try_for_each(|row| self.give_up(tx, row))?;
                    let claimed = self.claim_each(tx, due.rows, now)?;
                    if !claimed.is_empty() {
                        return Ok(claimed);
                    }
                }
            },
        )?;
        fault_point("mail_claimed");
        Ok(claimed)
    }

    fn in_flight(&self, one: &Claimed) -> Result<bool, StoreError> {
        let claim = self.claims.borrow().get(&one.mail_id).copied();
        let in_flight = MailDelivery {
            state: MailState::Sending,
            in_flight: true,
            ..one.delivery.clone()
        };
        let is_ours = self.store.write_tx("note a mail in flight", |tx| {
            claim.map_or(Ok(false), |claim| {
                tx.record_claimed(&one.mail_id, &in_flight, claim)
            })
        })?;
        if !is_ours {
            tracing::warn!(
                mail.id = one.mail_id.as_str(),
                "A mail took longer than a worker may hold it; another one sends it"
            );
        }
        fault_point("mail_in_flight");
        Ok(is_ours)
    }

    fn record(&self, outcomes: &[(MailId, MailDelivery)]) -> Result<(), StoreError> {
        fault_point("mail_sent");
        let outcomes: Vec<_> = outcomes
            .iter()
            .map(|(mail_id, delivery)| {
                (
                    mail_id,
                    with_clock_offset(delivery.clone(), self.clock_offset),
                )
            })
            .collect();
        let recorded = self.store.write_as(
            self.taken,
            "record deliveries",
            |tx| -> Result<Vec<bool>, StoreError> {
                let claims = self.claims.borrow();
                let record = |(mail_id, delivery): &(&MailId, MailDelivery)| {
                    claims.get(*mail_id).map_or(Ok(false), |claim| {
                        tx.record_claimed(mail_id, delivery, *claim)
                    })
                };
                outcomes.iter().map(record).collect()
            },
        )?;
        for ((mail_id, delivery), recorded) in outcomes.iter().zip(recorded) {
            log_outcome(mail_id, delivery, recorded);
            if !recorded && delivery.state == MailState::Sent {
                self.sent_late.set(self.sent_late.get() + 1);
            }
        }
        Ok(())
    }
}

/// Logs an unexpected outcome of a mail.
fn log_outcome(mail_id: &MailId, delivery: &MailDelivery, recorded: bool) {
    let (mail_id, state, attempts) = (mail_id.as_str(), delivery.state.name(), delivery.attempts);
    if !recorded {
        tracing::error!(
            mail.id = mail_id,
            state,
            "A mail took longer than a worker may hold it; it may be sent twice"
        );
    } else if matches!(
        delivery.state,
        MailState::Uncertain | MailState::Dead | MailState::Expired
    ) {
        tracing::warn!(
            mail.id = mail_id,
            state,
            attempts,
            reply = delivery.last_reply.as_ref().map(tracing::field::display),
            "A mail could not be sent, or nobody knows"
        );
    }
}
