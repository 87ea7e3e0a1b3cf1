//! A store that a worker has worked on, to be damaged.

use std::collections::BTreeMap;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::Value;
use sisan::domain::local_day::Timestamp;
use sisan::runtime::Setup;
use sisan::store::{Store, StoreAt, StoreError};

use crate::cases::Case;
use crate::deployment::Deployment;

/// A deployment that has raised alerts, made tasks and queued mails.
pub fn worked() -> Deployment {
    let deployment = Deployment::new();
    let lines = Case {
        name: "ordered-small",
    }
    .lines();
    std::fs::write(
        deployment.path("events/1.jsonl"),
        [lines.join(&b'\n'), b"\n".to_vec()].concat(),
    )
    .expect("a file of events");
    deployment.drain();
    deployment
}

pub fn open(dir: &Path) -> Result<Store, StoreError> {
    Store::open(&StoreAt::Sqlite {
        path: dir.join("sisan.db"),
        memtable_bytes_max: 48 << 20,
    })
}

/// Every row of every table.
pub fn rows(dir: &Path) -> rusqlite::Result<BTreeMap<String, Vec<Vec<Value>>>> {
    let database = Connection::open(dir.join("sisan.db"))?;
    let mut tables = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    )?;
    let tables: Vec<String> = tables
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?;
    let all = |table: &String| {
        let mut statement = database.prepare(&format!("SELECT * FROM {table} ORDER BY 1, 2"))?;
        let columns = statement.column_count();
        let rows = statement.query_map([], |row| {
            (0..columns)
                .map(|at| row.get(at))
                .collect::<Result<Vec<Value>, _>>()
        })?;
        Ok((table.clone(), rows.collect::<Result<Vec<_>, _>>()?))
    };
    tables.iter().map(all).collect()
}

/// Takes away what an open that failed has left of a log: the next one must not go by it.
pub fn forget_log(dir: &Path) {
    for beside in ["sisan.db-wal", "sisan.db-shm"] {
        drop(std::fs::remove_file(dir.join(beside)));
    }
}

/// Changes so many rows behind the program's back, so that their digests fit no more.
pub fn change(dir: &Path, sql: &str, rows: usize) {
    let database = Connection::open(dir.join("sisan.db")).expect("the database");
    database
        .create_scalar_function("digest_of", -1, FunctionFlags::SQLITE_DETERMINISTIC, |_| {
            Ok(0)
        })
        .expect("a function");
    assert_eq!(
        database
            .execute(sql, [])
            .unwrap_or_else(|e| panic!("{sql}: {e}")),
        rows,
        "{sql}"
    );
}

pub fn setup(deployment: &Deployment) -> Setup {
    let variables = deployment
        .variables()
        .iter()
        .map(|(key, value)| (key.clone(), value.clone()));
    Setup::from_config(sisan::config::load(&[], variables).expect("a configuration"))
        .unwrap_or_else(|e| panic!("{:#}", e.error))
}

/// The operators' notices of damage and of mails not sent: subjects of queued mails, and topics of
/// notices that are still pending.
pub fn notice_subjects(store: &Store) -> Vec<String> {
    let subjects = store.read_tx("read", |tx| {
        let waiting = tx
            .due_notices(Timestamp::MAX)?
            .all()?
            .into_iter()
            .map(|notice| format!("{:?}", notice.topic));
        Ok(tx
            .mail_entries(None, u32::MAX)?
            .into_iter()
            .map(|mail| mail.subject)
            .chain(waiting)
            .collect::<Vec<_>>())
    });
    subjects
        .expect("a read")
        .into_iter()
        .filter(|text| text.contains("E_STORE_DAMAGED") || text.contains("MailsNotSent"))
        .collect()
}

/// Whether the check of the store finds something.
pub fn is_found(dir: &Path) -> bool {
    open(dir)
        .and_then(|store| store.read_tx("check", |tx| tx.check(&|| false)))
        .is_err()
}
