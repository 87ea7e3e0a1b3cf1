//! Writes the events about tasks that are done to files, for BOSS or CRM to take:
//! `tasks.closed_dir/YYYY-MM-DD.jsonl`.
//!
//! Invariant: an event is noted as written only when it is on the disk, so none is lost; after a
//! crash it may be there twice, under the same id. A line is whole, or it is the last one and is
//! cut off before the next is added.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::access::Access;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::locale::Locale;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::domain::outgoing::OutgoingEvent;
use crate::notify::words::ops::text as ops_text;
use crate::pipeline::Pipeline;
use crate::store::is_disk_full;

use super::error::AppError;

/// Most events written at once.
const EVENTS_MAX: usize = 1_000;

/// Where the files are written, if they are, and whether they could not be when that was last
/// tried.
#[derive(Debug)]
pub(super) struct TaskEventFiles {
    dir: Option<PathBuf>,
    access: Access,
    failing: bool,
}

impl TaskEventFiles {
    pub(super) const fn new(dir: PathBuf, access: Access) -> Self {
        Self {
            dir: Some(dir),
            access,
            failing: false,
        }
    }

    /// Writes them elsewhere from now on.
    pub(super) fn adopt(&mut self, dir: PathBuf, access: Access) {
        (self.dir, self.access) = (Some(dir), access);
    }

    pub(super) fn write_none(&mut self) {
        self.dir = None;
    }

    /// Writes the events that wait. If the folder refuses, they stay waiting, and the operators are
    /// notified once.
    pub(super) fn write_waiting(
        &mut self,
        pipeline: &Pipeline,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let Some(dir) = &self.dir else {
            return Ok(());
        };
        let zone = pipeline.settings().plan.rules.zone;
        loop {
            let waiting = pipeline.store().read_tx("list outgoing events", |tx| {
                tx.waiting_outgoing_events(EVENTS_MAX)
            })?;
            if waiting.is_empty() {
                return Ok(());
            }
            let written = append(dir, self.access, zone.day_of(now), &waiting);
            let failed_before = std::mem::replace(&mut self.failing, written.is_err());
            let Err(error) = written else {
                pipeline.write_as_leader("note what is written out", |tx| {
                    tx.mark_outgoing_events_written(&waiting, now)
                })?;
                continue;
            };
            if !failed_before {
                let notice = OpsNotice::TaskEventsNotWritten {
                    dir: dir.display().to_string(),
                    error: error.to_string(),
                    disk_full: is_disk_full(&error),
                };
                tracing::error!("{}", ops_text(&notice, Locale::En, zone));
                pipeline.write_as_leader("tell the operators", |tx| {
                    tx.insert_notice(&Notice::for_operators(notice, now))
                })?;
            }
            return Ok(());
        }
    }
}

/// Adds a line for each event to the file of a day, and waits until they are on the disk.
fn append(dir: &Path, access: Access, day: LocalDay, events: &[OutgoingEvent]) -> io::Result<()> {
    access.create_folders(dir)?;
    let path = dir.join(format!("{day}.jsonl"));
    let is_new = !path.exists();
    let mut file = access.open_or_create(&path)?;
    let end = end_of_whole_lines(&mut file)?;
    file.set_len(end)?;
    file.seek(SeekFrom::Start(end))?;
    let lines: String = events
        .iter()
        .flat_map(|event| [event.body.as_str(), "\n"])
        .collect();
    file.write_all(lines.as_bytes())?;
    file.sync_all()?;
    if is_new {
        File::open(dir)?.sync_all()
    } else {
        Ok(())
    }
}

/// The end of the last whole line. What follows it was being written when the worker died.
fn end_of_whole_lines(file: &mut File) -> io::Result<u64> {
    let mut piece = [0; 4_096];
    let mut end = file.seek(SeekFrom::End(0))?;
    while end > 0 {
        let begin = end.saturating_sub(piece.len() as u64);
        let read = &mut piece[..(end - begin) as usize];
        file.seek(SeekFrom::Start(begin))?;
        file.read_exact(read)?;
        if let Some(at) = read.iter().rposition(|byte| *byte == b'\n') {
            return Ok(begin + at as u64 + 1);
        }
        end = begin;
    }
    Ok(0)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn event(n: usize) -> OutgoingEvent {
        let body = format!("{{\"id\":\"T{n}\",\"note\":\"{}\"}}", "注".repeat(n));
        OutgoingEvent {
            event_id: format!("T{n}"),
            at: Timestamp::from_micros(0),
            body,
        }
    }

    fn day(text: &str) -> LocalDay {
        LocalDay::from_date(text.parse().expect("a date"))
    }

    #[test]
    fn events_are_added_a_line_each_to_the_file_of_their_day() {
        let folder = tempfile::tempdir().expect("a folder");
        let dir = folder.path().join("data/closed_tasks");
        append(
            &dir,
            Access::PRIVATE,
            day("2026-10-01"),
            &[event(1), event(2)],
        )
        .expect("written");
        append(&dir, Access::PRIVATE, day("2026-10-01"), &[event(3)]).expect("written");
        append(&dir, Access::PRIVATE, day("2026-10-02"), &[event(4)]).expect("written");
        let text = fs::read_to_string(dir.join("2026-10-01.jsonl")).expect("a file");
        assert_eq!(
            text,
            format!("{}\n{}\n{}\n", event(1).body, event(2).body, event(3).body)
        );
        assert_eq!(
            fs::read_to_string(dir.join("2026-10-02.jsonl")).expect("a file"),
            format!("{}\n", event(4).body)
        );
    }

    #[test]
    fn a_line_that_a_crash_left_half_written_is_cut_off() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("2026-10-01.jsonl");
        // The half lines are shorter and longer than what is read at once.
        for (whole, half) in [(0, 3), (1, 3), (3_000, 3), (1, 3_000), (0, 3_000)] {
            let kept: String = (0..usize::from(whole > 0))
                .map(|_| event(whole).body + "\n")
                .collect();
            let torn = event(half).body;
            fs::write(
                &path,
                [kept.as_bytes(), &torn.as_bytes()[..2 * half]].concat(),
            )
            .expect("a file");
            append(
                folder.path(),
                Access::PRIVATE,
                day("2026-10-01"),
                &[event(2)],
            )
            .expect("written");
            assert_eq!(
                fs::read_to_string(&path).expect("a file"),
                format!("{kept}{}\n", event(2).body),
                "{whole} {half}"
            );
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_an_error() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        assert!(append(file.path(), Access::PRIVATE, day("2026-10-01"), &[event(1)]).is_err());
    }
}
