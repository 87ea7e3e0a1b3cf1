//! The whole configuration, a struct for each topic.
//!
//! It may not know layers or files. Invariant: its keys are those of `config/default.toml`, no more
//! and no fewer.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::base::{Batch, Clock, Environment, Events, History, Log, Rejects, Stop};
use super::evaluation::{Rate, Signals, Significance};
use super::follow_up::{Alerts, FeedSettings, KeyDates, Observe, Tasks};
use super::http::Http;
use super::layer::Layers;
use super::limits::Limits;
use super::mail::Mail;
use super::places::{Backup, Calendar, Company, Fallback, Jobs, Playbooks, Report, Store};
use super::problem::ValueOrigin;
use super::source::Source;
use super::{print, value};
use crate::domain::locale::Locale;
use crate::domain::retention::Retention;
use crate::domain::zone::Zone;

/// The configuration of a worker, checked.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// The kind of deployment.
    pub environment: Environment,
    /// The zone in which days begin.
    #[serde(deserialize_with = "value::zone")]
    pub timezone: Zone,
    /// Default language of mails.
    pub locale: Locale,
    /// The clock that defines "now".
    pub clock: Clock,
    /// Log messages on stderr.
    pub log: Log,
    /// Where events come from.
    pub source: Source,
    /// When a batch is committed.
    pub batch: Batch,
    /// Limits of an event.
    pub events: Events,
    /// When rejections pause a partition.
    pub rejects: Rejects,
    /// Code set → code → canonical status, laid over the shipped sets.
    pub status_maps: BTreeMap<String, BTreeMap<String, String>>,
    /// The store of the state.
    pub store: Store,
    /// Copies of the store.
    pub backup: Backup,
    /// Files of reports.
    pub report: Report,
    /// The appraisal limits.
    pub limits: Limits,
    /// The denominator of the indicators.
    pub rate: Rate,
    /// The significance test.
    pub significance: Significance,
    /// Early signals.
    pub signals: Signals,
    /// When alerts clear.
    pub alerts: Alerts,
    /// When tasks are due, and how many.
    pub tasks: Tasks,
    /// Units that are only observed, for a careful start.
    pub observe: Observe,
    /// How the worker stops.
    pub stop: Stop,
    /// HTTP addresses.
    pub http: Http,
    /// The feeds, and which are required.
    pub feeds: FeedSettings,
    /// Which months are open.
    pub history: History,
    /// How long stored data is kept.
    pub retention: Retention,
    pub company: Company,
    /// The fallback recipient.
    pub fallback: Fallback,
    /// How mail is sent.
    pub mail: Mail,
    /// Lead days of key dates.
    pub key_dates: KeyDates,
    /// Job files.
    pub jobs: Jobs,
    pub playbooks: Playbooks,
    /// Holidays.
    pub calendar: Calendar,
    #[serde(skip)]
    pub(super) layers: Arc<Layers>,
}

impl Config {
    /// The effective configuration as TOML that can be read again, without secrets.
    #[must_use]
    pub(crate) fn effective(&self) -> String {
        print::effective(&self.layers, false)
    }

    /// The same with its origin behind each value.
    #[must_use]
    pub(crate) fn effective_with_origin(&self) -> String {
        print::effective(&self.layers, true)
    }

    /// The keys whose values differ in another configuration; secrets are not compared.
    #[must_use]
    pub(crate) fn keys_that_differ(&self, other: &Self) -> Vec<String> {
        self.layers.keys_that_differ(&other.layers)
    }

    /// The origin of a key's value, e.g. of `limits.churn_rate`.
    #[must_use]
    pub(crate) fn origin(&self, key: &str) -> ValueOrigin {
        self.layers.origin(key)
    }
}
