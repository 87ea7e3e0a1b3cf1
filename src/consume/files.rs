//! A folder of files as input: the files of each mapping, and all `.jsonl`, in file-name order,
//! each file from its stored position, watched for growth; several such sources aligned by event
//! time.
//!
//! It may not know what a line means (except whether an unended last one is a whole JSON object),
//! or SQL. Invariant: a line is handed out once, with its number in the file; a line that is not
//! handed out stays before the position. A fault of one file pauses only that file.
//!
//! ```text
//!  find what changed ─────► changed files, by name ────► check the part read before ─► read to its present end ──► scan again
//!          ▲                        (wait if it is not yet at rest)    │ paused with a reason         │ batch full: hand it out
//!          └────────────── wait (watching) / Drained ◄─────────────────┴──────────────────────────────┘
//! ```

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use super::alignment::Alignment;
use super::batch::{BatchLimits, RawBatch};
use super::error::{Cause, SourceError};
use super::file_batch::BatchOfFiles;
use super::file_steps::{FileSet, ReadStep};
use super::folder::InputFolder;
use super::input_file::{InputFile, StoredFile};
use super::naming::DropFiles;
use super::source::{Polled, StopSignal};
use super::watch::Watch;
use crate::clock::Clock;
use crate::domain::ignored_file::{IgnoredBecause, IgnoredEntry};

/// Interval between two reads of the watch.
const POLL_INTERVAL: Duration = Duration::from_millis(200);
/// Least interval between two scans of the whole folder; scans take at most one part in
/// [`WHOLE_LOOKS_PART`] of the time.
const WHOLE_LOOK_EVERY: Duration = Duration::from_secs(1);
const WHOLE_LOOKS_PART: u32 = 200;
/// Interval between two queries for files that are to be read again.
const ASK_EVERY: Duration = Duration::from_secs(1);

#[derive(Clone)]
pub(crate) struct FilesConfig {
    pub dir: PathBuf,
    /// The BOSS drops. The first whose pattern matches a name applies, also to `.jsonl` files.
    pub drops: Vec<DropFiles>,
    /// Longest line that is kept whole.
    pub event_bytes_max: usize,
    /// Whether to end when all present input has been read.
    pub drain: bool,
    /// The clock by which a file is found to be at rest.
    pub clock: Clock,
    /// How the files of several mappings are interleaved.
    pub alignment: Alignment,
}

/// The stored positions of files.
pub(crate) trait StoredFiles: Send {
    /// Every known file, by its name.
    ///
    /// # Errors
    /// When the store fails.
    fn all(&self) -> Result<HashMap<String, StoredFile>, Cause>;

    /// Unfulfilled requests to read a file again, each with its number.
    ///
    /// # Errors
    /// When the store fails.
    fn accepted(&self) -> Result<Vec<(String, u64)>, Cause>;
}

/// A folder of files as a source.
pub struct FilesSource {
    pub(super) config: FilesConfig,
    pub(super) stored: Box<dyn StoredFiles>,
    pub(super) stop: StopSignal,
    /// None before the first scan.
    pub(super) folder: Option<InputFolder>,
    pub(super) watch: Option<Watch>,
    /// When the whole folder is to be scanned next, by the clock.
    pub(super) whole_scan: Duration,
    pub(super) asked_at: Duration,
    /// The changed files, by the mapping that reads them.
    pub(super) sets: BTreeMap<Option<u16>, FileSet>,
    /// The index of the set that had the last turn.
    pub(super) last_turn: usize,
    /// Files to read again at an instant of the clock.
    pub(super) later: BTreeSet<(Duration, Arc<str>)>,
    /// Files whose state is to be reported without reading them.
    pub(super) to_tell: Vec<Arc<str>>,
    pub(super) has_scanned: bool,
}

impl FilesSource {
    /// A source that begins each file at its stored position; the folder is first read for the
    /// first batch.
    #[must_use]
    pub(crate) fn new(config: FilesConfig, stored: Box<dyn StoredFiles>, stop: StopSignal) -> Self {
        Self {
            config,
            stored,
            stop,
            folder: None,
            watch: None,
            whole_scan: Duration::ZERO,
            asked_at: Duration::ZERO,
            sets: BTreeMap::new(),
            last_turn: 0,
            later: BTreeSet::new(),
            to_tell: Vec::new(),
            has_scanned: false,
        }
    }

    /// See [`super::source::Source::next_batch`]. A batch also ends when all present input has been
    /// read.
    ///
    /// # Errors
    /// When the folder cannot be listed: at the first scan, or while draining. Later the source
    /// waits for it.
    pub(crate) fn next_batch(
        &mut self,
        limits: BatchLimits,
        idle: Duration,
    ) -> Result<Polled, SourceError> {
        let begun = self.config.clock.elapsed();
        let passed = |clock: &Clock| clock.since(begun);
        loop {
            if self.stop.is_stopped() {
                return Ok(Polled::Stopped);
            }
            if let Some(batch) = self.read_batch(limits) {
                return Ok(Polled::Batch(batch));
            }
            let is_busy = self.is_busy();
            if self.config.drain && self.has_scanned && !is_busy {
                return Ok(Polled::Drained);
            }
            if self.has_scanned {
                let left = idle.saturating_sub(passed(&self.config.clock));
                if left.is_zero() {
                    // Changes in the meantime are found by the next call.
                    self.has_scanned = self.config.drain || is_busy;
                    return Ok(Polled::Idle);
                }
                if is_busy {
                    continue;
                }
                if self.stop.wait(left.min(POLL_INTERVAL)) {
                    return Ok(Polled::Stopped);
                }
            }
            self.scan()?;
            self.has_scanned = true;
        }
    }

    /// Whether more input is known than was handed out, or nothing is known yet.
    #[must_use]
    pub(crate) fn has_more(&self) -> bool {
        self.folder.is_none() || self.is_busy() || !self.later.is_empty()
    }

    fn is_busy(&self) -> bool {
        self.sets.values().any(FileSet::is_busy)
    }

    /// The paused files, each with the reason.
    #[must_use]
    pub(crate) fn paused(&self) -> Vec<(String, String)> {
        let files = self.folder.iter().flat_map(InputFolder::files);
        files
            .filter_map(|file| Some((file.name.to_string(), file.paused.as_ref()?.reason.clone())))
            .collect()
    }

    /// The entries of the folder that nothing reads.
    #[must_use]
    pub(crate) fn unread(&self) -> Vec<IgnoredEntry> {
        self.folder.iter().flat_map(InputFolder::ignored).collect()
    }

    /// The entries that nothing reads, and files whose last line has no end yet.
    #[must_use]
    pub(crate) fn ignored(&self) -> Vec<IgnoredEntry> {
        let ends_open = |file: &&InputFile| file.ends_open && file.paused.is_none();
        let open = self
            .folder
            .iter()
            .flat_map(InputFolder::files)
            .filter(ends_open);
        let open = open.map(|file| IgnoredEntry {
            name: file.name.to_string(),
            reason: IgnoredBecause::OpenEnd,
        });
        self.unread().into_iter().chain(open).collect()
    }

    pub(super) fn now_us(&self) -> i64 {
        self.config.clock.now().micros()
    }

    /// Finds the files that changed.
    fn scan(&mut self) -> Result<(), SourceError> {
        let now_us = self.now_us();
        let elapsed = self.config.clock.elapsed();
        let mut notifications = self.watch.as_mut().map(Watch::take).unwrap_or_default();
        let is_first = self.folder.is_none();
        if is_first {
            let stored = self.stored.all().map_err(|source| SourceError::Positions {
                partitions: "the files".into(),
                source,
            })?;
            self.folder = Some(InputFolder::new(
                &self.config.dir,
                self.config.drops.clone(),
                stored,
            ));
        }
        if notifications.over {
            self.watch = None;
        }
        let is_whole =
            is_first || notifications.missed || notifications.over || elapsed >= self.whole_scan;
        if is_whole && self.watch.is_none() && !self.config.drain {
            // The watch starts before the scan, so that no change between them is missed.
            self.watch = Watch::begin(&self.config.dir)
                .inspect_err(|error| tracing::debug!(%error, "The folder is not watched"))
                .ok();
        }
        let Some(folder) = &mut self.folder else {
            return Ok(());
        };
        let mut names_to_visit = Vec::new();
        if is_whole {
            match folder.scan(now_us) {
                Ok(names) => {
                    names_to_visit.extend(names);
                    self.to_tell.extend(folder.take_paused_and_gone());
                }
                Err(error) if is_first || self.config.drain => return Err(error),
                // For instance while a share is remounted: files keep their state until the folder
                // can be listed again.
                Err(error) => folder.log_unlisted(&error),
            }
            let took = self.config.clock.since(elapsed);
            self.whole_scan =
                self.config.clock.elapsed() + WHOLE_LOOK_EVERY.max(took * WHOLE_LOOKS_PART);
        } else if !notifications.names.is_empty() {
            names_to_visit
                .extend(folder.examine_some(&std::mem::take(&mut notifications.names), now_us));
        }
        while self.later.first().is_some_and(|(at, _)| *at <= elapsed) {
            names_to_visit.extend(self.later.pop_first().map(|(_, name)| name));
        }
        names_to_visit.into_iter().for_each(|name| self.wait(name));
        if !is_first && self.config.clock.since(self.asked_at) >= ASK_EVERY {
            self.asked_at = elapsed;
            self.begin_accepted_anew()?;
        }
        Ok(())
    }

    /// Queues a file for reading, among those of its mapping.
    fn wait(&mut self, name: Arc<str>) {
        let of = self
            .folder
            .as_mut()
            .and_then(|folder| folder.file(&name))
            .and_then(|file| file.mapping());
        self.sets.entry(of).or_default().waiting.insert(name);
    }

    /// Restarts files where an operator asked for it.
    fn begin_accepted_anew(&mut self) -> Result<(), SourceError> {
        let accepted = self
            .stored
            .accepted()
            .map_err(|source| SourceError::Positions {
                partitions: "the files".into(),
                source,
            })?;
        for (name, request) in accepted {
            let Some(file) = self.folder.as_mut().and_then(|folder| folder.file(&name)) else {
                continue;
            };
            if request <= file.accepted {
                continue;
            }
            tracing::info!(source.file = %name, "A file is read anew from its beginning, as an operator asked");
            file.begin_anew(request);
            for set in self.sets.values_mut() {
                set.open.take_if(|open| *open.name == *name);
                set.check.take_if(|check| *check.name == *name);
            }
            self.wait(name.into());
        }
        Ok(())
    }

    /// Reads until the batch is full or the last waiting file is at its end.
    fn read_batch(&mut self, limits: BatchLimits) -> Option<RawBatch> {
        let mut batch = BatchOfFiles::new(limits);
        while !batch.is_full() && !self.stop.is_stopped() {
            match self.read_some(&mut batch) {
                ReadStep::Did => {}
                ReadStep::Slow if batch.is_empty() => return None,
                ReadStep::Slow => batch.note_age(),
                ReadStep::Nothing => break,
            }
        }
        let batch = batch.finish().map(|batch| RawBatch {
            has_more: self.has_more(),
            ..batch
        });
        for partition in batch.iter().flat_map(|batch| &batch.partitions) {
            if let Some(file) = self
                .folder
                .as_mut()
                .and_then(|folder| folder.file(&partition.name))
            {
                (file.begins_anew, file.is_known) = (0, true);
            }
        }
        batch
    }
}

#[cfg(test)]
#[path = "files_tests/mod.rs"]
mod tests;
