//! A store that is full is brought up by a migration of a later version, on both databases.
//!
//! The store is a backup in `tests/fixtures`, made by a command whenever migration 0001 is edited
//! or values in columns are written otherwise before the first release: `SISAN_UPDATE_FIXTURES=1 tests/run migrations`.

use std::path::{Path, PathBuf};

use sisan::store::{Store, StoreAt, StoreError, copy};

use crate::deliveries::small_world;
use crate::deployment::Deployment;
use crate::services::TestDatabase;

/// What a later version might do: a table of its own, filled from what is there.
const FURTHER: &str = "CREATE TABLE tasks_once (number BIGINT NOT NULL); \
                       INSERT INTO tasks_once (number) SELECT count(*) FROM task;";

/// As small as it gets: it is made seldom.
const PACKED_LEVEL: i32 = 19;

fn fixture() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/store.backup.zst")
}

#[expect(
    clippy::disallowed_methods,
    reason = "that the fixture is to be made anew is no setting of the program"
)]
fn wants_update() -> bool {
    std::env::var_os("SISAN_UPDATE_FIXTURES").is_some()
}

/// Makes the fixture anew: a small case, with alerts, tasks, mails and a report.
fn update() {
    let worked = Deployment::new();
    let events = small_world("m@operator.test");
    std::fs::write(worked.path("events/000.jsonl"), events).expect("a file of events");
    worked.drain();
    let made = worked.path("store.backup");
    worked.run(&["backup", &made.display().to_string()]);
    let backup = std::fs::read(made).expect("the backup");
    let packed = zstd::encode_all(&backup[..], PACKED_LEVEL).expect("packed");
    std::fs::write(fixture(), packed).expect("the fixture");
}

/// A store made of the fixture, in a folder of its own.
fn restored(folder: &Path) -> StoreAt {
    let at = StoreAt::Sqlite {
        path: folder.join("sisan.db"),
        memtable_bytes_max: 48 << 20,
    };
    let backup = folder.join("store.backup");
    let packed = std::fs::read(fixture()).expect("the fixture");
    let unpacked = zstd::decode_all(&packed[..]).expect("unpacked");
    std::fs::write(&backup, unpacked).expect("the backup");
    let restored = Store::restore(&backup, &at, &mut |_, _| {});
    restored.unwrap_or_else(|error| {
        panic!("{error}\nhint: SISAN_UPDATE_FIXTURES=1 tests/run migrations, if 0001 was edited")
    });
    at
}

/// What the store holds, as far as it is easily counted.
fn counts(store: &Store) -> [usize; 4] {
    store
        .read_tx("count", |tx| {
            Ok([
                tx.tasks()?.len(),
                tx.alerts()?.len(),
                tx.mail_entries(None, u32::MAX)?.len(),
                tx.published_versions(sisan::domain::local_day::LocalDay::from_number(0))?
                    .len(),
            ])
        })
        .expect("what it holds")
}

/// Brings it up; gives back how many tasks it holds.
fn is_brought_up(at: &StoreAt) -> usize {
    let before = counts(&Store::open(at).expect("the store of before"));
    assert!(before.iter().all(|count| *count > 0), "{before:?}");
    for _ in 0..2 {
        let store = Store::migrate_further(at, &[FURTHER]).expect("it is brought up once");
        assert_eq!(counts(&store), before);
    }
    let refused = Store::open(at);
    assert!(
        matches!(refused, Err(StoreError::Schema { found: 2, .. })),
        "the older program refuses it: {refused:?}"
    );
    before[0]
}

#[test]
fn a_full_store_in_a_file_is_brought_up_by_a_later_migration() {
    if wants_update() {
        update();
    }
    let folder = tempfile::tempdir().expect("a folder");
    let tasks = is_brought_up(&restored(folder.path()));
    let database =
        rusqlite::Connection::open(folder.path().join("sisan.db")).expect("the database");
    let number: i64 = database
        .query_row("SELECT number FROM tasks_once", [], |row| row.get(0))
        .expect("what the migration wrote");
    assert_eq!(number as usize, tasks);
}

#[test]
fn a_full_store_on_a_server_is_brought_up_by_a_later_migration() {
    let (folder, database) = (
        tempfile::tempdir().expect("a folder"),
        TestDatabase::create("migrations"),
    );
    let at = StoreAt::Postgres {
        url: database.url(),
        password: None,
    };
    let from = Store::open(&restored(folder.path()))
        .and_then(Store::lock)
        .expect("the store of before");
    let to = Store::migrate(&at).expect("an empty store");
    copy(&from, &to, &mut |_, _| {}).expect("a copy");
    drop((from, to));
    let tasks = is_brought_up(&at);
    assert_eq!(
        database.ask("SELECT number FROM tasks_once"),
        tasks.to_string()
    );
}
