//! Entries in memory, in few parts that are each sorted by digest.
//!
//! ```text
//! batch ─ sorted ─→ part ─┬─ a newest part that is no larger? merged into one, again and again
//! ```
//! Only digests and places are sorted and merged; the frames stay in the chunks in which they
//! came. Invariant: a part holds a digest once; of a digest in several parts the newest holds.

use std::cmp::Ordering;
use std::sync::Arc;

use super::gallop::gallop;
use crate::store::StoreError;
use crate::store::frames::{Frame, take_frame};

/// What an entry costs in memory beside its frame.
const PLACED_BYTES: usize = size_of::<u128>() + size_of::<FramePosition>();

/// The position of a frame.
#[derive(Debug, Clone, Copy)]
struct FramePosition {
    chunk: u32,
    at: u32,
}

/// Sorted digests, and the positions of their frames: side by side, since a pair would be a third
/// larger.
#[derive(Debug, Default)]
struct SortedPart {
    digests: Vec<u128>,
    places: Vec<FramePosition>,
}

/// Entries that came in batches.
#[derive(Debug, Default)]
pub(super) struct Memtable {
    /// The oldest and largest first.
    parts: Vec<SortedPart>,
    chunks: Vec<Arc<Vec<u8>>>,
    chunk_bytes: usize,
}

impl SortedPart {
    fn with_room(entries: usize) -> Self {
        Self {
            digests: Vec::with_capacity(entries),
            places: Vec::with_capacity(entries),
        }
    }

    fn push(&mut self, digest: u128, place: FramePosition) {
        self.digests.push(digest);
        self.places.push(place);
    }

    const fn len(&self) -> usize {
        self.digests.len()
    }

    /// Of entries as they came: of a digest that came twice the later one stays.
    fn sorted(mut entries: Vec<(u128, FramePosition)>) -> Self {
        entries.sort_by_key(|(digest, _)| *digest);
        let mut part = Self::with_room(entries.len());
        for (at, (digest, place)) in entries.iter().enumerate() {
            if entries.get(at + 1).is_none_or(|(next, _)| next != digest) {
                part.push(*digest, *place);
            }
        }
        part
    }

    /// Both, where the newer one holds.
    fn merged(older: &Self, newer: &Self) -> Self {
        let mut merged = Self::with_room(older.len() + newer.len());
        let (mut old, mut new) = (0, 0);
        while let (Some(one), Some(other)) = (older.digests.get(old), newer.digests.get(new)) {
            let order = one.cmp(other);
            if order == Ordering::Less {
                merged.push(*one, older.places[old]);
            } else {
                merged.push(*other, newer.places[new]);
            }
            old += usize::from(order != Ordering::Greater);
            new += usize::from(order != Ordering::Less);
        }
        for (part, from) in [(older, old), (newer, new)] {
            merged.digests.extend_from_slice(&part.digests[from..]);
            merged.places.extend_from_slice(&part.places[from..]);
        }
        merged
    }
}

impl Memtable {
    /// Inserts the frames of a batch, the newest.
    pub(super) fn insert_chunks(&mut self, chunks: &[Arc<Vec<u8>>]) -> Result<(), StoreError> {
        let mut entries = Vec::new();
        for frames in chunks {
            let chunk = self.chunks.len() as u32;
            let mut rest = &frames[..];
            loop {
                let at = (frames.len() - rest.len()) as u32;
                let Some(frame) = take_frame(&mut rest)? else {
                    break;
                };
                entries.push((frame.digest, FramePosition { chunk, at }));
            }
            self.chunk_bytes += frames.len();
            self.chunks.push(Arc::clone(frames));
        }
        let mut part = SortedPart::sorted(entries);
        while let Some(older) = self.parts.pop_if(|older| older.len() <= part.len()) {
            part = SortedPart::merged(&older, &part);
        }
        self.parts.push(part);
        Ok(())
    }

    /// Memory of all of it.
    pub(super) fn bytes(&self) -> usize {
        self.chunk_bytes + self.parts.iter().map(SortedPart::len).sum::<usize>() * PLACED_BYTES
    }

    /// The newest frame of every digest, in order.
    pub(super) fn in_order(&self) -> InOrder<'_> {
        let part = self
            .parts
            .iter()
            .fold(SortedPart::default(), |older, newer| {
                SortedPart::merged(&older, newer)
            });
        InOrder {
            parts: self,
            places: part.places.into_iter(),
        }
    }

    /// Looks digests up, fastest when they come in order.
    pub(super) fn seek(&self) -> MemtableCursor<'_> {
        MemtableCursor {
            parts: self,
            at: vec![0; self.parts.len()],
        }
    }

    fn frame(&self, place: FramePosition) -> Result<Option<Frame<'_>>, StoreError> {
        take_frame(&mut &self.chunks[place.chunk as usize][place.at as usize..])
    }
}

/// Frames in the order of their digests.
pub(super) struct InOrder<'a> {
    parts: &'a Memtable,
    places: std::vec::IntoIter<FramePosition>,
}

impl<'a> Iterator for InOrder<'a> {
    type Item = Result<Frame<'a>, StoreError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.parts.frame(self.places.next()?).transpose()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.places.size_hint()
    }
}

impl ExactSizeIterator for InOrder<'_> {}

pub(super) struct MemtableCursor<'a> {
    parts: &'a Memtable,
    /// Where the last search ended in each part.
    at: Vec<usize>,
}

impl<'a> MemtableCursor<'a> {
    /// Goes back to the beginning.
    pub(super) fn rewind(&mut self) {
        self.at.fill(0);
    }

    /// The newest value of a digest that is not below the last one.
    pub(super) fn find(&mut self, digest: u128) -> Result<Option<&'a [u8]>, StoreError> {
        for (part, at) in self.parts.parts.iter().zip(&mut self.at).rev() {
            *at = gallop(&part.digests, *at, |one| *one < digest);
            if part.digests.get(*at) == Some(&digest) {
                return Ok(self.parts.frame(part.places[*at])?.map(|frame| frame.value));
            }
        }
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::store::frames::put_frame;

    proptest! {
        #[test]
        fn the_newest_value_of_a_digest_is_found_and_listed_once_however_batches_come(
            batches in prop::collection::vec(prop::collection::vec((0..50u128, any::<u16>()), 0..40), 0..12),
        ) {
            let (mut parts, mut expected) = (Memtable::default(), BTreeMap::new());
            for batch in batches {
                let mut frames = Vec::new();
                batch.iter().for_each(|(digest, value)| put_frame(&mut frames, *digest, value));
                parts.insert_chunks(&[Arc::new(frames)]).expect("frames");
                expected.extend(batch.iter().map(|(digest, value)| (*digest, postcard::to_stdvec(value).expect("bytes"))));
                let mut seek = parts.seek();
                for digest in 0..51 {
                    prop_assert_eq!(seek.find(digest).expect("frames"), expected.get(&digest).map(Vec::as_slice));
                }
                let listed: Vec<(u128, Vec<u8>)> =
                    parts.in_order().map(|frame| frame.map(|frame| (frame.digest, frame.value.to_vec())).expect("frames")).collect();
                prop_assert_eq!(parts.in_order().len(), listed.len());
                prop_assert_eq!(listed, expected.clone().into_iter().collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn many_small_batches_make_few_parts() {
        let mut parts = Memtable::default();
        for digest in 0..1_000 {
            let mut frames = Vec::new();
            put_frame(&mut frames, digest, &());
            parts.insert_chunks(&[Arc::new(frames)]).expect("frames");
        }
        assert!(parts.parts.len() <= 10, "{} parts", parts.parts.len());
    }
}
