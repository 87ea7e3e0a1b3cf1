//! `source.*`: where events come from.
//!
//! It may not know how files or topics are read, nor what a mapping of BOSS drops means. Invariant:
//! the keys that `kind` requires are set; settings passed on to librdkafka hold no secret and
//! nothing that the worker must decide itself.

use std::collections::BTreeMap;
use std::path::PathBuf;

use chrono::TimeDelta;
use serde::Deserialize;
use serde::de::{self, DeserializeOwned, Deserializer};

use super::check::ConfigCheck;
use super::problem::ConfigError;
use super::secret::is_secret;
use super::{Config, strict, value};
use crate::domain::secret::Secret;
use crate::domain::start_policy::StartPolicy;

/// Settings of librdkafka that correctness depends on, since the store keeps the positions, or that
/// other keys set.
const OURS: [&str; 21] = [
    "allow.auto.create.topics",
    "auto.commit.enable",
    "auto.commit.interval.ms",
    "auto.offset.reset",
    "bootstrap.servers",
    "check.crcs",
    "enable.auto.commit",
    "enable.auto.offset.store",
    "enable.partition.eof",
    "group.id",
    "group.protocol",
    "group.remote.assignor",
    "isolation.level",
    "log.queue",
    "metadata.broker.list",
    "offset.store.method",
    "offset.store.path",
    "partition.assignment.strategy",
    "plugin.library.paths",
    "sasl.username",
    "statistics.interval.ms",
];

/// `source.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Source {
    /// The kind of input.
    pub kind: SourceKind,
    /// How far one partition, or the files of one mapping, may be ahead of another in event time.
    #[serde(deserialize_with = "value::time_delta")]
    pub align: TimeDelta,
    /// For [`SourceKind::Files`].
    pub files: Files,
    /// For [`SourceKind::Kafka`].
    pub kafka: Kafka,
}

/// Where events come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceKind {
    Files,
    Kafka,
}

/// `source.files.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Files {
    pub dir: PathBuf,
    /// The BOSS drops, as written; [`Config::mappings`] parses them.
    #[serde(default)]
    pub mappings: Vec<toml::Table>,
}

/// `source.kafka.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Kafka {
    /// `host:port` pairs.
    #[serde(default, deserialize_with = "value::list")]
    pub brokers: Vec<String>,
    #[serde(default, deserialize_with = "value::list")]
    pub topics: Vec<String>,
    /// The consumer group.
    pub group_id: String,
    /// This worker's unique name within the group.
    pub instance_id: Option<String>,
    /// Where to begin in a partition without a stored position.
    pub start: StartPolicy,
    /// User for SASL.
    pub user: Option<String>,
    /// The user's password, from whichever key gave it.
    pub password: Option<Secret>,
    /// A file with the password.
    pub password_file: Option<PathBuf>,
    /// Passed on to librdkafka.
    #[serde(deserialize_with = "settings")]
    pub settings: BTreeMap<String, String>,
}

impl Config {
    /// Deserialises `source.files.mappings` into the type of the decoder.
    ///
    /// # Errors
    /// The first fault of every mapping, and all unknown keys, by file and key.
    pub(crate) fn mappings<T: DeserializeOwned>(&self) -> Result<Vec<T>, ConfigError> {
        let mut check = ConfigCheck::new(&self.layers);
        let mut mappings = Vec::new();
        for (at, table) in self.source.files.mappings.iter().enumerate() {
            match strict::read_once(table.clone(), &format!("source.files.mappings[{at}]")) {
                Ok(mapping) => mappings.push(mapping),
                Err(faults) => faults
                    .iter()
                    .for_each(|fault| check.wrong(&fault.key, &fault.text)),
            }
        }
        check.finish().map(|()| mappings)
    }
}

/// Reads settings spelled `"a.b" = 1` or `a.b = 1`; both mean librdkafka's `a.b`.
fn settings<'de, D: Deserializer<'de>>(reader: D) -> Result<BTreeMap<String, String>, D::Error> {
    fn put_setting(
        into: &mut BTreeMap<String, String>,
        name: String,
        value: toml::Value,
    ) -> Result<(), String> {
        let text = match value {
            toml::Value::String(text) => text,
            toml::Value::Integer(n) => n.to_string(),
            toml::Value::Float(n) => n.to_string(),
            toml::Value::Boolean(yes) => yes.to_string(),
            toml::Value::Table(table) => {
                return table.into_iter().try_for_each(|(part, value)| {
                    put_setting(into, format!("{name}.{part}"), value)
                });
            }
            toml::Value::Array(_) | toml::Value::Datetime(_) => {
                return Err(format!(
                    "the setting `{name}` must be a text, a number or a bool"
                ));
            }
        };
        into.insert(name, text);
        Ok(())
    }
    let table = toml::Table::deserialize(reader)?;
    let mut into = BTreeMap::new();
    table
        .into_iter()
        .try_for_each(|(name, value)| put_setting(&mut into, name, value))
        .map_err(de::Error::custom)?;
    Ok(into)
}

pub(super) fn check(source: &Source, check: &mut ConfigCheck<'_>) {
    let kafka = &source.kafka;
    if !(TimeDelta::minutes(1)..=TimeDelta::days(366)).contains(&source.align) {
        check.wrong("source.align", "is not within 1m to 366d");
    }
    if source.kind == SourceKind::Kafka {
        for (key, list) in [
            ("source.kafka.brokers", &kafka.brokers),
            ("source.kafka.topics", &kafka.topics),
        ] {
            if list.is_empty() {
                check.missing(
                    key,
                    "source.kind",
                    "events come from Kafka; hint: give a list",
                );
            }
        }
    }
    let good = |broker: &String| {
        broker.rsplit_once(':').is_some_and(|(host, port)| {
            !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0)
        })
    };
    for bad in kafka.brokers.iter().filter(|broker| !good(broker)) {
        check.wrong(
            "source.kafka.brokers",
            &format!(
                "`{}` is no broker; hint: write host:port",
                bad.escape_debug()
            ),
        );
    }
    check.line_of_text("source.kafka.group_id", &kafka.group_id);
    if let Some(id) = &kafka.instance_id {
        check.line_of_text("source.kafka.instance_id", id);
    }
    if kafka.user.is_some() && kafka.password.is_none() && kafka.password_file.is_none() {
        check.missing(
            "source.kafka.password",
            "source.kafka.user",
            "source.kafka.user is given; hint: give it in the environment, or name a file in source.kafka.password_file",
        );
    }
    for name in kafka.settings.keys() {
        let quoted = format!("source.kafka.settings.{}", strict::quoted(name));
        let key = if check.has(&quoted) {
            quoted
        } else {
            format!("source.kafka.settings.{name}")
        };
        if OURS.contains(&name.as_str()) {
            check.wrong(&key, "the worker must decide this itself; hint: take it out, see source.kafka for what can be set");
        } else if is_secret(name) {
            check.wrong(&key, "a secret has no place among the settings; hint: use source.kafka.password or source.kafka.password_file");
        }
    }
}
