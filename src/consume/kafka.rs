//! A Kafka consumer group as input: a thread of its own polls and packs, the worker takes whole
//! batches.
//!
//! It may not know payloads or SQL. Kafka's own committed offsets are never read: positions come
//! from the store. Invariant: messages reach the worker in the order of their offsets, under the
//! epoch that they were read in.
//!
//! It is a thread and not a stream because rebalance hooks run inside `poll` and block on the
//! store, and a consumer that is not polled is removed from its group. So the thread always polls
//! the client; when the worker is slow it takes no more from the queues of its partitions.

use std::collections::{BTreeMap, HashMap};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;
use rdkafka::error::KafkaError;

use super::alignment::Alignment;
use super::batch::{BatchLimits, PartitionProgress};
use super::error::SourceError;
use super::handoff::{Handoff, HandoffResult};
use super::kafka_settings::client_config;
use super::ownership::{EpochOf, TakeOver};
use super::poll_loop::{self, PollConfig};
use super::rebalance::{GroupContext, locked};
use super::source::{Polled, StopSignal};
use crate::domain::start_policy::StartPolicy;

/// How long leaving the group may take. Correctness does not depend on it: a position is what the
/// store committed.
pub const CLOSE_DEADLINE: Duration = Duration::from_secs(10);
/// Interval between checks of the stop signal.
const STOP_LOOKS_EVERY: Duration = Duration::from_millis(50);
/// Until the worker passes its own.
const FIRST_LIMITS: BatchLimits = BatchLimits {
    events_max: 50_000,
    bytes_max: 16 << 20,
    wait: Duration::from_millis(100),
};

/// What to read (`source.kafka`).
#[derive(Debug, Clone)]
pub struct KafkaConfig {
    /// Bootstrap servers, `host:port` with commas between.
    pub brokers: String,
    /// Topics to subscribe to.
    pub topics: Vec<String>,
    /// The consumer group that the workers share.
    pub group_id: String,
    /// Where to begin in an unknown topic.
    pub start: StartPolicy,
    /// Further settings, passed on to librdkafka.
    pub settings: BTreeMap<String, String>,
    /// Longest message that is taken whole.
    pub event_bytes_max: usize,
    /// Whether to end when all input present at the start has been read.
    pub drain: bool,
}

/// If a partition whose batch was refused is not assigned again within this time, no worker reads
/// it.
pub const REASSIGNED_WITHIN: Duration = Duration::from_secs(10);

/// State shared by both threads.
pub(super) struct PollState {
    pub(super) handoff: Handoff,
    pub(super) limits: Mutex<BatchLimits>,
    /// Commits of the store that Kafka has not been informed of: epoch and next offset by partition
    /// name.
    pub(super) hints: Mutex<HashMap<Arc<str>, (u64, u64)>>,
    /// Partitions with a dropped batch: its epoch, and when the last one was dropped.
    pub(super) dropped: Mutex<HashMap<Arc<str>, (u64, Instant)>>,
    /// Paused partitions, each with the reason.
    pub(super) paused: Mutex<BTreeMap<Arc<str>, String>>,
    /// Whether more input is known than the worker has taken, or nothing is known yet.
    pub(super) has_more: AtomicBool,
    /// Set by the worker to stop the thread.
    pub(super) closing: StopSignal,
    /// Set by the thread when it has left the group.
    pub(super) closed: StopSignal,
}

/// A membership in the group. Dropping it leaves the group as [`KafkaSource::close`] does.
pub struct KafkaSource {
    shared: Arc<PollState>,
    stop: StopSignal,
}

impl KafkaSource {
    /// Makes the client and begins to join the group. Returns before the broker has answered.
    ///
    /// # Errors
    /// [`SourceError::Setting`] when a setting is refused or malformed.
    pub fn join(
        config: KafkaConfig,
        alignment: Alignment,
        (take_over, epoch_of): (TakeOver, EpochOf),
        stop: StopSignal,
    ) -> Result<Self, SourceError> {
        if config.topics.is_empty() {
            return Err(SourceError::Setting {
                key: "topics".into(),
                reason: "no topic is named".into(),
            });
        }
        let shared = Arc::new(PollState {
            handoff: Handoff::default(),
            limits: Mutex::new(FIRST_LIMITS),
            hints: Mutex::default(),
            dropped: Mutex::default(),
            paused: Mutex::default(),
            has_more: AtomicBool::new(true),
            closing: StopSignal::new(),
            closed: StopSignal::new(),
        });
        let context = GroupContext::new(
            take_over,
            epoch_of,
            config.start,
            config.drain,
            shared.closing.clone(),
        );
        let consumer: BaseConsumer<GroupContext> = client_config(
            &config.brokers,
            &config.group_id,
            config.drain,
            &config.settings,
        )?
        .create_with_context(context)
        .map_err(not_created)?;
        let KafkaConfig {
            topics,
            event_bytes_max,
            drain,
            ..
        } = config;
        let (poll_config, consumer) = (
            PollConfig {
                topics,
                event_bytes_max,
                drain,
                alignment,
            },
            Arc::new(consumer),
        );
        let for_thread = Arc::clone(&shared);
        std::thread::Builder::new()
            .name("kafka-poll".into())
            .spawn(move || poll_loop::run(consumer, &for_thread, poll_config))
            .map_err(|error| SourceError::Fatal {
                reason: format!("start the polling thread: {error}"),
            })?;
        Ok(Self { shared, stop })
    }

    /// See [`super::source::Source::next_batch`].
    ///
    /// # Errors
    /// When reading cannot continue; the thread leaves the group then.
    pub fn next_batch(
        &mut self,
        limits: BatchLimits,
        idle: Duration,
    ) -> Result<Polled, SourceError> {
        *locked(&self.shared.limits) = limits;
        let begun = Instant::now();
        loop {
            if self.stop.is_stopped() {
                return Ok(Polled::Stopped);
            }
            let left = idle.saturating_sub(begun.elapsed());
            match self.shared.handoff.take(left.min(STOP_LOOKS_EVERY)) {
                HandoffResult::Batch(batch) => return Ok(Polled::Batch(batch)),
                HandoffResult::Drained => return Ok(Polled::Drained),
                HandoffResult::Failed(error) => return Err(error),
                HandoffResult::Abandoned => {
                    return Err(SourceError::Fatal {
                        reason: "the polling thread has ended".into(),
                    });
                }
                HandoffResult::Nothing if left.is_zero() => return Ok(Polled::Idle),
                HandoffResult::Nothing => {}
            }
        }
    }

    /// Records what the store has committed; the polling thread passes it to Kafka about once a
    /// second.
    pub fn committed(&self, progress: &[PartitionProgress]) {
        let mut hints = locked(&self.shared.hints);
        for one in progress {
            hints.insert(Arc::clone(&one.name), (one.epoch, one.next_position));
        }
    }

    /// See [`super::source::Source::paused`].
    #[must_use]
    pub fn paused(&self) -> Vec<(String, String)> {
        locked(&self.shared.paused)
            .iter()
            .map(|(name, reason)| (name.to_string(), reason.clone()))
            .collect()
    }

    /// See [`super::source::Source::has_more`].
    #[must_use]
    pub fn has_more(&self) -> bool {
        self.shared.has_more.load(Ordering::Acquire)
    }

    /// See [`super::source::Source::dropped`].
    pub(crate) fn dropped(&self, progress: &[PartitionProgress]) {
        locked(&self.shared.dropped).extend(
            progress
                .iter()
                .map(|one| (Arc::clone(&one.name), (one.epoch, Instant::now()))),
        );
    }

    /// Leaves the group, waiting for it at most [`CLOSE_DEADLINE`].
    pub fn close(self) {
        drop(self);
    }
}

impl Drop for KafkaSource {
    fn drop(&mut self) {
        self.shared.closing.stop();
        self.shared.handoff.clear();
        if !self.shared.closed.wait(CLOSE_DEADLINE) {
            tracing::warn!("The Kafka client does not leave its group in time and is abandoned");
        }
    }
}

/// Only settings can make the client's creation fail, and their values may be secrets.
pub(super) fn not_created(error: KafkaError) -> SourceError {
    match error {
        KafkaError::ClientConfig(_, reason, key, _) => SourceError::Setting { key, reason },
        KafkaError::ClientCreation(reason) => SourceError::Setting {
            key: "settings".into(),
            reason,
        },
        other => SourceError::Setting {
            key: "settings".into(),
            reason: other.to_string(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(settings: &[(&str, &str)]) -> Result<KafkaSource, SourceError> {
        let config = KafkaConfig {
            brokers: "127.0.0.1:1".into(),
            topics: vec!["boss".into()],
            group_id: "g".into(),
            start: StartPolicy::Beginning,
            settings: settings
                .iter()
                .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
                .collect(),
            event_bytes_max: 1000,
            drain: false,
        };
        KafkaSource::join(
            config,
            Alignment::none(),
            (Box::new(|_| Ok(Vec::new())), Box::new(|_| Ok(0))),
            StopSignal::new(),
        )
    }

    #[test]
    fn a_setting_that_librdkafka_does_not_know_is_named() {
        let error = join(&[("no.such.setting", "x")])
            .err()
            .expect("it is refused");
        assert_eq!(error.code(), "E_KAFKA_CONFIG");
        assert!(error.to_string().contains("no.such.setting"), "{error}");
    }

    #[test]
    fn a_password_is_not_told_when_its_setting_is_wrong() {
        let error = join(&[("queued.min.messages", "geheim")])
            .err()
            .expect("it is refused")
            .to_string();
        assert!(
            error.contains("queued.min.messages") && !error.contains("geheim"),
            "{error}"
        );
    }

    #[test]
    fn a_source_without_a_broker_is_idle_and_can_be_left() {
        let mut source = join(&[]).expect("settings are right");
        let limits = BatchLimits {
            events_max: 10,
            bytes_max: 1000,
            wait: Duration::from_millis(1),
        };
        assert_eq!(
            source
                .next_batch(limits, Duration::from_millis(1))
                .expect("it retries"),
            Polled::Idle
        );
        source.stop.stop();
        assert_eq!(
            source
                .next_batch(limits, Duration::from_secs(60))
                .expect("it was asked to stop"),
            Polled::Stopped
        );
        source.close();
    }
}
