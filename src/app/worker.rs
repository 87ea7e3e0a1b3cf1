//! The worker's loop: batches in, looks and jobs when they fall due, mails out.
//!
//! ```text
//! source ─ batch ─→ prepare → commit_until(cut) ─┐        event clock: a cut at every midnight and due job
//!    ▲                        at(cut): look, jobs, mails ◄┘        wall clock: at(now) after every batch
//!    └──────────────────────────────┘
//! ```

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;

use crate::clock::wall_now;
use crate::consume::batch::PartitionProgress;
use crate::consume::{BatchLimits, Source, StopSignal};
use crate::domain::local_day::Timestamp;
use crate::follow_up::key_dates::Leads;
use crate::pipeline::{ClockMode, Pipeline, PipelineError};
use crate::schedule::JobSpec;
use crate::store::Store;

use super::error::{AppError, Exit};
use super::intake::{Intake, Taken};
use super::post::PostOffice;
use super::settings::Setup;

/// With a wall clock figures are looked at at least so often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How a worker's loop ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code.
    pub exit: Exit,
    /// Errors that paused partitions.
    pub paused: Vec<PipelineError>,
    /// Mails that wait for another attempt.
    pub mails_waiting: u64,
}

/// A worker.
pub struct Worker {
    pub(super) pipeline: Pipeline,
    pub(super) jobs: Vec<JobSpec>,
    pub(super) leads: Leads,
    pub(super) report_dir: PathBuf,
    pub(super) raw_retention_days: u32,
    pub(super) limits: BatchLimits,
    pub(super) paused: Vec<PipelineError>,
    pub(super) looked: Option<Instant>,
    pub(super) look_took: Duration,
    /// Where the partitions stand after the batch whose commit goes on.
    pub(super) committing: Vec<PartitionProgress>,
    /// Told after every batch: events so far.
    pub(super) progress: Box<dyn FnMut(u64) + Send>,
    pub(super) events: u64,
}

impl Worker {
    /// A worker on a store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(setup: &Setup, store: Arc<Store>) -> Result<Self, AppError> {
        Ok(Self {
            pipeline: Pipeline::open(store, setup.pipeline())?,
            jobs: setup.jobs.clone(),
            leads: setup.leads(),
            report_dir: setup.config.report.dir.clone(),
            raw_retention_days: setup.config.rejects.raw_retention_days,
            limits: setup.batch_limits(),
            paused: Vec::new(),
            looked: None,
            look_took: Duration::ZERO,
            committing: Vec::new(),
            progress: Box::new(|_| {}),
            events: 0,
        })
    }

    /// Has `tell` told how many deliveries were taken, after every batch.
    #[must_use]
    pub fn with_progress(mut self, tell: impl FnMut(u64) + Send + 'static) -> Self {
        self.progress = Box::new(tell);
        self
    }

    /// What is known.
    #[must_use]
    pub const fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    /// Takes all input there is, runs what falls due and tries each mail.
    ///
    /// # Errors
    /// The named error that stopped it.
    pub fn drain(mut self, source: Source, post: &mut PostOffice) -> Result<Ended, AppError> {
        self.begin()?;
        if let Some(looked_at) = self.pipeline.world().looked_at {
            post.try_each(self.pipeline.store(), looked_at)?;
        }
        let mut intake = self.intake(source)?;
        loop {
            match intake.next()? {
                Taken::Batch(batch) => intake.ahead_of(|source| self.take(batch, source, Some(&mut *post)))?,
                Taken::Idle => self.settle(intake.source()).map(drop)?,
                Taken::Ended => break,
            }
        }
        self.settle(intake.source())?;
        intake.close();
        self.finish()?;
        let now = self.now();
        post.try_each(self.pipeline.store(), now)?;
        self.tell_operators(post)?;
        let mails_waiting = self.pipeline.store().read("count waiting mails", |tx| tx.mails_waiting())?;
        let exit = match (self.paused.is_empty(), mails_waiting) {
            (false, _) => Exit::Failed,
            (true, 0) => Exit::Done,
            (true, _) => Exit::Temporary,
        };
        Ok(Ended { exit, paused: self.paused, mails_waiting })
    }

    /// Runs until `stop` is given. Mails go out beside it.
    ///
    /// # Errors
    /// The named error that stopped it.
    pub fn run(mut self, source: Source, post: PostOffice, stop: &StopSignal) -> Result<Ended, AppError> {
        self.begin()?;
        let delivering = post.deliver_beside(Arc::clone(self.pipeline.store()), self.event_lead(), stop.clone());
        let mut intake = self.intake(source)?;
        let worked = loop {
            let done = match intake.next() {
                Ok(Taken::Batch(batch)) => intake.ahead_of(|source| self.take(batch, source, None)),
                Ok(Taken::Idle) => self.tick(intake.source()),
                Ok(Taken::Ended) => break Ok(()),
                Err(error) => Err(error.into()),
            };
            if done.is_err() {
                break done;
            }
        };
        let settled = self.settle(intake.source());
        stop.stop();
        intake.close();
        delivering.join();
        worked.and(settled)?;
        let exit = if self.paused.is_empty() { Exit::Done } else { Exit::Failed };
        Ok(Ended { exit, paused: self.paused, mails_waiting: 0 })
    }

    fn intake(&self, source: Source) -> Result<Intake, AppError> {
        Ok(Intake::new(source, Arc::clone(&self.pipeline.settings().decode), self.limits).context("start a thread that decodes")?)
    }

    /// Makes up for what a crash cut off: runs that were begun, and what belonged to the last look.
    fn begin(&mut self) -> Result<(), AppError> {
        let unfinished = self.pipeline.store().read("list unfinished runs", |tx| tx.unfinished_job_runs())?;
        for (name, due) in unfinished {
            if let Some(job) = self.jobs.iter().find(|job| job.name.as_str() == name).cloned() {
                self.run_job(&job, due)?;
            }
        }
        if let Some(looked_at) = self.pipeline.world().looked_at {
            self.run_due_jobs(looked_at)?;
            self.pipeline.compose(looked_at)?;
        }
        Ok(())
    }

    /// Nothing came: looks at the clock.
    fn tick(&mut self, source: &Source) -> Result<(), AppError> {
        self.settle(source)?;
        if self.pipeline.settings().clock == ClockMode::Wall {
            self.look_unless_younger_than(LOOK_EVERY, true)?;
        }
        Ok(())
    }

    /// The end of a drain: a last look, the jobs due, and what still waits for its group.
    fn finish(&mut self) -> Result<(), AppError> {
        self.pipeline.retry_due(wall_now())?;
        if self.pipeline.settings().clock == ClockMode::Event && self.pipeline.world().event_clock.is_none() {
            return Ok(());
        }
        let now = self.now();
        self.at(now, true)?;
        if self.pipeline.settings().clock == ClockMode::Event {
            self.close_after_drain()?;
        }
        while let Some(due) = self.pipeline.store().read("find the next notice", |tx| tx.next_notice_due())? {
            self.pipeline.compose(due.max(now))?;
        }
        Ok(())
    }

    /// Tells the operators of mails that were not sent, as one more round of mails.
    fn tell_operators(&mut self, post: &mut PostOffice) -> Result<(), AppError> {
        let now = self.now();
        if post.tell_operators(self.pipeline.store(), now)? {
            self.pipeline.compose(now)?;
            post.try_each(self.pipeline.store(), now)?;
        }
        Ok(())
    }

    /// Now, by the clock that is configured.
    fn now(&self) -> Timestamp {
        match self.pipeline.settings().clock {
            ClockMode::Wall => wall_now(),
            ClockMode::Event => self.pipeline.world().event_clock.unwrap_or_else(wall_now),
        }
    }

    /// How far the wall clock is ahead of the clock that mails go by.
    fn event_lead(&self) -> chrono::TimeDelta {
        wall_now().since(self.now())
    }
}
