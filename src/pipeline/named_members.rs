//! The members whom alerts name, loaded and saved: noted in the transaction of the evaluation in
//! which these fire, settled in that of a month's closing.

use crate::domain::alert::AlertChange;
use crate::domain::local_day::{Month, Timestamp};
use crate::domain::named_member::NamedMember;
use crate::domain::reference::Reference;
use crate::domain::zone::Zone;
use crate::plan::{is_counted, members_of_opened, named_by_opened, with_kept};
use crate::store::{StoreError, Tx};

use super::subscribers::timelines_of;

/// Notes the members whom alerts name that fire now.
pub(super) fn note(
    tx: &Tx<'_>,
    changes: &[AlertChange],
    reference: &Reference,
) -> Result<(), StoreError> {
    let known = timelines_of(tx, named_by_opened(changes))?;
    members_of_opened(changes, reference, &known)
        .iter()
        .try_for_each(|one| tx.insert_named_member(one))
}

/// Settles who was kept, of those whose 30 days end before an instant; events from before it are no
/// longer accepted.
pub fn settle_named_members(tx: &Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    let settled = load_kept(tx, tx.unsettled_named_members(before)?)?;
    tx.settle_named_members(&settled)
}

/// The named members whose 30 days end in a month and have ended at `now`, each with whether he was
/// kept. An alert that was retracted has named nobody.
pub fn ended_named_members(
    tx: &Tx<'_>,
    month: Month,
    zone: Zone,
    now: Timestamp,
) -> Result<Vec<(NamedMember, bool)>, StoreError> {
    let (from, until) = zone.span_of(month);
    let mut ended = Vec::new();
    for one in tx.named_members(from, until)? {
        let because = tx
            .alert(&one.alert_id)?
            .and_then(|alert| alert.resolved_because);
        if is_counted(&one, because, now) {
            ended.push(one);
        }
    }
    load_kept(tx, ended)
}

fn load_kept(tx: &Tx<'_>, all: Vec<NamedMember>) -> Result<Vec<(NamedMember, bool)>, StoreError> {
    let subscribers = all.iter().map(|one| one.subscriber_id.clone()).collect();
    let known = timelines_of(tx, subscribers)?;
    Ok(with_kept(all, &known))
}
