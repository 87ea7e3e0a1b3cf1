//! Runs as a whole: what is written, read, merged and found damaged.

use std::sync::Arc;

use super::*;
use crate::store::StoreError;
use crate::store::frames::put_frame;
use crate::store::sqlite::SqliteStore;
use crate::store::sqlite::Tx;
use crate::store::sqlite::memtable::Memtable;

fn with_store<R>(test: impl FnOnce(&Tx<'_>, &RunFolder) -> R) -> R {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("s.db");
    let (store, folder) = (
        SqliteStore::migrate(&path, &[]).expect("a store"),
        RunFolder::open(&path).expect("a folder"),
    );
    store
        .write_tx("test", |tx| Ok::<_, StoreError>(test(tx, &folder)))
        .expect("a transaction")
}

/// Entries whose digests are multiples of `step`, with a value that names the round.
fn round(number: u32, step: u128, count: u128) -> Vec<(u128, String)> {
    (0..count)
        .map(|n| {
            (
                n * step,
                format!("{number}:{}", "v".repeat((n % 90) as usize)),
            )
        })
        .collect()
}

fn append(runs: &mut Runs, tx: &Tx<'_>, entries: &[(u128, String)]) {
    let mut bytes = Vec::new();
    entries
        .iter()
        .for_each(|(digest, value)| put_frame(&mut bytes, *digest, value));
    let mut memtable = Memtable::default();
    memtable.insert_chunks(&[Arc::new(bytes)]).expect("frames");
    let new_runs = runs.compactor().flush(memtable.in_order()).expect("a run");
    runs.record(tx, new_runs).expect("its record");
}

fn find(runs: &Runs, digest: u128) -> Result<Option<String>, StoreError> {
    runs.seek().find(digest)?.map(text).transpose()
}

fn text(value: &[u8]) -> Result<String, StoreError> {
    postcard::from_bytes(value).map_err(|_| damaged("a text"))
}

fn files(folder: &RunFolder) -> usize {
    std::fs::read_dir(folder.file(0, FileKind::Run).parent().expect("a folder"))
        .expect("the folder")
        .count()
}

#[test]
fn the_newest_value_of_a_key_holds_through_merges_and_a_restart() {
    with_store(|tx, folder| {
        let mut runs = Runs::load(tx, folder, RunKind::Timeline).expect("no runs");
        let mut expected = std::collections::BTreeMap::new();
        for number in 0..23 {
            let entries = round(
                number,
                u128::from(number % 7 + 1),
                u128::from(1_000 + number * 10),
            );
            append(&mut runs, tx, &entries);
            expected.extend(entries);
        }
        assert!(runs.runs.len() < 9, "{} runs", runs.runs.len());
        for runs in [
            &runs,
            &Runs::load(tx, folder, RunKind::Timeline).expect("the runs"),
        ] {
            let mut seek = runs.seek();
            for (digest, value) in &expected {
                let found = seek
                    .find(*digest)
                    .expect("a look-up")
                    .map(|value| text(value).expect("a text"));
                assert_eq!(
                    (
                        found.as_ref(),
                        find(runs, *digest).expect("a look-up").as_ref()
                    ),
                    (Some(value), Some(value))
                );
            }
            assert_eq!(find(runs, u128::MAX).expect("a look-up"), None);
        }
        assert!(
            Runs::load(tx, folder, RunKind::Identity)
                .expect("no runs")
                .runs
                .is_empty()
        );
        delete_leftovers(tx, folder).expect("a deletion");
        assert_eq!(files(folder), runs.runs.len());
        let again = Runs::load(tx, folder, RunKind::Timeline).expect("the runs");
        assert!(find(&again, 0).expect("a look-up").is_some());
    });
}

#[test]
fn what_lies_between_two_digests_is_found_in_every_run_and_nothing_else() {
    with_store(|tx, folder| {
        let mut runs = Runs::load(tx, folder, RunKind::Timeline).expect("no runs");
        let all: Vec<Vec<(u128, String)>> = (1..6)
            .map(|number| round(number, u128::from(number), 700))
            .collect();
        all.iter()
            .for_each(|entries| append(&mut runs, tx, entries));
        assert!(runs.runs.len() > 1);
        for digests in [
            0..=0,
            1..=1,
            5..=90,
            690..=1_400,
            3_490..=9_999,
            9_000..=9_999,
            0..=u128::MAX,
        ] {
            let mut found = Vec::new();
            let took =
                runs.for_each_between(&digests, |value| text(value).map(|text| found.push(text)));
            took.expect("a read");
            // Of a key that is in several runs of which one was made, the newest was kept.
            let newest: std::collections::BTreeMap<u128, &String> = all
                .iter()
                .flatten()
                .filter(|(digest, _)| digests.contains(digest))
                .map(|(digest, text)| (*digest, text))
                .collect();
            let known: std::collections::BTreeSet<&String> = all
                .iter()
                .flatten()
                .filter(|(digest, _)| digests.contains(digest))
                .map(|(_, text)| text)
                .collect();
            assert!(
                newest.values().all(|text| found.contains(text)),
                "{digests:?}"
            );
            assert!(found.iter().all(|text| known.contains(text)), "{digests:?}");
        }
    });
}

#[test]
fn what_is_not_kept_is_gone() {
    with_store(|tx, folder| {
        let mut runs = Runs::load(tx, folder, RunKind::Identity).expect("no runs");
        append(&mut runs, tx, &round(1, 2, 3_000));
        append(&mut runs, tx, &round(2, 3, 1_000));
        let (new_runs, gone) = runs
            .compactor()
            .retain(|value| Ok(text(value)?.starts_with('2').into()))
            .expect("a merge");
        runs.record(tx, new_runs).expect("its record");
        assert_eq!(
            gone, 3_000,
            "2,500 old ones, and the 500 that a newer value hid"
        );
        assert_eq!(runs.runs.iter().map(|run| run.entries).sum::<u64>(), 1_000);
        let (new_runs, _) = runs
            .compactor()
            .retain(|_| Ok(Retained::Gone))
            .expect("a merge");
        runs.record(tx, new_runs).expect("its record");
        delete_leftovers(tx, folder).expect("a deletion");
        assert_eq!((runs.runs.len(), files(folder)), (0, 0));
    });
}

#[test]
fn a_block_that_was_changed_on_the_disk_is_not_believed() {
    with_store(|tx, folder| {
        let mut runs = Runs::load(tx, folder, RunKind::Identity).expect("no runs");
        append(&mut runs, tx, &round(1, 2, 3_000));
        let path = folder.file(runs.runs[0].number, FileKind::Run);
        let mut bytes = std::fs::read(&path).expect("a run");
        bytes[100] ^= 1;
        std::fs::write(&path, bytes).expect("a changed run");
        let runs = Runs::load(tx, folder, RunKind::Identity).expect("the runs");
        assert!(matches!(find(&runs, 0), Err(StoreError::Damaged { .. })));
    });
}
