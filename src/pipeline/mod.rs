//! The spine: raw messages in, one transaction a batch out, and the evaluation of the figures.
//!
//! ```text
//! RawBatch ─ prepare ─→ fates, events ─ commit_until(boundary) ─→ store: timelines, counters, identities, positions
//!                                            │ event clock: stops before the first event past the boundary
//!                                            └→ evaluate(now) ─→ alerts, tasks, notices ─ compose(now) ─→ outbox
//! ```
//!
//! It may not know HTTP, SMTP, polars or the environment. Invariant: what is in memory is what is
//! committed, but for one batch whose commit is running; whatever reads memory or the store as a
//! whole settles that first. Where many write, only the leader has a read model in memory.

mod briefs;
mod commit;
mod commit_conflicts;
mod damage;
mod error;
mod evaluate;
mod fault;
mod follow;
mod forgetting;
mod gather;
mod judge;
mod leadership;
mod mails;
mod named_members;
mod people;
mod prepare;
mod proposals;
mod read_model;
mod retries;
mod settings;
mod sources;
mod state;
mod subscribers;
mod sweep;
mod work;

#[cfg(test)]
pub(crate) use briefs::Briefs;
pub use error::PipelineError;
pub(crate) use fault::fault_point;
pub(crate) use gather::Committed;
pub(crate) use leadership::Leadership;
pub use named_members::ended_named_members;
pub use named_members::settle_named_members;
pub(crate) use people::{people, reference_of};
pub use prepare::decode_batch;
pub(crate) use prepare::{DecodedBatch, Prepared, form_of};
pub(crate) use proposals::withdraw_guarded;
pub use read_model::load_read_model;
pub(crate) use read_model::load_read_model_of_group;
pub(crate) use settings::Settings;
pub(crate) use sources::sources_behind;
pub use state::Pipeline;
pub(crate) use subscribers::subscriber_standings;
