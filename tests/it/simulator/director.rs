//! What the director of a run does to it: workers are doomed, frozen, expelled and asked to stop,
//! the database and the relay get into trouble.

use std::time::Duration;

use super::relay::RelayMood;
use super::services::Trouble;
use super::simulation::{FROZEN_SECONDS, Simulation};

/// Steps within which a doomed worker crashes.
const DOOM_STEPS: usize = 400;

impl Simulation {
    pub(super) fn disturb(&mut self) {
        let worker = self.rng.below(self.running.len());
        let dice = self.rng.below(100);
        self.thaw(self.scheduler.awake());
        match dice {
            0..8 => {
                let steps = self.rng.below(DOOM_STEPS) as u64;
                self.scheduler.doom(worker, steps);
            }
            8..14 => {
                let how_long = Duration::from_secs(
                    self.rng.between(FROZEN_SECONDS.0, FROZEN_SECONDS.1) as u64,
                );
                self.frozen
                    .insert(worker, self.scheduler.awake() + how_long);
                self.scheduler.freeze(worker, true);
                self.services.count("a worker stands still");
            }
            14..20 => self.services.expel(worker),
            20..32 => {
                let trouble = self.trouble();
                self.services.set_trouble(trouble);
            }
            32..44 => self.services.set_trouble(Trouble::default()),
            44 if self.services.partitions() < 12 => self.services.add_partition(),
            45..48 if self.running[worker].is_some() => {
                self.services.count("a worker is asked to stop");
                self.stop(worker);
            }
            _ => {}
        }
        for worker in 0..self.running.len() {
            if self.rng.chance(0.4) {
                self.start(worker);
            }
        }
    }

    fn trouble(&mut self) -> Trouble {
        let rng = &mut self.rng;
        let mut sometimes = |often: f64, most: f64| {
            if rng.chance(often) {
                rng.unit() * most
            } else {
                0.0
            }
        };
        let (begin_fails, commit_fails, commit_crashes) = (
            sometimes(0.4, 0.2),
            sometimes(0.4, 0.3),
            sometimes(0.4, 0.1),
        );
        let moods = [
            RelayMood::Well,
            RelayMood::Down,
            RelayMood::Silent,
            RelayMood::Fickle,
            RelayMood::Fickle,
            RelayMood::RefusesUs,
        ];
        Trouble {
            database_is_down: rng.chance(0.15),
            begin_fails,
            commit_fails,
            commit_crashes,
            relay: *rng.pick(&moods),
        }
    }

    pub(super) fn thaw(&mut self, until: Duration) {
        let thawed: Vec<usize> = self
            .frozen
            .iter()
            .filter(|(_, end)| **end <= until)
            .map(|(worker, _)| *worker)
            .collect();
        for worker in thawed {
            self.frozen.remove(&worker);
            self.scheduler.freeze(worker, false);
        }
    }
}
