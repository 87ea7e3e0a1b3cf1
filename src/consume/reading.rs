//! Lines of an open file → deliveries of a batch.
//!
//! It may not know the folder. Invariant: the file's position and the batch's progress move together, line by line.

use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use super::batch::{BatchLimits, Delivery, Mode, PartitionProgress, RawBatch};
use super::error::SourceError;
use super::folder::InputFile;
use super::lines::{Line, LineReader, without_return};
use super::unpack::{Opened, Packing};

/// Most files that one batch touches.
const FILES_MAX: usize = 1_000;
/// After how many lines to look whether the batch is old enough.
const LINES_BETWEEN_LOOKS: u32 = 256;

/// A file being read.
pub(super) struct OpenFile {
    pub(super) name: Arc<str>,
    lines: LineReader<Box<dyn Read + Send>>,
    /// What comes first is the rest of a line that was taken without its end.
    mid_line: bool,
    bytes_on_disk_read: Arc<AtomicU64>,
}

impl OpenFile {
    pub(super) fn new(name: Arc<str>, opened: Opened, line_bytes_max: usize) -> Self {
        Self {
            name,
            lines: LineReader::new(opened.reader, line_bytes_max),
            mid_line: opened.mid_line,
            bytes_on_disk_read: opened.bytes_on_disk_read,
        }
    }
}

/// A batch under construction. Each file comes into it at most once.
pub(super) struct BatchOfFiles {
    batch: RawBatch,
    limits: BatchLimits,
    begun: Option<Instant>,
    lines: u32,
    old: bool,
}

impl BatchOfFiles {
    pub(super) fn new(limits: BatchLimits) -> Self {
        Self { batch: RawBatch::default(), limits, begun: None, lines: 0, old: false }
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

    pub(super) fn finish(self) -> Option<RawBatch> {
        (!self.batch.partitions.is_empty()).then_some(self.batch)
    }

    /// Moves a file on by one line (or the rest of one), handed out if it is a delivery.
    fn pass(&mut self, file: &mut InputFile, lines: u64, bytes: u64, delivery: Option<(&[u8], Mode)>) {
        file.at.next_position += lines;
        file.at.next_byte += bytes;
        self.lines += 1;
        if self.lines.is_multiple_of(LINES_BETWEEN_LOOKS) {
            self.old = self.begun.get_or_insert_with(Instant::now).elapsed() >= self.limits.wait;
        } else if self.begun.is_none() {
            self.begun = Some(Instant::now());
        }
        if self.batch.partitions.last().is_none_or(|last| last.name != file.name) {
            let name = Arc::clone(&file.name);
            self.batch.partitions.push(PartitionProgress { name, epoch: file.at.epoch, next_position: 0, next_byte: 0, gaps: 0, lag: 0 });
        }
        let at = self.batch.partitions.len() - 1;
        self.batch.partitions[at].next_position = file.at.next_position;
        self.batch.partitions[at].next_byte = file.at.next_byte;
        if let Some((text, mode)) = delivery {
            let start = self.batch.bytes.len();
            self.batch.bytes.extend_from_slice(text);
            self.batch.deliveries.push(Delivery {
                partition: u16::try_from(at).expect("a batch touches at most FILES_MAX files"),
                position: file.at.next_position,
                next_position: file.at.next_position,
                next_byte: file.at.next_byte,
                gap_before: 0,
                bytes: start..self.batch.bytes.len(),
                mode,
            });
        }
    }

    fn set_lag(&mut self, file: &InputFile, bytes_on_disk_read: u64) {
        let read = if file.packing == Packing::Plain { file.at.next_byte } else { bytes_on_disk_read };
        if let Some(last) = self.batch.partitions.last_mut().filter(|last| last.name == file.name) {
            last.lag = file.bytes_on_disk.saturating_sub(read);
        }
    }
}

/// Reads lines until the batch is full (false) or the file is at its present end (true).
pub(super) fn read_lines(open: &mut OpenFile, file: &mut InputFile, batch: &mut BatchOfFiles, drain: bool) -> Result<bool, SourceError> {
    while !batch.is_full() {
        let mid_line = std::mem::take(&mut open.mid_line);
        match open.lines.next().map_err(|error| file.unreadable(error))? {
            // The end of a line that a drain had taken without it.
            Line::Whole { text, taken } if mid_line && is_blank(text) => batch.pass(file, 0, taken, None),
            Line::Whole { text, taken } => {
                let mode = file.mode();
                batch.pass(file, 1, taken, (!is_blank(text)).then_some((text, mode)));
            }
            Line::Oversized { bytes, digest, taken } => batch.pass(file, 1, taken, Some((&[], Mode::Oversized { bytes, digest }))),
            Line::End { text, oversized, broken_off } => {
                if drain && !oversized && !mid_line && is_complete(text, file.mapping.is_some()) {
                    let mode = file.mode();
                    batch.pass(file, 1, text.len() as u64, Some((without_return(text), mode)));
                } else if drain && (broken_off || !text.is_empty()) {
                    let lines = file.at.next_position;
                    tracing::warn!(source.file = %file.name, lines, "A file ends within a line, which is left for later");
                }
                let read = open.bytes_on_disk_read.load(Ordering::Relaxed);
                file.bytes_on_disk = file.bytes_on_disk.max(read);
                file.ended_at = Some(file.bytes_on_disk);
                batch.set_lag(file, read);
                return Ok(true);
            }
        }
    }
    batch.set_lag(file, open.bytes_on_disk_read.load(Ordering::Relaxed));
    Ok(false)
}

fn is_blank(text: &[u8]) -> bool {
    text.iter().all(u8::is_ascii_whitespace)
}

/// Whether a last line without a newline is whole: a JSON object, or anything at all of a mapped file.
fn is_complete(text: &[u8], mapped: bool) -> bool {
    if mapped || is_blank(text) {
        return !is_blank(text);
    }
    text.trim_ascii_start().starts_with(b"{") && serde_json::from_slice::<serde::de::IgnoredAny>(text).is_ok()
}
