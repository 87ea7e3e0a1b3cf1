//! What falls due at an instant: mails whose time has come, a look at the figures, jobs.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;

use crate::consume::{Source, is_partition_of};
use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::pipeline::{Reading, fault_point};
use crate::schedule::{JobName, JobSpec, due_together};

use super::error::AppError;
use super::leadership::unless_desk_lost;
use super::worker::Worker;
use crate::actions::Asked;

impl Worker {
    /// Looks at the figures, unless that was done within `pause`.
    pub(crate) fn look_unless_younger_than(
        &mut self,
        pause: Duration,
        caught_up: bool,
        source: Option<&Source>,
    ) -> Result<(), AppError> {
        if self
            .looked
            .is_some_and(|looked| self.clock().since(looked) < pause)
        {
            return Ok(());
        }
        let begun = self.clock().elapsed();
        source.map_or(Ok(true), |source| self.settle(source))?;
        if self.at_desk()? {
            unless_desk_lost(self.look_now(caught_up))?;
        }
        self.look_took = self.clock().since(begun);
        self.looked = Some(self.clock().elapsed());
        Ok(())
    }

    /// Takes in what there is and does everything that is due now, at the desk.
    pub(crate) fn look_now(&mut self, caught_up: bool) -> Result<(), AppError> {
        let Some(now) = self.prepare_look()? else {
            return Ok(());
        };
        let reading = self.reading(now, caught_up)?;
        self.at(now, reading)
    }

    /// Takes in what is to be looked at; gives back when that is, or nothing while an event clock
    /// has no time.
    pub(crate) fn prepare_look(&mut self) -> Result<Option<Timestamp>, AppError> {
        self.pipeline.retry_due(self.clock().now())?;
        self.pipeline.catch_up()?;
        let has_time = self.pipeline.settings().clock == ClockMode::Wall
            || self.pipeline.world().event_clock.is_some();
        Ok(has_time.then(|| self.now()))
    }

    /// How far the input has been read, whoever reads it; what is paused holds nobody up. This
    /// worker has `caught_up` with its own. While more than `source.align` behind the clock is
    /// unread, nothing can be said to be missing: the rest of the backlog would take it back.
    pub(crate) fn reading(&self, now: Timestamp, caught_up: bool) -> Result<Reading, AppError> {
        let mut behind = Vec::new();
        if !self.topics.is_empty() {
            behind = self
                .pipeline
                .store()
                .read("list sources that are behind", |tx| tx.sources_behind())?;
            let is_read = |name: &str| self.topics.iter().any(|topic| is_partition_of(name, topic));
            behind.retain(|source| source.state.reason().is_none() && is_read(&source.name));
        }
        let others_have = || {
            behind
                .iter()
                .all(|source| source.lag < self.limits.events_max as u64)
        };
        let caught_up = caught_up && (!self.pipeline.store().is_shared() || others_have());
        let until = match behind.iter().map(|source| source.complete_until).min() {
            Some(slowest) => slowest.map(|slowest| slowest.min(now)),
            None if self.has_more => None,
            None => Some(now),
        };
        Ok(Reading {
            caught_up,
            until: until.filter(|until| now.since(*until) <= self.config.source.align),
        })
    }

    /// Everything that happens at an instant: mails whose time has come, a look, the jobs due,
    /// their mails, what people do, what others are told.
    pub(crate) fn at(&mut self, now: Timestamp, reading: Reading) -> Result<(), AppError> {
        self.compose_until(now)?;
        self.pipeline.look(now, reading)?;
        self.run_due_jobs(now)?;
        self.miss_backups()?;
        self.pipeline.compose(now)?;
        (self.people)(&self.pipeline, now)?;
        self.write_closed_tasks(now)
    }

    /// Composes what fell due before `now`, each at its own time.
    fn compose_until(&mut self, now: Timestamp) -> Result<(), AppError> {
        while let Some(due) = self
            .pipeline
            .store()
            .read("find the next notice", |tx| tx.next_notice_due())?
        {
            if due >= now {
                break;
            }
            self.pipeline.compose(due)?;
        }
        Ok(())
    }

    /// The jobs of an action that have run, each with when it was last due. Runs of a clock that
    /// was ahead do not count.
    pub(crate) fn last_runs_of(&self, action: &str) -> Result<Vec<(JobSpec, Timestamp)>, AppError> {
        let mut runs = Vec::new();
        for job in self.jobs.iter().filter(|job| job.action == action) {
            let last = self.pipeline.store().read("find a job's last run", |tx| {
                tx.job_runs(job.name.as_str(), self.not_ahead(Timestamp::MAX), 1)
            })?;
            runs.extend(last.first().map(|run| (job.clone(), run.due_at)));
        }
        Ok(runs)
    }

    /// Runs what is due up to `now`. A job that has never run has nothing to catch up from before
    /// the store began.
    pub(crate) fn run_due_jobs(&mut self, now: Timestamp) -> Result<(), AppError> {
        let began = self
            .pipeline
            .world()
            .began_at
            .map_or(now, |began| began.min(now));
        let zone = self.pipeline.settings().rules.zone;
        let calendar = self.pipeline.settings().calendar.clone();
        let working = move |date: NaiveDate| calendar.is_working(date);
        let store = Arc::clone(self.pipeline.store());
        let jobs = self.jobs.clone();
        loop {
            let mut with_last = Vec::new();
            for job in &jobs {
                let run = store.read("find a job's last run", |tx| {
                    tx.job_runs(job.name.as_str(), now, 1)
                })?;
                with_last.push((job, run.first().map_or(began, |run| run.due_at)));
            }
            let due = due_together(with_last, now, zone, &working);
            // A run that is held back holds the later ones of its job back too: the last claimed
            // one says what is next.
            let mut held: BTreeSet<&JobName> = BTreeSet::new();
            for (due_at, job) in &due.runs {
                if held.contains(&job.name) || self.is_held_back(job, *due_at, now)? {
                    held.insert(&job.name);
                } else if self.pipeline.write_with_next("claim a job's run", |tx| {
                    tx.claim_job_run(job.name.as_str(), *due_at)
                })? {
                    fault_point("job_claimed");
                    self.run_job(job, *due_at, Asked::BySchedule)?;
                }
            }
            if !due.more || !held.is_empty() {
                return Ok(());
            }
        }
    }
}
