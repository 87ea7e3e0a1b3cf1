//! How long a run of a job may take: asked at its safe points, between two transactions, two pieces
//! of work, or two rows of a transaction that is then undone.

use std::time::Duration;

use anyhow::anyhow;

use crate::clock::Clock;
use crate::runtime::AppError;
use crate::schedule::JobSpec;
use crate::store::StoreError;

/// When a run must have ended, by the wall's clock.
#[derive(Debug, Clone)]
pub(crate) struct Deadline {
    clock: Clock,
    begun: Duration,
    timeout: Duration,
}

impl Deadline {
    /// That of a run of a job that begins now.
    pub(crate) fn of(job: &JobSpec, clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            begun: clock.elapsed(),
            timeout: job.timeout,
        }
    }

    /// Whether the run's time is over.
    pub(crate) fn is_over(&self) -> bool {
        self.clock.since(self.begun) > self.timeout
    }

    /// What the store did, or why the run was ended within it.
    ///
    /// # Errors
    /// Those of the store; `E_JOB_TIMEOUT` when it was ended.
    pub(crate) fn within<T>(&self, done: Result<T, StoreError>) -> Result<T, AppError> {
        match done {
            Err(StoreError::Ended) => Err(self.timeout()),
            done => Ok(done?),
        }
    }

    /// Ends the run if its time is over.
    ///
    /// # Errors
    /// `E_JOB_TIMEOUT` then; it is not begun again before its next due time.
    pub(crate) fn check(&self) -> Result<(), AppError> {
        if self.is_over() {
            Err(self.timeout())
        } else {
            Ok(())
        }
    }

    fn timeout(&self) -> AppError {
        let timeout = self.timeout;
        anyhow!(
            "E_JOB_TIMEOUT: it took longer than its `timeout` of {timeout:?} and was ended between two steps; what it had committed stays, and it is not begun again before its next due time\nhint: find out what is slow, or give the job's file in `jobs.dir` a longer `timeout`"
        )
        .into()
    }
}
