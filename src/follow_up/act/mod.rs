//! What people do to tasks: accept, start, ask first, finish, verify, reopen, reassign, add by
//! hand.
//!
//! ```text
//!        accept         start             close                    verify
//! open ────────→ accepted ──→ in_progress ─────→ done ───────────────────→ done, verified
//!   │                │ close                      │ reopen (its superior, until it is verified)
//!   │                └───────────────────────────→┘ → in_progress
//!   └→ cancelled: its cause went before anybody took it (`open_tasks`), its day passed (`sweep`), or somebody above cancels it
//! ```
//!
//! - **Ask first.** What negotiates, or uses an offer, a gift or an event, waits for an answer
//!   before it starts; the due clock is stopped from the question to the answer. A refused task
//!   continues without them: they are taken out of it.
//! - **Subscribers that have gone.** Of a task whose subscribers have all gone only the reason is
//!   asked for: nothing else is a result.
//! - **Who.** A manager acts on his own tasks and on those of the manager whose delegate he is;
//!   whoever is above, on all below him; the operators, who act in no manager's name, on all.
//!   Nobody approves or verifies his own work.
//! - **Two at once.** The second action is refused, and the answer names who did what.
//!
//! It may not know the store or the clock: the caller reads, acts and saves in one transaction.
//! Invariant: a task changes only along the drawing above, each change raises its version by one
//! and leaves a step.

mod action;
mod add;
mod authority;
mod context;
mod finish;
mod perform;
mod refusal;
mod subscribers_in;
mod turn;

pub(crate) use action::Acted;
pub use action::Action;
pub use add::ByHand;
pub(crate) use add::add;
pub(crate) use authority::Authority;
pub(crate) use context::ActContext;
pub use finish::Closing;
pub(crate) use finish::needs_cost;
pub use perform::act;
pub(crate) use perform::cancel_along;
#[cfg(test)]
pub(crate) use refusal::Lack;
pub(crate) use refusal::Refusal;
