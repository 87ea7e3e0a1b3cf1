//! The polling thread: joins, polls, packs, hands over, and leaves.
//!
//! It may not block for long: a consumer that does not poll is removed from the group. `pacing`
//! closes batches and hands them over. Invariant: every message that the client has returned is
//! packed before its position is read.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::message::Message;

use super::alignment::{Alignment, Next, Turn};
use super::batch::{BatchLimits, RawBatch};
use super::error::SourceError;
use super::kafka::PollState;
use super::kafka_errors::{Meaning, meaning_of};
use super::ownership::{TopicPartition, first_offset};
use super::pack::{OwnedPartition, Packed, Packer};
use super::queues::{Given, Queue};
use super::rebalance::{GroupContext, locked};
use crate::domain::local_day::Timestamp;
use crate::domain::start_policy::StartPolicy;

/// Messages taken before anything else is checked.
const MESSAGES_A_TURN: usize = 256;
/// How long to wait for the client where no partition had a message. The partitions' queues are
/// polled again then.
const QUIET_POLL: Duration = Duration::from_millis(20);
/// Interval of commits to Kafka, and of counting control records of an idle partition.
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(1);
/// Timeout of one query for a partition's ends after an offset error.
const WATERMARKS_TIMEOUT: Duration = Duration::from_secs(5);
/// Least interval between two logs of client trouble.
const TROUBLE_EVERY: Duration = Duration::from_secs(5);
/// Offset resets in a row that the client may request without any partition being out of range.
const BASELESS_RESETS_MAX: u32 = 3;

/// Settings of the thread.
pub(super) struct PollConfig {
    pub(super) topics: Vec<String>,
    pub(super) event_bytes_max: usize,
    pub(super) drain: bool,
    pub(super) alignment: Alignment,
}

/// Runs until closed or failed, then leaves the group.
pub(super) fn run(
    consumer: Arc<BaseConsumer<GroupContext>>,
    shared: &PollState,
    config: PollConfig,
) {
    let _ending = WakeOnDrop(shared);
    let mut polling = Polling::new(&consumer, shared, config);
    if let Err(error) = polling.poll_until_closed() {
        polling.hand_over_last();
        shared.handoff.fail(error);
    }
    polling.commit_hints(CommitMode::Sync);
    // The queues of partitions hold references to the client.
    drop(polling);
    // Dropping the client leaves the group, which may take long; the worker waits with a deadline.
    drop(consumer);
}

/// Wakes the worker however the thread ends, so that it does not wait for ever.
struct WakeOnDrop<'a>(&'a PollState);

impl Drop for WakeOnDrop<'_> {
    fn drop(&mut self) {
        self.0.handoff.abandon();
        self.0.closed.stop();
    }
}

pub(super) struct Polling<'a> {
    pub(super) consumer: &'a Arc<BaseConsumer<GroupContext>>,
    pub(super) shared: &'a PollState,
    pub(super) config: PollConfig,
    pub(super) packer: Packer,
    /// The queues of the packer's partitions; none for a paused one.
    pub(super) queues: Vec<Option<Queue>>,
    /// The index of the queue that had the last turn.
    last_turn: usize,
    /// A closed batch that waits for room.
    pub(super) ready: Option<RawBatch>,
    /// Since when the batch under construction is not empty.
    pub(super) since: Option<Instant>,
    pub(super) assigned: bool,
    pub(super) drained: bool,
    pub(super) joined_at: Instant,
    pub(super) last_message: Instant,
    pub(super) last_housekeeping: Instant,
    pub(super) baseless_resets: u32,
    pub(super) troubles: u64,
    pub(super) last_trouble: Option<Instant>,
}

impl<'a> Polling<'a> {
    fn new(
        consumer: &'a Arc<BaseConsumer<GroupContext>>,
        shared: &'a PollState,
        config: PollConfig,
    ) -> Self {
        let (packer, now) = (Packer::new(config.event_bytes_max), Instant::now());
        Self {
            consumer,
            shared,
            config,
            packer,
            queues: Vec::new(),
            last_turn: 0,
            ready: None,
            since: None,
            assigned: false,
            drained: false,
            joined_at: now,
            last_message: now,
            last_housekeeping: now,
            baseless_resets: 0,
            troubles: 0,
            last_trouble: None,
        }
    }

    fn poll_until_closed(&mut self) -> Result<(), SourceError> {
        let topics: Vec<&str> = self.config.topics.iter().map(String::as_str).collect();
        self.consumer
            .subscribe(&topics)
            .map_err(|error| SourceError::Fatal {
                reason: format!("subscribe: {error}"),
            })?;
        let mut quiet = true;
        while !self.shared.closing.is_stopped() {
            self.poll_client(if quiet { QUIET_POLL } else { Duration::ZERO })?;
            quiet = self.take_messages()?;
            self.hand_over(quiet)?;
            self.shared
                .has_more
                .store(self.has_more(), Ordering::Release);
            if self.last_housekeeping.elapsed() >= HOUSEKEEPING_EVERY {
                self.last_housekeeping = Instant::now();
                self.commit_hints(CommitMode::Async);
                self.check_for_displacement()?;
                self.look_after_paused()?;
                if quiet {
                    self.count_control_records();
                    self.check_for_silence()?;
                }
            }
        }
        Ok(())
    }

    /// Polls the client for rebalances, ends and errors, waiting at most `timeout` for the first.
    fn poll_client(&mut self, mut timeout: Duration) -> Result<(), SourceError> {
        let consumer = self.consumer;
        for _ in 0..MESSAGES_A_TURN {
            let polled = consumer.poll(std::mem::take(&mut timeout));
            for change in consumer.context().take_changes() {
                self.apply(change)?;
            }
            match polled {
                None => break,
                Some(Err(error)) => self.judge(&error, None)?,
                // Every owned partition has its own queue, so this message is of a revoked one.
                Some(Ok(message)) => {
                    let (topic, partition, offset) =
                        (message.topic(), message.partition(), message.offset());
                    if self
                        .packer
                        .find(topic, partition)
                        .is_some_and(|at| self.packer.owned()[at].is_read())
                    {
                        let reason = format!(
                            "the message at {offset} of {topic}-{partition} came beside the queue of its partition"
                        );
                        return Err(SourceError::Fatal { reason });
                    }
                }
            }
        }
        Ok(())
    }

    /// Whether more input is known than the worker has taken, or nothing is known yet.
    fn has_more(&self) -> bool {
        let is_on_its_way =
            self.packer.has_something() || self.ready.is_some() || !self.shared.handoff.is_empty();
        !self.assigned || is_on_its_way || self.packer.has_more()
    }

    /// Packs up to [`MESSAGES_A_TURN`] messages; true if there were no more.
    fn take_messages(&mut self) -> Result<bool, SourceError> {
        let limits = *locked(&self.shared.limits);
        let mut left = MESSAGES_A_TURN;
        while !self.drained && !self.packer.is_full(limits) && left > 0 {
            for at in 0..self.queues.len() {
                if let Some(Err(error)) = self.queues[at]
                    .as_mut()
                    .map(|queue| queue.fetch_next(&self.config.alignment))
                {
                    self.judge(&error, Some(at))?;
                }
            }
            let (now, owned) = (Instant::now(), self.packer.owned());
            let next = |(queue, one): (&mut Option<Queue>, &OwnedPartition)| {
                queue
                    .as_mut()
                    .map_or(Next::Nothing, |queue| queue.next(one, now))
            };
            match self
                .config
                .alignment
                .turn(self.queues.iter_mut().zip(owned).map(next), self.last_turn)
            {
                Turn::Of(at, until) => {
                    self.last_turn = at;
                    self.take_from(at, until, limits, &mut left)?;
                }
                Turn::Wait => {
                    // The awaited offsets may be control records.
                    self.count_control_records();
                    return Ok(true);
                }
                Turn::Nothing => return Ok(true),
            }
        }
        Ok(self.drained)
    }

    /// Packs messages of a partition as long as it has the turn.
    fn take_from(
        &mut self,
        at: usize,
        until: Timestamp,
        limits: BatchLimits,
        left: &mut usize,
    ) -> Result<(), SourceError> {
        while *left > 0 && !self.packer.is_full(limits) {
            let Some(queue) = self.queues.get_mut(at).and_then(Option::as_mut) else {
                return Ok(());
            };
            match queue.pack_next(until, &self.config.alignment, &mut self.packer) {
                Given::Packed(Packed::Replaced) => return self.was_replaced(at),
                Given::Packed(packed) => {
                    *left -= 1;
                    if packed == Packed::Taken {
                        (self.baseless_resets, self.last_message) = (0, Instant::now());
                    }
                }
                Given::Failed(error) => return self.judge(&error, Some(at)),
                Given::Ahead | Given::Nothing => return Ok(()),
            }
        }
        Ok(())
    }

    /// Handles an error of the client, or of a partition's queue: continue, or stop.
    fn judge(&mut self, error: &KafkaError, of: Option<usize>) -> Result<(), SourceError> {
        let reason = self.consumer.context().last_reason();
        match meaning_of(error, &reason, &self.config.topics, self.assigned) {
            Meaning::End => of.into_iter().for_each(|at| self.packer.reached_end(at)),
            Meaning::Stop(error) => return Err(error),
            Meaning::OffsetReset => self.check_positions(&reason)?,
            Meaning::Passing => self.log_trouble(error, &reason),
        }
        Ok(())
    }

    /// Logs a passing error with a rate limit: the client may repeat itself many times a second.
    fn log_trouble(&mut self, error: &KafkaError, reason: &str) {
        self.troubles += 1;
        if self
            .last_trouble
            .is_none_or(|last| last.elapsed() >= TROUBLE_EVERY)
        {
            tracing::warn!(error = %error, reason, times = self.troubles, "Kafka has trouble, the client tries again");
            self.last_trouble = Some(Instant::now());
            self.troubles = 0;
        }
    }

    /// The client does not name the partition whose offset is out of range: query the ends of all.
    fn check_positions(&mut self, reason: &str) -> Result<(), SourceError> {
        let mut gone = Vec::new();
        for one in self.packer.owned().iter().filter(|one| one.is_read()) {
            if let Ok((low, high)) =
                self.consumer
                    .fetch_watermarks(&one.topic, one.partition, WATERMARKS_TIMEOUT)
            {
                let ends = (
                    u64::try_from(low).unwrap_or(0),
                    u64::try_from(high).unwrap_or(0),
                );
                let partition = TopicPartition {
                    topic: one.topic.clone(),
                    partition: one.partition,
                };
                if let Err(error) = first_offset(
                    &partition,
                    ends,
                    Some(one.next),
                    StartPolicy::Beginning,
                    true,
                ) {
                    gone.push((partition, error.into_pause()?));
                }
            }
        }
        if !gone.is_empty() {
            gone.into_iter()
                .for_each(|(one, pause)| self.pause_partition(&one.topic, one.partition, pause));
            return self.assign_anew();
        }
        self.baseless_resets += 1;
        if self.baseless_resets > BASELESS_RESETS_MAX {
            return Err(SourceError::Fatal {
                reason: format!(
                    "offset reset again and again, though every offset is in range: {reason}"
                ),
            });
        }
        tracing::warn!(
            reason,
            "The client asked for an offset reset, though every offset is in range; reading on from where we are"
        );
        self.assign_anew()
    }
}
