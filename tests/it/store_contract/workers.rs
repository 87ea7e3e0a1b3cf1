//! Several workers at once on one server.

use std::collections::BTreeSet;

use sisan::domain::counters::Counter;
use sisan::domain::delta::Delta;
use sisan::store::{Advance, Staged, StoreError};

use crate::store_fixture::{StoreFixture, assert_holds, commit, identity, line};

/// A worker that commits while its partition is being taken over waits for that transaction, and
/// then gets `Fenced`.
#[test]
fn whoever_is_being_taken_over_waits_and_is_told() {
    let fixture = StoreFixture::postgres();
    let (old, new) = (fixture.open(), fixture.open());
    let first = old
        .write_batch("take over", |tx| tx.take_over("boss-0"))
        .expect("a take-over");
    let (sender, asked) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let late = new
            .write_batch("take over", |tx| -> Result<_, StoreError> {
                tx.take_over("boss-0")?;
                let late = scope.spawn(|| {
                    old.write_batch("commit", |tx| {
                        sender.send(()).expect("somebody waits");
                        let moved = Advance {
                            name: "boss-0".to_owned(),
                            epoch: first.epoch,
                            next_position: 5,
                            applied: 5,
                            ..Advance::default()
                        };
                        tx.advance(&moved)
                    })
                });
                asked.recv().expect("it has begun");
                Ok(late)
            })
            .expect("a take-over");
        let late = late.join().expect("the worker of before");
        assert!(
            matches!(
                late,
                Err(StoreError::Fenced {
                    found: 2,
                    held: 1,
                    ..
                })
            ),
            "{late:?}"
        );
    });
}

/// Workers that commit at once, each its own subscribers, have all of them counted, and whoever
/// takes their sums in takes each of them once.
#[test]
fn what_many_workers_add_at_once_is_taken_in_once() {
    let fixture = StoreFixture::postgres();
    drop(fixture.open());
    let (workers, batches, lines) = (4, 10, 50);
    let mut seen = Delta::default();
    std::thread::scope(|scope| {
        let fixture = &fixture;
        for worker in 0..workers {
            scope.spawn(move || {
                let store = fixture.open();
                let first = worker * batches * lines;
                (0..batches).for_each(|batch| {
                    commit(&store, first + batch * lines, first + (batch + 1) * lines)
                });
            });
        }
        let leader = fixture.open();
        while seen
            .counters
            .iter()
            .map(|(.., counts)| counts.get(Counter::Members))
            .sum::<i64>()
            < i64::from(workers * batches * lines)
        {
            let taken = leader
                .write_tx("apply", |tx| tx.take_deltas(7))
                .expect("deltas");
            taken
                .into_iter()
                .for_each(|delta| seen.counters.extend(delta.counters));
        }
    });
    assert_holds(&fixture.open(), workers * batches * lines);
}

/// Workers that are given the same events at once: one commits them, the others get a commit
/// conflict (`StoreError::Conflict`) and must read again.
#[test]
fn of_two_workers_with_the_same_events_one_commits_them() {
    let fixture = StoreFixture::postgres();
    drop(fixture.open());
    let outcomes: Vec<Result<(), StoreError>> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let store = fixture.open();
                    let mut staged = Staged::default();
                    staged
                        .add_identities(&(0..2_000).map(identity).collect::<Vec<_>>(), Vec::new());
                    store.write_batch("commit", |tx| tx.save(&staged))
                })
            })
            .collect();
        workers
            .into_iter()
            .map(|worker| worker.join().expect("a worker"))
            .collect()
    });
    let committed = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    let conflicts = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(StoreError::Conflict { .. })))
        .count();
    assert_eq!((committed, conflicts), (1, 3), "{outcomes:?}");
}

/// Two workers that change the same subscribers at once, in any order: each change is made on what
/// the other left.
#[test]
fn what_two_workers_do_to_the_same_lines_at_once_adds_up() {
    let fixture = StoreFixture::postgres();
    drop(fixture.open());
    let (workers, rounds, lines) = (4_u32, 8_u32, 300_u32);
    std::thread::scope(|scope| {
        for worker in 0..workers {
            let fixture = &fixture;
            scope.spawn(move || {
                let store = fixture.open();
                for round in 0..rounds {
                    let mut keys: Vec<_> = (0..lines).map(|n| (line(n).0, ())).collect();
                    if worker % 2 == 1 {
                        keys.reverse();
                    }
                    let joins = |key: &_, entity: &mut _, (), _: &mut ()| {
                        crate::store_fixture::join(key, entity, worker * rounds + round)
                    };
                    loop {
                        let mut staged = Staged::default();
                        let done = store.write_batch("commit", |tx| {
                            tx.update_timelines(&mut staged, keys.clone(), joins)?;
                            tx.save(&staged)
                        });
                        match done {
                            Err(StoreError::Conflict { .. }) => {}
                            done => break done.expect("a commit"),
                        }
                    }
                }
            });
        }
    });
    let keys: Vec<_> = (0..lines).map(|n| line(n).0).collect();
    let timelines = fixture
        .open()
        .read_tx("read", |tx| tx.timelines(&keys))
        .expect("a read");
    for timeline in timelines {
        assert_eq!(
            crate::store_fixture::joined(timeline.as_ref()),
            (0..workers * rounds).collect::<BTreeSet<u32>>()
        );
    }
}

#[test]
fn what_a_server_says_of_a_row_is_not_repeated() {
    let (fixture, source) = (StoreFixture::postgres(), "/boss/13800000001");
    let store = fixture.open();
    // A row that the server refuses: it would show it whole.
    let run = |sql: &str| match &fixture {
        StoreFixture::Postgres(database) => database.run(sql),
        _ => panic!("it is on a server"),
    };
    run("ALTER TABLE loading_source ADD CONSTRAINT named CHECK (source = '')");
    let refused = store
        .write_tx("begin a load", |tx| tx.begin_loading(source))
        .expect_err("a row that is refused");
    let said = format!("{:#}", anyhow::Error::from(refused));
    assert!(
        said.contains("23514") && said.contains("loading_source") && !said.contains("138"),
        "{said}"
    );
}
