//! The company, the fallback, the store, folders, and files that replace built-in ones.
//!
//! It may not know what is kept there. Invariant: no path is empty; HTTP is open to the network
//! only behind a proxy.

use std::fmt;
use std::path::PathBuf;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use super::check::ConfigCheck;
use super::value;
use crate::access::Access;
use crate::domain::ids::ManagerId;
use crate::domain::secret::Secret;

/// `store.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Store {
    pub url: StoreUrl,
    /// The password of the database's user, from whichever key gave it.
    pub password: Option<Secret>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// Megabytes of the memtable: committed, and not yet in sorted runs.
    pub unwritten_mb: usize,
}

/// Which store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreUrl {
    /// An SQLite file.
    Sqlite(PathBuf),
    /// A database of a server: its URL, without a password.
    Postgres(String),
}

impl FromStr for StoreUrl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("postgres" | "postgresql", rest)) if holds_password(rest) => {
                Err("holds a password; hint: use store.password or store.password_file".into())
            }
            Some(("postgres" | "postgresql", _)) => Ok(Self::Postgres(text.to_owned())),
            Some(("sqlite", ":memory:")) => {
                Err("a store in memory forgets what it has read; hint: use sqlite:PATH".into())
            }
            Some(("sqlite", path)) if !path.trim_start_matches("//").is_empty() => {
                Ok(Self::Sqlite(path.strip_prefix("//").unwrap_or(path).into()))
            }
            _ => Err(
                "names no store; hint: write sqlite:PATH or postgres://USER@HOST/DATABASE".into(),
            ),
        }
    }
}

impl<'de> Deserialize<'de> for StoreUrl {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        // The error does not repeat the URL: it may hold a password.
        value::text(
            reader,
            "sqlite:PATH or postgres://USER@HOST/DATABASE",
            |text| text.parse(),
        )
    }
}

/// Whether the URL holds a password, before the host or as a parameter.
fn holds_password(rest: &str) -> bool {
    let (place, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    let user = place
        .trim_start_matches('/')
        .rsplit_once('@')
        .map_or("", |(user, _)| user);
    user.contains(':')
        || parameters
            .split('&')
            .any(|one| one.starts_with("password="))
}

/// `backup.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Backup {
    /// Folder of the nightly copies; none: no copies are made.
    pub dir: Option<PathBuf>,
    /// Days whose newest copy is kept, 1 to 366.
    pub keep_days: u32,
    /// Sundays whose newest copy is kept, 0 to 520.
    pub keep_sundays: u32,
}

/// `report.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Report {
    /// Folder of the daily reports.
    pub dir: PathBuf,
    /// The mode of the report files.
    #[serde(deserialize_with = "value::access")]
    pub mode: Access,
}

impl fmt::Display for StoreUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => f.write_str(url),
        }
    }
}

/// `company.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Company {
    pub name: String,
    /// The manager who gets its alerts.
    #[serde(default, deserialize_with = "value::manager_id")]
    pub head_manager_id: Option<ManagerId>,
}

/// `fallback.*`: the recipient of everything that has no other.
#[derive(Debug, Clone, Deserialize)]
pub struct Fallback {
    #[serde(default, deserialize_with = "value::manager_id")]
    id: Option<ManagerId>,
    /// The name shown in mails.
    pub name: String,
    #[serde(default, deserialize_with = "value::some_address")]
    address: Option<String>,
}

impl Fallback {
    /// The id; `fallback` where none is configured.
    #[must_use]
    pub(crate) fn id(&self) -> &str {
        self.id.as_ref().map_or("fallback", ManagerId::as_str)
    }

    /// The mail address; `fallback@localhost` where none is configured, which mail to SMTP refuses.
    #[must_use]
    pub(crate) fn address(&self) -> &str {
        self.address.as_deref().unwrap_or("fallback@localhost")
    }

    pub(super) fn check_given(&self, check: &mut ConfigCheck<'_>) {
        for (key, given) in [
            ("fallback.id", self.id.is_some()),
            ("fallback.address", self.address.is_some()),
        ] {
            if !given {
                check.missing(
                    key,
                    "mail.kind",
                    "mail goes to SMTP, and then it is needed; hint: name who is on duty when nobody else is responsible",
                );
            }
        }
    }
}

/// `jobs.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Jobs {
    /// The folder that replaces the built-in job files.
    pub dir: Option<PathBuf>,
}

/// `playbooks.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Playbooks {
    /// The file that replaces the built-in playbooks.
    pub file: Option<PathBuf>,
}

/// `calendar.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Calendar {
    /// The folder that replaces the built-in calendar.
    pub dir: Option<PathBuf>,
}

pub(super) fn check(root: &super::Config, check: &mut ConfigCheck<'_>) {
    for (key, text) in [
        ("company.name", &root.company.name),
        ("fallback.name", &root.fallback.name),
    ] {
        check.line_of_text(key, text);
    }
    check.within("store.unwritten_mb", root.store.unwritten_mb, 0, 65_536);
    check.within("backup.keep_days", root.backup.keep_days, 1, 366);
    check.within("backup.keep_sundays", root.backup.keep_sundays, 0, 520);
    let folders = [
        ("report.dir", Some(&root.report.dir)),
        ("source.files.dir", Some(&root.source.files.dir)),
        ("tasks.closed_dir", Some(&root.tasks.closed_dir)),
    ];
    let replaced = [
        ("backup.dir", root.backup.dir.as_ref()),
        ("jobs.dir", root.jobs.dir.as_ref()),
        ("playbooks.file", root.playbooks.file.as_ref()),
        ("calendar.dir", root.calendar.dir.as_ref()),
    ];
    for (key, path) in folders.into_iter().chain(replaced) {
        if path.is_some_and(|path| path.as_os_str().is_empty()) {
            check.wrong(key, "is empty; hint: write . for the working directory");
        }
    }
}
