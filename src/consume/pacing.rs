//! The pacing of the polling thread: when a batch is closed, handed over, or must wait, and the
//! commits that Kafka is informed of.
//!
//! It may not judge errors. Invariant: batches are offered in the order they were packed.

use std::time::{Duration, Instant};

use rdkafka::consumer::{CommitMode, Consumer};
use rdkafka::{Offset, TopicPartitionList};

use super::batch::RawBatch;
use super::error::SourceError;
use super::poll_loop::Polling;
use super::queues::Queue;
use super::rebalance::locked;

/// Longest wait for a worker that has not taken the batch before: the client must be polled
/// meanwhile.
const ROOM_PATIENCE: Duration = Duration::from_millis(100);
/// After a failure: how long to wait for the worker to take the last batches.
const WORKER_PATIENCE: Duration = Duration::from_secs(1);
/// How long the client may deliver nothing of partitions that hold more.
const SILENCE_MAX: Duration = Duration::from_secs(300);
/// In a drain: how long to wait for an assignment before giving up.
const JOIN_PATIENCE: Duration = Duration::from_secs(60);

impl Polling<'_> {
    /// Closes the batch if it is due, and hands it over if there is room.
    pub(super) fn hand_over(&mut self, quiet: bool) -> Result<(), SourceError> {
        let limits = *locked(&self.shared.limits);
        if self.packer.has_something() {
            self.since.get_or_insert_with(Instant::now);
        }
        let full = self.packer.is_full(limits);
        if let Some(batch) = self.ready.take() {
            // The next batch is full too, so there is nothing to do but wait; more fetched messages
            // stay in the client.
            self.offer(
                batch,
                if full || self.drained {
                    ROOM_PATIENCE
                } else {
                    Duration::ZERO
                },
            );
        }
        // A small batch is worth its commit only when the worker is idle.
        let old = self
            .since
            .is_some_and(|since| since.elapsed() >= limits.wait)
            && self.shared.handoff.is_empty();
        if self.ready.is_none() && (full || old) {
            self.close_batch();
        }
        if self.config.drain && !self.drained && (quiet || full || old) {
            self.end_drain()?;
        }
        Ok(())
    }

    fn close_batch(&mut self) {
        self.count_control_records();
        let batch = self.packer.close();
        self.since = None;
        self.offer(batch, Duration::ZERO);
    }

    fn offer(&mut self, batch: RawBatch, patience: Duration) {
        self.ready = self.shared.handoff.offer(batch, patience).err();
    }

    /// Ends the drain when everything up to the targets has been handed over.
    fn end_drain(&mut self) -> Result<(), SourceError> {
        if !self.assigned {
            return if self.joined_at.elapsed() < JOIN_PATIENCE {
                Ok(())
            } else {
                Err(SourceError::Unreachable {
                    operation: "join the consumer group".into(),
                    reason: self.consumer.context().last_reason(),
                })
            };
        }
        self.count_control_records();
        if self.ready.is_some() || !self.packer.is_drained() {
            return Ok(());
        }
        if self.packer.has_something() {
            self.close_batch();
        }
        if self.ready.is_none() {
            self.shared.handoff.drained();
            self.drained = true;
        }
        Ok(())
    }

    /// After a failure: hands over what was read before it.
    pub(super) fn hand_over_last(&mut self) {
        let last = self.packer.has_something().then(|| self.packer.close());
        for batch in self.ready.take().into_iter().chain(last) {
            if self.shared.handoff.offer(batch, WORKER_PATIENCE).is_err() {
                return;
            }
        }
    }

    /// Only the client passes the offsets of control records; its position shows them.
    pub(super) fn count_control_records(&mut self) {
        let Ok(positions) = self.consumer.position() else {
            return;
        };
        for one in positions.elements() {
            let at = self.packer.find(one.topic(), one.partition());
            // A message that was fetched ahead of its turn is before that position.
            let has_ahead = at
                .and_then(|at| self.queues[at].as_ref())
                .is_none_or(Queue::has_ahead);
            if let (Offset::Offset(position), false) = (one.offset(), has_ahead) {
                self.packer.passed(
                    one.topic(),
                    one.partition(),
                    u64::try_from(position).unwrap_or(0),
                );
            }
        }
    }

    /// Fails when the client is silent though its partitions hold more; this has been observed.
    pub(super) fn check_for_silence(&self) -> Result<(), SourceError> {
        let had_trouble = self
            .last_trouble
            .is_some_and(|last| last.elapsed() < SILENCE_MAX);
        if self.ready.is_some() || had_trouble || self.last_message.elapsed() < SILENCE_MAX {
            return Ok(());
        }
        match self.packer.owned().iter().find(|one| one.has_more()) {
            None => Ok(()),
            Some(one) => Err(SourceError::Silent {
                partition: one.name.to_string(),
                stored: one.next,
                high: one.end,
                within: SILENCE_MAX,
            }),
        }
    }

    /// Commits to Kafka what the store has committed, for its lag view only.
    pub(super) fn commit_hints(&mut self, mode: CommitMode) {
        let hints = std::mem::take(&mut *locked(&self.shared.hints));
        let mut list = TopicPartitionList::new();
        for one in self.packer.owned() {
            if let Some((epoch, next)) = hints.get(&one.name)
                && *epoch == one.epoch
                && let Err(error) = list.add_partition_offset(
                    &one.topic,
                    one.partition,
                    Offset::Offset(i64::try_from(*next).unwrap_or(i64::MAX)),
                )
            {
                tracing::warn!(kafka.topic = %one.topic, kafka.partition = one.partition, error = %error, "An offset could not be committed to Kafka");
            }
        }
        if list.count() > 0
            && let Err(error) = self.consumer.commit(&list, mode)
        {
            tracing::warn!(error = %error, "Kafka did not take the committed offsets; only its lag view suffers");
        }
    }
}
