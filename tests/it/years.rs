//! Years of the event clock, with people at work, a closed month each month and a relay that is out of reach for a day: what the
//! worker knows and holds depends on what is open and kept, never on how old the store is.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rusqlite::Connection;
use sisan::app::demo::People;
use sisan::app::{PostOffice, Setup, Worker, reports};
use sisan::consume::StopSignal;
use sisan::domain::event::Event;
use sisan::domain::local_day::{LocalDay, Month, Timestamp};
use sisan::domain::zone::Zone;
use sisan::pipeline::World;
use sisan::simulate::{City, CityConfig, build, to_json_line};
use sisan::store::Store;

use crate::services::times;

/// The last day of all cities.
const LAST_DAY: &str = "2026-10-31";
const SEED: u64 = 43;
/// Days of a year.
const YEAR: u32 = 365;
/// Percent by which a later year may be above an earlier one.
const MORE_PERCENT_MAX: u64 = 10;

/// A worker's folder, and what is kept in it for how long.
struct Years {
    dir: tempfile::TempDir,
    /// `retention.*`, each with its days.
    kept: Vec<(&'static str, i64)>,
}

/// What a store comes to at the end of a stretch of months.
#[derive(Debug, Clone, Default)]
struct Seen {
    month: String,
    /// What the worker knows: reference events, contacts, feed closings, counts by group and day, complaints by day.
    known: u64,
    /// Timelines in the runs.
    timelines: u64,
    /// Identities in the runs.
    identities: u64,
    /// By table: rows, and bytes of the pages that they and their indexes are on.
    tables: BTreeMap<String, (u64, u64)>,
    /// Pages of the database, and those of them that are free.
    pages: (u64, u64),
    /// What is open: groups, members, tasks, alerts, complaints.
    open: u64,
    start_up: Duration,
    look: Duration,
    list: Duration,
}

impl Years {
    fn new(kept: &[(&'static str, i64)]) -> Self {
        let years = Self { dir: tempfile::tempdir().expect("a folder"), kept: kept.to_vec() };
        std::fs::create_dir(years.path("events")).expect("a folder");
        years
    }

    fn path(&self, part: &str) -> PathBuf {
        self.dir.path().join(part)
    }

    /// What a worker is told; its relay takes all mails, or is out of reach.
    fn setup(&self, reachable: bool) -> Arc<Setup> {
        let path = |part: &str| self.path(part).display().to_string();
        let mut variables = vec![
            ("CLOCK__MODE".to_owned(), "event".to_owned()),
            ("SOURCE__FILES__DIR".to_owned(), path("events")),
            ("STORE__URL".to_owned(), format!("sqlite:{}", path("sisan.db"))),
            ("MAIL__FOLDER".to_owned(), path("mails")),
            ("REPORT__DIR".to_owned(), path("reports")),
            ("TASKS__CLOSED_DIR".to_owned(), path("closed_tasks")),
            ("COMPANY__HEAD_MANAGER_ID".to_owned(), "HD01".to_owned()),
            // Input comes by the month here, once in three parts: two closings may lie further apart than where it comes at once.
            ("HISTORY__CLOSE_AHEAD_MAX".to_owned(), "90d".to_owned()),
        ];
        if !reachable {
            let of_relay = [("KIND", "smtp"), ("URL", "smtp+plaintext://127.0.0.1:9"), ("INSECURE_PLAINTEXT", "true")];
            variables.extend(of_relay.map(|(key, value)| (format!("MAIL__{key}"), value.to_owned())));
            variables
                .extend([("FALLBACK__ID", "M0"), ("FALLBACK__ADDRESS", "duty@example.com")].map(|(k, v)| (k.to_owned(), v.to_owned())));
        }
        variables.extend(self.kept.iter().map(|(key, days)| (format!("RETENTION__{}", key.to_uppercase()), days.to_string())));
        let variables = variables.into_iter().map(|(key, value)| (format!("SISAN__{key}"), value));
        let config = sisan::config::load(&[], variables).expect("a configuration");
        Arc::new(Setup::read(config).map_err(|error| error.error).expect("a setup"))
    }

    /// Takes in what is there, with people at work.
    fn drain(&self, store: &Arc<Store>, reachable: bool) {
        let setup = self.setup(reachable);
        let people = People::new(SEED, Arc::clone(&setup));
        let drained = (|| {
            let mut post = PostOffice::open(&setup)?;
            let worker = Worker::new(&setup, Arc::clone(store), true)?.with_people(move |pipeline, now| people.act(pipeline, now));
            worker.drain(setup.source(store, true, StopSignal::new())?, &mut post)
        })();
        let ended = drained.map_err(|error| error.error).expect("a drain");
        assert!(ended.paused.is_empty(), "{:?}", ended.paused);
    }

    /// Takes in a file of events.
    fn take(&self, store: &Arc<Store>, name: &str, events: &[&Event], reachable: bool) {
        let lines: String = events.iter().map(|event| to_json_line(event) + "\n").collect();
        std::fs::write(self.path("events").join(format!("{name}.jsonl")), lines).expect("a file of events");
        self.drain(store, reachable);
    }

    /// The city, month by month; what the store comes to at the end of each.
    fn run(&self, city: &City) -> Vec<Seen> {
        let zone = city.config.zone;
        let mut seen = Vec::new();
        for (at, (month, events)) in by_month(city).into_iter().enumerate() {
            let store = Arc::new(self.setup(true).migrate_store().and_then(Store::lock).expect("a store"));
            // In the third month the relay is out of reach on the 10th.
            let day = |event: &&Event| zone.day_of(event.order.time).number() - month.first_day().number();
            let (before, after) = (events.partition_point(|event| day(event) < 9), events.partition_point(|event| day(event) < 10));
            if at == 2 {
                self.take(&store, &format!("{month}-0"), &events[..before], true);
                self.take(&store, &format!("{month}-1"), &events[before..after], false);
                self.take(&store, &format!("{month}-2"), &events[after..], true);
            } else {
                self.take(&store, &format!("{month}"), &events, true);
            }
            if at == 0 {
                store.write("end the load", |tx| tx.end_loading()).expect("a loaded store");
            }
            drop(store);
            seen.push(self.look(&month.to_string()));
            self.assert_nothing_is_kept_beyond_its_time(zone);
        }
        seen
    }

    /// Starts the worker anew and looks at what it knows and what the store holds.
    fn look(&self, month: &str) -> Seen {
        let setup = self.setup(true);
        let begun = Instant::now();
        let store = setup.open_store().expect("a store");
        let world = store.read("start", World::read).expect("a world");
        let start_up = begun.elapsed();
        let begun = Instant::now();
        let now = reports::now(&setup, &store).map_err(|error| error.error).expect("a time");
        reports::rows(&setup, &store, setup.config.timezone.day_of(now), None, now).map_err(|error| error.error).expect("figures");
        let look = begun.elapsed();
        let begun = Instant::now();
        let (tasks, alerts) = store.read("list", |tx| Ok((tx.open_tasks()?.all()?, tx.open_alerts()?.all()?))).expect("lists");
        let list = begun.elapsed();
        let reference = &world.reference;
        let histories = [
            reference.units.values().map(|history| history.entries().len()).sum::<usize>(),
            reference.groups.values().map(|history| history.entries().len()).sum(),
            reference.managers.values().map(|history| history.entries().len()).sum(),
            reference.projects.values().map(|history| history.entries().len()).sum(),
            reference.key_dates.values().map(|history| history.entries().len()).sum(),
            reference.contacts.values().map(|history| history.entries().len()).sum(),
        ];
        let all_days = (LocalDay::from_number(0), LocalDay::from_number(1_000_000));
        let known = histories.iter().sum::<usize>()
            + world.feeds.closed_before(all_days.1).count()
            + world.series.values().map(|series| series.counts().len()).sum::<usize>()
            + world.complaints.within(all_days.0, all_days.1).count();
        drop(store);
        let sql = Connection::open(self.path("sisan.db")).expect("the database");
        let number = |statement: &str| sql.query_row(statement, [], |row| row.get::<_, i64>(0)).expect(statement) as u64;
        let of_runs = |kind: &str| number(&format!("SELECT coalesce(sum(entries), 0) FROM run WHERE kind = '{kind}'"));
        let free = number("PRAGMA freelist_count");
        Seen {
            month: month.to_owned(),
            known: known as u64,
            timelines: of_runs("timeline"),
            identities: of_runs("identity"),
            tables: tables(&sql),
            pages: (number("PRAGMA page_count"), free),
            open: (tasks.len() + alerts.len() + reference.groups.len()) as u64,
            start_up,
            look,
            list,
        }
    }

    /// No row is older than `retention.*` says, but what is open.
    fn assert_nothing_is_kept_beyond_its_time(&self, zone: Zone) {
        let sql = Connection::open(self.path("sisan.db")).expect("the database");
        let number = |statement: &str| sql.query_row(statement, [], |row| row.get::<_, Option<i64>>(0)).expect(statement);
        // The last run of the job at the latest was before everything that is older now.
        let ran = number("SELECT max(due_us) FROM job_run WHERE job = 'prune_history'").expect("a run of the job");
        let ran = Timestamp::from_micros(ran);
        let instant = |days: i64| ran.plus(-TimeDelta::days(days)).micros();
        let day = |days: i64| i64::from(zone.day_of(ran).number()) - days;
        let kept = |key: &str| self.kept.iter().find(|(name, _)| *name == key).map_or_else(|| panic!("{key}"), |(_, days)| *days);
        let older = [
            // A mail that waits is open; pauses between attempts go by the host's clock, which stands still here.
            (
                "mail_bodies_days",
                "SELECT min(mail_body.queued_us) FROM outbox JOIN mail_body USING (mail_id) WHERE state IN ('sent', 'superseded', 'expired', 'dead')",
                true,
            ),
            ("mail_ledger_days", "SELECT min(queued_us) FROM outbox WHERE state IN ('sent', 'superseded', 'expired', 'dead')", true),
            ("alerts_days", "SELECT min(resolved_us) FROM alert", true),
            ("tasks_days", "SELECT min(ended_us) FROM task", true),
            ("job_runs_days", "SELECT min(due_us) FROM job_run", true),
            ("closed_task_events_days", "SELECT min(written_us) FROM outgoing_event", true),
            ("reminders_days", "SELECT min(send_on) FROM reminder", false),
            ("silences_days", "SELECT min(until_day) FROM silence", false),
        ];
        for (key, statement, is_instant) in older {
            let (oldest, first) = (number(statement), if is_instant { instant(kept(key)) } else { day(kept(key)) });
            assert!(oldest.is_none_or(|oldest| oldest >= first), "retention.{key}: {oldest:?} is older than {first}");
        }
    }
}

fn tables(sql: &Connection) -> BTreeMap<String, (u64, u64)> {
    let mut statement = sql.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'").expect("tables");
    let names = statement.query_map([], |row| row.get(0)).expect("tables").collect::<Result<Vec<String>, _>>().expect("tables");
    let number = |statement: &str| sql.query_row(statement, [], |row| row.get::<_, i64>(0)).expect(statement).cast_unsigned();
    let of = |table: &str| {
        let bytes = "SELECT coalesce(sum(pgsize), 0) FROM dbstat JOIN sqlite_schema USING (name) WHERE aggregate = TRUE AND tbl_name";
        (number(&format!("SELECT count(*) FROM {table}")), number(&format!("{bytes} = '{table}'")))
    };
    names.into_iter().map(|table| (table.clone(), of(&table))).collect()
}

/// The deliveries of a city by the month in which they come: that of the latest event so far.
fn by_month(city: &City) -> Vec<(Month, Vec<&Event>)> {
    let mut months: Vec<(Month, Vec<&Event>)> = Vec::new();
    for event in city.deliveries() {
        let month = city.config.zone.day_of(event.order.time).month().max(city.first_day.month());
        match months.last_mut() {
            Some((last, events)) if month <= *last => events.push(event),
            _ => months.push((month, vec![event])),
        }
    }
    months
}

fn city(groups: u32, members: u32, days: u32) -> City {
    let zone = Zone::parse("Asia/Shanghai").expect("a zone");
    build(CityConfig { seed: SEED, groups, members, days, last_day: LAST_DAY.parse().expect("a date"), zone })
}

impl Seen {
    /// Rows of all tables but those of published days, which stay for ever, and of files, of which there is one a month here.
    fn rows(&self) -> u64 {
        self.tables.iter().filter(|(table, _)| !["publication", "source"].contains(&table.as_str())).map(|(_, (rows, _))| rows).sum()
    }
}

fn table(seen: &[Seen]) -> String {
    let mut text = String::from("month      known timelines identities  rows  pages  free  open  start-up    report      list\n");
    for one in seen {
        let Seen { month, known, timelines, identities, pages: (pages, free), open, start_up, look, list, .. } = one;
        let rows = one.rows();
        writeln!(
            text,
            "{month:8} {known:7} {timelines:9} {identities:10} {rows:5} {pages:6} {free:5} {open:5} {start_up:9.1?} {look:9.1?} {list:9.1?}"
        )
        .expect("a string takes all text");
    }
    if let Some(last) = seen.last() {
        for (table, (rows, bytes)) in last.tables.iter().filter(|(_, (rows, _))| *rows > 0) {
            writeln!(text, "{table:20} {rows:7} rows, {:6} bytes each", bytes / rows).expect("a string takes all text");
        }
    }
    text
}

/// Asserts that what is known and held does not grow from one end of a stretch to another, but by what is open.
fn assert_bounded(earlier: &Seen, later: &Seen) {
    for (what, before, after) in [
        ("known", earlier.known, later.known),
        ("timelines", earlier.timelines, later.timelines),
        ("identities", earlier.identities, later.identities),
    ] {
        assert_within(what, before, after, (earlier, later));
    }
}

/// Asserts that the store does not grow from one end of a stretch to another, but by what is open and what is published.
fn assert_no_more_is_held(earlier: &Seen, later: &Seen) {
    assert_within("rows", earlier.rows(), later.rows(), (earlier, later));
    let bytes = |seen: &Seen| seen.tables.iter().filter(|(table, _)| *table != "publication").map(|(_, (_, bytes))| bytes).sum();
    assert_within("bytes", bytes(earlier), bytes(later), (earlier, later));
    let (pages, free) = later.pages;
    assert!(free * 100 <= pages * MORE_PERCENT_MAX, "{free} of {pages} pages are free: they are not used again");
}

/// Asserts that the bytes of the store are what its rows come to at the bytes a row of before.
fn assert_as_predicted(earlier: &Seen, later: &Seen) {
    let of_before = |table: &str, rows: u64, bytes: u64| match earlier.tables.get(table) {
        Some((before, bytes)) if *before > 0 => bytes * rows / before,
        _ => bytes,
    };
    let predicted = later.tables.iter().map(|(table, (rows, bytes))| of_before(table, *rows, *bytes)).sum();
    let held = later.tables.values().map(|(_, bytes)| bytes).sum();
    assert_within("bytes, against those predicted", predicted, held, (earlier, later));
}

fn assert_within(what: &str, before: u64, after: u64, (earlier, later): (&Seen, &Seen)) {
    let most = before * (100 + MORE_PERCENT_MAX) / 100 + later.open.saturating_sub(earlier.open);
    assert!(after <= most, "{what}: {before} at the end of {}, {after} at the end of {}", earlier.month, later.month);
}

/// Everything for so short that a year shows it.
const SHORT: [(&str, i64); 11] = [
    ("mail_bodies_days", 40),
    ("mail_ledger_days", 90),
    ("alerts_days", 90),
    ("tasks_days", 90),
    ("job_runs_days", 90),
    ("reminders_days", 90),
    ("closed_task_events_days", 30),
    ("reject_bytes_days", 30),
    ("reject_rows_days", 90),
    ("references_days", 90),
    ("silences_days", 90),
];

/// As it is unless told, but for references: a year is more than what is kept of them, so that its end is like any other.
const USUAL: [(&str, i64); 11] = [
    ("mail_bodies_days", 180),
    ("mail_ledger_days", 1095),
    ("alerts_days", 1095),
    ("tasks_days", 1095),
    ("job_runs_days", 400),
    ("reminders_days", 400),
    ("closed_task_events_days", 90),
    ("reject_bytes_days", 30),
    ("reject_rows_days", 400),
    ("references_days", 200),
    ("silences_days", 1095),
];

#[test]
fn a_year_leaves_what_is_open_and_kept_and_its_pages_are_used_again() {
    let years = Years::new(&SHORT);
    let seen = years.run(&city(20, 400, YEAR));
    println!("{}", table(&seen));
    let (earlier, later) = (&seen[seen.len() - 4], &seen[seen.len() - 1]);
    assert_bounded(earlier, later);
    assert_no_more_is_held(earlier, later);
}

#[test]
fn three_years_leave_no_more_than_one() {
    if times(0, 1) == 0 {
        return;
    }
    for (groups, members) in [(24, 800), (96, 3_200)] {
        let years = Years::new(&USUAL);
        let seen = years.run(&city(groups, members, 3 * YEAR));
        let ends: Vec<Seen> = seen.iter().skip(11).step_by(12).cloned().collect();
        println!("{groups} groups\n{}", table(&ends));
        ends.windows(2).for_each(|pair| assert_bounded(&pair[0], &pair[1]));
        assert_as_predicted(&ends[0], &ends[2]);
    }
}
