//! The nouns that every stage shares: ids, days, events, counters, alerts, tasks, mails.
//!
//! It may not know tokio, SQL, Kafka, tracing, configuration, or the current time. Invariant: a
//! value of these types obeys the rules of its field and needs no further check.

pub mod alert;
mod alert_subject;
pub mod brief;
pub mod brief_hint;
pub mod clock_mode;
pub mod complaints;
pub mod counters;
pub mod daily_row;
pub mod delta;
pub mod digits;
pub mod entity;
pub mod event;
pub mod fast_map;
pub mod feed;
pub mod festival;
pub mod glob;
pub mod history;
pub mod identity;
pub mod ids;
pub mod ignored_file;
pub mod indicator;
pub mod invisible;
pub mod job_outcome;
pub mod limit_micro;
pub mod local_day;
pub mod locale;
pub mod mail;
pub mod mailbox;
pub mod money;
pub mod named_member;
pub(crate) mod names;
pub mod ops_notice;
pub mod outgoing;
pub mod rate_base;
pub mod reference;
pub mod reject;
pub mod relay_security;
pub mod reminder;
pub mod secret;
pub mod short_text;
pub mod signal;
pub mod silence;
pub mod sum;
pub mod task;
pub mod timeline;
pub mod trust;
pub mod zone;
