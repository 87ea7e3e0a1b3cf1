//! Follows assignment, revocation and pausing of partitions in the polling thread's state, above
//! all in their queues.
//!
//! It may not judge errors of the client. Invariant: each partition that is read has a queue of its
//! own, and everything read under an ownership that ended is forgotten.

use std::sync::Arc;
use std::time::Instant;

use rdkafka::consumer::Consumer;

use super::error::SourceError;
use super::kafka::REASSIGNED_WITHIN;
use super::ownership::positions_of;
use super::pack::OwnedPartition;
use super::poll_loop::Polling;
use super::queues::Queue;
use super::rebalance::{RebalanceEvent, locked};
use crate::domain::pause::Pause;

impl Polling<'_> {
    pub(super) fn apply(&mut self, change: RebalanceEvent) -> Result<(), SourceError> {
        match change {
            RebalanceEvent::Failed(error) => return Err(error),
            RebalanceEvent::Ends(ends) => {
                for (one, end) in ends {
                    self.packer.ends_at(&one.topic, one.partition, end);
                }
            }
            RebalanceEvent::Revoked => {
                tracing::info!(
                    partitions = self.packer.owned().len(),
                    "Partitions were taken away"
                );
                self.let_go();
                self.assigned = false;
                self.joined_at = Instant::now();
            }
            RebalanceEvent::Assigned(owned) => {
                self.let_go();
                owned.iter().for_each(|one| self.note_pause(one));
                self.packer.own(owned);
                self.assign_anew()?;
                self.assigned = true;
                self.last_message = Instant::now();
            }
        }
        Ok(())
    }

    /// Discards everything read under the ownership that ended.
    fn let_go(&mut self) {
        self.packer.disown();
        self.queues.clear();
        self.ready = None;
        self.since = None;
        self.drained = false;
        self.shared.handoff.clear();
        locked(&self.shared.paused).clear();
    }

    /// Gives each partition that is read a queue of its own.
    fn split_queues(&mut self) -> Result<(), SourceError> {
        self.queues.clear();
        let split = |one: &OwnedPartition| {
            let queue = || {
                Queue::split(self.consumer, one).ok_or_else(|| SourceError::Fatal {
                    reason: format!("there is no queue of {}", one.name),
                })
            };
            one.is_read().then(queue).transpose()
        };
        self.queues = self
            .packer
            .owned()
            .iter()
            .map(split)
            .collect::<Result<_, _>>()?;
        Ok(())
    }

    /// Logs a partition that was taken over and cannot be read.
    fn note_pause(&self, one: &OwnedPartition) {
        if let Some(Pause { reason, .. }) = &one.paused {
            tracing::error!(kafka.topic = %one.topic, kafka.partition = one.partition, reason, "A partition is paused");
            locked(&self.shared.paused).insert(Arc::clone(&one.name), reason.clone());
        }
    }

    /// Pauses a partition until an operator moves it. The others continue once they are assigned
    /// again.
    pub(super) fn pause_partition(&mut self, topic: &str, partition: i32, pause: Pause) {
        self.packer.pause(topic, partition, pause);
        self.packer
            .owned()
            .iter()
            .filter(|one| one.topic == topic && one.partition == partition)
            .for_each(|one| self.note_pause(one));
    }

    /// Assigns the partitions that are not paused, from the packer's positions. Each gets its queue
    /// before it is assigned: messages that came another way would be read behind later ones.
    pub(super) fn assign_anew(&mut self) -> Result<(), SourceError> {
        self.split_queues()?;
        let assigned =
            positions_of(self.packer.owned()).and_then(|list| self.consumer.assign(&list));
        assigned.map_err(|error| SourceError::Fatal {
            reason: format!("assign partitions: {error}"),
        })
    }

    /// Takes over again the paused partitions that an operator has moved meanwhile.
    pub(super) fn look_after_paused(&mut self) -> Result<(), SourceError> {
        if locked(&self.shared.paused).is_empty() {
            return Ok(());
        }
        let context = self.consumer.context();
        let paused: Vec<OwnedPartition> = self
            .packer
            .owned()
            .iter()
            .filter(|one| !one.is_read())
            .cloned()
            .collect();
        let mut moved = false;
        for one in paused {
            if context.was_moved(&one)? {
                for anew in context.take_over_anew(self.consumer, &one)? {
                    locked(&self.shared.paused).remove(&anew.name);
                    self.note_pause(&anew);
                    self.packer.own_anew(anew);
                }
                moved = true;
            }
        }
        if moved { self.assign_anew() } else { Ok(()) }
    }

    /// Fails if a partition still has an epoch that was refused longer than [`REASSIGNED_WITHIN`]
    /// ago: then no worker reads it.
    pub(super) fn check_for_displacement(&self) -> Result<(), SourceError> {
        let dropped = locked(&self.shared.dropped);
        let is_displaced = |one: &&OwnedPartition| {
            dropped.get(&one.name).is_some_and(|(epoch, when)| {
                *epoch == one.epoch && when.elapsed() > REASSIGNED_WITHIN
            })
        };
        let displaced = self.packer.owned().iter().find(is_displaced);
        displaced.map_or(Ok(()), |one| {
            Err(SourceError::Displaced {
                partition: one.name.to_string(),
            })
        })
    }

    /// Pauses a partition because the message before its position is not the one that was read
    /// there.
    pub(super) fn was_replaced(&mut self, at: usize) -> Result<(), SourceError> {
        let one = &self.packer.owned()[at];
        let (topic, partition, offset) = (
            one.topic.clone(),
            one.partition,
            i64::try_from(one.next).unwrap_or(i64::MAX) - 1,
        );
        let error = SourceError::MessageReplaced {
            partition: one.name.to_string(),
            offset,
        };
        self.pause_partition(&topic, partition, error.into_pause()?);
        self.assign_anew()
    }
}
