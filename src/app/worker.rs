//! The worker's loop: batches in, looks and jobs when they fall due, mails out.
//!
//! ```text
//! source ─ batch ─→ prepare → commit_until(cut) ─┐        event clock: a cut at every midnight and due job
//!    ▲                        at(cut): look, jobs, mails ◄┘        wall clock: at(now) after every batch
//!    └──────────────────────────────┘
//! ```

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::clock::Clock;
use crate::config::Config;
use crate::consume::batch::PartitionProgress;
use crate::consume::{BatchLimits, Source, StopSignal};
use crate::domain::local_day::Timestamp;
use crate::follow_up::key_dates::Leads;
use crate::pipeline::{ClockMode, Pipeline, PipelineError};
use crate::schedule::JobSpec;
use crate::store::Store;

use super::closed_tasks::ClosedTasks;
use super::error::{AppError, Exit};
use super::intake::{Intake, Taken};
use super::post::PostOffice;
use super::reload::{Reload, ReloadSignal};
use super::settings::Setup;
use super::watchdog::Watchdog;

/// With a wall clock figures are looked at at least so often.
const LOOK_EVERY: Duration = Duration::from_secs(1);

/// How long to wait before looking at the clock again, where there is no input to wait for.
const IDLE: Duration = Duration::from_millis(200);
/// How long to wait before a store that failed is asked again.
const STORE_PAUSE: Duration = Duration::from_secs(1);

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

/// What people do, at an instant.
pub(super) type People = dyn FnMut(&Pipeline, Timestamp) -> Result<(), AppError> + Send;

/// A worker.
pub struct Worker {
    pub(super) pipeline: Pipeline,
    pub(super) jobs: Vec<JobSpec>,
    pub(super) leads: Leads,
    /// Where daily reports are written as files; none: they are kept in the store only.
    pub(super) report_dir: Option<PathBuf>,
    pub(super) closed_tasks: ClosedTasks,
    pub(super) raw_retention_days: u32,
    pub(super) limits: BatchLimits,
    /// The topics that the workers read, if they read any.
    pub(super) topics: Vec<String>,
    pub(super) paused: Vec<PipelineError>,
    pub(super) looked: Option<Duration>,
    pub(super) look_took: Duration,
    /// Where the partitions stand after the batch whose commit goes on.
    pub(super) committing: Vec<PartitionProgress>,
    /// Partitions and the epochs under which a batch of them was dropped: what goes on from it is dropped too.
    pub(super) dropped: BTreeMap<Arc<str>, u64>,
    /// Told after every batch: events so far.
    pub(super) progress: Box<dyn FnMut(u64) + Send>,
    pub(super) events: u64,
    /// Done after every look.
    pub(super) people: Box<People>,
    /// Whether it is to look at figures and run jobs, once it has the desk.
    pub(super) has_jobs: bool,
    /// How long the loop may stand still.
    stalled_after: Duration,
    /// What it was configured by, and how that is read again.
    pub(super) config: Config,
    pub(super) reload: Option<Reload>,
    /// Whether it has made up for what the one before it at the desk left.
    pub(super) has_begun: bool,
}

/// Gives the input.
pub type Opening<'a> = dyn Fn() -> Result<Option<Source>, AppError> + 'a;

impl Worker {
    /// A worker on a store, which looks at figures and runs jobs or leaves that to others.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn new(setup: &Setup, store: Arc<Store>, has_jobs: bool) -> Result<Self, AppError> {
        Ok(Self {
            pipeline: Pipeline::new(store, setup.pipeline()),
            jobs: setup.jobs.clone(),
            leads: setup.leads(),
            report_dir: Some(setup.config.report.dir.clone()),
            closed_tasks: ClosedTasks::new(setup.config.tasks.closed_dir.clone()),
            raw_retention_days: setup.config.rejects.raw_retention_days,
            limits: setup.batch_limits(),
            topics: setup.config.source.kafka.topics.clone(),
            paused: Vec::new(),
            looked: None,
            look_took: Duration::ZERO,
            committing: Vec::new(),
            dropped: BTreeMap::new(),
            progress: Box::new(|_| {}),
            events: 0,
            people: Box::new(|_, _| Ok(())),
            has_jobs,
            stalled_after: setup.config.stop.stalled_after,
            config: setup.config.clone(),
            reload: None,
            has_begun: false,
        })
    }

    /// Has no files written: neither of what is published nor of tasks that are done.
    #[must_use]
    pub(super) fn without_files(mut self) -> Self {
        (self.report_dir, self.closed_tasks.dir) = (None, None);
        self
    }

    /// Has `tell` told how many deliveries were taken, after every batch.
    #[must_use]
    pub fn with_progress(mut self, tell: impl FnMut(u64) + Send + 'static) -> Self {
        self.progress = Box::new(tell);
        self
    }

    /// Has people act after every look, by what is known then.
    #[must_use]
    pub(super) fn with_people(mut self, act: impl FnMut(&Pipeline, Timestamp) -> Result<(), AppError> + Send + 'static) -> Self {
        self.people = Box::new(act);
        self
    }

    /// Has the configuration read again by `read`, between two batches, whenever `signal` asks for it.
    #[must_use]
    pub fn with_reload(mut self, signal: ReloadSignal, read: impl Fn() -> Result<Setup, AppError> + Send + 'static) -> Self {
        self.reload = Some(Reload { signal, read: Box::new(read) });
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
        self.at_desk()?;
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
        if self.has_jobs && self.at_desk()? && self.pipeline.compose(now)? > 0 {
            post.try_each(self.pipeline.store(), now)?;
        }
        self.tell_operators(post)?;
        self.pipeline.leave_desk()?;
        let mails_waiting = self.pipeline.store().read("count waiting mails", |tx| tx.mails_waiting())?;
        let exit = match (self.paused.is_empty(), mails_waiting) {
            (false, _) => Exit::Failed,
            (true, 0) => Exit::Done,
            (true, _) => Exit::Temporary,
        };
        Ok(Ended { exit, paused: self.paused, mails_waiting })
    }

    /// Runs until `stop` is given; `open` gives the input, from where the store left it, or none if others read it. Mails go
    /// out beside it, if this worker is to send them.
    ///
    /// # Errors
    /// The named error that stopped it.
    pub fn run(mut self, open: &Opening<'_>, post: Option<PostOffice>, stop: &StopSignal) -> Result<Ended, AppError> {
        let delivering = post.map(|post| post.deliver_beside(Arc::clone(self.pipeline.store()), stop.clone()));
        let watchdog = Watchdog::start(self.stalled_after, end_stalled).context("start a thread that watches")?;
        let worked = loop {
            match self.run_until_it_fails(open, stop, &watchdog) {
                Err(error) if self.pipeline.store().is_shared() && error.ends_with_a_new_start() => {
                    self.wait_for_store(&error, stop, &watchdog)
                }
                done => break done,
            }
        };
        // What is left has a deadline of its own, `stop.within`.
        drop(watchdog);
        stop.stop();
        if let Some(delivering) = delivering {
            delivering.join();
        }
        worked?;
        let exit = if self.paused.is_empty() { Exit::Done } else { Exit::Failed };
        Ok(Ended { exit, paused: self.paused, mails_waiting: 0 })
    }

    fn run_until_it_fails(&mut self, open: &Opening<'_>, stop: &StopSignal, watchdog: &Watchdog) -> Result<(), AppError> {
        self.at_desk()?;
        match open()? {
            Some(source) => self.take_all(source, watchdog)?,
            None => {
                while !stop.wait_by(&self.clock().clone(), IDLE) {
                    watchdog.turn();
                    self.reload_if_asked();
                    self.look_unless_younger_than(LOOK_EVERY, true, None)?;
                }
            }
        }
        Ok(self.pipeline.leave_desk()?)
    }

    /// Takes batches until the source ends; whatever happens, what was begun is settled and the source is left.
    fn take_all(&mut self, source: Source, watchdog: &Watchdog) -> Result<(), AppError> {
        let mut intake = self.intake(source)?;
        let worked = loop {
            watchdog.turn();
            self.reload_if_asked();
            intake.decode_by(&self.pipeline.settings().decode);
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
        intake.close();
        worked.and(settled.map(drop))
    }

    /// The database server is out of reach, or refuses, or nobody reads a partition of ours: waits until the server answers. What
    /// was in hand comes again.
    fn wait_for_store(&mut self, error: &AppError, stop: &StopSignal, watchdog: &Watchdog) {
        tracing::error!(error = format!("{:#}", error.error), "The worker begins anew when the store answers");
        self.pipeline.settings().metrics.store_failed();
        self.pipeline.forget();
        self.committing.clear();
        self.dropped.clear();
        while !stop.wait_by(self.clock(), STORE_PAUSE) {
            watchdog.turn();
            match self.pipeline.store().read("see whether the store answers", |tx| tx.sources()) {
                Ok(_) => {
                    tracing::info!("The store answers again");
                    return;
                }
                Err(error) => tracing::warn!(%error, "The store does not answer yet"),
            }
        }
    }

    fn intake(&self, source: Source) -> Result<Intake, AppError> {
        Ok(Intake::new(source, Arc::clone(&self.pipeline.settings().decode), self.limits, self.clock().clone())
            .context("start a thread that decodes")?)
    }

    /// Nothing came: looks at the clock.
    fn tick(&mut self, source: &Source) -> Result<(), AppError> {
        self.settle(source)?;
        if !self.goes_by_cuts() {
            self.look_unless_younger_than(LOOK_EVERY, true, Some(source))?;
        }
        Ok(())
    }

    /// Whether looks and jobs happen at cuts of the event clock: where many write, none sees its whole course.
    pub(super) fn goes_by_cuts(&self) -> bool {
        self.pipeline.settings().clock == ClockMode::Event && !self.pipeline.store().is_shared()
    }

    /// The end of a drain: a last look, the jobs due, and what still waits for its group.
    fn finish(&mut self) -> Result<(), AppError> {
        if !self.wait_for_desk()? {
            tracing::info!("Another worker has the desk; it looks at the figures and runs the jobs");
            return Ok(());
        }
        let Some(now) = self.prepare_look()? else { return Ok(()) };
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
        if post.tell_operators(self.pipeline.store(), now)? && self.at_desk()? {
            self.pipeline.compose(now)?;
            post.try_each(self.pipeline.store(), now)?;
        }
        Ok(())
    }

    /// The wall's clock.
    pub(super) const fn clock(&self) -> &Clock {
        &self.pipeline.settings().wall
    }

    /// Now, by the clock that is configured.
    pub(super) fn now(&self) -> Timestamp {
        match self.pipeline.settings().clock {
            ClockMode::Wall => self.clock().now(),
            ClockMode::Event => self.pipeline.world().event_clock.unwrap_or_else(|| self.clock().now()),
        }
    }
}

/// Ends a process whose loop stands still.
fn end_stalled() {
    tracing::error!("E_STALLED: the worker's loop has stood still for stop.stalled_after; it ends, to be started anew: nothing is lost");
    std::process::exit(i32::from(Exit::Temporary as u8));
}
