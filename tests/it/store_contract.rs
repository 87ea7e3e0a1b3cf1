//! What every store promises, whichever database is behind it: each promise is a test on both.

use std::collections::BTreeSet;

use sisan::domain::brief::ChangeKind;
use sisan::domain::brief_hint::{BatchHints, BriefHint, Subject};
use sisan::domain::complaints::{ComplaintCounts, ComplaintsOf};
use sisan::domain::counters::Counter;
use sisan::domain::delta::Delta;
use sisan::domain::entity::{Entity, EntityKey};
use sisan::domain::ids::{ComplaintId, GroupId, SubscriberId, SurveyId};
use sisan::domain::local_day::{LocalDay, Month, Timestamp};
use sisan::store::{Advance, FileMarks, Setting, SourceState, Staged, Store, StoreError, copy};

use crate::store_fixture::{StoreFixture, assert_holds, commit, day, identity, line, save};

macro_rules! promises {
    ([$($promise:ident;)*] of_what_lasts: [$($lasting:ident;)*]) => {
        mod sqlite {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::sqlite()); })*
            $(#[test] fn $lasting() { super::$lasting(&crate::store_fixture::StoreFixture::sqlite()); })*
        }
        mod postgres {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::postgres()); })*
            $(#[test] fn $lasting() { super::$lasting(&crate::store_fixture::StoreFixture::postgres()); })*
        }
        mod in_memory {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::in_memory()); })*
        }
    };
}

promises! {
    [
        what_was_committed_is_there_after_opening_anew;
        identities_of_closed_days_are_forgotten_and_no_others;
        a_transaction_that_fails_leaves_nothing_behind;
        what_others_are_told_waits_until_it_is_written_and_comes_once;
        a_worker_that_was_taken_over_can_commit_no_more;
        a_file_stands_as_the_last_batch_says_and_begins_anew_when_that_was_asked_for;
        a_retraction_is_known_whether_it_comes_before_or_after_its_target;
        what_is_read_under_other_bounds_is_known_by_their_number;
        what_is_to_be_judged_is_taken_once_lines_at_their_last_time_and_complaints_at_their_first;
        complaints_of_a_category_add_up;
        counters_of_one_group_are_those_that_all_have_of_it;
        what_was_said_of_a_group_is_found_with_all_that_was_said_of_its_things;
        news_is_told_once_in_order_and_its_numbers_are_never_given_again;
        who_was_kept_of_named_members_is_told_by_timelines_until_it_is_settled;
        a_superseded_mail_makes_room_for_what_tells_the_same_anew_and_no_other_does;
        a_claimed_mail_says_whether_it_is_in_flight_and_one_that_is_to_be_repeated_waits;
        a_mail_that_waits_beyond_every_pause_is_brought_forward_and_no_other;
    ]
    of_what_lasts: [
        a_schema_that_is_not_known_is_refused;
        a_store_of_another_version_before_the_first_release_is_refused;
    ]
}

/// Commits what is staged, and takes in what is queued of it.
fn take_in(store: &Store, staged: &Staged) {
    let saved = store.write_batch("commit", |tx| -> Result<(), StoreError> {
        tx.learn(staged)?;
        tx.save(staged)
    });
    saved.expect("a commit");
    if store.is_shared() {
        store
            .write("take in", |tx| tx.take_deltas(100))
            .expect("what was queued");
    }
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
        .write("close", |tx| tx.forget_identities_before(border, &|| false))
        .expect("a closing");
    assert_eq!(forgotten as usize, old.len());
    let known = store
        .read("read", |tx| {
            tx.known((0..1_000).map(|n| identity(n).0).collect())
        })
        .expect("a read");
    assert_eq!(known.identities, kept.into_iter().collect());
    assert_eq!(
        store
            .read("read", |tx| tx.timelines(&[line(3).0]))
            .expect("a read"),
        [Some(line(3).1)],
        "timelines stay"
    );
}

fn what_others_are_told_waits_until_it_is_written_and_comes_once(fixture: &StoreFixture) {
    use sisan::domain::outgoing::OutgoingEvent;
    let store = fixture.open();
    let event = |n: i64| OutgoingEvent {
        event_id: format!("T{n}-1"),
        at: Timestamp::from_micros(10 - n),
        body: format!("{{\"n\":{n}}}"),
    };
    let tell = || {
        store
            .write("tell", |tx| {
                (1..=3).try_for_each(|n| tx.insert_outgoing_event(&event(n)))
            })
            .expect("told")
    };
    let waiting = |most| {
        store
            .read("read", |tx| tx.waiting_outgoing_events(most))
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
        .write("note", |tx| {
            tx.mark_outgoing_events_written(&[event(3), event(1)], Timestamp::from_micros(20))
        })
        .expect("noted");
    tell();
    assert_eq!(waiting(10), [event(2)]);
}

fn who_was_kept_of_named_members_is_told_by_timelines_until_it_is_settled(fixture: &StoreFixture) {
    use sisan::domain::alert::AlertId;
    use sisan::domain::ids::ManagerId;
    use sisan::domain::named_member::NamedMember;
    use sisan::pipeline::{ended_named_members, settle_named_members};
    let store = fixture.open();
    let at = Timestamp::from_micros;
    // Each joins as its number: line 3 before the end of its 30 days, line 9 after it; line 5 is
    // not known at all.
    let named = |n: u32, ends_at: i64| NamedMember {
        alert_id: AlertId::new(format!("A{n}")),
        subscriber_id: SubscriberId::parse(&format!("139{n:08}")).expect("an id"),
        group_id: GroupId::parse("G1").expect("an id"),
        manager_id: (n != 5).then(|| ManagerId::parse("M1").expect("an id")),
        ends_at: at(ends_at),
        kept: None,
    };
    let all = [named(3, 6), named(5, 7), named(9, 8)];
    let put = |timelines: Vec<(EntityKey, Entity)>| {
        let put = store.write_batch("commit", |tx| {
            let mut staged = Staged::default();
            save(tx, &mut staged, timelines)?;
            tx.learn(&staged)?;
            tx.save(&staged)
        });
        put.expect("timelines");
    };
    put(vec![line(3), line(9)]);
    let note = || {
        store
            .write("note", |tx| {
                all.iter().try_for_each(|one| tx.insert_named_member(one))
            })
            .expect("noted")
    };
    note();
    note();
    let zone = sisan::domain::zone::Zone::parse("Asia/Shanghai").expect("a zone");
    let kept = |now| {
        let ended = store
            .read("read", |tx| {
                ended_named_members(tx, Month::of(1970, 1), zone, at(now))
            })
            .expect("a read");
        ended
            .into_iter()
            .map(|(one, kept)| (one.alert_id.to_string(), kept))
            .collect::<Vec<_>>()
    };
    let told = |all: &[(&str, bool)]| {
        all.iter()
            .map(|(id, kept)| ((*id).to_owned(), *kept))
            .collect::<Vec<_>>()
    };
    assert_eq!(kept(9), told(&[("A3", true), ("A5", false), ("A9", false)]));
    assert_eq!(kept(6), told(&[("A3", true)]), "whose 30 days have ended");
    store
        .write("settle", |tx| settle_named_members(tx, at(7)))
        .expect("settled");
    assert_eq!(
        store
            .read("read", |tx| tx.unsettled_named_members(at(99)))
            .expect("a read"),
        all[1..],
        "before that only"
    );
    // What the timeline says no more: it is folded, or gone.
    let (key, _) = line(3);
    let forgotten = Entity::empty(&key).expect("a line");
    put(vec![(key, forgotten)]);
    put(vec![line(5)]);
    assert_eq!(
        kept(9),
        told(&[("A3", true), ("A5", true), ("A9", false)]),
        "settled, and told by the timelines as they stand"
    );
    let read = store
        .read("read", |tx| tx.named_members(at(6), at(8)))
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
        "of the stretch that is asked for"
    );
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
        take_in(&store, &staged);
    }
    let assert_same = |store: &Store| {
        let all = store.read("read", |tx| tx.series()).expect("counters");
        for n in [0, 7, 39] {
            let of_one = store
                .read("read", |tx| tx.series_of(&group(n)))
                .expect("counters");
            assert!(!of_one.counts().is_empty());
            assert_eq!(Some(&of_one), all.get(&group(n)), "G{n}");
        }
        assert!(
            store
                .read("read", |tx| tx.series_of(&group(40)))
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
            .read("read", |tx| tx.series_of(&group(7)))
            .expect("counters");
        assert!(!of_one.counts().is_empty());
        assert_same(&fixture.open());
    }
}

fn what_was_said_of_a_group_is_found_with_all_that_was_said_of_its_things(fixture: &StoreFixture) {
    use sisan::domain::event::{Event, EventData, Feed, Manager, Order, Project, Unit};
    use sisan::domain::ids::{ManagerId, ProjectId, UnitId};
    let store = fixture.open();
    let event = |n: i64, data| Event {
        order: Order {
            time: Timestamp::from_micros(n),
            id: format!("e{n}").as_str().into(),
            source: "/crm".into(),
        },
        data,
    };
    let project = |n: i64, id: &str, group: &str| {
        let (project_id, group_id) = (
            ProjectId::parse(id).expect("an id"),
            GroupId::parse(group).expect("an id"),
        );
        event(
            n,
            EventData::Project(Project {
                project_id,
                group_id,
                title: "a project".into(),
                due_on: None,
                closed: false,
            }),
        )
    };
    let unit = |n: i64, id: &str| {
        let unit_id = UnitId::parse(id).expect("an id");
        event(
            n,
            EventData::Unit(Unit {
                unit_id,
                name: "a unit".into(),
                head_manager_id: None,
                service_head_id: None,
                chief_id: None,
            }),
        )
    };
    let manager = |n: i64, id: &str| {
        let (manager_id, name, email) = (
            ManagerId::parse(id).expect("an id"),
            "a name".into(),
            "m@example.com".into(),
        );
        let (supervisor_id, delegate_id, away_until, locale) = (None, None, None, None);
        let manager = Manager {
            manager_id,
            name,
            email,
            supervisor_id,
            chief: false,
            delegate_id,
            away_until,
            active: true,
            locale,
        };
        event(n, EventData::Manager(manager))
    };
    let feed = |n: i64, date: &str| {
        event(
            n,
            EventData::Feed(Feed {
                feed: "boss".into(),
                date: date.parse().expect("a day"),
                events: 1,
            }),
        )
    };
    let all = [
        project(1, "P1", "G1"),
        project(2, "P2", "G1"),
        // It has gone to another group customer.
        project(3, "P1", "G2"),
        project(4, "P3", "G2"),
        unit(5, "U1"),
        unit(6, "U2"),
        feed(7, "2026-08-31"),
        feed(8, "2026-09-01"),
        feed(9, "2026-09-30"),
        feed(10, "2026-10-01"),
        manager(11, "M1"),
    ];
    let mut staged = Staged::default();
    staged.delta.references = all.to_vec();
    take_in(&store, &staged);
    let found = |read: &dyn Fn(&sisan::store::Tx<'_>) -> Result<Vec<Event>, StoreError>| {
        let mut found: Vec<i64> = store
            .read("read", |tx| read(tx))
            .expect("events")
            .iter()
            .map(|event| event.order.time.micros())
            .collect();
        found.sort_unstable();
        found
    };
    let group = |id: &str| GroupId::parse(id).expect("an id");
    assert_eq!(
        found(&|tx| tx.reference_events_of_group(&group("G1"))),
        [1, 2, 3]
    );
    assert_eq!(
        found(&|tx| tx.reference_events_of_group(&group("G2"))),
        [1, 3, 4]
    );
    assert_eq!(
        found(&|tx| tx.reference_events_of_group(&group("G3"))),
        [] as [i64; 0]
    );
    assert_eq!(
        found(&|tx| tx.reference_events_of_unit(&UnitId::parse("U2").expect("an id"))),
        [6]
    );
    assert_eq!(found(&|tx| tx.reference_events_of_people()), [5, 6, 11]);
    let on = |date: &str| LocalDay::from_date(date.parse().expect("a day"));
    assert_eq!(
        found(&|tx| tx.feed_closings(on("2026-09-01"), on("2026-09-30"))),
        [8, 9]
    );
}

fn a_superseded_mail_makes_room_for_what_tells_the_same_anew_and_no_other_does(
    fixture: &StoreFixture,
) {
    use sisan::domain::locale::Locale;
    use sisan::domain::mail::{Delivery, MailKind, MailState};
    use sisan::notify::samples;
    let store = fixture.open();
    let mail = samples::mail(MailKind::AlertTask, Locale::ZhCn).expect("a sample");
    let (id, long_ago) = (
        mail.mail_id(),
        mail.queued_at.plus(chrono::TimeDelta::hours(-1)),
    );
    let mut anew = mail.clone();
    (anew.text, anew.queued_at) = (
        "所需资源：无需调用".to_owned(),
        mail.queued_at.plus(chrono::TimeDelta::minutes(9)),
    );
    let queue = |mail| {
        store
            .write("queue", |tx| {
                tx.insert_mail(mail, "<m@sisan>", MailState::Queued)
            })
            .expect("a queue")
    };
    let queued = || {
        store
            .read("read", |tx| tx.mail(&id))
            .expect("a read")
            .expect("the mail")
    };
    let recipients = || {
        store
            .read("read", |tx| tx.recipients_since(long_ago))
            .expect("a read")
            .len()
    };
    assert!(queue(&mail));
    assert!(!queue(&anew), "one that waits stays as it is");
    assert_eq!((queued().mail, recipients()), (mail.clone(), 1));
    let lost = Delivery {
        state: MailState::Superseded,
        attempts: 2,
        lost_replies: 1,
        ..queued().delivery
    };
    store
        .write("supersede", |tx| tx.record_delivery(&id, &lost))
        .expect("superseded");
    assert_eq!(recipients(), 0, "nobody gets it");
    assert!(queue(&anew));
    let Delivery {
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
        .read("read", |tx| tx.due_mails(anew.queued_at, 5)?.all())
        .expect("a read");
    assert_eq!(
        due.iter().map(|one| &one.mail_id).collect::<Vec<_>>(),
        [&id]
    );
}

fn a_claimed_mail_says_whether_it_is_in_flight_and_one_that_is_to_be_repeated_waits(
    fixture: &StoreFixture,
) {
    use sisan::domain::locale::Locale;
    use sisan::domain::mail::{Delivery, MailKind, MailState};
    use sisan::notify::retry::{NEVER, after_crash};
    use sisan::notify::samples;
    let store = fixture.open();
    let mail = samples::mail(MailKind::AlertTask, Locale::ZhCn).expect("a sample");
    let (id, now) = (mail.mail_id(), mail.queued_at);
    store
        .write("queue", |tx| {
            tx.insert_mail(&mail, "<m@sisan>", MailState::Queued)
        })
        .expect("a queue");
    let delivery = || {
        store
            .read("read", |tx| tx.mail(&id))
            .expect("a read")
            .expect("the mail")
            .delivery
    };
    let sending = Delivery {
        state: MailState::Sending,
        ..delivery()
    };
    let claim = store.write("claim", |tx| {
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
    let in_flight = Delivery {
        in_flight: true,
        ..sending
    };
    assert!(
        store
            .write("note", |tx| tx.record_claimed(&id, &in_flight, claim))
            .expect("a record")
    );
    assert!(delivery().in_flight);
    let after = after_crash(&delivery(), &mail, now);
    assert_eq!(
        (after.state, after.in_flight, after.lost_replies),
        (MailState::Uncertain, false, 1)
    );
    let waiting = |delivery: &Delivery| {
        store
            .write("record", |tx| tx.record_delivery(&id, delivery))
            .expect("a record");
        store
            .read("count", |tx| tx.mails_waiting())
            .expect("a count")
    };
    assert_eq!(waiting(&after), 1, "its one repetition is to come");
    assert_eq!(
        waiting(&Delivery {
            next_attempt_at: NEVER,
            ..after.clone()
        }),
        0,
        "it is not tried again"
    );
    assert_eq!(
        waiting(&Delivery {
            state: MailState::Held,
            ..after
        }),
        0
    );
}

fn a_mail_that_waits_beyond_every_pause_is_brought_forward_and_no_other(fixture: &StoreFixture) {
    use sisan::domain::locale::Locale;
    use sisan::domain::mail::{Delivery, MailKind, MailState};
    use sisan::notify::retry::NEVER;
    use sisan::notify::samples;
    let store = fixture.open();
    let mail = samples::mail(MailKind::AlertTask, Locale::ZhCn).expect("a sample");
    let (id, now) = (mail.mail_id(), mail.queued_at);
    let after = |hours: i64| now.plus(chrono::TimeDelta::hours(hours));
    store
        .write("queue", |tx| {
            tx.insert_mail(&mail, "<m@sisan>", MailState::Queued)
        })
        .expect("a queue");
    let next = |state, next_attempt_at| {
        store
            .write("bring forward", |tx| {
                let delivery = tx.mail(&id)?.expect("the mail").delivery;
                tx.record_delivery(
                    &id,
                    &Delivery {
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

fn a_transaction_that_fails_leaves_nothing_behind(fixture: &StoreFixture) {
    let store = fixture.open();
    commit(&store, 0, 10);
    let failed = store.write("fail", |tx| -> Result<(), StoreError> {
        let mut staged = Staged::default();
        staged.add_identities(&(10..20).map(identity).collect::<Vec<_>>(), Vec::new());
        save(tx, &mut staged, (10..20).map(line).collect())?;
        tx.learn(&staged)?;
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
            .read("read", |tx| tx.setting(Setting::EventClock))
            .expect("a read"),
        None
    );
    commit(&store, 10, 20);
    assert_holds(&store, 20);
}

fn a_worker_that_was_taken_over_can_commit_no_more(fixture: &StoreFixture) {
    let store = fixture.open();
    let taken = |_| {
        store
            .write_batch("take over", |tx| tx.take_over("boss-0"))
            .expect("a take-over")
    };
    let (first, second) = (taken(()), taken(()));
    assert_eq!(
        (first.epoch, first.next_position, second.epoch),
        (1, None, 2)
    );
    let advance = |epoch, next_position, applied| Advance {
        name: "boss-0".to_owned(),
        epoch,
        next_position,
        applied,
        ..Advance::default()
    };
    let fenced = store.write_batch("commit", |tx| tx.advance(&advance(1, 5, 5)));
    assert!(matches!(
        fenced,
        Err(StoreError::Fenced {
            found: 2,
            held: 1,
            ..
        })
    ));
    store
        .write_batch("commit", |tx| tx.advance(&advance(2, 5, 5)))
        .expect("its own epoch");
    let twice = store.write_batch("commit", |tx| tx.advance(&advance(2, 5, 5)));
    assert!(
        matches!(twice, Err(StoreError::NotContiguous { at: 5, .. })),
        "the same offsets again"
    );
    let gap = store.write_batch("commit", |tx| tx.advance(&advance(2, 9, 2)));
    assert!(
        matches!(gap, Err(StoreError::NotContiguous { from: 7, at: 5, .. })),
        "two offsets were left out"
    );
    // What was read there stays known while a batch only says how the partition stands; how far it
    // is behind is known at once.
    let digest = |digest, next, applied| Advance {
        last_digest: digest,
        ..advance(2, next, applied)
    };
    store
        .write_batch("commit", |tx| {
            tx.advance(&digest(Some(7), 6, 1))
                .and_then(|_| tx.advance(&digest(None, 6, 0)))
        })
        .expect("no news");
    store
        .write_batch("take over", |tx| {
            tx.take_over("boss-0").and_then(|_| tx.set_lag("boss-0", 9))
        })
        .expect("a take-over");
    let row = store
        .read("read", |tx| tx.sources_behind())
        .expect("a read")
        .remove(0);
    assert_eq!((row.last_digest, row.lag, row.epoch), (Some(7), 9, 3));
    let moved = Advance {
        epoch: 3,
        ..digest(None, 7, 1)
    };
    store
        .write_batch("commit", |tx| tx.advance(&moved))
        .expect("a batch");
    assert_eq!(
        store
            .read("read", |tx| tx.sources())
            .expect("a read")
            .remove(0)
            .last_digest,
        None,
        "of the message now before it"
    );
}

fn a_file_stands_as_the_last_batch_says_and_begins_anew_when_that_was_asked_for(
    fixture: &StoreFixture,
) {
    let store = fixture.open();
    let marks = FileMarks {
        first_digest: Some(u64::MAX),
        stamp: Some(7),
        ..FileMarks::default()
    };
    let file = |next_position, applied| Advance {
        name: "a.jsonl".to_owned(),
        next_position,
        next_byte: next_position * 10,
        applied,
        replaced_characters: 1,
        last_digest: Some(u64::MAX - 1),
        file: Some(marks),
        ..Advance::default()
    };
    let advance = |to: &Advance| store.write_batch("commit", |tx| tx.advance(to));
    let row = || {
        store
            .read("read", |tx| tx.sources())
            .expect("a read")
            .remove(0)
    };
    // A blank line is passed without a delivery.
    assert!(!advance(&file(6, 5)).expect("a first batch"));
    let paused = |reason: &str| Advance {
        state: SourceState::Paused(reason.to_owned()),
        lag: 3,
        ..file(6, 0)
    };
    assert!(
        advance(&paused("E_X: why")).expect("a pause"),
        "it is paused by this"
    );
    assert!(
        !advance(&paused("E_X: why")).expect("the same"),
        "it was before"
    );
    assert!(advance(&paused("E_Y: why")).expect("another reason"));
    let paused = vec![("a.jsonl".to_owned(), "E_Y: why".to_owned())];
    assert_eq!(
        store
            .read("read", |tx| tx.sources_paused())
            .expect("a read"),
        paused
    );
    assert_eq!(
        store
            .read("read", |tx| tx.sources_behind())
            .expect("a read"),
        [row()]
    );
    let stored = store
        .read("read", |tx| tx.files())
        .expect("a read")
        .remove(0);
    assert_eq!(
        (stored.next_position, stored.next_byte, stored.read_digest),
        (6, 60, Some(u64::MAX - 1))
    );
    assert_eq!(
        (stored.reason.as_deref(), stored.marks),
        (Some("E_Y: why"), marks)
    );
    assert!(
        matches!(advance(&file(6, 1)), Err(StoreError::NotContiguous { .. })),
        "the same line again"
    );

    let accept = |name: &str| {
        store
            .write("accept", |tx| tx.accept_file(name))
            .expect("a request")
    };
    assert!(accept("a.jsonl") && accept("a.jsonl") && !accept("b.jsonl"));
    assert_eq!(
        store
            .read("read", |tx| tx.files_accepted())
            .expect("a read"),
        [("a.jsonl".to_owned(), 2)]
    );
    assert_eq!(
        (row().next_position, row().applied),
        (6, 5),
        "whoever reads it begins anew"
    );
    let anew = Advance {
        file: Some(FileMarks {
            accept_done: 2,
            ..marks
        }),
        state: SourceState::Done,
        rejected: 1,
        ..file(3, 2)
    };
    assert!(!advance(&anew).expect("a batch from the beginning"));
    assert_eq!(
        (
            row().next_position,
            row().applied,
            row().rejected,
            row().replaced_characters
        ),
        (3, 2, 1, 1)
    );
    assert_eq!(
        (
            row().state,
            row()
                .file
                .map(|marks| (marks.accept_asked, marks.accept_done))
        ),
        (SourceState::Done, Some((2, 2)))
    );
    assert!(
        store
            .read("read", |tx| tx.files_accepted())
            .expect("a read")
            .is_empty()
    );
    // Rejections of before are listed still; retried, they are counted no more.
    store
        .write("retry", |tx| tx.move_rejected("a.jsonl", 1, 0, 0))
        .expect("a retry");
    store
        .write("retry", |tx| tx.move_rejected("a.jsonl", 1, 0, 0))
        .expect("a retry of one of before");
    assert_eq!((row().applied, row().rejected), (3, 0));

    store
        .write_batch("take over", |tx| tx.take_over("boss-0"))
        .expect("a take-over");
    let is_file = |name: &str| store.read("read", |tx| tx.is_file(name)).expect("a read");
    assert_eq!(
        (is_file("a.jsonl"), is_file("boss-0"), is_file("c")),
        (Some(true), Some(false), None)
    );
    assert!(!accept("boss-0"));
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
            tx.learn(&staged).and_then(|()| tx.save(&staged))
        })
    };
    let known = || {
        store
            .read("read", |tx| tx.known(vec![before.0, target.0]))
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
    let bounds = || {
        store
            .read("read", |tx| tx.lateness_policy())
            .expect("the bounds")
    };
    let (first, instant) = (bounds(), Timestamp::from_micros(7));
    assert!(first.loading.first && first.closed_before.is_none());
    store
        .write("close", |tx| tx.close_before(instant))
        .expect("a closing");
    let closed = bounds();
    assert_eq!(closed.closed_before, Some(instant));
    assert_ne!(first, closed);
    store
        .write("load", |tx| tx.begin_loading("/boss"))
        .expect("a load");
    assert!(bounds().loading.sources.contains("/boss") && bounds() != closed);
    store
        .write("loaded", |tx| tx.end_loading())
        .expect("the end of the load");
    assert!(!bounds().loading.is_on());
    if store.is_shared() {
        let kept = store.write_batch("commit", |tx| tx.save_lateness_policy(&first));
        assert!(matches!(kept, Err(StoreError::Raced { .. })), "{kept:?}");
        let now = bounds();
        store
            .write_batch("commit", |tx| tx.save_lateness_policy(&now))
            .expect("the bounds of now");
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
        .write("note", |tx| {
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
            .write("take", |tx| tx.take_signal_checks(at(now)))
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
        store.read("learn", |tx| tx.learn(&staged)).expect("room");
        store
            .write("commit", |tx| tx.save(&staged))
            .expect("a commit");
    };
    save(vec![(of("网络"), 2), (of("资费"), 1)]);
    save(vec![(of("网络"), 1), (of("资费"), -1)]);
    if store.is_shared() {
        store
            .write("take in", |tx| tx.take_deltas(10))
            .expect("deltas");
    }
    let known = store.read("count", |tx| tx.complaints()).expect("counts");
    let mut expected = ComplaintCounts::default();
    expected.add(of("网络"), 3);
    assert_eq!(known, expected);
}

fn news_is_told_once_in_order_and_its_numbers_are_never_given_again(fixture: &StoreFixture) {
    let store = fixture.open();
    let (group, at) = (GroupId::parse("G1").expect("an id"), |hours: i64| {
        Timestamp::from_micros(hours * 3_600_000_000)
    });
    let batch = |hours, subject, kind| {
        let mut staged = Staged::default();
        let news = BriefHint {
            group_id: group.clone(),
            subject,
            from: at(hours),
            kind,
        };
        staged.delta.hints = BatchHints::new(at(hours), vec![news], Vec::new(), 10);
        store
            .write_batch("commit", |tx| {
                tx.learn(&staged).and_then(|()| tx.save(&staged))
            })
            .expect("a batch");
        store
            .write("take in", |tx| tx.take_deltas(10))
            .expect("deltas");
    };
    let line = |id: &str| Subject::Line(SubscriberId::parse(id).expect("an id"));
    let complaint = Subject::Complaint(ComplaintId::parse("C1").expect("an id"));
    let begin = |hours| {
        store
            .write("begin briefs", |tx| tx.begin_briefs(at(hours)))
            .expect("briefs")
    };
    let told = || {
        let span = store
            .read("read", |tx| tx.brief_span())
            .expect("a read")
            .expect("a span");
        let mut all = store
            .read("read", |tx| {
                tx.brief_hints(span.after_hint, span.last_brief_hint)
            })
            .expect("brief_hint");
        let news = all.remove(&group).unwrap_or_default();
        news.in_order()
            .into_iter()
            .map(|(subject, from)| (subject.clone(), from))
            .collect::<Vec<_>>()
    };

    batch(100, line("1"), ChangeKind::Joined);
    batch(130, complaint.clone(), ChangeKind::ComplaintFiled);
    batch(140, line("2"), ChangeKind::Joined);
    let first = begin(150).expect("the first");
    assert_eq!(
        (first.since, first.until),
        (at(126), at(150)),
        "the first looks a day back"
    );
    assert_eq!(told(), [(complaint.clone(), at(130)), (line("2"), at(140))]);
    batch(160, line("3"), ChangeKind::Restored);
    assert_eq!(begin(150), Some(first), "what was begun stays as it is");
    let second = begin(174).expect("the second");
    assert_eq!(
        (second.since, second.after_hint),
        (first.until, first.last_brief_hint)
    );
    assert_eq!(
        told(),
        [(complaint, Timestamp::MAX), (line("3"), at(160))],
        "a complaint may still be open"
    );
    assert_eq!(begin(173), None, "later ones were begun");

    assert_eq!(
        store
            .write("forget", |tx| tx.forget_brief_hints_before(Timestamp::MAX))
            .expect("a forgetting"),
        3
    );
    batch(180, line("4"), ChangeKind::Joined);
    begin(198);
    assert_eq!(told(), [(line("4"), at(180))], "no number is given twice");
}

/// A store in a file becomes one on a server: the same is known, under new epochs, and nothing is
/// written over.
#[test]
fn a_store_that_is_copied_holds_the_same() {
    let (file, server) = (StoreFixture::sqlite(), StoreFixture::postgres());
    let from = file.open();
    let instant = Timestamp::from_micros(7);
    from.write("take over", |tx| tx.take_over("boss-0"))
        .expect("a take-over");
    for first in (0..20_000).step_by(5_000) {
        commit(&from, first, first + 5_000);
    }
    let (come, to_come) = (identity(7).0, identity(30_000).0);
    let mut staged = Staged::default();
    staged.add_retractions(vec![come, to_come]);
    let of = ComplaintsOf {
        day: LocalDay::from_number(1),
        group_id: GroupId::parse("G1").expect("an id"),
        category: "网络".into(),
    };
    staged.delta.complaints.push((of, 4));
    let complaint = EntityKey::Complaint(ComplaintId::parse("C1").expect("an id"));
    staged
        .delta
        .signal_checks
        .push((complaint.clone(), instant));
    from.write("retract", |tx| {
        tx.learn(&staged).and_then(|()| tx.save(&staged))
    })
    .expect("retractions");
    from.write("close", |tx| tx.close_before(instant))
        .expect("a closing");
    let from = {
        drop(from);
        file.open().lock().expect("a lock")
    };
    let to = server.open();
    let copied = copy(&from, &to, &mut |_, _| {}).expect("a copy");
    assert_eq!((copied.timelines, copied.identities), (20_000, 20_000));
    assert_holds(&to, 20_000);
    let known = to
        .read("read", |tx| tx.known(vec![come, to_come]))
        .expect("a read");
    assert!(known.identities.contains_key(&come) && known.retracted.contains(&to_come));
    assert_eq!(
        to.read("read", |tx| tx.lateness_policy())
            .expect("a read")
            .closed_before,
        Some(instant)
    );
    let complaints = |store: &Store| store.read("read", |tx| tx.complaints()).expect("a read");
    assert_eq!(complaints(&to), complaints(&from));
    assert_ne!(complaints(&to), ComplaintCounts::default());
    assert_eq!(
        to.write("take", |tx| tx.take_signal_checks(instant))
            .expect("a read"),
        [complaint]
    );
    let source = |store: &Store| {
        store
            .read("read", |tx| tx.sources())
            .expect("a read")
            .remove(0)
    };
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

/// A worker that wakes up while it is being taken over waits, and then is told.
#[test]
fn whoever_is_being_taken_over_waits_and_is_told() {
    let fixture = StoreFixture::postgres();
    let (old, new) = (fixture.open(), fixture.open());
    let first = old
        .write_batch("take over", |tx| tx.take_over("boss-0"))
        .expect("a take-over");
    let (told, asked) = std::sync::mpsc::channel();
    std::thread::scope(|scope| {
        let late = new
            .write_batch("take over", |tx| -> Result<_, StoreError> {
                tx.take_over("boss-0")?;
                let late = scope.spawn(|| {
                    old.write_batch("commit", |tx| {
                        told.send(()).expect("somebody waits");
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

/// Workers that commit at once, each its own lines, have all of them counted, and whoever takes
/// their sums in takes each of them once.
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
                .write("take in", |tx| tx.take_deltas(7))
                .expect("deltas");
            taken
                .into_iter()
                .for_each(|delta| seen.counters.extend(delta.counters));
        }
    });
    assert_holds(&fixture.open(), workers * batches * lines);
}

/// Two workers that are given the same events at once: one commits them, the other is told to look
/// again.
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
    let raced = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, Err(StoreError::Raced { .. })))
        .count();
    assert_eq!((committed, raced), (1, 3), "{outcomes:?}");
}

/// Two workers that change the same lines at once, in any order: each change is made on what the
/// other left.
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
                            Err(StoreError::Raced { .. }) => {}
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
        .read("read", |tx| tx.timelines(&keys))
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
        .write("begin a load", |tx| tx.begin_loading(source))
        .expect_err("a row that is refused");
    let said = format!("{:#}", anyhow::Error::from(refused));
    assert!(
        said.contains("23514") && said.contains("loading_source") && !said.contains("138"),
        "{said}"
    );
}
