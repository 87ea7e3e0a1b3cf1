//! Reads and writes of a commit, through the sorted runs, through fjall and through plain tables of
//! SQLite: identities that are mostly new, timelines that are read, changed and written back, and
//! counters that are added to. `docs/sorted-runs.md` has the results.
//!
//! ```sh
//! cargo bench --bench sorted_runs --features bench-fjall -- --identities 10000000 --members 1000000
//! ```
//! Each side has a store of its own in `--dir`, which is filled once, and each of `--runs` is a
//! process of its own that continues on it, in turns: the memory measured is that side's alone, and
//! other load of the machine affects all alike. Each batch is committed and synced once.

mod deliveries;
mod fjall_engine;
mod key_value;
mod process;
mod runs;
mod tables;

use std::error::Error;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use sisan::domain::entity::{Entity, EntityKey};
use xxhash_rust::xxh3::xxh3_64;

use deliveries::{BATCH, Batch, Filled, filled_identities, filled_timelines, key_of, measured};
use fjall_engine::Fjall;
use key_value::KeyValue;
use runs::SortedRuns;
use tables::Tables;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

/// Identities, and timelines, committed at once while a store is filled.
const FILL_IDENTITIES: u64 = 500_000;
const FILL_TIMELINES: u64 = 100_000;
/// Timelines that are read back at the end: all sides must have the same.
const COMPARED: u64 = 1_000;

/// A store under measurement.
trait Side {
    /// Applies a batch and begins to commit it, once the one before is committed; returns how many
    /// identities were known.
    fn apply(&mut self, batch: Batch) -> Done<usize>;

    /// Waits until all of it is on the disk.
    fn settle(&mut self) -> Done<()>;

    fn timelines(&self, keys: &[EntityKey]) -> Done<Vec<Option<Entity>>>;
}

struct Sizes {
    filled: Filled,
    batches: u64,
    runs: u64,
    /// For the sides that have a cache: the runs cache only filters and indexes.
    cache_mb: u64,
    /// For fjall, which uses 4,096 by default.
    block_bytes: u64,
}

fn main() -> Done<()> {
    let sizes = Sizes {
        filled: Filled {
            identities: number("--identities", 1_000_000),
            members: number("--members", 100_000),
        },
        batches: number("--batches", 25),
        runs: number("--runs", 1),
        cache_mb: number("--cache-mb", 128),
        block_bytes: number("--block-bytes", 4_096),
    };
    match (argument("--side"), argument("--dir")) {
        (Some(side), Some(dir)) => one(&side, Path::new(&dir), &sizes),
        (_, Some(dir)) => in_turns(Path::new(&dir), &sizes),
        (_, None) => in_turns(tempfile::tempdir()?.path(), &sizes),
    }
}

/// Fills a store for each side, then runs the sides in turns.
fn in_turns(dir: &Path, sizes: &Sizes) -> Done<()> {
    let sides = argument("--sides").unwrap_or_else(|| "runs,fjall,tables".to_owned());
    let sides: Vec<(&str, PathBuf)> = sides
        .split(',')
        .map(|side| (side, dir.join(side)))
        .collect();
    for (side, dir) in &sides {
        if !dir.exists() {
            std::fs::create_dir_all(dir)?;
            println!("{side:<7} filled: {}", child(side, dir, "fill", sizes)?);
        }
    }
    println!(
        "side    events/s  ratio  CPU us  p50 ms  p99 ms  peak MB  disk MB  written MB  known  timelines"
    );
    for seed in number("--seed", 1)..number("--seed", 1) + sizes.runs {
        let mut of_runs = None;
        for (side, dir) in &sides {
            Command::new("sync").status()?;
            let line = child(side, dir, &seed.to_string(), sizes)?;
            let (rate, rest) = line.split_once(' ').ok_or("no line")?;
            let (rate, rest): (f64, _) = (rate.parse()?, rest.trim());
            let ratio = rate / *of_runs.get_or_insert(rate);
            println!("{side:<7} {rate:>8.0}  {ratio:>5.3}  {rest}");
        }
    }
    Ok(())
}

/// Runs a child process that fills a store or runs on it; returns its output.
fn child(side: &str, dir: &Path, what: &str, sizes: &Sizes) -> Done<String> {
    let numbers = [
        ("--identities", sizes.filled.identities),
        ("--members", sizes.filled.members),
        ("--batches", sizes.batches),
        ("--cache-mb", sizes.cache_mb),
        ("--block-bytes", sizes.block_bytes),
    ];
    let output = Command::new(std::env::current_exe()?)
        .args(["--side", side, "--do", what, "--dir"])
        .arg(dir)
        .args(
            numbers
                .iter()
                .flat_map(|(name, n)| [(*name).to_owned(), n.to_string()]),
        )
        .stderr(std::process::Stdio::inherit())
        .output()?;
    if !output.status.success() {
        return Err(format!("{side}: {}", output.status).into());
    }
    Ok(String::from_utf8(output.stdout)?.trim_end().to_owned())
}

fn one(side: &str, dir: &Path, sizes: &Sizes) -> Done<()> {
    let cache_bytes = sizes.cache_mb << 20;
    let mut side: Box<dyn Side> = match side {
        "runs" => Box::new(SortedRuns::open(dir)?),
        "fjall" => Box::new(KeyValue::new(Fjall::open(
            dir,
            cache_bytes,
            sizes.block_bytes as u32,
        )?)),
        "tables" => Box::new(KeyValue::new(Tables::open(dir, cache_bytes)?)),
        other => return Err(format!("no side {other}").into()),
    };
    match argument("--do").as_deref() {
        Some("fill") => fill(&mut *side, dir, sizes.filled),
        seed => run(&mut *side, dir, sizes, seed.unwrap_or("1").parse()?),
    }
}

fn fill(side: &mut dyn Side, dir: &Path, filled: Filled) -> Done<()> {
    let begun = Instant::now();
    for first in (0..filled.identities).step_by(FILL_IDENTITIES as usize) {
        let end = filled.identities.min(first + FILL_IDENTITIES);
        side.apply(filled_identities(first, end))?;
    }
    for first in (0..filled.members).step_by(FILL_TIMELINES as usize) {
        let end = filled.members.min(first + FILL_TIMELINES);
        side.apply(filled_timelines(first, end)?)?;
    }
    side.settle()?;
    println!(
        "{:.1} s, {} MB on the disk, {} MB written",
        begun.elapsed().as_secs_f64(),
        process::disk_bytes(dir)? >> 20,
        process::written_bytes()? >> 20
    );
    Ok(())
}

fn run(side: &mut dyn Side, dir: &Path, sizes: &Sizes, seed: u64) -> Done<()> {
    let (written, cpu) = (process::written_bytes()?, process::cpu()?);
    let (mut took, mut known) = (Vec::new(), 0);
    let begun = Instant::now();
    for batch in 0..sizes.batches {
        let at = Instant::now();
        known += side.apply(measured(seed, batch, sizes.filled)?)?;
        took.push(at.elapsed());
    }
    side.settle()?;
    let (elapsed, cpu) = (begun.elapsed(), process::cpu()? - cpu);
    let written = process::written_bytes()? - written;
    took.sort_unstable();
    let events = (sizes.batches * BATCH) as f64;
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize].as_secs_f64() * 1e3;
    println!(
        "{:.0} {:>6.2}  {:>6.0}  {:>6.0}  {:>7}  {:>7}  {:>10}  {known:>5}  {:016x}",
        events / elapsed.as_secs_f64(),
        micros_each(cpu, events),
        at(0.5),
        at(0.99),
        process::peak_bytes()? >> 20,
        process::disk_bytes(dir)? >> 20,
        written >> 20,
        digest_of_timelines(side, sizes.filled)?
    );
    Ok(())
}

fn micros_each(time: Duration, events: f64) -> f64 {
    time.as_secs_f64() * 1e6 / events
}

/// The state of some timelines, digested into one number.
fn digest_of_timelines(side: &dyn Side, filled: Filled) -> Done<u64> {
    let keys = (0..filled.members.min(COMPARED)).map(key_of);
    let timelines = side.timelines(&keys.collect::<Done<Vec<_>>>()?)?;
    Ok(xxh3_64(&postcard::to_stdvec(&timelines)?))
}

/// The value of a command-line argument.
fn argument(name: &str) -> Option<String> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
}

fn number(name: &str, default: u64) -> u64 {
    argument(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}
