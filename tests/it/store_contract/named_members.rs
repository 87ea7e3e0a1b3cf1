//! Members that alerts have named: who of them was kept.

use sisan::domain::alert::AlertId;
use sisan::domain::entity::{Entity, EntityKey};
use sisan::domain::ids::{GroupId, ManagerId, SubscriberId};
use sisan::domain::local_day::{Month, Timestamp};
use sisan::domain::named_member::NamedMember;
use sisan::domain::zone::Zone;
use sisan::pipeline::{ended_named_members, settle_named_members};
use sisan::store::{Staged, Store};

use super::promises::promises;
use crate::store_fixture::{StoreFixture, line, save};

promises! {
    [
        who_was_kept_of_named_members_is_told_by_timelines_until_it_is_settled;
    ]
}

fn put_timelines(store: &Store, timelines: Vec<(EntityKey, Entity)>) {
    let put = store.write_batch("commit", |tx| {
        let mut staged = Staged::default();
        save(tx, &mut staged, timelines)?;
        tx.stage(&staged)?;
        tx.save(&staged)
    });
    put.expect("timelines");
}

/// Whose 30 days have ended at `now`, by the alert, and whether each was kept.
fn kept(store: &Store, now: Timestamp) -> Vec<(String, bool)> {
    let zone = Zone::parse("Asia/Shanghai").expect("a zone");
    let ended = store
        .read_tx("read", |tx| {
            ended_named_members(tx, Month::from_year_month(1970, 1), zone, now)
        })
        .expect("a read");
    ended
        .into_iter()
        .map(|(one, kept)| (one.alert_id.to_string(), kept))
        .collect()
}

fn expected(all: &[(&str, bool)]) -> Vec<(String, bool)> {
    all.iter()
        .map(|(id, kept)| ((*id).to_owned(), *kept))
        .collect()
}

fn who_was_kept_of_named_members_is_told_by_timelines_until_it_is_settled(fixture: &StoreFixture) {
    let store = fixture.open();
    let at = Timestamp::from_micros;
    // Each joins as its number: subscriber 3 before the end of its 30 days, subscriber 9 after it;
    // subscriber 5 is not known at all.
    let named = |n: u32, ends_at: i64| NamedMember {
        alert_id: AlertId::new(format!("A{n}")),
        subscriber_id: SubscriberId::parse(&format!("139{n:08}")).expect("an id"),
        group_id: GroupId::parse("G1").expect("an id"),
        manager_id: (n != 5).then(|| ManagerId::parse("M1").expect("an id")),
        ends_at: at(ends_at),
        kept: None,
    };
    let all = [named(3, 6), named(5, 7), named(9, 8)];
    put_timelines(&store, vec![line(3), line(9)]);
    let note = || {
        store
            .write_tx("note", |tx| {
                all.iter().try_for_each(|one| tx.insert_named_member(one))
            })
            .expect("noted")
    };
    note();
    note();
    let kept = |now| kept(&store, at(now));
    let of_timelines = expected(&[("A3", true), ("A5", false), ("A9", false)]);
    assert_eq!(kept(9), of_timelines);
    let ended = expected(&[("A3", true)]);
    assert_eq!(kept(6), ended, "whose 30 days have ended");
    store
        .write_tx("settle", |tx| settle_named_members(tx, at(7)))
        .expect("settled");
    assert_eq!(
        store
            .read_tx("read", |tx| tx.unsettled_named_members(at(99)))
            .expect("a read"),
        all[1..],
        "before that only"
    );
    // The timeline of subscriber 3 is emptied, as by folding: what was settled stays. Subscriber 5
    // is known now, and is not settled yet.
    let (key, _) = line(3);
    let forgotten = Entity::empty(&key).expect("a line");
    put_timelines(&store, vec![(key, forgotten)]);
    put_timelines(&store, vec![line(5)]);
    let with_settled = expected(&[("A3", true), ("A5", true), ("A9", false)]);
    assert_eq!(kept(9), with_settled);
    let read = store
        .read_tx("read", |tx| tx.named_members(at(6), at(8)))
        .expect("a read");
    assert_eq!(
        read,
        [
            NamedMember {
                kept: Some(true),
                ..all[0].clone()
            },
            all[1].clone()
        ],
        "of the interval that is asked for"
    );
}
