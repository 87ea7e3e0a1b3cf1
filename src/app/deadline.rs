//! How long a run of a job may take: asked at its safe points, between two transactions or two pieces of work.

use std::time::Duration;

use anyhow::anyhow;

use super::error::AppError;
use crate::clock::Clock;
use crate::schedule::JobSpec;

/// When a run must have ended, by the wall's clock.
#[derive(Debug, Clone)]
pub(super) struct Deadline {
    clock: Clock,
    begun: Duration,
    timeout: Duration,
}

impl Deadline {
    /// That of a run of a job that begins now.
    pub(super) fn of(job: &JobSpec, clock: &Clock) -> Self {
        Self { clock: clock.clone(), begun: clock.elapsed(), timeout: job.timeout }
    }

    /// Ends the run if its time is over.
    ///
    /// # Errors
    /// `E_JOB_TIMEOUT` then; it is not begun again before its next due time.
    pub(super) fn check(&self) -> Result<(), AppError> {
        if self.clock.since(self.begun) <= self.timeout {
            return Ok(());
        }
        let timeout = self.timeout;
        Err(anyhow!(
            "E_JOB_TIMEOUT: it took longer than its `timeout` of {timeout:?} and was ended between two steps; what it had done stays, and it is not begun again before its next due time\nhint: find out what is slow, or give the job's file in `jobs.dir` a longer `timeout`"
        )
        .into())
    }
}
