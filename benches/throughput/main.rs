//! Events a second from files and from Kafka to committed state, with many identities and members
//! already in the store, beside a bare consumer that only counts; and the peak of memory.
//!
//! ```sh
//! cargo bench --bench throughput -- --events 2000000 --members 1000000 --identities 10000000 --runs 3
//! ```
//! `--kafka HOST:PORT` measures from that broker too, and `--postgres USER@HOST:PORT` with that
//! server as the store, beside a bare loop of `UNNEST`; `POSTGRES_FSYNC=on tests/run
//! --services-only` starts both. `--store postgres` leaves SQLite out.

mod postgres;
#[path = "../shared/topic.rs"]
mod topic;

use std::error::Error;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rdkafka::config::ClientConfig;
use rdkafka::consumer::{BaseConsumer, Consumer};
use rdkafka::{Offset, TopicPartitionList};
use sisan::clock::wall_now;
use sisan::domain::entity::EntityKey;
use sisan::domain::identity::{Identity, identity_digest};
use sisan::domain::local_day::Timestamp;
use sisan::simulate::{bench_events, bench_members, bench_reference};
use sisan::store::{Staged, Store, StoreAt};

use topic::Topic;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Done<T> = Result<T, Box<dyn Error>>;

const PARTITIONS: i32 = 8;
/// The events end so long ago that none of them raises a signal: the cost of tasks and mails is not
/// measured.
const QUIET: TimeDelta = TimeDelta::days(8);
/// Identities committed at once while the store is filled.
const FILL_BATCH: u64 = 500_000;

struct Sizes {
    events: u64,
    members: u32,
    identities: u64,
    runs: u64,
}

fn main() -> Done<()> {
    let sizes = sizes();
    let dir = tempfile::tempdir()?;
    let end = wall_now().plus(-QUIET);
    if argument("--store").as_deref() != Some("postgres") {
        sqlite(dir.path(), &sizes, end)?;
    }
    match (argument("--kafka"), argument("--postgres")) {
        (Some(broker), Some(server)) => {
            postgres::measure(dir.path(), &broker, &server, &sizes, end)
        }
        _ => Ok(()),
    }
}

fn sqlite(dir: &Path, sizes: &Sizes, end: Timestamp) -> Done<()> {
    fill(
        &Bench {
            dir: dir.join("filled"),
        },
        sizes,
        end,
    )?;
    for run in 0..sizes.runs {
        let bench = Bench::on_copy(dir, &format!("files-{run}"))?;
        write_lines(
            &bench.dir.join("events"),
            bench_events(sizes.events, sizes.members, run, end).map(|(_, bytes)| bytes),
        )?;
        write_back()?;
        let Run { took, peak_mb } = bench.drain(&[("SOURCE__FILES__DIR", "events")])?;
        println!(
            "files   {:>9.0} events/s  peak {peak_mb} MB",
            rate(sizes.events, took)
        );
        bench.remove()?;
    }
    let Some(broker) = argument("--kafka") else {
        return Ok(());
    };
    for run in 0..sizes.runs {
        let bench = Bench::on_copy(dir, &format!("kafka-{run}"))?;
        let topic = fill_topic(
            &broker,
            bench_events(sizes.events, sizes.members, 1_000 + run, end),
        )?;
        write_back()?;
        // The first count warms the broker's page cache, as for a topic that is being written; the
        // second one counts.
        count(&broker, &topic, sizes.events)?;
        let bare = count(&broker, &topic, sizes.events)?;
        let Run { took, peak_mb } = bench.drain(&[
            ("SOURCE__KIND", "kafka"),
            ("SOURCE__KAFKA__BROKERS", &broker),
            ("SOURCE__KAFKA__TOPICS", &topic),
            ("SOURCE__KAFKA__GROUP_ID", &topic),
        ])?;
        println!(
            "kafka   {:>9.0} events/s  bare consumer {:>9.0}  ratio {:.3}  peak {peak_mb} MB",
            rate(sizes.events, took),
            rate(sizes.events, bare),
            bare.as_secs_f64() / took.as_secs_f64()
        );
        bench.remove()?;
    }
    Ok(())
}

/// Stores identities and members, before anything is measured.
fn fill(bench: &Bench, sizes: &Sizes, end: Timestamp) -> Done<()> {
    fill_identities(&bench.dir.join("sisan.db"), sizes.identities, end)?;
    let load = bench_reference(sizes.members, end)
        .into_iter()
        .chain(bench_members(sizes.members, end));
    write_lines(&bench.dir.join("load"), load.map(|(_, bytes)| bytes))?;
    let Run { took, peak_mb } = bench.drain(&[("SOURCE__FILES__DIR", "load")])?;
    println!(
        "load    {:>9.0} members/s  peak {peak_mb} MB, {} members, {} identities before them",
        rate(sizes.members.into(), took),
        sizes.members,
        sizes.identities
    );
    Ok(())
}

/// A folder with a store, and input for it.
struct Bench {
    dir: PathBuf,
}

/// The measurements of one run of the worker.
struct Run {
    /// From its start to its end.
    took: Duration,
    peak_mb: u64,
}

impl Bench {
    /// On a copy of the filled store, so that every run begins alike.
    fn on_copy(parent: &Path, name: &str) -> Done<Self> {
        let bench = Self {
            dir: parent.join(name),
        };
        std::fs::create_dir_all(&bench.dir)?;
        let filled = parent.join("filled");
        std::fs::create_dir(bench.dir.join("sisan.runs"))?;
        for file in ["sisan.db", "sisan.db-wal"]
            .map(PathBuf::from)
            .into_iter()
            .chain(files_of(&filled, "sisan.runs")?)
        {
            if filled.join(&file).exists() {
                std::fs::copy(filled.join(&file), bench.dir.join(&file))?;
            }
        }
        Ok(bench)
    }

    /// Runs the worker until its input is drained, as an operator does.
    fn drain(&self, settings: &[(&str, &str)]) -> Done<Run> {
        self.watch(Instant::now(), self.start(settings)?)
    }

    fn start(&self, settings: &[(&str, &str)]) -> Done<Child> {
        let worker = Command::new(env!("CARGO_BIN_EXE_sisan"))
            .args(["run", "--drain"])
            .current_dir(&self.dir)
            .env("SISAN__MAIL__FOLDER", "mails")
            .env("SISAN__REPORT__DIR", "reports")
            .env("SISAN__STORE__URL", "sqlite:sisan.db")
            .envs(
                settings
                    .iter()
                    .map(|(key, value)| (format!("SISAN__{key}"), value)),
            )
            .stdout(File::create(self.dir.join("out"))?)
            .stderr(File::create(self.dir.join("log"))?)
            .spawn()?;
        Ok(worker)
    }

    /// Waits for a worker that was started at `begun`.
    fn watch(&self, begun: Instant, mut worker: Child) -> Done<Run> {
        let mut peak_mb = 0;
        let status = loop {
            // The peak only grows, so the last reading before the end has it.
            peak_mb = peak_mb.max(self::peak_mb(worker.id()));
            match worker.try_wait()? {
                Some(status) => break status,
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let took = begun.elapsed();
        // At night a mail may wait for the morning.
        if !matches!(status.code(), Some(0 | 75)) {
            return Err(format!(
                "the worker ended with {status}: {}",
                std::fs::read_to_string(self.dir.join("log"))?
            )
            .into());
        }
        Ok(Run { took, peak_mb })
    }

    fn remove(self) -> Done<()> {
        Ok(std::fs::remove_dir_all(self.dir)?)
    }
}

/// Flushes what was prepared to the disk, so that a run does not wait for it.
fn write_back() -> Done<()> {
    Command::new("sync").status()?;
    Ok(())
}

/// The files of a folder within another one.
fn files_of(parent: &Path, folder: &str) -> Done<Vec<PathBuf>> {
    let names = std::fs::read_dir(parent.join(folder))?
        .map(|entry| Ok(Path::new(folder).join(entry?.file_name())));
    names.collect()
}

/// The value of a command-line argument.
fn argument(name: &str) -> Option<String> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
}

fn sizes() -> Sizes {
    let value = |name: &str, default: u64| {
        argument(name)
            .and_then(|text| text.parse().ok())
            .unwrap_or(default)
    };
    Sizes {
        events: value("--events", 200_000),
        members: u32::try_from(value("--members", 100_000)).unwrap_or(u32::MAX),
        identities: value("--identities", 0),
        runs: value("--runs", 1),
    }
}

fn rate(events: u64, took: Duration) -> f64 {
    events as f64 / took.as_secs_f64()
}

/// Peak resident memory of a process; 0 once it has ended.
fn peak_mb(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap_or_default();
    line.trim()
        .trim_end_matches(" kB")
        .parse::<u64>()
        .unwrap_or(0)
        / 1024
}

/// Memory of the memtable while the store is filled.
const UNWRITTEN_BYTES_MAX: usize = 48 << 20;

fn fill_identities(store: &Path, identities: u64, end: Timestamp) -> Done<()> {
    let store = Store::migrate(&StoreAt::Sqlite {
        path: store.to_owned(),
        memtable_bytes_max: UNWRITTEN_BYTES_MAX,
    })?;
    let last = sisan::domain::zone::Zone::parse("Asia/Shanghai")
        .ok_or("no zone")?
        .day_of(end);
    for first in (0..identities).step_by(FILL_BATCH as usize) {
        let batch = (first..identities.min(first + FILL_BATCH)).map(|n| {
            let known = Identity {
                day: last.plus(-((n % 60) as i32)),
                meaning: n,
                went_to: EntityKey::Reference,
            };
            (identity_digest("/bench/filled", &n.to_string()), known)
        });
        let mut staged = Staged::default();
        staged.add_identities(&batch.collect::<Vec<_>>(), Vec::new());
        store.write_tx("fill", |tx| {
            tx.stage(&staged).and_then(|()| tx.save(&staged))
        })?;
    }
    Ok(())
}

fn write_lines(dir: &Path, lines: impl Iterator<Item = Vec<u8>>) -> Done<()> {
    std::fs::create_dir_all(dir)?;
    let mut out = BufWriter::new(File::create(
        dir.join(dir.file_name().unwrap_or_default())
            .with_extension("jsonl"),
    )?);
    for line in lines {
        out.write_all(&line)?;
        out.write_all(b"\n")?;
    }
    out.flush()?;
    Ok(())
}

fn fill_topic(broker: &str, events: impl Iterator<Item = ([u8; 11], Vec<u8>)>) -> Done<String> {
    let topic = Topic::create(broker, "bench", PARTITIONS)?;
    for (key, payload) in events {
        topic.send(Some(&key), &payload);
    }
    topic.filled()
}

/// A bare consumer that only counts, on the same topic.
fn count(broker: &str, topic: &str, events: u64) -> Done<Duration> {
    let consumer: BaseConsumer = ClientConfig::new()
        .set("bootstrap.servers", broker)
        .set("group.id", "bare")
        .create()?;
    let mut partitions = TopicPartitionList::new();
    for partition in 0..PARTITIONS {
        partitions.add_partition_offset(topic, partition, Offset::Beginning)?;
    }
    let begun = Instant::now();
    consumer.assign(&partitions)?;
    let mut seen = 0;
    while seen < events {
        if let Some(message) = consumer.poll(Duration::from_secs(10)) {
            message?;
            seen += 1;
        }
    }
    Ok(begun.elapsed())
}
