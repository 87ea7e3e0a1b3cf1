//! A worker's folder.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rusqlite::Connection;
use sisan::consume::StopSignal;
use sisan::demo::{Intentions, People};
use sisan::domain::event::Event;
use sisan::domain::local_day::Month;
use sisan::domain::mail::{MailDelivery, MailState};
use sisan::domain::zone::Zone;
use sisan::runtime::{OutboxDispatcher, Setup, Worker};
use sisan::simulate::to_json_line;
use sisan::store::{Store, StoreError};

use super::months::SEED;

/// A worker's folder, and what is kept in it for how long.
pub struct Folder {
    dir: PathBuf,
    /// `retention.*`, each with its days.
    kept: &'static [(&'static str, i64)],
}

impl Folder {
    pub fn new(dir: &Path, kept: &'static [(&'static str, i64)]) -> Self {
        fs::create_dir_all(dir.join("events")).expect("a folder");
        Self {
            dir: dir.to_owned(),
            kept,
        }
    }

    /// The same store elsewhere, with no input yet.
    pub fn copy_to(&self, dir: &Path) -> Self {
        let copy = Self::new(dir, self.kept);
        fs::create_dir(copy.path("sisan.runs")).expect("a folder");
        let runs = fs::read_dir(self.path("sisan.runs"))
            .expect("runs")
            .map(|run| run.expect("a run").path());
        let files = ["sisan.db", "sisan.db-wal"]
            .map(|name| self.path(name))
            .into_iter()
            .filter(|path| path.exists());
        for file in runs.chain(files) {
            fs::copy(
                &file,
                dir.join(file.strip_prefix(&self.dir).expect("a path within")),
            )
            .expect("a copy");
        }
        copy
    }

    pub fn path(&self, part: &str) -> PathBuf {
        self.dir.join(part)
    }

    /// For how many days `retention.key` keeps.
    pub fn kept(&self, key: &str) -> i64 {
        self.kept
            .iter()
            .find(|(name, _)| *name == key)
            .map_or_else(|| panic!("{key}"), |(_, days)| *days)
    }

    /// The variables that configure a worker; its relay takes all mails, or is out of reach.
    pub fn variables(&self, reachable: bool) -> Vec<(String, String)> {
        let path = |part: &str| self.path(part).display().to_string();
        let mut variables = vec![
            ("CLOCK__MODE".to_owned(), "event".to_owned()),
            ("SOURCE__FILES__DIR".to_owned(), path("events")),
            (
                "STORE__URL".to_owned(),
                format!("sqlite:{}", path("sisan.db")),
            ),
            ("MAIL__FOLDER".to_owned(), path("mails")),
            ("REPORT__DIR".to_owned(), path("reports")),
            ("TASKS__CLOSED_DIR".to_owned(), path("closed_tasks")),
            ("HTTP__LISTEN".to_owned(), "127.0.0.1:0".to_owned()),
            ("COMPANY__HEAD_MANAGER_ID".to_owned(), "HD01".to_owned()),
            // Input comes by the month here, once in three parts: two closings may lie further
            // apart than where it comes at once.
            ("HISTORY__CLOSE_AHEAD_MAX".to_owned(), "90d".to_owned()),
        ];
        if !reachable {
            let of_relay = [
                ("KIND", "smtp"),
                ("URL", "smtp+plaintext://127.0.0.1:9"),
                ("INSECURE_PLAINTEXT", "true"),
            ];
            variables
                .extend(of_relay.map(|(key, value)| (format!("MAIL__{key}"), value.to_owned())));
            variables.extend(
                [
                    ("FALLBACK__ID", "M0"),
                    ("FALLBACK__ADDRESS", "duty@example.com"),
                ]
                .map(|(k, v)| (k.to_owned(), v.to_owned())),
            );
        }
        variables.extend(self.kept.iter().map(|(key, days)| {
            (
                format!("RETENTION__{}", key.to_uppercase()),
                days.to_string(),
            )
        }));
        variables
            .into_iter()
            .map(|(key, value)| (format!("SISAN__{key}"), value))
            .collect()
    }

    /// The setup of a worker.
    pub fn setup(&self, reachable: bool) -> Arc<Setup> {
        let config = sisan::config::load(&[], self.variables(reachable).into_iter())
            .expect("a configuration");
        Arc::new(
            Setup::from_config(config)
                .map_err(|error| error.error)
                .expect("a setup"),
        )
    }

    /// The database, as anybody may read it.
    pub fn sql(&self) -> Connection {
        Connection::open(self.path("sisan.db")).expect("the database")
    }

    /// Ingests what is there, with people at work.
    pub fn drain(&self, store: &Arc<Store>, setup: &Arc<Setup>) {
        let people = People::new(SEED, Arc::clone(setup), Intentions::default());
        let drained = (|| {
            let mut dispatcher = OutboxDispatcher::open(setup)?;
            let worker = Worker::new(setup, Arc::clone(store), true)?
                .with_people(move |pipeline, now| people.act(pipeline, now));
            worker.drain(
                setup.source(store, true, StopSignal::new())?,
                &mut dispatcher,
            )
        })();
        let ended = drained.map_err(|error| error.error).expect("a drain");
        assert!(ended.paused.is_empty(), "{:?}", ended.paused);
    }

    /// Lays a file of events there.
    pub fn put_events(&self, name: &str, events: &[&Event]) {
        let lines: String = events
            .iter()
            .map(|event| to_json_line(event) + "\n")
            .collect();
        fs::write(self.path("events").join(format!("{name}.jsonl")), lines)
            .expect("a file of events");
    }

    /// Ingests the events of a month, the `at`th. In the third one the relay is out of reach on
    /// the 10th.
    pub fn take_month(&self, month: Month, events: &[&Event], zone: Zone, at: usize) {
        let store = Arc::new(
            self.setup(true)
                .migrate_store()
                .and_then(Store::lock)
                .expect("a store"),
        );
        let take = |name: &str, events: &[&Event], reachable: bool| {
            self.put_events(name, events);
            self.drain(&store, &self.setup(reachable));
        };
        let day =
            |event: &&Event| zone.day_of(event.order.time).number() - month.first_day().number();
        let (before, after) = (
            events.partition_point(|event| day(event) < 9),
            events.partition_point(|event| day(event) < 10),
        );
        if at == 2 {
            take(&format!("{month}-0"), &events[..before], true);
            take(&format!("{month}-1"), &events[before..after], false);
            let_pauses_pass(&store);
            take(&format!("{month}-2"), &events[after..], true);
        } else {
            take(&format!("{month}"), events, true);
        }
        if at == 0 {
            store
                .write_tx("end the load", |tx| tx.end_loading())
                .expect("a loaded store");
        }
    }
}

/// Pauses between attempts go by the wall's clock, of which hardly any passes while years do: it is
/// as if they were over.
fn let_pauses_pass(store: &Store) {
    let passed = store.write_tx("let pauses pass", |tx| -> Result<(), StoreError> {
        let deferred = tx
            .mails()?
            .into_iter()
            .filter(|queued| queued.delivery.state == MailState::Deferred);
        deferred.into_iter().try_for_each(|queued| {
            tx.record_delivery(
                &queued.mail_id,
                &MailDelivery {
                    next_attempt_at: queued.mail.queued_at,
                    ..queued.delivery
                },
            )
        })
    });
    passed.expect("mails");
}
