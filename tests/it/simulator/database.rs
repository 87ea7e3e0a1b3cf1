//! A worker's way to the database, which breaks.

use std::sync::Arc;

use sisan::store::in_memory::{Commit, Line};

use super::world::World;

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
            self.world.count(if before {
                "a worker crashes before a commit"
            } else {
                "a worker crashes after a commit"
            });
            return if before { Commit::Lost } else { Commit::Done };
        }
        if stage.chance(trouble.commit_fails) {
            let before = stage.chance(0.5);
            self.world.count(if before {
                "a connection breaks before a commit"
            } else {
                "a connection breaks after a commit"
            });
            return if before {
                Commit::Lost
            } else {
                Commit::Unheard
            };
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
