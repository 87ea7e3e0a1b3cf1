//! Partitions and topics that come and go, and where each begins.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::producer::Producer;
use sisan::consume::{Alignment, KafkaConfig, KafkaSource, Polled, StopSignal, TakeOver};
use sisan::domain::start_policy::StartPolicy;

use super::topics::{
    LIMITS, TIMEOUT, at, config, drain, error_of, join, new_topic, numbers, producer, read_until,
    send, send_many,
};
use crate::ledger::Ledger;
use crate::services::unique;

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

/// A source that soon notices what becomes of its topic.
fn refreshing(topic: &str) -> KafkaConfig {
    KafkaConfig {
        settings: BTreeMap::from([(
            "topic.metadata.refresh.interval.ms".to_owned(),
            "200".to_owned(),
        )]),
        ..config(topic, &unique("g"), false)
    }
}

#[test]
fn partitions_added_while_the_source_reads_are_read_from_their_beginning() {
    let (topic, ledger) = (new_topic("grow", 2), Arc::new(Ledger::default()));
    send_many(&topic, 2, 0..100);
    let mut source = join(
        KafkaConfig {
            start: StartPolicy::End,
            ..refreshing(&topic)
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
    let mut source = join(refreshing(&topic), &ledger);
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
