//! A worker's way to the database, which breaks.

use std::sync::Arc;

use sisan::store::in_memory::{Commit, FaultInjector};

use super::services::SimulatedServices;

/// A worker's way to the database.
pub struct WayToDatabase {
    pub services: Arc<SimulatedServices>,
    pub worker: usize,
}

impl FaultInjector for WayToDatabase {
    fn begin(&self, operation: &'static str) -> bool {
        self.services.scheduler.step(operation);
        let trouble = self.services.trouble();
        let fails = trouble.database_is_down || self.services.scheduler.chance(trouble.begin_fails);
        if fails {
            self.services.count("a transaction cannot begin");
        }
        !fails
    }

    fn commit(&self, _: &'static str) -> Commit {
        let (scheduler, trouble) = (&self.services.scheduler, self.services.trouble());
        if scheduler.chance(trouble.commit_crashes) {
            scheduler.crash_here(self.worker);
            let before = scheduler.chance(0.5);
            self.services.count(if before {
                "a worker crashes before a commit"
            } else {
                "a worker crashes after a commit"
            });
            return if before { Commit::Lost } else { Commit::Done };
        }
        if scheduler.chance(trouble.commit_fails) {
            let before = scheduler.chance(0.5);
            self.services.count(if before {
                "a connection breaks before a commit"
            } else {
                "a connection breaks after a commit"
            });
            return if before {
                Commit::Lost
            } else {
                Commit::AckLost
            };
        }
        Commit::Done
    }

    fn ended(&self, operation: &'static str) {
        self.services.scheduler.step(operation);
    }
}

/// Reads the database from outside, and is not on the scheduler.
pub struct Observer;

impl FaultInjector for Observer {
    fn begin(&self, _: &'static str) -> bool {
        true
    }

    fn commit(&self, _: &'static str) -> Commit {
        Commit::Done
    }

    fn ended(&self, _: &'static str) {}
}
