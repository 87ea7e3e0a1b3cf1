//! Batches of deliveries as the worker has them once they are decoded: identities, changes of
//! timelines, and differences of counters. The same for every store; no store is known here.

use chrono::TimeDelta;
use sisan::domain::counters::Counter;
use sisan::domain::delta::CounterDifferences;
use sisan::domain::entity::{Entity, EntityKey};
use sisan::domain::event::{
    MemberChangeKind, Membership, Order, Population, Role, Status, SubscriberStatus,
};
use sisan::domain::identity::{Identity, identity_digest};
use sisan::domain::ids::{GroupId, SubscriberId};
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::domain::short_text::ShortText;
use sisan::domain::timeline::Differences;

use super::Done;

/// Deliveries of a batch, as the worker takes from files.
pub const BATCH: u64 = 40_000;
/// One delivery in so many repeats an earlier one.
const REPEATED_OF: u64 = 100;
/// Subscribers of a group.
const GROUP_OF: u64 = 100;
/// Batches of a day: 3,000,000 deliveries are about 40 days.
const BATCHES_OF_A_DAY: u64 = 2;
/// Days of identities in the filled store.
const DAYS: u64 = 60;
/// Statuses of a timeline in the filled store.
const STATUSES_BEFORE: u64 = 2;
/// The filled store ends here.
const FIRST_DAY: i32 = 20_600;

/// An event of a timeline.
pub enum Put {
    Membership(Order, Box<Membership>),
    Status(Order, Box<SubscriberStatus>),
}

/// The effects of a batch of deliveries.
#[derive(Default)]
pub struct Batch {
    pub identities: Vec<(u128, Identity)>,
    /// By timeline, in the order of the digests.
    pub changes: Vec<(EntityKey, Vec<Put>)>,
    pub counters: CounterDifferences,
}

/// How much is stored before anything is measured.
#[derive(Clone, Copy)]
pub struct Filled {
    pub identities: u64,
    pub members: u64,
}

/// Takes events into a timeline.
pub fn apply(entity: &mut Entity, puts: Vec<Put>) {
    let Entity::Subscriber(subscriber) = entity else {
        return;
    };
    for put in puts {
        match put {
            Put::Membership(order, event) => subscriber.put_membership(order, *event),
            Put::Status(order, event) => subscriber.put_status(order, &event),
        }
    }
}

/// The key of a member's timeline.
pub fn key_of(member: u64) -> Done<EntityKey> {
    Ok(EntityKey::Subscriber(subscriber(member)?))
}

/// Identities from number `first` up to and without `end`, that are in the store from the start.
pub fn filled_identities(first: u64, end: u64) -> Batch {
    let identity = |number| {
        let day = LocalDay::from_number(FIRST_DAY - (number % DAYS) as i32);
        known(filled_digest(number), day, EntityKey::Reference)
    };
    Batch {
        identities: (first..end).map(identity).collect(),
        ..Batch::default()
    }
}

/// The timelines of members from number `first` up to and without `end`.
pub fn filled_timelines(first: u64, end: u64) -> Done<Batch> {
    let mut changes = Vec::new();
    for member in first..end {
        let joined = Membership {
            subscriber_id: subscriber(member)?,
            group_id: group(member)?,
            change: MemberChangeKind::Joined,
            role: Role::Member,
            locked: false,
            population: Population::Group,
        };
        let order = order(FIRST_DAY - DAYS as i32, &format!("join-{member:09}"));
        let mut puts = vec![Put::Membership(order, Box::new(joined))];
        for n in 0..STATUSES_BEFORE {
            puts.push(status(
                member,
                FIRST_DAY - 1 - n as i32,
                &format!("fill-{n}-{member:07}"),
            )?);
        }
        changes.push((key_of(member)?, puts));
    }
    changes.sort_by_cached_key(|(key, _)| key.digest());
    Ok(Batch {
        changes,
        ..Batch::default()
    })
}

/// One of the measured batches. `seed` separates the runs on one store.
pub fn measured(seed: u64, batch: u64, filled: Filled) -> Done<Batch> {
    let source = format!("/bench/run-{seed}");
    let day = LocalDay::from_number(FIRST_DAY + (batch / BATCHES_OF_A_DAY) as i32);
    let (mut identities, mut events) = (Vec::with_capacity(BATCH as usize), Vec::new());
    let mut differences = Differences::default();
    for number in batch * BATCH..(batch + 1) * BATCH {
        let id = format!("{number:010}");
        let digest = identity_digest(&source, &id);
        // A digest is random, so its bits choose.
        let (member, other) = (
            (digest >> 64) as u64 % filled.members.max(1),
            digest as u64 % filled.identities.max(1),
        );
        let key = key_of(member)?;
        if number % REPEATED_OF == 0 && filled.identities > 0 {
            identities.push(known(filled_digest(other), day, key));
            continue;
        }
        identities.push(known(digest, day, key.clone()));
        events.push((key.digest(), key, status(member, day.number(), &id)?));
        differences.add(&group(member)?, day, Counter::Suspended, 1);
        differences.add(&group(member)?, day, Counter::NewlySuspended, 1);
    }
    events.sort_by_key(|(digest, ..)| *digest);
    let mut changes: Vec<(EntityKey, Vec<Put>)> = Vec::with_capacity(events.len());
    for (_, key, put) in events {
        match changes.last_mut().filter(|(last, _)| *last == key) {
            Some((_, puts)) => puts.push(put),
            None => changes.push((key, vec![put])),
        }
    }
    Ok(Batch {
        identities,
        changes,
        counters: differences.into_sorted(),
    })
}

fn filled_digest(number: u64) -> u128 {
    identity_digest("/bench/filled", &number.to_string())
}

fn known(digest: u128, day: LocalDay, went_to: EntityKey) -> (u128, Identity) {
    let meaning = digest as u64;
    let identity = Identity {
        day,
        meaning,
        went_to,
    };
    (digest, identity)
}

fn status(member: u64, day: i32, id: &str) -> Done<Put> {
    let event = SubscriberStatus {
        subscriber_id: subscriber(member)?,
        status: Status::Suspended,
        code: None,
        reason: None,
    };
    Ok(Put::Status(order(day, id), Box::new(event)))
}

fn order(day: i32, id: &str) -> Order {
    Order {
        time: Timestamp::from_micros(TimeDelta::days(day.into()).num_microseconds().unwrap_or(0)),
        id: ShortText::new(id),
        source: ShortText::new("/bench/boss"),
    }
}

fn subscriber(member: u64) -> Done<SubscriberId> {
    Ok(SubscriberId::parse(&format!("S{member:010}"))?)
}

fn group(member: u64) -> Done<GroupId> {
    Ok(GroupId::parse(&format!("G{:07}", member / GROUP_OF))?)
}
