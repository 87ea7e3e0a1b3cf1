//! The nouns that every stage shares: ids, days, events, counters, alerts, tasks, mails.
//!
//! It may not know tokio, SQL, Kafka, tracing, configuration, or the current time. Invariant: a
//! value of these types obeys the rules of its field and needs no further check.

pub mod alert;
mod alert_subject;
pub mod brief;
pub mod brief_hint;
pub(crate) mod clock_mode;
pub mod complaints;
pub mod counters;
pub(crate) mod daily_row;
pub mod delta;
pub(crate) mod digits;
pub mod entity;
pub mod event;
pub(crate) mod fast_map;
pub mod feed;
pub(crate) mod festival;
pub(crate) mod glob;
pub(crate) mod history;
pub mod identity;
pub mod ids;
pub(crate) mod ignored_file;
pub mod indicator;
pub(crate) mod invisible;
pub mod job_action;
pub mod job_outcome;
pub mod last_reply;
pub(crate) mod limit_micro;
pub mod local_day;
pub mod locale;
pub mod mail;
pub(crate) mod mailbox;
pub(crate) mod money;
pub mod named_member;
pub(crate) mod names;
pub(crate) mod offering;
pub mod ops_notice;
pub mod outgoing;
pub mod pause;
pub(crate) mod phones;
pub(crate) mod rate_base;
pub mod reference;
pub mod reject;
pub mod relay_security;
pub(crate) mod reminder;
pub(crate) mod risk_grade;
pub mod secret;
pub mod short_text;
pub(crate) mod signal;
pub(crate) mod silence;
pub mod source_state;
pub mod sum;
pub mod task;
pub mod timeline;
pub(crate) mod trust;
pub mod zone;
