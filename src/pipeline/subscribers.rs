//! Subscribers, loaded: their timelines, and the current states that follow from these.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::ids::SubscriberId;
use crate::domain::timeline::SubscriberTimeline;
use crate::plan::{SubscriberStanding, SubscriberStandings};
use crate::store::{StoreError, Tx};

/// The current states of those of the subscribers that are known.
pub(crate) fn subscriber_standings(
    tx: &Tx<'_>,
    subscribers: BTreeSet<SubscriberId>,
) -> Result<SubscriberStandings, StoreError> {
    let standing =
        |timeline: SubscriberTimeline| SubscriberStanding::of_subscriber(&timeline.walk());
    Ok(timelines_of(tx, subscribers)?
        .into_iter()
        .map(|(subscriber, timeline)| (subscriber, standing(timeline)))
        .collect())
}

/// The timelines of those of the subscribers that have one.
pub(super) fn timelines_of(
    tx: &Tx<'_>,
    subscribers: BTreeSet<SubscriberId>,
) -> Result<BTreeMap<SubscriberId, SubscriberTimeline>, StoreError> {
    if subscribers.is_empty() {
        return Ok(BTreeMap::new());
    }
    let keys: Vec<EntityKey> = subscribers
        .iter()
        .cloned()
        .map(EntityKey::Subscriber)
        .collect();
    let known = subscribers.into_iter().zip(tx.timelines(&keys)?);
    let timeline = |(subscriber, entity)| match entity {
        Some(Entity::Subscriber(timeline)) => Some((subscriber, timeline)),
        _ => None,
    };
    Ok(known.filter_map(timeline).collect())
}
