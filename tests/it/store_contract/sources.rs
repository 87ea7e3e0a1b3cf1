//! The position of each partition and file, and which worker may advance it.

use sisan::domain::pause::{Pause, PauseCause};
use sisan::domain::source_state::SourceState;
use sisan::store::{Advance, FileMarks, SourceRow, Store, StoreError, TakenOver};

use super::promises::promises;
use crate::store_fixture::StoreFixture;

promises! {
    [
        a_worker_that_was_taken_over_can_commit_no_more;
        a_file_stands_as_the_last_batch_says_and_begins_anew_when_that_was_asked_for;
    ]
}

fn take_over(store: &Store) -> TakenOver {
    store
        .write_batch("take over", |tx| tx.take_over("boss-0"))
        .expect("a take-over")
}

fn advance(store: &Store, to: &Advance) -> Result<bool, StoreError> {
    store.write_batch("commit", |tx| tx.advance(to))
}

fn row(store: &Store) -> SourceRow {
    store
        .read_tx("read", |tx| tx.sources())
        .expect("a read")
        .remove(0)
}

fn of_partition(epoch: u64, next_position: u64, applied: u64) -> Advance {
    Advance {
        name: "boss-0".to_owned(),
        epoch,
        next_position,
        applied,
        ..Advance::default()
    }
}

fn a_worker_that_was_taken_over_can_commit_no_more(fixture: &StoreFixture) {
    let store = fixture.open();
    let (first, second) = (take_over(&store), take_over(&store));
    assert_eq!(
        (first.epoch, first.next_position, second.epoch),
        (1, None, 2)
    );
    let fenced = advance(&store, &of_partition(1, 5, 5));
    assert!(matches!(
        fenced,
        Err(StoreError::Fenced {
            found: 2,
            held: 1,
            ..
        })
    ));
    advance(&store, &of_partition(2, 5, 5)).expect("its own epoch");
    let twice = advance(&store, &of_partition(2, 5, 5));
    assert!(
        matches!(twice, Err(StoreError::NotContiguous { at: 5, .. })),
        "the same offsets again"
    );
    let gap = advance(&store, &of_partition(2, 9, 2));
    assert!(
        matches!(gap, Err(StoreError::NotContiguous { from: 7, at: 5, .. })),
        "two offsets were left out"
    );
    its_digest_and_its_lag_are_known(&store);
}

/// The digest of the message before the next offset is kept while batches do not move the offset;
/// the lag is known at once.
fn its_digest_and_its_lag_are_known(store: &Store) {
    let digest = |digest, next, applied| Advance {
        last_digest: digest,
        ..of_partition(2, next, applied)
    };
    store
        .write_batch("commit", |tx| {
            tx.advance(&digest(Some(7), 6, 1))
                .and_then(|_| tx.advance(&digest(None, 6, 0)))
        })
        .expect("an unchanged pause");
    store
        .write_batch("take over", |tx| {
            tx.take_over("boss-0").and_then(|_| tx.set_lag("boss-0", 9))
        })
        .expect("a take-over");
    let behind = store
        .read_tx("read", |tx| tx.sources_behind())
        .expect("a read")
        .remove(0);
    assert_eq!(
        (behind.last_digest, behind.lag, behind.epoch),
        (Some(7), 9, 3)
    );
    let moved = Advance {
        epoch: 3,
        ..digest(None, 7, 1)
    };
    advance(store, &moved).expect("a batch");
    assert_eq!(row(store).last_digest, None, "of the message now before it");
}

const MARKS: FileMarks = FileMarks {
    first_digest: Some(u64::MAX),
    stamp: Some(7),
    accept_asked: 0,
    accept_done: 0,
};

fn of_file(next_position: u64, applied: u64) -> Advance {
    Advance {
        name: "a.jsonl".to_owned(),
        next_position,
        next_byte: next_position * 10,
        applied,
        replaced_characters: 1,
        last_digest: Some(u64::MAX - 1),
        file: Some(MARKS),
        ..Advance::default()
    }
}

fn accept(store: &Store, name: &str) -> bool {
    store
        .write_tx("accept", |tx| tx.accept_file(name))
        .expect("a request")
}

fn a_file_stands_as_the_last_batch_says_and_begins_anew_when_that_was_asked_for(
    fixture: &StoreFixture,
) {
    let store = fixture.open();
    // A blank line is passed without a delivery.
    assert!(!advance(&store, &of_file(6, 5)).expect("a first batch"));
    a_pause_is_told_when_it_begins_and_when_its_reason_changes(&store);
    assert!(
        matches!(
            advance(&store, &of_file(6, 1)),
            Err(StoreError::NotContiguous { .. })
        ),
        "the same line again"
    );

    an_accepted_file_begins_anew(&store);
    // Rejections of before are listed still; retried, they are counted no more.
    store
        .write_tx("retry", |tx| tx.move_rejected("a.jsonl", 1, 0, 0))
        .expect("a retry");
    store
        .write_tx("retry", |tx| tx.move_rejected("a.jsonl", 1, 0, 0))
        .expect("a retry of one of before");
    assert_eq!((row(&store).applied, row(&store).rejected), (3, 0));

    take_over(&store);
    let is_file = |name: &str| {
        store
            .read_tx("read", |tx| tx.is_file(name))
            .expect("a read")
    };
    assert_eq!(
        (is_file("a.jsonl"), is_file("boss-0"), is_file("c")),
        (Some(true), Some(false), None)
    );
    assert!(!accept(&store, "boss-0"));
}

fn a_pause_is_told_when_it_begins_and_when_its_reason_changes(store: &Store) {
    let of = |reason: &str| Pause {
        cause: PauseCause::FileReplaced,
        reason: reason.to_owned(),
    };
    let paused = |reason: &str| Advance {
        state: SourceState::Paused(of(reason)),
        lag: 3,
        ..of_file(6, 0)
    };
    assert!(
        advance(store, &paused("E_X: why")).expect("a pause"),
        "it is paused by this"
    );
    assert!(
        !advance(store, &paused("E_X: why")).expect("the same"),
        "it was before"
    );
    assert!(advance(store, &paused("E_Y: why")).expect("another reason"));
    let paused = vec![("a.jsonl".to_owned(), "E_Y: why".to_owned())];
    assert_eq!(
        store
            .read_tx("read", |tx| tx.sources_paused())
            .expect("a read"),
        paused
    );
    assert_eq!(
        store
            .read_tx("read", |tx| tx.sources_behind())
            .expect("a read"),
        [row(store)]
    );
    let stored = store
        .read_tx("read", |tx| tx.files())
        .expect("a read")
        .remove(0);
    assert_eq!(
        (stored.next_position, stored.next_byte, stored.read_digest),
        (6, 60, Some(u64::MAX - 1))
    );
    assert_eq!((stored.paused, stored.marks), (Some(of("E_Y: why")), MARKS));
    assert_eq!(row(store).state, SourceState::Paused(of("E_Y: why")));
}

fn an_accepted_file_begins_anew(store: &Store) {
    assert!(accept(store, "a.jsonl") && accept(store, "a.jsonl") && !accept(store, "b.jsonl"));
    let accepted = || {
        store
            .read_tx("read", |tx| tx.files_accepted())
            .expect("a read")
    };
    assert_eq!(accepted(), [("a.jsonl".to_owned(), 2)]);
    let before = row(store);
    assert_eq!(
        (before.next_position, before.applied),
        (6, 5),
        "whoever reads it begins anew"
    );
    let anew = Advance {
        file: Some(FileMarks {
            accept_done: 2,
            ..MARKS
        }),
        state: SourceState::Done,
        rejected: 1,
        ..of_file(3, 2)
    };
    assert!(!advance(store, &anew).expect("a batch from the beginning"));
    let after = row(store);
    assert_eq!(
        (
            after.next_position,
            after.applied,
            after.rejected,
            after.replaced_characters
        ),
        (3, 2, 1, 1)
    );
    assert_eq!(
        (
            after.state,
            after
                .file
                .map(|marks| (marks.accept_asked, marks.accept_done))
        ),
        (SourceState::Done, Some((2, 2)))
    );
    assert!(accepted().is_empty());
}
