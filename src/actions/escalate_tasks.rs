//! The job `escalate_tasks`: sweeps the open tasks, and begins planned work.

use crate::domain::job_outcome::JobOutcome;
use crate::plan::{CalendarOccasions, SweepSummary};

use crate::runtime::AppError;

use super::run::JobRun;

pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let (due_at, deadline) = (run.due_at, &run.deadline);
    let settings = &run.pipeline.settings().plan;
    let reference = &run.pipeline.read_model().reference;
    let of_day = CalendarOccasions::new(&settings.key_date_context(reference, due_at));
    let SweepSummary {
        begun,
        changed,
        notices,
    } = run
        .pipeline
        .sweep(of_day.occasions(), due_at, || deadline.check())?;
    Ok(JobOutcome::Swept {
        begun: begun as u64,
        changed: changed as u64,
        notices: notices as u64,
    })
}
