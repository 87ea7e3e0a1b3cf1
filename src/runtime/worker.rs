//! A worker: what it holds, and what surrounds it. Its loops are in [`draining`](super::drain)
//! and [`running`](super::run): batches in, looks and jobs when they fall due, mails out.
//!
//! ```text
//! source ─ batch ─→ prepare → commit_until(cut) ─┐        event clock: a cut at every midnight and due job
//!    ▲                        at(cut): look, jobs, mails ◄┘        wall clock, many writers: at(now) after every batch
//!    └──────────────────────────────┘
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::access::Access;
use crate::clock::Clock;
use crate::config::{Backup, Config, Retention, SourceKind};
use crate::consume::batch::PartitionProgress;
use crate::consume::{BatchLimits, Ignored, Source};
use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::follow_up::key_dates::Leads;
use crate::pipeline::Pipeline;
use crate::schedule::JobSpec;
use crate::store::Store;

use super::error::{AppError, Exit};
use super::event_times::Loaded;
use super::intake::Intake;
use super::reload::{Reload, ReloadSignal};
use super::setup::Setup;
use super::task_event_files::ClosedTasks;

/// How a worker's loop ended.
#[derive(Debug)]
pub struct Ended {
    /// The exit code.
    pub exit: Exit,
    /// What is paused: for each partition or file the reason, with its code.
    pub paused: Vec<String>,
    /// In a drain, what lies beside the input and was not read.
    pub ignored: Vec<Ignored>,
    /// Mails that wait for another attempt.
    pub mails_waiting: u64,
}

/// What people do, at an instant.
pub(crate) type People = dyn FnMut(&Pipeline, Timestamp) -> Result<(), AppError> + Send;

/// A worker.
pub struct Worker {
    pub(crate) pipeline: Pipeline,
    pub(crate) jobs: Vec<JobSpec>,
    pub(crate) leads: Leads,
    /// Where daily reports are written as files; none: they are kept in the store only.
    pub(crate) report_dir: Option<PathBuf>,
    /// Who may read them.
    pub(crate) report_access: Access,
    pub(crate) closed_tasks: ClosedTasks,
    /// Where copies of the store are made, and how many are kept.
    pub(crate) backup: Backup,
    pub(crate) retention: Retention,
    pub(crate) limits: BatchLimits,
    /// The topics that the workers read, if they read any.
    pub(crate) topics: Vec<String>,
    /// Whose events are being loaded, for whoever reads the input.
    pub(crate) loaded: Loaded,
    pub(crate) paused: Vec<String>,
    /// What of the folder of events is not read, as far as the operators have been told.
    pub(crate) unread: BTreeSet<Ignored>,
    /// Whether more of its input is known to be there than was taken, or nothing is known of it
    /// yet.
    pub(crate) has_more: bool,
    pub(crate) looked: Option<Duration>,
    pub(crate) look_took: Duration,
    /// Where the partitions stand after the batch whose commit goes on.
    pub(crate) committing: Vec<PartitionProgress>,
    /// Partitions and the epochs under which a batch of them was dropped: what goes on from it is
    /// dropped too.
    pub(crate) dropped: BTreeMap<Arc<str>, u64>,
    /// Told after every batch: events so far, and whether there is a backlog.
    pub(crate) progress: Box<dyn FnMut(u64, bool) + Send>,
    pub(crate) events: u64,
    /// Done after every look.
    pub(crate) people: Box<People>,
    /// Whether it is to look at figures and run jobs, once it has the desk.
    pub(crate) has_jobs: bool,
    /// How long the loop may stand still.
    pub(crate) stalled_after: Duration,
    /// What it was configured by, and how that is read again.
    pub(crate) config: Config,
    pub(crate) reload: Option<Reload>,
    /// Whether it has made up for what the one before it at the desk left.
    pub(crate) has_begun: bool,
    /// Whether it was said what an event clock cannot see here.
    pub(crate) has_told_of_cuts: bool,
}

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
            report_access: setup.config.report.mode,
            closed_tasks: ClosedTasks::new(
                setup.config.tasks.closed_dir.clone(),
                setup.config.tasks.closed_mode,
            ),
            backup: setup.config.backup.clone(),
            retention: setup.config.retention,
            limits: setup.batch_limits(),
            topics: match setup.config.source.kind {
                SourceKind::Kafka => setup.config.source.kafka.topics.clone(),
                SourceKind::Files => Vec::new(),
            },
            loaded: setup.loaded.clone(),
            paused: Vec::new(),
            unread: BTreeSet::new(),
            has_more: true,
            looked: None,
            look_took: Duration::ZERO,
            committing: Vec::new(),
            dropped: BTreeMap::new(),
            progress: Box::new(|_, _| {}),
            events: 0,
            people: Box::new(|_, _| Ok(())),
            has_jobs,
            stalled_after: setup.config.stop.stalled_after,
            config: setup.config.clone(),
            reload: None,
            has_begun: false,
            has_told_of_cuts: false,
        })
    }

    /// Has no files written: neither of what is published nor of tasks that are done.
    #[must_use]
    pub(crate) fn without_files(mut self) -> Self {
        (self.report_dir, self.closed_tasks.dir) = (None, None);
        self
    }

    /// Has `tell` told how many deliveries were taken, after every batch, and whether there is a
    /// backlog.
    #[must_use]
    pub fn with_progress(mut self, tell: impl FnMut(u64, bool) + Send + 'static) -> Self {
        self.progress = Box::new(tell);
        self
    }

    /// Has people act after every look, by what is known then.
    #[must_use]
    pub fn with_people(
        mut self,
        act: impl FnMut(&Pipeline, Timestamp) -> Result<(), AppError> + Send + 'static,
    ) -> Self {
        self.people = Box::new(act);
        self
    }

    /// Has the configuration read again by `read`, between two batches, whenever `signal` asks for
    /// it.
    #[must_use]
    pub fn with_reload(
        mut self,
        signal: ReloadSignal,
        read: impl Fn() -> Result<Setup, AppError> + Send + 'static,
    ) -> Self {
        self.reload = Some(Reload {
            signal,
            read: Box::new(read),
        });
        self
    }

    /// What is known.
    #[must_use]
    pub const fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    pub(crate) fn intake(&self, source: Source) -> Result<Intake, AppError> {
        Ok(Intake::new(
            source,
            Arc::clone(&self.pipeline.settings().decode),
            self.limits,
            self.clock().clone(),
        )
        .context("start a thread that decodes")?)
    }

    /// The wall's clock.
    pub(crate) const fn clock(&self) -> &Clock {
        &self.pipeline.settings().wall
    }

    /// The instant, but none beyond now where the worker goes by the wall's clock: what lies there
    /// was written while it was ahead.
    pub(crate) fn not_ahead(&self, at: Timestamp) -> Timestamp {
        match self.pipeline.settings().clock {
            ClockMode::Wall => at.min(self.clock().now()),
            ClockMode::Event => at,
        }
    }

    /// Now, by the clock that is configured.
    pub(crate) fn now(&self) -> Timestamp {
        match self.pipeline.settings().clock {
            ClockMode::Wall => self.clock().now(),
            ClockMode::Event => self
                .pipeline
                .world()
                .event_clock
                .unwrap_or_else(|| self.clock().now()),
        }
    }
}
