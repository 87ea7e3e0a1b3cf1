//! The nouns that every stage shares: ids, days, events, counters, alerts, tasks, mails.
//!
//! It may not know tokio, SQL, Kafka, tracing, configuration, or what time it is.
//! Invariant: a value of these types obeys the rules of its field; whoever holds one need not check it again.

pub mod event;
pub mod identity;
pub mod ids;
pub mod local_day;
pub mod money;
pub mod reject;
