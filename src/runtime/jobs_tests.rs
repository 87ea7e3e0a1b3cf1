//! Runs of jobs that take too long, and what is forgotten: a worker on a store of its own, with a
//! clock that is given.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::clock::{Clock, Time};
use crate::config;
use crate::domain::entity::EntityKey;
use crate::domain::event::{Event, EventData, Every, KeyDate, KeyDateKind, KeyDay, Manager, Order};
use crate::domain::identity::Identity;
use crate::domain::ids::{GroupId, KeyDateId, ManagerId, SubscriberId};
use crate::domain::job_outcome::{Forgettable, JobOutcome};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::locale::Locale;
use crate::domain::mail::NoticeTopic;
use crate::domain::ops_notice::OpsNotice;
use crate::notify::words::job_outcome;
use crate::runtime::{Setup, Worker};
use crate::store::{BriefSpan, Setting, Staged, Store, StoreError};

/// A clock that moves a minute each time it is read.
struct Slow {
    now: Timestamp,
    readings: AtomicU64,
}

impl Time for Slow {
    fn now(&self) -> Timestamp {
        self.now
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(60 * self.readings.fetch_add(1, Ordering::SeqCst))
    }

    fn pause(&self, _: Duration) {}
}

fn at(text: &str) -> Timestamp {
    chrono::DateTime::parse_from_rfc3339(text)
        .expect("an instant")
        .to_utc()
        .into()
}

/// A setup that has one job, which may take as many minutes.
fn setup(dir: &Path, job: &str, minutes: u64, now: Timestamp) -> Setup {
    let path = |part: &str| dir.join(part).display().to_string();
    let variables = [
        ("SISAN__SOURCE__FILES__DIR", path("events")),
        ("SISAN__STORE__URL", format!("sqlite:{}", path("sisan.db"))),
        ("SISAN__MAIL__FOLDER", path("mails")),
        ("SISAN__REPORT__DIR", path("reports")),
        ("SISAN__BACKUP__DIR", path("backups")),
    ];
    let config = config::load(
        &[],
        variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    )
    .expect("a configuration");
    let mut setup = Setup::from_config(config).expect("a setup");
    setup.clock = Clock::given(Arc::new(Slow {
        now,
        readings: AtomicU64::new(0),
    }));
    setup.jobs.retain(|one| one.name.as_str() == job);
    setup
        .jobs
        .iter_mut()
        .for_each(|job| job.timeout = Duration::from_secs(60 * minutes));
    setup
}

fn worker(setup: &Setup) -> (Worker, Arc<Store>) {
    let store = Arc::new(
        setup
            .migrate_store()
            .and_then(Store::lock)
            .expect("a store"),
    );
    let mut worker = Worker::new(setup, Arc::clone(&store), true).expect("a worker");
    worker.pipeline.lead().expect("the lease");
    (worker, store)
}

#[test]
fn a_run_over_its_timeout_is_ended_told_and_not_begun_again_before_its_next_due_time() {
    let dir = tempfile::tempdir().expect("a folder");
    let due_at = at("2026-10-12T01:00:00+08:00");
    let setup = setup(dir.path(), "prune_history", 3, due_at);
    let (mut worker, store) = worker(&setup);
    let runs = || {
        store
            .read_tx("read", |tx| tx.job_runs("prune_history", Timestamp::MAX, 9))
            .expect("runs")
    };
    store
        .write_tx("a run before", |tx| {
            tx.claim_job_run("prune_history", at("2026-10-11T01:00:00+08:00"))
        })
        .expect("a run");
    worker
        .leader
        .run_due_jobs(&mut worker.pipeline, due_at)
        .expect("a run");
    let outcome = runs()[0].outcome.clone().expect("an outcome");
    let outcome = job_outcome::text(Locale::En, None, &outcome);
    assert!(
        outcome.starts_with("failed: ")
            && outcome.contains("E_JOB_TIMEOUT")
            && outcome.contains("hint:"),
        "{outcome}"
    );
    let notices = store
        .read_tx("read", |tx| tx.due_notices(due_at)?.all())
        .expect("notices");
    assert!(
        matches!(&notices[..], [one] if matches!(&one.topic, NoticeTopic::Ops(OpsNotice::JobFailed { outcome: JobOutcome::Failed(error), .. }) if error.contains("E_JOB_TIMEOUT"))),
        "{notices:?}"
    );
    for later in ["2026-10-12T01:00:01+08:00", "2026-10-13T00:59:59+08:00"] {
        worker
            .leader
            .run_due_jobs(&mut worker.pipeline, at(later))
            .expect("no run");
        assert_eq!(runs().len(), 2, "{later}");
    }
    worker
        .leader
        .run_due_jobs(&mut worker.pipeline, at("2026-10-13T01:00:00+08:00"))
        .expect("the next run");
    assert_eq!(runs().len(), 3);
}

#[test]
fn a_run_within_its_timeout_says_what_it_did() {
    let dir = tempfile::tempdir().expect("a folder");
    let due_at = at("2026-10-12T01:00:00+08:00");
    let setup = setup(dir.path(), "prune_history", 60, due_at);
    let (mut worker, store) = worker(&setup);
    let job = setup.jobs[0].clone();
    let old = [
        "2025-08-01T01:00:00+08:00",
        "2025-08-02T01:00:00+08:00",
        "2026-10-11T01:00:00+08:00",
    ]
    .map(at);
    store
        .write_tx("runs of long ago", |tx| {
            old.iter().try_for_each(|due| {
                tx.claim_job_run("daily_report", *due)?;
                tx.finish_job_run("daily_report", *due, *due, &JobOutcome::WallClockOnly)
            })
        })
        .expect("runs");
    worker.run_by_hand(&job, due_at, false).expect("a run");
    let outcome = store
        .read_tx("read", |tx| tx.job_runs("prune_history", Timestamp::MAX, 1))
        .expect("runs")[0]
        .outcome
        .clone();
    assert_eq!(
        outcome,
        Some(JobOutcome::Forgotten(vec![(Forgettable::JobRuns, 2)]))
    );
    let left = store
        .read_tx("read", |tx| tx.job_runs("daily_report", Timestamp::MAX, 9))
        .expect("runs");
    assert_eq!(
        left.iter().map(|run| run.due_at).collect::<Vec<_>>(),
        [old[2]]
    );
}

/// A manager, who gets a brief and has a birthday reminder, and an identity, which a closing
/// forgets.
fn some_world(store: &Store, today: Timestamp) {
    let event = |id: &str, data| Event {
        order: Order {
            time: Timestamp::from_micros(1),
            id: id.into(),
            source: "/crm".into(),
        },
        data,
    };
    let manager = Manager {
        manager_id: ManagerId::parse("M1").expect("an id"),
        name: "欧阳".into(),
        email: "m1@example.com".into(),
        supervisor_id: None,
        chief: false,
        delegate_id: None,
        away_until: None,
        active: true,
        locale: None,
    };
    let birthday = KeyDate {
        key_date_id: KeyDateId::parse("K1").expect("an id"),
        group_id: GroupId::parse("G1").expect("an id"),
        kind: KeyDateKind::Birthday,
        title: "王总生日".into(),
        contact: None,
        day: KeyDay::Solar("1970-10-13".parse().expect("a day")),
        every: Every::Year,
        lead_days: Some(vec![1]),
        removed: false,
    };
    let went_to = EntityKey::Subscriber(SubscriberId::parse("13800000001").expect("an id"));
    let mut staged = Staged::default();
    staged.delta.references = vec![
        event("m", EventData::Manager(manager)),
        event("k", EventData::KeyDate(birthday)),
    ];
    staged.add_identities(
        &[(
            7,
            Identity {
                day: LocalDay::from_number(20_000),
                meaning: 1,
                went_to,
            },
        )],
        Vec::new(),
    );
    store
        .write_tx("a read model", |tx| -> Result<(), StoreError> {
            tx.stage(&staged)?;
            tx.save(&staged)?;
            tx.set(Setting::EventClock, today.micros())?;
            tx.end_loading()
        })
        .expect("a read model");
}

/// The outcome of a run; how many notices and reminders there are, the brief that was begun, until
/// when months are closed, and how many identities are known.
fn left_behind(
    store: &Store,
    job: &str,
    due_at: Timestamp,
) -> (String, usize, Option<BriefSpan>, Option<Timestamp>, usize) {
    let read = store.read_tx("read", |tx| {
        let outcome = tx
            .job_runs(job, Timestamp::MAX, 1)?
            .remove(0)
            .outcome
            .expect("an outcome");
        let outcome = job_outcome::text(Locale::En, None, &outcome);
        let notices = tx
            .due_notices(due_at)?
            .all()?
            .into_iter()
            .filter(|notice| !matches!(notice.topic, NoticeTopic::Ops(_)))
            .count();
        let known = tx.known([7].into())?.identities.len();
        Ok((
            outcome,
            notices + tx.reminders()?.len(),
            tx.brief_span()?,
            tx.lateness_policy()?.closed_before,
            known,
        ))
    });
    read.expect("a read")
}

#[test]
fn a_run_that_is_ended_within_its_one_transaction_or_file_leaves_nothing_behind() {
    let due_at = at("2026-10-12T01:00:00+08:00");
    for job in [
        "daily_brief",
        "key_date_reminders",
        "escalate_tasks",
        "close_month",
        "check_store",
        "backup",
    ] {
        for (minutes, is_ended) in [(0, true), (600, false)] {
            let dir = tempfile::tempdir().expect("a folder");
            let setup = setup(dir.path(), job, minutes, due_at);
            some_world(&setup.migrate_store().expect("a store"), due_at);
            let (mut worker, store) = worker(&setup);
            worker
                .run_by_hand(&setup.jobs[0], due_at, true)
                .expect("a run");
            let (outcome, made, span, closed, known) = left_behind(&store, job, due_at);
            assert_eq!(
                outcome.contains("E_JOB_TIMEOUT"),
                is_ended,
                "{job} within {minutes} minutes: {outcome}"
            );
            let copies = std::fs::read_dir(dir.path().join("backups")).map_or(0, Iterator::count);
            let done = (
                made > 0,
                span.is_some(),
                closed.is_some(),
                known == 0,
                copies > 0,
            );
            let (brief, reminders, closing, backup) = (
                job == "daily_brief",
                job == "key_date_reminders",
                job == "close_month",
                job == "backup",
            );
            let expected = (brief || reminders, brief, closing, closing, backup);
            assert_eq!(
                done,
                if is_ended {
                    (false, false, false, false, false)
                } else {
                    expected
                },
                "{job} within {minutes} minutes: {outcome}"
            );
        }
    }
}
