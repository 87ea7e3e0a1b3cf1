//! Messages of the partitions that are ours → one batch under construction.
//!
//! It may not know the client's connection or the clock. Invariant: the next offset of a partition
//! only grows while it is ours, and every offset it passes was a delivery or is counted as a gap.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rdkafka::message::{Headers, Message};

use super::batch::{
    BatchLimits, BinaryAttributes, Delivery, Mode, PartitionProgress, RawBatch, Standing,
    record_digest,
};

/// A partition that is ours, from one assignment to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Owned {
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) name: Arc<str>,
    pub(super) epoch: u64,
    /// The offset expected next.
    pub(super) next: u64,
    /// The partition's end as last heard of (last stable offset).
    pub(super) end: u64,
    /// Drain: up to where to read.
    pub(super) target: u64,
    /// Whether the store does not know it yet.
    pub(super) is_new: bool,
    /// Digest of the message just before `next`, until it was compared.
    pub(super) must_match: Option<u64>,
    /// Why nothing more is read of it, until an operator moves it.
    pub(super) paused: Option<String>,
}

impl Owned {
    pub(super) const fn is_read(&self) -> bool {
        self.paused.is_none()
    }

    /// Whether more of it is known to be there, and is read.
    pub(super) const fn has_more(&self) -> bool {
        self.is_read() && self.next < self.end
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    Taken,
    /// Of a partition that is not ours (any more), or before its position.
    Stale,
    /// The message before the position is not the one that was read there.
    Replaced,
}

/// The partitions that are ours, and the batch under construction.
pub(super) struct Packer {
    owned: Vec<Owned>,
    /// For each owned partition, where it stands in the batch.
    slots: Vec<Option<u16>>,
    /// The partition of the last message: most come in runs.
    last: usize,
    batch: RawBatch,
    event_bytes_max: usize,
}

impl Packer {
    pub(super) fn new(event_bytes_max: usize) -> Self {
        Self {
            owned: Vec::new(),
            slots: Vec::new(),
            last: 0,
            batch: RawBatch::default(),
            event_bytes_max,
        }
    }

    /// Takes partitions over. The position of a new one goes into the batch, so that the store
    /// comes to know it.
    pub(super) fn own(&mut self, owned: Vec<Owned>) {
        for owned in owned {
            self.owned.push(owned);
            self.slots.push(None);
            let at = self.owned.len() - 1;
            if self.owned[at].is_new || !self.owned[at].is_read() {
                self.touch(at);
            }
        }
    }

    /// Gives all partitions up, and with them the batch under construction.
    pub(super) fn disown(&mut self) {
        self.owned.clear();
        self.slots.clear();
        self.last = 0;
        self.batch = RawBatch::default();
    }

    pub(super) fn owned(&self) -> &[Owned] {
        &self.owned
    }

    /// Reads no more of a partition; the batch says so.
    pub(super) fn pause(&mut self, topic: &str, partition: i32, reason: &str) {
        if let Some(at) = self.find(topic, partition) {
            self.owned[at].paused = Some(reason.to_owned());
            self.touch(at);
        }
    }

    /// Takes a partition over anew that was paused.
    pub(super) fn own_anew(&mut self, owned: Owned) {
        if let Some(at) = self.find(&owned.topic, owned.partition) {
            self.owned[at] = owned;
            if !self.owned[at].is_read() {
                self.touch(at);
            }
        }
    }

    /// Puts a message into the batch: its bytes are copied once.
    pub(super) fn pack<M: Message>(&mut self, message: &M) -> Packed {
        let Some(at) = self.find(message.topic(), message.partition()) else {
            return Packed::Stale;
        };
        let Ok(offset) = u64::try_from(message.offset()) else {
            return Packed::Stale;
        };
        if offset < self.owned[at].next {
            let Owned {
                next, must_match, ..
            } = &mut self.owned[at];
            let is_other = must_match
                .take_if(|_| offset + 1 == *next)
                .is_some_and(|digest| {
                    digest != record_digest(message.payload().unwrap_or_default())
                });
            return if is_other {
                Packed::Replaced
            } else {
                Packed::Stale
            };
        }
        // Deleted meanwhile, or no message: nothing can be told from it.
        self.owned[at].must_match = None;
        let partition = self.touch(at);
        let gap_before = offset - self.owned[at].next;
        self.pass(at, offset);
        self.owned[at].next = offset + 1;
        // A tombstone is an empty delivery: the decoder rejects it.
        let payload = message.payload().unwrap_or_default();
        let start = self.batch.bytes.len();
        let mode = if payload.len() > self.event_bytes_max {
            Mode::Oversized {
                bytes: payload.len() as u64,
                digest: xxhash_rust::xxh3::xxh3_128(payload),
            }
        } else {
            self.batch.bytes.extend_from_slice(payload);
            mode_of_message(message)
        };
        let bytes = start..self.batch.bytes.len();
        self.batch.deliveries.push(Delivery {
            partition,
            position: offset,
            next_position: offset + 1,
            next_byte: 0,
            gap_before,
            bytes,
            mode,
        });
        Packed::Taken
    }

    /// Counts what lies before an offset, up to which the client has passed, as gaps.
    pub(super) fn passed(&mut self, topic: &str, partition: i32, position: u64) {
        if let Some(at) = self
            .find(topic, partition)
            .filter(|at| self.owned[*at].next < position)
        {
            self.touch(at);
            self.pass(at, position);
        }
    }

    /// Notes where a partition ends.
    pub(super) fn ends_at(&mut self, topic: &str, partition: i32, end: u64) {
        if let Some(at) = self.find(topic, partition) {
            self.owned[at].end = self.owned[at].end.max(end);
        }
    }

    /// Drain: the client has come to the end of a partition. Targets were asked for before reading
    /// began, so at an end there is no message left before the target.
    pub(super) fn reached_end(&mut self, at: usize) {
        if self.owned[at].next < self.owned[at].target {
            self.touch(at);
            self.pass(at, self.owned[at].target);
        }
    }

    /// Drain: whether everything up to the targets was passed.
    pub(super) fn is_drained(&self) -> bool {
        self.owned
            .iter()
            .filter(|one| one.is_read())
            .all(|one| one.next >= one.target)
    }

    /// Whether more is known to be there of a partition that is read.
    pub(super) fn has_more(&self) -> bool {
        self.owned.iter().any(Owned::has_more)
    }

    /// Whether there is anything to hand out, be it only progress.
    pub(super) fn has_something(&self) -> bool {
        !self.batch.partitions.is_empty()
    }

    pub(super) fn is_full(&self, limits: BatchLimits) -> bool {
        self.batch.deliveries.len() >= limits.events_max
            || self.batch.bytes.len() >= limits.bytes_max
    }

    /// Closes the batch and begins a new one.
    pub(super) fn close(&mut self) -> RawBatch {
        // With some room above the last one's, since what outgrows its room doubles it.
        let [bytes, deliveries] =
            [self.batch.bytes.len(), self.batch.deliveries.len()].map(|last| last + last / 8);
        for (owned, slot) in self.owned.iter().zip(&mut self.slots) {
            if let Some(slot) = slot.take() {
                let progress = &mut self.batch.partitions[usize::from(slot)];
                progress.next_position = owned.next;
                progress.lag = owned.end.saturating_sub(owned.next);
                progress.standing = owned
                    .paused
                    .clone()
                    .map_or(Standing::Reading, Standing::Paused);
            }
        }
        self.batch.has_more = self.has_more();
        let next = RawBatch {
            bytes: Vec::with_capacity(bytes),
            deliveries: Vec::with_capacity(deliveries),
            ..RawBatch::default()
        };
        std::mem::replace(&mut self.batch, next)
    }

    /// Which of the partitions that are ours it is.
    pub(super) fn find(&mut self, topic: &str, partition: i32) -> Option<usize> {
        let is_it = |one: &Owned| one.partition == partition && one.topic == topic;
        if !self.owned.get(self.last).is_some_and(is_it) {
            self.last = self.owned.iter().position(is_it)?;
        }
        Some(self.last)
    }

    /// Makes sure that the batch tells of a partition.
    fn touch(&mut self, at: usize) -> u16 {
        *self.slots[at].get_or_insert_with(|| {
            let owned = &self.owned[at];
            let name = Arc::clone(&owned.name);
            self.batch.partitions.push(PartitionProgress {
                name,
                epoch: owned.epoch,
                next_position: owned.next,
                next_byte: 0,
                gaps: 0,
                lag: 0,
                ..PartitionProgress::default()
            });
            u16::try_from(self.batch.partitions.len() - 1)
                .expect("a worker owns fewer than 65,536 partitions")
        })
    }

    fn pass(&mut self, at: usize, position: u64) {
        let slot = self.slots[at].expect("whoever passes offsets has touched the partition");
        self.batch.partitions[usize::from(slot)].gaps += position - self.owned[at].next;
        self.owned[at].next = position;
    }
}

/// How to read a message.
pub(super) fn mode_of_message<M: Message>(message: &M) -> Mode {
    message.headers().map_or(Mode::Structured, mode_of)
}

/// How to read a message with these headers. The client panics on one whose name is not UTF-8: such
/// a message is one rejection, no more.
fn mode_of<H: Headers>(headers: &H) -> Mode {
    if headers.count() == 0 {
        return Mode::Structured;
    }
    catch_unwind(AssertUnwindSafe(|| mode_by_headers(headers)))
        .unwrap_or_else(|_| Mode::Binary(Box::default()))
}

/// CloudEvents tells structured mode by the content type, binary mode by its headers.
fn mode_by_headers<H: Headers>(headers: &H) -> Mode {
    let mut attributes = BinaryAttributes::default();
    for header in headers.iter() {
        let value = header.value.unwrap_or_default();
        if header.key.eq_ignore_ascii_case("content-type")
            && value
                .to_ascii_lowercase()
                .starts_with(b"application/cloudevents")
        {
            return Mode::Structured;
        }
        if let Some(name) = header.key.strip_prefix("ce_") {
            attributes.0.push((name.into(), value.into()));
        }
    }
    if attributes
        .0
        .iter()
        .any(|(name, _)| &**name == "specversion")
    {
        Mode::Binary(Box::new(attributes))
    } else {
        Mode::Structured
    }
}

#[cfg(test)]
#[path = "pack_tests.rs"]
mod tests;
