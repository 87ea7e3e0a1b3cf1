//! A batch of raw messages: one buffer of bytes and, for each delivery, where it stands in it and
//! in its input.

use std::ops::Range;
use std::sync::Arc;

/// Attributes of a Kafka message in CloudEvents binary mode: the `ce_` headers, without their
/// prefix.
#[derive(Debug, Clone, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct BinaryAttributes(pub Vec<(Box<str>, Box<[u8]>)>);

/// What one delivery was, beside its bytes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub enum Mode {
    /// The bytes are the whole event.
    Structured,
    /// The bytes are `data`; the attributes came in headers.
    Binary(Box<BinaryAttributes>),
    /// The bytes are one line of a BOSS drop, to be read by the mapping of that index in the
    /// configuration.
    Mapped(u16),
    /// Larger than `event_bytes_max`: the bytes are cut, only their true length and digest are
    /// kept.
    Oversized {
        /// How long it was.
        bytes: u64,
        /// xxh3-128 of all of it.
        digest: u128,
    },
}

/// One message or line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Which partition or file: an index into [`RawBatch::partitions`].
    pub partition: u16,
    /// Offset in the partition, or line in the file from 1 (empty lines have numbers, but are no
    /// deliveries).
    pub position: u64,
    /// Where its partition stands after it: the next offset, or the number of lines read.
    pub next_position: u64,
    /// The first byte after it, of the uncompressed file (Kafka: 0).
    pub next_byte: u64,
    /// Offsets without a message just before it (Kafka: transactions, compaction; files: lines left
    /// out).
    pub gap_before: u64,
    /// Where its bytes stand in [`RawBatch::bytes`].
    pub bytes: Range<usize>,
    /// How to read them.
    pub mode: Mode,
}

/// Where a partition or file stands after a batch.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PartitionProgress {
    /// File name, or `topic-partition`.
    pub name: Arc<str>,
    /// The ownership under which it was read (Kafka; files have 0). A commit demands that it still
    /// holds.
    pub epoch: u64,
    /// The next offset, or the number of lines read so far.
    pub next_position: u64,
    /// The first byte not yet read, of the uncompressed file (Kafka: 0).
    pub next_byte: u64,
    /// Offsets without a message that this batch passed (Kafka: transactions, compaction; files:
    /// lines left out).
    pub gaps: u64,
    /// How many messages or bytes are known to be left (Kafka: high watermark − next; files: bytes
    /// left).
    pub lag: u64,
    pub standing: Standing,
    /// Of a file: what it is known by.
    pub file: Option<FileProgress>,
}

/// How a partition or file stands.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Standing {
    /// There may be more of it.
    #[default]
    Reading,
    /// A file that was read to its end.
    Done,
    /// Nothing more is read of it, for the reason given, which begins with its code.
    Paused(String),
}

/// What a file is known by beside its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileProgress {
    /// Digest of all bytes up to its position.
    pub read_digest: u64,
    /// Digest of its first block, once as much was read.
    pub first_digest: Option<u64>,
    /// Tells its size and times, if nothing more is to be had of it before they change.
    pub stamp: Option<u64>,
    /// The number of the request by which it is read anew from its beginning, with this batch; else
    /// 0.
    pub begins_anew: u64,
}

/// What a source hands to the worker at once.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RawBatch {
    /// The payloads, one after another.
    pub bytes: Vec<u8>,
    /// The deliveries in the order read.
    pub deliveries: Vec<Delivery>,
    /// Every partition or file that the batch touched, with where it stands **after** the batch.
    pub partitions: Vec<PartitionProgress>,
    /// Whether more was known to be there behind it.
    pub has_more: bool,
    /// Of files, for each delivery: the digest of all bytes of its file up to the end of its line.
    /// Else empty.
    pub read_digests: Vec<u64>,
}

/// What tells a message from another that stands at its offset.
#[must_use]
pub fn record_digest(payload: &[u8]) -> u64 {
    xxhash_rust::xxh3::xxh3_128(payload) as u64
}

impl RawBatch {
    /// The [digest](record_digest) of a delivery's message.
    #[must_use]
    pub fn digest(&self, delivery: &Delivery) -> u64 {
        match delivery.mode {
            // Its bytes are cut.
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

/// When a batch is full or old enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BatchLimits {
    /// Most deliveries.
    pub events_max: usize,
    /// The payload bytes at which a batch is closed; its last event may go beyond them.
    pub bytes_max: usize,
    /// Longest wait after its first delivery.
    pub wait: std::time::Duration,
}
