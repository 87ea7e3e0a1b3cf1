//! The ownership of a partition: its epoch, and the offset at which reading begins.
//!
//! It may not know SQL: the store is behind [`TakeOver`]. Invariant: reading begins at an offset
//! that the partition's log holds.

use std::fmt;

use rdkafka::error::KafkaResult;
use rdkafka::{Offset, TopicPartitionList};

use super::error::{Cause, SourceError};
use super::pack::OwnedPartition;
use crate::domain::start_policy::StartPolicy;

/// One partition of a topic.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TopicPartition {
    pub topic: String,
    /// The partition's number, from 0.
    pub partition: i32,
}

impl fmt::Display for TopicPartition {
    /// The name in positions, listings and logs: `topic-partition`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.topic, self.partition)
    }
}

/// Whether a name has the form of a partition of this topic.
#[must_use]
pub(crate) fn is_partition_of(name: &str, topic: &str) -> bool {
    name.rsplit_once('-')
        .is_some_and(|(of, number)| of == topic && number.parse::<i32>().is_ok())
}

/// The result of taking a partition over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ownership {
    /// The new epoch; commits require that it is still current.
    pub epoch: u64,
    /// The next offset; none if the partition was never read.
    pub next_position: Option<u64>,
    /// [Digest](super::batch::record_digest) of the message just before that offset, if one was
    /// read there.
    pub last_digest: Option<u64>,
    /// Whether any worker ever read anything of the topic.
    pub topic_is_known: bool,
}

/// Takes partitions over in the store: raises their epochs, records their lags by the given end
/// offsets, and returns the stored positions in the same order. May block.
pub type TakeOver =
    Box<dyn Fn(&[(TopicPartition, u64)]) -> Result<Vec<Ownership>, Cause> + Send + Sync>;

/// The stored epoch of a partition, which an operator's seek changes. May block.
pub type EpochOf = Box<dyn Fn(&TopicPartition) -> Result<u64, Cause> + Send + Sync>;

/// The positions at which to read the partitions that are not paused.
pub(super) fn positions_of(owned: &[OwnedPartition]) -> KafkaResult<TopicPartitionList> {
    let mut list = TopicPartitionList::new();
    for one in owned.iter().filter(|one| one.is_read()) {
        let first = one.next - u64::from(one.must_match.is_some());
        list.add_partition_offset(
            &one.topic,
            one.partition,
            Offset::Offset(i64::try_from(first).unwrap_or(i64::MAX)),
        )?;
    }
    Ok(list)
}

/// The first offset to read of a partition that holds `low..high`.
///
/// # Errors
/// When the stored offset is outside of it.
pub(super) fn first_offset(
    partition: &TopicPartition,
    (low, high): (u64, u64),
    stored: Option<u64>,
    start: StartPolicy,
    topic_is_known: bool,
) -> Result<u64, SourceError> {
    match stored {
        Some(stored) if stored < low => Err(SourceError::OffsetGone {
            partition: partition.to_string(),
            low,
            stored,
            high,
        }),
        Some(stored) if stored > high => Err(SourceError::TopicReplaced {
            partition: partition.to_string(),
            low,
            stored,
            high,
        }),
        Some(stored) => Ok(stored),
        // A new partition of a topic that is being read is read from its beginning, whatever the
        // policy.
        None if start == StartPolicy::End && !topic_is_known => Ok(high),
        None => Ok(low),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(
        ends: (u64, u64),
        stored: Option<u64>,
        start: StartPolicy,
        known: bool,
    ) -> Result<u64, &'static str> {
        let partition = TopicPartition {
            topic: "boss".into(),
            partition: 3,
        };
        first_offset(&partition, ends, stored, start, known).map_err(|error| {
            assert!(error.to_string().contains("boss-3"), "{error}");
            error.code()
        })
    }

    #[test]
    fn a_partition_is_known_by_its_whole_topic() {
        assert!(
            is_partition_of("boss-crm-0", "boss-crm") && !is_partition_of("boss-crm-0", "boss")
        );
        assert!(!is_partition_of("boss-crm", "boss") && !is_partition_of("boss", "boss"));
    }

    #[test]
    fn a_stored_offset_holds_when_the_partition_holds_it() {
        for stored in [5, 7, 9] {
            assert_eq!(
                first((5, 9), Some(stored), StartPolicy::End, true),
                Ok(stored)
            );
        }
        assert_eq!(
            first((5, 9), Some(4), StartPolicy::Beginning, true),
            Err("E_OFFSET_GONE")
        );
        assert_eq!(
            first((5, 9), Some(10), StartPolicy::Beginning, true),
            Err("E_TOPIC_REPLACED")
        );
    }

    #[test]
    fn a_new_partition_begins_by_policy_but_a_partition_added_later_at_its_beginning() {
        assert_eq!(first((5, 9), None, StartPolicy::Beginning, false), Ok(5));
        assert_eq!(first((5, 9), None, StartPolicy::End, false), Ok(9));
        assert_eq!(first((0, 9), None, StartPolicy::End, true), Ok(0));
    }
}
