//! An outbox that keeps every record in order, and can fail.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;

use crate::domain::alert::MailId;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::{Mail, MailDelivery, MailState};
use crate::notify::deliver::{Claimed, Outbox};
use crate::notify::fixtures;
use crate::notify::mime::message_id;

pub(super) struct Memory {
    pub(super) mails: RefCell<BTreeMap<MailId, (Mail, MailDelivery)>>,
    pub(super) records: RefCell<Vec<(MailId, MailState)>>,
    pub(super) records_left: Cell<Option<usize>>,
    /// Its answer for a mail that is about to be in flight; none: nothing can be committed.
    pub(super) is_ours: Cell<Option<bool>>,
}

impl Memory {
    pub(super) fn with(mails: Vec<Mail>) -> Self {
        Self {
            mails: RefCell::new(
                mails
                    .into_iter()
                    .map(|mail| (mail.mail_id(), (mail, fixtures::queued())))
                    .collect(),
            ),
            records: RefCell::default(),
            records_left: Cell::new(None),
            is_ours: Cell::new(Some(true)),
        }
    }

    pub(super) fn states(&self) -> Vec<MailState> {
        self.mails
            .borrow()
            .values()
            .map(|(_, delivery)| delivery.state)
            .collect()
    }
}

impl Outbox for Memory {
    type Error = String;

    fn claim(&self, now: Timestamp, limit: usize) -> Result<Vec<Claimed>, String> {
        let mut mails = self.mails.borrow_mut();
        let waits = |state| {
            matches!(
                state,
                MailState::Queued | MailState::Deferred | MailState::Uncertain
            )
        };
        let due = mails
            .iter_mut()
            .filter(|(_, (_, delivery))| waits(delivery.state) && delivery.next_attempt_at <= now)
            .take(limit);
        Ok(due
            .map(|(mail_id, (mail, delivery))| {
                let before = delivery.clone();
                delivery.state = MailState::Sending;
                Claimed {
                    mail_id: mail_id.clone(),
                    mail: mail.clone(),
                    delivery: before,
                    message_id: message_id(mail_id, &fixtures::sender()),
                }
            })
            .collect())
    }

    fn in_flight(&self, one: &Claimed) -> Result<bool, String> {
        self.mails
            .borrow_mut()
            .get_mut(&one.mail_id)
            .expect("a known mail")
            .1
            .in_flight = true;
        match self.is_ours.get() {
            None => Err("disk full".into()),
            Some(is_ours) => Ok(is_ours),
        }
    }

    fn record(&self, outcomes: &[(MailId, MailDelivery)]) -> Result<(), String> {
        match self.records_left.get() {
            Some(0) => return Err("disk full".into()),
            Some(n) => self.records_left.set(Some(n - 1)),
            None => {}
        }
        for (mail_id, delivery) in outcomes {
            self.records
                .borrow_mut()
                .push((mail_id.clone(), delivery.state));
            self.mails
                .borrow_mut()
                .get_mut(mail_id)
                .expect("a known mail")
                .1 = delivery.clone();
        }
        Ok(())
    }
}
