//! Topics of a test's own, and sources that read them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::ClientConfig;
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use sisan::consume::kafka::CLOSE_DEADLINE;
use sisan::consume::{
    Alignment, BatchLimits, KafkaConfig, KafkaSource, Polled, SourceError, StopSignal,
};
use sisan::domain::start_policy::StartPolicy;

use crate::ledger::Ledger;
use crate::services::{TestTopic, kafka_brokers};

pub const TIMEOUT: Duration = Duration::from_secs(60);
pub const LIMITS: BatchLimits = BatchLimits {
    events_max: 300,
    bytes_max: 1 << 20,
    wait: Duration::from_millis(20),
};

pub const EVENT_BYTES_MAX: usize = 1000;

/// The same topic, to be changed.
pub fn at(topic: &str) -> TestTopic {
    TestTopic::at(&kafka_brokers(), topic)
}

pub fn new_topic(stem: &str, partitions: i32) -> String {
    TestTopic::create(stem, partitions).name().to_owned()
}

pub fn producer(settings: &[(&str, &str)]) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", kafka_brokers());
    for (key, value) in settings {
        config.set(*key, *value);
    }
    config.create().unwrap()
}

pub fn send(producer: &BaseProducer, topic: &str, partition: i32, text: &str) {
    producer
        .send(
            BaseRecord::<(), str>::to(topic)
                .partition(partition)
                .payload(text),
        )
        .unwrap();
}

/// Sends so many messages round-robin, each with a text of its own.
pub fn send_many(topic: &str, partitions: i32, texts: std::ops::Range<u32>) {
    let producer = producer(&[]);
    for n in texts {
        send(&producer, topic, n as i32 % partitions, &format!("{n:06}"));
    }
    producer.flush(TIMEOUT).unwrap();
}

pub fn numbers(texts: std::ops::Range<u32>) -> Vec<String> {
    texts.map(|n| format!("{n:06}")).collect()
}

pub fn config(topic: &str, group: &str, drain: bool) -> KafkaConfig {
    KafkaConfig {
        brokers: kafka_brokers(),
        topics: vec![topic.to_owned()],
        group_id: group.to_owned(),
        start: StartPolicy::Beginning,
        settings: BTreeMap::new(),
        event_bytes_max: EVENT_BYTES_MAX,
        drain,
    }
}

pub fn join(config: KafkaConfig, ledger: &Arc<Ledger>) -> KafkaSource {
    join_by(Alignment::none(), config, ledger)
}

pub fn join_by(alignment: Alignment, config: KafkaConfig, ledger: &Arc<Ledger>) -> KafkaSource {
    KafkaSource::join(
        config,
        alignment,
        (ledger.take_over(), ledger.epoch_of()),
        StopSignal::new(),
    )
    .unwrap()
}

/// Reads and commits until drained; what is paused then.
pub fn drain(
    config: KafkaConfig,
    ledger: &Arc<Ledger>,
) -> Result<Vec<(String, String)>, SourceError> {
    let mut source = join(
        KafkaConfig {
            drain: true,
            ..config
        },
        ledger,
    );
    loop {
        match source.next_batch(LIMITS, TIMEOUT)? {
            Polled::Batch(batch) => {
                assert!(batch.deliveries.len() <= LIMITS.events_max);
                assert!(ledger.commit(&batch));
                source.committed(&batch.partitions);
            }
            Polled::Drained => {
                let (begun, paused) = (Instant::now(), source.paused());
                source.close();
                assert!(
                    begun.elapsed() < CLOSE_DEADLINE,
                    "the group was left in time"
                );
                return Ok(paused);
            }
            other => panic!("neither batch nor end: {other:?}"),
        }
    }
}

/// Reads and commits until something holds.
pub fn read_until(source: &mut KafkaSource, ledger: &Ledger, done: impl Fn(&Ledger) -> bool) {
    let begun = Instant::now();
    while !done(ledger) {
        match source
            .next_batch(LIMITS, Duration::from_millis(100))
            .unwrap()
        {
            Polled::Batch(batch) => {
                ledger.commit(&batch);
            }
            Polled::Idle => assert!(
                begun.elapsed() < TIMEOUT,
                "it does not come to that: {} applied",
                ledger.applied()
            ),
            other => panic!("{other:?}"),
        }
    }
}

pub fn error_of(config: KafkaConfig, ledger: &Arc<Ledger>) -> SourceError {
    drain(config, ledger).expect_err("it must stop")
}
