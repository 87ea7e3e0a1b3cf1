//! What every store promises of forgetting: what has passed its time goes, a few rows a
//! transaction, and what is left reads the same.

use sisan::domain::alert::AlertId;
use sisan::domain::counters::{Counter, Counts, SeriesByGroup, add_to_group};
use sisan::domain::entity::{Entity, EntityKey};
use sisan::domain::event::{Complaint, ComplaintSeverity, ComplaintState, Order};
use sisan::domain::ids::{ComplaintId, GroupId, SubscriberId};
use sisan::domain::job_outcome::JobOutcome;
use sisan::domain::local_day::{LocalDay, Timestamp};
use sisan::domain::named_member::NamedMember;
use sisan::domain::outgoing::OutgoingEvent;
use sisan::domain::reject::RejectClass;
use sisan::domain::retention::Aged;
use sisan::domain::timeline::ComplaintTimeline;
use sisan::store::{FORGOTTEN_AT_ONCE_MAX, NewReject, Staged, Store, StoreError};

use crate::store_fixture::{StoreFixture, day, line, save};

macro_rules! promises {
    ($($promise:ident;)*) => {
        mod sqlite {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::sqlite()); })*
        }
        mod postgres {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::postgres()); })*
        }
        mod in_memory {
            $(#[test] fn $promise() { super::$promise(&crate::store_fixture::StoreFixture::in_memory()); })*
        }
    };
}

promises! {
    timelines_that_are_over_go_and_all_others_stay;
    folded_counters_say_the_same_of_the_days_that_are_kept;
    rejections_go_a_few_at_a_time_and_those_that_wait_stay;
    the_last_run_of_a_job_and_one_that_has_not_ended_stay;
    what_is_not_written_out_and_whom_nobody_has_settled_stays;
}

fn instant(n: i64) -> Timestamp {
    Timestamp::from_micros(n)
}

fn group(n: u32) -> GroupId {
    GroupId::parse(&format!("G{n}")).expect("an id")
}

fn complaint(n: u32, state: ComplaintState) -> (EntityKey, Entity) {
    let complaint_id = ComplaintId::parse(&format!("C{n}")).expect("an id");
    let mut timeline = ComplaintTimeline::default();
    let order = Order {
        time: instant(i64::from(n)),
        id: format!("c{n}").into(),
        source: "/crm".into(),
    };
    let severity = ComplaintSeverity::Normal;
    timeline.put_complaint(
        order,
        Complaint {
            complaint_id: complaint_id.clone(),
            group_id: group(1),
            subscriber_id: None,
            state,
            category: None,
            severity,
        },
    );
    (
        EntityKey::Complaint(complaint_id),
        Entity::Complaint(timeline),
    )
}

fn stage(
    store: &Store,
    timelines: Vec<(EntityKey, Entity)>,
    counters: Vec<(GroupId, LocalDay, Counts)>,
) {
    let mut staged = Staged::default();
    staged.delta.counters = counters;
    store
        .write_batch("commit", |tx| -> Result<(), StoreError> {
            save(tx, &mut staged, timelines)?;
            tx.stage(&staged)?;
            tx.save(&staged)
        })
        .expect("a commit");
    store
        .write_tx("apply", |tx| tx.take_deltas(100))
        .expect("deltas");
}

fn go_on() -> Result<(), StoreError> {
    Ok(())
}

fn timelines_that_are_over_go_and_all_others_stay(fixture: &StoreFixture) {
    // More than a page of a server.
    const OLD: u32 = 2_500;
    let store = fixture.open();
    let state = |n: u32| {
        if n.is_multiple_of(5) {
            ComplaintState::Filed
        } else {
            ComplaintState::Resolved
        }
    };
    let all = || (0..OLD + 10).map(|n| complaint(n, state(n)));
    stage(&store, all().chain((0..50).map(line)).collect(), Vec::new());
    let (t, from) = (instant(i64::from(OLD)), day(0));
    let is_over = |entity: &Entity| entity.is_over_before(t, from);
    let (kept, gone): (Vec<_>, Vec<_>) = all().partition(|(_, entity)| !is_over(entity));
    assert_eq!(gone.len(), 2_000, "four of five are not open");
    let lease = store
        .acquire_lease("test")
        .expect("a store")
        .expect("a free lease");
    assert_eq!(
        store
            .forget_timelines(lease, is_over, go_on)
            .expect("forgotten"),
        gone.len() as u64
    );
    assert_eq!(
        store
            .forget_timelines(lease, is_over, go_on)
            .expect("forgotten"),
        0
    );
    stage(&store, vec![line(50)], Vec::new());
    for store in [store, fixture.open()] {
        let found = |all: &[(EntityKey, Entity)]| {
            let keys: Vec<EntityKey> = all.iter().map(|(key, _)| key.clone()).collect();
            store
                .read_tx("read", |tx| tx.timelines(&keys))
                .expect("timelines")
        };
        assert!(found(&gone).iter().all(Option::is_none));
        let kept: Vec<_> = kept.iter().cloned().chain((0..=50).map(line)).collect();
        assert_eq!(
            found(&kept),
            kept.into_iter()
                .map(|(_, entity)| Some(entity))
                .collect::<Vec<_>>()
        );
    }
}

fn folded_counters_say_the_same_of_the_days_that_are_kept(fixture: &StoreFixture) {
    let store = fixture.open();
    let counts = |counter: Counter, n: i64| {
        let mut counts = Counts::default();
        counts.add(counter, n);
        counts
    };
    let mut expected = SeriesByGroup::default();
    // In several batches, so that a day's counters are in more than one place.
    for round in 0..3 {
        let mut counters = Vec::new();
        for (of, on) in (1..=250)
            .flat_map(|of| (0..40).map(move |on| (of, on)))
            .filter(|(of, on)| (of + on) % 7 == 0)
        {
            counters.push((
                group(of as u32),
                day(on),
                counts(Counter::Members, i64::from(of + on + round)),
            ));
            counters.push((group(of as u32), day(on), counts(Counter::Lost, 1)));
            if on % 2 == 0 {
                counters.push((
                    group(of as u32),
                    day(on),
                    counts(Counter::UnpaidSubscribers, 1),
                ));
            }
        }
        counters
            .iter()
            .for_each(|(group, day, counts)| add_to_group(&mut expected, group, *day, counts));
        stage(&store, Vec::new(), counters);
    }
    let series = || store.read_tx("read", |tx| tx.series()).expect("series");
    assert_eq!(series(), expected);
    let lease = store
        .acquire_lease("test")
        .expect("a store")
        .expect("a free lease");
    for first in [30, 30, 35] {
        store
            .fold_counters(lease, &series(), day(first), go_on)
            .expect("folded");
        expected
            .values_mut()
            .for_each(|series| series.fold_before(day(first)));
        assert_eq!(series(), expected);
    }
    drop(store);
    assert_eq!(
        fixture
            .open()
            .read_tx("read", |tx| tx.series())
            .expect("series"),
        expected
    );
}

fn forget_all(store: &Store, what: Aged) -> Vec<u64> {
    let one = || {
        store
            .write_tx("forget", |tx| tx.forget(what))
            .expect("forgotten")
    };
    std::iter::repeat_with(one)
        .take_while(|rows| *rows > 0)
        .collect()
}

fn rejections_go_a_few_at_a_time_and_those_that_wait_stay(fixture: &StoreFixture) {
    let store = fixture.open();
    let reject = |n: u64| NewReject {
        source: "000.jsonl".to_owned(),
        position: n,
        class: RejectClass::NotJson,
        reason: "empty".to_owned(),
        rejected_at: instant(n as i64),
        retry_at: n.is_multiple_of(100).then_some(Timestamp::MAX),
        payload: Some(b"raw".to_vec()),
        mode: Vec::new(),
    };
    let rejects: Vec<NewReject> = (0..3_000).map(reject).collect();
    store
        .write_tx("reject", |tx| tx.insert_rejects(&rejects))
        .expect("rejections");
    let at_once = FORGOTTEN_AT_ONCE_MAX as u64;
    assert_eq!(
        forget_all(&store, Aged::RejectBytes(instant(2_900))),
        [at_once, at_once, 2_900 - 29 - 2 * at_once]
    );
    let left = store
        .read_tx("read", |tx| tx.rejects())
        .expect("rejections");
    assert!(
        left.iter().all(|one| one.payload.is_some()
            == (one.position >= 2_900 || one.position.is_multiple_of(100)))
    );
    assert_eq!(
        forget_all(&store, Aged::Rejects(instant(1_500))),
        [at_once, 1_500 - 15 - at_once]
    );
    let left = store
        .read_tx("read", |tx| tx.rejects())
        .expect("rejections");
    assert!(
        left.iter()
            .all(|one| one.position >= 1_500 || one.position.is_multiple_of(100))
    );
    assert_eq!(left.len(), 1_515);
    let after = |id| {
        store
            .read_tx("read", |tx| tx.rejects_after(id, 1_000))
            .expect("rejections")
    };
    let first = after(None);
    let second = after(first.last().map(|last| last.reject_id));
    let pages: Vec<i64> = first
        .iter()
        .chain(&second)
        .map(|one| one.reject_id)
        .collect();
    assert!(
        pages.is_sorted() && pages.len() == left.len(),
        "{} of {}",
        pages.len(),
        left.len()
    );
}

fn the_last_run_of_a_job_and_one_that_has_not_ended_stay(fixture: &StoreFixture) {
    let store = fixture.open();
    store
        .write_tx("run", |tx| -> Result<(), StoreError> {
            for (job, due) in [
                ("daily", 1),
                ("daily", 2),
                ("daily", 9),
                ("yearly", 3),
                ("broken", 4),
                ("broken", 5),
            ] {
                tx.claim_job_run(job, instant(due))?;
                if job != "broken" {
                    tx.finish_job_run(job, instant(due), instant(due), &JobOutcome::NoEventYet)?;
                }
            }
            Ok(())
        })
        .expect("runs");
    assert_eq!(forget_all(&store, Aged::JobRuns(instant(8))), [2]);
    let left = |job: &str| {
        store
            .read_tx("read", |tx| tx.job_runs(job, Timestamp::MAX, 9))
            .expect("runs")
            .iter()
            .map(|run| run.due_at.micros())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        (left("daily"), left("yearly"), left("broken")),
        (vec![9], vec![3], vec![5, 4])
    );
}

fn what_is_not_written_out_and_whom_nobody_has_settled_stays(fixture: &StoreFixture) {
    let store = fixture.open();
    let event = |n: i64| OutgoingEvent {
        event_id: format!("T{n}-1"),
        at: instant(n),
        body: "{}".to_owned(),
    };
    let member = |n: u32| NamedMember {
        alert_id: AlertId::new(format!("A{n}")),
        subscriber_id: SubscriberId::parse(&format!("139{n}")).expect("an id"),
        group_id: group(1),
        manager_id: None,
        ends_at: instant(i64::from(n)),
        kept: None,
    };
    store
        .write_tx("tell", |tx| -> Result<(), StoreError> {
            (1..=3).try_for_each(|n| tx.insert_outgoing_event(&event(n)))?;
            tx.mark_outgoing_events_written(&[event(1)], instant(10))?;
            tx.mark_outgoing_events_written(&[event(2)], instant(20))?;
            (1..=3).try_for_each(|n| tx.insert_named_member(&member(n)))?;
            tx.settle_named_members(&[(member(1), true), (member(3), false)])
        })
        .expect("written");
    assert_eq!(forget_all(&store, Aged::ClosedTaskEvents(instant(15))), [1]);
    assert_eq!(
        forget_all(&store, Aged::ClosedTaskEvents(instant(1_000))),
        [1],
        "the third is not written out"
    );
    assert_eq!(
        forget_all(&store, Aged::NamedMembers(instant(3))),
        [1],
        "the second is not settled"
    );
    let left = store
        .read_tx("read", |tx| tx.named_members(instant(0), instant(9)))
        .expect("members");
    assert_eq!(
        left.iter()
            .map(|one| one.ends_at.micros())
            .collect::<Vec<_>>(),
        [2, 3]
    );
}
