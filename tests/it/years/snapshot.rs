//! What a store comes to, and what its worker knows, at the end of a month.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rusqlite::Connection;
use sisan::domain::local_day::LocalDay;
use sisan::pipeline::load_read_model;
use sisan::plan::ReadModel;
use sisan::runtime::Setup;
use sisan::store::Store;
use sisan::views::daily::rows_of_day;

use super::MORE_PERCENT_MAX;
use super::folder::Folder;

/// What a store comes to.
#[derive(Debug, Clone, Default)]
pub struct Snapshot {
    pub month: String,
    /// What the worker knows: reference events, contacts, feed closings, counts by group and day,
    /// complaints by day.
    known: u64,
    /// Timelines in the runs beside those of subscribers, which stay: whoever joins is asked
    /// whether he ever did before.
    timelines: u64,
    /// The subscribers that there ever were.
    lines: u64,
    /// Identities in the runs.
    identities: u64,
    /// By table: rows, and bytes of the pages that they and their indexes are on.
    pub tables: BTreeMap<String, (u64, u64)>,
    /// Pages of the database, and those of them that are free.
    pages: (u64, u64),
    /// Bytes of a page.
    page_bytes: u64,
    /// What is open: group customers, members, tasks, alerts, complaints.
    pub open: u64,
    /// Mails that it has a row of.
    mails: u64,
}

impl Snapshot {
    /// Starts the worker again and reads what it knows and what the store holds.
    pub fn of_folder(folder: &Folder, lines: usize) -> Self {
        let setup = folder.setup(true);
        let store = setup.open_store().expect("a store");
        let read_model = store
            .read_tx("start", load_read_model)
            .expect("a read model");
        let members = members(&setup, &store);
        let (tasks, alerts) = store
            .read_tx("list", |tx| {
                Ok((tx.open_tasks()?.all()?, tx.open_alerts()?.all()?))
            })
            .expect("lists");
        drop(store);
        let sql = folder.sql();
        let of_runs = |kind: &str| {
            number(
                &sql,
                &format!("SELECT coalesce(sum(entries), 0) FROM run WHERE kind = '{kind}'"),
            )
        };
        let tables = tables(&sql);
        let month = read_model
            .event_clock
            .map(|now| setup.config.timezone.day_of(now).month().to_string());
        Self {
            month: month.unwrap_or_default(),
            known: known(&read_model) as u64,
            timelines: of_runs("timeline").saturating_sub(lines as u64),
            lines: lines as u64,
            identities: of_runs("identity"),
            mails: tables["outbox"].0,
            tables,
            pages: (
                number(&sql, "PRAGMA page_count"),
                number(&sql, "PRAGMA freelist_count"),
            ),
            page_bytes: number(&sql, "PRAGMA page_size"),
            open: (tasks.len() + alerts.len() + read_model.reference.groups.len()) as u64 + members,
        }
    }

    /// Rows of all tables but those of published days, which stay for ever, and of files, of which
    /// there is one a month here.
    fn rows(&self) -> u64 {
        self.tables
            .iter()
            .filter(|(table, _)| !["publication", "source"].contains(&table.as_str()))
            .map(|(_, (rows, _))| rows)
            .sum()
    }

    /// Bytes of the database that are in use.
    pub const fn bytes(&self) -> u64 {
        (self.pages.0 - self.pages.1) * self.page_bytes
    }
}

/// The members of the company now.
fn members(setup: &Setup, store: &Store) -> u64 {
    let now = setup.now(store).expect("a time");
    let today = setup.config.timezone.day_of(now);
    let rows = rows_of_day(store, &setup.rules(), today, None, now).expect("the figures of today");
    let company = rows
        .iter()
        .find(|row| row.row.scope.name() == "company")
        .expect("a company");
    company.row.figures.closing.cast_unsigned()
}

/// How many things a worker knows in memory.
fn known(read_model: &ReadModel) -> usize {
    let reference = &read_model.reference;
    let histories = [
        reference
            .units
            .values()
            .map(|history| history.entries().len())
            .sum::<usize>(),
        reference
            .groups
            .values()
            .map(|history| history.entries().len())
            .sum(),
        reference
            .managers
            .values()
            .map(|history| history.entries().len())
            .sum(),
        reference
            .projects
            .values()
            .map(|history| history.entries().len())
            .sum(),
        reference
            .key_dates
            .values()
            .map(|history| history.entries().len())
            .sum(),
        reference
            .contacts
            .values()
            .map(|history| history.entries().len())
            .sum(),
    ];
    let all_days = (LocalDay::from_number(0), LocalDay::from_number(1_000_000));
    histories.iter().sum::<usize>()
        + read_model.feeds.closed_before(all_days.1).count()
        + read_model
            .series
            .values()
            .map(|series| series.counts().len())
            .sum::<usize>()
        + read_model.complaints.within(all_days.0, all_days.1).count()
}

fn number(sql: &Connection, statement: &str) -> u64 {
    sql.query_row(statement, [], |row| row.get::<_, i64>(0))
        .expect(statement)
        .cast_unsigned()
}

fn tables(sql: &Connection) -> BTreeMap<String, (u64, u64)> {
    let mut statement = sql
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
        .expect("tables");
    let names = statement
        .query_map([], |row| row.get(0))
        .expect("tables")
        .collect::<Result<Vec<String>, _>>()
        .expect("tables");
    let of = |table: &str| {
        let bytes = "SELECT coalesce(sum(pgsize), 0) FROM dbstat JOIN sqlite_schema USING (name) WHERE aggregate = TRUE AND tbl_name";
        (
            number(sql, &format!("SELECT count(*) FROM {table}")),
            number(sql, &format!("{bytes} = '{table}'")),
        )
    };
    names
        .into_iter()
        .map(|table| (table.clone(), of(&table)))
        .collect()
}

pub fn table(snapshots: &[Snapshot]) -> String {
    let mut text = String::from(
        "month      known timelines  lines identities   rows  pages   free   open  bytes in use a mail\n",
    );
    for one in snapshots {
        let Snapshot {
            month,
            known,
            timelines,
            lines,
            identities,
            pages: (pages, free),
            open,
            mails,
            ..
        } = one;
        let (rows, a_mail) = (one.rows(), one.bytes() / (*mails).max(1));
        writeln!(text, "{month:8} {known:7} {timelines:9} {lines:6} {identities:10} {rows:6} {pages:6} {free:6} {open:6} {a_mail:8}")
            .expect("a string takes all text");
    }
    if let Some(last) = snapshots.last() {
        for (table, (rows, bytes)) in last.tables.iter().filter(|(_, (rows, _))| *rows > 0) {
            writeln!(
                text,
                "{table:20} {rows:7} rows, {:6} bytes each",
                bytes / rows
            )
            .expect("a string takes all text");
        }
    }
    text
}

/// Asserts that what is known and held does not grow from one end of an interval to another, but by
/// what is open.
pub fn assert_bounded(earlier: &Snapshot, later: &Snapshot) {
    for (what, before, after) in [
        ("known", earlier.known, later.known),
        ("timelines", earlier.timelines, later.timelines),
        ("identities", earlier.identities, later.identities),
    ] {
        assert_within(what, before, after, (earlier, later));
    }
}

/// Asserts that the store does not grow from one end of an interval to another, but by what is open
/// and what is published.
pub fn assert_no_more_is_held(earlier: &Snapshot, later: &Snapshot) {
    assert_within("rows", earlier.rows(), later.rows(), (earlier, later));
    let bytes = |snapshot: &Snapshot| {
        snapshot
            .tables
            .iter()
            .filter(|(table, _)| *table != "publication")
            .map(|(_, (_, bytes))| bytes)
            .sum()
    };
    assert_within("bytes", bytes(earlier), bytes(later), (earlier, later));
    let (pages, free) = later.pages;
    assert!(
        free * 100 <= pages * MORE_PERCENT_MAX,
        "{free} of {pages} pages are free: they are not used again"
    );
}

pub fn assert_within(
    what: &str,
    before: u64,
    after: u64,
    (earlier, later): (&Snapshot, &Snapshot),
) {
    let most = before * (100 + MORE_PERCENT_MAX) / 100 + later.open.saturating_sub(earlier.open);
    assert!(
        after <= most,
        "{what}: {before} at the end of {}, {after} at the end of {}",
        earlier.month,
        later.month
    );
}
