//! The job `check_store`: the whole store, read once through.

use crate::domain::job_outcome::JobOutcome;
use crate::runtime::AppError;

use super::run::JobRun;

pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    if run.leaves_the_disk_alone() {
        return Ok(JobOutcome::WallClockOnly);
    }
    let (store, deadline) = (run.pipeline.store(), &run.deadline);
    deadline.within(store.read("check the store", |tx| tx.check(&|| deadline.is_over())))
}
