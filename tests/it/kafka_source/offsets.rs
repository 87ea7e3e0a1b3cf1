//! Offsets that the broker no longer has.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::producer::Producer;
use sisan::consume::{BatchLimits, KafkaConfig, Polled};

use super::topics::{
    LIMITS, TIMEOUT, at, config, drain, join, new_topic, numbers, producer, read_until, send,
    send_many,
};
use crate::ledger::{Ledger, Row};
use crate::services::unique;

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
