//! The whole worker, many of them, on a simulated clock, database, broker and relay: what goes
//! wrong, and who goes first, follows from a seed. A seed that fails is printed, and fails in the
//! same way when it is run again.
//!
//! First nothing may be lost or doubled; then, when the faults are over, everything must drain.

mod broker;
mod database;
mod director;
mod events;
mod judge;
mod relay;
mod scheduler;
mod services;
mod simulation;

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use sisan::domain::mail::MailKind;

pub use self::database::Observer;

use self::judge::{FinalState, faults};
use self::relay::RelayMood;
use self::services::Trouble;
use self::simulation::Simulation;

/// Seeds that every run of the suite tries.
const SEEDS: u64 = 1_000;
/// Seeds that `tests/run --all` tries; `SISAN_SEEDS` sets another number.
const SEEDS_OF_ALL: u64 = 20_000;
/// Seeds that are run a second time.
const TWICE: u64 = 10;

/// What seeds came to.
#[derive(Debug, Default)]
struct Done {
    steps: u64,
    trace: u64,
    /// How often what went wrong.
    faults: BTreeMap<&'static str, usize>,
}

impl Done {
    fn add(&mut self, other: Self) {
        self.steps += other.steps;
        other
            .faults
            .into_iter()
            .for_each(|(fault, n)| *self.faults.entry(fault).or_default() += n);
    }
}

/// Whatever the seeds draw from must have happened in a thousand of them.
const MUST_HAPPEN: [&str; 17] = [
    "a connection breaks after a commit",
    "a connection breaks before a commit",
    "a mail is put off",
    "a mail is refused",
    "a mail is superseded by a digest",
    "a mail is taken",
    "a member is expelled",
    "a partition is added",
    "a question is withdrawn for the port-out guard",
    "a transaction cannot begin",
    "a worker crashes",
    "a worker crashes after a commit",
    "a worker crashes before a commit",
    "a worker is asked to stop",
    "a worker stands still",
    "the relay refuses us",
    "the reply to a mail is lost",
];

/// Runs a seed with all its faults, and once more with none; panics with what is wrong.
fn run(seed: u64) -> Done {
    let mut simulation = Simulation::with_seed(seed, true);
    let ended = catch_unwind(AssertUnwindSafe(|| simulation.run(true)));
    let mut wrong = Vec::new();
    match ended {
        Ok(true) => {}
        Ok(false) => wrong.push(format!("these wait still: {:?}", simulation.waiting())),
        Err(panic) => {
            let text = panic
                .downcast_ref::<String>()
                .cloned()
                .or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
            wrong.push(format!("a worker panicked: {}", text.unwrap_or_default()));
        }
    }
    let last_steps = simulation.scheduler.last_steps();
    let (steps, crashes, trace) = simulation.scheduler.traced();
    let mut faults_met = simulation.services.faults();
    if wrong.is_empty() {
        let found = FinalState::of_simulation(&simulation);
        faults_met.extend([
            ("a worker crashes", crashes),
            (
                "a mail is superseded by a digest",
                found.superseded(MailKind::AlertTask),
            ),
            (
                "a question is withdrawn for the port-out guard",
                found.superseded(MailKind::ApprovalRequest),
            ),
        ]);
        let mut alone = Simulation::with_seed(seed, false);
        if !alone.run(false) {
            wrong.push("a worker without faults does not drain".to_owned());
        }
        wrong.extend(faults(
            &simulation,
            &found,
            &FinalState::of_simulation(&alone),
        ));
    }
    assert!(
        wrong.is_empty(),
        "seed {seed}: {}\nfaults: {:?}\nthe last steps:\n{last_steps}\nhint: SISAN_SEED={seed} runs it again",
        wrong.join("\n"),
        faults_met
    );
    Done {
        steps,
        trace,
        faults: faults_met,
    }
}

#[expect(clippy::disallowed_methods, reason = "the tests' own settings")]
fn number(variable: &str) -> Option<u64> {
    std::env::var(variable)
        .ok()
        .map(|text| text.parse().expect("a number"))
}

#[test]
fn whatever_goes_wrong_in_a_thousand_seeds_nothing_is_lost_or_doubled_and_everything_drains() {
    let seeds = match number("SISAN_SEED") {
        Some(seed) => seed..seed + 1,
        None => {
            0..number("SISAN_SEEDS").unwrap_or(if number("SISAN_TEST_ALL").is_some() {
                SEEDS_OF_ALL
            } else {
                SEEDS
            })
        }
    };
    let (next, all) = (AtomicU64::new(seeds.start), Mutex::new(Done::default()));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= seeds.end {
                        return;
                    }
                    let done = run(seed);
                    all.lock().expect("no seed failed").add(done);
                }
            });
        }
    });
    let all = all.into_inner().expect("no seed failed");
    println!(
        "{} seeds, {} steps: {:#?}",
        seeds.end - seeds.start,
        all.steps,
        all.faults
    );
    let missing = || {
        MUST_HAPPEN
            .iter()
            .filter(|fault| all.faults.get(*fault).is_none_or(|n| *n == 0))
            .collect::<Vec<_>>()
    };
    assert!(
        seeds.end - seeds.start < SEEDS || missing().is_empty(),
        "never happened: {:?}",
        missing()
    );
}

/// Seeds that are tried without a relay for hours.
const WITHOUT_RELAY: u64 = 40;

#[test]
fn after_hours_without_a_relay_all_is_told_and_what_piled_up_by_digests() {
    let mut superseded = 0;
    for seed in (0..)
        .filter(|seed| Simulation::with_seed(*seed, false).hours() >= 6)
        .take(WITHOUT_RELAY as usize)
    {
        let mut simulation = Simulation::with_seed(seed, false);
        simulation.services.set_trouble(Trouble {
            relay: RelayMood::Down,
            ..Trouble::default()
        });
        assert!(
            simulation.run(false),
            "seed {seed}: {:?}",
            simulation.waiting()
        );
        let mut alone = Simulation::with_seed(seed, false);
        assert!(alone.run(false));
        let found = FinalState::of_simulation(&simulation);
        let wrong = faults(&simulation, &found, &FinalState::of_simulation(&alone));
        assert!(wrong.is_empty(), "seed {seed}: {}", wrong.join("\n"));
        superseded += found.superseded(MailKind::AlertTask);
    }
    assert!(superseded > 0, "something piled up");
}

#[test]
fn a_seed_that_is_run_twice_takes_the_same_steps() {
    for seed in 0..TWICE {
        assert_eq!(run(seed).trace, run(seed).trace, "seed {seed}");
    }
}
