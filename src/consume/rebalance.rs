//! Handles rebalances: an assignment reads the stored positions and raises the epoch, and then each
//! partition is assigned once.
//!
//! It may not know SQL: the store is behind [`TakeOver`]. The hooks run inside `poll`, on the
//! polling thread, and may block it for much less than `max.poll.interval.ms`. Invariant: a
//! partition is only ever assigned at a concrete offset that its log holds.
//!
//! ```text
//!  poll ─► Assign ─► watermarks ─► take over (epoch + 1, stored offset) ─► check ─► Change::Assigned ─► a queue each, assign(offsets)
//!  poll ─► Revoke ─► unassign ────────────────────────────────────────────────────────────────────► Change::Revoked
//! ```

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use rdkafka::TopicPartitionList;
use rdkafka::client::ClientContext;
use rdkafka::config::RDKafkaLogLevel;
use rdkafka::consumer::{BaseConsumer, Consumer, ConsumerContext};
use rdkafka::error::{KafkaError, KafkaResult, RDKafkaErrorCode};
use rdkafka::types::RDKafkaRespErr;

use super::error::SourceError;
use super::ownership::{EpochOf, Ownership, TakeOver, TopicPartition, first_offset};
use super::pack::OwnedPartition;
use super::source::StopSignal;
use crate::domain::start_policy::StartPolicy;

/// Timeout of one query for a partition's ends.
const WATERMARKS_TIMEOUT: Duration = Duration::from_secs(5);
/// How long to repeat the query before the source fails. Far below `max.poll.interval.ms`.
const WATERMARKS_PATIENCE: Duration = Duration::from_secs(60);
/// Pause between two queries.
const WATERMARKS_REST: Duration = Duration::from_millis(500);

/// The changes during a poll, in order.
pub(super) enum RebalanceEvent {
    Revoked,
    Assigned(Vec<OwnedPartition>),
    Failed(SourceError),
    /// Ends of partitions, from the client's statistics.
    Ends(Vec<(TopicPartition, u64)>),
}

/// The callbacks of the client.
pub(super) struct GroupContext {
    take_over: TakeOver,
    epoch_of: EpochOf,
    start: StartPolicy,
    drain: bool,
    stop: StopSignal,
    changes: Mutex<Vec<RebalanceEvent>>,
    has_changes: AtomicBool,
    /// In a drain: each partition's end when it was first assigned.
    targets: Mutex<HashMap<TopicPartition, u64>>,
    last_reason: Mutex<String>,
}

impl GroupContext {
    pub(super) fn new(
        take_over: TakeOver,
        epoch_of: EpochOf,
        start: StartPolicy,
        drain: bool,
        stop: StopSignal,
    ) -> Self {
        Self {
            take_over,
            epoch_of,
            start,
            drain,
            stop,
            changes: Mutex::default(),
            has_changes: AtomicBool::new(false),
            targets: Mutex::default(),
            last_reason: Mutex::default(),
        }
    }

    /// Takes the changes since the last call.
    pub(super) fn take_changes(&self) -> Vec<RebalanceEvent> {
        if self.has_changes.swap(false, Ordering::Acquire) {
            std::mem::take(&mut *locked(&self.changes))
        } else {
            Vec::new()
        }
    }

    /// The client's reason of its last error.
    pub(super) fn last_reason(&self) -> String {
        locked(&self.last_reason).clone()
    }

    fn changed(&self, change: RebalanceEvent) {
        locked(&self.changes).push(change);
        self.has_changes.store(true, Ordering::Release);
    }

    /// Whether an operator has moved a partition that was taken over under an epoch.
    pub(super) fn was_moved(&self, one: &OwnedPartition) -> Result<bool, SourceError> {
        let partition = TopicPartition {
            topic: one.topic.clone(),
            partition: one.partition,
        };
        let epoch = (self.epoch_of)(&partition);
        Ok(epoch.map_err(|source| SourceError::Positions {
            partitions: partition.to_string(),
            source,
        })? != one.epoch)
    }

    /// Takes one partition over again.
    pub(super) fn take_over_anew(
        &self,
        consumer: &BaseConsumer<Self>,
        one: &OwnedPartition,
    ) -> Result<Vec<OwnedPartition>, SourceError> {
        self.take_over(
            consumer,
            vec![TopicPartition {
                topic: one.topic.clone(),
                partition: one.partition,
            }],
        )
    }

    /// Fetches the stored positions and the ends, and raises the epochs.
    fn take_over(
        &self,
        consumer: &BaseConsumer<Self>,
        mut partitions: Vec<TopicPartition>,
    ) -> Result<Vec<OwnedPartition>, SourceError> {
        partitions.sort();
        let names = || {
            partitions
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(", ")
        };
        // Ends come first: the target of a drain is the end before anything was read.
        let ends = partitions
            .iter()
            .map(|one| self.ends_of(consumer, one))
            .collect::<Result<Vec<_>, _>>()?;
        let with_ends: Vec<(TopicPartition, u64)> = partitions
            .iter()
            .cloned()
            .zip(ends.iter().map(|(_, high)| *high))
            .collect();
        let stored = (self.take_over)(&with_ends).map_err(|source| SourceError::Positions {
            partitions: names(),
            source,
        })?;
        if stored.len() != partitions.len() {
            let source = format!(
                "{} positions for {} partitions",
                stored.len(),
                partitions.len()
            )
            .into();
            return Err(SourceError::Positions {
                partitions: names(),
                source,
            });
        }
        partitions
            .iter()
            .zip(ends)
            .zip(&stored)
            .map(|((one, ends), stored)| self.owned(one, ends, stored))
            .collect()
    }

    /// An owned partition with its first offset; paused, if that offset is gone.
    fn owned(
        &self,
        one: &TopicPartition,
        (low, high): (u64, u64),
        stored: &Ownership,
    ) -> Result<OwnedPartition, SourceError> {
        let begin = first_offset(
            one,
            (low, high),
            stored.next_position,
            self.start,
            stored.topic_is_known,
        );
        let (next, paused) = match begin {
            Ok(next) => (next, None),
            Err(error) => (
                stored.next_position.unwrap_or_default(),
                Some(error.into_pause()?),
            ),
        };
        // The message before is read once more, to see whether it was replaced.
        let must_match = stored
            .last_digest
            .filter(|_| next > low && paused.is_none());
        let target = if self.drain {
            *locked(&self.targets).entry(one.clone()).or_insert(high)
        } else {
            0
        };
        let (epoch, is_new) = (stored.epoch, stored.next_position.is_none());
        tracing::info!(kafka.topic = %one.topic, kafka.partition = one.partition, kafka.offset = next, kafka.end = high, epoch, "A partition was taken over");
        Ok(OwnedPartition {
            topic: one.topic.clone(),
            partition: one.partition,
            name: one.to_string().into(),
            epoch,
            next,
            end: high,
            target,
            is_new,
            must_match,
            paused,
        })
    }

    /// The first offset that a partition holds and the one after the last stable one.
    fn ends_of(
        &self,
        consumer: &BaseConsumer<Self>,
        one: &TopicPartition,
    ) -> Result<(u64, u64), SourceError> {
        let begun = Instant::now();
        loop {
            let error =
                match consumer.fetch_watermarks(&one.topic, one.partition, WATERMARKS_TIMEOUT) {
                    Ok((low, high)) => {
                        return Ok((
                            u64::try_from(low).unwrap_or(0),
                            u64::try_from(high).unwrap_or(0),
                        ));
                    }
                    Err(error) => error,
                };
            if begun.elapsed() > WATERMARKS_PATIENCE || self.stop.wait(WATERMARKS_REST) {
                return Err(SourceError::Unreachable {
                    operation: format!("ask for the ends of {one}"),
                    reason: error.to_string(),
                });
            }
            tracing::warn!(kafka.topic = %one.topic, kafka.partition = one.partition, error = %error, "The ends of a partition could not be had, asking again");
        }
    }
}

fn partitions_of(list: &TopicPartitionList) -> Vec<TopicPartition> {
    list.elements()
        .iter()
        .map(|one| TopicPartition {
            topic: one.topic().to_owned(),
            partition: one.partition(),
        })
        .collect()
}

pub(super) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl ConsumerContext for GroupContext {
    fn rebalance(
        &self,
        consumer: &BaseConsumer<Self>,
        event: RDKafkaRespErr,
        list: &mut TopicPartitionList,
    ) {
        let done = match event {
            RDKafkaRespErr::RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS => {
                match self.take_over(consumer, partitions_of(list)) {
                    // The polling thread assigns them, after each has its queue.
                    Ok(owned) => {
                        self.changed(RebalanceEvent::Assigned(owned));
                        Ok(())
                    }
                    Err(error) => {
                        self.changed(RebalanceEvent::Failed(error));
                        consumer.assign(&TopicPartitionList::new())
                    }
                }
            }
            _ => {
                self.changed(RebalanceEvent::Revoked);
                consumer.unassign()
            }
        };
        if let Err(error) = done {
            self.changed(RebalanceEvent::Failed(SourceError::Fatal {
                reason: format!("answer a rebalance: {error}"),
            }));
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, _offsets: &TopicPartitionList) {
        match result {
            Ok(()) | Err(KafkaError::ConsumerCommit(RDKafkaErrorCode::NoOffset)) => {}
            Err(error) => {
                tracing::warn!(error = %error, "Kafka did not take the committed offsets; only its lag view suffers")
            }
        }
    }
}

impl ClientContext for GroupContext {
    fn log(&self, level: RDKafkaLogLevel, facility: &str, message: &str) {
        // Broken connections are also reported as errors, and handled there.
        let is_told_elsewhere = matches!(facility, "FAIL" | "ERROR");
        match level {
            RDKafkaLogLevel::Notice | RDKafkaLogLevel::Info | RDKafkaLogLevel::Debug => {
                tracing::debug!(
                    kafka.facility = facility,
                    "The Kafka client says: {message}"
                );
            }
            _ if is_told_elsewhere => tracing::debug!(
                kafka.facility = facility,
                "The Kafka client says: {message}"
            ),
            _ => tracing::warn!(
                kafka.facility = facility,
                "The Kafka client says: {message}"
            ),
        }
    }

    /// `poll` returns every error too, and it is handled there; only the reason is kept here.
    fn error(&self, error: KafkaError, reason: &str) {
        // The error "all brokers are down" hides the reason of a single one.
        let says_little = matches!(error, KafkaError::Global(RDKafkaErrorCode::AllBrokersDown));
        let mut last = locked(&self.last_reason);
        if !says_little || last.is_empty() {
            reason.clone_into(&mut last);
        }
    }

    fn stats_raw(&self, statistics: &[u8]) {
        match super::statistics::ends(statistics) {
            Ok(ends) => self.changed(RebalanceEvent::Ends(ends)),
            Err(error) => {
                tracing::debug!(error = %error, "The Kafka client's statistics could not be read")
            }
        }
    }
}
