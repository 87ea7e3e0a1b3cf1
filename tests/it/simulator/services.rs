//! What surrounds the workers, and what goes wrong with it: the [broker](super::broker), the
//! [relay](super::relay) and the way to the [database](super::database).

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::broker::Broker;
use super::relay::{Relay, RelayMood};
use super::scheduler::Scheduler;

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

/// Everything around the workers.
pub struct SimulatedServices {
    pub scheduler: Arc<Scheduler>,
    state: Mutex<State>,
}

#[derive(Default)]
pub struct State {
    trouble: Trouble,
    pub broker: Broker,
    pub relay: Relay,
    /// How often what went wrong.
    faults: BTreeMap<&'static str, usize>,
}

impl SimulatedServices {
    pub fn new(scheduler: Arc<Scheduler>, partitions: usize) -> Arc<Self> {
        let broker = Broker {
            partitions: vec![Vec::new(); partitions],
            ..Broker::default()
        };
        Arc::new(Self {
            scheduler,
            state: Mutex::new(State {
                broker,
                ..State::default()
            }),
        })
    }

    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn set_trouble(&self, trouble: Trouble) {
        self.scheduler.note(&format!("{trouble:?}"));
        self.state().trouble = trouble;
    }

    pub fn trouble(&self) -> Trouble {
        self.state().trouble
    }

    pub fn count(&self, fault: &'static str) {
        self.scheduler.note(fault);
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
        self.state()
            .broker
            .partitions
            .iter()
            .map(|messages| messages.len() as u64)
            .sum()
    }

    /// The broker removes a member from the group; it joins again with its next heartbeat.
    pub fn expel(&self, worker: usize) {
        self.count("a member is expelled");
        let mut state = self.state();
        if state.broker.members.remove(&worker).is_some() {
            state.broker.generation += 1;
        }
    }

    /// How often the relay took the mail of a Message-ID.
    pub fn taken(&self, message_id: &str) -> usize {
        self.state()
            .relay
            .taken
            .get(message_id)
            .copied()
            .unwrap_or(0)
    }

    pub fn taken_at_all(&self) -> Vec<String> {
        self.state().relay.taken.keys().cloned().collect()
    }

    pub fn refused(&self, message_id: &str) -> bool {
        self.state().relay.refused.contains(message_id)
    }
}
