//! The whole store from a file to a server, in one transaction: all of it, or nothing.
//!
//! Epochs are raised, so that nothing that a worker still does under one of the file's is taken.
//! The worker must not be running: the process that copies has the file's lock.

use rusqlite::types::ValueRef;

use super::error::OperationContext;
use super::frames::Frame;
use super::shared::{Entries, SharedTx};
use super::value::Value;
use super::{OnProgress, Store, StoreAt, StoreError, Tx, sqlite};

/// Entries and rows sent at once.
const BATCH: usize = 10_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Copied {
    pub timelines: u64,
    pub identities: u64,
    /// Rows of all other tables.
    pub rows: u64,
}

/// A table: how it is read, and how a row is written.
struct Table {
    read: &'static str,
    write: &'static str,
}

macro_rules! table {
    ($name:literal, $columns:literal, $read:literal, $values:literal $(, $conflict:literal)?) => {
        Table {
            read: concat!("SELECT ", $read, " FROM ", $name),
            write: concat!("INSERT INTO ", $name, " (", $columns, ") VALUES (", $values, ")" $(, " ", $conflict)?),
        }
    };
    ($name:literal, $columns:literal, $values:literal) => {
        table!($name, $columns, $columns, $values)
    };
}

const TABLES: [Table; 21] = [
    table!(
        "setting",
        "name, value",
        "name, value",
        "$1, $2",
        "ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    ),
    table!("loading_source", "source", "$1"),
    table!(
        "source",
        "name, epoch, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us, last_digest, kind, state, cause, reason, replaced_characters, first_digest, stamp, accept_asked, accept_done",
        "name, epoch + 1, next_position, next_byte, applied, duplicate, conflict, rejected, gaps, lag, unknown_reason, complete_until_us, last_digest, kind, state, cause, reason, replaced_characters, first_digest, stamp, accept_asked, accept_done",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22"
    ),
    table!(
        "reference_event",
        "source, event_id, thing, group_id, body",
        "$1, $2, $3, $4, $5"
    ),
    table!(
        "feed_count",
        "day, source, type, accepted",
        "$1, $2, $3, $4"
    ),
    table!(
        "reject",
        "source, position, class, reason, rejected_us, retry_us, payload, mode, retried_us",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9"
    ),
    table!(
        "brief_hint",
        "brief_hint_id, at_us, body, complaints",
        "$1, $2, $3, $4"
    ),
    table!(
        "complaint_count",
        "day, group_id, category, complaints",
        "$1, $2, $3, $4"
    ),
    table!("signal_check", "kind, id, check_us", "$1, $2, $3"),
    table!("leaver", "subscriber_id, group_id, left_on", "$1, $2, $3"),
    table!(
        "alert",
        "alert_id, state, kind, scope, scope_id, period, resolved_us, change, body",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9"
    ),
    table!(
        "task",
        "task_id, state, version, assignee, scope, scope_id, opened_us, ended_us, change, body",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10"
    ),
    table!("silence", "silence_id, until_day, body", "$1, $2, $3"),
    table!(
        "named_member",
        "alert_id, subscriber_id, group_id, manager_id, ends_us, kept",
        "$1, $2, $3, $4, $5, $6"
    ),
    table!(
        "outgoing_event",
        "event_id, created_us, written_us, body",
        "$1, $2, $3, $4"
    ),
    table!("reminder", "reminder_id, send_on, body", "$1, $2, $3"),
    table!("notice", "notice_id, due_us, body", "$1, $2, $3"),
    table!(
        "outbox",
        "mail_id, state, kind, recipient, subject, message_id, queued_us, next_attempt_us, claimed_us, attempts, lost_replies, in_flight, sent_us, last_reply",
        "$1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14"
    ),
    table!("mail_body", "mail_id, queued_us, body", "$1, $2, $3"),
    table!(
        "job_run",
        "job, due_us, finished_us, outcome",
        "$1, $2, $3, $4"
    ),
    table!(
        "publication",
        "day, version, as_of_us, rows",
        "$1, $2, $3, $4"
    ),
];

/// Whether stores there can be copied, before anything is made.
///
/// # Errors
/// [`StoreError::CopyWay`] when it is not from a file to a server.
pub(crate) const fn check_way(from: &StoreAt, to: &StoreAt) -> Result<(), StoreError> {
    if matches!(
        (from, to),
        (StoreAt::Sqlite { .. }, StoreAt::Postgres { .. })
    ) {
        Ok(())
    } else {
        Err(StoreError::CopyWay)
    }
}

/// Copies a store in a file to an empty one on a server.
///
/// # Errors
/// [`StoreError::CopyWay`] for any other two, [`StoreError::NotEmpty`] when something is there;
/// else when either database fails.
pub fn copy(from: &Store, to: &Store, on_progress: OnProgress<'_>) -> Result<Copied, StoreError> {
    let (Store::Sqlite(from), Store::Postgres(to)) = (from, to) else {
        return Err(StoreError::CopyWay);
    };
    from.read_tx("read the store", |from| {
        to.write_tx("copy the store", |to| {
            let to = SharedTx::Postgres(to);
            if !Tx::Shared(to).sources()?.is_empty()
                || !Tx::Shared(to).reference_events()?.is_empty()
            {
                return Err(StoreError::NotEmpty);
            }
            let mut done = Done {
                entries: 0,
                on_progress,
            };
            let mut copied = copy_entries(from, to, &mut done)?;
            for table in &TABLES {
                copied.rows += copy_rows(from, to, table, &mut done)?;
            }
            Ok(copied)
        })
    })
}

/// What is copied so far.
struct Done<'a> {
    entries: u64,
    on_progress: OnProgress<'a>,
}

impl Done<'_> {
    fn add(&mut self, entries: usize) {
        self.entries += entries as u64;
        (self.on_progress)(self.entries, None);
    }
}

fn copy_entries(
    from: &sqlite::Tx<'_>,
    to: SharedTx<'_>,
    done: &mut Done<'_>,
) -> Result<Copied, StoreError> {
    let mut counters = Vec::new();
    let copied = from.with_memory(|memory| {
        memory
            .for_each_counter(|group, day, counts| counters.push((group.clone(), day, *counts)))?;
        let retractions: Vec<u128> = memory.retractions.iter().copied().collect();
        Ok(Copied {
            timelines: in_batches(
                |take| memory.timelines.for_each(take),
                |entries| to.insert_timelines(entries),
                done,
            )?,
            identities: in_batches(
                |take| memory.identities.for_each(take),
                |entries| to.insert_identities(entries),
                done,
            )?,
            rows: to.insert_retractions(retractions)?,
        })
    })?;
    to.add_counters(counters.iter())?;
    Ok(copied)
}

/// Takes what `each` gives in batches; how many there were.
fn in_batches(
    each: impl FnOnce(&mut dyn FnMut(Frame<'_>) -> Result<(), StoreError>) -> Result<(), StoreError>,
    save: impl Fn(&Entries) -> Result<(), StoreError>,
    done: &mut Done<'_>,
) -> Result<u64, StoreError> {
    let (mut batch, mut count) = (Entries::default(), 0);
    let mut save = |batch: &Entries| {
        save(batch)?;
        done.add(batch.len());
        Ok(())
    };
    each(&mut |frame| {
        batch.push(frame);
        count += 1;
        if batch.len() == BATCH {
            save(&std::mem::take(&mut batch))
        } else {
            Ok(())
        }
    })?;
    save(&batch)?;
    Ok(count)
}

fn copy_rows(
    from: &sqlite::Tx<'_>,
    to: SharedTx<'_>,
    table: &Table,
    done: &mut Done<'_>,
) -> Result<u64, StoreError> {
    let (mut batch, mut count) = (Vec::new(), 0);
    from.rows("read a table", table.read, [], |row| {
        batch.push(
            (0..row.as_ref().column_count())
                .map(|at| value(row, at))
                .collect::<Result<Vec<_>, _>>()?,
        );
        count += 1;
        if batch.len() < BATCH {
            return Ok(());
        }
        to.execute_all("copy a table", table.write, batch.drain(..))?;
        done.add(BATCH);
        Ok(())
    })?;
    let left = batch.len();
    to.execute_all("copy a table", table.write, batch.into_iter())?;
    done.add(left);
    Ok(count)
}

fn value(row: &rusqlite::Row<'_>, at: usize) -> Result<Value<'static>, StoreError> {
    Ok(match row.get_ref(at).operation("read a column")? {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Number(n),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned().into()),
        ValueRef::Blob(bytes) => Value::Bytes(bytes.to_vec().into()),
        ValueRef::Real(_) => {
            return Err(StoreError::Damaged {
                what: "a column",
                detail: "it holds a fraction".to_owned(),
            });
        }
    })
}
