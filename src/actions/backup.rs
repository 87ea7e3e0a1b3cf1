//! The job `backup`: makes a checked copy of an SQLite store in `backup.dir`, and removes older
//! ones.
//!
//! Invariant: no copy is removed before the next one is whole and checked.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Context;
use chrono::{NaiveDateTime, TimeDelta};

use crate::access::Access;
use crate::config::Backup;
use crate::domain::clock_mode::ClockMode;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::store::{Setting, StoreError};

use crate::pipeline::Pipeline;
use crate::plan::{BackupState, backup_state, superfluous};
use crate::runtime::AppError;

use super::run::JobRun;

/// The file name of a copy: its local time.
const NAME: &str = "sisan-%Y-%m-%dT%H%M%S.backup";
/// The extensions of files that an unfinished copy leaves behind.
const LEFT_BEHIND: [&str; 4] = [".db", ".db-journal", ".part", ".part-journal"];

/// Makes a copy, checks it, and removes the copies that are no longer kept.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let (store, deadline) = (run.pipeline.store(), &run.deadline);
    let Some(dir) = &run.settings.backup.dir else {
        return Ok(JobOutcome::BackupsOff);
    };
    if store.is_shared() {
        return Ok(JobOutcome::BackedUpByServer);
    }
    if run.leaves_the_disk_alone() {
        return Ok(JobOutcome::WallClockOnly);
    }
    let now = run.pipeline.settings().wall.now();
    let mut local = run.zone().local(now);
    let in_dir = || format!("use backup.dir {}", dir.display());
    Access::PRIVATE.create_folders(dir).with_context(in_dir)?;
    remove(left_behind(dir).with_context(in_dir)?).with_context(in_dir)?;
    let mut name = local.format(NAME).to_string();
    // Two backups within one second get two names.
    while dir.join(&name).exists() {
        local += TimeDelta::seconds(1);
        name = local.format(NAME).to_string();
    }
    let is_over = || deadline.is_over();
    let bytes = deadline.within(store.back_up(&dir.join(&name), &mut |_, _| {}, &is_over))?;
    run.pipeline
        .write_as_leader("record a backup", |tx| -> Result<(), StoreError> {
            tx.set(Setting::BackupMissed, 0)?;
            tx.set(Setting::BackedUpAt, now.micros())
        })?;
    let mut copies = copies(dir).with_context(in_dir)?;
    let Backup {
        keep_days,
        keep_sundays,
        ..
    } = run.settings.backup;
    let times = copies.keys().copied().collect();
    let gone = superfluous(&times, local.date(), (keep_days, keep_sundays)).into_iter();
    let removed = remove(gone.filter_map(|time| copies.remove(&time)).collect());
    Ok(JobOutcome::BackedUp {
        name,
        bytes,
        removed: removed.with_context(in_dir)? as u64,
    })
}

/// Notifies the operators, once, when backups are configured and none was made for too long.
pub(crate) fn notify_missing_backup(pipeline: &Pipeline, backup: &Backup) -> Result<(), AppError> {
    let (store, settings) = (pipeline.store(), pipeline.settings());
    if backup.dir.is_none() || store.is_shared() || settings.clock == ClockMode::Event {
        return Ok(());
    }
    let now = settings.wall.now();
    let since = store
        .read_tx("find the last backup", |tx| tx.setting(Setting::BackedUpAt))?
        .map(Timestamp::from_micros);
    let state = backup_state(since, now);
    if state == BackupState::Recent {
        return Ok(());
    }
    pipeline.write_as_leader(
        "notify of a missing backup",
        |tx| -> Result<(), StoreError> {
            let BackupState::MissingSince(since) = state else {
                return tx.set(Setting::BackedUpAt, now.micros());
            };
            if tx.setting(Setting::BackupMissed)? == Some(1) {
                return Ok(());
            }
            tx.insert_notice(&Notice::for_operators(OpsNotice::NoBackupSince(since), now))?;
            tx.set(Setting::BackupMissed, 1)
        },
    )?;
    Ok(())
}

/// The copies in a folder by their local times.
fn copies(dir: &Path) -> std::io::Result<BTreeMap<NaiveDateTime, PathBuf>> {
    let mut copies = BTreeMap::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let time = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| NaiveDateTime::parse_from_str(name, NAME).ok());
        copies.extend(time.map(|time| (time, path)));
    }
    Ok(copies)
}

/// The files that unfinished copies have left in a folder.
fn left_behind(dir: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut left = Vec::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        let name = path
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        let of = LEFT_BEHIND.iter().find_map(|end| name.strip_suffix(end));
        left.extend(
            of.is_some_and(|of| NaiveDateTime::parse_from_str(of, NAME).is_ok())
                .then_some(path),
        );
    }
    Ok(left)
}

fn remove(files: Vec<PathBuf>) -> std::io::Result<usize> {
    files.iter().try_for_each(fs::remove_file)?;
    Ok(files.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn only_copies_are_looked_at_and_what_an_unfinished_one_left() {
        let dir = tempfile::tempdir().expect("a folder");
        let names = [
            "sisan-2026-11-30T013000.backup",
            "sisan-2026-11-29T013000.backup.part",
            "sisan-2026-11-29T013000.backup.db",
        ];
        for name in names.into_iter().chain([
            "mine.backup",
            "sisan-today.backup",
            "notes.part",
            "sisan.db",
        ]) {
            fs::write(dir.path().join(name), "").expect("a file");
        }
        assert_eq!(
            copies(dir.path())
                .expect("a folder")
                .into_values()
                .collect::<Vec<_>>(),
            [dir.path().join(names[0])]
        );
        let left: BTreeSet<PathBuf> = left_behind(dir.path())
            .expect("a folder")
            .into_iter()
            .collect();
        assert_eq!(
            left,
            BTreeSet::from([dir.path().join(names[1]), dir.path().join(names[2])])
        );
    }
}
