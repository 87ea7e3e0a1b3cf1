//! Figures add up over batches, and what is to be judged by them is taken once.

use sisan::domain::complaints::{ComplaintCounts, ComplaintsOf};
use sisan::domain::counters::Counter;
use sisan::domain::entity::EntityKey;
use sisan::domain::ids::{ComplaintId, GroupId, SubscriberId, SurveyId};
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::store::{Staged, Store};

use super::promises::promises;
use crate::store_fixture::{StoreFixture, apply_staged, day};

promises! {
    [
        what_is_to_be_judged_is_taken_once_lines_at_their_last_time_and_complaints_at_their_first;
        complaints_of_a_category_add_up;
        counters_of_one_group_are_those_that_all_have_of_it;
    ]
}

fn counters_of_one_group_are_those_that_all_have_of_it(fixture: &StoreFixture) {
    use sisan::domain::counters::Counts;
    let store = fixture.open();
    let group = |n: u32| GroupId::parse(&format!("G{n}")).expect("an id");
    for round in 0..7 {
        let mut staged = Staged::default();
        let counted = |n: u32| {
            let mut counts = Counts::default();
            counts.add(Counter::Members, i64::from(n + round + 1));
            (group(n % 40), day((n * 31 + round) as i32 % 900), counts)
        };
        staged.delta.counters = (0..400).map(counted).collect();
        apply_staged(&store, &staged);
    }
    let assert_same = |store: &Store| {
        let all = store.read_tx("read", |tx| tx.series()).expect("counters");
        for n in [0, 7, 39] {
            let of_one = store
                .read_tx("read", |tx| tx.series_of(&group(n)))
                .expect("counters");
            assert!(!of_one.counts().is_empty());
            assert_eq!(Some(&of_one), all.get(&group(n)), "G{n}");
        }
        assert!(
            store
                .read_tx("read", |tx| tx.series_of(&group(40)))
                .expect("counters")
                .counts()
                .is_empty()
        );
    };
    assert_same(&store);
    if fixture.lasts() {
        drop(store);
        // Nothing is in memory yet when it is asked for.
        let of_one = fixture
            .open()
            .read_tx("read", |tx| tx.series_of(&group(7)))
            .expect("counters");
        assert!(!of_one.counts().is_empty());
        assert_same(&fixture.open());
    }
}

fn what_is_to_be_judged_is_taken_once_lines_at_their_last_time_and_complaints_at_their_first(
    fixture: &StoreFixture,
) {
    let store = fixture.open();
    let line = |id: &str| EntityKey::Subscriber(SubscriberId::parse(id).expect("an id"));
    let ids = ["13800000002", "13800000001", "13800000003"].map(line);
    let complaint = EntityKey::Complaint(ComplaintId::parse("13800000001").expect("an id"));
    let answer = EntityKey::Survey(SurveyId::parse("S1").expect("an id"));
    let at = Timestamp::from_micros;
    store
        .write_tx("note", |tx| {
            tx.put_signal_checks(&[
                (ids[0].clone(), at(5)),
                (ids[1].clone(), at(5)),
                (ids[2].clone(), at(5)),
                (EntityKey::Reference, at(1)),
            ])?;
            tx.put_signal_checks(&[(complaint.clone(), at(7)), (answer.clone(), at(9))])?;
            tx.put_signal_checks(&[
                (ids[2].clone(), at(9)),
                (ids[1].clone(), at(2)),
                (complaint.clone(), at(6)),
                (complaint.clone(), at(8)),
            ])
        })
        .expect("notes");
    let take = |now| {
        store
            .write_tx("take", |tx| tx.take_signal_checks(at(now)))
            .expect("what to judge")
    };
    assert_eq!(take(5), [ids[1].clone(), ids[0].clone()]);
    assert_eq!(take(6), [complaint]);
    assert_eq!(take(8), []);
    assert_eq!(take(9), [ids[2].clone(), answer]);
}

fn complaints_of_a_category_add_up(fixture: &StoreFixture) {
    let store = fixture.open();
    let of = |category: &str| ComplaintsOf {
        day: LocalDay::from_number(20_000),
        group_id: GroupId::parse("G1").expect("an id"),
        category: category.into(),
    };
    let save = |complaints: Vec<(ComplaintsOf, i64)>| {
        let mut staged = Staged::default();
        staged.delta.complaints = complaints;
        store
            .read_tx("stage", |tx| tx.stage(&staged))
            .expect("room");
        store
            .write_tx("commit", |tx| tx.save(&staged))
            .expect("a commit");
    };
    save(vec![(of("网络"), 2), (of("资费"), 1)]);
    save(vec![(of("网络"), 1), (of("资费"), -1)]);
    if store.is_shared() {
        store
            .write_tx("apply", |tx| tx.take_deltas(10))
            .expect("deltas");
    }
    let known = store
        .read_tx("count", |tx| tx.complaints())
        .expect("counts");
    let mut expected = ComplaintCounts::default();
    expected.add(of("网络"), 3);
    assert_eq!(known, expected);
}
