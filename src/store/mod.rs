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
pub mod postgres;
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
pub mod sqlite;
mod staged;
mod tasks;
mod timelines;
mod transaction;
mod value;
mod writers;

pub use any_store::{Store, StoreAt};
pub use briefs::BriefSpan;
pub use copy::{Copied, check_way, copy};
pub use damage::{Checked, DamagedRow};
pub use durability::Durability;
pub use error::{StoreError, is_disk_full};
pub use files::{FileMarks, FileRow};
pub use forgetting::{Aged, FORGOTTEN_AT_ONCE_MAX};
pub use jobs::JobRunRow;
pub use lateness_policy::LatenessPolicy;
pub use lease::Lease;
pub use loading::Loading;
pub use mail_claims::MailClaim;
pub use outbox::{MailEntry, QueuedMail, WaitingMails};
pub use postgres::check_server_url;
pub use progress::{IsOver, OnProgress};
pub use publications::Publication;
pub use rejects::{NewReject, StoredReject};
pub use server_error::ServerError;
pub use settings::Setting;
pub use source_row::{SourceRow, SourceState};
pub use sources::{Advance, TakenOver};
pub use sqlite::check_absent;
pub use staged::Staged;
pub use transaction::Tx;

use progress::go_on;
