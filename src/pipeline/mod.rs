//! The spine: raw messages in, one transaction a batch out, and the evaluation of the figures.
//!
//! ```text
//! RawBatch ─ prepare ─→ fates, events ─ commit_until(cut) ─→ store: timelines, counters, identities, positions
//!                                            │ event clock: stops before the first event past the cut
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
mod prepare;
mod proposals;
mod read_model;
mod retries;
mod settings;
mod state;
mod subscribers;
mod sweep;
mod work;

pub use briefs::Briefs;
pub use error::PipelineError;
pub use evaluate::InputProgress;
pub use fault::fault_point;
pub use forgetting::Forgotten;
pub use gather::{BoundaryAfter, Committed};
pub use leadership::Leadership;
pub use named_members::{ended_named_members, settle_named_members};
pub use prepare::{DecodedBatch, Prepared, decode_batch, form_of};
pub use proposals::withdraw_guarded;
pub use read_model::{load_read_model, load_read_model_of_group};
pub use settings::Settings;
pub use state::Pipeline;
pub use subscribers::subscriber_standings;
