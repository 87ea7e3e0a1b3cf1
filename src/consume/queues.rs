//! A queue of the client for each owned partition, aligned by event time.
//!
//! A partition that is too far ahead is not polled: the messages that the client has fetched stay
//! in its queue, up to `queued.max.messages.kbytes`. Pausing it instead would discard them.
//! `alignment` picks the partition to poll. Invariant: messages of a partition are packed in the
//! order of their offsets.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rdkafka::consumer::BaseConsumer;
use rdkafka::consumer::base_consumer::PartitionQueue;
use rdkafka::error::KafkaError;
use rdkafka::message::{BorrowedMessage, Message, OwnedMessage};

use super::alignment::{Alignment, Next};
use super::pack::{OwnedPartition, Packed, Packer, mode_of_message};
use super::rebalance::GroupContext;
use crate::domain::local_day::Timestamp;

/// After a partition that should hold more has given nothing for so long, the others stop waiting
/// for it until it does.
const AWAITED_MAX: Duration = Duration::from_secs(10);

/// The result of taking from a queue.
pub(super) enum Given {
    Packed(Packed),
    /// Its next message has a later event time than the turn allows.
    Ahead,
    Failed(KafkaError),
    Nothing,
}

/// The queue of one partition.
pub(super) struct Queue {
    queue: PartitionQueue<GroupContext>,
    /// A message that was fetched before its turn, and its event time.
    ahead: Option<(OwnedMessage, Option<Timestamp>)>,
    /// The greatest event time packed.
    behind: Option<Timestamp>,
    /// Since when nothing has come, though there should be more.
    awaited_since: Option<Instant>,
}

impl Queue {
    /// The queue of a partition that was assigned; none if the client does not know it.
    pub(super) fn split(
        consumer: &Arc<BaseConsumer<GroupContext>>,
        one: &OwnedPartition,
    ) -> Option<Self> {
        let queue = consumer.split_partition_queue(&one.topic, one.partition)?;
        Some(Self {
            queue,
            ahead: None,
            behind: None,
            awaited_since: None,
        })
    }

    /// Whether a fetched message is not packed yet.
    pub(super) fn has_ahead(&self) -> bool {
        self.ahead.is_some()
    }

    /// Fetches the next message, if none is fetched yet.
    pub(super) fn fetch_next(&mut self, alignment: &Alignment) -> Result<(), KafkaError> {
        if self.ahead.is_none()
            && let Some(polled) = self.queue.poll(Duration::ZERO)
        {
            let message = polled?.detach();
            let time = time_of(&message, alignment);
            self.ahead = Some((message, time));
        }
        Ok(())
    }

    /// The state of the next message, for the alignment.
    pub(super) fn next(&mut self, one: &OwnedPartition, now: Instant) -> Next {
        if let Some((_, time)) = &self.ahead {
            return Next::Event(*time);
        }
        if one.next >= one.end {
            self.awaited_since = None;
            return Next::Nothing;
        }
        let since = *self.awaited_since.get_or_insert(now);
        if now.duration_since(since) < AWAITED_MAX {
            Next::Awaited(self.behind)
        } else {
            Next::Nothing
        }
    }

    /// Packs the next message, if there is one no later than `until`.
    pub(super) fn pack_next(
        &mut self,
        until: Timestamp,
        alignment: &Alignment,
        packer: &mut Packer,
    ) -> Given {
        if let Some((message, time)) = self.ahead.take() {
            if time.is_some_and(|time| time > until) {
                self.ahead = Some((message, time));
                return Given::Ahead;
            }
            self.passed(time);
            return Given::Packed(packer.pack(&message));
        }
        let message = match self.queue.poll(Duration::ZERO) {
            None => return Given::Nothing,
            Some(Err(error)) => return Given::Failed(error),
            Some(Ok(message)) => message,
        };
        if until == Timestamp::MAX {
            // With a single source no event time is needed.
            self.awaited_since = None;
            return Given::Packed(packer.pack(&message));
        }
        let time = time_of(&message, alignment);
        if time.is_some_and(|time| time > until) {
            let message = BorrowedMessage::detach(&message);
            self.ahead = Some((message, time));
            return Given::Ahead;
        }
        let packed = packer.pack(&message);
        drop(message);
        self.passed(time);
        Given::Packed(packed)
    }

    fn passed(&mut self, time: Option<Timestamp>) {
        self.behind = self.behind.max(time);
        self.awaited_since = None;
    }
}

fn time_of(message: &impl Message, alignment: &Alignment) -> Option<Timestamp> {
    alignment.times.time_of(
        message.payload().unwrap_or_default(),
        &mode_of_message(message),
    )
}
