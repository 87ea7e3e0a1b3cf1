//! A store in a file becomes one on a server.

use sisan::domain::complaints::{ComplaintCounts, ComplaintsOf};
use sisan::domain::entity::EntityKey;
use sisan::domain::ids::{ComplaintId, GroupId};
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::store::{SourceRow, Staged, Store, StoreError, copy};

use crate::store_fixture::{StoreFixture, assert_holds, commit, identity};

const INSTANT: Timestamp = Timestamp::from_micros(7);

fn complaint() -> EntityKey {
    EntityKey::Complaint(ComplaintId::parse("C1").expect("an id"))
}

/// 20,000 subscribers, two retractions, a complaint that is counted and is to be judged, and a
/// closing.
fn fill(from: &Store) {
    from.write_tx("take over", |tx| tx.take_over("boss-0"))
        .expect("a take-over");
    for first in (0..20_000).step_by(5_000) {
        commit(from, first, first + 5_000);
    }
    let mut staged = Staged::default();
    staged.add_retractions(vec![identity(7).0, identity(30_000).0]);
    let of = ComplaintsOf {
        day: LocalDay::from_number(1),
        group_id: GroupId::parse("G1").expect("an id"),
        category: "网络".into(),
    };
    staged.delta.complaints.push((of, 4));
    staged.delta.signal_checks.push((complaint(), INSTANT));
    from.write_tx("retract", |tx| {
        tx.stage(&staged).and_then(|()| tx.save(&staged))
    })
    .expect("retractions");
    from.write_tx("close", |tx| tx.close_before(INSTANT))
        .expect("a closing");
}

fn source(store: &Store) -> SourceRow {
    store
        .read_tx("read", |tx| tx.sources())
        .expect("a read")
        .remove(0)
}

/// A store in a file becomes one on a server: the same is known, under new epochs, and nothing is
/// written over.
#[test]
fn a_store_that_is_copied_holds_the_same() {
    let (file, server) = (StoreFixture::sqlite(), StoreFixture::postgres());
    let from = file.open();
    fill(&from);
    let from = {
        drop(from);
        file.open().lock().expect("a lock")
    };
    let to = server.open();
    let copied = copy(&from, &to, &mut |_, _| {}).expect("a copy");
    assert_eq!((copied.timelines, copied.identities), (20_000, 20_000));
    assert_holds(&to, 20_000);
    let (come, to_come) = (identity(7).0, identity(30_000).0);
    let known = to
        .read_tx("read", |tx| tx.known(vec![come, to_come]))
        .expect("a read");
    assert!(known.identities.contains_key(&come) && known.retracted.contains(&to_come));
    assert_eq!(
        to.read_tx("read", |tx| tx.lateness_policy())
            .expect("a read")
            .closed_before,
        Some(INSTANT)
    );
    let complaints = |store: &Store| store.read_tx("read", |tx| tx.complaints()).expect("a read");
    assert_eq!(complaints(&to), complaints(&from));
    assert_ne!(complaints(&to), ComplaintCounts::default());
    assert_eq!(
        to.write_tx("take", |tx| tx.take_signal_checks(INSTANT))
            .expect("a read"),
        [complaint()]
    );
    assert_eq!(source(&to).epoch, source(&from).epoch + 1);
    commit(&to, 20_000, 20_100);
    assert_holds(&to, 20_100);
    assert!(matches!(
        copy(&from, &to, &mut |_, _| {}),
        Err(StoreError::NotEmpty)
    ));
    assert!(matches!(
        copy(&to, &from, &mut |_, _| {}),
        Err(StoreError::CopyWay)
    ));
}
