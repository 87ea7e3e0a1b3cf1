//! A worker in a test environment: its clock moves from one instant at which something is due to
//! the next, its store is in memory, and every mail arrives, unless the scenario takes the relay
//! away.
//!
//! Invariant: the same scenario gives the same outcome on any machine, at any time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};

use crate::clock::{Clock, Time};
use crate::consume::{
    BatchLimits, Delivery, Input, Mode, PartitionProgress, Polled, RawBatch, Source, SourceError,
};
use crate::domain::last_reply::Phase;
use crate::domain::local_day::Timestamp;
use crate::notify::mailer::{Carrier, Leave, Letter, Mailer};
use crate::notify::retry::Outcome;
use crate::pipeline::decode_batch;
use crate::runtime::{AppError, OutboxDispatcher, Setup, Worker};
use crate::scenario::Message;
use crate::schedule::next_due;
use crate::store::in_memory::{Commit, Database, FaultInjector};
use crate::store::{Store, StoreError};

/// The name of the input.
const INPUT: &str = "scenario";

/// A worker and its environment.
pub(super) struct ScenarioRunner {
    setup: Setup,
    worker: Worker,
    store: Arc<Store>,
    dispatcher: OutboxDispatcher,
    /// Whether the relay is out of reach.
    relay_down: Arc<AtomicBool>,
    clock: Arc<SteppedClock>,
    source: Source,
    epoch: u64,
    /// How many messages were delivered.
    delivered: u64,
    /// When the changes that were delivered last have settled.
    settled_at: Option<Timestamp>,
}

impl ScenarioRunner {
    /// A worker that begins at an instant, on an empty store that is not loading.
    pub(super) fn begin(mut setup: Setup, at: Timestamp) -> Result<Self, AppError> {
        let clock = Arc::new(SteppedClock(AtomicI64::new(at.micros())));
        setup.clock = Clock::given(Arc::clone(&clock) as Arc<dyn Time>);
        let of_database = Arc::clone(&clock);
        let store = Arc::new(Database::new(move || of_database.now())?.store(Arc::new(NoFaults)));
        let epoch = store.write_tx("begin", |tx| -> Result<u64, StoreError> {
            tx.end_loading()?;
            Ok(tx.take_over(INPUT)?.epoch)
        })?;
        let relay_down = Arc::new(AtomicBool::new(false));
        let dispatcher = OutboxDispatcher::with(
            &setup,
            Mailer::Given(Box::new(ScenarioRelay {
                is_down: Arc::clone(&relay_down),
            })),
        )?;
        let worker = Worker::new(&setup, Arc::clone(&store), true)?.without_files();
        let source = Source::Given(Box::new(Nothing));
        Ok(Self {
            setup,
            worker,
            store,
            dispatcher,
            relay_down,
            clock,
            source,
            epoch,
            delivered: 0,
            settled_at: None,
        })
    }

    /// Takes the relay away, or brings it back.
    pub(super) fn set_relay_down(&self, is_down: bool) {
        self.relay_down.store(is_down, Ordering::SeqCst);
    }

    pub(super) const fn setup(&self) -> &Setup {
        &self.setup
    }

    pub(super) const fn store(&self) -> &Arc<Store> {
        &self.store
    }

    pub(super) const fn worker(&self) -> &Worker {
        &self.worker
    }

    pub(super) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Lets time pass up to an instant: with an evaluation at every instant before it at which
    /// anything is due.
    pub(super) fn pass_until(&mut self, at: Timestamp) -> Result<(), AppError> {
        while let Some(next) = self.next_due()?.filter(|next| *next < at) {
            self.clock.set(next);
            self.evaluate_and_send()?;
        }
        self.clock.set(at);
        Ok(())
    }

    /// When something is due next: midnight, a job, a notice, changes that have settled, a task.
    fn next_due(&self) -> Result<Option<Timestamp>, AppError> {
        let (now, settings) = (self.now(), self.worker.pipeline().settings());
        let zone = settings.plan.rules.zone;
        let working = |date: NaiveDate| settings.plan.calendar.is_working(date);
        let jobs = self
            .worker
            .leader
            .jobs
            .iter()
            .filter_map(|job| next_due(job, now, zone, &working));
        let notice = self
            .store
            .read_tx("find the next notice", |tx| tx.next_notice_due())?;
        let midnight = zone.end_of(zone.day_of(now));
        let tasks = self
            .store
            .read_tx("see when tasks are late", |tx| tx.open_tasks()?.all())?;
        let late = tasks.iter().flat_map(|task| [task.accept_by, task.due_at]);
        let dues = jobs
            .chain([midnight])
            .chain(notice)
            .chain(self.settled_at)
            .chain(late);
        Ok(dues.filter(|due| *due > now).min())
    }

    /// Evaluates the figures, runs what is due, and sends the mails that are due.
    pub(super) fn evaluate_and_send(&mut self) -> Result<(), AppError> {
        self.worker.evaluate_if_leading()?;
        self.send()
    }

    /// Sends the mails that are due, and notifies the operators of those that could not be sent for
    /// good.
    fn send(&mut self) -> Result<(), AppError> {
        let now = self.now();
        self.dispatcher.try_each(&self.store, now)?;
        self.dispatcher.notify_operators(&self.store, now).map(drop)
    }

    /// Delivers messages, which the worker ingests and evaluates at once.
    pub(super) fn deliver(&mut self, messages: &[Message]) -> Result<(), AppError> {
        if messages.is_empty() {
            return self.evaluate_and_send();
        }
        let (now, batch) = (self.now(), self.batch(messages));
        let rules = Arc::clone(&self.worker.pipeline().settings().decode);
        self.worker
            .ingest_batch(decode_batch(batch, &rules, now), &self.source, None)?;
        self.delivered += messages.len() as u64;
        self.settled_at =
            Some(now.plus(self.worker.pipeline().settings().plan.rules.signals.settle));
        self.send()
    }

    fn batch(&self, messages: &[Message]) -> RawBatch {
        let mut batch = RawBatch::default();
        for (message, position) in messages.iter().zip(self.delivered..) {
            let start = batch.bytes.len();
            batch.bytes.extend_from_slice(message.payload.as_bytes());
            batch.deliveries.push(Delivery {
                partition: 0,
                position,
                next_position: position + 1,
                next_byte: 0,
                gap_before: 0,
                bytes: start..batch.bytes.len(),
                mode: Mode::Structured,
            });
        }
        batch.partitions.push(PartitionProgress {
            name: INPUT.into(),
            epoch: self.epoch,
            next_position: self.delivered + messages.len() as u64,
            next_byte: 0,
            gaps: 0,
            lag: 0,
            ..PartitionProgress::default()
        });
        batch
    }
}

/// A clock that is stopped until it is set.
struct SteppedClock(AtomicI64);

impl SteppedClock {
    fn set(&self, at: Timestamp) {
        self.0.store(at.micros(), Ordering::SeqCst);
    }
}

impl Time for SteppedClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_micros(self.0.load(Ordering::SeqCst))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_micros(self.now().micros().unsigned_abs())
    }

    fn pause(&self, how_long: Duration) {
        self.set(
            self.now()
                .plus(TimeDelta::from_std(how_long).unwrap_or_default()),
        );
    }
}

/// The connection to a database that never fails.
struct NoFaults;

impl FaultInjector for NoFaults {
    fn begin(&self, _: &'static str) -> bool {
        true
    }

    fn commit(&self, _: &'static str) -> Commit {
        Commit::Done
    }

    fn ended(&self, _: &'static str) {}
}

/// The carrier of mails: each arrives, unless the relay is out of reach.
struct ScenarioRelay {
    is_down: Arc<AtomicBool>,
}

impl Carrier for ScenarioRelay {
    fn carry(&mut self, _: Letter<'_>, _: Leave<'_>) -> Outcome {
        if self.is_down.load(Ordering::SeqCst) {
            return Outcome::Deferred {
                phase: Phase::Connect,
                reply: "out of reach".to_owned(),
            };
        }
        Outcome::Accepted {
            reply: "250 taken".to_owned(),
        }
    }
}

/// An input without any: what comes is handed to the worker.
struct Nothing;

impl Input for Nothing {
    fn next_batch(&mut self, _: BatchLimits, _: Duration) -> Result<Polled, SourceError> {
        Ok(Polled::Drained)
    }

    fn dropped(&self, _: &[PartitionProgress]) {}

    fn close(self: Box<Self>) {}
}
