//! The job `check_store`: reads the whole store once and checks it.

use crate::domain::job_outcome::JobOutcome;
use crate::runtime::AppError;

use super::run::JobRun;

pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    if run.leaves_the_disk_alone() {
        return Ok(JobOutcome::WallClockOnly);
    }
    let (store, deadline) = (run.pipeline.store(), &run.deadline);
    deadline.within(store.read_tx("check the store", |tx| tx.check(&|| deadline.is_over())))
}
