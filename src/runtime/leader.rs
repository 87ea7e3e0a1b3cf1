//! The leader: of all workers on a store one at a time evaluates figures, runs jobs and composes
//! mails. It holds a lease, which another acquires when it is no longer renewed.
//!
//! Invariant: a new leader first makes up for what the one before it began and did not end.

use std::time::Duration;

use crate::actions::{JobSettings, notify_missing_backup};
use crate::domain::clock_mode::ClockMode;
use crate::domain::job_trigger::JobTrigger;
use crate::domain::local_day::Timestamp;
use crate::pipeline::{Leadership, Pipeline};
use crate::plan::InputProgress;
use crate::schedule::JobSpec;

use super::error::AppError;
use super::setup::Setup;
use super::task_event_files::TaskEventFiles;

/// How long a drain waits to lead, and how often it asks.
const LEAD_WAIT_MAX: Duration = Duration::from_secs(20);
const LEAD_PAUSE: Duration = Duration::from_millis(50);

/// What people do, at an instant.
pub(super) type PeopleActions = dyn FnMut(&Pipeline, Timestamp) -> Result<(), AppError> + Send;

/// What a worker does while it leads.
pub(crate) struct Leader {
    /// Whether this worker is to lead, if it can.
    pub(super) may_lead: bool,
    pub(crate) jobs: Vec<JobSpec>,
    pub(super) settings: JobSettings,
    pub(super) task_events: TaskEventFiles,
    /// Done after every evaluation.
    pub(super) people: Box<PeopleActions>,
    has_made_up: bool,
    /// By the host's clock: when the last evaluation ended, and how long it took.
    evaluated: Option<Duration>,
    evaluation_took: Duration,
    /// Whether a warning was logged about the boundaries that an event clock cannot see here.
    pub(super) has_warned_of_boundaries: bool,
}

impl Leader {
    pub(super) fn new(setup: &Setup, may_lead: bool) -> Self {
        let tasks = &setup.config.tasks;
        Self {
            may_lead,
            jobs: setup.jobs.clone(),
            settings: JobSettings::new(setup),
            task_events: TaskEventFiles::new(tasks.closed_dir.clone(), tasks.closed_mode),
            people: Box::new(|_, _| Ok(())),
            has_made_up: false,
            evaluated: None,
            evaluation_took: Duration::ZERO,
            has_warned_of_boundaries: false,
        }
    }

    /// Uses a configuration that was read again.
    pub(super) fn adopt(&mut self, setup: &Setup) {
        let tasks = &setup.config.tasks;
        self.jobs.clone_from(&setup.jobs);
        self.settings = JobSettings {
            // The folder of the reports stays until the next start.
            report_dir: self.settings.report_dir.take(),
            report_access: self.settings.report_access,
            ..JobSettings::new(setup)
        };
        self.task_events
            .adopt(tasks.closed_dir.clone(), tasks.closed_mode);
    }

    /// Whether this worker leads: it renews its lease, or acquires it if it is to and the lease is
    /// free.
    pub(crate) fn leads(&mut self, pipeline: &mut Pipeline) -> Result<bool, AppError> {
        if !self.may_lead {
            return Ok(false);
        }
        match pipeline.lead()? {
            Leadership::Elsewhere => self.has_made_up = false,
            Leadership::Kept if self.has_made_up => {}
            Leadership::Kept | Leadership::Acquired => {
                self.make_up(pipeline)?;
                self.has_made_up = true;
            }
        }
        Ok(self.has_made_up)
    }

    /// Waits a while to lead.
    pub(super) fn wait_to_lead(&mut self, pipeline: &mut Pipeline) -> Result<bool, AppError> {
        let clock = pipeline.settings().wall.clone();
        let begun = clock.elapsed();
        while !self.leads(pipeline)? {
            if !self.may_lead || clock.since(begun) > LEAD_WAIT_MAX {
                return Ok(false);
            }
            clock.pause(LEAD_PAUSE);
        }
        Ok(true)
    }

    /// Makes up for what a crash cut off: runs that were begun, and what belonged to the last
    /// evaluation.
    fn make_up(&mut self, pipeline: &mut Pipeline) -> Result<(), AppError> {
        let unfinished = pipeline
            .store()
            .read_tx("list unfinished runs", |tx| tx.unfinished_job_runs())?;
        // What was begun while the clock was ahead waits for its time.
        let latest = pipeline.not_ahead(Timestamp::MAX);
        for (name, due) in unfinished.into_iter().filter(|(_, due)| *due <= latest) {
            let job = self.jobs.iter().find(|job| job.name.as_str() == name);
            if let Some(job) = job.cloned() {
                self.run_job(pipeline, &job, due, JobTrigger::BySchedule)?;
            }
        }
        if let Some(evaluated_at) = pipeline.read_model().evaluated_at {
            let evaluated_at = evaluated_at.min(latest);
            self.run_due_jobs(pipeline, evaluated_at)?;
            pipeline.compose(evaluated_at)?;
        }
        Ok(())
    }

    /// Applies what is to be evaluated; returns the instant of the evaluation, or none while an
    /// event clock has no time.
    pub(super) fn catch_up(pipeline: &mut Pipeline) -> Result<Option<Timestamp>, AppError> {
        let settings = pipeline.settings();
        let (is_wall, now) = (settings.clock == ClockMode::Wall, settings.wall.now());
        pipeline.retry_due(now)?;
        pipeline.catch_up()?;
        let has_time = is_wall || pipeline.read_model().event_clock.is_some();
        Ok(has_time.then(|| pipeline.now()))
    }

    /// Everything that happens at an instant: mails that are due, an evaluation, the jobs due,
    /// their mails, what people do, the events for other systems.
    pub(super) fn evaluate(
        &mut self,
        pipeline: &mut Pipeline,
        now: Timestamp,
        progress: InputProgress,
    ) -> Result<(), AppError> {
        compose_until(pipeline, now)?;
        pipeline.evaluate(now, progress)?;
        self.run_due_jobs(pipeline, now)?;
        notify_missing_backup(pipeline, &self.settings.backup)?;
        pipeline.compose(now)?;
        (self.people)(pipeline, now)?;
        self.task_events.write_waiting(pipeline, now)
    }

    /// Whether the last evaluation is younger than this, by the host's clock.
    pub(super) fn has_evaluated_within(&self, pause: Duration, pipeline: &Pipeline) -> bool {
        let clock = &pipeline.settings().wall;
        self.evaluated
            .is_some_and(|evaluated| clock.since(evaluated) < pause)
    }

    /// Notes an evaluation that began then, by the host's clock.
    pub(super) fn note_evaluation(&mut self, begun: Duration, pipeline: &Pipeline) {
        let clock = &pipeline.settings().wall;
        self.evaluation_took = clock.since(begun);
        self.evaluated = Some(clock.elapsed());
    }

    /// How long the last evaluation took.
    pub(super) const fn evaluation_took(&self) -> Duration {
        self.evaluation_took
    }
}

/// Composes what fell due before `now`, each at its own time.
fn compose_until(pipeline: &mut Pipeline, now: Timestamp) -> Result<(), AppError> {
    while let Some(due) = pipeline
        .store()
        .read_tx("find the next notice", |tx| tx.next_notice_due())?
        .filter(|due| *due < now)
    {
        pipeline.compose(due)?;
    }
    Ok(())
}

/// The result of a leader's work; no error if another worker has acquired the lease, which
/// continues.
pub(super) fn unless_deposed(done: Result<(), AppError>) -> Result<(), AppError> {
    match done {
        Err(error) if error.is_not_leader() => {
            tracing::warn!("Another worker leads now");
            Ok(())
        }
        done => done,
    }
}
