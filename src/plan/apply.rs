//! Applying events: timelines before and after, and the difference that they make to the day counters.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::{Event, EventData};
use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::{LocalDay, Timestamp, Zone};
use crate::domain::timeline::{BilledLineKey, Differences, LineFact};

use super::classify::{Target, route};

/// An applied event, and whether a retraction that came earlier takes it out again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The event.
    pub event: Event,
    /// Already retracted: it has an identity and no effect.
    pub retracted: bool,
}

/// What applying events did, beside changing the timelines.
#[derive(Debug, Default)]
pub struct Effects {
    /// To the day counters.
    pub differences: Differences,
    /// To the number of bills of lines.
    pub billed_lines: BTreeMap<BilledLineKey, BTreeMap<LocalDay, i64>>,
    /// Lines whose news is to be judged, and when.
    pub signal_checks: BTreeMap<SubscriberId, Timestamp>,
}

/// The timelines that these events and retracted targets touch.
#[must_use]
pub fn touched_keys<'a>(
    accepted: impl Iterator<Item = &'a Accepted>,
    retracted: impl Iterator<Item = &'a (EntityKey, Target)>,
) -> FastSet<EntityKey> {
    accepted
        .filter(|one| !one.retracted)
        .map(|one| route(&one.event.data))
        .chain(retracted.map(|(key, _)| key.clone()))
        .filter(|key| Entity::empty(key).is_some())
        .collect()
}

/// Puts events into their timelines and takes retracted ones out. `entities` holds every touched timeline.
pub fn apply_events(
    accepted: Vec<Accepted>,
    retracted: &[(EntityKey, Target)],
    entities: &mut FastMap<EntityKey, Entity>,
    zone: Zone,
    closed_before: Option<Timestamp>,
    settle: TimeDelta,
) -> Effects {
    let mut effects = Effects::default();
    let mut facts_before = FastMap::default();
    for (key, entity) in &mut *entities {
        if let (Entity::Subscriber(line), Some(closed)) = (&mut *entity, closed_before) {
            line.fold(closed);
        }
        if let (Entity::Subscriber(line), EntityKey::Subscriber(id)) = (&*entity, key) {
            facts_before.insert(id.clone(), line.facts());
        }
        contribute(entity, zone, -1, &mut effects);
    }
    for Accepted { event, .. } in accepted.into_iter().filter(|one| !one.retracted) {
        if let Some(entity) = entities.get_mut(&route(&event.data)) {
            put(entity, event);
        }
    }
    for (key, target) in retracted {
        if let Some(entity) = entities.get_mut(key) {
            retract(entity, target);
        }
    }
    for (key, entity) in entities {
        contribute(entity, zone, 1, &mut effects);
        if let (Entity::Subscriber(line), EntityKey::Subscriber(id)) = (&*entity, key) {
            let before = facts_before.remove(id).unwrap_or_default();
            if let Some(last) = last_change(&before, &line.facts()) {
                effects.signal_checks.insert(id.clone(), last.plus(settle));
            }
        }
    }
    effects.billed_lines.retain(|_, days| days.values().any(|n| *n != 0));
    effects
}

/// Adds the changes of billed lines to their states. `entities` holds every one of them.
pub fn apply_billed_lines(effects: &mut Effects, entities: &mut FastMap<EntityKey, Entity>) {
    for (key, days) in std::mem::take(&mut effects.billed_lines) {
        let group = key.group_id.clone();
        if let Some(Entity::BilledLine(line)) = entities.get_mut(&EntityKey::BilledLine(key)) {
            line.contribute(&group, -1, &mut effects.differences);
            days.into_iter().for_each(|(day, n)| line.add(day, n));
            line.contribute(&group, 1, &mut effects.differences);
        }
    }
}

fn contribute(entity: &Entity, zone: Zone, sign: i64, effects: &mut Effects) {
    let Effects { differences, billed_lines, .. } = effects;
    match entity {
        Entity::Subscriber(line) => line.contribute(zone, sign, differences),
        Entity::Complaint(complaint) => complaint.contribute(zone, sign, differences),
        Entity::Survey(answer) => answer.contribute(zone, sign, differences),
        Entity::Bill(bill) => bill.contribute(zone, sign, differences, |line, day, n| {
            *billed_lines.entry(line).or_default().entry(day).or_default() += n;
        }),
        Entity::BilledLine(_) => {}
    }
}

fn put(entity: &mut Entity, event: Event) {
    let Event { order, data } = event;
    match (entity, data) {
        (Entity::Subscriber(line), EventData::SubscriberStatus(e)) => line.put_status(order, &e),
        (Entity::Subscriber(line), EventData::Membership(e)) => line.put_membership(order, e),
        (Entity::Subscriber(line), EventData::PortOut(e)) => line.put_port_out(order, e.stage),
        (Entity::Complaint(complaint), EventData::Complaint(e)) => complaint.put(order, e.group_id, e.state),
        (Entity::Survey(answer), EventData::Survey(e)) => {
            let score = e.hundred_thousandths();
            answer.put(order, e.group_id, score);
        }
        (Entity::Bill(bill), EventData::Bill(e)) => bill.put(order, e),
        (Entity::Bill(bill), EventData::Payment(e)) => bill.put_payment(order, e),
        _ => {}
    }
}

fn retract(entity: &mut Entity, Target { source, id }: &Target) {
    match entity {
        Entity::Subscriber(line) => line.retract(source, id),
        Entity::Complaint(complaint) => complaint.retract(source, id),
        Entity::Survey(answer) => answer.retract(source, id),
        Entity::Bill(bill) => bill.retract(source, id),
        Entity::BilledLine(_) => false,
    };
}

/// When the last fact happened that is new, gone, or holds otherwise than before.
fn last_change(before: &[LineFact], after: &[LineFact]) -> Option<Timestamp> {
    let changed = |one: &[LineFact], other: &[LineFact]| one.iter().filter(|fact| !other.contains(fact)).map(|fact| fact.at).max();
    changed(before, after).max(changed(after, before))
}
