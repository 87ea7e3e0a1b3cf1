//! No statement goes through a table that grows with the store's age: the plan of every statement
//! in both dialects, over a store that is large, as new and analysed.
//!
//! A partial index over what is open may be gone through; a whole table may not, but for the
//! statements named here.

use std::collections::BTreeSet;
use std::path::Path;

use rusqlite::functions::FunctionFlags;
use serde_json::Value;

use crate::large_store::{FILL, FILL_SERVER, ROWS, filling};
use crate::store_fixture::StoreFixture;

/// Tables that hold what is open, or a row a thing that does not grow in number with age.
const SMALL_TABLES: [&str; 11] = [
    "setting",
    "lease",
    "loading_source",
    "wal",
    "run",
    "delta",
    "notice",
    "signal_check",
    "backup.piece",
    "schema_version",
    "sqlite_schema",
];

/// Indexes over open rows only.
const OPEN_INDEXES: [&str; 13] = [
    "outbox_due",
    "alert_open",
    "task_open",
    "job_run_unfinished",
    "outgoing_event_waiting",
    "reject_unretried",
    "reject_retry",
    "named_member_unsettled",
    "notice_due",
    "signal_check_due",
    "source_behind",
    "source_paused",
    "source_accepted",
];

/// Statements that search mails by nothing but their state, which is an open one or the limit ends
/// it.
const BY_STATE: [&str; 8] = [
    "bring_mails_forward",
    "count_waiting_mails",
    "hold_mails",
    "list_due_mails",
    "list_mail_entries_of_state",
    "list_sending_mails",
    "list_waiting_mails_of_kind",
    "release_mails",
];

/// Columns with few values, of which some are those of nearly all rows: a search by these alone
/// goes through them all.
const COMMON_VALUES: [&str; 3] = ["state", "scope", "kind"];

/// Statements that go through a whole table, each with its reason.
const WHOLE: [(&str, &str); 22] = [
    ("list_alerts", "of small stores: scenarios and the demo"),
    ("list_tasks", "of small stores: scenarios and the demo"),
    ("list_mails", "of small stores: scenarios"),
    ("list_mail_entries", "the last so many, by an index"),
    ("list_reminders", "of small stores: scenarios"),
    ("list_sources", "partitions are taken over"),
    ("list_files", "read at the start"),
    (
        "check_sources",
        "read at the start, and when everything was asked for",
    ),
    ("list_reference_events", "read at the start"),
    ("list_feed_counts", "read at the start"),
    ("list_complaint_counts", "read at the start"),
    ("list_counters", "read at the start"),
    ("list_retractions", "read at the start"),
    ("list_timelines", "the whole store is copied"),
    ("list_identities", "the whole store is copied"),
    ("insert_backup_piece", "the whole store is copied"),
    ("list_backup_pieces", "the whole store is copied"),
    ("list_named_files", "what is named by a few rows"),
    ("raise_epochs", "the whole store is restored"),
    (
        "delete_counters",
        "a month is closed: of every group the days before it",
    ),
    (
        "delete_identities",
        "a month is closed: most of the table goes",
    ),
    (
        "fill_identities",
        "of the server only: what a batch has locked",
    ),
];

/// Every statement in these folders of `src/store`, by name.
pub fn statements(folders: &[&str]) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for folder in folders {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("src/store")
            .join(folder);
        for entry in std::fs::read_dir(&dir).expect("a folder of statements") {
            let path = entry.expect("an entry").path();
            let name = path
                .file_stem()
                .expect("a name")
                .to_string_lossy()
                .into_owned();
            all.push((name, std::fs::read_to_string(&path).expect("a statement")));
        }
    }
    all.sort();
    all
}

fn is_whole(statement: &str) -> bool {
    WHOLE.iter().any(|(name, _)| *name == statement)
}

#[test]
fn every_exception_names_a_statement_that_there_is() {
    let known: BTreeSet<String> =
        statements(&["sql", "sqlite/sql", "postgres/sql", "in_memory/sql"])
            .into_iter()
            .map(|(name, _)| name)
            .collect();
    let unknown: Vec<&str> = WHOLE
        .iter()
        .map(|(name, _)| *name)
        .chain(BY_STATE)
        .filter(|name| !known.contains(*name))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

/// Statements that SQLite is never asked: of the server's clock, and of an attached backup.
fn is_of_the_server_or_a_backup(name: &str, sql: &str) -> bool {
    let of_the_server = [
        "now",
        "acquire_lease",
        "renew_lease",
        "resign",
        "count_deltas",
        "insert_delta",
        "list_deltas",
        "list_counters",
        "list_counters_of_group",
    ];
    of_the_server.contains(&name)
        || sql.contains("now_us()")
        || name.contains("backup_piece")
        || name == "delete_identities"
}

/// Whether a line of SQLite's plan of a statement goes through a table that grows.
fn goes_through(line: &str, statement: &str) -> bool {
    let mut words = line.split(' ');
    let is_scan = match words.next() {
        Some("SCAN") => true,
        Some("SEARCH") => {
            !BY_STATE.contains(&statement)
                && line
                    .rsplit_once('(')
                    .is_some_and(|(_, condition)| is_common(condition))
        }
        _ => false,
    };
    let table = words.next().unwrap_or_default();
    is_scan
        && !SMALL_TABLES.contains(&table)
        && table != "CONSTANT"
        && !line.split(' ').any(|word| OPEN_INDEXES.contains(&word))
}

#[test]
fn no_statement_goes_through_a_growing_table_of_sqlite() {
    let fixture = StoreFixture::sqlite();
    drop(fixture.open());
    let StoreFixture::Sqlite(dir) = &fixture else {
        panic!("it is a file")
    };
    let database = rusqlite::Connection::open(dir.path().join("sisan.db")).expect("the database");
    // What rows are is not asked here.
    database
        .create_scalar_function("digest_of", -1, FunctionFlags::SQLITE_DETERMINISTIC, |_| {
            Ok(0)
        })
        .expect("a function");
    let series = format!(
        "(WITH RECURSIVE c (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c WHERE n < {ROWS}) SELECT n FROM c) AS series"
    );
    for sql in filling(
        FILL.iter(),
        &series,
        "zeroblob(300)",
        "printf('%.*c', 1500, 'x')",
    ) {
        database
            .execute_batch(&sql)
            .unwrap_or_else(|e| panic!("{sql}: {e}"));
    }
    for analysed in [false, true] {
        if analysed {
            database.execute_batch("ANALYZE").expect("statistics");
        }
        let mut scans = Vec::new();
        for (name, sql) in statements(&["sql", "sqlite/sql"]) {
            if is_of_the_server_or_a_backup(&name, &sql) {
                continue;
            }
            let mut statement = database
                .prepare(&format!("EXPLAIN QUERY PLAN {sql}"))
                .unwrap_or_else(|e| panic!("{name}: {e}"));
            let lines = statement
                .raw_query()
                .mapped(|row| row.get::<_, String>(3))
                .collect::<Result<Vec<_>, _>>()
                .expect("a plan");
            scans.extend(
                lines
                    .iter()
                    .filter(|line| goes_through(line, &name) && !is_whole(&name))
                    .map(|line| format!("{name}: {line}")),
            );
        }
        assert!(
            scans.is_empty(),
            "analysed: {analysed}\n{}",
            scans.join("\n")
        );
    }
}

#[test]
fn no_statement_goes_through_a_growing_table_of_the_server() {
    let fixture = StoreFixture::postgres();
    drop(fixture.open());
    let StoreFixture::Postgres(database) = &fixture else {
        panic!("it is on the server")
    };
    let name = database.ask("current_database()");
    // As on solid disks, which is what stores are on.
    database.run(&format!(
        "ALTER DATABASE {name} SET jit = off; ALTER DATABASE {name} SET random_page_cost = 1.1"
    ));
    let series = format!("generate_series(1, {ROWS}) AS series (n)");
    let (blob, text) = (
        "decode(repeat(md5(n::text), 10), 'hex')",
        "(SELECT string_agg(md5((n * i)::text), '') FROM generate_series(1, 40) AS i)",
    );
    // The planner has no statistics until this test runs ANALYZE: autovacuum is off.
    database.run(
        "DO $$ DECLARE t text; BEGIN
            FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
                EXECUTE format('ALTER TABLE %I SET (autovacuum_enabled = off)', t);
            END LOOP; END $$",
    );
    for sql in filling(FILL.iter().chain(&FILL_SERVER), &series, blob, text) {
        database.run(&sql);
    }
    for analysed in [false, true] {
        if analysed {
            database.run("ANALYZE");
        }
        let mut scans = Vec::new();
        for (name, sql) in statements(&["sql", "postgres/sql"]) {
            let first = sql
                .lines()
                .find(|line| !line.starts_with("--"))
                .unwrap_or_default();
            let is_planned = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"]
                .iter()
                .any(|verb| first.starts_with(verb));
            if !is_planned || is_whole(&name) {
                continue;
            }
            // A limit that the planner does not know is a tenth of the table to it; beside a table
            // that has grown it is small.
            let limited = (1..=4).fold(sql, |sql, at| {
                sql.replace(&format!("LIMIT ${at}"), "LIMIT 10")
            });
            let plan = database.plan_of(&limited);
            let plan: Value =
                serde_json::from_str(&plan).unwrap_or_else(|e| panic!("{name}: {e}: {plan}"));
            find_scans(&plan, BY_STATE.contains(&&*name), &mut |scan| {
                scans.push(format!("{name}: {scan}"))
            });
        }
        assert!(
            scans.is_empty(),
            "analysed: {analysed}\n{}",
            scans.join("\n")
        );
    }
}

/// Whether a condition asks for no other columns than those with few values.
fn is_common(condition: &str) -> bool {
    let column = |part: &str| {
        let name = part
            .trim_start_matches('(')
            .split(['=', '<', '>', ' ', ')', ','])
            .next()
            .unwrap_or_default();
        name.trim_start_matches("ROW(").to_owned()
    };
    condition
        .split(" AND ")
        .map(column)
        .all(|column| COMMON_VALUES.contains(&column.as_str()))
}

/// Reports the whole-table scans of a plan and of the plans within it; `by_state` is whether it may
/// search by a state alone.
fn find_scans(plan: &Value, by_state: bool, tell: &mut impl FnMut(String)) {
    let text = |name: &str| plan[name].as_str().unwrap_or_default();
    let (node, table, index) = (text("Node Type"), text("Relation Name"), text("Index Name"));
    let is_whole = match node {
        "Seq Scan" => true,
        "Index Scan" | "Index Only Scan" | "Bitmap Index Scan" => {
            plan["Index Cond"]
                .as_str()
                .is_none_or(|condition| !by_state && is_common(condition))
                && !OPEN_INDEXES.contains(&index)
        }
        _ => false,
    };
    if is_whole && !SMALL_TABLES.contains(&table) {
        tell(format!("{node} of {table} {index}"));
    }
    match plan {
        Value::Array(all) => all.iter().for_each(|one| find_scans(one, by_state, tell)),
        Value::Object(fields) => fields
            .values()
            .for_each(|one| find_scans(one, by_state, tell)),
        _ => {}
    }
}

#[test]
fn what_may_be_large_lies_apart_from_the_keys_that_are_searched() {
    let schema = include_str!("../../src/store/migrations/sqlite/0001_create_store.sql");
    for table in ["alert", "task", "mail_body", "publication"] {
        let (_, of_table) = schema
            .split_once(&format!("CREATE TABLE {table} ("))
            .expect(table);
        let (_, behind) = of_table.split_once(") STRICT").expect("the end of a table");
        assert!(
            behind.starts_with(';'),
            "{table}: a search in its key reads each row whole that it passes by"
        );
    }
}
