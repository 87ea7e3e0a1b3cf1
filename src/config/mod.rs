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

pub use base::Clock;
pub(crate) use base::LogFormat;
#[cfg(test)]
pub(crate) use base::{Batch, Environment, Events, History, Log, Rejects, Stop};
pub(crate) use document::ConfigDocument;
pub(crate) use evaluation::Signals;
#[cfg(test)]
pub(crate) use evaluation::{
    Arrears, BatchLeave, ComplaintHotspot, ComplaintOpen, ContactGap, GroupGone, LowScore, Rate,
    RevenueDrop, Significance, SuspensionBurst,
};
pub use follow_up::Feed;
#[cfg(test)]
pub(crate) use follow_up::{Alerts, KeyDates, Observe, Tasks};
#[cfg(test)]
pub(crate) use http::Http;
#[cfg(test)]
pub(crate) use limits::Limits;
pub use load::DEFAULT_TOML;
pub use load::load;
#[cfg(test)]
pub(crate) use load::load_for_check;
pub(crate) use load::{examine, load_under, process_environment};
pub use mail::Mail;
pub(crate) use mail::MailTo;
pub(crate) use places::{Backup, StoreUrl};
#[cfg(test)]
pub(crate) use places::{Calendar, Company, Fallback, Jobs, Report};
pub use places::{Playbooks, Store};
pub(crate) use problem::{ConfigError, Problem, ProblemKind, ValueOrigin};
pub(crate) use root::Config;
pub use source::Source;
pub(crate) use source::SourceKind;
#[cfg(test)]
pub(crate) use source::{Files, Kafka};
