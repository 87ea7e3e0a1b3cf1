//! The store: what is known, committed in one transaction a batch. The only SQL.
//!
//! It may not know Kafka, SMTP, HTTP, or what an indicator is.
//! Invariant: offsets, identities, timelines, counters, alerts, tasks, notices and mails change together or not at all,
//! and every insert has a natural unique key, so that a replay changes nothing.

mod codec;
mod error;
pub mod sqlite;

pub use error::{StoreError, is_disk_full};
pub use sqlite::{Store, Tx};
