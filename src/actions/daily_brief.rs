//! The job `daily_brief`: queues a brief notice for every active manager.
//!
//! The content is read when the mail is composed, after all other jobs of the same instant: so the
//! reminders and tasks that those jobs make are in the brief, whatever their order. A manager with
//! nothing to report gets no mail.

use crate::domain::job_outcome::JobOutcome;
use crate::plan::brief_notices;

use crate::runtime::AppError;

use super::run::JobRun;

/// Queues the briefs of the due day, unless later ones were queued already.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let (zone, due_at) = (run.zone(), run.due_at);
    let reference = &run.pipeline.read_model().reference;
    let staff = run.pipeline.settings().plan.staff(reference, due_at);
    let notices = brief_notices(&staff, zone, due_at);
    let span = run
        .pipeline
        .write_as_leader("ask for briefs", |tx| -> Result<_, AppError> {
            let span = tx.begin_briefs(due_at)?;
            for notice in notices.iter().filter(|_| span.is_some()) {
                run.deadline.check()?;
                tx.insert_notice(notice)?;
            }
            Ok(span)
        })?;
    Ok(match span {
        Some(span) => JobOutcome::Briefs {
            managers: notices.len() as u64,
            since: span.since,
        },
        None => JobOutcome::BriefsAskedLater,
    })
}

#[cfg(test)]
#[path = "daily_brief_tests.rs"]
mod tests;
