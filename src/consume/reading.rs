//! Lines of an open file → deliveries of a batch.
//!
//! It may not know the folder. Invariant: the file's position, its digest and the batch's progress
//! move together, line by line; lines that may have to be skipped at the end are held back, and so
//! is the next line where it is not its turn: they stay before the position.

use std::collections::VecDeque;
use std::io::Read;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::alignment::Alignment;
use super::batch::Mode;
use super::checking::{FileEnd, Opened};
use super::file_batch::{BatchLine, BatchOfFiles};
use super::held_lines::{Passed, What, is_blank, is_complete};
use super::input_file::InputFile;
use super::lines::{InputLine, LineReader, without_return};
use super::stamp::Stamp;
use crate::domain::local_day::Timestamp;

/// Lines read before another source may have its turn.
const LINES_A_TURN: u64 = 4_096;

/// A file being read.
pub(super) struct OpenFile {
    pub(super) name: Arc<str>,
    /// Its stamp before it was opened.
    pub(super) stamp: Stamp,
    lines: LineReader<Box<dyn Read + Send>>,
    /// The next text is the rest of a line that was handed out without its end.
    mid_line: bool,
    /// Lines that may have to be skipped, oldest first, and how many of them are not blank.
    held: VecDeque<Passed>,
    held_lines: usize,
    /// The next line and its event time, if it has to wait.
    ahead: Option<(Passed, Option<Timestamp>)>,
    on_disk: Arc<AtomicU64>,
    whole_on_disk: u64,
    /// How the file ends behind its readable part.
    pub(super) end: FileEnd,
}

impl OpenFile {
    pub(super) fn new(name: Arc<str>, stamp: Stamp, opened: Opened, line_bytes_max: usize) -> Self {
        let Opened {
            reader,
            digest,
            mid_line,
            on_disk,
            whole_on_disk,
            end,
        } = opened;
        let lines = LineReader::new(reader, line_bytes_max, digest);
        Self {
            name,
            stamp,
            lines,
            mid_line,
            held: VecDeque::new(),
            held_lines: 0,
            ahead: None,
            on_disk,
            whole_on_disk,
            end,
        }
    }

    /// The event time of the next line, if it is known; the inner none: no other source waits for
    /// it.
    pub(super) fn ahead(&self) -> Option<Option<Timestamp>> {
        self.ahead.as_ref().map(|(_, time)| *time)
    }

    /// Reports the lag of a file whose reading pauses before its end, if the batch has an entry for
    /// it.
    pub(super) fn note_lag(&self, file: &mut InputFile, batch: &mut BatchOfFiles) {
        if !batch.has(&file.name) {
            return;
        }
        file.first_digest = self.lines.digest().first();
        let bytes = file.stamp.bytes;
        batch.touch(file).lag = if file.is_plain() {
            bytes.saturating_sub(file.at.next_byte)
        } else {
            // All of a small compressed file may have been read from the disk without all of its
            // lines having been taken.
            bytes
                .saturating_sub(self.on_disk.load(Ordering::Relaxed))
                .max(1)
        };
    }
}

/// Why reading stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ReadOn {
    /// The batch is full.
    Full,
    /// The next line has to wait for its turn.
    Ahead,
    /// The file is at its present end.
    Ended {
        /// Bytes on disk that were not taken.
        lag: u64,
        /// Whether more is taken once the file is at rest.
        waits: bool,
    },
}

/// The limits of a source's turn.
pub(super) struct Until<'a> {
    alignment: &'a Alignment,
    time: Timestamp,
    /// The number of lines in the batch at which the turn ends.
    lines: u64,
}

impl<'a> Until<'a> {
    /// Up to this event time, and at most [`LINES_A_TURN`] lines; without limit for a single
    /// source.
    pub(super) const fn new(
        alignment: &'a Alignment,
        time: Timestamp,
        batch: &BatchOfFiles,
    ) -> Self {
        Self {
            alignment,
            time,
            lines: batch.lines() + LINES_A_TURN,
        }
    }

    /// The event time of a line that has to wait; the inner none: it has none.
    fn waits(
        &self,
        file: &InputFile,
        text: &BatchLine<'_>,
        batch: &BatchOfFiles,
    ) -> Option<Option<Timestamp>> {
        if self.time == Timestamp::MAX {
            return None;
        }
        let time = match text {
            BatchLine::Line(text, mode) if !file.reads_anew => {
                self.alignment.times.time_of(text, mode)
            }
            _ => None,
        };
        (batch.lines() >= self.lines || time.is_some_and(|time| time > self.time)).then_some(time)
    }
}

/// Reads lines until the batch is full, the next one has to wait, or the file is at its present
/// end. Lines that wait for the file to be at rest are taken too if it is (`rests`), as in a drain.
pub(super) fn read_lines(
    open: &mut OpenFile,
    file: &mut InputFile,
    batch: &mut BatchOfFiles,
    until: &Until<'_>,
    (drain, rests): (bool, bool),
) -> std::io::Result<ReadOn> {
    if let Some((line, _)) = open.ahead.take()
        && !hand_out(open, file, batch, until, line)
    {
        return Ok(ReadOn::Ahead);
    }
    while !batch.is_full() {
        let mid_line = std::mem::take(&mut open.mid_line);
        // A mark may be at the beginning of the file, and of each part of concatenated files.
        let mark = file.byte_order_mark();
        let line = file.at.next_position + 1 + open.held.iter().map(|held| held.lines).sum::<u64>();
        let holds = file.skip_last() > 0;
        let (lines, bytes, digest, text) = match open.lines.next()? {
            InputLine::Whole {
                text,
                taken,
                read_digest,
            } => {
                let text = text.strip_prefix(mark).unwrap_or(text);
                // The late end of a line that a drain took without it is no line of its own.
                let lines = u64::from(!(mid_line && is_blank(text)));
                (lines, taken, read_digest, text_of(text, line, file))
            }
            InputLine::Oversized {
                bytes,
                digest,
                taken,
                read_digest,
            } => {
                let text = if line <= file.skip_first() {
                    BatchLine::LeftOut
                } else {
                    BatchLine::Line(&[], Mode::Oversized { bytes, digest })
                };
                (1, taken, read_digest, text)
            }
            InputLine::End { text, oversized } => {
                let end = UnfinishedLine {
                    text: text.strip_prefix(mark).unwrap_or(text).to_vec(),
                    oversized,
                    mid_line,
                    line,
                };
                return Ok(take_end(open, file, batch, until, end, (drain, rests)));
            }
        };
        if holds {
            let passed = Passed::new(lines, bytes, digest, &text);
            hold(open, passed);
            if !hand_out_held(open, file, batch, until) {
                return Ok(ReadOn::Ahead);
            }
        } else if let Some(time) = until.waits(file, &text, batch) {
            let passed = Passed::new(lines, bytes, digest, &text);
            open.ahead = Some((passed, time));
            return Ok(ReadOn::Ahead);
        } else {
            batch.pass(file, lines, bytes, digest, &text);
        }
    }
    Ok(ReadOn::Full)
}

fn text_of<'t>(text: &'t [u8], line: u64, file: &InputFile) -> BatchLine<'t> {
    if is_blank(text) {
        BatchLine::Blank
    } else if line <= file.skip_first() {
        BatchLine::LeftOut
    } else {
        BatchLine::Line(text, file.mode())
    }
}

/// The text after the last newline.
struct UnfinishedLine {
    text: Vec<u8>,
    oversized: bool,
    mid_line: bool,
    /// Its line number.
    line: u64,
}

impl UnfinishedLine {
    /// Whether it may be taken as a line though it has no newline.
    fn is_whole(&self, file: &InputFile) -> bool {
        !self.oversized && !self.mid_line && is_complete(&self.text, file.is_drop())
    }
}

/// At the present end: in a drain a last line without a newline is taken if it is whole; lines to
/// be skipped at the end are passed, if nothing more will come.
fn take_end(
    open: &mut OpenFile,
    file: &mut InputFile,
    batch: &mut BatchOfFiles,
    until: &Until<'_>,
    end: UnfinishedLine,
    (drain, rests): (bool, bool),
) -> ReadOn {
    file.first_digest = open.lines.digest().first();
    let leaves_out = file.skip_last() > 0;
    let is_over = drain || (rests && leaves_out);
    let mut is_open = !is_blank(&end.text);
    if is_over && is_open && end.is_whole(file) {
        take_last_line(open, file, &end);
        is_open = false;
    } else if drain && is_open {
        tracing::warn!(source.file = %file.name, lines = file.at.next_position, "A file ends within a line, which is left for later");
    }
    file.ends_open = is_open;
    if !hand_out_held(open, file, batch, until) {
        return ReadOn::Ahead;
    }
    let ends_whole = matches!(open.end, FileEnd::Whole);
    if is_over && !is_open && ends_whole {
        leave_held_out(open, file, batch);
    }
    ReadOn::Ended {
        lag: lag_at_end(open, file).max(u64::from(is_open)),
        waits: !drain && !rests && (open.held_lines > 0 || !ends_whole || (leaves_out && is_open)),
    }
}

/// Takes a line without a newline, as one that may have to be skipped.
fn take_last_line(open: &mut OpenFile, file: &mut InputFile, end: &UnfinishedLine) {
    let before = open.lines.digest().bytes();
    open.lines.take_open();
    file.first_digest = open.lines.digest().first();
    let (bytes, digest) = (
        open.lines.digest().bytes() - before,
        open.lines.digest().all(),
    );
    let what = if end.line <= file.skip_first() {
        What::LeftOut
    } else {
        What::Line(without_return(&end.text).to_vec(), file.mode())
    };
    let line = Passed {
        lines: 1,
        bytes,
        digest,
        what,
    };
    hold(open, line);
}

/// Passes the held lines: nothing more comes, so these are the last ones.
fn leave_held_out(open: &mut OpenFile, file: &mut InputFile, batch: &mut BatchOfFiles) {
    while let Some(Passed {
        lines,
        bytes,
        digest,
        what,
    }) = open.held.pop_front()
    {
        let text = if matches!(what, What::Blank) {
            BatchLine::Blank
        } else {
            BatchLine::LeftOut
        };
        batch.pass(file, lines, bytes, digest, &text);
    }
    open.held_lines = 0;
}

/// Bytes of the file that were not taken.
fn lag_at_end(open: &OpenFile, file: &InputFile) -> u64 {
    let (whole, length) = if file.is_plain() {
        (
            file.at.next_byte,
            file.stamp.bytes.max(open.on_disk.load(Ordering::Relaxed)),
        )
    } else {
        (open.whole_on_disk, file.stamp.bytes)
    };
    let held: u64 = open.held.iter().map(|held| held.bytes).sum();
    length.saturating_sub(whole).max(held)
}

fn hold(open: &mut OpenFile, line: Passed) {
    open.held_lines += usize::from(!matches!(line.what, What::Blank));
    open.held.push_back(line);
}

/// Hands out the held lines that can no longer be among the last ones; false if the next has to
/// wait.
fn hand_out_held(
    open: &mut OpenFile,
    file: &mut InputFile,
    batch: &mut BatchOfFiles,
    until: &Until<'_>,
) -> bool {
    while open.held_lines > file.skip_last() || (file.skip_last() == 0 && !open.held.is_empty()) {
        let Some(line) = open.held.pop_front() else {
            break;
        };
        open.held_lines -= usize::from(!matches!(line.what, What::Blank));
        if !hand_out(open, file, batch, until, line) {
            return false;
        }
    }
    true
}

/// Hands a line out, or keeps it if it has to wait; returns whether it was handed out.
fn hand_out(
    open: &mut OpenFile,
    file: &mut InputFile,
    batch: &mut BatchOfFiles,
    until: &Until<'_>,
    line: Passed,
) -> bool {
    let waits = until.waits(file, &line.text(), batch);
    match waits {
        Some(time) => open.ahead = Some((line, time)),
        None => batch.pass(file, line.lines, line.bytes, line.digest, &line.text()),
    }
    waits.is_none()
}
