//! What an SQLite store does with the files beside its database: runs, the lock, backups.

use std::path::Path;

use sisan::domain::counters::Counter;
use sisan::store::{Store, StoreAt, StoreError};

use crate::store_fixture::{assert_holds, commit, identity};

fn at(dir: &Path, memtable_bytes_max: usize) -> StoreAt {
    StoreAt::Sqlite {
        path: dir.join("sisan.db"),
        memtable_bytes_max,
    }
}

fn open(dir: &Path, memtable_bytes_max: usize) -> Store {
    Store::migrate(&at(dir, memtable_bytes_max)).expect("a store")
}

#[test]
fn more_than_memory_may_hold_is_written_beside_and_stays_the_same() {
    for bytes_max in [0, 100_000, 1_000_000] {
        let dir = tempfile::tempdir().expect("a folder");
        let small = || open(dir.path(), bytes_max).lock().expect("a lock");
        let (step, last) = (1_000, 40_000);
        let mut open = small();
        for first in (0..last).step_by(step as usize) {
            commit(&open, first, first + step);
            if first % 7_000 == 0 {
                assert_holds(&open, first + step);
                drop(open);
                open = small();
            }
        }
        assert_holds(&open, last);
        drop(open);
        assert_holds(&small(), last);
        let runs = std::fs::read_dir(dir.path().join("sisan.runs"))
            .expect("the runs")
            .count();
        assert!(
            (2..30).contains(&runs),
            "{runs} run files for {bytes_max} bytes"
        );
    }
}

#[test]
fn a_closing_that_fails_forgets_nothing_and_deletes_no_file_that_is_needed() {
    let dir = tempfile::tempdir().expect("a folder");
    let small = || open(dir.path(), 10_000).lock().expect("a lock");
    let open = small();
    for first in (0..5_000).step_by(500) {
        commit(&open, first, first + 500);
    }
    let failed = open.write_tx("close", |tx| -> Result<(), StoreError> {
        tx.forget_identities_before(identity(500).1.day, &|| false)?;
        tx.forget_identities_before(identity(500).1.day.plus(1), &|| false)?;
        Err(StoreError::Damaged {
            what: "a test",
            detail: "on purpose".to_owned(),
        })
    });
    assert!(failed.is_err());
    assert_holds(&open, 5_000);
    commit(&open, 5_000, 5_500);
    drop(open);
    assert_holds(&small(), 5_500);
}

#[test]
fn only_one_worker_has_the_store() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = || open(dir.path(), 0);
    let locked = store().lock().expect("a lock");
    assert!(matches!(store().lock(), Err(StoreError::Locked { .. })));
    drop(locked);
    store().lock().expect("free again");
}

/// How many subscribers were committed.
fn committed(store: &Store) -> u32 {
    let series = store
        .read_tx("read", |tx| tx.series())
        .expect("the counters");
    let members: i64 = series
        .values()
        .flat_map(|series| series.days_of(Counter::Members))
        .map(|(_, n)| n)
        .sum();
    members.try_into().expect("a count")
}

#[test]
fn a_backup_made_beside_commits_is_one_committed_state_under_new_epochs() {
    let dir = tempfile::tempdir().expect("a folder");
    let worker = open(dir.path(), 200_000).lock().expect("a lock");
    let taken = worker
        .write_tx("take over", |tx| tx.take_over("events/0"))
        .expect("a partition");
    commit(&worker, 0, 500);
    let committing = std::thread::spawn(move || {
        (500..30_000)
            .step_by(500)
            .for_each(|first| commit(&worker, first, first + 500));
        worker
    });
    let beside = Store::open(&at(dir.path(), 200_000)).expect("the store");
    let mut seen = Vec::new();
    while !committing.is_finished() || seen.is_empty() {
        let elsewhere = tempfile::tempdir().expect("a folder");
        let backup = elsewhere.path().join("backup");
        let bytes = beside
            .back_up(&backup, &mut |_, _| {}, &|| false)
            .expect("a backup");
        assert_eq!(bytes, std::fs::metadata(&backup).expect("a file").len());
        assert_eq!(
            Store::restore(&backup, &at(elsewhere.path(), 200_000), &mut |_, _| {})
                .expect("a store")
                .sources,
            1
        );
        let restored = Store::open(&at(elsewhere.path(), 200_000))
            .expect("the restored store")
            .lock()
            .expect("a lock");
        assert_holds(&restored, committed(&restored));
        let again = restored
            .write_tx("take over", |tx| tx.take_over("events/0"))
            .expect("the partition");
        assert_eq!(
            again.epoch,
            taken.epoch + 2,
            "one for the restoring, one for the taking over"
        );
        let files = std::fs::read_dir(elsewhere.path())
            .expect("its files")
            .map(|file| file.expect("a file").file_name());
        assert!(
            files
                .into_iter()
                .all(|name| name == "backup" || name.to_string_lossy().starts_with("sisan.")),
            "nothing is left"
        );
        seen.push(committed(&restored));
    }
    assert!(seen.is_sorted() && seen[0] >= 500, "{seen:?}");
    assert_holds(&committing.join().expect("the worker"), 30_000);
}
