//! Applying a segment's events on every core: timelines are independent of each other, so they are split by key.
//!
//! Invariant: the split changes nothing; effects are sums, and each timeline is in one shard with all of its events.

use std::hash::BuildHasher;
use std::thread;

use chrono::TimeDelta;

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::fast_map::FastMap;
use crate::domain::local_day::{Timestamp, Zone};
use crate::plan::{Accepted, Effects, Target, apply_events, route};
use crate::store::StoreError;
use crate::store::sqlite::PackedTimeline;

/// Below that many timelines a second thread does not pay.
const TIMELINES_MIN: usize = 1_000;
/// Shards, and so threads, at most.
const SHARDS_MAX: usize = 8;

/// What applying needs beside the events.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rules {
    pub(super) zone: Zone,
    pub(super) closed_before: Option<Timestamp>,
    pub(super) settle: TimeDelta,
}

/// One shard's part of a segment.
#[derive(Default)]
struct Shard {
    accepted: Vec<Accepted>,
    retracted: Vec<(EntityKey, Target)>,
    timelines: Vec<PackedTimeline>,
}

/// Applies events to their timelines; gives back the timelines as they stand then, and what it did.
pub(super) fn apply(
    accepted: Vec<Accepted>,
    retracted: Vec<(EntityKey, Target)>,
    timelines: Vec<PackedTimeline>,
    rules: Rules,
) -> Result<(Vec<PackedTimeline>, Effects), StoreError> {
    let cores = thread::available_parallelism().map_or(1, usize::from).min(SHARDS_MAX);
    let count = if timelines.len() < TIMELINES_MIN { 1 } else { cores };
    let hasher = foldhash::fast::FixedState::default();
    let of = |key: &EntityKey| (hasher.hash_one(key) % count as u64) as usize;
    let mut shards: Vec<Shard> = (0..count).map(|_| Shard::default()).collect();
    accepted.into_iter().for_each(|one| shards[of(&route(&one.event.data))].accepted.push(one));
    retracted.into_iter().for_each(|one| shards[of(&one.0)].retracted.push(one));
    timelines.into_iter().for_each(|one| shards[of(one.key())].timelines.push(one));
    let done = thread::scope(|scope| {
        let last = shards.pop();
        let others: Vec<_> = shards.into_iter().map(|shard| scope.spawn(move || apply_shard(shard, rules))).collect();
        let mut done: Vec<_> = last.into_iter().map(|shard| apply_shard(shard, rules)).collect();
        done.extend(others.into_iter().map(|other| other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))));
        done
    });
    let (mut timelines, mut effects) = (Vec::new(), Effects::default());
    for one in done {
        let (packed, part) = one?;
        timelines.extend(packed);
        effects.merge(part);
    }
    Ok((timelines, effects))
}

fn apply_shard(shard: Shard, rules: Rules) -> Result<(Vec<PackedTimeline>, Effects), StoreError> {
    let mut entities: FastMap<EntityKey, Entity> = FastMap::default();
    for packed in shard.timelines {
        let (key, entity) = packed.unpack()?;
        entities.insert(key, entity);
    }
    let effects = apply_events(shard.accepted, &shard.retracted, &mut entities, rules.zone, rules.closed_before, rules.settle);
    Ok((entities.into_iter().map(|(key, entity)| PackedTimeline::pack(key, &entity)).collect(), effects))
}
