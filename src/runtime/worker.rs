//! A worker: what ingests events, what it does while it leads, and the store and read model of
//! both. Its loops are in [`drain`](super::drain) and [`run`](super::run); mails are sent by the
//! [dispatcher](super::dispatcher) beside it.
//!
//! ```text
//! source ─ batch ─→ prepare → commit_until(boundary) ─┐   event clock: a boundary at every midnight and due job
//!    ▲        evaluate: alerts, tasks, jobs, mails ◄──┘   wall clock, many writers: evaluate after every batch
//!    └─────────────────────┘
//! ```

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;

use crate::config::Config;
use crate::consume::Source;
use crate::domain::ignored_file::IgnoredEntry;
use crate::domain::local_day::Timestamp;
use crate::pipeline::{DecodedBatch, Pipeline};
use crate::schedule::JobSpec;
use crate::store::Store;

use super::dispatcher::OutboxDispatcher;
use super::error::{AppError, Exit};
use super::ingest::{Ingest, Ingested};
use super::intake::Intake;
use super::leader::{Leader, unless_deposed};
use super::reload::{Reload, ReloadSignal};
use super::setup::Setup;

/// Behind a backlog figures are evaluated at most so often, and evaluations take at most this part
/// of the time.
const EVALUATION_PAUSE_BEHIND: Duration = Duration::from_secs(2);
const EVALUATION_PART_BEHIND: u32 = 50;

/// How a worker's loop ended.
#[derive(Debug)]
pub struct Ended {
    pub exit: Exit,
    /// What is paused: for each partition or file the reason, with its code.
    pub paused: Vec<String>,
    /// In a drain, what lies beside the input and was not read.
    pub ignored: Vec<IgnoredEntry>,
    /// Mails that wait for another attempt.
    pub mails_waiting: u64,
}

pub struct Worker {
    pub(super) pipeline: Pipeline,
    pub(super) ingest: Ingest,
    pub(crate) leader: Leader,
    /// How long the loop may be stopped.
    pub(super) stalled_after: Duration,
    /// What it was configured by, and how that is read again.
    pub(super) config: Config,
    pub(super) reload: Option<Reload>,
}

impl Worker {
    /// A worker on a store, which leads if it can, or leaves that to others.
    pub fn new(setup: &Setup, store: Arc<Store>, may_lead: bool) -> Result<Self, AppError> {
        Ok(Self {
            pipeline: Pipeline::new(store, setup.pipeline()),
            ingest: Ingest::new(setup),
            leader: Leader::new(setup, may_lead),
            stalled_after: setup.config.stop.stalled_after,
            config: setup.config.clone(),
            reload: None,
        })
    }

    /// Has no files written: neither of what is published nor of tasks that are done.
    #[must_use]
    pub(crate) fn without_files(mut self) -> Self {
        self.leader.settings.report_dir = None;
        self.leader.task_events.write_none();
        self
    }

    /// Calls `tell` with how many deliveries were ingested, after every batch, and whether there is
    /// a backlog.
    #[must_use]
    pub(crate) fn with_progress(mut self, tell: impl FnMut(u64, bool) + Send + 'static) -> Self {
        self.ingest.progress = Box::new(tell);
        self
    }

    /// Has people act after every evaluation, by the state then.
    #[must_use]
    pub fn with_people(
        mut self,
        act: impl FnMut(&Pipeline, Timestamp) -> Result<(), AppError> + Send + 'static,
    ) -> Self {
        self.leader.people = Box::new(act);
        self
    }

    /// Has the configuration read again by `read`, between two batches, whenever `signal` asks for
    /// it.
    #[must_use]
    pub(crate) fn with_reload(
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

    #[must_use]
    pub(crate) const fn pipeline(&self) -> &Pipeline {
        &self.pipeline
    }

    pub(super) fn intake(&self, source: Source) -> Result<Intake, AppError> {
        let settings = self.pipeline.settings();
        Ok(Intake::new(
            source,
            Arc::clone(&settings.decode),
            self.ingest.limits,
            settings.wall.clone(),
        )
        .context("start a thread that decodes")?)
    }

    /// Ingests a batch, and evaluates what it changed unless a boundary of the event clock is
    /// awaited for that; in a drain the mails of a boundary go out at it.
    pub(crate) fn ingest_batch(
        &mut self,
        batch: DecodedBatch,
        source: &Source,
        dispatcher: Option<&mut OutboxDispatcher>,
    ) -> Result<(), AppError> {
        let Self {
            pipeline,
            ingest,
            leader,
            ..
        } = self;
        let Ingested::Whole { full } =
            ingest.ingest_batch(pipeline, leader, batch, source, dispatcher)?
        else {
            return Ok(());
        };
        let by_boundaries = leader.uses_boundaries(pipeline)?;
        // Behind a backlog the commit runs beside the next batch.
        let goes_on = full && !by_boundaries;
        if !goes_on && !ingest.settle(pipeline, source)? || by_boundaries {
            return Ok(());
        }
        let pause = match full {
            true => EVALUATION_PAUSE_BEHIND.max(leader.evaluation_took() * EVALUATION_PART_BEHIND),
            false => Duration::ZERO,
        };
        self.evaluate_unless_younger_than(pause, !full, Some(source))
    }

    /// Evaluates, unless that was done within `pause`; before it whatever came from `source` is
    /// committed.
    pub(super) fn evaluate_unless_younger_than(
        &mut self,
        pause: Duration,
        caught_up: bool,
        source: Option<&Source>,
    ) -> Result<(), AppError> {
        if self.leader.has_evaluated_within(pause, &self.pipeline) {
            return Ok(());
        }
        let begun = self.pipeline.settings().wall.elapsed();
        if let Some(source) = source {
            self.ingest.settle(&mut self.pipeline, source)?;
        }
        if self.leader.leads(&mut self.pipeline)? {
            unless_deposed(self.evaluate_now(caught_up))?;
        }
        self.leader.note_evaluation(begun, &self.pipeline);
        Ok(())
    }

    /// Evaluates all that has been read, if this worker leads.
    pub(crate) fn evaluate_if_leading(&mut self) -> Result<(), AppError> {
        match self.leader.leads(&mut self.pipeline)? {
            true => self.evaluate_now(true),
            false => Ok(()),
        }
    }

    /// Ingests what there is and does everything that is due now, as the leader.
    fn evaluate_now(&mut self, caught_up: bool) -> Result<(), AppError> {
        let Some(now) = Leader::catch_up(&mut self.pipeline)? else {
            return Ok(());
        };
        let progress = self.ingest.input_progress(&self.pipeline, now, caught_up)?;
        self.leader.evaluate(&mut self.pipeline, now, progress)
    }

    /// Runs a job once, whatever its schedule.
    ///
    /// # Errors
    /// When the store fails, another worker leads, or the clocks do not agree by which months are
    /// closed and that is not confirmed; then nothing is recorded.
    pub(crate) fn run_by_hand(
        &mut self,
        job: &JobSpec,
        due_at: Timestamp,
        confirmed: bool,
    ) -> Result<(), AppError> {
        self.ingest.has_more = false;
        let ingest = &self.ingest;
        let read_until = |pipeline: &Pipeline| {
            let progress = ingest.input_progress(pipeline, pipeline.now(), true)?;
            Ok(progress.until)
        };
        self.leader
            .run_by_hand(&mut self.pipeline, job, due_at, confirmed, read_until)
    }
}
