//! One run of a seed: workers are started, killed, frozen and cut off while messages come, then
//! everything is put right and must drain.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use sisan::clock::Clock;
use sisan::consume::{Source, StopSignal};
use sisan::domain::local_day::Timestamp;
use sisan::notify::mailer::Mailer;
use sisan::runtime::{AppError, OutboxDispatcher, Setup, Worker};
use sisan::simulate::Rng;
use sisan::store::Store;
use sisan::store::in_memory::Database;
use tempfile::TempDir;

use super::broker::{Member, TOPIC};
use super::database::{Observer, WayToDatabase};
use super::events::{Input, input_of};
use super::relay::WayToRelay;
use super::scheduler::{ScheduledThread, Scheduler};
use super::services::{SimulatedServices, Trouble};

/// What is drawn from, beside [events](super::events): low and high, both included.
pub const WORKERS: (i32, i32) = (1, 4);
pub const PARTITIONS: (i32, i32) = (1, 6);
pub const HOURS: (i32, i32) = (2, 30);
pub const SKEW_SECONDS: i32 = 3;
pub const FROZEN_SECONDS: (i32, i32) = (1, 20);
/// The first instant at which a run may begin: half a minute into 2026-09-02, so that no job is
/// due just then.
const FIRST_US: i64 = 1_788_307_230_000_000;
/// About how often the director does something.
const ROUNDS: u64 = 80;
/// How long after the last fault everything must have drained, and when a run ends.
pub const DRAINED_WITHIN: TimeDelta = TimeDelta::hours(5);

/// A worker that runs.
pub(super) struct Running {
    stop: StopSignal,
    threads: Vec<ScheduledThread>,
}

/// A run of a seed.
pub struct Simulation {
    pub scheduler: Arc<Scheduler>,
    pub services: Arc<SimulatedServices>,
    pub setup: Arc<Setup>,
    pub input: Input,
    pub begun: Timestamp,
    pub ends: Timestamp,
    database: Database,
    pub(super) running: Vec<Option<Running>>,
    pub(super) frozen: BTreeMap<usize, Duration>,
    over: TimeDelta,
    pub(super) rng: Rng,
    published: usize,
    homes: BTreeMap<usize, usize>,
    _folder: TempDir,
}

impl Simulation {
    /// The scheduler of a seed, with one worker without faults or with all that the seed has.
    pub fn with_seed(seed: u64, is_disturbed: bool) -> Self {
        let mut rng = Rng::new(seed, 2);
        let month = TimeDelta::days(30) * rng.below(2) as i32;
        let begun = Timestamp::from_micros(FIRST_US)
            .plus(month + TimeDelta::minutes(i64::from(rng.between(0, 4 * 24 * 60))));
        let over = TimeDelta::hours(i64::from(rng.between(HOURS.0, HOURS.1)));
        let (workers, partitions) = (
            rng.between(WORKERS.0, WORKERS.1) as usize,
            rng.between(PARTITIONS.0, PARTITIONS.1) as usize,
        );
        let workers = if is_disturbed { workers } else { 1 };
        let scheduler = Scheduler::new(seed, begun, workers);
        let folder = tempfile::tempdir_in("/dev/shm")
            .or_else(|_| tempfile::tempdir())
            .expect("a folder");
        let mut setup = setup_in(folder.path(), 1 + rng.below(60));
        setup.clock = Clock::given(Arc::clone(&scheduler) as _);
        let clock = Arc::clone(&scheduler);
        let database = Database::new(move || clock.true_now()).expect("a database");
        let services = SimulatedServices::new(Arc::clone(&scheduler), partitions);
        if is_disturbed {
            for worker in 0..workers {
                let ahead = TimeDelta::seconds(i64::from(rng.between(-SKEW_SECONDS, SKEW_SECONDS)));
                scheduler.skew(worker, ahead);
            }
        }
        Self {
            scheduler,
            services,
            setup: Arc::new(setup),
            input: input_of(seed, begun, over),
            begun,
            ends: begun.plus(over + DRAINED_WITHIN + TimeDelta::hours(1)),
            database,
            running: (0..workers).map(|_| None).collect(),
            frozen: BTreeMap::new(),
            over,
            rng,
            published: 0,
            homes: BTreeMap::new(),
            _folder: folder,
        }
    }

    /// How long messages come.
    pub const fn hours(&self) -> i64 {
        self.over.num_hours()
    }

    /// The database, for reading from outside the scheduler.
    pub fn store(&self) -> Store {
        self.database.store(Arc::new(Observer))
    }

    /// Runs it to its end; returns whether everything drained in time.
    pub fn run(&mut self, is_disturbed: bool) -> bool {
        self.store()
            .write_tx("end the first load", |tx| tx.end_loading())
            .expect("an empty store");
        // Jobs are due from the first evaluation pass on.
        self.publish();
        self.start_all();
        self.wait(TimeDelta::zero());
        let round = self.over / ROUNDS as i32;
        let begins_to_end = self.begun.plus(self.over);
        while self.scheduler.true_now() < begins_to_end {
            self.publish();
            if is_disturbed {
                self.disturb();
            } else {
                self.start_all();
            }
            let leap = round * 2 * self.rng.below(1_000) as i32 / 1_000;
            self.wait(leap);
        }
        self.services.set_trouble(Trouble::default());
        self.thaw(Duration::MAX);
        let mut is_late = false;
        while self.scheduler.true_now() < self.ends {
            self.publish();
            self.start_all();
            let late = self.scheduler.true_now() > begins_to_end.plus(DRAINED_WITHIN);
            let mut has_drained = self.has_drained();
            if late && !has_drained {
                // A job may have raised a notice just now.
                self.wait(TimeDelta::minutes(2));
                has_drained = self.has_drained();
                is_late = !has_drained;
            }
            if is_late {
                break;
            }
            self.wait(TimeDelta::minutes(if has_drained { 30 } else { 5 }));
        }
        self.wait(TimeDelta::zero());
        self.wait(TimeDelta::seconds(10));
        self.stop_all();
        !is_late && self.has_drained()
    }

    /// Lets everybody act for a moment, then has the clock leap.
    fn wait(&self, leap: TimeDelta) {
        self.scheduler
            .pause_for("waits", Duration::from_millis(1_200));
        // Every run ends at the same instant.
        let left = self.ends.since(self.scheduler.true_now());
        self.scheduler
            .leap(leap.min(left).to_std().unwrap_or_default());
    }

    fn publish(&mut self) {
        let until = self.scheduler.true_now().since(self.begun);
        while let Some(message) = self
            .input
            .messages
            .get(self.published)
            .filter(|message| message.after <= until)
        {
            let (partitions, key) = (self.services.partitions(), message.key);
            // What keeps its order keeps its partition.
            let partition = *self.homes.entry(key).or_insert(key % partitions);
            self.services.publish(partition, message.text.clone());
            self.published += 1;
        }
    }

    fn start_all(&mut self) {
        (0..self.running.len()).for_each(|worker| self.start(worker));
    }

    /// Starts a worker, if it has ended.
    pub(super) fn start(&mut self, worker: usize) {
        if let Some(running) = self.running[worker]
            .take_if(|running| running.threads.iter().all(ScheduledThread::has_ended))
        {
            running.threads.into_iter().for_each(ScheduledThread::join);
        }
        if self.running[worker].is_some() {
            return;
        }
        let stop = StopSignal::new();
        let way = || {
            Arc::new(WayToDatabase {
                services: Arc::clone(&self.services),
                worker,
            })
        };
        let store = Arc::new(self.database.store(way()));
        let (services, setup) = (Arc::clone(&self.services), Arc::clone(&self.setup));
        let (of_loop, stop_loop) = (Arc::clone(&store), stop.clone());
        let loop_thread = self.scheduler.spawn(worker, move || {
            let ended = take_events(&services, &setup, &of_loop, worker, &stop_loop);
            if let Err(error) = ended {
                services.scheduler.note(&format!("{:#}", error.error));
            }
            stop_loop.stop();
        });
        let (services, setup, stop_mail) = (
            Arc::clone(&self.services),
            Arc::clone(&self.setup),
            stop.clone(),
        );
        let mail_thread = self.scheduler.spawn(worker, move || {
            let dispatcher =
                OutboxDispatcher::with(&setup, Mailer::Given(Box::new(WayToRelay { services })))
                    .expect("a thread");
            dispatcher.deliver(&store, &stop_mail);
        });
        self.running[worker] = Some(Running {
            stop,
            threads: vec![loop_thread, mail_thread],
        });
    }

    /// Asks a worker to stop.
    pub(super) fn stop(&self, worker: usize) {
        self.running[worker]
            .iter()
            .for_each(|running| running.stop.stop());
    }

    fn stop_all(&mut self) {
        (0..self.running.len()).for_each(|worker| self.stop(worker));
        while self
            .running
            .iter()
            .flatten()
            .flat_map(|running| &running.threads)
            .any(|thread| !thread.has_ended())
        {
            self.scheduler
                .pause_for("waits for the end", Duration::from_secs(1));
        }
        self.running
            .iter_mut()
            .filter_map(Option::take)
            .flat_map(|running| running.threads)
            .for_each(ScheduledThread::join);
    }

    /// What is not published, not ingested, not applied, not notified or not sent yet.
    pub fn waiting(&self) -> Vec<(&'static str, usize)> {
        let waiting = self.store().read_tx("see what waits", |tx| {
            let passed: u64 = tx
                .sources()?
                .iter()
                .map(|source| source.next_position)
                .sum();
            let due = tx
                .next_notice_due()?
                .filter(|due| *due < self.scheduler.true_now());
            Ok([
                (
                    "messages to come",
                    self.input.messages.len() - self.published,
                ),
                ("messages", (self.services.published() - passed) as usize),
                ("deltas", tx.queued_deltas()?.len()),
                ("notices", usize::from(due.is_some())),
                ("mails", tx.mails_waiting()? as usize),
            ])
        });
        waiting
            .expect("a store")
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .collect()
    }

    fn has_drained(&self) -> bool {
        self.waiting().is_empty()
    }
}

/// A configuration whose files lie in a folder, with batches of at most so many events.
fn setup_in(folder: &Path, events_max: usize) -> Setup {
    let variables = [
        (
            "SISAN__REPORT__DIR",
            folder.join("reports").display().to_string(),
        ),
        (
            "SISAN__TASKS__CLOSED_DIR",
            folder.join("closed_tasks").display().to_string(),
        ),
        (
            "SISAN__MAIL__FOLDER",
            folder.join("mails").display().to_string(),
        ),
        ("SISAN__SOURCE__KIND", "kafka".to_owned()),
        ("SISAN__SOURCE__KAFKA__BROKERS", "broker:9092".to_owned()),
        ("SISAN__SOURCE__KAFKA__TOPICS", TOPIC.to_owned()),
        ("SISAN__BATCH__EVENTS_MAX", events_max.to_string()),
        (
            "SISAN__STORE__URL",
            "postgres://sisan@database/sisan".to_owned(),
        ),
        ("SISAN__MAIL__OPS", "ops@sisan.example.com".to_owned()),
        // No limit holds back the notice of a task.
        ("SISAN__MAIL__PER_PERSON_PER_HOUR_MAX", "1000".to_owned()),
        ("SISAN__TASKS__PER_MANAGER_PER_DAY_MAX", "1000".to_owned()),
    ];
    let variables = variables
        .into_iter()
        .map(|(key, value)| (key.to_owned(), value));
    Setup::from_config(sisan::config::load(&[], variables).expect("a configuration"))
        .expect("a setup")
}

/// What a worker's process does.
fn take_events(
    services: &Arc<SimulatedServices>,
    setup: &Setup,
    store: &Arc<Store>,
    worker: usize,
    stop: &StopSignal,
) -> Result<(), AppError> {
    let open = || {
        let member = Member::join(
            Arc::clone(services),
            Arc::clone(store),
            worker,
            stop.clone(),
        );
        Ok(Some(Source::Given(Box::new(member))))
    };
    Worker::new(setup, Arc::clone(store), true)?
        .run(&open, None, stop)
        .map(drop)
}
