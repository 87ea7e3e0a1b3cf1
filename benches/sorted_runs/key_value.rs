//! The same reads and writes over any engine that keeps bytes by key. It shares the worker's
//! pipeline: uncommitted values are looked up in memory, so that the commit of one batch runs
//! beside the work on the next.

use std::sync::Arc;
use std::thread::JoinHandle;

use rayon::prelude::*;
use serde::Serialize;
use serde::de::DeserializeOwned;
use sisan::domain::counters::Counts;
use sisan::domain::delta::CounterDifferences;
use sisan::domain::entity::{Entity, EntityKey};
use sisan::domain::identity::{Identity, counter_digest};
use sisan::domain::ids::GroupId;
use sisan::domain::local_day::LocalDay;

use super::deliveries::{Batch, Put, apply};
use super::{Done, Side};

/// Keys that one task of a core looks up, in the order of their digests.
const PART: usize = 5_000;

#[derive(Clone, Copy)]
pub enum Kind {
    Identity,
    Timeline,
    Counter,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Identity, Self::Timeline, Self::Counter];
}

type CounterEntry = (GroupId, LocalDay, Counts);

/// Packed values by digest, in the order of the digests.
pub type Entries = Vec<(u128, Vec<u8>)>;

/// A key-value engine: bytes by kind and digest.
pub trait Engine: Send + Sync + 'static {
    /// Begins and ends the reads of a batch.
    fn begin_reads(&self) -> Done<()>;
    fn end_reads(&self) -> Done<()>;

    /// Reads one value; any thread may call it.
    fn find<R>(&self, kind: Kind, digest: u128, read: impl FnOnce(&[u8]) -> R) -> Done<Option<R>>;

    /// Writes values of [every kind](Kind::ALL) in one commit, which is on the disk when it
    /// returns.
    fn commit(&self, entries: &[Entries; 3]) -> Done<()>;
}

pub struct KeyValue<E> {
    engine: Arc<E>,
    /// The batch that is being committed.
    pending: Arc<[Entries; 3]>,
    commit: Option<JoinHandle<Done<()>>>,
}

impl<E: Engine> KeyValue<E> {
    pub fn new(engine: E) -> Self {
        Self {
            engine: Arc::new(engine),
            pending: Arc::default(),
            commit: None,
        }
    }

    fn find<R>(&self, kind: Kind, digest: u128, read: impl FnOnce(&[u8]) -> R) -> Done<Option<R>> {
        let pending = &self.pending[kind as usize];
        match pending.binary_search_by_key(&digest, |(digest, _)| *digest) {
            Ok(at) => Ok(Some(read(&pending[at].1))),
            Err(_) => self.engine.find(kind, digest, read),
        }
    }

    /// The digests that are known already; they come sorted.
    fn known(&self, digests: &[u128]) -> Done<Vec<u128>> {
        let parts: Vec<Vec<u128>> = digests
            .par_chunks(PART)
            .map(|part| {
                let mut known = Vec::new();
                for digest in part {
                    let found = self.find(Kind::Identity, *digest, unpack::<Identity>)?;
                    if found.transpose()?.is_some() {
                        known.push(*digest);
                    }
                }
                Ok(known)
            })
            .collect::<Done<_>>()?;
        Ok(parts.concat())
    }

    fn update_timelines(&self, changes: Vec<(EntityKey, Vec<Put>)>) -> Done<Entries> {
        let parts: Vec<Entries> = changes
            .into_par_iter()
            .chunks(PART)
            .map(|part| {
                let update = |(key, puts): (EntityKey, Vec<Put>)| {
                    let digest = key.digest();
                    let known = self.find(Kind::Timeline, digest, unpack)?.transpose()?;
                    let mut entity = known
                        .or_else(|| Entity::empty(&key))
                        .ok_or("a key without a timeline")?;
                    apply(&mut entity, puts);
                    Ok((digest, pack(&entity)?))
                };
                part.into_iter().map(update).collect::<Done<_>>()
            })
            .collect::<Done<_>>()?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// The engine has no add, so a counter is read, added to, and written back.
    fn add_counters(&self, differences: CounterDifferences) -> Done<Entries> {
        let add = |(group, day, mut counts): CounterEntry| {
            let digest = counter_digest(&group, day);
            let known: Option<CounterEntry> =
                self.find(Kind::Counter, digest, unpack)?.transpose()?;
            if let Some((_, _, before)) = known {
                counts.add_all(&before);
            }
            Ok((digest, pack(&(group, day, counts))?))
        };
        let added = differences.into_par_iter().map(add);
        let mut entries = added.collect::<Done<Entries>>()?;
        entries.sort_unstable_by_key(|(digest, _)| *digest);
        Ok(entries)
    }
}

impl<E: Engine> Side for KeyValue<E> {
    fn apply(&mut self, batch: Batch) -> Done<usize> {
        let Batch {
            mut identities,
            changes,
            counters,
        } = batch;
        identities.sort_unstable_by_key(|(digest, _)| *digest);
        let mut digests: Vec<u128> = identities.iter().map(|(digest, _)| *digest).collect();
        digests.dedup();
        self.engine.begin_reads()?;
        let known = self.known(&digests)?;
        let timelines = self.update_timelines(changes)?;
        let counters = self.add_counters(counters)?;
        self.engine.end_reads()?;
        let identities = identities
            .iter()
            .filter(|(digest, _)| known.binary_search(digest).is_err())
            .map(|(digest, identity)| Ok((*digest, pack(identity)?)))
            .collect::<Done<_>>()?;
        self.settle()?;
        self.pending = Arc::new([identities, timelines, counters]);
        let (engine, entries) = (Arc::clone(&self.engine), Arc::clone(&self.pending));
        self.commit = Some(std::thread::spawn(move || engine.commit(&entries)));
        Ok(known.len())
    }

    fn settle(&mut self) -> Done<()> {
        match self.commit.take() {
            Some(thread) => thread.join().map_err(|_| "the commit panicked")?,
            None => Ok(()),
        }
    }

    fn timelines(&self, keys: &[EntityKey]) -> Done<Vec<Option<Entity>>> {
        self.engine.begin_reads()?;
        let found = keys
            .iter()
            .map(|key| self.find(Kind::Timeline, key.digest(), unpack)?.transpose())
            .collect();
        self.engine.end_reads()?;
        found
    }
}

fn pack(value: &impl Serialize) -> Done<Vec<u8>> {
    Ok(postcard::to_stdvec(value)?)
}

fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Done<T> {
    Ok(postcard::from_bytes(bytes)?)
}
