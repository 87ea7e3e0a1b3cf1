//! Messages of owned partitions → one batch under construction.
//!
//! It may not know the client's connection or the clock. Invariant: the next offset of a partition
//! only grows while it is owned, and every offset it passes was a delivery or is counted as a gap.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use rdkafka::message::{Headers, Message};

use super::batch::{
    BatchLimits, BinaryAttributes, Delivery, Mode, PartitionProgress, RawBatch, record_digest,
};
use crate::domain::pause::Pause;
use crate::domain::source_state::SourceState;

/// An owned partition, from one assignment to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct OwnedPartition {
    pub(super) topic: String,
    pub(super) partition: i32,
    pub(super) name: Arc<str>,
    pub(super) epoch: u64,
    /// The offset expected next.
    pub(super) next: u64,
    /// The partition's last known end (last stable offset).
    pub(super) end: u64,
    /// In a drain: the offset to read up to.
    pub(super) target: u64,
    /// Whether the store has no row of it yet.
    pub(super) is_new: bool,
    /// Digest of the message just before `next`, until it has been compared.
    pub(super) must_match: Option<u64>,
    /// Why it is paused, until an operator moves it.
    pub(super) paused: Option<Pause>,
}

impl OwnedPartition {
    pub(super) const fn is_read(&self) -> bool {
        self.paused.is_none()
    }

    /// Whether it is read and known to hold more.
    pub(super) const fn has_more(&self) -> bool {
        self.is_read() && self.next < self.end
    }
}

/// The result of packing a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Packed {
    Taken,
    /// Of a partition that is not owned (any more), or before its position.
    Stale,
    /// The message before the position is not the one that was read there.
    Replaced,
}

/// The owned partitions, and the batch under construction.
pub(super) struct Packer {
    owned: Vec<OwnedPartition>,
    /// For each owned partition, its index in the batch.
    slots: Vec<Option<u16>>,
    /// The partition of the last message: consecutive messages mostly have the same one.
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

    /// Adds partitions. The position of a new one goes into the batch, so that the store learns it.
    pub(super) fn own(&mut self, owned: Vec<OwnedPartition>) {
        for owned in owned {
            self.owned.push(owned);
            self.slots.push(None);
            let at = self.owned.len() - 1;
            if self.owned[at].is_new || !self.owned[at].is_read() {
                self.touch(at);
            }
        }
    }

    /// Gives up all partitions, and the batch under construction.
    pub(super) fn disown(&mut self) {
        self.owned.clear();
        self.slots.clear();
        self.last = 0;
        self.batch = RawBatch::default();
    }

    pub(super) fn owned(&self) -> &[OwnedPartition] {
        &self.owned
    }

    /// Pauses a partition; the batch reports it.
    pub(super) fn pause(&mut self, topic: &str, partition: i32, pause: Pause) {
        if let Some(at) = self.find(topic, partition) {
            self.owned[at].paused = Some(pause);
            self.touch(at);
        }
    }

    /// Replaces a paused partition by its new ownership.
    pub(super) fn own_anew(&mut self, owned: OwnedPartition) {
        if let Some(at) = self.find(&owned.topic, owned.partition) {
            self.owned[at] = owned;
            if !self.owned[at].is_read() {
                self.touch(at);
            }
        }
    }

    /// Adds a message to the batch: its bytes are copied once.
    pub(super) fn pack<M: Message>(&mut self, message: &M) -> Packed {
        let Some(at) = self.find(message.topic(), message.partition()) else {
            return Packed::Stale;
        };
        let Ok(offset) = u64::try_from(message.offset()) else {
            return Packed::Stale;
        };
        if offset < self.owned[at].next {
            let OwnedPartition {
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
        // The earlier message was deleted, so it cannot be compared.
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

    /// Counts the offsets before `position`, which the client has passed, as gaps.
    pub(super) fn passed(&mut self, topic: &str, partition: i32, position: u64) {
        if let Some(at) = self
            .find(topic, partition)
            .filter(|at| self.owned[*at].next < position)
        {
            self.touch(at);
            self.pass(at, position);
        }
    }

    /// Updates the end of a partition.
    pub(super) fn ends_at(&mut self, topic: &str, partition: i32, end: u64) {
        if let Some(at) = self.find(topic, partition) {
            self.owned[at].end = self.owned[at].end.max(end);
        }
    }

    /// In a drain: the client has reached the end of a partition. Targets were fetched before
    /// reading began, so at an end no message is left before the target.
    pub(super) fn reached_end(&mut self, at: usize) {
        if self.owned[at].next < self.owned[at].target {
            self.touch(at);
            self.pass(at, self.owned[at].target);
        }
    }

    /// In a drain: whether everything up to the targets was passed.
    pub(super) fn is_drained(&self) -> bool {
        self.owned
            .iter()
            .filter(|one| one.is_read())
            .all(|one| one.next >= one.target)
    }

    /// Whether any partition that is read is known to hold more.
    pub(super) fn has_more(&self) -> bool {
        self.owned.iter().any(OwnedPartition::has_more)
    }

    /// Whether the batch has anything to hand out, if only progress.
    pub(super) fn has_something(&self) -> bool {
        !self.batch.partitions.is_empty()
    }

    pub(super) fn is_full(&self, limits: BatchLimits) -> bool {
        self.batch.deliveries.len() >= limits.events_max
            || self.batch.bytes.len() >= limits.bytes_max
    }

    /// Closes the batch and begins a new one.
    pub(super) fn close(&mut self) -> RawBatch {
        // With some room above the last one's size, since a buffer that grows doubles.
        let [bytes, deliveries] =
            [self.batch.bytes.len(), self.batch.deliveries.len()].map(|last| last + last / 8);
        for (owned, slot) in self.owned.iter().zip(&mut self.slots) {
            if let Some(slot) = slot.take() {
                let progress = &mut self.batch.partitions[usize::from(slot)];
                progress.next_position = owned.next;
                progress.lag = owned.end.saturating_sub(owned.next);
                progress.state = owned
                    .paused
                    .clone()
                    .map_or(SourceState::Reading, SourceState::Paused);
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

    /// The index of an owned partition.
    pub(super) fn find(&mut self, topic: &str, partition: i32) -> Option<usize> {
        let is_it = |one: &OwnedPartition| one.partition == partition && one.topic == topic;
        if !self.owned.get(self.last).is_some_and(is_it) {
            self.last = self.owned.iter().position(is_it)?;
        }
        Some(self.last)
    }

    /// Makes sure that the batch has an entry for a partition.
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

/// How the bytes of a message are to be read.
pub(super) fn mode_of_message<M: Message>(message: &M) -> Mode {
    message.headers().map_or(Mode::Structured, mode_of)
}

/// The same by its headers. The client panics on a header name that is not UTF-8: such a message
/// becomes one rejection, no more.
fn mode_of<H: Headers>(headers: &H) -> Mode {
    if headers.count() == 0 {
        return Mode::Structured;
    }
    catch_unwind(AssertUnwindSafe(|| mode_by_headers(headers)))
        .unwrap_or_else(|_| Mode::Binary(Box::default()))
}

/// CloudEvents marks structured mode by the content type, binary mode by its headers.
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
