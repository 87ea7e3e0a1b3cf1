//! In which order messages come, within a partition and across them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use rdkafka::producer::Producer;
use sisan::consume::{Alignment, Delivery, EventTimes, Mode, Polled, RawBatch};
use sisan::domain::local_day::Timestamp;

use super::topics::{
    LIMITS, TIMEOUT, config, join, join_by, new_topic, numbers, producer, send, send_many,
};
use crate::ledger::{Ledger, Row};
use crate::services::unique;

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
    fn time_of(&self, payload: &[u8], _: &Mode) -> Option<Timestamp> {
        Some(Timestamp::from_micros(
            std::str::from_utf8(payload).ok()?.parse::<i64>().ok()? * 1_000_000,
        ))
    }
}

fn partition_and_time(batch: &RawBatch, one: &Delivery) -> (i32, i64) {
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
    (partition, time)
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
            let (partition, time) = partition_and_time(&batch, one);
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
