//! Processes one file after another: checked, read to its present end, or paused; the files of
//! several mappings are aligned by event time.
//!
//! It may not know the folder. Invariant: a file is checked before it is read, and its progress is
//! reported once there is nothing more to read.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use super::alignment::{Next, Turn};
use super::checking::{CheckOutcome, FileCheck, FileEnd};
use super::file_batch::BatchOfFiles;
use super::file_fault::FileFault;
use super::files::FilesSource;
use super::input_file::AT_REST_US;
use super::reading::{OpenFile, ReadOn, Until, read_lines};
use super::stamp::Stamp;
use crate::domain::local_day::Timestamp;
use crate::domain::source_state::SourceState;

/// Checking a large file that grows takes at most one part in this many of the time.
const CHECKS_PART: u32 = 20;
/// A check is interrupted after this time, so that other work continues.
const CHECK_MAX: Duration = Duration::from_millis(100);

/// A file that is being checked.
pub(super) struct InHand {
    pub(super) name: Arc<str>,
    /// Its stamp before it was opened.
    pub(super) stamp: Stamp,
    pub(super) check: FileCheck,
    pub(super) took: Duration,
}

/// The files of one mapping, or all `.jsonl`: read in the order of their names.
#[derive(Default)]
pub(super) struct FileSet {
    /// Changed files that have not been read to their end.
    pub(super) waiting: BTreeSet<Arc<str>>,
    pub(super) check: Option<InHand>,
    pub(super) open: Option<OpenFile>,
}

impl FileSet {
    /// Whether there may be something to read.
    pub(super) fn is_busy(&self) -> bool {
        self.open.is_some() || self.check.is_some() || !self.waiting.is_empty()
    }

    /// The event time of the next line, if it is known; the inner none: no other source waits for
    /// it.
    fn ahead(&self) -> Option<Option<Timestamp>> {
        self.open.as_ref().and_then(OpenFile::ahead)
    }
}

/// The result of one step of reading.
pub(super) enum ReadStep {
    Did,
    /// A check continues, and may take long.
    Slow,
    Nothing,
}

impl FilesSource {
    /// Takes a step with the source that has the turn: reads from its open file, continues a check,
    /// or starts on its next file.
    pub(super) fn read_some(&mut self, batch: &mut BatchOfFiles) -> ReadStep {
        let Some(folder) = &mut self.folder else {
            return ReadStep::Nothing;
        };
        if let Some(name) = self.to_tell.pop() {
            if let Some(file) = folder.file(&name) {
                batch.note(file, SourceState::Done, 0, file.settled);
            }
            return ReadStep::Did;
        }
        let mut busy = self.sets.iter().filter(|(_, set)| set.is_busy());
        let Some((&first, _)) = busy.next() else {
            return ReadStep::Nothing;
        };
        if busy.next().is_none() {
            return self.step(first, Timestamp::MAX, batch);
        }
        // The first event time of each source must be known before any is read.
        if let Some((&unknown, _)) = self
            .sets
            .iter()
            .find(|(_, set)| set.is_busy() && set.ahead().is_none())
        {
            return self.step(unknown, Timestamp::MIN, batch);
        }
        let next = |set: &FileSet| {
            if set.is_busy() {
                Next::Event(set.ahead().flatten())
            } else {
                Next::Nothing
            }
        };
        match self
            .config
            .alignment
            .turn(self.sets.values().map(next), self.last_turn)
        {
            Turn::Of(at, until) => {
                self.last_turn = at;
                self.sets
                    .keys()
                    .nth(at)
                    .copied()
                    .map_or(ReadStep::Nothing, |whose| self.step(whose, until, batch))
            }
            Turn::Wait | Turn::Nothing => ReadStep::Nothing,
        }
    }

    /// One step with the files of a mapping, whose lines are read as long as they are no later than
    /// `until`.
    fn step(&mut self, of: Option<u16>, until: Timestamp, batch: &mut BatchOfFiles) -> ReadStep {
        let now_us = self.now_us();
        let (Some(folder), Some(set)) = (&mut self.folder, self.sets.get_mut(&of)) else {
            return ReadStep::Nothing;
        };
        if let Some(open) = &mut set.open {
            let Some(file) = folder.file(&open.name) else {
                set.open = None;
                return ReadStep::Did;
            };
            let rests = file.rests(now_us);
            let until = Until::new(&self.config.alignment, until, batch);
            match read_lines(open, file, batch, &until, (self.config.drain, rests)) {
                Ok(ReadOn::Full | ReadOn::Ahead) => open.note_lag(file, batch),
                Ok(ReadOn::Ended { lag, waits }) => {
                    let Some(open) = set.open.take() else {
                        return ReadStep::Did;
                    };
                    self.settle(&open, lag, waits, now_us, batch);
                }
                Err(source) => {
                    let name = Arc::clone(&open.name);
                    let fault = FileFault::Unreadable {
                        file: name.to_string(),
                        byte: file.at.next_byte,
                        source,
                    };
                    set.open = None;
                    self.pause(&name, &fault, batch);
                }
            }
            return ReadStep::Did;
        }
        if let Some(check) = set.check.take() {
            return self.go_on_checking(of, check, batch);
        }
        let Some(name) = set.waiting.pop_first() else {
            return ReadStep::Nothing;
        };
        self.begin_check(of, name, batch);
        ReadStep::Did
    }

    /// Handles a file at its present end: reports its progress, if that has changed.
    fn settle(
        &mut self,
        open: &OpenFile,
        lag: u64,
        waits: bool,
        now_us: i64,
        batch: &mut BatchOfFiles,
    ) {
        let drain = self.config.drain;
        let Some(file) = self
            .folder
            .as_mut()
            .and_then(|folder| folder.file(&open.name))
        else {
            return;
        };
        let is_damaged = match open.end {
            FileEnd::Whole => false,
            FileEnd::WithinMember => drain || file.rests(now_us),
            FileEnd::Damaged(_) => true,
        };
        if let Some(fault) =
            FileFault::of_end(&open.end, &open.name, file.at.next_byte).filter(|_| is_damaged)
        {
            return self.pause(&open.name, &fault, batch);
        }
        file.reads_anew = false;
        let settled_before = file.settled;
        file.settled = Some(open.stamp.digest);
        if waits {
            file.wakes = true;
            let left = u64::try_from(
                file.unchanged_since_us
                    .saturating_add(AT_REST_US)
                    .saturating_sub(now_us),
            )
            .unwrap_or(0);
            self.later.insert((
                self.config.clock.elapsed() + Duration::from_micros(left),
                Arc::clone(&open.name),
            ));
        }
        // With a lag no stamp is stored, so that the next worker opens the file again.
        let stamp = open.stamp.kept().filter(|_| lag == 0);
        let was_paused = file.paused.take().is_some();
        let is_news = was_paused
            || !file.is_known
            || file.begins_anew > 0
            || (stamp.is_some() && stamp != settled_before);
        let has_ended = lag == 0 && !std::mem::replace(&mut file.ended, lag == 0);
        if is_news || has_ended || batch.has(&open.name) {
            let state = if lag == 0 {
                SourceState::Done
            } else {
                SourceState::Reading
            };
            batch.note(file, state, lag, stamp);
        }
    }

    fn pause(&mut self, name: &Arc<str>, fault: &FileFault, batch: &mut BatchOfFiles) {
        let Some(file) = self.folder.as_mut().and_then(|folder| folder.file(name)) else {
            return;
        };
        let pause = fault.pause();
        if file.paused.as_ref() != Some(&pause) {
            tracing::error!(source.file = %name, "{}", pause.reason);
        }
        file.settled = Some(file.stamp.digest);
        let stamp = file.stamp.kept();
        file.paused = Some(pause.clone());
        batch.note(
            file,
            SourceState::Paused(pause),
            file.stamp.bytes.saturating_sub(file.at.next_byte).max(1),
            stamp,
        );
    }

    /// Starts the check of a file.
    fn begin_check(&mut self, of: Option<u16>, name: Arc<str>, batch: &mut BatchOfFiles) {
        let elapsed = self.config.clock.elapsed();
        let Some(file) = self.folder.as_mut().and_then(|folder| folder.file(&name)) else {
            return;
        };
        if !file.has_unread() && !file.wakes {
            return;
        }
        if file.not_before > elapsed && !self.config.drain {
            self.later.insert((file.not_before, name));
            return;
        }
        match FileCheck::open(&file.path, file.packing, file.read_before()) {
            Ok(check) => {
                file.wakes = false;
                let check = InHand {
                    name,
                    stamp: file.stamp,
                    check,
                    took: Duration::ZERO,
                };
                self.sets.entry(of).or_default().check = Some(check);
            }
            // The file was deleted since the last scan; the next scan logs that.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(source) => {
                let fault = FileFault::Unreadable {
                    file: name.to_string(),
                    byte: file.at.next_byte,
                    source,
                };
                self.pause(&name, &fault, batch);
            }
        }
    }

    /// Continues a check, for at most [`CHECK_MAX`].
    fn go_on_checking(
        &mut self,
        of: Option<u16>,
        in_hand: InHand,
        batch: &mut BatchOfFiles,
    ) -> ReadStep {
        let InHand {
            name,
            stamp,
            mut check,
            took,
        } = in_hand;
        let clock = self.config.clock.clone();
        let begun = clock.elapsed();
        let checked = loop {
            match check.step() {
                Ok(None) if clock.since(begun) < CHECK_MAX => {}
                done => break done,
            }
        };
        let took = took + clock.since(begun);
        let Some(file) = self.folder.as_mut().and_then(|folder| folder.file(&name)) else {
            return ReadStep::Did;
        };
        file.not_before = clock.elapsed() + took * CHECKS_PART;
        let byte = file.at.next_byte;
        match checked {
            Ok(None) => {
                self.sets.entry(of).or_default().check = Some(InHand {
                    name,
                    stamp,
                    check,
                    took,
                });
                return ReadStep::Slow;
            }
            Ok(Some(CheckOutcome::Stands(opened))) => {
                let open = OpenFile::new(name, stamp, *opened, self.config.event_bytes_max);
                self.sets.entry(of).or_default().open = Some(open);
            }
            Ok(Some(CheckOutcome::Replaced)) => {
                self.pause(
                    &name,
                    &FileFault::Replaced {
                        file: name.to_string(),
                        byte,
                    },
                    batch,
                );
            }
            Err(source) => self.pause(
                &name,
                &FileFault::Unreadable {
                    file: name.to_string(),
                    byte,
                    source,
                },
                batch,
            ),
        }
        ReadStep::Did
    }
}
