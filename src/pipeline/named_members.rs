//! Members whom alerts name: noted when these fire, settled when the month in which their 30 days
//! end is closed.
//!
//! Invariant: as long as events of a month are taken, who was kept in it is told by the timelines
//! as they stand; from its closing on, by what was settled then.

use crate::domain::alert::{Alert, AlertChange, ResolvedBecause};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::{Month, Timestamp};
use crate::domain::named_member::NamedMember;
use crate::domain::reference::Reference;
use crate::domain::timeline::SubscriberTimeline;
use crate::domain::zone::Zone;
use crate::follow_up::named_members::named_members;
use crate::store::{StoreError, Tx};

use super::follow::timelines_of;

/// Notes the members whom alerts name that fire now.
pub(super) fn note(
    tx: &Tx<'_>,
    changes: &[AlertChange],
    reference: &Reference,
) -> Result<(), StoreError> {
    let opened = || {
        changes.iter().filter_map(|change| {
            if let AlertChange::Opened(alert) = change {
                Some(alert)
            } else {
                None
            }
        })
    };
    let known = timelines_of(tx, opened().flat_map(Alert::named_subscribers).collect())?;
    for alert in opened() {
        let is_member = |subscriber: &SubscriberId, group: &GroupId| {
            is_member_of(group, known.get(subscriber), alert.opened_at)
        };
        named_members(alert, reference, is_member)
            .iter()
            .try_for_each(|one| tx.insert_named_member(one))?;
    }
    Ok(())
}

/// Settles who was kept, of those whose 30 days end before an instant; nothing that happened before
/// it is taken any more.
pub fn settle_named_members(tx: &Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    let settled = with_kept(tx, tx.unsettled_named_members(before)?)?;
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
        if one.ends_at <= now && because != Some(ResolvedBecause::Retracted) {
            ended.push(one);
        }
    }
    with_kept(tx, ended)
}

/// Each with whether he was kept: as it was settled, or as the timelines say.
fn with_kept(tx: &Tx<'_>, all: Vec<NamedMember>) -> Result<Vec<(NamedMember, bool)>, StoreError> {
    let known = timelines_of(
        tx,
        all.iter().map(|one| one.subscriber_id.clone()).collect(),
    )?;
    let is_kept = |one: &NamedMember| {
        one.kept.unwrap_or_else(|| {
            is_member_of(&one.group_id, known.get(&one.subscriber_id), one.ends_at)
        })
    };
    let with_kept = |one: NamedMember| {
        let kept = is_kept(&one);
        (one, kept)
    };
    Ok(all.into_iter().map(with_kept).collect())
}

fn is_member_of(group: &GroupId, subscriber: Option<&SubscriberTimeline>, at: Timestamp) -> bool {
    subscriber.is_some_and(|subscriber| subscriber.walk().member_group_at(at) == Some(group))
}
