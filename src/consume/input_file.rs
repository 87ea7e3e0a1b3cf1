//! One file of the folder: its name, its position, and its stamp.
//!
//! It may not know its lines. Invariant: `digest` is of exactly the bytes before the position.

use std::path::PathBuf;
use std::sync::Arc;

use super::batch::Mode;
use super::checking::ReadBefore;
use super::naming::{DropFiles, Packing, UTF_8_MARK};
use super::source::StoredPosition;
use super::stamp::Stamp;
use crate::domain::pause::Pause;

/// A file is at rest when it has not changed for so long, by the host's clock. An unfinished
/// compressed member at the end, and trailing lines that a mapping skips, wait for that.
pub(super) const AT_REST_US: i64 = 60 * 1_000_000;

/// The stored position and fingerprint of a file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct StoredFile {
    pub at: StoredPosition,
    /// Digest of everything read.
    pub read_digest: Option<u64>,
    /// Digest of its first block, once that was read.
    pub first_digest: Option<u64>,
    /// Stamp of its size and times when there was nothing more to read.
    pub stamp: Option<u64>,
    /// Why it is paused.
    pub paused: Option<Pause>,
    /// Requests to read it again: how many were made, and how many fulfilled.
    pub accepted: (u64, u64),
}

/// A file and its position.
pub(super) struct InputFile {
    pub(super) name: Arc<str>,
    pub(super) path: PathBuf,
    pub(super) packing: Packing,
    /// The drop that defines its lines; none if they are events.
    pub(super) drop: Option<Arc<DropFiles>>,
    pub(super) at: StoredPosition,
    /// Digest of the bytes before the position.
    pub(super) digest: Option<u64>,
    pub(super) first_digest: Option<u64>,
    /// Its stamp at the last scan.
    pub(super) stamp: Stamp,
    /// The stamp at which there was nothing more to read.
    pub(super) settled: Option<u64>,
    /// Since when it has not changed, by the host's clock.
    pub(super) unchanged_since_us: i64,
    /// Not to be checked before this, by the worker's clock: checking it takes long.
    pub(super) not_before: std::time::Duration,
    /// Whether it is to be opened though it has not changed: it was not yet at rest.
    pub(super) wakes: bool,
    /// Whether it was reported as read to its end.
    pub(super) ended: bool,
    /// Whether its last line had no newline when its end was reached.
    pub(super) ends_open: bool,
    /// Why it is paused.
    pub(super) paused: Option<Pause>,
    /// The number of the last request to read it again that was acted on, and of the one still to
    /// be reported with a batch.
    pub(super) accepted: u64,
    pub(super) begins_anew: u64,
    /// Whether it is being read again: until its present end no other source waits for it.
    pub(super) reads_anew: bool,
    /// Whether the store knows it.
    pub(super) is_known: bool,
    /// Whether it existed at the last scan. Its position is kept: it may come back.
    pub(super) is_there: bool,
}

impl InputFile {
    pub(super) fn new(
        name: &Arc<str>,
        path: PathBuf,
        drop: Option<Arc<DropFiles>>,
        stored: Option<StoredFile>,
    ) -> Self {
        let is_known = stored.is_some();
        let stored = stored.unwrap_or_default();
        let mut file = Self {
            name: Arc::clone(name),
            path,
            packing: Packing::of_name(name),
            drop,
            at: stored.at,
            digest: stored.read_digest,
            first_digest: stored.first_digest,
            stamp: Stamp::default(),
            settled: stored.stamp,
            unchanged_since_us: i64::MAX,
            not_before: std::time::Duration::ZERO,
            wakes: false,
            ends_open: false,
            ended: stored.stamp.is_some() && stored.paused.is_none(),
            paused: stored.paused,
            accepted: 0,
            begins_anew: 0,
            reads_anew: stored.accepted.1 > 0 && stored.stamp.is_none(),
            is_known,
            is_there: false,
        };
        if stored.accepted.0 > stored.accepted.1 {
            file.begin_anew(stored.accepted.0);
        }
        file
    }

    /// Records its stamp at a new scan.
    pub(super) fn examine(&mut self, stamp: Stamp, now_us: i64) {
        if !self.is_there && self.unchanged_since_us == i64::MAX {
            self.unchanged_since_us = stamp.modified_us.min(now_us);
        } else if stamp.digest != self.stamp.digest {
            self.unchanged_since_us = now_us;
        }
        self.stamp = stamp;
        self.is_there = true;
    }

    /// Whether it may hold something not yet read.
    pub(super) fn has_unread(&self) -> bool {
        self.is_there && self.settled != Some(self.stamp.digest)
    }

    /// Whether it has not changed for a while.
    pub(super) const fn rests(&self, now_us: i64) -> bool {
        now_us.saturating_sub(self.unchanged_since_us) >= AT_REST_US
    }

    /// Resets it to its beginning, for the request of this number.
    pub(super) fn begin_anew(&mut self, request: u64) {
        self.at = StoredPosition {
            epoch: self.at.epoch,
            ..StoredPosition::default()
        };
        (self.digest, self.first_digest, self.settled, self.paused) = (None, None, None, None);
        (self.accepted, self.begins_anew, self.reads_anew) = (request, request, true);
    }

    /// The length and digests of the part before its position.
    pub(super) const fn read_before(&self) -> ReadBefore {
        ReadBefore {
            bytes: self.at.next_byte,
            all: self.digest,
            first: self.first_digest,
        }
    }

    /// The mapping that its lines are read by; none if they are events.
    pub(super) fn mapping(&self) -> Option<u16> {
        self.drop.as_ref().map(|drop| drop.mapping)
    }

    /// How to read its lines.
    pub(super) fn mode(&self) -> Mode {
        self.mapping().map_or(Mode::Structured, Mode::Mapped)
    }

    pub(super) const fn is_drop(&self) -> bool {
        self.drop.is_some()
    }

    pub(super) fn is_plain(&self) -> bool {
        self.packing == Packing::Plain
    }

    pub(super) fn skip_first(&self) -> u64 {
        self.drop.as_ref().map_or(0, |drop| drop.skip_first)
    }

    pub(super) fn skip_last(&self) -> usize {
        self.drop.as_ref().map_or(0, |drop| drop.skip_last)
    }

    pub(super) fn byte_order_mark(&self) -> &'static [u8] {
        self.drop
            .as_ref()
            .map_or(UTF_8_MARK, |drop| drop.byte_order_mark)
    }
}
