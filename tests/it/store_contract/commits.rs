//! A commit is there as a whole or not at all, and a store of another schema is refused.

use sisan::domain::local_day::Timestamp;
use sisan::store::{Setting, Staged, Store, StoreError};

use super::promises::promises;
use crate::store_fixture::{StoreFixture, assert_holds, commit, identity, line, save};

promises! {
    [
        what_was_committed_is_there_after_opening_anew;
        identities_of_closed_days_are_forgotten_and_no_others;
        a_transaction_that_fails_leaves_nothing_behind;
        a_retraction_is_known_whether_it_comes_before_or_after_its_target;
        what_is_read_under_other_bounds_is_known_by_their_number;
    ]
    of_what_lasts: [
        a_schema_that_is_not_known_is_refused;
        a_store_of_another_version_before_the_first_release_is_refused;
    ]
}

fn what_was_committed_is_there_after_opening_anew(fixture: &StoreFixture) {
    let mut last = 0;
    for next in [1, 700, 701, 5_000] {
        let store = fixture.open();
        commit(&store, last, next);
        assert_holds(&store, next);
        drop(store);
        assert_holds(&fixture.open(), next);
        last = next;
    }
}

fn identities_of_closed_days_are_forgotten_and_no_others(fixture: &StoreFixture) {
    let store = fixture.open();
    commit(&store, 0, 1_000);
    let border = identity(500).1.day;
    let (kept, old): (Vec<_>, Vec<_>) = (0..1_000)
        .map(identity)
        .partition(|(_, known)| known.day >= border);
    let forgotten = store
        .write_tx("close", |tx| tx.forget_identities_before(border, &|| false))
        .expect("a closing");
    assert_eq!(forgotten as usize, old.len());
    let known = store
        .read_tx("read", |tx| {
            tx.known((0..1_000).map(|n| identity(n).0).collect())
        })
        .expect("a read");
    assert_eq!(known.identities, kept.into_iter().collect());
    assert_eq!(
        store
            .read_tx("read", |tx| tx.timelines(&[line(3).0]))
            .expect("a read"),
        [Some(line(3).1)],
        "timelines stay"
    );
}

fn a_transaction_that_fails_leaves_nothing_behind(fixture: &StoreFixture) {
    let store = fixture.open();
    commit(&store, 0, 10);
    let failed = store.write_tx("fail", |tx| -> Result<(), StoreError> {
        let mut staged = Staged::default();
        staged.add_identities(&(10..20).map(identity).collect::<Vec<_>>(), Vec::new());
        save(tx, &mut staged, (10..20).map(line).collect())?;
        tx.stage(&staged)?;
        tx.save(&staged)?;
        tx.set(Setting::EventClock, 7)?;
        Err(StoreError::Damaged {
            what: "a test",
            detail: "on purpose".to_owned(),
        })
    });
    assert!(failed.is_err());
    assert_holds(&store, 10);
    assert_eq!(
        store
            .read_tx("read", |tx| tx.setting(Setting::EventClock))
            .expect("a read"),
        None
    );
    commit(&store, 10, 20);
    assert_holds(&store, 20);
}

fn a_schema_that_is_not_known_is_refused(fixture: &StoreFixture) {
    drop(fixture.open());
    fixture.set_schema(99);
    for opened in [Store::open(&fixture.at()), Store::migrate(&fixture.at())] {
        assert!(
            matches!(opened, Err(StoreError::Schema { found: 99, .. })),
            "{opened:?}"
        );
    }
}

fn a_store_of_another_version_before_the_first_release_is_refused(fixture: &StoreFixture) {
    drop(fixture.open());
    fixture.set_other_schema();
    for opened in [Store::open(&fixture.at()), Store::migrate(&fixture.at())] {
        assert!(
            matches!(opened, Err(StoreError::OtherSchema { number: 1 })),
            "{opened:?}"
        );
    }
}

fn a_retraction_is_known_whether_it_comes_before_or_after_its_target(fixture: &StoreFixture) {
    let store = fixture.open();
    let (before, target) = (identity(1), identity(2));
    let save_batch = |identities: &[(u128, _)], retracted: Vec<u128>, retractions: Vec<u128>| {
        let mut staged = Staged::default();
        staged.add_identities(identities, retracted);
        staged.add_retractions(retractions);
        store.write_batch("commit", |tx| {
            tx.stage(&staged).and_then(|()| tx.save(&staged))
        })
    };
    let known = || {
        store
            .read_tx("read", |tx| tx.known(vec![before.0, target.0]))
            .expect("a read")
    };
    save_batch(std::slice::from_ref(&before), Vec::new(), vec![target.0])
        .expect("a retraction before its target");
    assert_eq!(
        (
            known().identities.len(),
            known().retracted.into_iter().collect::<Vec<_>>()
        ),
        (1, vec![target.0])
    );
    save_batch(std::slice::from_ref(&target), vec![target.0], Vec::new()).expect("the target");
    assert_eq!(
        known().identities,
        [before.clone(), target.clone()].into_iter().collect()
    );
    drop(fixture.open());
}

fn what_is_read_under_other_bounds_is_known_by_their_number(fixture: &StoreFixture) {
    let store = fixture.open();
    let policy = || {
        store
            .read_tx("read", |tx| tx.lateness_policy())
            .expect("the policy")
    };
    let (first, instant) = (policy(), Timestamp::from_micros(7));
    assert!(first.loading.first && first.closed_before.is_none());
    store
        .write_tx("close", |tx| tx.close_before(instant))
        .expect("a closing");
    let closed = policy();
    assert_eq!(closed.closed_before, Some(instant));
    assert_ne!(first, closed);
    store
        .write_tx("load", |tx| tx.begin_loading("/boss"))
        .expect("a load");
    assert!(policy().loading.sources.contains("/boss") && policy() != closed);
    store
        .write_tx("loaded", |tx| tx.end_loading())
        .expect("the end of the load");
    assert!(!policy().loading.is_on());
    if store.is_shared() {
        let kept = store.write_batch("commit", |tx| tx.share_lateness_policy(&first));
        assert!(matches!(kept, Err(StoreError::Conflict { .. })), "{kept:?}");
        let now = policy();
        store
            .write_batch("commit", |tx| tx.share_lateness_policy(&now))
            .expect("the policy of now");
    }
}
