//! A batch of lines of files under construction.
//!
//! It may not know how lines are read. Invariant: a file's position and digest and the batch's
//! progress move together.

use std::sync::Arc;
use std::time::Instant;

use super::batch::{BatchLimits, Delivery, FileProgress, Mode, PartitionProgress, RawBatch};
use super::input_file::InputFile;
use crate::domain::source_state::SourceState;

/// Most files that one batch touches.
const FILES_MAX: usize = 1_000;
/// Lines between two checks of the batch's age.
const LINES_BETWEEN_LOOKS: u64 = 256;

/// A batch under construction. A file that it returns to still has one progress entry.
pub(super) struct BatchOfFiles {
    batch: RawBatch,
    limits: BatchLimits,
    begun: Option<Instant>,
    lines: u64,
    /// For each file, the lines left out since its last delivery.
    gaps: Vec<u64>,
    /// The file of the last line: consecutive lines mostly have the same file.
    last: usize,
    old: bool,
}

impl BatchOfFiles {
    pub(super) fn new(limits: BatchLimits) -> Self {
        Self {
            batch: RawBatch::default(),
            limits,
            begun: None,
            lines: 0,
            gaps: Vec::new(),
            last: 0,
            old: false,
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.batch.partitions.is_empty()
    }

    pub(super) fn is_full(&self) -> bool {
        self.batch.deliveries.len() >= self.limits.events_max
            || self.batch.bytes.len() >= self.limits.bytes_max
            || self.batch.partitions.len() > FILES_MAX
            || self.old
    }

    /// Whether it has an entry for a file.
    pub(super) fn has(&mut self, name: &str) -> bool {
        self.find(name).is_some()
    }

    fn find(&mut self, name: &str) -> Option<usize> {
        let is_it = |one: &PartitionProgress| *one.name == *name;
        if !self.batch.partitions.get(self.last).is_some_and(is_it) {
            self.last = self.batch.partitions.iter().position(is_it)?;
        }
        Some(self.last)
    }

    /// How many lines it has passed.
    pub(super) const fn lines(&self) -> u64 {
        self.lines
    }

    /// Checks whether the batch is old enough to be closed.
    pub(super) fn note_age(&mut self) {
        self.old = self
            .begun
            .is_some_and(|begun| begun.elapsed() >= self.limits.wait);
    }

    pub(super) fn finish(self) -> Option<RawBatch> {
        (!self.batch.partitions.is_empty()).then_some(self.batch)
    }

    /// Returns the progress entry of a file, updated to the file's position.
    pub(super) fn touch(&mut self, file: &InputFile) -> &mut PartitionProgress {
        if self.find(&file.name).is_none() {
            self.begun.get_or_insert_with(Instant::now);
            self.last = self.batch.partitions.len();
            self.gaps.push(0);
            self.batch.partitions.push(PartitionProgress {
                name: Arc::clone(&file.name),
                epoch: file.at.epoch,
                ..PartitionProgress::default()
            });
        }
        let progress = &mut self.batch.partitions[self.last];
        progress.next_position = file.at.next_position;
        progress.next_byte = file.at.next_byte;
        let begins_anew = progress
            .file
            .map_or(file.begins_anew, |file_progress| file_progress.begins_anew);
        progress.file = Some(FileProgress {
            read_digest: file.digest.unwrap_or_default(),
            first_digest: file.first_digest,
            stamp: None,
            begins_anew,
        });
        progress
    }

    /// Reports the progress of a file that has nothing more to read for now.
    pub(super) fn note(
        &mut self,
        file: &InputFile,
        state: SourceState,
        lag: u64,
        stamp: Option<u64>,
    ) {
        let progress = self.touch(file);
        (progress.state, progress.lag) = (state, lag);
        if let Some(file_progress) = &mut progress.file {
            file_progress.stamp = stamp;
        }
        self.note_age();
    }

    /// Advances a file by one line (or the rest of one), which is handed out if it is a delivery.
    pub(super) fn pass(
        &mut self,
        file: &mut InputFile,
        lines: u64,
        bytes: u64,
        digest: u64,
        what: &BatchLine<'_>,
    ) {
        file.at.next_position += lines;
        file.at.next_byte += bytes;
        file.digest = Some(digest);
        file.ended = false;
        self.lines += 1;
        if self.lines.is_multiple_of(LINES_BETWEEN_LOOKS) {
            self.note_age();
        }
        let progress = self.touch(file);
        match what {
            BatchLine::Blank => {}
            BatchLine::LeftOut => {
                progress.gaps += 1;
                self.gaps[self.last] += 1;
            }
            BatchLine::Line(text, mode) => {
                let at = self.last;
                let start = self.batch.bytes.len();
                self.batch.bytes.extend_from_slice(text);
                self.batch.read_digests.push(digest);
                self.batch.deliveries.push(Delivery {
                    partition: u16::try_from(at).expect("a batch touches at most FILES_MAX files"),
                    position: file.at.next_position,
                    next_position: file.at.next_position,
                    next_byte: file.at.next_byte,
                    gap_before: std::mem::take(&mut self.gaps[at]),
                    bytes: start..self.batch.bytes.len(),
                    mode: mode.clone(),
                });
            }
        }
    }
}

/// A line as the batch treats it.
pub(super) enum BatchLine<'a> {
    Blank,
    LeftOut,
    Line(&'a [u8], Mode),
}
