//! What was made while the store grew, and how much of it is still there under `retention.*`.

use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;
use sisan::domain::event::{Event, EventData};
use sisan::domain::ids::SubscriberId;
use sisan::domain::local_day::Timestamp;
use sisan::domain::zone::Zone;

use super::MORE_PERCENT_MAX;
use super::folder::Folder;
use super::snapshot::Snapshot;

/// What goes by its age.
struct Kind {
    table: &'static str,
    /// Its `retention.*`.
    key: &'static str,
    /// The column from which its age counts: an instant, or a day.
    since: &'static str,
    is_instant: bool,
    /// Which rows have come to their end; what is open stays.
    ended: &'static str,
}

const ENDED_MAILS: &str = "(SELECT state FROM outbox WHERE outbox.mail_id = one.mail_id) IN ('sent', 'superseded', 'expired', 'dead')";

const KINDS: [Kind; 8] = [
    // A mail that waits is open; pauses between attempts go by the host's clock, which hardly moves
    // here.
    Kind {
        table: "mail_body",
        key: "mail_bodies_days",
        since: "queued_us",
        is_instant: true,
        ended: ENDED_MAILS,
    },
    Kind {
        table: "outbox",
        key: "mail_ledger_days",
        since: "queued_us",
        is_instant: true,
        ended: ENDED_MAILS,
    },
    Kind {
        table: "alert",
        key: "alerts_days",
        since: "resolved_us",
        is_instant: true,
        ended: "resolved_us IS NOT NULL",
    },
    Kind {
        table: "task",
        key: "tasks_days",
        since: "ended_us",
        is_instant: true,
        ended: "ended_us IS NOT NULL",
    },
    Kind {
        table: "job_run",
        key: "job_runs_days",
        since: "due_us",
        is_instant: true,
        ended: "finished_us IS NOT NULL",
    },
    Kind {
        table: "outgoing_event",
        key: "closed_task_events_days",
        since: "written_us",
        is_instant: true,
        ended: "written_us IS NOT NULL",
    },
    Kind {
        table: "reminder",
        key: "reminders_days",
        since: "send_on",
        is_instant: false,
        ended: "TRUE",
    },
    Kind {
        table: "silence",
        key: "silences_days",
        since: "until_day",
        is_instant: false,
        ended: "TRUE",
    },
];

/// When what has come to its end did so, by table; and the subscribers that there ever were.
#[derive(Debug, Clone, Default)]
pub struct Made {
    ends: BTreeMap<&'static str, Vec<i64>>,
    pub lines: BTreeSet<SubscriberId>,
}

/// How many rows a table must hold, and how many it does.
#[derive(Debug, Clone, Copy)]
pub struct Held {
    table: &'static str,
    predicted: u64,
    held: u64,
}

impl Made {
    /// Records what has ended since the last call, and the subscribers of the events that came.
    pub fn apply(&mut self, folder: &Folder, events: &[&Event]) {
        self.lines
            .extend(events.iter().filter_map(|event| match &event.data {
                EventData::Membership(data) => Some(data.subscriber_id.clone()),
                EventData::SubscriberStatus(data) => Some(data.subscriber_id.clone()),
                EventData::PortOut(data) => Some(data.subscriber_id.clone()),
                _ => None,
            }));
        let sql = folder.sql();
        for Kind {
            table,
            since,
            ended,
            ..
        } in &KINDS
        {
            let known = self.ends.entry(table).or_default();
            let last = known.iter().max().copied().unwrap_or(i64::MIN);
            let statement =
                format!("SELECT {since} FROM {table} AS one WHERE {ended} AND {since} > {last}");
            let mut statement = sql.prepare(&statement).expect("a statement");
            known.extend(
                statement
                    .query_map([], |row| row.get::<_, i64>(0))
                    .expect("rows")
                    .map(|at| at.expect("a number")),
            );
        }
    }

    /// No row is older than `retention.*` allows, except those that are open.
    pub fn assert_nothing_is_kept_beyond_its_time(&self, folder: &Folder, zone: Zone) {
        let sql = folder.sql();
        for kind in &KINDS {
            let Kind {
                table,
                key,
                since,
                ended,
                ..
            } = kind;
            let oldest: Option<i64> = sql
                .query_row(
                    &format!("SELECT min({since}) FROM {table} AS one WHERE {ended}"),
                    [],
                    |row| row.get(0),
                )
                .expect("the oldest row");
            let first = first_kept(kind, folder, zone);
            assert!(
                oldest.is_none_or(|oldest| oldest >= first),
                "retention.{key}: {oldest:?} is older than {first}"
            );
        }
    }

    /// What has come to its end so late that `retention.*` holds it still, beside what is held.
    pub fn held(&self, folder: &Folder, zone: Zone) -> Vec<Held> {
        let sql = folder.sql();
        let held = |kind: &Kind| {
            let Kind { table, ended, .. } = kind;
            let first = first_kept(kind, folder, zone);
            let predicted = self.ends[table].iter().filter(|at| **at >= first).count() as u64;
            let held: i64 = sql
                .query_row(
                    &format!("SELECT count(*) FROM {table} AS one WHERE {ended}"),
                    [],
                    |row| row.get(0),
                )
                .expect("a count");
            Held {
                table,
                predicted,
                held: held.cast_unsigned(),
            }
        };
        KINDS.iter().map(held).collect()
    }
}

/// When the time began of the oldest of a kind that its `retention.*` keeps, as of the last run of
/// the job.
fn first_kept(kind: &Kind, folder: &Folder, zone: Zone) -> i64 {
    let ran: Option<i64> = folder
        .sql()
        .query_row(
            "SELECT max(due_us) FROM job_run WHERE job = 'prune_history'",
            [],
            |row| row.get(0),
        )
        .expect("a run of the job");
    let (ran, days) = (
        Timestamp::from_micros(ran.expect("a run of the job")),
        folder.kept(kind.key),
    );
    if kind.is_instant {
        ran.plus(-TimeDelta::days(days)).micros()
    } else {
        i64::from(zone.day_of(ran).number()) - days
    }
}

/// Asserts that a store holds what `retention.*` keeps of what was made, and that its bytes are
/// what these rows come to at the bytes of a row that were measured before.
pub fn assert_as_predicted((earlier, later): (&Snapshot, &Snapshot), held: &[Held]) {
    let mut predicted: BTreeMap<&str, u64> = later
        .tables
        .iter()
        .map(|(table, (rows, _))| (table.as_str(), *rows))
        .collect();
    for Held {
        table,
        predicted: wanted,
        held,
    } in held
    {
        println!("{table}: {held} held, {wanted} predicted");
        assert_within_percent(&format!("rows of {table}"), *wanted, *held);
        // What is open is held besides.
        predicted
            .entry(table)
            .and_modify(|rows| *rows = *rows + wanted - held);
    }
    // What does not go by its age is no more than it was, but published days, of which there is one
    // a day and version.
    for (table, rows) in &mut predicted {
        let goes_by_age = KINDS.iter().any(|kind| kind.table == *table);
        if !goes_by_age && !["publication", "source"].contains(table) {
            *rows = (*rows).min(
                earlier.tables[*table].0 * (100 + MORE_PERCENT_MAX) / 100
                    + later.open.saturating_sub(earlier.open),
            );
        }
    }
    let a_row =
        |table: &str| earlier.tables[table].1 as f64 / earlier.tables[table].0.max(1) as f64;
    let bytes: f64 = predicted
        .iter()
        .map(|(table, rows)| a_row(table) * *rows as f64)
        .sum();
    println!(
        "{} bytes in use at the end of {}, {bytes:.0} predicted",
        later.bytes(),
        later.month
    );
    assert_within_percent("bytes of the store", bytes as u64, later.bytes());
}

fn assert_within_percent(what: &str, predicted: u64, is: u64) {
    // A difference of a few rows means nothing.
    let most = predicted * MORE_PERCENT_MAX / 100 + 5;
    assert!(
        predicted.abs_diff(is) <= most,
        "{what}: {is}, and {predicted} were predicted"
    );
}
