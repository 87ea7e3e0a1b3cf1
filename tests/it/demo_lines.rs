//! What happened to the subscribers of the demo's city, and when it could be known.

use std::collections::{BTreeMap, BTreeSet};

use sisan::domain::alert::{Alert, AlertId};
use sisan::domain::event::{Event, EventData, MemberChangeKind};
use sisan::domain::ids::{GroupId, SubscriberId};
use sisan::domain::local_day::Timestamp;
use sisan::domain::task::Task;

/// What happened to subscribers.
pub struct Lines(BTreeMap<SubscriberId, Vec<Happened>>);

struct Happened {
    at: Timestamp,
    /// Some deliveries are late.
    known_at: Timestamp,
    /// When it was known that it was none.
    retracted_at: Timestamp,
    what: EventData,
}

impl Lines {
    pub fn of_events(deliveries: &[&Event]) -> Self {
        let clocks = deliveries.iter().scan(Timestamp::MIN, |clock, event| {
            *clock = event.order.time.max(*clock);
            Some(*clock)
        });
        let mut retracted = BTreeMap::new();
        for (event, known_at) in deliveries.iter().zip(clocks.clone()) {
            if let EventData::Retraction(target) = &event.data {
                retracted
                    .entry((target.source.clone(), target.id.clone()))
                    .or_insert(known_at);
            }
        }
        let mut lines = BTreeMap::<_, Vec<Happened>>::new();
        for (event, known_at) in deliveries.iter().zip(clocks) {
            let line = match &event.data {
                EventData::SubscriberStatus(status) => &status.subscriber_id,
                EventData::Membership(membership) => &membership.subscriber_id,
                _ => continue,
            };
            let retracted_at = retracted
                .get(&(event.order.source.clone(), event.order.id.clone()))
                .copied()
                .unwrap_or(Timestamp::MAX);
            let happened = Happened {
                at: event.order.time,
                known_at,
                retracted_at,
                what: event.data.clone(),
            };
            lines.entry(line.clone()).or_default().push(happened);
        }
        lines
            .values_mut()
            .for_each(|events| events.sort_by_key(|happened| happened.at));
        Self(lines)
    }

    /// Whether a group had members, by what was known then.
    pub fn has_members(&self, group: &GroupId, then: Timestamp) -> bool {
        self.0
            .keys()
            .any(|line| !self.is_gone(line, Some(group), then))
    }

    /// Whether a subscriber had left the network, or the group, by what was known then.
    pub fn is_gone(&self, line: &SubscriberId, group: Option<&GroupId>, then: Timestamp) -> bool {
        let (mut has_churned, mut member_of) = (false, None);
        let known =
            |one: &&Happened| one.at <= then && one.known_at <= then && one.retracted_at > then;
        for happened in self.0.get(line).into_iter().flatten().filter(known) {
            match &happened.what {
                EventData::SubscriberStatus(status) => has_churned = status.status.is_churned(),
                EventData::Membership(membership)
                    if membership.change == MemberChangeKind::Joined =>
                {
                    member_of = Some(&membership.group_id)
                }
                EventData::Membership(membership) if member_of == Some(&membership.group_id) => {
                    member_of = None
                }
                _ => {}
            }
        }
        has_churned || (group.is_some() && member_of != group)
    }

    /// The subscribers of a task that had gone then, and how many it names.
    pub fn gone_of(
        &self,
        task: &Task,
        alerts: &BTreeMap<AlertId, Alert>,
        then: Timestamp,
    ) -> (Vec<SubscriberId>, usize) {
        let named = task
            .alert_ids
            .iter()
            .filter_map(|id| alerts.get(id))
            .flat_map(Alert::named_subscribers)
            .chain(task.subscribers.iter().cloned());
        let named: BTreeSet<SubscriberId> =
            named.filter(|line| self.0.contains_key(line)).collect();
        let count = named.len();
        let gone = named
            .into_iter()
            .filter(|line| self.is_gone(line, task.group_id(), then));
        (gone.collect(), count)
    }
}
