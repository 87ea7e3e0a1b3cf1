//! The sweep: what the worker does by itself as time passes, beside the alerts.
//!
//! ```text
//! open tasks ─ contacts: begun, kept, stalled ─ cause gone? ─ guard ended? ─ late? ─┐
//! contacts, projects, key dates, figures, ended tasks ─ planned work that is wanted ├─ tasks, notices
//! open alerts without a task, no longer suppressed ─ raised ────────────────────────┘
//! ```
//! What is late is also escalated between two sweeps, at once. It may not know the store or the
//! clock. Invariant: sweeping twice at one instant changes nothing the second time.

mod contacted;
mod late;
mod return_call;
mod rules;
mod running;
mod wanted;
mod wanted_by_contacts;
mod win_back;

pub(crate) use return_call::is_anybody_left;
pub(crate) use rules::SweepRules;
pub use running::sweep;
pub(crate) use running::{AlertsById, adapt_each, escalate_late, next_late};
pub use wanted::Occasions;
pub(crate) use wanted::wanted;
pub(crate) use win_back::name_leavers;
