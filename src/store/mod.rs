//! The store: all data, committed in one transaction a batch. The only SQL.
//!
//! ```text
//! Tx ─ one method a statement, written once for both dialects (`sql/`)
//!  ├─ sqlite    one worker: what a batch changes goes to a write-ahead log and sorted runs, mirrored in memory
//!  └─ shared    many workers: rows that a batch locks in the order of their keys
//!      ├─ postgres   on a server
//!      └─ in_memory  in one process, for tryouts
//! ```
//!
//! It may not know Kafka, SMTP, HTTP, or what an indicator is. Invariant: offsets, identities,
//! timelines, counters, alerts, tasks, notices and mails change together or not at all, and every
//! insert has a natural unique key, so that a replay changes nothing.

mod alerts;
mod any_store;
mod brief_hints;
mod briefs;
mod codec;
mod complaints;
mod copy;
mod damage;
mod delta;
mod durability;
mod error;
mod files;
mod folding;
mod forgetting;
mod frames;
mod identities;
pub mod in_memory;
mod jobs;
mod lateness_policy;
mod lease;
mod leavers;
mod loading;
mod mail_claims;
mod named_members;
mod notices;
mod outbox;
mod outgoing;
mod parallel;
pub(crate) mod postgres;
mod progress;
mod publications;
mod references;
mod rejects;
mod row_digest;
mod save;
mod schema;
mod series;
mod server_error;
mod settings;
mod shared;
mod signal_checks;
mod silences;
mod source_row;
mod sources;
pub(crate) mod sqlite;
mod staged;
mod tasks;
mod timelines;
mod transaction;
mod value;
mod writers;

pub use any_store::Store;
pub use any_store::StoreAt;
pub(crate) use briefs::BriefSpan;
pub use copy::copy;
pub(crate) use copy::{Copied, check_way};
pub(crate) use damage::{Checked, DamagedRow};
pub(crate) use durability::Durability;
pub use error::StoreError;
pub(crate) use error::is_disk_full;
pub use files::FileMarks;
pub(crate) use files::FileRow;
pub use forgetting::FORGOTTEN_AT_ONCE_MAX;
pub(crate) use jobs::JobRunRow;
pub(crate) use lateness_policy::LatenessPolicy;
pub(crate) use lease::Lease;
pub(crate) use leavers::LEAVERS_NAMED_MAX;
pub(crate) use mail_claims::MailClaim;
pub(crate) use outbox::MailEntry;
pub use outbox::QueuedMail;
pub(crate) use postgres::check_server_url;
pub(crate) use progress::{IsOver, OnProgress};
pub(crate) use publications::Publication;
pub use rejects::NewReject;
pub(crate) use rejects::StoredReject;
pub use settings::Setting;
pub use source_row::SourceRow;
pub use sources::Advance;
pub use sources::TakenOver;
pub(crate) use sqlite::check_absent;
pub use staged::Staged;
pub use transaction::Tx;

use progress::go_on;
