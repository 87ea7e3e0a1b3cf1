//! What surrounds the workers: the way to the database, the broker and the relay, each with its faults.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sisan::consume::{BatchLimits, Delivery, Input, Mode, PartitionProgress, Polled, REASSIGNED_WITHIN, RawBatch, SourceError};
use sisan::notify::mailer::{Carrier, Letter};
use sisan::notify::retry::{Outcome, Phase};
use sisan::store::Store;
use sisan::store::in_memory::{Commit, Line};

use super::stage::Stage;

/// The topic that the workers read.
pub const TOPIC: &str = "boss";
/// How long the broker waits for a member that says nothing.
const SESSION: Duration = Duration::from_secs(6);

/// What goes wrong now, with which probability.
#[derive(Debug, Clone, Copy, Default)]
pub struct Trouble {
    /// The database is out of reach.
    pub database_is_down: bool,
    /// A transaction cannot begin.
    pub begin_fails: f64,
    /// A connection breaks at a commit: before it, or after it.
    pub commit_fails: f64,
    /// The worker crashes at a commit: before it, or after it.
    pub commit_crashes: f64,
    /// What the relay does.
    pub relay: RelayMood,
}

/// What a relay does with mails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum RelayMood {
    /// Takes them.
    #[default]
    Well,
    /// Cannot be reached.
    Down,
    /// Says nothing, at any phase.
    Silent,
    /// Takes some, puts some off, refuses some, loses some replies, and is slow.
    Fickle,
    /// Refuses us.
    RefusesUs,
}

/// Everything around the workers.
pub struct World {
    pub stage: Arc<Stage>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    trouble: Trouble,
    broker: Broker,
    relay: Relay,
    /// By worker and step: how often what went wrong.
    faults: BTreeMap<&'static str, usize>,
}

#[derive(Default)]
struct Broker {
    partitions: Vec<Vec<Vec<u8>>>,
    /// When each member was last heard of, and the assignment that it knows.
    members: BTreeMap<usize, (Duration, u64)>,
    /// Raised by every rebalance.
    generation: u64,
}

/// What the relay took.
#[derive(Default)]
struct Relay {
    /// By Message-ID: how often it was taken, and how often nobody was told so.
    taken: BTreeMap<String, usize>,
    refused: BTreeSet<String>,
}

impl World {
    pub fn new(stage: Arc<Stage>, partitions: usize) -> Arc<Self> {
        let broker = Broker { partitions: vec![Vec::new(); partitions], ..Broker::default() };
        Arc::new(Self { stage, state: Mutex::new(State { broker, ..State::default() }) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set_trouble(&self, trouble: Trouble) {
        self.stage.note(&format!("{trouble:?}"));
        self.state().trouble = trouble;
    }

    fn trouble(&self) -> Trouble {
        self.state().trouble
    }

    pub fn count(&self, fault: &'static str) {
        self.stage.note(fault);
        *self.state().faults.entry(fault).or_default() += 1;
    }

    /// How often what went wrong.
    pub fn faults(&self) -> BTreeMap<&'static str, usize> {
        self.state().faults.clone()
    }

    pub fn publish(&self, partition: usize, message: Vec<u8>) {
        self.state().broker.partitions[partition].push(message);
    }

    pub fn add_partition(&self) {
        self.count("a partition is added");
        let mut state = self.state();
        state.broker.partitions.push(Vec::new());
        state.broker.generation += 1;
    }

    pub fn partitions(&self) -> usize {
        self.state().broker.partitions.len()
    }

    pub fn published(&self) -> u64 {
        self.state().broker.partitions.iter().map(|messages| messages.len() as u64).sum()
    }

    /// The broker forgets a member: it is heard of again.
    pub fn expel(&self, worker: usize) {
        self.count("a member is expelled");
        let mut state = self.state();
        if state.broker.members.remove(&worker).is_some() {
            state.broker.generation += 1;
        }
    }

    /// How often the relay took the mail of a Message-ID.
    pub fn taken(&self, message_id: &str) -> usize {
        self.state().relay.taken.get(message_id).copied().unwrap_or(0)
    }

    pub fn taken_at_all(&self) -> Vec<String> {
        self.state().relay.taken.keys().cloned().collect()
    }

    pub fn refused(&self, message_id: &str) -> bool {
        self.state().relay.refused.contains(message_id)
    }
}

/// A worker's way to the database.
pub struct WayToDatabase {
    pub world: Arc<World>,
    pub worker: usize,
}

impl Line for WayToDatabase {
    fn begin(&self, doing: &'static str) -> bool {
        self.world.stage.step(doing);
        let trouble = self.world.trouble();
        let fails = trouble.database_is_down || self.world.stage.chance(trouble.begin_fails);
        if fails {
            self.world.count("a transaction cannot begin");
        }
        !fails
    }

    fn commit(&self, _: &'static str) -> Commit {
        let (stage, trouble) = (&self.world.stage, self.world.trouble());
        if stage.chance(trouble.commit_crashes) {
            stage.crash_here(self.worker);
            let before = stage.chance(0.5);
            self.world.count(if before { "a worker crashes before a commit" } else { "a worker crashes after a commit" });
            return if before { Commit::Lost } else { Commit::Done };
        }
        if stage.chance(trouble.commit_fails) {
            let before = stage.chance(0.5);
            self.world.count(if before { "a connection breaks before a commit" } else { "a connection breaks after a commit" });
            return if before { Commit::Lost } else { Commit::Unheard };
        }
        Commit::Done
    }

    fn ended(&self, doing: &'static str) {
        self.world.stage.step(doing);
    }
}

/// Somebody who looks at the database and is not on the stage.
pub struct Onlooker;

impl Line for Onlooker {
    fn begin(&self, _: &'static str) -> bool {
        true
    }

    fn commit(&self, _: &'static str) -> Commit {
        Commit::Done
    }

    fn ended(&self, _: &'static str) {}
}

/// A partition that is read.
struct Owned {
    number: usize,
    name: Arc<str>,
    epoch: u64,
    next: usize,
    /// Whether the store does not know it yet.
    is_new: bool,
}

/// A member of the consumer group.
pub struct Member {
    world: Arc<World>,
    store: Arc<Store>,
    worker: usize,
    stop: sisan::consume::StopSignal,
    generation: Option<u64>,
    owned: Vec<Owned>,
    /// Partitions and the epochs under which a batch of theirs was dropped, and when.
    dropped: Mutex<BTreeMap<Arc<str>, (u64, Duration)>>,
}

impl Member {
    pub fn join(world: Arc<World>, store: Arc<Store>, worker: usize, stop: sisan::consume::StopSignal) -> Self {
        Self { world, store, worker, stop, generation: None, owned: Vec::new(), dropped: Mutex::default() }
    }

    /// Lets the broker know of itself; takes over what is now its own.
    fn heartbeat(&mut self) -> Result<(), SourceError> {
        let now = self.world.stage.awake();
        let (generation, mine) = {
            let mut state = self.world.state();
            let broker = &mut state.broker;
            let before = broker.members.len();
            broker.members.retain(|worker, (heard, _)| *worker == self.worker || now.saturating_sub(*heard) <= SESSION);
            let is_new = broker.members.insert(self.worker, (now, broker.generation)).is_none();
            if is_new || broker.members.len() < before {
                broker.generation += 1;
            }
            let place = broker.members.keys().position(|worker| *worker == self.worker).unwrap_or(0);
            let mine: Vec<usize> = (0..broker.partitions.len()).filter(|number| number % broker.members.len() == place).collect();
            (broker.generation, mine)
        };
        if self.generation == Some(generation) {
            return self.check_for_displacement(now);
        }
        self.owned.clear();
        let taken = self.store.write_batch("take partitions over", |tx| {
            mine.iter()
                .map(|number| {
                    let name: Arc<str> = format!("{TOPIC}-{number}").into();
                    let taken = tx.take_over(&name)?;
                    let next = taken.next_position.unwrap_or(0) as usize;
                    Ok(Owned { number: *number, name, epoch: taken.epoch, next, is_new: taken.next_position.is_none() })
                })
                .collect::<Result<Vec<_>, sisan::store::StoreError>>()
        });
        // As the real one: what the store says ends the source.
        self.owned = taken.map_err(|error| SourceError::Positions { partitions: TOPIC.to_owned(), source: error.into() })?;
        self.generation = Some(generation);
        Ok(())
    }

    fn check_for_displacement(&self, now: Duration) -> Result<(), SourceError> {
        let dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        let is_displaced = |one: &&Owned| {
            dropped.get(&one.name).is_some_and(|(epoch, when)| *epoch == one.epoch && now.saturating_sub(*when) > REASSIGNED_WITHIN)
        };
        let displaced = self.owned.iter().find(is_displaced);
        displaced.map_or(Ok(()), |one| Err(SourceError::Displaced { partition: one.name.to_string() }))
    }

    fn take(&mut self, limits: BatchLimits) -> Option<RawBatch> {
        let mut batch = RawBatch::default();
        let most = 1 + self.world.stage.below(limits.events_max);
        let first = self.world.stage.below(self.owned.len().max(1));
        let count = self.owned.len();
        let world = Arc::clone(&self.world);
        let state = world.state();
        for at in 0..count {
            let owned = &mut self.owned[(first + at) % count];
            let log = &state.broker.partitions[owned.number];
            let taken: Vec<&Vec<u8>> = log.iter().skip(owned.next).take(most.saturating_sub(batch.deliveries.len())).collect();
            if taken.is_empty() && !std::mem::take(&mut owned.is_new) {
                continue;
            }
            owned.is_new = false;
            let partition = batch.partitions.len() as u16;
            for message in taken {
                let (start, position) = (batch.bytes.len(), owned.next as u64);
                batch.bytes.extend_from_slice(message);
                owned.next += 1;
                batch.deliveries.push(Delivery {
                    partition,
                    position,
                    next_position: position + 1,
                    next_byte: 0,
                    gap_before: 0,
                    bytes: start..batch.bytes.len(),
                    mode: Mode::Structured,
                });
            }
            batch.partitions.push(PartitionProgress {
                name: Arc::clone(&owned.name),
                epoch: owned.epoch,
                next_position: owned.next as u64,
                next_byte: 0,
                gaps: 0,
                lag: (log.len() - owned.next) as u64,
            });
        }
        (!batch.partitions.is_empty()).then_some(batch)
    }
}

impl Input for Member {
    fn next_batch(&mut self, limits: BatchLimits, idle: Duration) -> Result<Polled, SourceError> {
        self.world.stage.step("polls");
        if self.stop.is_stopped() {
            return Ok(Polled::Stopped);
        }
        self.heartbeat()?;
        if let Some(batch) = self.take(limits) {
            return Ok(Polled::Batch(batch));
        }
        self.world.stage.pause_for("waits for messages", idle);
        self.heartbeat()?;
        Ok(self.take(limits).map_or(Polled::Idle, Polled::Batch))
    }

    fn dropped(&self, progress: &[PartitionProgress]) {
        let now = self.world.stage.awake();
        let mut dropped = self.dropped.lock().unwrap_or_else(PoisonError::into_inner);
        dropped.extend(progress.iter().map(|one| (Arc::clone(&one.name), (one.epoch, now))));
    }

    fn close(self: Box<Self>) {
        let mut state = self.world.state();
        state.broker.members.remove(&self.worker);
        state.broker.generation += 1;
    }
}

/// A worker's way to the relay.
pub struct WayToRelay {
    pub world: Arc<World>,
}

impl WayToRelay {
    /// As it goes while the relay is fickle.
    fn fickle(&self) -> (Duration, Outcome) {
        let stage = &self.world.stage;
        let slow = Duration::from_millis(stage.below(90_000) as u64);
        let reply = || "4xx".to_owned();
        let outcome = match stage.below(8) {
            0 | 1 => Outcome::Accepted { reply: "250 queued".into() },
            2 => Outcome::Deferred { phase: Phase::RcptTo, reply: reply() },
            3 => Outcome::Deferred { phase: Phase::Data, reply: reply() },
            4 => Outcome::Deferred { phase: Phase::Greeting, reply: reply() },
            5 | 6 => Outcome::Uncertain { reply: "connection lost".into() },
            _ => Outcome::RecipientRefused { code: 550, reply: "no such user".into() },
        };
        (slow, outcome)
    }
}

impl Carrier for WayToRelay {
    fn carry(&mut self, letter: Letter<'_>) -> Outcome {
        let stage = &self.world.stage;
        let message_id = message_id_of(letter.message);
        let (pause, outcome) = match self.world.trouble().relay {
            RelayMood::Well => (Duration::from_millis(30), Outcome::Accepted { reply: "250 queued".into() }),
            RelayMood::Down => (Duration::from_millis(5), Outcome::Deferred { phase: Phase::Connect, reply: "connection refused".into() }),
            RelayMood::RefusesUs => {
                (Duration::from_millis(30), Outcome::RelayRefused { phase: Phase::MailFrom, reply: "550 not you".into() })
            }
            RelayMood::Silent => match stage.below(3) {
                0 => (Duration::from_secs(30), Outcome::Deferred { phase: Phase::Greeting, reply: "no answer".into() }),
                1 => (Duration::from_secs(300), Outcome::Deferred { phase: Phase::RcptTo, reply: "no answer".into() }),
                _ => (Duration::from_secs(600), Outcome::Uncertain { reply: "no answer".into() }),
            },
            RelayMood::Fickle => self.fickle(),
        };
        stage.pause_for("hands a mail over", pause);
        let taken = match outcome {
            Outcome::Accepted { .. } => true,
            // It may have been taken all the same.
            Outcome::Uncertain { .. } => stage.chance(0.5),
            _ => false,
        };
        {
            let mut state = self.world.state();
            if taken {
                *state.relay.taken.entry(message_id.clone()).or_default() += 1;
            }
            if matches!(outcome, Outcome::RecipientRefused { .. }) {
                state.relay.refused.insert(message_id);
            }
        }
        self.world.count(match outcome {
            Outcome::Accepted { .. } => "a mail is taken",
            Outcome::Uncertain { .. } => "the reply to a mail is lost",
            Outcome::RecipientRefused { .. } => "a mail is refused",
            Outcome::Deferred { .. } => "a mail is put off",
            Outcome::RelayRefused { .. } => "the relay refuses us",
        });
        // Between its reply and what the worker makes of it.
        stage.step("has the relay's reply");
        outcome
    }
}

fn message_id_of(message: &[u8]) -> String {
    let text = String::from_utf8_lossy(message);
    let line = text.lines().find(|line| line.to_ascii_lowercase().starts_with("message-id:"));
    line.and_then(|line| line.split_once(':')).map_or_else(String::new, |(_, id)| id.trim().to_owned())
}
