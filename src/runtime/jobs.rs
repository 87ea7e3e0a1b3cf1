//! Runs of jobs: which are due, and what becomes of each.

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::actions::{
    JobRun, RunDeadline, close_months, closing_doubt, closing_waits, lagging_sources,
};
use crate::domain::job_action::JobAction;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::job_trigger::JobTrigger;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::notify::words::job_outcome;
use crate::notify::words::ops::text as ops_text;
use crate::pipeline::{Leadership, Pipeline, fault_point};
use crate::plan::{HeldBackBy, held_back_by};
use crate::schedule::{DailyReportParameters, JobName, JobParameters, JobSpec, due_together};
use crate::store::StoreError;

use super::error::AppError;
use super::leader::Leader;

impl Leader {
    /// Runs what is due up to `now`. A job that has never run has nothing to catch up from before
    /// the store began.
    pub(crate) fn run_due_jobs(
        &mut self,
        pipeline: &mut Pipeline,
        now: Timestamp,
    ) -> Result<(), AppError> {
        let began_at = pipeline.read_model().began_at;
        let began = began_at.map_or(now, |began| began.min(now));
        let zone = pipeline.settings().plan.rules.zone;
        let calendar = pipeline.settings().plan.calendar.clone();
        let working = move |date: NaiveDate| calendar.is_working(date);
        let (store, jobs) = (Arc::clone(pipeline.store()), self.jobs.clone());
        loop {
            let mut with_last = Vec::new();
            for job in &jobs {
                let run = store.read_tx("find a job's last run", |tx| {
                    tx.job_runs(job.name.as_str(), now, 1)
                })?;
                with_last.push((job, run.first().map_or(began, |run| run.due_at)));
            }
            let due = due_together(with_last, now, zone, &working);
            // A run that is held back holds the later ones of its job back too: the next run
            // follows from the last claimed one.
            let mut held: BTreeSet<&JobName> = BTreeSet::new();
            for (due_at, job) in &due.runs {
                if held.contains(&job.name) || is_held_back(pipeline, job, *due_at, now)? {
                    held.insert(&job.name);
                } else if pipeline.write_with_next("claim a job's run", |tx| {
                    tx.claim_job_run(job.name.as_str(), *due_at)
                })? {
                    fault_point("job_claimed");
                    self.run_job(pipeline, job, *due_at, JobTrigger::BySchedule)?;
                }
            }
            if !due.more || !held.is_empty() {
                return Ok(());
            }
        }
    }

    /// Runs a job for a due time and records how it ended. A failure is recorded and the operators
    /// are notified; the worker continues.
    ///
    /// # Errors
    /// When the store fails; the run is not ended then.
    pub(super) fn run_job(
        &mut self,
        pipeline: &mut Pipeline,
        job: &JobSpec,
        due_at: Timestamp,
        asked: JobTrigger,
    ) -> Result<(), AppError> {
        let clock = pipeline.settings().wall.clone();
        let begun = clock.elapsed();
        let mut run = JobRun {
            settings: &self.settings,
            due_at,
            asked,
            deadline: RunDeadline::of_job(job, &clock),
            pipeline: &mut *pipeline,
        };
        let done = run.perform(job.action);
        if done.as_ref().is_err_and(AppError::may_pass) {
            // The run stays claimed and not ended: it is made up for when the store answers, by
            // whoever leads then.
            return done.map(drop);
        }
        let outcome = done.unwrap_or_else(|error| JobOutcome::Failed(format!("{:#}", error.error)));
        let text = job_outcome::text(Locale::En, None, &outcome);
        let duration_ms = clock.since(begun).as_millis() as u64;
        if outcome.is_failure() {
            tracing::error!(job.name = %job.name, outcome = text, duration_ms, "A job has failed");
        } else if outcome.is_empty() {
            tracing::debug!(job.name = %job.name, outcome = text, duration_ms, "A job had nothing to do");
        } else {
            tracing::info!(job.name = %job.name, outcome = text, duration_ms, "A job has run");
        }
        pipeline.settings().metrics.job_ran(!outcome.is_failure());
        fault_point("job_done");
        record(pipeline, job, due_at, &outcome)
    }

    /// Runs a job once, whatever its schedule; `until` gives how far the input has been read.
    ///
    /// # Errors
    /// When the store fails, another worker leads, or the clocks do not agree by which months are
    /// closed and that is not confirmed; then nothing is recorded.
    pub(super) fn run_by_hand(
        &mut self,
        pipeline: &mut Pipeline,
        job: &JobSpec,
        due_at: Timestamp,
        confirmed: bool,
        until: impl FnOnce(&Pipeline) -> Result<Option<Timestamp>, AppError>,
    ) -> Result<(), AppError> {
        if pipeline.lead()? == Leadership::Elsewhere {
            return Err(StoreError::NotLeader.into());
        }
        let closes = job.action == JobAction::CloseMonth;
        if closes
            && !confirmed
            && let Some(doubt) = closing_doubt(pipeline, due_at)?
        {
            pipeline.resign()?;
            let zone = pipeline.settings().plan.rules.zone;
            return Err(anyhow::anyhow!(ops_text(&doubt, Locale::En, zone)).into());
        }
        let until = until(pipeline)?;
        pipeline.read_up_to(until);
        pipeline.write_as_leader("claim a job's run", |tx| {
            tx.claim_job_run(job.name.as_str(), due_at)
        })?;
        let asked = match confirmed {
            true => JobTrigger::Confirmed,
            false => JobTrigger::ByHand,
        };
        self.run_job(pipeline, job, due_at, asked)?;
        Ok(pipeline.resign()?)
    }

    /// The input is drained: closes what the last run of the job was to close, and forgets what was
    /// kept for months that were open.
    pub(super) fn close_after_drain(&mut self, pipeline: &mut Pipeline) -> Result<(), AppError> {
        let was = closed_before(pipeline)?;
        for (_, due_at) in self.last_runs_of(pipeline, JobAction::CloseMonth)? {
            if !closing_waits(pipeline, due_at)? {
                close_months(pipeline, due_at, None)?;
            }
        }
        if closed_before(pipeline)? == was {
            return Ok(());
        }
        // What a month needed that was open then may go now.
        for (job, due_at) in self.last_runs_of(pipeline, JobAction::PruneHistory)? {
            self.run_job(pipeline, &job, due_at, JobTrigger::BySchedule)?;
        }
        Ok(())
    }

    /// The jobs of an action that have run, each with when it was last due. Runs of a clock that
    /// was ahead do not count.
    fn last_runs_of(
        &self,
        pipeline: &Pipeline,
        action: JobAction,
    ) -> Result<Vec<(JobSpec, Timestamp)>, AppError> {
        let mut runs = Vec::new();
        let is_meant = |job: &&JobSpec| job.action == action;
        for job in self.jobs.iter().filter(is_meant) {
            let last = pipeline.store().read_tx("find a job's last run", |tx| {
                tx.job_runs(job.name.as_str(), pipeline.not_ahead(Timestamp::MAX), 1)
            })?;
            runs.extend(last.first().map(|run| (job.clone(), run.due_at)));
        }
        Ok(runs)
    }
}

fn record(
    pipeline: &Pipeline,
    job: &JobSpec,
    due_at: Timestamp,
    outcome: &JobOutcome,
) -> Result<(), AppError> {
    pipeline.write_with_next("record a job's run", |tx| {
        if outcome.is_failure() {
            let failed = OpsNotice::JobFailed {
                job: job.name.to_string(),
                outcome: outcome.clone(),
            };
            tx.insert_notice(&Notice::for_operators(failed, pipeline.noticed_at(due_at)))?;
        }
        tx.finish_job_run(job.name.as_str(), due_at, due_at, outcome)
    })?;
    Ok(())
}

fn closed_before(pipeline: &Pipeline) -> Result<Option<Timestamp>, StoreError> {
    pipeline.store().read_tx("see what is open", |tx| {
        Ok(tx.lateness_policy()?.closed_before)
    })
}

/// Whether a run waits.
fn is_held_back(
    pipeline: &Pipeline,
    job: &JobSpec,
    due_at: Timestamp,
    now: Timestamp,
) -> Result<bool, AppError> {
    let wait_max = match job.parameters {
        JobParameters::DailyReport(DailyReportParameters { wait_max }) => Some(wait_max),
        _ => None,
    };
    let clock = pipeline.settings().clock;
    match held_back_by(job.action, wait_max, clock, (due_at, now)) {
        HeldBackBy::Nothing => Ok(false),
        HeldBackBy::Clocks => closing_waits(pipeline, due_at),
        HeldBackBy::Input => Ok(!lagging_sources(pipeline, due_at)?.is_empty()),
    }
}

#[cfg(test)]
#[path = "jobs_tests.rs"]
mod tests;
