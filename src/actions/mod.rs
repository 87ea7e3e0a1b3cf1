//! The actions that `jobs/*.toml` name, one function each.
//!
//! It may not know when a job is due, nor how its outcome is recorded. Invariant: an action commits
//! in small transactions and checks its deadline between them, so that an interrupted run leaves
//! nothing half-done.

mod action;
mod backup;
mod check_store;
mod close_month;
mod daily_brief;
mod daily_report;
mod deadline;
mod escalate_tasks;
mod prune_history;
mod reminders;
mod run;

pub(crate) use backup::notify_missing_backup;
pub(crate) use close_month::{close_months, closing_doubt, closing_waits};
pub(crate) use daily_report::lagging_sources;
pub(crate) use deadline::RunDeadline;
pub(crate) use run::{JobRun, JobSettings};
