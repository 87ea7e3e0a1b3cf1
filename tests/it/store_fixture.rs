//! A store of a test's own, in a file or on the server, and what is kept in it for a test.

use std::collections::BTreeSet;
use std::sync::Arc;

use sisan::domain::counters::{Counter, Counts, DayCount, add_to_group};
use sisan::domain::entity::{Entity, EntityKey};
use sisan::domain::event::{MemberChangeKind, Membership, Order, Population, Role};
use sisan::domain::identity::Identity;
use sisan::domain::ids::{GroupId, SubscriberId};
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::domain::sum::Sum;
use sisan::domain::timeline::SubscriberTimeline;
use sisan::store::in_memory::Database;
use sisan::store::{Staged, Store, StoreAt, StoreError, Tx};
use tempfile::TempDir;

use crate::services::TestDatabase;
use crate::simulator::Observer;

/// Memory at which an SQLite store makes runs.
const UNWRITTEN_BYTES_MAX: usize = 48 << 20;

/// Where a test's store is.
pub enum StoreFixture {
    Sqlite(TempDir),
    Postgres(TestDatabase),
    InMemory(Database),
}

impl StoreFixture {
    pub fn sqlite() -> Self {
        Self::Sqlite(tempfile::tempdir().expect("a folder"))
    }

    pub fn postgres() -> Self {
        Self::Postgres(TestDatabase::create("store"))
    }

    pub fn in_memory() -> Self {
        Self::InMemory(Database::new(sisan::clock::wall_now).expect("a database"))
    }

    pub fn at(&self) -> StoreAt {
        match self {
            Self::Sqlite(dir) => StoreAt::Sqlite {
                path: dir.path().join("sisan.db"),
                memtable_bytes_max: UNWRITTEN_BYTES_MAX,
            },
            Self::Postgres(database) => StoreAt::Postgres {
                url: database.url(),
                password: None,
            },
            Self::InMemory(_) => panic!("it is nowhere else"),
        }
    }

    /// The store; made, if need be.
    pub fn open(&self) -> Store {
        match self {
            Self::InMemory(database) => database.store(Arc::new(Observer)),
            _ => Store::migrate(&self.at()).expect("a store"),
        }
    }

    /// Whether it is there still when nobody has it open.
    pub const fn lasts(&self) -> bool {
        !matches!(self, Self::InMemory(_))
    }

    /// Gives it the schema number of another program version.
    pub fn set_schema(&self, number: i64) {
        match self {
            Self::Sqlite(dir) => {
                let database = rusqlite::Connection::open(dir.path().join("sisan.db"));
                database
                    .and_then(|db| db.pragma_update(None, "user_version", number))
                    .expect("another schema");
            }
            Self::Postgres(database) => database.run(&format!(
                "INSERT INTO schema_version (version, digest) VALUES ({number}, 0)"
            )),
            Self::InMemory(_) => panic!("it has no other"),
        }
    }

    /// Makes it look as if another version of the program had made it, before the first release.
    pub fn set_other_schema(&self) {
        match self {
            Self::Sqlite(dir) => {
                let database = rusqlite::Connection::open(dir.path().join("sisan.db"));
                database
                    .and_then(|db| db.pragma_update(None, "application_id", 7))
                    .expect("another schema");
            }
            Self::Postgres(database) => database.run("UPDATE schema_version SET digest = 7"),
            Self::InMemory(_) => panic!("it has no other"),
        }
    }
}

pub fn day(n: i32) -> LocalDay {
    LocalDay::from_number(20_000 + n)
}

fn order(n: u32) -> Order {
    Order {
        time: Timestamp::from_micros(i64::from(n)),
        id: format!("e{n}").into(),
        source: "/boss".into(),
    }
}

/// A subscriber that has joined its group.
pub fn line(n: u32) -> (EntityKey, Entity) {
    let key = EntityKey::Subscriber(SubscriberId::parse(&format!("139{n:08}")).expect("an id"));
    let mut entity = Entity::Subscriber(SubscriberTimeline::default());
    join(&key, &mut entity, n);
    (key, entity)
}

/// The subscriber joins its group as event `n`.
pub fn join(key: &EntityKey, entity: &mut Entity, n: u32) {
    let (EntityKey::Subscriber(id), Entity::Subscriber(timeline)) = (key, entity) else {
        panic!("{key:?} is no line")
    };
    let joined = Membership {
        subscriber_id: id.clone(),
        group_id: GroupId::parse("G1").expect("an id"),
        change: MemberChangeKind::Joined,
        role: Role::Member,
        locked: false,
        population: Population::Group,
    };
    timeline.put_membership(order(n), joined);
}

/// The events by which a subscriber has joined, which its timeline shows in its own words.
pub fn joined(timeline: Option<&Entity>) -> BTreeSet<u32> {
    let text = format!("{timeline:?}");
    let ids = text
        .split("\"e")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    ids.filter_map(|id| id.parse().ok()).collect()
}

/// The identity of the event by which subscriber `n` has joined.
pub fn identity(n: u32) -> (u128, Identity) {
    let (went_to, _) = line(n);
    let digest = sisan::domain::identity::identity_digest("/boss", &n.to_string());
    (
        digest,
        Identity {
            day: day((n % 40) as i32),
            meaning: u64::from(n),
            went_to,
        },
    )
}

/// Commits subscribers `first..last`, their identities, and one member for each.
pub fn commit(store: &Store, first: u32, last: u32) {
    let group = GroupId::parse("G1").expect("an id");
    let mut staged = Staged::default();
    staged.add_identities(&(first..last).map(identity).collect::<Vec<_>>(), Vec::new());
    let mut counts = Counts::default();
    counts.add(Counter::Members, i64::from(last - first));
    staged.delta.counters = vec![(group, day(0), counts)];
    store
        .write_batch("commit", |tx| -> Result<(), StoreError> {
            save(tx, &mut staged, (first..last).map(line).collect())?;
            tx.stage(&staged)?;
            tx.save(&staged)
        })
        .expect("a commit");
}

/// Commits what is staged, and applies what is queued of it.
pub fn apply_staged(store: &Store, staged: &Staged) {
    let saved = store.write_batch("commit", |tx| -> Result<(), StoreError> {
        tx.stage(staged)?;
        tx.save(staged)
    });
    saved.expect("a commit");
    if store.is_shared() {
        store
            .write_tx("apply", |tx| tx.take_deltas(100))
            .expect("what was queued");
    }
}

/// Stages timelines as they are.
pub fn save(
    tx: &Tx<'_>,
    staged: &mut Staged,
    timelines: Vec<(EntityKey, Entity)>,
) -> Result<(), StoreError> {
    tx.update_timelines(staged, timelines, |_, entity, saved, _: &mut ()| {
        *entity = saved
    })
    .map(drop)
}

/// Asserts that exactly the subscribers `0..last` are there.
pub fn assert_holds(store: &Store, last: u32) {
    store
        .read_tx("read", |tx| {
            let group = GroupId::parse("G1").expect("an id");
            // First, while nothing is in memory yet of a store that was just opened.
            let mut alone = tx.series_of(&group)?;
            for n in [0, last / 2, last - 1] {
                let (key, expected) = line(n);
                assert_eq!(tx.timelines(&[key])?, [Some(expected)], "line {n}");
            }
            let known = tx.known((0..=last).map(|n| identity(n).0).collect())?;
            assert_eq!(known.identities, (0..last).map(identity).collect());
            let mut series = tx.series()?;
            let queued = tx.queued_deltas()?;
            let counters = queued.iter().flat_map(|delta| &delta.counters);
            counters
                .clone()
                .for_each(|(group, day, counts)| add_to_group(&mut series, group, *day, counts));
            counters
                .filter(|(of, ..)| *of == group)
                .for_each(|(_, day, counts)| alone.add(*day, counts));
            assert_eq!(series[&group], alone);
            assert_eq!(
                series[&group].counts(),
                [DayCount {
                    day: day(0),
                    counter: Counter::Members,
                    n: Sum::from_exact(i128::from(last))
                }]
            );
            Ok(())
        })
        .expect("a read");
}
