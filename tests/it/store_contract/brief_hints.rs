//! The hints from which daily briefs are made.

use sisan::domain::brief::ChangeKind;
use sisan::domain::brief_hint::{BatchHints, BriefHint, Subject};
use sisan::domain::ids::{ComplaintId, GroupId, SubscriberId};
use sisan::domain::local_day::Timestamp;
use sisan::store::{Staged, Store};

use super::promises::promises;
use crate::store_fixture::{StoreFixture, apply_staged};

promises! {
    [
        hints_are_read_once_in_order_and_their_numbers_are_never_given_again;
    ]
}

fn at(hours: i64) -> Timestamp {
    Timestamp::from_micros(hours * 3_600_000_000)
}

fn group() -> GroupId {
    GroupId::parse("G1").expect("an id")
}

/// The hints of the group in the span of the brief that was begun last, in its order.
fn pending_hints(store: &Store) -> Vec<(Subject, Timestamp)> {
    let span = store
        .read_tx("read", |tx| tx.brief_span())
        .expect("a read")
        .expect("a span");
    let mut all = store
        .read_tx("read", |tx| {
            tx.brief_hints(span.after_hint, span.last_brief_hint)
        })
        .expect("brief_hint");
    let hints = all.remove(&group()).unwrap_or_default();
    hints
        .in_order()
        .into_iter()
        .map(|(subject, from)| (subject.clone(), from))
        .collect()
}

fn hints_are_read_once_in_order_and_their_numbers_are_never_given_again(fixture: &StoreFixture) {
    let store = fixture.open();
    let batch = |hours, subject, kind| {
        let mut staged = Staged::default();
        let hint = BriefHint {
            group_id: group(),
            subject,
            from: at(hours),
            kind,
        };
        staged.delta.hints = BatchHints::new(at(hours), vec![hint], Vec::new(), 10);
        apply_staged(&store, &staged);
    };
    let subscriber = |id: &str| Subject::Subscriber(SubscriberId::parse(id).expect("an id"));
    let complaint = Subject::Complaint(ComplaintId::parse("C1").expect("an id"));
    let begin = |hours| {
        store
            .write_tx("begin briefs", |tx| tx.begin_briefs(at(hours)))
            .expect("briefs")
    };
    let pending_hints = || pending_hints(&store);

    batch(100, subscriber("1"), ChangeKind::Joined);
    batch(130, complaint.clone(), ChangeKind::ComplaintFiled);
    batch(140, subscriber("2"), ChangeKind::Joined);
    let first = begin(150).expect("the first");
    assert_eq!(
        (first.since, first.until),
        (at(126), at(150)),
        "the first looks a day back"
    );
    assert_eq!(
        pending_hints(),
        [(complaint.clone(), at(130)), (subscriber("2"), at(140))]
    );
    batch(160, subscriber("3"), ChangeKind::Restored);
    assert_eq!(begin(150), Some(first), "what was begun stays as it is");
    let second = begin(174).expect("the second");
    assert_eq!(
        (second.since, second.after_hint),
        (first.until, first.last_brief_hint)
    );
    assert_eq!(
        pending_hints(),
        [(complaint, Timestamp::MAX), (subscriber("3"), at(160))],
        "a complaint may still be open"
    );
    assert_eq!(begin(173), None, "later ones were begun");

    assert_eq!(
        store
            .write_tx("forget", |tx| tx.forget_brief_hints_before(Timestamp::MAX))
            .expect("a forgetting"),
        3
    );
    batch(180, subscriber("4"), ChangeKind::Joined);
    begin(198);
    assert_eq!(
        pending_hints(),
        [(subscriber("4"), at(180))],
        "no number is given twice"
    );
}
