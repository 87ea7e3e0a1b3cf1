//! Tests of the packer, with synthetic messages.

use proptest::prelude::*;
use rdkafka::Timestamp;
use rdkafka::message::{Header, OwnedHeaders, OwnedMessage};

use super::*;

fn message(
    topic: &str,
    partition: i32,
    offset: i64,
    payload: Option<&[u8]>,
    headers: &[(&str, &str)],
) -> OwnedMessage {
    let mut made = OwnedHeaders::new();
    for (key, value) in headers {
        made = made.insert(Header {
            key,
            value: Some(*value),
        });
    }
    let headers = (!headers.is_empty()).then_some(made);
    OwnedMessage::new(
        payload.map(<[u8]>::to_vec),
        None,
        topic.into(),
        Timestamp::NotAvailable,
        partition,
        offset,
        headers,
    )
}

fn plain(partition: i32, offset: i64) -> OwnedMessage {
    message("boss", partition, offset, Some(b"{}"), &[])
}

fn owned(topic: &str, partition: i32, next: u64, target: u64) -> OwnedPartition {
    let name = format!("{topic}-{partition}").into();
    OwnedPartition {
        topic: topic.into(),
        partition,
        name,
        epoch: 7,
        next,
        end: 100,
        target,
        is_new: false,
        must_match: None,
        paused: None,
    }
}

fn packer(all: Vec<OwnedPartition>) -> Packer {
    let mut packer = Packer::new(10);
    packer.own(all);
    packer
}

#[test]
fn offsets_that_are_jumped_over_are_counted_as_gaps() {
    let mut packer = packer(vec![owned("boss", 0, 10, 0), owned("boss", 1, 0, 0)]);
    for (partition, offset) in [(0, 12), (1, 0), (0, 13), (0, 16)] {
        assert_eq!(packer.pack(&plain(partition, offset)), Packed::Taken);
    }
    packer.passed("boss", 0, 19);
    let batch = packer.close();
    assert_eq!(
        batch
            .deliveries
            .iter()
            .map(|one| (one.partition, one.position))
            .collect::<Vec<_>>(),
        [(0, 12), (1, 0), (0, 13), (0, 16)]
    );
    let zero = &batch.partitions[0];
    assert_eq!(
        (
            &*zero.name,
            zero.epoch,
            zero.next_position,
            zero.gaps,
            zero.lag
        ),
        ("boss-0", 7, 19, 6, 81)
    );
    assert_eq!(
        (batch.partitions[1].next_position, batch.partitions[1].gaps),
        (1, 0)
    );
    assert!(!packer.has_something());
}

#[test]
fn messages_of_foreign_partitions_and_from_before_the_position_are_dropped() {
    let mut packer = packer(vec![owned("boss", 0, 10, 0)]);
    for (topic, partition, offset) in [("boss", 1, 10), ("crm", 0, 10), ("boss", 0, 9)] {
        assert_eq!(
            packer.pack(&message(topic, partition, offset, Some(b"{}"), &[])),
            Packed::Stale
        );
    }
    assert!(!packer.has_something());
    assert_eq!(packer.pack(&plain(0, 10)), Packed::Taken);
    packer.disown();
    assert!(!packer.has_something());
    assert_eq!(packer.pack(&plain(0, 11)), Packed::Stale);
}

#[test]
fn a_partition_that_the_store_does_not_know_is_told_of_at_once() {
    let read = |partition| OwnedPartition {
        end: 3,
        ..owned("boss", partition, 3, 0)
    };
    let mut packer = packer(vec![
        OwnedPartition {
            is_new: true,
            ..read(0)
        },
        read(1),
        OwnedPartition { end: 5, ..read(2) },
    ]);
    assert!(packer.has_something());
    let batch = packer.close();
    assert_eq!(batch.partitions.len(), 1);
    assert_eq!(
        (
            batch.partitions[0].next_position,
            batch.partitions[0].gaps,
            batch.has_more
        ),
        (3, 0, true)
    );
}

#[test]
fn the_mode_follows_the_headers() {
    let structured = (
        "content-type",
        "application/cloudevents+json; charset=utf-8",
    );
    for (headers, binary) in [
        (vec![], None),
        (vec![structured], None),
        (vec![structured, ("ce_specversion", "1.0")], None),
        (vec![("trace", "x")], None),
        (vec![("ce_id", "1")], None),
        (
            vec![
                ("content-type", "application/json"),
                ("ce_specversion", "1.0"),
                ("ce_id", "1"),
            ],
            Some(vec![("specversion", "1.0"), ("id", "1")]),
        ),
    ] {
        let mut packer = packer(vec![owned("boss", 0, 0, 0)]);
        packer.pack(&message("boss", 0, 0, Some(b"{}"), &headers));
        let expected = binary.map_or(Mode::Structured, |all| {
            Mode::Binary(Box::new(BinaryAttributes(
                all.into_iter()
                    .map(|(name, value)| (name.into(), value.as_bytes().into()))
                    .collect(),
            )))
        });
        assert_eq!(packer.close().deliveries[0].mode, expected, "{headers:?}");
    }
}

#[test]
fn headers_that_the_client_cannot_read_make_one_rejection_and_no_more() {
    struct Unreadable;
    impl Headers for Unreadable {
        fn count(&self) -> usize {
            1
        }
        fn try_get(&self, _: usize) -> Option<Header<'_, &[u8]>> {
            panic!("as the client does on a name that is not UTF-8")
        }
    }
    assert_eq!(mode_of(&Unreadable), Mode::Binary(Box::default()));
}

#[test]
fn a_tombstone_is_an_empty_delivery_and_an_oversized_message_keeps_its_digest() {
    let mut packer = packer(vec![owned("boss", 0, 0, 0)]);
    packer.pack(&message("boss", 0, 0, None, &[]));
    packer.pack(&message("boss", 0, 1, Some(b"0123456789"), &[]));
    packer.pack(&message("boss", 0, 2, Some(b"0123456789x"), &[]));
    let batch = packer.close();
    assert_eq!(batch.payload(&batch.deliveries[0]), b"");
    assert_eq!(batch.payload(&batch.deliveries[1]), b"0123456789");
    assert_eq!(batch.payload(&batch.deliveries[2]), b"");
    assert_eq!(
        batch.deliveries[2].mode,
        Mode::Oversized {
            bytes: 11,
            digest: xxhash_rust::xxh3::xxh3_128(b"0123456789x")
        }
    );
}

#[test]
fn an_end_of_a_partition_passes_what_lies_before_the_target() {
    let mut packer = packer(vec![owned("boss", 0, 0, 5), owned("crm", 0, 9, 9)]);
    packer.pack(&plain(0, 2));
    assert!(!packer.is_drained());
    packer.reached_end(0);
    packer.reached_end(1);
    assert!(packer.is_drained());
    assert_eq!(
        (
            packer.close().partitions[0].next_position,
            packer.owned()[0].next,
            packer.owned()[1].next
        ),
        (5, 5, 9)
    );
}

proptest! {
    #[test]
    fn deliveries_and_gaps_add_up_to_the_offsets_passed(jumps in proptest::collection::vec((0_i32..3, 0_i64..4, any::<bool>()), 0..60), batch_every in 1_usize..9) {
        let mut packer = packer((0..3).map(|partition| owned("boss", partition, 5, 0)).collect());
        let (mut at, mut seen) = ([5_i64; 3], [0_u64; 3]);
        let mut count = |batch: RawBatch| {
            let mut last = [0; 3];
            for one in &batch.deliveries {
                assert!(last[usize::from(one.partition)] <= one.position, "order within the partition");
                last[usize::from(one.partition)] = one.position;
            }
            for (slot, progress) in batch.partitions.iter().enumerate() {
                let partition: usize = progress.name["boss-".len()..].parse().unwrap();
                seen[partition] += progress.gaps + batch.deliveries.iter().filter(|one| usize::from(one.partition) == slot).count() as u64;
            }
        };
        for (n, (partition, jump, control)) in jumps.into_iter().enumerate() {
            let next = &mut at[partition as usize];
            *next += jump;
            if control {
                packer.passed("boss", partition, *next as u64);
            } else {
                packer.pack(&plain(partition, *next));
                *next += 1;
            }
            if n % batch_every == 0 {
                count(packer.close());
            }
        }
        count(packer.close());
        for (partition, next) in at.iter().enumerate() {
            prop_assert_eq!(packer.owned()[partition].next, *next as u64);
            prop_assert_eq!(seen[partition], *next as u64 - 5);
        }
    }
}
