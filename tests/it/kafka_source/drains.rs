//! What a drain hands out, and how it starts from the store's offsets, not from Kafka's.

use std::sync::Arc;

use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::message::{Header, OwnedHeaders};
use rdkafka::producer::{BaseRecord, Producer};
use rdkafka::{ClientConfig, Offset, TopicPartitionList};
use sisan::consume::{KafkaConfig, Mode, Polled};

use super::topics::{
    EVENT_BYTES_MAX, LIMITS, TIMEOUT, config, drain, join, new_topic, numbers, producer,
    read_until, send, send_many,
};
use crate::ledger::Ledger;
use crate::services::{kafka_brokers, unique};

#[test]
fn a_drain_hands_out_everything_once_and_the_next_one_goes_on_from_the_store() {
    let (topic, ledger) = (new_topic("drain", 4), Arc::new(Ledger::default()));
    send_many(&topic, 4, 0..5000);
    drain(config(&topic, &unique("g"), true), &ledger).unwrap();
    assert_eq!(ledger.texts(), numbers(0..5000));
    ledger.assert_ordered();
    send_many(&topic, 4, 5000..5100);
    // Another group: the offsets that were committed to Kafka do not matter.
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
