//! What goes out: mails and the events for others wait until they went, and come once.

use sisan::domain::alert::MailId;
use sisan::domain::local_day::Timestamp;
use sisan::domain::locale::Locale;
use sisan::domain::mail::{Mail, MailDelivery, MailKind, MailState, NEVER};
use sisan::domain::outgoing::OutgoingEvent;
use sisan::notify::retry::after_crash;
use sisan::notify::samples;
use sisan::store::{QueuedMail, Store, StoreError};

use super::promises::promises;
use crate::store_fixture::StoreFixture;

promises! {
    [
        what_others_are_told_waits_until_it_is_written_and_comes_once;
        a_superseded_mail_makes_room_for_what_tells_the_same_anew_and_no_other_does;
        a_claimed_mail_says_whether_it_is_in_flight_and_one_that_is_to_be_repeated_waits;
        a_mail_that_waits_beyond_every_pause_is_brought_forward_and_no_other;
    ]
}

fn sample() -> Mail {
    samples::mail(MailKind::AlertTask, Locale::ZhCn).expect("a sample")
}

/// Queues a mail; whether it was new.
fn queue(store: &Store, mail: &Mail) -> bool {
    store
        .write_tx("queue", |tx| {
            tx.insert_mail(mail, "<m@sisan>", MailState::Queued)
        })
        .expect("a queue")
}

fn queued(store: &Store, id: &MailId) -> QueuedMail {
    store
        .read_tx("read", |tx| tx.mail(id))
        .expect("a read")
        .expect("the mail")
}

fn what_others_are_told_waits_until_it_is_written_and_comes_once(fixture: &StoreFixture) {
    let store = fixture.open();
    let event = |n: i64| OutgoingEvent {
        event_id: format!("T{n}-1"),
        at: Timestamp::from_micros(10 - n),
        body: format!("{{\"n\":{n}}}"),
    };
    let tell = || {
        store
            .write_tx("insert outgoing events", |tx| {
                (1..=3).try_for_each(|n| tx.insert_outgoing_event(&event(n)))
            })
            .expect("inserted")
    };
    let waiting = |most| {
        store
            .read_tx("read", |tx| tx.waiting_outgoing_events(most))
            .expect("a read")
    };
    tell();
    tell();
    assert_eq!(
        waiting(10),
        [event(3), event(2), event(1)],
        "the oldest first"
    );
    assert_eq!(waiting(1), [event(3)]);
    store
        .write_tx("note", |tx| {
            tx.mark_outgoing_events_written(&[event(3), event(1)], Timestamp::from_micros(20))
        })
        .expect("noted");
    tell();
    assert_eq!(waiting(10), [event(2)]);
}

fn a_superseded_mail_makes_room_for_what_tells_the_same_anew_and_no_other_does(
    fixture: &StoreFixture,
) {
    let store = fixture.open();
    let mail = sample();
    let (id, long_ago) = (
        mail.mail_id(),
        mail.queued_at.plus(chrono::TimeDelta::hours(-1)),
    );
    let mut anew = mail.clone();
    (anew.text, anew.queued_at) = (
        "所需资源：无需调用".to_owned(),
        mail.queued_at.plus(chrono::TimeDelta::minutes(9)),
    );
    let queued = || queued(&store, &id);
    let recipients = || {
        store
            .read_tx("read", |tx| tx.recipients_since(long_ago))
            .expect("a read")
            .len()
    };
    assert!(queue(&store, &mail));
    assert!(!queue(&store, &anew), "one that waits stays as it is");
    assert_eq!((queued().mail, recipients()), (mail.clone(), 1));
    let lost = MailDelivery {
        state: MailState::Superseded,
        attempts: 2,
        lost_replies: 1,
        ..queued().delivery
    };
    store
        .write_tx("supersede", |tx| tx.record_delivery(&id, &lost))
        .expect("superseded");
    assert_eq!(recipients(), 0, "nobody gets it");
    assert!(queue(&store, &anew));
    let MailDelivery {
        state,
        attempts,
        lost_replies,
        next_attempt_at,
        ..
    } = queued().delivery;
    assert_eq!(
        (queued().mail, queued().message_id.as_str(), recipients()),
        (anew.clone(), "<m@sisan>", 1)
    );
    assert_eq!(
        (state, attempts, lost_replies, next_attempt_at),
        (MailState::Queued, 2, 1, anew.queued_at),
        "each may have delivered it"
    );
    let due = store
        .read_tx("read", |tx| tx.due_mails(anew.queued_at, 5)?.all())
        .expect("a read");
    assert_eq!(
        due.iter().map(|one| &one.mail_id).collect::<Vec<_>>(),
        [&id]
    );
}

fn a_claimed_mail_says_whether_it_is_in_flight_and_one_that_is_to_be_repeated_waits(
    fixture: &StoreFixture,
) {
    let store = fixture.open();
    let mail = sample();
    let (id, now) = (mail.mail_id(), mail.queued_at);
    queue(&store, &mail);
    let delivery = || queued(&store, &id).delivery;
    let sending = MailDelivery {
        state: MailState::Sending,
        ..delivery()
    };
    let claim = store.write_tx("claim", |tx| {
        tx.mail_claim()
            .and_then(|claim| tx.claim_mail(&id, claim).map(|()| claim))
    });
    let claim = claim.expect("a claim");
    assert!(!delivery().in_flight);
    assert_eq!(
        after_crash(&delivery(), &mail, now).state,
        MailState::Queued,
        "as it was"
    );
    let in_flight = MailDelivery {
        in_flight: true,
        ..sending
    };
    assert!(
        store
            .write_tx("note", |tx| tx.record_claimed(&id, &in_flight, claim))
            .expect("a record")
    );
    assert!(delivery().in_flight);
    let after = after_crash(&delivery(), &mail, now);
    assert_eq!(
        (after.state, after.in_flight, after.lost_replies),
        (MailState::Uncertain, false, 1)
    );
    only_what_is_tried_again_waits(&store, &id, after);
}

fn only_what_is_tried_again_waits(store: &Store, id: &MailId, uncertain: MailDelivery) {
    let waiting = |delivery: &MailDelivery| {
        store
            .write_tx("record", |tx| tx.record_delivery(id, delivery))
            .expect("a record");
        store
            .read_tx("count", |tx| tx.mails_waiting())
            .expect("a count")
    };
    assert_eq!(waiting(&uncertain), 1, "its one repetition is to come");
    assert_eq!(
        waiting(&MailDelivery {
            next_attempt_at: NEVER,
            ..uncertain.clone()
        }),
        0,
        "it is not tried again"
    );
    assert_eq!(
        waiting(&MailDelivery {
            state: MailState::Held,
            ..uncertain
        }),
        0
    );
}

fn a_mail_that_waits_beyond_every_pause_is_brought_forward_and_no_other(fixture: &StoreFixture) {
    let store = fixture.open();
    let mail = sample();
    let (id, now) = (mail.mail_id(), mail.queued_at);
    let after = |hours: i64| now.plus(chrono::TimeDelta::hours(hours));
    queue(&store, &mail);
    let next = |state, next_attempt_at| {
        store
            .write_tx("bring forward", |tx| {
                let delivery = tx.mail(&id)?.expect("the mail").delivery;
                tx.record_delivery(
                    &id,
                    &MailDelivery {
                        state,
                        next_attempt_at,
                        ..delivery
                    },
                )?;
                tx.bring_mails_forward(now, after(2))?;
                Ok::<_, StoreError>(tx.mail(&id)?.expect("the mail").delivery.next_attempt_at)
            })
            .expect("a change")
    };
    assert_eq!(next(MailState::Queued, after(9_600)), now);
    assert_eq!(next(MailState::Deferred, after(9_600)), now);
    assert_eq!(
        next(MailState::Deferred, after(1)),
        after(1),
        "it waits for its next attempt"
    );
    assert_eq!(next(MailState::Uncertain, NEVER), NEVER);
    assert_eq!(next(MailState::Held, after(9_600)), after(9_600));
}
