//! The changes of a batch, on their way into the store.

use std::sync::Arc;

use super::StoreError;
use super::codec::pack;
use super::frames::Chunks;
use crate::domain::delta::Delta;
use crate::domain::identity::Identity;

/// The changes of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Staged {
    /// Frames; memory shares them.
    pub(super) timelines: Vec<Arc<Vec<u8>>>,
    /// Frames; memory shares them.
    pub(super) identities: Vec<Arc<Vec<u8>>>,
    /// Targets of retractions that have not come.
    pub(super) retractions: Vec<u128>,
    /// Identities that were retracted before they came.
    pub(super) retracted: Vec<u128>,
    /// What it adds to the data that every worker needs.
    pub delta: Delta,
}

impl Staged {
    /// Adds identities; none of them may be known. Those among `retracted` were retracted by what
    /// is committed already.
    pub fn add_identities(&mut self, identities: &[(u128, Identity)], retracted: Vec<u128>) {
        let mut frames = Chunks::default();
        identities
            .iter()
            .for_each(|(digest, identity)| frames.push_frame(*digest, identity));
        self.identities.extend(frames.finish());
        self.retracted.extend(retracted);
    }

    /// Adds targets of retractions that are not known.
    pub fn add_retractions(&mut self, targets: Vec<u128>) {
        self.retractions.extend(targets);
    }

    pub(super) fn has_no_entries(&self) -> bool {
        self.timelines.is_empty() && self.identities.is_empty() && self.delta.counters.is_empty()
    }

    /// The bytes before the frames in the write-ahead log.
    pub(super) fn head(&self) -> Vec<u8> {
        pack(&(
            bytes_of(&self.timelines),
            bytes_of(&self.identities),
            &self.delta.counters,
        ))
    }

    /// Reads back a head with the frames of the timelines and of the identities behind it.
    pub(super) fn from_wal(bytes: &[u8]) -> Result<Self, StoreError> {
        let damaged = |detail: String| StoreError::Damaged {
            what: "the write-ahead log",
            detail,
        };
        let (head, frames) =
            postcard::take_from_bytes(bytes).map_err(|e| damaged(e.to_string()))?;
        let (timelines, identities, counters): (usize, usize, _) = head;
        if timelines.checked_add(identities) != Some(frames.len()) {
            return Err(damaged("a batch is cut".to_owned()));
        }
        let (timelines, identities) = frames.split_at(timelines);
        let [timelines, identities] =
            [timelines, identities].map(|frames| vec![Arc::new(frames.to_vec())]);
        Ok(Self {
            timelines,
            identities,
            delta: Delta {
                counters,
                ..Delta::default()
            },
            ..Self::default()
        })
    }
}

fn bytes_of(chunks: &[Arc<Vec<u8>>]) -> usize {
    chunks.iter().map(|frames| frames.len()).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::counters::Counts;
    use crate::domain::entity::EntityKey;
    use crate::domain::ids::GroupId;
    use crate::domain::local_day::LocalDay;

    #[test]
    fn a_batch_comes_back_from_the_write_ahead_log_and_a_cut_one_is_refused() {
        let mut staged = Staged {
            timelines: vec![Arc::new(b"frames".to_vec())],
            ..Staged::default()
        };
        staged.add_identities(
            &[(
                7,
                Identity {
                    day: LocalDay::from_number(1),
                    meaning: 2,
                    went_to: EntityKey::Reference,
                },
            )],
            Vec::new(),
        );
        staged.delta.counters = vec![(
            GroupId::parse("G1").expect("an id"),
            LocalDay::from_number(1),
            Counts::default(),
        )];
        let bytes = [
            staged.head(),
            staged.timelines[0].to_vec(),
            staged.identities[0].to_vec(),
        ]
        .concat();
        assert_eq!(Staged::from_wal(&bytes).expect("the same"), staged);
        assert!(Staged::from_wal(&bytes[..bytes.len() - 1]).is_err());
        assert!(Staged::from_wal(&[]).is_err());
    }
}
