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
mod parse;
mod shipped;

#[cfg(test)]
mod tests;

pub use cron::{Cron, CronFault};
pub use due::{DueRuns, DueTogether, RUNS_MAX, SKIP_GRACE, due_runs, due_together, next_due};
pub use duration::parse_duration;
pub use job::{CalendarRule, JobName, JobSpec, OnMissed, Schedule};
pub use parse::{JobError, parse_job};
pub use shipped::load_jobs;
