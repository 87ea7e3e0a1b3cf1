//! Ingesting batches: up to each boundary of the event clock, with what falls due at it; behind a
//! backlog the commit runs beside the next batch.
//!
//! Invariant: of a partition that another worker has taken over nothing more is committed, and a
//! batch that was read behind one that was dropped is dropped too.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta};

use crate::config::SourceKind;
use crate::consume::{BatchLimits, PartitionProgress, Source, is_partition_of};
use crate::domain::ignored_file::IgnoredEntry;
use crate::domain::local_day::Timestamp;
use crate::pipeline::{Committed, DecodedBatch, Pipeline, PipelineError, Prepared, sources_behind};
use crate::plan::{BoundaryAfter, InputProgress, KnownInput, backlog, next_boundary};
use crate::schedule::next_due;
use crate::store::StoreError;

use super::dispatcher::OutboxDispatcher;
use super::error::AppError;
use super::event_times::Loaded;
use super::leader::Leader;
use super::setup::Setup;

/// What became of a batch.
pub(super) enum Ingested {
    /// It is committed; or its commit is running, behind a backlog.
    Whole {
        /// Whether as much came as a batch may hold.
        full: bool,
    },
    /// Another worker has taken a partition of it over: our partitions' part is read again.
    Dropped,
}

/// What ingests events.
pub(crate) struct Ingest {
    pub(super) limits: BatchLimits,
    /// How far the slowest source may be behind while absence is still judged.
    align: TimeDelta,
    /// The topics that the workers read, if they read any.
    topics: Vec<String>,
    /// The sources whose events are being loaded, shared with whatever reads the input.
    loaded: Loaded,
    pub(super) paused: Vec<String>,
    /// The files in the folder of events that are not read, as far as the operators have been
    /// notified of them.
    pub(super) ignored: BTreeSet<IgnoredEntry>,
    /// Whether more of its input is known to be there than was ingested, or its end is not known
    /// yet.
    pub(super) has_more: bool,
    /// The partitions' positions after the batch whose commit is running.
    committing: Vec<PartitionProgress>,
    /// Partitions and the epochs under which a batch of them was dropped.
    dropped: BTreeMap<Arc<str>, u64>,
    /// Called after every batch: events so far, and whether there is a backlog.
    pub(super) progress: Box<dyn FnMut(u64, bool) + Send>,
    events: u64,
}

impl Ingest {
    pub(super) fn new(setup: &Setup) -> Self {
        let source = &setup.config.source;
        Self {
            limits: setup.batch_limits(),
            align: source.align,
            topics: match source.kind {
                SourceKind::Kafka => source.kafka.topics.clone(),
                SourceKind::Files => Vec::new(),
            },
            loaded: setup.loaded.clone(),
            paused: Vec::new(),
            ignored: BTreeSet::new(),
            has_more: true,
            committing: Vec::new(),
            dropped: BTreeMap::new(),
            progress: Box::new(|_, _| {}),
            events: 0,
        }
    }

    /// Ingests a batch, with evaluations and jobs at every boundary that it passes; in a drain the
    /// mails of a boundary go out at it.
    pub(super) fn ingest_batch(
        &mut self,
        pipeline: &mut Pipeline,
        leader: &mut Leader,
        batch: DecodedBatch,
        source: &Source,
        dispatcher: Option<&mut OutboxDispatcher>,
    ) -> Result<Ingested, AppError> {
        let progress = batch.progress().to_vec();
        let (has_more, count) = (batch.has_more(), batch.deliveries());
        let full = count >= self.limits.events_max;
        self.events += count as u64;
        let settled = pipeline.settle_before(&progress);
        self.unless_fenced(pipeline, settled, source)?;
        if self.goes_on_from_dropped(&progress) {
            self.drop_batch(&progress, source);
            return Ok(Ingested::Dropped);
        }
        let prepared = pipeline.prepare(batch)?;
        self.loaded.set(prepared.loading());
        if !self.commit(pipeline, leader, prepared, source, dispatcher)? {
            self.drop_batch(&progress, source);
            return Ok(Ingested::Dropped);
        }
        self.has_more = has_more;
        // The commit before this one is over.
        source.committed(&std::mem::replace(&mut self.committing, progress));
        (self.progress)(self.events, full);
        Ok(Ingested::Whole { full })
    }

    /// Commits a batch up to each boundary, and to its end; returns whether it is still ours.
    fn commit(
        &mut self,
        pipeline: &mut Pipeline,
        leader: &mut Leader,
        mut prepared: Prepared,
        source: &Source,
        mut dispatcher: Option<&mut OutboxDispatcher>,
    ) -> Result<bool, AppError> {
        let mut by_boundaries = leader.uses_boundaries(pipeline)?;
        // The mails of a boundary go out beside what comes up to the next one.
        let mut mails_due = None;
        loop {
            let (zone, jobs) = (pipeline.settings().plan.rules.zone, &leader.jobs);
            let calendar = pipeline.settings().plan.calendar.clone();
            let working = move |date: NaiveDate| calendar.is_working(date);
            let boundary_after = |t: Timestamp| {
                let due = jobs
                    .iter()
                    .filter_map(|job| next_due(job, t, zone, &working));
                next_boundary(t, zone, due)
            };
            let store = Arc::clone(pipeline.store());
            let boundary: Option<&BoundaryAfter<'_>> = match by_boundaries {
                true => Some(&boundary_after),
                false => None,
            };
            let mut commit = || pipeline.commit_until(&mut prepared, boundary);
            let committed = match mails_due.take().zip(dispatcher.as_deref_mut()) {
                Some((at, dispatcher)) => beside(|| dispatcher.try_each(&store, at), commit)?,
                None => commit(),
            };
            match self.unless_fenced(pipeline, committed, source)? {
                None => return Ok(false),
                Some(Committed::End) => return Ok(true),
                Some(Committed::Boundary(at)) => {
                    if !self.settle(pipeline, source)? {
                        return Ok(false);
                    }
                    leader.evaluate_at_boundary(pipeline, at)?;
                    mails_due = Some(at);
                    by_boundaries = leader.uses_boundaries(pipeline)?;
                }
                Some(Committed::Paused(errors)) => {
                    for error in errors {
                        tracing::error!(error = %error, "A partition is paused");
                        self.paused.push(error.to_string());
                    }
                }
            }
        }
    }

    /// Waits until all that was ingested is committed; returns whether it is.
    pub(super) fn settle(
        &mut self,
        pipeline: &mut Pipeline,
        source: &Source,
    ) -> Result<bool, AppError> {
        let settled = pipeline.settle();
        let is_committed = self.unless_fenced(pipeline, settled, source)?.is_some();
        source.committed(&std::mem::take(&mut self.committing));
        Ok(is_committed)
    }

    /// What came of a commit; nothing if another worker has taken a partition over: what of the
    /// batch is ours comes again with the next assignment.
    fn unless_fenced<T>(
        &mut self,
        pipeline: &Pipeline,
        committed: Result<T, PipelineError>,
        source: &Source,
    ) -> Result<Option<T>, AppError> {
        match committed {
            Err(PipelineError::Store(error @ StoreError::Fenced { .. })) => {
                tracing::warn!(%error, "A batch is dropped");
                pipeline.settings().metrics.dropped();
                let lost = std::mem::take(&mut self.committing);
                self.drop_batch(&lost, source);
                Ok(None)
            }
            other => Ok(Some(other?)),
        }
    }

    /// Remembers that a batch was dropped. Of its partitions some may still be this worker's; a
    /// batch that was read behind it must not be committed without it.
    fn drop_batch(&mut self, of: &[PartitionProgress], source: &Source) {
        source.dropped(of);
        self.dropped
            .extend(of.iter().map(|one| (Arc::clone(&one.name), one.epoch)));
    }

    fn goes_on_from_dropped(&self, of: &[PartitionProgress]) -> bool {
        of.iter()
            .any(|one| self.dropped.get(&one.name) == Some(&one.epoch))
    }

    /// The store has failed: what was in hand comes again.
    pub(super) fn forget(&mut self) {
        self.committing.clear();
        self.dropped.clear();
    }

    /// How far the input has been read, whoever reads it; what is paused holds nobody up. This
    /// worker has `caught_up` with its own.
    pub(super) fn input_progress(
        &self,
        pipeline: &Pipeline,
        now: Timestamp,
        caught_up: bool,
    ) -> Result<InputProgress, AppError> {
        let store = pipeline.store();
        let mut behind = Vec::new();
        if !self.topics.is_empty() {
            let sources = store.read_tx("list sources that are behind", sources_behind)?;
            let is_read = |name: &str| self.topics.iter().any(|topic| is_partition_of(name, topic));
            behind = backlog(&sources, is_read);
        }
        let known = KnownInput {
            caught_up,
            has_more: self.has_more,
            has_other_readers: store.is_shared(),
            behind,
        };
        let batch = self.limits.events_max as u64;
        Ok(known.progress(batch, self.align, now))
    }
}

/// Does something beside `work`, and waits for both; an error of it is returned then.
fn beside<R>(
    other: impl FnOnce() -> Result<(), AppError> + Send,
    work: impl FnOnce() -> R,
) -> Result<R, AppError> {
    std::thread::scope(|scope| {
        let other = scope.spawn(other);
        let done = work();
        other
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        Ok(done)
    })
}
