//! `check-config --connect`: contacts input, store and relay, and prints what each answered.
//!
//! Invariant: nothing is changed: no group is joined, no store made, no mail sent.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::config::{SourceKind, StoreUrl};
use crate::consume::{KafkaConfig, probe};
use crate::notify::mailer::Mailer;
use crate::store::{Store, check_absent};

use crate::runtime::Setup;
use crate::runtime::connectors::kafka_config;
use crate::runtime::error::{AppError, Exit};

/// Tries all of them and prints one line each.
///
/// # Errors
/// When the answers cannot be written.
pub(crate) fn connect(setup: &Setup, out: &mut dyn Write) -> Result<Exit, AppError> {
    let tried = [
        ("source", source(setup)),
        ("store", store(setup)),
        ("relay", relay(setup)),
        ("folders", folders(setup)),
    ];
    let mut exit = Exit::Done;
    for (what, answer) in tried {
        match answer {
            Ok(answer) => writeln!(out, "{what}: ok: {answer}")?,
            Err(error) => {
                writeln!(out, "{what}: failed: {error:#}")?;
                exit = Exit::Failed;
            }
        }
    }
    Ok(exit)
}

fn source(setup: &Setup) -> anyhow::Result<String> {
    let source = &setup.config.source;
    match source.kind {
        SourceKind::Files => {
            let dir = &source.files.dir;
            let entries = std::fs::read_dir(dir)
                .with_context(|| format!("source.files.dir: read the folder {}", dir.display()))?;
            Ok(format!(
                "the folder {} has {} entries",
                dir.display(),
                entries.count()
            ))
        }
        SourceKind::Kafka => topics(&kafka_config(&setup.config, false)),
    }
}

fn topics(config: &KafkaConfig) -> anyhow::Result<String> {
    let topics: Vec<String> = probe(config)?
        .iter()
        .map(|(topic, n)| format!("{topic} with {n} partitions"))
        .collect();
    Ok(format!("{} has {}", config.brokers, topics.join(", ")))
}

fn store(setup: &Setup) -> anyhow::Result<String> {
    match &setup.config.store.url {
        StoreUrl::Sqlite(path) if !path.exists() => {
            check_absent(path)?;
            is_writable(path)
        }
        url => {
            Store::open(&setup.store_at(url))?;
            Ok(format!("{url} answers, with the schema of this program"))
        }
    }
}

/// `run` creates a missing store, so its folder must be writable.
fn is_writable(path: &Path) -> anyhow::Result<String> {
    folder("store.url", path.parent().unwrap_or(path))?;
    Ok(format!(
        "{} is not there yet, and can be made",
        path.display()
    ))
}

/// Checks that a folder is writable or, if it does not exist yet, that it can be created in its
/// nearest existing parent.
fn folder(key: &str, dir: &Path) -> anyhow::Result<()> {
    let mut these = dir.ancestors().map(|dir| {
        if dir.as_os_str().is_empty() {
            Path::new(".")
        } else {
            dir
        }
    });
    let there = these.find(|dir| dir.exists()).unwrap_or(Path::new("."));
    if !there.is_dir() {
        return Err(anyhow!("{key}: {} is no folder", there.display()));
    }
    tempfile_in(there).with_context(|| format!("{key}: make a file in {}", there.display()))
}

/// The folders beside the store that the worker writes to.
fn folders(setup: &Setup) -> anyhow::Result<String> {
    let config = &setup.config;
    let backup = config.backup.dir.as_ref().map(|dir| ("backup.dir", dir));
    let all = [
        ("report.dir", &config.report.dir),
        ("tasks.closed_dir", &config.tasks.closed_dir),
    ]
    .into_iter()
    .chain(backup);
    let keys = all
        .map(|(key, dir)| folder(key, dir).map(|()| key))
        .collect::<anyhow::Result<Vec<_>>>()?;
    Ok(format!("{} can be written", keys.join(", ")))
}

/// Creates a file and removes it again, which shows that the folder is writable.
fn tempfile_in(dir: &Path) -> std::io::Result<()> {
    let name = dir.join(format!(".sisan-check-{}", std::process::id()));
    std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&name)?;
    std::fs::remove_file(&name)
}

fn relay(setup: &Setup) -> anyhow::Result<String> {
    let mail = &setup.config.mail;
    match setup.mailer().map_err(|error| error.error)? {
        Mailer::Smtp(mut relay) => {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            let greeted = runtime.block_on(relay.try_out());
            greeted.map_err(|outcome| anyhow!("{}", outcome.reply()))?;
            let url = mail
                .url
                .as_ref()
                .map_or_else(String::new, |url| format!("{} port {}", url.host, url.port));
            Ok(format!(
                "{url} has greeted us{}; no mail was sent",
                if mail.user.is_some() {
                    " and taken the password"
                } else {
                    ""
                }
            ))
        }
        Mailer::Folder(_) | Mailer::Given(_) => {
            folder("mail.folder", &mail.folder)?;
            Ok(format!(
                "mail goes to files in {}: nobody is sent anything",
                mail.folder.display()
            ))
        }
    }
}
