//! What every store promises, whichever database is behind it.

use std::path::Path;

use sisan::domain::counters::{Counter, Counts, DayCount};
use sisan::domain::entity::{Entity, EntityKey};
use sisan::domain::event::{Change, Membership, Order, Population, Role};
use sisan::domain::identity::Identity;
use sisan::domain::ids::{GroupId, SubscriberId};
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::domain::timeline::SubscriberTimeline;
use sisan::store::sqlite::{Advance, Setting, Staged, Tx};
use sisan::store::{Store, StoreError};

fn store(dir: &Path) -> Store {
    Store::migrate(&dir.join("sisan.db")).expect("a store")
}

fn day(n: i32) -> LocalDay {
    LocalDay::from_number(20_000 + n)
}

fn line(n: u32) -> (EntityKey, Entity) {
    let id = SubscriberId::parse(&format!("139{n:08}")).expect("an id");
    let mut timeline = SubscriberTimeline::default();
    let order = Order { time: Timestamp::from_micros(i64::from(n)), id: format!("e{n}").into(), source: "/boss".into() };
    let group_id = GroupId::parse("G1").expect("an id");
    let joined = Membership {
        subscriber_id: id.clone(),
        group_id,
        change: Change::Joined,
        role: Role::Member,
        locked: false,
        population: Population::Group,
    };
    timeline.put_membership(order, joined);
    (EntityKey::Subscriber(id), Entity::Subscriber(timeline))
}

fn identity(n: u32) -> (u128, Identity) {
    let (went_to, _) = line(n);
    let digest = sisan::domain::identity::identity_digest("/boss", &n.to_string());
    (digest, Identity { day: day((n % 40) as i32), meaning: u64::from(n), went_to })
}

/// Commits lines `first..last`, their identities, and one member for each.
fn commit(store: &Store, first: u32, last: u32) {
    let group = GroupId::parse("G1").expect("an id");
    let mut staged = Staged::default();
    staged.add_identities(&(first..last).map(identity).collect::<Vec<_>>());
    let mut counts = Counts::default();
    counts.add(Counter::Members, i64::from(last - first));
    staged.add_counters(vec![(group, day(0), counts)]);
    store
        .write("commit", |tx| -> Result<(), StoreError> {
            save(tx, &mut staged, (first..last).map(line).collect())?;
            tx.learn(&staged)?;
            tx.journal(&staged)
        })
        .expect("a commit");
}

fn save(tx: &Tx<'_>, staged: &mut Staged, timelines: Vec<(EntityKey, Entity)>) -> Result<(), StoreError> {
    tx.update_timelines(staged, timelines, |_, entity, saved, _: &mut ()| *entity = saved).map(drop)
}

/// Asserts that exactly the lines `0..last` are there.
fn assert_holds(store: &Store, last: u32) {
    store
        .read("look", |tx| {
            for n in [0, last / 2, last - 1] {
                let (key, expected) = line(n);
                assert_eq!(tx.timeline(&key)?, Some(expected), "line {n}");
            }
            let known = tx.identities((0..=last).map(|n| identity(n).0).collect())?;
            assert_eq!(known, (0..last).map(identity).collect());
            let series = tx.series()?;
            let group = GroupId::parse("G1").expect("an id");
            assert_eq!(series[&group].counts(), [DayCount { day: day(0), counter: Counter::Members, n: i64::from(last) }]);
            Ok(())
        })
        .expect("a look");
}

#[test]
fn what_was_committed_is_there_after_opening_anew() {
    let dir = tempfile::tempdir().expect("a folder");
    let mut last = 0;
    for next in [1, 700, 701, 5_000] {
        let store = store(dir.path());
        commit(&store, last, next);
        assert_holds(&store, next);
        drop(store);
        assert_holds(&self::store(dir.path()), next);
        last = next;
    }
}

#[test]
fn more_than_memory_may_hold_is_written_beside_and_stays_the_same() {
    for bytes_max in [0, 100_000, 1_000_000] {
        let dir = tempfile::tempdir().expect("a folder");
        let small = || store(dir.path()).lock().expect("a lock").with_unwritten_bytes_max(bytes_max);
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
        let runs = std::fs::read_dir(dir.path().join("sisan.runs")).expect("the runs").count();
        assert!((2..30).contains(&runs), "{runs} run files for {bytes_max} bytes");
    }
}

#[test]
fn identities_of_closed_days_are_forgotten_and_no_others() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = store(dir.path());
    commit(&store, 0, 1_000);
    let border = identity(500).1.day;
    let (kept, old): (Vec<_>, Vec<_>) = (0..1_000).map(identity).partition(|(_, known)| known.day >= border);
    let forgotten = store.write("close", |tx| tx.forget_identities_before(border)).expect("a closing");
    assert_eq!(forgotten as usize, old.len());
    let known = store.read("look", |tx| tx.identities((0..1_000).map(|n| identity(n).0).collect())).expect("a look");
    assert_eq!(known, kept.into_iter().collect());
    assert_eq!(store.read("look", |tx| tx.timeline(&line(3).0)).expect("a look"), Some(line(3).1), "timelines stay");
}

#[test]
fn a_closing_that_fails_forgets_nothing_and_deletes_no_file_that_is_needed() {
    let dir = tempfile::tempdir().expect("a folder");
    let small = || store(dir.path()).lock().expect("a lock").with_unwritten_bytes_max(10_000);
    let open = small();
    for first in (0..5_000).step_by(500) {
        commit(&open, first, first + 500);
    }
    let failed = open.write("close", |tx| -> Result<(), StoreError> {
        tx.forget_identities_before(identity(500).1.day)?;
        tx.forget_identities_before(identity(500).1.day.plus(1))?;
        Err(StoreError::Damaged { what: "a test", detail: "on purpose".to_owned() })
    });
    assert!(failed.is_err());
    assert_holds(&open, 5_000);
    commit(&open, 5_000, 5_500);
    drop(open);
    assert_holds(&small(), 5_500);
}

#[test]
fn a_transaction_that_fails_leaves_nothing_behind() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = store(dir.path());
    commit(&store, 0, 10);
    let failed = store.write("fail", |tx| -> Result<(), StoreError> {
        let mut staged = Staged::default();
        staged.add_identities(&(10..20).map(identity).collect::<Vec<_>>());
        save(tx, &mut staged, (10..20).map(line).collect())?;
        tx.learn(&staged)?;
        tx.journal(&staged)?;
        tx.set(Setting::EventClock, 7)?;
        Err(StoreError::Damaged { what: "a test", detail: "on purpose".to_owned() })
    });
    assert!(failed.is_err());
    assert_holds(&store, 10);
    assert_eq!(store.read("look", |tx| tx.setting(Setting::EventClock)).expect("a look"), None);
    commit(&store, 10, 20);
    assert_holds(&store, 20);
}

#[test]
fn a_worker_that_was_taken_over_can_commit_no_more() {
    let dir = tempfile::tempdir().expect("a folder");
    let store = store(dir.path());
    let taken = |_| store.write("take over", |tx| tx.take_over("boss-0")).expect("a take-over");
    let (first, second) = (taken(()), taken(()));
    assert_eq!((first.epoch, first.next_position, second.epoch), (1, None, 2));
    let advance =
        |epoch, next_position, applied| Advance { name: "boss-0".to_owned(), epoch, next_position, applied, ..Advance::default() };
    let fenced = store.write("commit", |tx| tx.advance(&advance(1, 5, 5)));
    assert!(matches!(fenced, Err(StoreError::Fenced { found: 2, held: 1, .. })));
    store.write("commit", |tx| tx.advance(&advance(2, 5, 5))).expect("its own epoch");
    let twice = store.write("commit", |tx| tx.advance(&advance(2, 5, 5)));
    assert!(matches!(twice, Err(StoreError::NotContiguous { at: 5, .. })), "the same offsets again");
}

#[test]
fn only_one_worker_has_the_store_and_a_newer_schema_is_refused() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("sisan.db");
    let locked = store(dir.path()).lock().expect("a lock");
    assert!(matches!(store(dir.path()).lock(), Err(StoreError::Locked { .. })));
    drop(locked);
    store(dir.path()).lock().expect("free again");
    rusqlite::Connection::open(&path).and_then(|db| db.pragma_update(None, "user_version", 99)).expect("a newer schema");
    assert!(matches!(Store::open(&path), Err(StoreError::Schema { found: 99, .. })));
}

/// How many lines were committed.
fn committed(store: &Store) -> u32 {
    let series = store.read("look", |tx| tx.series()).expect("the counters");
    let members: i64 = series.values().flat_map(|series| series.of(Counter::Members)).map(|(_, n)| n).sum();
    members.try_into().expect("a count")
}

#[test]
fn a_backup_made_beside_commits_is_one_committed_state_under_new_epochs() {
    let dir = tempfile::tempdir().expect("a folder");
    let worker = store(dir.path()).lock().expect("a lock").with_unwritten_bytes_max(200_000);
    let taken = worker.write("take over", |tx| tx.take_over("events/0")).expect("a partition");
    commit(&worker, 0, 500);
    let committing = std::thread::spawn(move || {
        (500..30_000).step_by(500).for_each(|first| commit(&worker, first, first + 500));
        worker
    });
    let beside = Store::open(&dir.path().join("sisan.db")).expect("the store");
    let mut seen = Vec::new();
    while !committing.is_finished() || seen.is_empty() {
        let elsewhere = tempfile::tempdir().expect("a folder");
        let (backup, restored) = (elsewhere.path().join("backup"), elsewhere.path().join("sisan.db"));
        let bytes = beside.back_up(&backup).expect("a backup");
        assert_eq!(bytes, std::fs::metadata(&backup).expect("a file").len());
        assert_eq!(Store::restore(&backup, &restored).expect("a store").sources, 1);
        let restored = Store::open(&restored).expect("the restored store").lock().expect("a lock");
        assert_holds(&restored, committed(&restored));
        let again = restored.write("take over", |tx| tx.take_over("events/0")).expect("the partition");
        assert_eq!(again.epoch, taken.epoch + 2, "one for the restoring, one for the taking over");
        let files = std::fs::read_dir(elsewhere.path()).expect("its files").map(|file| file.expect("a file").file_name());
        assert!(files.into_iter().all(|name| name == "backup" || name.to_string_lossy().starts_with("sisan.")), "nothing is left");
        seen.push(committed(&restored));
    }
    assert!(seen.is_sorted() && seen[0] >= 500, "{seen:?}");
    assert_holds(&committing.join().expect("the worker"), 30_000);
}
