//! A city with everything on: the cost of an operator's city from its events to its alerts, tasks,
//! mails and reports.
//!
//! ```sh
//! cargo bench --bench city -- --groups 200,1000,5000 --runs 3
//! cargo bench --bench city -- --groups 200,1000 --sisan /another/build/sisan      # before and after in one run
//! ```
//! The city is the demo's, with `--groups` groups of 100 members each and `--days N` (90). It is
//! drained from files, with an event clock and mails to a folder: without its people, and with them
//! (`--people`, the demo itself). `--kafka HOST:PORT` drains the same events from a topic,
//! `--postgres USER@HOST:PORT` into that server too, and `--store postgres` leaves SQLite out.

mod database;
#[path = "../shared/topic.rs"]
mod topic;

use std::error::Error;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use chrono::NaiveDate;
use sisan::domain::zone::Zone;
use sisan::simulate::{CityConfig, build, write_files};

use database::Database;
use topic::Topic;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

type Done<T> = Result<T, Box<dyn Error>>;

/// Members of a group at the beginning.
const MEMBERS: u32 = 100;
/// The last day of the city, as the demo's.
const LAST_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 10, 31).expect("it is a date");
const EVENTS_PER_FILE: usize = 20_000;
/// One, so that the topic has the order of the files.
const PARTITIONS: i32 = 1;

fn main() -> Done<()> {
    let dir = tempfile::tempdir()?;
    let (runs, days) = (number("--runs", 1), number("--days", 90));
    for groups in argument("--groups")
        .unwrap_or_else(|| "200".to_owned())
        .split(',')
    {
        let groups: u32 = groups.parse()?;
        let city = Events::generated(dir.path(), groups, days)?;
        for _ in 0..runs {
            for program in programs() {
                measure(&city, &program)?;
            }
        }
        std::fs::remove_dir_all(&city.dir)?;
    }
    Ok(())
}

/// The programs that this run compares: another build first, then this one.
fn programs() -> Vec<PathBuf> {
    argument("--sisan")
        .map(PathBuf::from)
        .into_iter()
        .chain([PathBuf::from(env!("CARGO_BIN_EXE_sisan"))])
        .collect()
}

fn measure(city: &Events, program: &Path) -> Done<()> {
    let of_sqlite = argument("--store").as_deref() != Some("postgres");
    if of_sqlite {
        city.drain(
            program,
            "files, SQLite",
            &[(
                "SOURCE__FILES__DIR",
                &city.dir.join("events").display().to_string(),
            )],
            None,
        )?;
    }
    let server = argument("--postgres");
    if let Some(server) = &server {
        let database = Database::create(server)?;
        let files = city.dir.join("events").display().to_string();
        city.drain(
            program,
            "files, PostgreSQL",
            &[("SOURCE__FILES__DIR", &files)],
            Some(&database),
        )?;
    }
    if let Some(broker) = argument("--kafka") {
        let topic = city.fill_topic(&broker)?;
        let kafka = [
            ("SOURCE__KIND", "kafka"),
            ("SOURCE__KAFKA__BROKERS", broker.as_str()),
            ("SOURCE__KAFKA__TOPICS", topic.as_str()),
            ("SOURCE__KAFKA__GROUP_ID", topic.as_str()),
        ];
        if of_sqlite {
            city.drain(program, "Kafka, SQLite", &kafka, None)?;
        }
        if let Some(server) = &server {
            let database = Database::create(server)?;
            city.drain(program, "Kafka, PostgreSQL", &kafka, Some(&database))?;
        }
    }
    if std::env::args().any(|argument| argument == "--people") {
        city.with_people(program)
    } else {
        Ok(())
    }
}

/// A city's events, in files.
struct Events {
    dir: PathBuf,
    groups: u32,
    deliveries: u64,
    lines: Vec<PathBuf>,
}

impl Events {
    /// Makes a city and writes its events.
    fn generated(parent: &Path, groups: u32, days: u32) -> Done<Events> {
        let dir = parent.join(groups.to_string());
        std::fs::create_dir_all(&dir)?;
        let zone = Zone::parse("Asia/Shanghai").ok_or("no zone")?;
        let city = build(CityConfig {
            seed: 43,
            groups,
            members: groups * MEMBERS,
            days,
            last_day: LAST_DAY,
            zone,
        });
        let lines = write_files(&city, &dir.join("events"), EVENTS_PER_FILE)?;
        Ok(Events {
            dir,
            groups,
            deliveries: city.deliveries().len() as u64,
            lines,
        })
    }

    /// Drains the city with a program into a folder of its own, and prints what it took.
    fn drain(
        &self,
        program: &Path,
        what: &str,
        settings: &[(&str, &str)],
        database: Option<&Database>,
    ) -> Done<()> {
        let work = tempfile::tempdir_in(&self.dir)?;
        let mut command = Command::new(program);
        command.args(["run", "--drain"]).current_dir(work.path());
        for (key, value) in [
            ("CLOCK__MODE", "event"),
            ("SOURCE__KIND", "files"),
            (
                "STORE__URL",
                database.map_or("sqlite:store/sisan.db", |database| &database.url),
            ),
            ("MAIL__KIND", "folder"),
            ("MAIL__FOLDER", "mails"),
            ("REPORT__DIR", "reports"),
            ("TASKS__CLOSED_DIR", "closed"),
            ("COMPANY__HEAD_MANAGER_ID", "HD01"),
            ("HTTP__LISTEN", "127.0.0.1:0"),
            ("LOG__FILTER", "info"),
        ]
        .iter()
        .chain(settings)
        {
            command.env(format!("SISAN__{key}"), value);
        }
        let run = Run::of_command(command)?;
        let store = database.map_or_else(|| Ok(files_of_store(work.path())), Database::bytes)?;
        self.print(program, what, work.path(), store, &run)
    }

    /// The demo, whose city has the same number of groups and whose people work: from the making of
    /// its city to its screen.
    fn with_people(&self, program: &Path) -> Done<()> {
        let work = tempfile::tempdir_in(&self.dir)?;
        let mut command = Command::new(program);
        command
            .args([
                "demo",
                "--exit",
                "--dir",
                "demo",
                "--groups",
                &self.groups.to_string(),
            ])
            .current_dir(work.path());
        let run = Run::of_command(command)?;
        let work = work.path().join("demo");
        self.print(
            program,
            "with people, SQLite",
            &work,
            files_of_store(&work),
            &run,
        )
    }

    fn print(&self, program: &Path, what: &str, work: &Path, store: u64, run: &Run) -> Done<()> {
        let Run {
            took,
            peak_mb,
            times,
        } = run;
        let mails = std::fs::read_dir(work.join("mails"))?.count() as f64;
        let (events, seconds) = (self.deliveries as f64, took.as_secs_f64());
        let other = if program == Path::new(env!("CARGO_BIN_EXE_sisan")) {
            ""
        } else {
            "before  "
        };
        println!(
            "{other}{what}: {} groups, {events} events  {:.1} s  {:.0} events/s  {mails} mails  {:.0} mails/s  peak {peak_mb} MB  store {:.0} bytes/event",
            self.groups,
            seconds,
            events / seconds,
            mails / seconds,
            store as f64 / events
        );
        times.iter().for_each(|line| println!("    {line}"));
        Ok(())
    }

    /// A topic with the lines of the files, in their order.
    fn fill_topic(&self, broker: &str) -> Done<String> {
        let topic = Topic::create(broker, "city", PARTITIONS)?;
        for file in &self.lines {
            for line in BufReader::new(std::fs::File::open(file)?).lines() {
                topic.send(None, line?.as_bytes());
            }
        }
        topic.filled()
    }
}

/// The measurements of one run of the program.
struct Run {
    took: Duration,
    peak_mb: u64,
    /// The evaluation, sweep and composing times that the program logs at its end.
    times: Vec<String>,
}

impl Run {
    fn of_command(mut command: Command) -> Done<Self> {
        let begun = Instant::now();
        let mut program = command
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let log = program.stderr.take().ok_or("no log")?;
        let id = program.id();
        let reader = std::thread::spawn(move || {
            BufReader::new(log)
                .lines()
                .map_while(Result::ok)
                .filter(|line| line.contains("quantile") || line.contains("error"))
                .collect()
        });
        let mut peak_mb = 0;
        let status = loop {
            // The peak only grows, so the last reading before the end has it.
            peak_mb = peak_mb.max(self::peak_mb(id));
            match program.try_wait()? {
                Some(status) => break status,
                None => std::thread::sleep(Duration::from_millis(5)),
            }
        };
        let (took, times): (_, Vec<String>) = (
            begun.elapsed(),
            reader.join().map_err(|_| "the log could not be read")?,
        );
        // At night a mail may wait for the morning.
        if !matches!(status.code(), Some(0 | 75)) {
            return Err(format!("the program ended with {status}: {}", times.join("\n")).into());
        }
        Ok(Self {
            took,
            peak_mb,
            times,
        })
    }
}

/// Bytes of an SQLite store, in a folder of its own or beside other files.
fn files_of_store(work: &Path) -> u64 {
    ["store", "sisan.db", "sisan.db-wal", "sisan.runs"]
        .iter()
        .map(|name| size_of(&work.join(name)))
        .sum()
}

/// Bytes of a file, or of all in a folder.
fn size_of(path: &Path) -> u64 {
    match std::fs::read_dir(path) {
        Ok(entries) => entries
            .filter_map(Result::ok)
            .map(|entry| size_of(&entry.path()))
            .sum(),
        Err(_) => std::fs::metadata(path).map_or(0, |meta| meta.len()),
    }
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

/// The value of a command-line argument.
fn argument(name: &str) -> Option<String> {
    std::env::args()
        .skip_while(|argument| argument != name)
        .nth(1)
}

fn number(name: &str, default: u32) -> u32 {
    argument(name)
        .and_then(|text| text.parse().ok())
        .unwrap_or(default)
}
