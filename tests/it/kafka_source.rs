//! The Kafka source against a real broker. Each test has topics and a group of its own; the store
//! is a [`Ledger`].

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseProducer, BaseRecord, Producer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use sisan::consume::kafka::CLOSE_DEADLINE;
use sisan::consume::{
    Alignment, BatchLimits, EventTimes, KafkaConfig, KafkaSource, Mode, Polled, SourceError,
    StartPolicy, StopSignal, TakeOver,
};

use sisan::domain::local_day::Timestamp;

use crate::ledger::{Ledger, Row};
use crate::services::{TestTopic, kafka_brokers, unique};

const TIMEOUT: Duration = Duration::from_secs(60);
const LIMITS: BatchLimits = BatchLimits {
    events_max: 300,
    bytes_max: 1 << 20,
    wait: Duration::from_millis(20),
};
const EVENT_BYTES_MAX: usize = 1000;

/// The same topic, to be changed.
fn at(topic: &str) -> TestTopic {
    TestTopic::at(&kafka_brokers(), topic)
}

fn new_topic(stem: &str, partitions: i32) -> String {
    TestTopic::create(stem, partitions).name().to_owned()
}

fn producer(settings: &[(&str, &str)]) -> BaseProducer {
    let mut config = ClientConfig::new();
    config.set("bootstrap.servers", kafka_brokers());
    for (key, value) in settings {
        config.set(*key, *value);
    }
    config.create().unwrap()
}

fn send(producer: &BaseProducer, topic: &str, partition: i32, text: &str) {
    producer
        .send(
            BaseRecord::<(), str>::to(topic)
                .partition(partition)
                .payload(text),
        )
        .unwrap();
}

/// Sends so many messages round-robin, each with a text of its own.
fn send_many(topic: &str, partitions: i32, texts: std::ops::Range<u32>) {
    let producer = producer(&[]);
    for n in texts {
        send(&producer, topic, n as i32 % partitions, &format!("{n:06}"));
    }
    producer.flush(TIMEOUT).unwrap();
}

fn numbers(texts: std::ops::Range<u32>) -> Vec<String> {
    texts.map(|n| format!("{n:06}")).collect()
}

fn config(topic: &str, group: &str, drain: bool) -> KafkaConfig {
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

fn join(config: KafkaConfig, ledger: &Arc<Ledger>) -> KafkaSource {
    join_by(Alignment::none(), config, ledger)
}

fn join_by(alignment: Alignment, config: KafkaConfig, ledger: &Arc<Ledger>) -> KafkaSource {
    KafkaSource::join(
        config,
        alignment,
        (ledger.take_over(), ledger.epoch_of()),
        StopSignal::new(),
    )
    .unwrap()
}

/// Reads and commits until drained; what is paused then.
fn drain(config: KafkaConfig, ledger: &Arc<Ledger>) -> Result<Vec<(String, String)>, SourceError> {
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
fn read_until(source: &mut KafkaSource, ledger: &Ledger, done: impl Fn(&Ledger) -> bool) {
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

fn error_of(config: KafkaConfig, ledger: &Arc<Ledger>) -> SourceError {
    drain(config, ledger).expect_err("it must stop")
}

#[test]
fn a_drain_hands_out_everything_once_and_the_next_one_goes_on_from_the_store() {
    let (topic, ledger) = (new_topic("drain", 4), Arc::new(Ledger::default()));
    send_many(&topic, 4, 0..5000);
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert_eq!(ledger.texts(), numbers(0..5000));
    ledger.assert_ordered();
    send_many(&topic, 4, 5000..5100);
    // Another group: what Kafka knows of committed offsets has no say.
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert_eq!(ledger.texts(), numbers(0..5100));
    assert_eq!(
        (ledger.sum(|row| row.gaps), ledger.sum(|row| row.lag)),
        (0, 0)
    );
}

#[test]
fn a_drain_of_an_empty_topic_ends_and_makes_its_partitions_known() {
    let (topic, ledger) = (new_topic("empty", 2), Arc::new(Ledger::default()));
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert!(
        ledger
            .0
            .lock()
            .unwrap()
            .values()
            .all(|row| row.next == Some(0))
    );
    assert_eq!(ledger.0.lock().unwrap().len(), 2);
}

#[test]
fn aborted_messages_and_control_records_are_gaps_also_at_the_end() {
    let (topic, ledger) = (new_topic("tx", 1), Arc::new(Ledger::default()));
    let producer = producer(&[("transactional.id", &unique("tx"))]);
    producer.init_transactions(TIMEOUT).unwrap();
    for (count, commit) in [(20, true), (10, false), (5, true), (7, false)] {
        producer.begin_transaction().unwrap();
        for n in 0..count {
            send(&producer, &topic, 0, &format!("{count}.{n}.{commit}"));
        }
        producer.flush(TIMEOUT).unwrap();
        if commit {
            producer.commit_transaction(TIMEOUT).unwrap()
        } else {
            producer.abort_transaction(TIMEOUT).unwrap()
        }
    }
    let two_topics = new_topic("other", 1);
    send_many(&two_topics, 1, 0..3);
    let both = KafkaConfig {
        topics: vec![topic.clone(), two_topics],
        ..config(&topic, &unique("g"), true)
    };
    drain(both, &ledger).unwrap();
    assert_eq!(ledger.applied(), 28);
    assert!(ledger.texts().iter().all(|text| !text.contains("false")));
    assert_eq!(
        ledger.sum(|row| row.gaps),
        10 + 7 + 4,
        "aborted messages and four control records"
    );
    assert_eq!(ledger.sum(|row| row.lag), 0);

    // Read on without a drain: a control record that nothing follows is counted too.
    let mut source = join(config(&topic, &unique("g"), false), &ledger);
    producer.begin_transaction().unwrap();
    send(&producer, &topic, 0, "last");
    producer.commit_transaction(TIMEOUT).unwrap();
    read_until(&mut source, &ledger, |ledger| {
        ledger.sum(|row| row.gaps) == 22 && ledger.applied() == 29
    });
    source.close();
}

#[test]
fn messages_of_an_open_transaction_are_not_waited_for_by_a_drain() {
    let (topic, ledger) = (new_topic("open", 1), Arc::new(Ledger::default()));
    send_many(&topic, 1, 0..3);
    let producer = producer(&[("transactional.id", &unique("tx"))]);
    producer.init_transactions(TIMEOUT).unwrap();
    producer.begin_transaction().unwrap();
    send(&producer, &topic, 0, "open");
    producer.flush(TIMEOUT).unwrap();
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert_eq!(ledger.texts(), numbers(0..3));
    producer.commit_transaction(TIMEOUT).unwrap();
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert_eq!(ledger.applied(), 4);
}

#[test]
fn a_batch_read_before_a_take_over_is_refused_and_nothing_is_lost_or_doubled() {
    let (topic, group, ledger) = (
        new_topic("group", 4),
        unique("g"),
        Arc::new(Ledger::default()),
    );
    send_many(&topic, 4, 0..2000);
    let mut first = join(config(&topic, &group, false), &ledger);
    read_until(&mut first, &ledger, |ledger| ledger.applied() > 0);
    let Polled::Batch(late) = first.next_batch(LIMITS, TIMEOUT).unwrap() else {
        panic!("there is more to read")
    };
    let mut second = join(config(&topic, &group, false), &ledger);
    read_until(&mut second, &ledger, |ledger| {
        ledger.0.lock().unwrap().values().all(|row| row.epoch > 1)
    });
    assert!(!ledger.commit(&late), "its partitions were taken over");
    send_many(&topic, 4, 2000..4000);
    let begun = Instant::now();
    while ledger.applied() < 4000 {
        for source in [&mut first, &mut second] {
            if let Polled::Batch(batch) = source
                .next_batch(LIMITS, Duration::from_millis(20))
                .unwrap()
            {
                ledger.commit(&batch);
            }
        }
        assert!(begun.elapsed() < TIMEOUT, "{} of 4000", ledger.applied());
    }
    // One leaves: the other takes all over.
    first.close();
    send_many(&topic, 4, 4000..4100);
    read_until(&mut second, &ledger, |ledger| ledger.applied() == 4100);
    assert_eq!(ledger.texts(), numbers(0..4100));
    ledger.assert_ordered();
}

#[test]
fn an_offset_that_was_deleted_pauses_its_partition_with_all_three_offsets_and_the_others_go_on() {
    let (topic, ledger) = (new_topic("gone", 2), Arc::new(Ledger::default()));
    send_many(&topic, 2, 0..20);
    at(&topic).delete_before(0, 5);
    ledger.0.lock().unwrap().insert(
        format!("{topic}-0"),
        Row {
            next: Some(2),
            ..Row::default()
        },
    );
    let paused = drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    let [(name, reason)] = &paused[..] else {
        panic!("{paused:?}")
    };
    assert_eq!(*name, format!("{topic}-0"));
    assert!(
        reason.starts_with("E_OFFSET_GONE: ")
            && reason.contains(&format!("{topic}-0 at offset 2: the broker holds 5 to 10")),
        "{reason}"
    );
    let of_partition_1: Vec<String> = (0..20)
        .filter(|n| n % 2 == 1)
        .map(|n| format!("{n:06}"))
        .collect();
    assert_eq!(ledger.texts(), of_partition_1);
    // An operator decides to go on from 5, and it is read.
    ledger.seek(&format!("{topic}-0"), 5);
    assert_eq!(
        drain(config(&topic, &unique("g"), true), &ledger).unwrap(),
        []
    );
    assert_eq!(ledger.applied(), 15);
}

#[test]
fn a_paused_partition_goes_on_once_an_operator_has_moved_it_beside_the_running_source() {
    let (topic, ledger) = (new_topic("moved", 2), Arc::new(Ledger::default()));
    send_many(&topic, 2, 0..20);
    ledger.0.lock().unwrap().insert(
        format!("{topic}-0"),
        Row {
            next: Some(11),
            ..Row::default()
        },
    );
    let mut source = join(config(&topic, &unique("g"), false), &ledger);
    read_until(&mut source, &ledger, |ledger| ledger.applied() == 10);
    let paused = source.paused();
    assert!(
        matches!(&paused[..], [(name, reason)] if *name == format!("{topic}-0") && reason.starts_with("E_TOPIC_REPLACED: ")),
        "{paused:?}"
    );
    ledger.seek(&format!("{topic}-0"), 4);
    read_until(&mut source, &ledger, |ledger| ledger.applied() == 16);
    assert_eq!(source.paused(), []);
    send_many(&topic, 2, 20..24);
    read_until(&mut source, &ledger, |ledger| ledger.applied() == 20);
    source.close();
}

#[test]
fn an_offset_that_is_deleted_while_the_source_waits_pauses_its_partition_too() {
    let (topic, ledger) = (new_topic("goes", 1), Arc::new(Ledger::default()));
    let producer = producer(&[("batch.num.messages", "10")]);
    for n in 0..2000 {
        send(&producer, &topic, 0, &format!("{n:06}"));
    }
    producer.flush(TIMEOUT).unwrap();
    // The worker takes nothing, so the source pauses long before the end; then everything is
    // deleted.
    let slow = BTreeMap::from([
        ("queued.min.messages".to_owned(), "1".to_owned()),
        ("fetch.message.max.bytes".to_owned(), "1000".to_owned()),
    ]);
    let mut source = join(
        KafkaConfig {
            settings: slow,
            ..config(&topic, &unique("g"), false)
        },
        &ledger,
    );
    let few = BatchLimits {
        events_max: 10,
        ..LIMITS
    };
    assert!(matches!(
        source.next_batch(few, TIMEOUT).unwrap(),
        Polled::Batch(_)
    ));
    at(&topic).delete_before(0, 2000);
    let begun = Instant::now();
    while source.paused().is_empty() {
        assert!(begun.elapsed() < TIMEOUT, "it is not paused");
        match source.next_batch(few, Duration::from_millis(100)).unwrap() {
            Polled::Batch(batch) => assert!(
                batch.partitions[0].next_position < 2000,
                "everything was read before it was deleted"
            ),
            other => assert_eq!(other, Polled::Idle),
        }
    }
    let reason = source.paused().remove(0).1;
    assert!(
        reason.starts_with("E_OFFSET_GONE: ") && reason.contains("the broker holds 2000 to 2000"),
        "{reason}"
    );
}

#[test]
fn a_stored_offset_beyond_the_end_means_that_the_topic_was_replaced() {
    let (topic, ledger) = (new_topic("replaced", 1), Arc::new(Ledger::default()));
    send_many(&topic, 1, 0..10);
    ledger.0.lock().unwrap().insert(
        format!("{topic}-0"),
        Row {
            next: Some(11),
            ..Row::default()
        },
    );
    let paused = drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert!(
        matches!(&paused[..], [(_, reason)] if reason.starts_with("E_TOPIC_REPLACED: ")),
        "{paused:?}"
    );
}

#[test]
fn a_topic_that_was_made_anew_is_known_by_the_message_before_the_stored_offset() {
    let (topic, ledger) = (new_topic("anew", 2), Arc::new(Ledger::default()));
    send_many(&topic, 2, 0..20);
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert_eq!(ledger.texts(), numbers(0..20));
    // The same topic goes on.
    send_many(&topic, 2, 20..30);
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert_eq!(ledger.texts(), numbers(0..30));
    at(&topic).delete();
    at(&topic).make_again(2);
    // As many messages and more, so that no offset is out of range.
    send_many(&topic, 2, 100..150);
    let paused = drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert!(
        paused
            .iter()
            .all(|(_, reason)| reason.starts_with("E_TOPIC_REPLACED: ")),
        "{paused:?}"
    );
    assert!(
        paused.len() == 2
            && paused[0]
                .1
                .contains("at offset 14 is not the one that was read there"),
        "{paused:?}"
    );
    assert_eq!(
        ledger.texts(),
        numbers(0..30),
        "nothing of the other topic was taken"
    );
}

#[test]
fn a_topic_that_is_not_there_is_named() {
    let (topic, ledger) = (unique("nowhere"), Arc::new(Ledger::default()));
    let error = error_of(config(&topic, &unique("g"), true), &ledger);
    assert_eq!(error.code(), "E_KAFKA_TOPIC");
    assert!(error.to_string().contains(&topic), "{error}");
}

#[test]
fn starting_at_the_end_skips_what_was_there_but_not_what_comes_while_nobody_reads() {
    let (topic, group, ledger) = (
        new_topic("end", 1),
        unique("g"),
        Arc::new(Ledger::default()),
    );
    send_many(&topic, 1, 0..10);
    let at_end = |drain| KafkaConfig {
        start: StartPolicy::End,
        ..config(&topic, &group, drain)
    };
    drain(at_end(true), &ledger).unwrap();
    assert_eq!(
        (ledger.applied(), ledger.sum(|row| row.next.unwrap_or(0))),
        (0, 10)
    );
    send_many(&topic, 1, 10..15);
    drain(at_end(true), &ledger).unwrap();
    assert_eq!(ledger.texts(), numbers(10..15));
    // A partition added later is read from its beginning.
    at(&topic).grow_to(2);
    let producer = producer(&[]);
    send(&producer, &topic, 1, "added");
    producer.flush(TIMEOUT).unwrap();
    drain(at_end(true), &ledger).unwrap();
    assert!(ledger.texts().contains(&"added".to_owned()));
}

#[test]
fn partitions_added_while_the_source_reads_are_read_from_their_beginning() {
    let (topic, ledger) = (new_topic("grow", 2), Arc::new(Ledger::default()));
    send_many(&topic, 2, 0..100);
    let settings = BTreeMap::from([(
        "topic.metadata.refresh.interval.ms".to_owned(),
        "200".to_owned(),
    )]);
    let mut source = join(
        KafkaConfig {
            settings,
            start: StartPolicy::End,
            ..config(&topic, &unique("g"), false)
        },
        &ledger,
    );
    read_until(&mut source, &ledger, |ledger| {
        ledger
            .0
            .lock()
            .unwrap()
            .values()
            .filter(|row| row.next.is_some())
            .count()
            == 2
    });
    at(&topic).grow_to(4);
    send_many(&topic, 4, 100..200);
    read_until(&mut source, &ledger, |ledger| ledger.applied() == 100);
    assert_eq!(ledger.texts(), numbers(100..200));
    source.close();
}

#[test]
fn a_topic_that_is_deleted_while_the_source_reads_stops_it() {
    let (topic, ledger) = (new_topic("deleted", 1), Arc::new(Ledger::default()));
    send_many(&topic, 1, 0..10);
    let settings = BTreeMap::from([(
        "topic.metadata.refresh.interval.ms".to_owned(),
        "200".to_owned(),
    )]);
    let mut source = join(
        KafkaConfig {
            settings,
            ..config(&topic, &unique("g"), false)
        },
        &ledger,
    );
    read_until(&mut source, &ledger, |ledger| ledger.applied() == 10);
    at(&topic).delete();
    let begun = Instant::now();
    let error = loop {
        match source.next_batch(LIMITS, Duration::from_millis(100)) {
            Ok(_) => assert!(begun.elapsed() < TIMEOUT, "it must notice"),
            Err(error) => break error,
        }
    };
    assert_eq!(error.code(), "E_KAFKA_TOPIC", "{error}");
}

#[test]
fn headers_tombstones_and_overlong_messages_arrive_as_what_they_are() {
    let (topic, ledger) = (new_topic("modes", 1), Arc::new(Ledger::default()));
    let producer = producer(&[("compression.type", "zstd")]);
    let structured = OwnedHeaders::new().insert(Header {
        key: "content-type",
        value: Some("application/cloudevents+json"),
    });
    let binary = OwnedHeaders::new()
        .insert(Header {
            key: "content-type",
            value: Some("application/json"),
        })
        .insert(Header {
            key: "ce_specversion",
            value: Some("1.0"),
        })
        .insert(Header {
            key: "ce_id",
            value: Some("集"),
        });
    let to = || BaseRecord::<(), str>::to(&topic).partition(0);
    producer
        .send(to().payload("{}").headers(structured))
        .unwrap();
    producer.send(to().payload("{}").headers(binary)).unwrap();
    producer.send(to()).unwrap();
    producer
        .send(to().payload(&"x".repeat(EVENT_BYTES_MAX + 1)))
        .unwrap();
    producer.flush(TIMEOUT).unwrap();
    let mut source = join(config(&topic, &unique("g"), false), &ledger);
    let mut all = Vec::new();
    while all.len() < 4 {
        let Polled::Batch(batch) = source.next_batch(LIMITS, TIMEOUT).unwrap() else {
            panic!("not all came")
        };
        all.extend(
            batch
                .deliveries
                .iter()
                .map(|one| (one.mode.clone(), batch.payload(one).to_vec())),
        );
    }
    assert_eq!(all[0], (Mode::Structured, b"{}".to_vec()));
    let Mode::Binary(attributes) = &all[1].0 else {
        panic!("{:?}", all[1])
    };
    assert_eq!(
        attributes.0,
        [
            ("specversion".into(), b"1.0"[..].into()),
            ("id".into(), "集".as_bytes().into())
        ]
    );
    assert_eq!(all[2], (Mode::Structured, Vec::new()));
    assert!(matches!(all[3], (Mode::Oversized { bytes: 1001, .. }, ref text) if text.is_empty()));
}

#[test]
fn what_the_store_committed_is_told_to_kafka() {
    let (topic, group, ledger) = (
        new_topic("hint", 2),
        unique("g"),
        Arc::new(Ledger::default()),
    );
    send_many(&topic, 2, 0..100);
    drain(config(&topic, &group, true), &ledger).unwrap();
    let looker: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", kafka_brokers())
        .set("group.id", &group)
        .create()
        .unwrap();
    let mut partitions = TopicPartitionList::new();
    partitions.add_partition_range(&topic, 0, 1);
    let committed = looker.committed_offsets(partitions, TIMEOUT).unwrap();
    assert_eq!(
        committed
            .elements()
            .iter()
            .map(|one| one.offset())
            .collect::<Vec<_>>(),
        [Offset::Offset(50); 2]
    );
}

#[test]
fn a_store_that_cannot_say_where_to_begin_stops_the_source() {
    let topic = new_topic("store", 1);
    let take_over: TakeOver = Box::new(|_| Err("the store is locked".into()));
    let mut source = KafkaSource::join(
        config(&topic, &unique("g"), false),
        Alignment::none(),
        (take_over, Box::new(|_| Ok(0))),
        StopSignal::new(),
    )
    .unwrap();
    let error = source
        .next_batch(LIMITS, TIMEOUT)
        .expect_err("it cannot begin");
    assert_eq!(error.code(), "E_POSITIONS");
    assert!(error.to_string().contains(&format!("{topic}-0")), "{error}");
}

#[test]
fn a_worker_that_is_slower_than_the_broker_gets_full_batches_in_order() {
    let (topic, ledger) = (new_topic("slow", 3), Arc::new(Ledger::default()));
    send_many(&topic, 3, 0..6000);
    let mut source = join(config(&topic, &unique("g"), false), &ledger);
    let mut sizes = Vec::new();
    while ledger.applied() < 6000 {
        let Polled::Batch(batch) = source.next_batch(LIMITS, TIMEOUT).unwrap() else {
            panic!("not all came")
        };
        assert!(ledger.commit(&batch));
        sizes.push(batch.deliveries.len());
    }
    ledger.assert_ordered();
    assert_eq!(ledger.texts(), numbers(0..6000));
    assert!(sizes.len() < 60, "most batches are full: {sizes:?}");
    assert_eq!(ledger.texts().iter().collect::<HashSet<_>>().len(), 6000);
}

/// A text is its event time in seconds.
struct Seconds;

impl EventTimes for Seconds {
    fn of(&self, payload: &[u8], _: &Mode) -> Option<Timestamp> {
        Some(Timestamp::from_micros(
            std::str::from_utf8(payload).ok()?.parse::<i64>().ok()? * 1_000_000,
        ))
    }
}

#[test]
fn no_partition_runs_ahead_of_another_and_an_empty_and_a_paused_one_hold_nobody_up() {
    let (topic, ledger) = (new_topic("evenly", 5), Arc::new(Ledger::default()));
    let producer = producer(&[]);
    // One after another each, far apart between them; the fourth holds nothing, and of the fifth
    // more is stored than it has.
    for (partition, times) in [(0, 0..3000), (1, 2000..2500), (2, 100..2600), (4, 0..10)] {
        times.for_each(|time| send(&producer, &topic, partition, &time.to_string()));
    }
    producer.flush(TIMEOUT).unwrap();
    ledger.0.lock().unwrap().insert(
        format!("{topic}-4"),
        Row {
            next: Some(99),
            ..Row::default()
        },
    );
    let alignment = Alignment {
        times: Arc::new(Seconds),
        ahead_max: TimeDelta::seconds(50),
    };
    let mut source = join_by(alignment, config(&topic, &unique("g"), false), &ledger);
    let (mut read, mut all) = (BTreeMap::from([(0, 0), (1, 2000), (2, 100)]), 0);
    let ends = BTreeMap::from([(0, 3000), (1, 2500), (2, 2600)]);
    while all < 6000 {
        let Polled::Batch(batch) = source.next_batch(LIMITS, TIMEOUT).unwrap() else {
            panic!("nothing comes after {all}")
        };
        for one in &batch.deliveries {
            let partition: i32 = batch.partitions[usize::from(one.partition)]
                .name
                .rsplit('-')
                .next()
                .unwrap()
                .parse()
                .unwrap();
            let time: i64 = std::str::from_utf8(batch.payload(one))
                .unwrap()
                .parse()
                .unwrap();
            assert_eq!(
                read.insert(partition, time + 1),
                Some(time),
                "in the order of offsets"
            );
            let unread = read
                .iter()
                .filter(|(other, next)| **next < ends[other])
                .map(|(_, next)| *next);
            assert!(
                unread.min().is_none_or(|slowest| time <= slowest + 50),
                "{partition} has run ahead: {time}, {read:?}"
            );
            all += 1;
        }
        assert_eq!(batch.has_more, all < 6000);
    }
    assert!(
        matches!(
            source
                .next_batch(LIMITS, Duration::from_millis(300))
                .unwrap(),
            Polled::Idle
        ) && !source.has_more()
    );
    source.close();
}
