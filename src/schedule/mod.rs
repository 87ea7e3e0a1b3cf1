//! When jobs fall due: `jobs/*.toml` → specifications → due times.
//!
//! ```text
//! job file ──parse──▶ JobSpec ──due_runs(since, now)──▶ due times ──the caller claims (job, due time) and runs it
//! ```
//!
//! It may not know what an action does, what time it is, or which days are working days: the caller
//! passes them. Invariant: due times follow from the file alone (cron by local wall time, `every`
//! by multiples since 1970), never from when a worker started, so that all workers agree on them
//! and the row (job, due time) lets one of them run it.

mod cron;
mod due;
mod duration;
mod job;
mod parameters;
mod parse;
mod shipped;

#[cfg(test)]
mod tests;

pub(crate) use cron::Cron;
#[cfg(test)]
pub(crate) use due::{RUNS_MAX, due_runs};
pub(crate) use due::{due_together, next_due};
pub(crate) use duration::parse_duration;
pub(crate) use job::JobName;
pub use job::JobSpec;
pub use job::OnMissed;
#[cfg(test)]
pub(crate) use job::{CalendarRule, Schedule};
pub(crate) use parameters::{DailyReportParameters, JobParameters};
#[cfg(test)]
pub(crate) use parse::{JobError, parse_job};
pub(crate) use shipped::load_jobs;
