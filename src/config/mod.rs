//! The configuration: read once, checked as a whole, then handed out as values.
//!
//! Three layers, the last one wins, key by key:
//!
//! ```text
//! config/default.toml (built in)  →  --config FILE, in order  →  SISAN__SECTION__KEY
//!            each layer: TOML tree + position of each key (Origin)
//!                      └── laid over one another ──┐
//!          read strictly, a fault noted and repaired, until nothing is wrong  →  checks across keys
//!                      └── all faults in one ConfigError, or a Config
//! ```
//!
//! It may not know what any stage does with a value. The environment is read here and nowhere else.
//! Invariant: a [`Config`] needs no further check; no message, print or `Debug` shows a
//! [`Secret`](crate::domain::secret::Secret).

mod base;
mod check;
mod document;
mod evaluation;
mod follow_up;
mod http;
mod layer;
mod limits;
mod load;
mod mail;
mod places;
mod print;
mod problem;
mod retention;
mod root;
mod secret;
mod source;
mod strict;
mod value;
mod variables;

#[cfg(test)]
mod tests;

pub use base::{Batch, Clock, Environment, Events, History, Log, LogFormat, Stop, Storm};
pub use document::ConfigDocument;
pub use evaluation::{
    Arrears, BatchLeave, ComplaintHotspot, ComplaintOpen, ContactGap, GroupGone, LowScore, Rate,
    RevenueDrop, Signals, Significance, SuspensionBurst,
};
pub use follow_up::{Alerts, Feed, FeedSettings, KeyDates, LeadDays, Observe, Tasks};
pub use http::Http;
pub use limits::{IndicatorLimits, LimitOverride, Limits};
pub use load::{DEFAULT_TOML, examine, load, load_for_check, load_under, process_environment};
pub use mail::{Mail, MailTo, RelayUrl};
pub use places::{Backup, Calendar, Company, Fallback, Jobs, Playbooks, Report, Store, StoreUrl};
pub use problem::{ConfigError, Problem, ProblemKind, ValueOrigin};
pub use retention::Retention;
pub use root::Config;
pub use source::{Files, Kafka, KafkaStart, Source, SourceKind};
