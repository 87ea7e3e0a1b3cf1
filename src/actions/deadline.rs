//! The deadline of a run of a job, checked at its safe points: between two transactions, two pieces
//! of work, or two rows of a transaction that is then rolled back.

use std::time::Duration;

use anyhow::anyhow;

use crate::clock::Clock;
use crate::runtime::AppError;
use crate::schedule::JobSpec;
use crate::store::StoreError;

/// When a run must have ended, on the wall clock.
#[derive(Debug, Clone)]
pub(crate) struct RunDeadline {
    clock: Clock,
    begun: Duration,
    timeout: Duration,
}

impl RunDeadline {
    /// The deadline of a run that begins now.
    pub(crate) fn of_job(job: &JobSpec, clock: &Clock) -> Self {
        Self {
            clock: clock.clone(),
            begun: clock.elapsed(),
            timeout: job.timeout,
        }
    }

    /// Whether the deadline has passed.
    pub(crate) fn is_over(&self) -> bool {
        self.clock.since(self.begun) > self.timeout
    }

    /// Maps the store's result: an interrupted operation becomes the timeout.
    ///
    /// # Errors
    /// Those of the store; `E_JOB_TIMEOUT` when the deadline interrupted it.
    pub(crate) fn within<T>(&self, done: Result<T, StoreError>) -> Result<T, AppError> {
        match done {
            Err(StoreError::Ended) => Err(self.timeout()),
            done => Ok(done?),
        }
    }

    /// Fails if the deadline has passed.
    ///
    /// # Errors
    /// `E_JOB_TIMEOUT` then; the run is not repeated before its next due time.
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
