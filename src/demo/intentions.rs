//! What the members of the demo's city mean to do, which they tell the account manager when he asks.
//!
//! Invariant: it tells only what the city's events show later, so that no result of a task is
//! contradicted by what happens after it.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::event::{Event, EventData, MemberChangeKind};
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::Timestamp;

/// When each subscriber leaves the operator or its group customer.
#[derive(Debug, Clone, Default)]
pub struct Intentions(BTreeMap<SubscriberId, Vec<Timestamp>>);

impl Intentions {
    /// Those that follow from a city's events.
    #[must_use]
    pub fn of_events<'a>(events: impl IntoIterator<Item = &'a Event>) -> Self {
        let mut leaves: BTreeMap<SubscriberId, Vec<Timestamp>> = BTreeMap::new();
        for event in events {
            let leaving = match &event.data {
                EventData::SubscriberStatus(status) if status.status.is_churned() => {
                    &status.subscriber_id
                }
                EventData::Membership(change) if change.change == MemberChangeKind::Left => {
                    &change.subscriber_id
                }
                _ => continue,
            };
            let times = leaves.entry(leaving.clone()).or_default();
            times.push(event.order.time);
        }
        Self(leaves)
    }

    /// Whether a subscriber means to leave within so long.
    #[must_use]
    pub(super) fn leaves_within(
        &self,
        subscriber: &SubscriberId,
        now: Timestamp,
        within: TimeDelta,
    ) -> bool {
        let soon = now..now.plus(within);
        self.0
            .get(subscriber)
            .is_some_and(|leaves| leaves.iter().any(|at| soon.contains(at)))
    }
}
