//! The polling thread: joins, polls, packs, hands over, and leaves.
//!
//! It may not block for long: whoever does not poll is thrown out of the group. It pauses only what is ours, and
//! resumes only what it paused (a pause outlives an assignment inside the client).
//! Invariant: whatever the client has given is packed before its position is asked for.

use std::time::{Duration, Instant};

use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer};
use rdkafka::error::KafkaError;
use rdkafka::{Offset, TopicPartitionList};

use super::batch::RawBatch;
use super::error::SourceError;
use super::kafka::{Shared, StartPolicy};
use super::kafka_errors::{Meaning, meaning_of};
use super::pack::{Packed, Packer};
use super::rebalance::{Change, GroupContext, TopicPartition, first_offset, locked};

/// How many messages to take before looking at anything else.
const MESSAGES_A_TURN: usize = 256;
/// Longest single poll.
const POLL_MAX: Duration = Duration::from_millis(100);
/// Shortest first poll of a turn. A poll of no time at all returns after any one event, be it only statistics, and
/// those come before rebalances.
const POLL_MIN: Duration = Duration::from_millis(1);
/// How long to wait for a slow worker before pausing. A pause throws away what was fetched ahead, so not at once.
const WORKER_PATIENCE: Duration = Duration::from_secs(1);
/// How often to tell Kafka of commits, and to count control records of a partition at rest.
const HOUSEKEEPING_EVERY: Duration = Duration::from_secs(1);
/// Drain: how long without a message before unclear ends of partitions count.
const LONG_SILENCE: Duration = Duration::from_secs(5);
/// Drain: how long to wait for the group before giving up.
const JOIN_PATIENCE: Duration = Duration::from_secs(60);
/// How long one look at a partition's ends may take after an offset error.
const WATERMARKS_TIMEOUT: Duration = Duration::from_secs(5);
/// How often at most to log that Kafka has trouble.
const TROUBLE_EVERY: Duration = Duration::from_secs(5);
/// How often in a row the client may ask for an offset reset without any partition being out of range.
const BASELESS_RESETS_MAX: u32 = 3;

/// What the thread needs to know.
pub(super) struct PollConfig {
    pub(super) topics: Vec<String>,
    pub(super) event_bytes_max: usize,
    pub(super) drain: bool,
}

/// Runs until closed or failed, then leaves the group.
pub(super) fn run(consumer: BaseConsumer<GroupContext>, shared: &Shared, config: PollConfig) {
    let _ending = Ending(shared);
    let mut polling = Polling::new(&consumer, shared, config);
    if let Err(error) = polling.poll_until_closed() {
        polling.hand_over_last();
        tracing::error!(error = %error, code = error.code(), "Reading from Kafka stopped");
        shared.handoff.fail(error);
    }
    polling.tell_commits(CommitMode::Sync);
    // A list of paused partitions holds on to the client's own objects, and the client waits for those when dropped.
    drop(polling);
    // Dropping the client leaves the group; it may take its time, the worker waits with a deadline.
    drop(consumer);
}

/// Whatever happens to the thread, the worker must not wait for it for ever.
struct Ending<'a>(&'a Shared);

impl Drop for Ending<'_> {
    fn drop(&mut self) {
        self.0.handoff.abandon();
        self.0.closed.stop();
    }
}

struct Polling<'a> {
    consumer: &'a BaseConsumer<GroupContext>,
    shared: &'a Shared,
    config: PollConfig,
    packer: Packer,
    /// A closed batch for which there was no room yet.
    ready: Option<RawBatch>,
    /// Since when the batch under construction has something.
    since: Option<Instant>,
    paused: Option<TopicPartitionList>,
    assigned: bool,
    drained: bool,
    joined_at: Instant,
    last_message: Instant,
    last_housekeeping: Instant,
    baseless_resets: u32,
    troubles: u64,
    last_trouble: Option<Instant>,
}

impl<'a> Polling<'a> {
    fn new(consumer: &'a BaseConsumer<GroupContext>, shared: &'a Shared, config: PollConfig) -> Self {
        let (packer, now) = (Packer::new(config.event_bytes_max), Instant::now());
        Self {
            consumer,
            shared,
            config,
            packer,
            ready: None,
            since: None,
            paused: None,
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
        self.consumer.subscribe(&topics).map_err(|error| SourceError::Fatal { reason: format!("subscribe: {error}") })?;
        while !self.shared.closing.is_stopped() {
            let quiet = self.take_messages()?;
            self.hand_over(quiet)?;
            if self.last_housekeeping.elapsed() >= HOUSEKEEPING_EVERY {
                self.last_housekeeping = Instant::now();
                self.tell_commits(CommitMode::Async);
                if quiet {
                    self.count_control_records();
                }
            }
        }
        Ok(())
    }

    /// Polls for up to a turn's worth of messages; true if the client had no more.
    fn take_messages(&mut self) -> Result<bool, SourceError> {
        let limits = *locked(&self.shared.limits);
        let consumer = self.consumer;
        let mut timeout = self.poll_timeout(limits.wait);
        let (mut quiet, mut took) = (false, false);
        for _ in 0..MESSAGES_A_TURN {
            let polled = consumer.poll(timeout);
            timeout = Duration::ZERO;
            for change in consumer.context().take_changes() {
                self.apply(change)?;
            }
            match polled {
                None => {
                    quiet = true;
                    break;
                }
                Some(Err(error)) => self.judge(&error)?,
                Some(Ok(message)) => {
                    if self.packer.pack(&message) == Packed::Taken {
                        self.baseless_resets = 0;
                        took = true;
                    }
                    if self.packer.is_full(limits) {
                        break;
                    }
                }
            }
        }
        if took {
            self.last_message = Instant::now();
        }
        Ok(quiet)
    }

    fn poll_timeout(&self, wait: Duration) -> Duration {
        if self.ready.is_some() {
            return POLL_MIN;
        }
        self.since.map_or(POLL_MAX, |since| wait.saturating_sub(since.elapsed()).clamp(POLL_MIN, POLL_MAX))
    }

    fn apply(&mut self, change: Change) -> Result<(), SourceError> {
        match change {
            Change::Failed(error) => return Err(error),
            Change::Ends(ends) => {
                for (one, end) in ends {
                    self.packer.ends_at(&one.topic, one.partition, end);
                }
            }
            Change::Revoked => {
                tracing::info!(partitions = self.packer.owned().len(), "Partitions were taken away");
                self.let_go();
                self.assigned = false;
                self.joined_at = Instant::now();
            }
            Change::Assigned(owned) => {
                self.let_go();
                self.packer.own(owned);
                self.assigned = true;
                self.last_message = Instant::now();
            }
        }
        Ok(())
    }

    /// Forgets everything read under the ownership that ended.
    fn let_go(&mut self) {
        self.packer.disown();
        self.ready = None;
        self.since = None;
        self.drained = false;
        self.shared.handoff.clear();
        self.resume();
    }

    /// Closes the batch if it is time, and hands it over if there is room.
    fn hand_over(&mut self, quiet: bool) -> Result<(), SourceError> {
        let limits = *locked(&self.shared.limits);
        if self.packer.has_something() {
            self.since.get_or_insert_with(Instant::now);
        }
        if let Some(batch) = self.ready.take() {
            // With everything paused there is nothing to do but to wait for room.
            let patience = if self.paused.is_some() { POLL_MAX } else { Duration::ZERO };
            self.offer(batch, patience);
        }
        let full = self.packer.is_full(limits);
        if full
            && self.paused.is_none()
            && let Some(batch) = self.ready.take()
        {
            self.offer(batch, WORKER_PATIENCE);
            if self.ready.is_some() {
                self.pause()?;
            }
        }
        // A small batch is worth its commit only when the worker has nothing else to do.
        let old = self.since.is_some_and(|since| since.elapsed() >= limits.wait) && self.shared.handoff.is_empty();
        if self.ready.is_none() {
            if full || old {
                self.close_batch();
            }
            if !self.drained && self.ready.is_none() {
                self.resume();
            }
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

    /// Says so when everything up to the targets has been handed over.
    fn end_drain(&mut self) -> Result<(), SourceError> {
        if !self.assigned {
            return if self.joined_at.elapsed() < JOIN_PATIENCE {
                Ok(())
            } else {
                Err(SourceError::Unreachable { doing: "join the consumer group".into(), reason: self.consumer.context().last_reason() })
            };
        }
        self.count_control_records();
        if self.ready.is_some() || !self.packer.is_drained(self.last_message.elapsed() >= LONG_SILENCE) {
            return Ok(());
        }
        if self.packer.has_something() {
            self.close_batch();
        }
        if self.ready.is_none() {
            self.shared.handoff.drained();
            self.drained = true;
            self.pause()?;
        }
        Ok(())
    }

    /// After a failure: what was read before it may still be worked on.
    fn hand_over_last(&mut self) {
        let last = self.packer.has_something().then(|| self.packer.close());
        for batch in self.ready.take().into_iter().chain(last) {
            if self.shared.handoff.offer(batch, WORKER_PATIENCE).is_err() {
                return;
            }
        }
    }

    fn pause(&mut self) -> Result<(), SourceError> {
        if self.paused.is_none() {
            let all: TopicPartitionList =
                self.packer.owned().iter().map(|one| (one.topic.clone(), one.partition, Offset::Invalid)).collect();
            self.consumer.pause(&all).map_err(|error| SourceError::Fatal { reason: format!("pause: {error}") })?;
            self.paused = Some(all);
        }
        Ok(())
    }

    fn resume(&mut self) {
        let Some(paused) = self.paused.take() else { return };
        // What was fetched ahead is gone, ends of partitions included; they will be told again.
        self.packer.forget_ends();
        self.last_message = Instant::now();
        if let Err(error) = self.consumer.resume(&paused) {
            tracing::warn!(error = %error, "Paused partitions could not be resumed");
        }
    }

    /// Offsets of control records are passed by the client alone; its position tells of them.
    fn count_control_records(&mut self) {
        let Ok(positions) = self.consumer.position() else { return };
        for one in positions.elements() {
            if let Offset::Offset(position) = one.offset() {
                self.packer.passed(one.topic(), one.partition(), u64::try_from(position).unwrap_or(0));
            }
        }
    }

    /// Tells Kafka what the store has committed, for its lag view only.
    fn tell_commits(&mut self, mode: CommitMode) {
        let hints = std::mem::take(&mut *locked(&self.shared.hints));
        let mut list = TopicPartitionList::new();
        for one in self.packer.owned() {
            if let Some((epoch, next)) = hints.get(&one.name)
                && *epoch == one.epoch
                && let Err(error) =
                    list.add_partition_offset(&one.topic, one.partition, Offset::Offset(i64::try_from(*next).unwrap_or(i64::MAX)))
            {
                tracing::warn!(kafka.topic = %one.topic, kafka.partition = one.partition, error = %error, "A commit could not be told to Kafka");
            }
        }
        if list.count() > 0
            && let Err(error) = self.consumer.commit(&list, mode)
        {
            tracing::warn!(error = %error, "Kafka did not take the committed offsets; only its lag view suffers");
        }
    }

    /// Decides on an error of the client: go on, or stop.
    fn judge(&mut self, error: &KafkaError) -> Result<(), SourceError> {
        let reason = self.consumer.context().last_reason();
        match meaning_of(error, &reason, &self.config.topics, self.assigned) {
            Meaning::EndOf(partition) => self.packer.reached_end(partition),
            Meaning::Stop(error) => return Err(error),
            Meaning::OffsetReset => self.check_positions(&reason)?,
            Meaning::Passing => self.tell_trouble(error, &reason),
        }
        Ok(())
    }

    /// The client may repeat itself many times a second.
    fn tell_trouble(&mut self, error: &KafkaError, reason: &str) {
        self.troubles += 1;
        if self.last_trouble.is_none_or(|last| last.elapsed() >= TROUBLE_EVERY) {
            tracing::warn!(error = %error, reason, times = self.troubles, "Kafka has trouble, the client tries again");
            self.last_trouble = Some(Instant::now());
            self.troubles = 0;
        }
    }

    /// The client does not say which partition's offset is out of range: ask for the ends of all.
    fn check_positions(&mut self, reason: &str) -> Result<(), SourceError> {
        for one in self.packer.owned() {
            if let Ok((low, high)) = self.consumer.fetch_watermarks(&one.topic, one.partition, WATERMARKS_TIMEOUT) {
                let ends = (u64::try_from(low).unwrap_or(0), u64::try_from(high).unwrap_or(0));
                let partition = TopicPartition { topic: one.topic.clone(), partition: one.partition };
                first_offset(&partition, ends, Some(one.next), StartPolicy::Beginning, true)?;
            }
        }
        self.baseless_resets += 1;
        if self.baseless_resets > BASELESS_RESETS_MAX {
            return Err(SourceError::Fatal { reason: format!("offset reset again and again, though every offset is in range: {reason}") });
        }
        tracing::warn!(reason, "The client asked for an offset reset, though every offset is in range; reading on from where we are");
        let mut list = TopicPartitionList::new();
        for one in self.packer.owned() {
            let offset = Offset::Offset(i64::try_from(one.next).unwrap_or(i64::MAX));
            list.add_partition_offset(&one.topic, one.partition, offset)
                .map_err(|error| SourceError::Fatal { reason: error.to_string() })?;
        }
        self.consumer.assign(&list).map_err(|error| SourceError::Fatal { reason: format!("assign again: {error}") })
    }
}
