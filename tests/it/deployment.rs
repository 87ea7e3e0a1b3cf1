//! A deployment of the built program in a folder of its own, run as operators run it.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

use crate::ports::free_port;

/// Asserts that two deployments show a user the same rows, and prints those that differ.
pub fn assert_same(actual: &BTreeMap<String, Vec<Value>>, expected: &BTreeMap<String, Vec<Value>>) {
    let mut wrong = String::new();
    for (what, rows) in expected {
        let missing = rows
            .iter()
            .filter(|row| !actual[what].contains(row))
            .map(|row| format!("missing of {what}: {row}\n"));
        let more = actual[what]
            .iter()
            .filter(|row| !rows.contains(row))
            .map(|row| format!("more of {what}: {row}\n"));
        wrong.extend(missing.chain(more));
    }
    assert!(wrong.is_empty(), "{wrong}");
}

/// A folder with events, a store, mails and reports, and the variables that configure it.
pub struct Deployment {
    dir: TempDir,
    variables: BTreeMap<String, String>,
}

impl Deployment {
    /// The log of its workers, a file within the folder.
    pub const LOG: &str = "log";

    /// Files source, SQLite, folder mail, event clock.
    pub fn new() -> Self {
        let dir = tempfile::tempdir().expect("a temporary folder");
        let mut deployment = Self {
            dir,
            variables: BTreeMap::new(),
        };
        let path = |part: &str| deployment.path(part).display().to_string();
        let variables = [
            ("CLOCK__MODE", "event".to_owned()),
            ("SOURCE__FILES__DIR", path("events")),
            ("STORE__URL", format!("sqlite:{}", path("sisan.db"))),
            ("MAIL__FOLDER", path("mails")),
            ("REPORT__DIR", path("reports")),
            ("TASKS__CLOSED_DIR", path("closed_tasks")),
            ("HTTP__LISTEN", "127.0.0.1:0".to_owned()),
        ];
        for (key, value) in variables {
            deployment.set(key, value);
        }
        std::fs::create_dir(deployment.path("events")).expect("a folder for events");
        deployment
    }

    /// The same with the files of a folder as input.
    pub fn with_events_of(dir: &Path) -> Self {
        let deployment = Self::new();
        for file in std::fs::read_dir(dir)
            .expect("a folder of events")
            .map(|file| file.expect("a file").path())
        {
            std::fs::copy(
                &file,
                deployment
                    .path("events")
                    .join(file.file_name().expect("a name")),
            )
            .expect("a copy");
        }
        deployment
    }

    /// Sets the variable `SISAN__key`.
    pub fn set(&mut self, key: &str, value: impl Into<String>) {
        self.variables.insert(format!("SISAN__{key}"), value.into());
    }

    /// Has it serve HTTP; gives back where.
    pub fn listen(&mut self) -> SocketAddr {
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()));
        self.set("HTTP__LISTEN", address.to_string());
        address
    }

    /// The variables that configure it.
    pub const fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// A path within the folder.
    pub fn path(&self, part: &str) -> PathBuf {
        self.dir.path().join(part)
    }

    /// Runs the program with extra variables.
    pub fn run_with(&self, arguments: &[&str], extra: &[(&str, &str)]) -> Output {
        self.command(arguments)
            .envs(extra.iter().copied())
            .output()
            .expect("the program starts")
    }

    /// The program, to be run here.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_sisan"));
        command
            .args(arguments)
            .env_clear()
            .envs(&self.variables)
            .current_dir(self.dir.path());
        command
    }

    /// Runs the program and expects it to end well.
    pub fn run(&self, arguments: &[&str]) -> String {
        let output = self.run_with(arguments, &[]);
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success(),
            "sisan {arguments:?} ended with {}: {stderr}",
            output.status
        );
        String::from_utf8(output.stdout).expect("UTF-8")
    }

    /// Reads all input there is.
    pub fn drain(&self) {
        self.run(&["run", "--drain"]);
    }

    /// The JSON array that a command prints.
    pub fn json(&self, arguments: &[&str]) -> Vec<Value> {
        let text = self.run(&[arguments, &["--format", "json"]].concat());
        serde_json::from_str(&text)
            .unwrap_or_else(|e| panic!("{arguments:?} printed no JSON array: {e}\n{text}"))
    }

    /// What its workers have logged so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.path(Self::LOG)).unwrap_or_default()
    }

    /// A number of `sources list`, summed over all sources; 0 while the store does not answer.
    pub fn sum(&self, field: &str) -> u64 {
        let output = self.run_with(&["sources", "list", "--format", "json"], &[]);
        let rows: Vec<Value> = serde_json::from_slice(&output.stdout).unwrap_or_default();
        rows.iter().filter_map(|row| row[field].as_u64()).sum()
    }

    /// How many events are applied.
    pub fn applied(&self) -> u64 {
        self.sum("applied")
    }

    /// How many deliveries are committed.
    pub fn passed(&self) -> u64 {
        self.sum("position")
    }

    /// Everything that a user can see, but for how often a mail was tried.
    pub fn visible(&self) -> BTreeMap<String, Vec<Value>> {
        let mut all = BTreeMap::new();
        for list in [
            "alerts",
            "tasks",
            "reminders",
            "outbox",
            "sources",
            "rejects",
        ] {
            let mut rows = self.json(&[list, "list"]);
            for row in rows.iter_mut().filter_map(Value::as_object_mut) {
                // The wall clock, and the count of attempts, are of one run.
                for of_the_run in ["attempts", "last_reply", "at"] {
                    row.remove(of_the_run);
                }
            }
            all.insert(list.to_owned(), rows);
        }
        all.insert("mails".to_owned(), self.files("mails"));
        all.insert("reports".to_owned(), self.files("reports"));
        all
    }

    /// Every file below a folder, by name and digest.
    fn files(&self, part: &str) -> Vec<Value> {
        fn walk(dir: &Path, files: &mut Vec<(String, String)>) {
            let Ok(entries) = std::fs::read_dir(dir) else {
                return;
            };
            for path in entries.map(|entry| entry.expect("an entry").path()) {
                if path.is_dir() {
                    walk(&path, files);
                } else {
                    let digest =
                        xxhash_rust::xxh3::xxh3_128(&std::fs::read(&path).expect("a file"));
                    files.push((path.display().to_string(), format!("{digest:032x}")));
                }
            }
        }
        let mut files = Vec::new();
        walk(&self.path(part), &mut files);
        let base = self.dir.path().display().to_string();
        let mut files: Vec<Value> = files
            .into_iter()
            .map(|(path, digest)| Value::String(format!("{} {digest}", path.replace(&base, ""))))
            .collect();
        files.sort_by_key(Value::to_string);
        files
    }
}
