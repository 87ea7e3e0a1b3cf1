//! The job `prune_history`: deletes what is older than `retention.*` allows, a few rows per
//! transaction, beside all other work.
//!
//! Identities are deleted when months close, by rules of their own; published days are kept for
//! ever. Invariant: nothing open is deleted, however old it is; an interrupted run has deleted
//! nothing that a complete one would have kept.

use chrono::TimeDelta;

use crate::domain::job_outcome::{Forgettable, JobOutcome};
use crate::domain::local_day::LocalDay;
use crate::store::Aged;

use crate::runtime::AppError;

use super::run::JobRun;

/// Days of the longest month.
const MONTH_DAYS_MAX: i32 = 31;
/// How long brief hints are kept: a brief does not report a complaint that is open for longer.
/// Assumption.
const BRIEF_HINTS_KEPT: TimeDelta = TimeDelta::days(40);

/// Deletes what has passed its retention at `due_at`, and returns the counts.
pub(super) fn run(run: &mut JobRun<'_>) -> Result<JobOutcome, AppError> {
    let due_at = run.due_at;
    if let Some(doubt) = pruning_doubt(run) {
        return Err(anyhow::anyhow!(doubt).into());
    }
    let mut counts = Vec::new();
    for (what, aged) in aged(run) {
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
        tx.forget_brief_hints_before(due_at.plus(-BRIEF_HINTS_KEPT))
    })?;
    counts.push((Forgettable::BriefHints, hints));
    if let Some(day) = needed_from(run)? {
        let forgotten = run
            .pipeline
            .forget_before(day, &mut || run.deadline.check())?;
        counts.push((Forgettable::References, forgotten.references));
        counts.push((Forgettable::Timelines, forgotten.timelines));
    }
    counts.retain(|(_, count)| *count > 0);
    Ok(JobOutcome::Forgotten(counts))
}

/// The reason to delete nothing: the clock is further ahead of the newest accepted event than
/// `history.close_ahead_max` allows.
fn pruning_doubt(run: &JobRun<'_>) -> Option<String> {
    let settings = run.pipeline.settings();
    let (newest, most) = (
        run.pipeline.read_model().event_clock?,
        settings.close_ahead_max,
    );
    let latest = run.due_at.max(run.pipeline.now());
    (latest.since(newest) > most).then(|| {
        let zone = settings.plan.rules.zone;
        format!(
            "E_CLOCK_AHEAD: nothing is forgotten: the clock says {}, the newest accepted event is of {}: more than the {} days of `history.close_ahead_max` apart\n\
             hint: what is forgotten is gone; look at the clock of this machine and at whether events come in; then it goes on by itself",
            zone.display(latest),
            zone.display(newest),
            most.num_days()
        )
    })
}

/// The kinds of rows that are deleted by age alone, each with its cut-off. Rejections are dated by
/// the host's clock.
fn aged(run: &JobRun<'_>) -> Vec<(Forgettable, Aged)> {
    let due_at = run.due_at;
    let (kept, plan) = (run.settings.retention, &run.pipeline.settings().plan);
    let zone = plan.rules.zone;
    let leavers_days = plan
        .rules
        .leavers_days()
        .max(plan.sweep.win_back_days_max());
    let before = |days: u32| due_at.plus(-TimeDelta::days(days.into()));
    let day = |days: u32| zone.day_of(due_at).plus(-(days as i32));
    let wall = |days: u32| {
        run.pipeline
            .settings()
            .wall
            .now()
            .plus(-TimeDelta::days(days.into()))
    };
    vec![
        (
            Forgettable::MailTexts,
            Aged::MailBodies(before(kept.mail_bodies_days)),
        ),
        (
            Forgettable::Mails,
            Aged::Mails(before(kept.mail_ledger_days)),
        ),
        (Forgettable::Tasks, Aged::Tasks(before(kept.tasks_days))),
        (
            Forgettable::NamedMembers,
            Aged::NamedMembers(before(kept.tasks_days)),
        ),
        (Forgettable::Alerts, Aged::Alerts(before(kept.alerts_days))),
        (
            Forgettable::Silences,
            Aged::Silences(day(kept.silences_days)),
        ),
        (
            Forgettable::JobRuns,
            Aged::JobRuns(before(kept.job_runs_days)),
        ),
        (
            Forgettable::Reminders,
            Aged::Reminders(day(kept.reminders_days)),
        ),
        (
            Forgettable::TaskEvents,
            Aged::ClosedTaskEvents(before(kept.closed_task_events_days)),
        ),
        (
            Forgettable::RejectBytes,
            Aged::RejectBytes(wall(kept.reject_bytes_days)),
        ),
        (
            Forgettable::Rejects,
            Aged::Rejects(wall(kept.reject_rows_days)),
        ),
        (
            Forgettable::Leavers,
            Aged::Leavers(zone.day_of(due_at).plus(-leavers_days)),
        ),
    ]
}

/// The first day of which everything is kept. It is the first of a month, no later than the first
/// open month, `references_days` ago, and the furthest day that any rule looks back to. None while
/// months wait to be closed or anything is being loaded.
fn needed_from(run: &JobRun<'_>) -> Result<Option<LocalDay>, AppError> {
    let rules = &run.pipeline.settings().plan.rules;
    let policy = run
        .pipeline
        .store()
        .read_tx("see what is open", |tx| tx.lateness_policy())?;
    let Some(closed) = policy.closed_before.filter(|_| !policy.loading.is_on()) else {
        return Ok(None);
    };
    let today = rules.zone.day_of(run.due_at);
    // A win-back needs the whole month in which members left.
    let evaluated_at = rules
        .looks_back_days()
        .max(run.pipeline.settings().plan.sweep.win_back_days as i32 + MONTH_DAYS_MAX);
    let kept = today.plus(-(run.settings.retention.references_days as i32).max(evaluated_at));
    Ok(Some(
        kept.min(rules.zone.day_of(closed)).month().first_day(),
    ))
}
