//! The port-out guard (携号转网 rules, 2019-12-01): once a member is authorised to port, nobody
//! proposes offers or special tariffs to him.
//!
//! It does not know timelines: the caller passes the current state of the subscribers. Invariant:
//! it holds for its time only, and ends when the query is withdrawn.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::event::PortStage;
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::Timestamp;
use crate::domain::timeline::{SubscriberFact, SubscriberNow, SubscriberTrouble, Walk};

/// The current state of a subscriber that an alert names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SubscriberStanding {
    /// The subscriber at the end of its timeline.
    pub now: SubscriberNow,
    /// Since when it may be ported, if that was not withdrawn.
    pub authorised_at: Option<Timestamp>,
    /// 预销
    pub pre_cancelled: bool,
}

impl SubscriberStanding {
    /// From what happened to the subscriber.
    #[must_use]
    pub(crate) fn of_subscriber(subscriber: &Walk<'_>) -> Self {
        let facts: Vec<SubscriberFact> = subscriber.facts().collect();
        let mut holding = facts.iter().rev().filter(|fact| fact.holds);
        Self {
            now: subscriber.now(),
            authorised_at: holding
                .clone()
                .find(|fact| fact.trouble == SubscriberTrouble::Porting(PortStage::Authorised))
                .map(|fact| fact.at),
            pre_cancelled: holding
                .any(|fact| matches!(fact.trouble, SubscriberTrouble::PreCancelled { .. })),
        }
    }

    /// Whether the guard holds for it.
    #[must_use]
    pub(crate) fn is_guarded(&self, guard: TimeDelta, now: Timestamp) -> bool {
        self.authorised_at.is_some_and(|at| now < at.plus(guard))
    }
}

/// The current state of every subscriber that is needed.
pub(crate) type SubscriberStandings = BTreeMap<SubscriberId, SubscriberStanding>;

/// Whether the guard holds for one of the subscribers that a task or an alert names.
#[must_use]
pub(crate) fn is_guarded(
    named: impl IntoIterator<Item = SubscriberId>,
    subscribers: &SubscriberStandings,
    guard: TimeDelta,
    now: Timestamp,
) -> bool {
    named.into_iter().any(|subscriber| {
        subscribers
            .get(&subscriber)
            .is_some_and(|standing| standing.is_guarded(guard, now))
    })
}
