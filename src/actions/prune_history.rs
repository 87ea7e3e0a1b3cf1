//! The job `prune_history`: deletes what is older than `retention.*` allows, a few rows per
//! transaction, beside all other work.
//!
//! Identities are deleted when months close, by rules of their own; published days are kept for
//! ever. Invariant: nothing open is deleted, however old it is; an interrupted run has deleted
//! nothing that a complete one would have kept.

use crate::domain::job_outcome::{Forgettable, JobOutcome};
use crate::plan::{aged, brief_hints_before, needed_from, pruning_doubt};

use crate::runtime::AppError;

use super::run::JobRun;

/// Deletes what has passed its retention at `due_at`, and returns the counts.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let (due_at, kept) = (run.due_at, run.settings.retention);
    let settings = run.pipeline.settings();
    let clock = due_at.max(run.pipeline.now());
    let newest = run.pipeline.read_model().event_clock;
    if let Some(doubt) = pruning_doubt(clock, newest, settings.close_ahead_max) {
        return Ok(doubt);
    }
    let rules = (&settings.plan.rules, settings.plan.sweep);
    let mut counts = Vec::new();
    for (what, aged) in aged(&kept, rules, due_at, settings.wall.now()) {
        let mut forgotten = 0;
        loop {
            run.deadline.check()?;
            match run
                .pipeline
                .write_as_leader("forget what has passed its time", |tx| tx.forget(aged))?
            {
                0 => break,
                rows => forgotten += rows,
            }
        }
        counts.push((what, forgotten));
    }
    run.deadline.check()?;
    let hints = run.pipeline.write_as_leader("forget brief hints", |tx| {
        tx.forget_brief_hints_before(brief_hints_before(due_at))
    })?;
    counts.push((Forgettable::BriefHints, hints));
    let policy = run
        .pipeline
        .store()
        .read_tx("see what is open", |tx| tx.lateness_policy())?;
    let open = (policy.closed_before, policy.loading.is_on());
    if let Some(day) = needed_from(&kept, rules, open, due_at) {
        let forgotten = run
            .pipeline
            .forget_before(day, &mut || run.deadline.check())?;
        counts.push((Forgettable::References, forgotten.references));
        counts.push((Forgettable::Timelines, forgotten.timelines));
    }
    counts.retain(|(_, count)| *count > 0);
    Ok(JobOutcome::Forgotten(counts))
}
