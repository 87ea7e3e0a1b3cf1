//! A folder of files as input: read in file-name order, each from where it was left, watched for growth.
//!
//! It may not know what a line means (but for whether an unended last one is a whole JSON object), or SQL.
//! Invariant: a line is handed out once, with its number in the file; what is not handed out stays before the position.
//!
//! ```text
//!  look at the folder ──► files with news, by name ──► read each to its present end ──► look again
//!          ▲                                                      │ batch full: hand it out, go on here
//!          └────────────── wait (watching) / Drained ◄────────────┘
//! ```

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::batch::{BatchLimits, RawBatch};
use super::error::SourceError;
use super::folder::Folder;
use super::reading::{BatchOfFiles, OpenFile, read_lines};
use super::source::{Polled, StopSignal, StoredPosition};
use super::unpack::{Opening, open_at};

/// How long to wait between two looks at the folder.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// What to read.
#[derive(Debug, Clone)]
pub struct FilesConfig {
    /// The folder (`source.files.dir`).
    pub dir: PathBuf,
    /// File-name patterns of BOSS drops, each with the index of its mapping. The first that fits holds, also over `.jsonl`.
    pub mappings: Vec<(String, u16)>,
    /// Longest line that is taken whole.
    pub event_bytes_max: usize,
    /// Whether to end when all that is there has been read.
    pub drain: bool,
}

/// Where a file was left, by its name; none if it was never read.
pub type PositionOf = Box<dyn Fn(&str) -> Option<StoredPosition> + Send>;

/// A folder being read.
pub struct FilesSource {
    config: FilesConfig,
    position_of: PositionOf,
    stop: StopSignal,
    folder: Folder,
    /// Files with news at the last look, not yet read to their end.
    waiting: VecDeque<Arc<str>>,
    open: Option<OpenFile>,
    looked: bool,
    /// What stopped the source, while a batch read before it is being worked on.
    failed: Option<SourceError>,
}

impl FilesSource {
    /// A source that begins each file where `position_of` says; files are looked at when the first batch is asked for.
    #[must_use]
    pub fn new(config: FilesConfig, position_of: PositionOf, stop: StopSignal) -> Self {
        let folder = Folder::new(&config.dir, config.mappings.clone());
        Self { config, position_of, stop, folder, waiting: VecDeque::new(), open: None, looked: false, failed: None }
    }

    /// See [`super::source::Source::next_batch`]. A batch also ends when everything there has been read.
    ///
    /// # Errors
    /// When the folder or a file cannot be read, or a file has shrunk. What was read before comes as a batch first.
    pub fn next_batch(&mut self, limits: BatchLimits, idle: Duration) -> Result<Polled, SourceError> {
        let begun = Instant::now();
        loop {
            if self.stop.is_stopped() {
                return Ok(Polled::Stopped);
            }
            if let Some(batch) = self.read_batch(limits)? {
                return Ok(Polled::Batch(batch));
            }
            if self.config.drain && self.looked {
                return Ok(Polled::Drained);
            }
            if self.looked {
                let left = idle.saturating_sub(begun.elapsed());
                if left.is_zero() {
                    // What came meanwhile is found by the next call.
                    self.looked = false;
                    return Ok(Polled::Idle);
                }
                if self.stop.wait(left.min(LOOK_EVERY)) {
                    return Ok(Polled::Stopped);
                }
            }
            self.waiting = self.folder.look(&*self.position_of)?.into();
            self.looked = true;
        }
    }

    /// Reads on until the batch is full or the last waiting file is at its end.
    fn read_batch(&mut self, limits: BatchLimits) -> Result<Option<RawBatch>, SourceError> {
        if let Some(error) = self.failed.take() {
            return Err(error);
        }
        let mut batch = BatchOfFiles::new(limits);
        while !batch.is_full() {
            match self.read_some(&mut batch) {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) if batch.is_empty() => return Err(error),
                Err(error) => {
                    self.failed = Some(error);
                    break;
                }
            }
        }
        Ok(batch.finish())
    }

    /// Reads from the open file, or opens the next one. False when none is left.
    fn read_some(&mut self, batch: &mut BatchOfFiles) -> Result<bool, SourceError> {
        let Some(open) = &mut self.open else {
            let Some(name) = self.waiting.pop_front() else { return Ok(false) };
            self.open = self.open_file(&name)?;
            return Ok(true);
        };
        let Some(file) = self.folder.file(&open.name) else {
            self.open = None;
            return Ok(true);
        };
        if read_lines(open, file, batch, self.config.drain)? {
            self.open = None;
        }
        Ok(true)
    }

    /// Opens a file where it was left; none if there is nothing to be had of it now.
    fn open_file(&mut self, name: &Arc<str>) -> Result<Option<OpenFile>, SourceError> {
        let Some(file) = self.folder.file(name) else { return Ok(None) };
        match open_at(&file.path, file.packing, file.at.next_byte) {
            Ok(Opening::At(opened)) => Ok(Some(OpenFile::new(Arc::clone(name), opened, self.config.event_bytes_max))),
            Ok(Opening::Shrunk(found)) => Err(file.shrunk(file.at.next_byte, found)),
            Ok(Opening::NotYet) => {
                file.ended_at = Some(file.bytes_on_disk);
                tracing::warn!(source.file = %name, "A compressed file breaks off before what was read of it; waiting for the rest");
                Ok(None)
            }
            // It went away since the last look, which says so next time.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(file.unreadable(error)),
        }
    }
}

#[cfg(test)]
#[path = "files_tests.rs"]
mod tests;
