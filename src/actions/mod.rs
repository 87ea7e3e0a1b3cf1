//! Job actions by name, and the record of each run.

mod backup;
mod close_month;
mod daily_brief;
mod daily_report;
mod deadline;
mod escalate_tasks;
mod key_date_reminders;
mod prune_history;

use chrono::TimeDelta;

use crate::domain::clock_mode::ClockMode;
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::notify::words::ops::text as ops_text;
use crate::pipeline::{AtDesk, fault_point};
use crate::schedule::JobSpec;
use crate::store::StoreError;

use crate::actions::deadline::Deadline;
use crate::runtime::{AppError, Worker};

/// Every action that a job may name.
pub const ACTIONS: [&str; 9] = [
    "daily_report",
    "daily_brief",
    "key_date_reminders",
    "holiday_plans",
    "escalate_tasks",
    "close_month",
    "check_store",
    "prune_history",
    "backup",
];

/// Who asks for a run of a job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// Its schedule.
    BySchedule,
    /// Somebody.
    ByHand,
    /// Somebody who has looked, and takes upon himself what cannot be undone.
    Confirmed,
}

impl Worker {
    /// Runs a job once, whatever its schedule.
    ///
    /// # Errors
    /// When the store says no, another worker has the desk, or the clocks do not agree by which
    /// months are closed and that is not confirmed; then nothing is recorded.
    pub fn run_by_hand(
        &mut self,
        job: &JobSpec,
        due_at: Timestamp,
        confirmed: bool,
    ) -> Result<(), AppError> {
        if self.pipeline.come_to_desk()? == AtDesk::Elsewhere {
            return Err(StoreError::DeskLost.into());
        }
        let asked = if confirmed {
            Asked::Confirmed
        } else {
            Asked::ByHand
        };
        if job.action == "close_month"
            && asked == Asked::ByHand
            && let Some(doubt) = self.closing_doubt(due_at)?
        {
            self.pipeline.leave_desk()?;
            let zone = self.pipeline.settings().rules.zone;
            return Err(anyhow::anyhow!(ops_text(&doubt, Locale::En, zone)).into());
        }
        self.has_more = false;
        let reading = self.reading(self.now(), true)?;
        self.pipeline.read_up_to(reading.until);
        self.pipeline.write("claim a job's run", |tx| {
            tx.claim_job_run(job.name.as_str(), due_at)
        })?;
        self.run_job(job, due_at, asked)?;
        Ok(self.pipeline.leave_desk()?)
    }

    /// Runs a job for a due time and records how it ended. A failure is recorded and told to the
    /// operators; the worker goes on.
    ///
    /// # Errors
    /// When the store says no; the run is not ended then.
    pub fn run_job(
        &mut self,
        job: &JobSpec,
        due_at: Timestamp,
        asked: Asked,
    ) -> Result<(), AppError> {
        let (begun, deadline) = (self.clock().elapsed(), Deadline::of(job, self.clock()));
        let done = match job.action.as_str() {
            "daily_report" => self.daily_report(due_at, &deadline),
            "daily_brief" => self.daily_brief(due_at, &deadline),
            "key_date_reminders" => self.key_date_reminders(due_at, &deadline),
            "escalate_tasks" => self.escalate_tasks(due_at, &deadline),
            "holiday_plans" => self.holiday_plans(due_at, &deadline),
            "close_month" => self.close_month(due_at, asked, &deadline),
            "check_store" => self.check_store(asked, &deadline),
            "backup" => self.back_up(asked, &deadline),
            "prune_history" => self.prune_history(due_at, &deadline),
            other => Err(anyhow::anyhow!(
                "job {}: there is no action `{other}`\nhint: one of {}",
                job.name,
                ACTIONS.join(", ")
            )
            .into()),
        };
        if done.as_ref().is_err_and(AppError::may_pass) {
            // The run stays claimed and not ended: it is made up for when the store answers, by
            // whoever has the desk then.
            return done.map(drop);
        }
        let outcome = done.unwrap_or_else(|error| JobOutcome::Failed(format!("{:#}", error.error)));
        let said = outcome.text(Locale::En);
        let duration_ms = self.clock().since(begun).as_millis() as u64;
        if outcome.is_failure() {
            tracing::error!(job.name = %job.name, outcome = said, duration_ms, "A job has failed");
        } else {
            tracing::info!(job.name = %job.name, outcome = said, duration_ms, "A job has run");
        }
        self.pipeline
            .settings()
            .metrics
            .job_ran(!outcome.is_failure());
        fault_point("job_done");
        let zone = self.pipeline.settings().rules.zone;
        self.pipeline.write_with_next("record a job's run", |tx| {
            if outcome.is_failure() {
                let failed = OpsNotice::JobFailed {
                    job: job.name.to_string(),
                    outcome: outcome.clone(),
                };
                tx.insert_notice(&Notice::for_operators(failed, due_at))?;
            }
            tx.finish_job_run(
                job.name.as_str(),
                due_at,
                due_at.max(zone.start_of(zone.day_of(due_at))),
                &outcome,
            )
        })?;
        Ok(())
    }

    /// Reads the whole store once through.
    fn check_store(&self, asked: Asked, deadline: &Deadline) -> Result<JobOutcome, AppError> {
        if self.leaves_the_disk_alone(asked) {
            return Ok(JobOutcome::WallClockOnly);
        }
        deadline.within(
            self.pipeline
                .store()
                .read("check the store", |tx| tx.check(&|| deadline.is_over())),
        )
    }

    /// The disk does not go by the event clock, and a night of it lasts a second.
    pub(crate) fn leaves_the_disk_alone(&self, asked: Asked) -> bool {
        self.pipeline.settings().clock == ClockMode::Event && asked == Asked::BySchedule
    }

    /// Whether a run waits: the report of a day for input that has not been read past its midnight,
    /// closing for clocks that agree.
    pub(crate) fn is_held_back(
        &mut self,
        job: &JobSpec,
        due_at: Timestamp,
        now: Timestamp,
    ) -> Result<bool, AppError> {
        if job.action == "close_month" && self.pipeline.settings().clock == ClockMode::Wall {
            return self.closing_waits(due_at);
        }
        if job.action != "daily_report" || self.pipeline.settings().clock == ClockMode::Event {
            return Ok(false);
        }
        let wait = job
            .parameters
            .get("wait_max")
            .and_then(|text| text.as_str())
            .and_then(|text| crate::schedule::parse_duration(text).ok());
        let wait = wait.and_then(|wait| TimeDelta::from_std(wait).ok());
        let waited_out = now.since(due_at) >= wait.unwrap_or(TimeDelta::minutes(60));
        Ok(!waited_out && !self.lagging_sources(due_at)?.is_empty())
    }

    /// Partitions that have more to read and have not been read past the midnight before `due_at`.
    pub(crate) fn lagging_sources(&self, due_at: Timestamp) -> Result<Vec<String>, AppError> {
        if self.pipeline.settings().clock == ClockMode::Event {
            return Ok(Vec::new());
        }
        let zone = self.pipeline.settings().rules.zone;
        let midnight = zone.start_of(zone.day_of(due_at));
        let sources = self
            .pipeline
            .store()
            .read("list sources that are behind", |tx| tx.sources_behind())?;
        let lags = |row: &&crate::store::SourceRow| {
            row.complete_until.is_none_or(|until| until < midnight)
        };
        Ok(sources
            .iter()
            .filter(lags)
            .map(|row| row.name.clone())
            .collect())
    }
}

#[cfg(test)]
mod tests;
