//! The whole configuration, a struct for each topic.
//!
//! It may not know layers or files. Invariant: its keys are those of `config/default.toml`, no more
//! and no fewer.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::base::{Batch, Clock, Environment, Events, History, Log, Stop, Storm};
use super::evaluation::{Rate, Signals, Significance};
use super::follow_up::{Alerts, Feeds, KeyDates, Observe, Tasks};
use super::http::Http;
use super::layer::Layers;
use super::limits::Limits;
use super::mail::Mail;
use super::places::{Backup, Calendar, Company, Fallback, Jobs, Playbooks, Report, Store};
use super::problem::Origin;
use super::retention::Retention;
use super::source::Source;
use super::{print, value};
use crate::domain::locale::Locale;
use crate::domain::zone::Zone;

/// The configuration of a worker, checked.
#[derive(Debug, Clone, Deserialize)]
pub struct Config {
    /// What kind of deployment.
    pub environment: Environment,
    /// Zone in which days begin.
    #[serde(deserialize_with = "value::zone")]
    pub timezone: Zone,
    /// Default language of mails.
    pub locale: Locale,
    /// What "now" is.
    pub clock: Clock,
    /// Messages on stderr.
    pub log: Log,
    /// Where events come from.
    pub source: Source,
    /// When a batch is committed.
    pub batch: Batch,
    /// What an event may be.
    pub events: Events,
    /// When rejections pause a partition.
    pub storm: Storm,
    /// Code set → code → canonical status, to be laid over the shipped sets.
    pub status_maps: BTreeMap<String, BTreeMap<String, String>>,
    /// Where the state lives.
    pub store: Store,
    /// Copies of the store.
    pub backup: Backup,
    /// Where reports go.
    pub report: Report,
    /// The appraisal lines.
    pub limits: Limits,
    /// What the indicators divide by.
    pub rate: Rate,
    /// What is chance.
    pub significance: Significance,
    /// Early signals.
    pub signals: Signals,
    /// When alerts clear.
    pub alerts: Alerts,
    /// When tasks are due, and how many.
    pub tasks: Tasks,
    /// What is only looked at, for a careful start.
    pub observe: Observe,
    /// How the worker ends.
    pub stop: Stop,
    /// Where HTTP is served.
    pub http: Http,
    /// Which feeds are waited for.
    pub feeds: Feeds,
    /// Which months are open.
    pub history: History,
    /// How long what is stored is kept.
    pub retention: Retention,
    /// Who we are.
    pub company: Company,
    /// Who gets what nobody else can.
    pub fallback: Fallback,
    /// How mail goes.
    pub mail: Mail,
    /// When to remind of key dates.
    pub key_dates: KeyDates,
    /// Job files.
    pub jobs: Jobs,
    /// Playbooks.
    pub playbooks: Playbooks,
    /// Holidays.
    pub calendar: Calendar,
    #[serde(skip)]
    pub(super) layers: Arc<Layers>,
}

impl Config {
    /// The whole as TOML that can be read again, without secrets.
    #[must_use]
    pub fn effective(&self) -> String {
        print::effective(&self.layers, false)
    }

    /// The same with, behind each value, where it came from.
    #[must_use]
    pub fn effective_with_origin(&self) -> String {
        print::effective(&self.layers, true)
    }

    /// The keys that have another value in another configuration; what is secret is not compared.
    #[must_use]
    pub fn keys_that_differ(&self, other: &Self) -> Vec<String> {
        self.layers.keys_that_differ(&other.layers)
    }

    /// Where the value of a key came from, e.g. of `limits.churn_rate`.
    #[must_use]
    pub fn origin(&self, key: &str) -> Origin {
        self.layers.origin(key)
    }
}
