//! The broker: partitions, the members of the consumer group, and the input of each.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sisan::consume::{
    BatchLimits, Delivery, Input, Mode, PartitionProgress, Polled, REASSIGNED_WITHIN, RawBatch,
    SourceError,
};
use sisan::store::Store;

use super::services::SimulatedServices;

/// The topic that the workers read.
pub const TOPIC: &str = "boss";
/// How long the broker waits for a member that sends no heartbeat.
const SESSION: Duration = Duration::from_secs(6);

#[derive(Default)]
pub struct Broker {
    pub partitions: Vec<Vec<Vec<u8>>>,
    /// When each member sent its last heartbeat, and the assignment that it knows.
    pub members: BTreeMap<usize, (Duration, u64)>,
    /// Raised by every rebalance.
    pub generation: u64,
}

/// A partition that is read.
struct Owned {
    number: usize,
    name: Arc<str>,
    epoch: u64,
    next: usize,
    /// Whether the store does not know it yet.
    is_new: bool,
}

/// A member of the consumer group.
pub struct Member {
    services: Arc<SimulatedServices>,
    store: Arc<Store>,
    worker: usize,
    stop: sisan::consume::StopSignal,
    generation: Option<u64>,
    owned: Vec<Owned>,
    /// Partitions and the epochs under which a batch of theirs was dropped, and when.
    dropped: Mutex<BTreeMap<Arc<str>, (u64, Duration)>>,
}

impl Member {
    pub fn join(
        services: Arc<SimulatedServices>,
        store: Arc<Store>,
        worker: usize,
        stop: sisan::consume::StopSignal,
    ) -> Self {
        Self {
            services,
            store,
            worker,
            stop,
            generation: None,
            owned: Vec::new(),
            dropped: Mutex::default(),
        }
    }

    /// Lets the broker know of itself; takes over what is now its own.
    fn heartbeat(&mut self) -> Result<(), SourceError> {
        let now = self.services.scheduler.awake();
        let (generation, mine) = {
            let mut state = self.services.state();
            let broker = &mut state.broker;
            let before = broker.members.len();
            broker.members.retain(|worker, (heard, _)| {
                *worker == self.worker || now.saturating_sub(*heard) <= SESSION
            });
            let is_new = broker
                .members
                .insert(self.worker, (now, broker.generation))
                .is_none();
            if is_new || broker.members.len() < before {
                broker.generation += 1;
            }
            let place = broker
                .members
                .keys()
                .position(|worker| *worker == self.worker)
                .unwrap_or(0);
            let mine: Vec<usize> = (0..broker.partitions.len())
                .filter(|number| number % broker.members.len() == place)
                .collect();
            (broker.generation, mine)
        };
        if self.generation == Some(generation) {
            return self.check_for_displacement(now);
        }
        self.owned.clear();
        let taken = self.store.write_batch("take partitions over", |tx| {
            mine.iter()
                .map(|number| {
                    let name: Arc<str> = format!("{TOPIC}-{number}").into();
                    let taken = tx.take_over(&name)?;
                    let next = taken.next_position.unwrap_or(0) as usize;
                    Ok(Owned {
                        number: *number,
                        name,
                        epoch: taken.epoch,
                        next,
                        is_new: taken.next_position.is_none(),
                    })
                })
                .collect::<Result<Vec<_>, sisan::store::StoreError>>()
        });
        // As in the real source, an error of the store ends it.
        self.owned = taken.map_err(|error| SourceError::Positions {
            partitions: TOPIC.to_owned(),
            source: error.into(),
        })?;
        self.generation = Some(generation);
        Ok(())
    }

    fn check_for_displacement(&self, now: Duration) -> Result<(), SourceError> {
        let dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        let is_displaced = |one: &&Owned| {
            dropped.get(&one.name).is_some_and(|(epoch, when)| {
                *epoch == one.epoch && now.saturating_sub(*when) > REASSIGNED_WITHIN
            })
        };
        let displaced = self.owned.iter().find(is_displaced);
        displaced.map_or(Ok(()), |one| {
            Err(SourceError::Displaced {
                partition: one.name.to_string(),
            })
        })
    }

    fn take(&mut self, limits: BatchLimits) -> Option<RawBatch> {
        let mut batch = RawBatch::default();
        let most = 1 + self.services.scheduler.below(limits.events_max);
        let first = self.services.scheduler.below(self.owned.len().max(1));
        let count = self.owned.len();
        let services = Arc::clone(&self.services);
        let state = services.state();
        for at in 0..count {
            let owned = &mut self.owned[(first + at) % count];
            let log = &state.broker.partitions[owned.number];
            let taken: Vec<&Vec<u8>> = log
                .iter()
                .skip(owned.next)
                .take(most.saturating_sub(batch.deliveries.len()))
                .collect();
            if taken.is_empty() && !std::mem::take(&mut owned.is_new) {
                continue;
            }
            owned.is_new = false;
            let partition = batch.partitions.len() as u16;
            for message in taken {
                let (start, position) = (batch.bytes.len(), owned.next as u64);
                batch.bytes.extend_from_slice(message);
                owned.next += 1;
                batch.deliveries.push(Delivery {
                    partition,
                    position,
                    next_position: position + 1,
                    next_byte: 0,
                    gap_before: 0,
                    bytes: start..batch.bytes.len(),
                    mode: Mode::Structured,
                });
            }
            batch.partitions.push(PartitionProgress {
                name: Arc::clone(&owned.name),
                epoch: owned.epoch,
                next_position: owned.next as u64,
                next_byte: 0,
                gaps: 0,
                lag: (log.len() - owned.next) as u64,
                ..PartitionProgress::default()
            });
        }
        (!batch.partitions.is_empty()).then_some(batch)
    }
}

impl Input for Member {
    fn next_batch(&mut self, limits: BatchLimits, idle: Duration) -> Result<Polled, SourceError> {
        self.services.scheduler.step("polls");
        if self.stop.is_stopped() {
            return Ok(Polled::Stopped);
        }
        self.heartbeat()?;
        if let Some(batch) = self.take(limits) {
            return Ok(Polled::Batch(batch));
        }
        self.services
            .scheduler
            .pause_for("waits for messages", idle);
        self.heartbeat()?;
        Ok(self.take(limits).map_or(Polled::Idle, Polled::Batch))
    }

    fn dropped(&self, progress: &[PartitionProgress]) {
        let now = self.services.scheduler.awake();
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        dropped.extend(
            progress
                .iter()
                .map(|one| (Arc::clone(&one.name), (one.epoch, now))),
        );
    }

    fn close(self: Box<Self>) {
        let mut state = self.services.state();
        state.broker.members.remove(&self.worker);
        state.broker.generation += 1;
    }
}
