//! What the same work costs on stores of different age: each is measured on copies, in turns, and
//! the least of several counts, so that other load on the machine affects all of them alike.

use std::fmt::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use sisan::domain::event::Event;
use sisan::pipeline::load_read_model;
use sisan::store::Store;
use sisan::telemetry::WorkPhase;

use super::MORE_PERCENT_MAX;
use super::folder::Folder;
use super::snapshot::Snapshot;

/// How often each is measured.
const TURNS: usize = 5;
/// Mails that are listed.
const LISTED: u32 = 100;
/// What the machine's clock and scheduler make of the same work: below it nothing is compared.
const NOISE: Duration = Duration::from_micros(300);
/// Pages of memory that are shared or not as the system pleases.
const NOISE_KB: u64 = 2_048;

/// What work costs on a store.
#[derive(Debug, Clone, Copy)]
pub struct Costs {
    /// Opening the store and reading what a worker must know.
    start_up: Duration,
    /// An evaluation, on average over a week.
    evaluation: Duration,
    /// A sweep, likewise.
    sweep: Duration,
    /// The open tasks and alerts, and the last hundred mails.
    list: Duration,
    /// A worker that takes this week in, as a process: how long it takes, which depends on what
    /// comes in it, and its peak of memory.
    process: Duration,
    peak_kb: u64,
}

/// Measures each of some stores, with what is ingested there.
pub fn costs_in_turns<'a>(
    stores: impl Iterator<Item = (&'a Folder, &'a [&'a Event])>,
    scratch: &Path,
) -> Vec<Costs> {
    let stores: Vec<_> = stores.collect();
    let mut least: Vec<Option<Costs>> = vec![None; stores.len()];
    for _ in 0..TURNS {
        for ((folder, events), least) in stores.iter().zip(&mut least) {
            let dir = tempfile::tempdir_in(scratch).expect("a folder");
            let measured = measure(folder, events, dir.path());
            *least = Some(least.map_or(measured, |so_far| so_far.least(measured)));
        }
    }
    least.into_iter().flatten().collect()
}

fn measure(folder: &Folder, events: &[&Event], dir: &Path) -> Costs {
    let copy = folder.copy_to(&dir.join("a process"));
    copy.put_events("later", events);
    let begun = Instant::now();
    let store = copy.setup(true).open_store().expect("a store");
    drop(
        store
            .read_tx("start", load_read_model)
            .expect("a read model"),
    );
    let start_up = begun.elapsed();
    let begun = Instant::now();
    let listed = store.read_tx("list", |tx| {
        Ok((
            tx.open_tasks()?.all()?,
            tx.open_alerts()?.all()?,
            tx.mail_entries(None, LISTED)?,
        ))
    });
    drop(listed.expect("lists"));
    let list = begun.elapsed();
    drop(store);
    let (process, peak_kb) = run(&copy, &["run", "--drain"]);
    let copy = folder.copy_to(&dir.join("a thread"));
    copy.put_events("later", events);
    let setup = copy.setup(true);
    let store = Arc::new(setup.open_store().and_then(Store::lock).expect("a store"));
    copy.drain(&store, &setup);
    let mean = |phase| {
        let durations = setup.metrics.durations(phase);
        assert!(durations.count() > 0, "no {} in a week", phase.name());
        durations.sum() / durations.count().max(1)
    };
    Costs {
        start_up,
        evaluation: mean(WorkPhase::Evaluation),
        sweep: mean(WorkPhase::Sweep),
        list,
        process,
        peak_kb,
    }
}

/// Runs the program in a folder; how long it took, and its peak of memory.
fn run(folder: &Folder, arguments: &[&str]) -> (Duration, u64) {
    let begun = Instant::now();
    let mut command = Command::new(env!("CARGO_BIN_EXE_sisan"));
    command
        .args(arguments)
        .env_clear()
        .envs(folder.variables(true))
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut program = command.spawn().expect("the program starts");
    let mut peak_kb = 0;
    let status = loop {
        // The peak only grows, so the last reading before the end has it.
        peak_kb = self::peak_kb(program.id()).max(peak_kb);
        match program
            .try_wait()
            .expect("a process that can be waited for")
        {
            Some(status) => break status,
            None => std::thread::sleep(Duration::from_millis(1)),
        }
    };
    // At the end of a drain a mail may wait for the morning.
    assert!(
        matches!(status.code(), Some(0 | 75)),
        "sisan {arguments:?} ended with {status}"
    );
    (begun.elapsed(), peak_kb)
}

/// Peak resident memory of a process; 0 once it has ended.
fn peak_kb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}

impl Costs {
    fn least(self, other: Self) -> Self {
        Self {
            start_up: self.start_up.min(other.start_up),
            evaluation: self.evaluation.min(other.evaluation),
            sweep: self.sweep.min(other.sweep),
            list: self.list.min(other.list),
            process: self.process.min(other.process),
            peak_kb: self.peak_kb.min(other.peak_kb),
        }
    }
}

pub fn table(costs: &[Costs]) -> String {
    let mut text =
        String::from("year   start-up evaluation      sweep       list     a week       peak\n");
    for (
        year,
        Costs {
            start_up,
            evaluation,
            sweep,
            list,
            process,
            peak_kb,
        },
    ) in (1..).zip(costs)
    {
        writeln!(text, "{year:4} {start_up:10.2?} {evaluation:10.2?} {sweep:10.2?} {list:10.2?} {process:10.2?} {peak_kb:7} kB")
            .expect("a string takes all text");
    }
    text
}

/// Asserts that nothing costs more on a later store than on an earlier one, but for what is open.
pub fn assert_no_dearer(
    (earlier, before): (&Snapshot, &Costs),
    (later, after): (&Snapshot, &Costs),
) {
    let open = later.open.max(earlier.open) as f64 / earlier.open as f64;
    let most =
        |before: f64, noise: f64| before * open * (100 + MORE_PERCENT_MAX) as f64 / 100.0 + noise;
    let times = |costs: &Costs| [costs.start_up, costs.evaluation, costs.sweep, costs.list];
    let names = ["start-up", "an evaluation", "a sweep", "lists"];
    for ((what, before), after) in names.into_iter().zip(times(before)).zip(times(after)) {
        let most = most(before.as_secs_f64(), NOISE.as_secs_f64());
        assert!(
            after.as_secs_f64() <= most,
            "{what}: {before:?} at the end of {}, {after:?} of {}",
            earlier.month,
            later.month
        );
    }
    let most = most(before.peak_kb as f64, NOISE_KB as f64);
    assert!(
        after.peak_kb as f64 <= most,
        "memory: {} kB at the end of {}, {} of {}",
        before.peak_kb,
        earlier.month,
        after.peak_kb,
        later.month
    );
}
