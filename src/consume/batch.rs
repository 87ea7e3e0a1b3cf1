//! A batch of raw messages: one buffer of bytes and, for each delivery, its position in the buffer
//! and in its input.

use std::ops::Range;
use std::sync::Arc;

use crate::domain::source_state::SourceState;

/// Attributes of a Kafka message in CloudEvents binary mode: the `ce_` headers, without their
/// prefix.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct BinaryAttributes(pub Vec<(Box<str>, Box<[u8]>)>);

/// How the bytes of a delivery are to be read.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Mode {
    /// The bytes are the whole event.
    Structured,
    /// The bytes are `data`; the attributes came in headers.
    Binary(Box<BinaryAttributes>),
    /// The bytes are one line of a BOSS drop, read by the mapping of that index in the
    /// configuration.
    Mapped(u16),
    /// Larger than `event_bytes_max`: the bytes are dropped, only their length and digest are kept.
    Oversized {
        /// The length in bytes.
        bytes: u64,
        /// xxh3-128 of the whole message.
        digest: u128,
    },
}

/// One message or line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Index into [`RawBatch::partitions`].
    pub partition: u16,
    /// Offset in the partition, or line in the file from 1 (empty lines have numbers, but are no
    /// deliveries).
    pub position: u64,
    /// The partition's position after it: the next offset, or the number of lines read.
    pub next_position: u64,
    /// The byte position after it, in the uncompressed file (Kafka: 0).
    pub next_byte: u64,
    /// Offsets without a message just before it (Kafka: transactions, compaction; files: lines left
    /// out).
    pub gap_before: u64,
    /// The range of its bytes in [`RawBatch::bytes`].
    pub bytes: Range<usize>,
    /// How its bytes are to be read.
    pub mode: Mode,
}

/// The position and state of a partition or file after a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartitionProgress {
    /// File name, or `topic-partition`.
    pub name: Arc<str>,
    /// The epoch under which it was read (Kafka; files have 0). A commit requires that it is still
    /// current.
    pub epoch: u64,
    /// The next offset, or the number of lines read so far.
    pub next_position: u64,
    /// The first byte not yet read, in the uncompressed file (Kafka: 0).
    pub next_byte: u64,
    /// Offsets without a message that this batch passed (Kafka: transactions, compaction; files:
    /// lines left out).
    pub gaps: u64,
    /// The known rest (Kafka: high watermark − next, in messages; files: bytes left).
    pub lag: u64,
    pub state: SourceState,
    /// Of a file: its fingerprint.
    pub file: Option<FileProgress>,
}

/// The fingerprint of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileProgress {
    /// Digest of all bytes up to its position.
    pub read_digest: u64,
    /// Digest of its first block, once that was read.
    pub first_digest: Option<u64>,
    /// Stamp of its size and times, if there is nothing more to read before they change.
    pub stamp: Option<u64>,
    /// The number of the request that it is read again from its beginning, fulfilled with this
    /// batch; otherwise 0.
    pub begins_anew: u64,
}

/// The deliveries that a source hands to the worker at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawBatch {
    /// The payloads, one after another.
    pub bytes: Vec<u8>,
    /// The deliveries in the order read.
    pub deliveries: Vec<Delivery>,
    /// The progress of every partition or file in the batch, **after** the batch.
    pub partitions: Vec<PartitionProgress>,
    /// Whether more input is known to follow.
    pub has_more: bool,
    /// For files, for each delivery: the digest of all bytes of its file up to the end of its line.
    /// Empty for Kafka.
    pub read_digests: Vec<u64>,
}

/// The digest by which a message is recognised at its offset.
#[must_use]
pub(crate) fn record_digest(payload: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_128(payload) as u64
}

impl RawBatch {
    /// The [digest](record_digest) of a delivery's message.
    #[must_use]
    pub fn digest(&self, delivery: &Delivery) -> u64 {
        match delivery.mode {
            // The bytes were dropped.
            Mode::Oversized { digest, .. } => digest as u64,
            _ => record_digest(self.payload(delivery)),
        }
    }

    /// The bytes of a delivery.
    #[must_use]
    pub fn payload(&self, delivery: &Delivery) -> &[u8] {
        &self.bytes[delivery.bytes.clone()]
    }
}

/// When a batch is closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Most deliveries.
    pub events_max: usize,
    /// The payload bytes at which a batch is closed; its last event may go beyond them.
    pub bytes_max: usize,
    /// Longest wait after its first delivery.
    pub wait: std::time::Duration,
}
