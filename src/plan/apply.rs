//! Applying events: each timeline before and after, and the difference that it makes to the day
//! counters.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::brief_hint::{BriefHint, HINT_AGE_MAX};
use crate::domain::complaints::ComplaintsOf;
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::{Event, EventData};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::timeline::{BilledSubscriberKey, Differences, Walk};
use crate::domain::zone::Zone;
use crate::evaluate::rules::Rules;
use crate::evaluate::signals::is_judged;

use super::brief_hints::{note_other, note_subscriber};
use super::checks::{Judgeable, check_at};
use super::classify::Target;

/// What applying needs beside the events.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ApplyRules {
    /// In which days begin and end.
    pub zone: Zone,
    /// The first instant that is still open, if any month is closed.
    pub closed_before: Option<Timestamp>,
    /// Whether what is closed is folded into the base state of its subscriber.
    pub folds: bool,
    /// How long what happened to a subscriber settles before it is judged.
    pub settle: TimeDelta,
    /// When a complaint may first be open for too long, after it was filed.
    pub complaint_open: TimeDelta,
    /// An answer below this is judged, in thousandths on the 100 scale.
    pub low_score_thousandths: i64,
    /// What happened before is too old for a brief.
    pub hints_since: Timestamp,
}

impl ApplyRules {
    /// Those of a batch that is ingested at an instant, before or after the first instant that is
    /// still open, and while anything `is_loading` or not.
    pub(crate) fn new(
        rules: &Rules,
        (closed_before, is_loading): (Option<Timestamp>, bool),
        ingested_at: Timestamp,
    ) -> Self {
        let signals = &rules.signals;
        Self {
            zone: rules.zone,
            closed_before,
            // Closed months are not folded while anything is being loaded, so that its events find
            // their order.
            folds: !is_loading,
            settle: signals.settle,
            complaint_open: signals.complaint_open.min(signals.complaint_open_tier_a),
            low_score_thousandths: signals.low_score_thousandths,
            hints_since: ingested_at.plus(-HINT_AGE_MAX),
        }
    }
}

/// What happens to a timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
enum TimelineChange {
    Put(Box<Event>),
    Retract(Box<Target>),
}

/// All that happens to one timeline: mostly one thing.
#[derive(Debug)]
pub(crate) struct TimelineChanges {
    first: TimelineChange,
    more: Vec<TimelineChange>,
}

impl TimelineChanges {
    fn iter(&self) -> impl Iterator<Item = &TimelineChange> {
        std::iter::once(&self.first).chain(&self.more)
    }

    /// The earliest day that they can change; none if that is not known, as of a retraction.
    fn since(&self, zone: Zone) -> Option<LocalDay> {
        let day = |change: &TimelineChange| match change {
            TimelineChange::Put(event) => Some(zone.day_of(event.order.time)),
            TimelineChange::Retract(_) => None,
        };
        self.iter().map(day).min().flatten()
    }

    /// From when on they may have changed what happened, as far as that is no older than `oldest`;
    /// none for retractions alone, which bring nothing new.
    fn hints_from(&self, oldest: Timestamp) -> Option<Timestamp> {
        let time = |change: &TimelineChange| match change {
            TimelineChange::Put(event) => Some(event.order.time),
            TimelineChange::Retract(_) => None,
        };
        self.iter()
            .filter_map(time)
            .min()
            .map(|first| first.max(oldest))
    }
}

/// What applying events did, beside changing the timelines.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// To the day counters.
    pub differences: Differences,
    /// To the number of bills of subscribers.
    pub billed_subscribers: BTreeMap<BilledSubscriberKey, BTreeMap<LocalDay, i64>>,
    /// To the number of complaints by category.
    pub complaints: BTreeMap<ComplaintsOf, i64>,
    /// Subscribers, complaints and answers that are to be judged, and when.
    pub signal_checks: BTreeMap<EntityKey, Timestamp>,
    pub hints: Vec<BriefHint>,
}

impl Effects {
    /// Adds what was done to other timelines.
    pub(crate) fn merge(&mut self, other: Self) {
        self.differences.merge(other.differences);
        self.signal_checks.extend(other.signal_checks);
        other
            .complaints
            .into_iter()
            .for_each(|(of, n)| *self.complaints.entry(of).or_default() += n);
        self.hints.extend(other.hints);
        for (subscriber, days) in other.billed_subscribers {
            let mine = self.billed_subscribers.entry(subscriber).or_default();
            days.into_iter()
                .for_each(|(day, n)| *mine.entry(day).or_default() += n);
        }
    }
}

/// Accepted events and retracted targets by the timeline that they go to, in the order in which the
/// store keeps timelines.
pub(crate) fn by_timeline(
    accepted: Vec<(EntityKey, Box<Event>)>,
    retracted: Vec<(EntityKey, Target)>,
) -> impl Iterator<Item = (EntityKey, TimelineChanges)> {
    let puts = accepted
        .into_iter()
        .map(|(key, event)| (key, TimelineChange::Put(event)));
    let retracts = retracted
        .into_iter()
        .map(|(key, target)| (key, TimelineChange::Retract(Box::new(target))));
    let mut changes: Vec<Option<(EntityKey, TimelineChange)>> =
        puts.chain(retracts).map(Some).collect();
    let mut order: Vec<(u128, usize)> = changes
        .iter()
        .flatten()
        .map(|(key, _)| key.digest())
        .zip(0..)
        .collect();
    order.sort_unstable();
    let mut order = order.into_iter().peekable();
    std::iter::from_fn(move || {
        let (digest, first) = order.next()?;
        let (key, first) = changes[first].take()?;
        let mut more = Vec::new();
        while let Some((_, at)) = order.next_if(|(next, _)| *next == digest) {
            more.extend(changes[at].take().map(|(_, change)| change));
        }
        Some((key, TimelineChanges { first, more }))
    })
}

/// Puts events into their timeline and removes retracted ones.
pub(crate) fn apply(
    entity: &mut Entity,
    key: &EntityKey,
    changes: TimelineChanges,
    rules: ApplyRules,
    effects: &mut Effects,
) {
    if let (Entity::Subscriber(subscriber), Some(closed), true) =
        (&mut *entity, rules.closed_before, rules.folds)
    {
        subscriber.fold(closed);
    }
    let since = changes.since(rules.zone);
    let hints_from = changes.hints_from(rules.hints_since);
    let mark = effects.differences.mark();
    let before = contribute(entity, since, rules.zone, -1, effects, |_, _| {});
    for change in std::iter::once(changes.first).chain(changes.more) {
        match change {
            TimelineChange::Put(event)
                if comes_after_its_fold(entity, &event, rules.closed_before) => {}
            TimelineChange::Put(event) => put_event(entity, *event),
            TimelineChange::Retract(target) => retract(entity, &target),
        }
    }
    let after = contribute(entity, since, rules.zone, 1, effects, |walk, hints| {
        if let Some(from) = hints_from {
            note_subscriber(walk, key, from, hints);
        }
    });
    if let Some(from) = hints_from {
        note_other(
            entity,
            key,
            from,
            rules.low_score_thousandths,
            &mut effects.hints,
        );
    }
    effects.differences.settle(mark);
    if let Some(at) = check_at(&before, &after, rules) {
        effects.signal_checks.insert(key.clone(), at);
    }
}

/// Adds the changes of the number of a subscriber's bills to its state.
pub(crate) fn apply_billed_subscriber(
    entity: &mut Entity,
    key: &EntityKey,
    days: BTreeMap<LocalDay, i64>,
    differences: &mut Differences,
) {
    let (Entity::BilledSubscriber(subscriber), EntityKey::BilledSubscriber(key)) = (entity, key)
    else {
        return;
    };
    subscriber.contribute(&key.group_id, -1, differences);
    days.into_iter().for_each(|(day, n)| subscriber.add(day, n));
    subscriber.contribute(&key.group_id, 1, differences);
}

/// Whether an event of a closed month reaches a subscriber whose closed months are folded: it is
/// older than the base state then, which stays.
fn comes_after_its_fold(entity: &Entity, event: &Event, closed_before: Option<Timestamp>) -> bool {
    let Entity::Subscriber(subscriber) = entity else {
        return false;
    };
    subscriber.is_folded() && closed_before.is_some_and(|closed| event.order.time < closed)
}

/// Adds what a timeline contributes, before (`sign` −1) or after (1) its changes, none of which is
/// earlier than `since`. Returns what of it is judged; `note` sees the walk through a subscriber.
fn contribute(
    entity: &Entity,
    since: Option<LocalDay>,
    zone: Zone,
    sign: i64,
    effects: &mut Effects,
    note: impl FnOnce(&Walk<'_>, &mut Vec<BriefHint>),
) -> Judgeable {
    let Effects {
        differences,
        billed_subscribers,
        complaints,
        hints,
        ..
    } = effects;
    match entity {
        Entity::Subscriber(subscriber) => {
            let walk = subscriber.walk();
            walk.contribute(zone, since, sign, differences);
            note(&walk, hints);
            return Judgeable::Subscriber(walk.facts().filter(is_judged).collect());
        }
        Entity::Complaint(complaint) => {
            complaint.contribute(zone, sign, differences, |of, n| {
                *complaints.entry(of).or_default() += n
            });
            return Judgeable::Complaint(complaint.now());
        }
        Entity::Survey(answer) => {
            answer.contribute(zone, sign, differences);
            return Judgeable::Answer(answer.now());
        }
        Entity::Bill(bill) => bill.contribute(zone, sign, differences, |subscriber, day, n| {
            *billed_subscribers
                .entry(subscriber)
                .or_default()
                .entry(day)
                .or_default() += n;
        }),
        Entity::BilledSubscriber(_) => {}
    }
    Judgeable::Nothing
}

fn put_event(entity: &mut Entity, event: Event) {
    let Event { order, data } = event;
    match (entity, data) {
        (Entity::Subscriber(subscriber), EventData::SubscriberStatus(e)) => {
            subscriber.put_status(order, &e)
        }
        (Entity::Subscriber(subscriber), EventData::Membership(e)) => {
            subscriber.put_membership(order, e)
        }
        (Entity::Subscriber(subscriber), EventData::PortOut(e)) => {
            subscriber.put_port_out(order, e.stage)
        }
        (Entity::Complaint(complaint), EventData::Complaint(e)) => {
            complaint.put_complaint(order, e)
        }
        (Entity::Survey(answer), EventData::Survey(e)) => {
            let score = e.hundred_thousandths();
            answer.put_answer(order, e.group_id, score);
        }
        (Entity::Bill(bill), EventData::Bill(e)) => bill.put_bill(order, e),
        (Entity::Bill(bill), EventData::Payment(e)) => bill.put_payment(order, e),
        _ => {}
    }
}

fn retract(entity: &mut Entity, Target { source, id }: &Target) {
    match entity {
        Entity::Subscriber(subscriber) => subscriber.retract(source, id),
        Entity::Complaint(complaint) => complaint.retract(source, id),
        Entity::Survey(answer) => answer.retract(source, id),
        Entity::Bill(bill) => bill.retract(source, id),
        Entity::BilledSubscriber(_) => false,
    };
}

#[cfg(test)]
#[path = "apply_tests.rs"]
mod tests;
