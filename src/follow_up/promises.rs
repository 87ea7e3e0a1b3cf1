//! What was promised to a customer in a contact, and whether it was kept.
//!
//! It does not know what is made of a promise: a task is. Invariant: a promise is kept only by a
//! later contact that names it as fulfilled.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::domain::event::Contact;
use crate::domain::ids::ContactId;
use crate::domain::local_day::Timestamp;
use crate::domain::names::names;
use crate::domain::zone::Zone;

names! {
    /// What became of a promise.
    pub(crate) enum PromiseState {
        /// Its day has not passed.
        Open = "open",
        /// Kept in time.
        Kept = "kept",
        KeptLate = "kept_late",
        /// Its day has passed.
        Broken = "broken",
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Promise<'a> {
    /// The contact in which it was given.
    pub contact: &'a Contact,
    /// For which day.
    pub promised_on: NaiveDate,
    /// What became of it.
    pub state: PromiseState,
    /// The day on which it was kept.
    pub kept_on: Option<NaiveDate>,
}

/// The promises among the contacts of one group customer, in the order of their days.
#[must_use]
pub(crate) fn promises<'a>(
    contacts: &[(Timestamp, &'a Contact)],
    zone: Zone,
    today: NaiveDate,
) -> Vec<Promise<'a>> {
    let mut keeping: BTreeMap<&ContactId, Vec<Timestamp>> = BTreeMap::new();
    for (at, contact) in contacts {
        contact
            .fulfils
            .iter()
            .for_each(|promise| keeping.entry(promise).or_default().push(*at));
    }
    let mut all: Vec<Promise<'a>> = Vec::new();
    for (at, contact) in contacts {
        let Some(promised_on) = contact.promised_on else {
            continue;
        };
        let kept = keeping
            .get(&contact.contact_id)
            .into_iter()
            .flatten()
            .filter(|later| *later >= at)
            .min();
        let kept_on = kept.map(|later| zone.day_of(*later).date());
        let state = match kept_on {
            Some(on) if on <= promised_on => PromiseState::Kept,
            Some(_) => PromiseState::KeptLate,
            None if today <= promised_on => PromiseState::Open,
            None => PromiseState::Broken,
        };
        all.push(Promise {
            contact,
            promised_on,
            state,
            kept_on,
        });
    }
    all.sort_by(|a, b| {
        (a.promised_on, &a.contact.contact_id).cmp(&(b.promised_on, &b.contact.contact_id))
    });
    all
}
