//! Taking a batch in: up to each cut, with what falls due at it; behind a backlog the commit goes
//! on beside the next batch.

use std::sync::Arc;
use std::time::Duration;

use chrono::NaiveDate;

use crate::consume::{PartitionProgress, Source};
use crate::domain::local_day::Timestamp;
use crate::pipeline::{Committed, Decoded, PipelineError};
use crate::schedule::next_due;
use crate::store::StoreError;

use super::dispatcher::PostOffice;
use super::error::AppError;
use super::worker::Worker;

/// Behind a backlog figures are looked at at most so often, and looks take at most this part of the
/// time.
const LOOK_PAUSE_BEHIND: Duration = Duration::from_secs(2);
const LOOK_PART_BEHIND: u32 = 50;

impl Worker {
    /// Takes a batch in, with looks and jobs at every cut; in a drain the mails of a cut go out at
    /// it.
    pub(crate) fn take(
        &mut self,
        batch: Decoded,
        source: &Source,
        mut post: Option<&mut PostOffice>,
    ) -> Result<(), AppError> {
        let progress = batch.progress().to_vec();
        let has_more = batch.has_more();
        let full = batch.deliveries() >= self.limits.events_max;
        self.events += batch.deliveries() as u64;
        let settled = self.pipeline.settle_before(&progress);
        self.held(settled, source)?;
        if self.goes_on_from_dropped(&progress) {
            self.drop_batch(&progress, source);
            return Ok(());
        }
        let mut prepared = self.pipeline.prepare(batch)?;
        self.loaded.set(prepared.loading());
        let mut by_cuts = self.goes_by_cuts()?;
        // The mails of a cut go out beside what comes up to the next one.
        let mut mails_due = None;
        loop {
            let (zone, jobs) = (self.pipeline.settings().rules.zone, &self.jobs);
            let calendar = self.pipeline.settings().calendar.clone();
            let working = move |date: NaiveDate| calendar.is_working(date);
            let cut_after = |t: Timestamp| {
                let midnight = zone.end_of(zone.day_of(t));
                jobs.iter()
                    .filter_map(|job| next_due(job, t, zone, &working))
                    .min()
                    .map_or(midnight, |due| due.min(midnight))
            };
            let store = Arc::clone(self.pipeline.store());
            let mut commit = || {
                self.pipeline
                    .commit_until(&mut prepared, by_cuts.then_some(&cut_after))
            };
            let committed = match mails_due.take().zip(post.as_deref_mut()) {
                Some((at, post)) => beside(|| post.try_each(&store, at), commit)?,
                None => commit(),
            };
            let Some(committed) = self.held(committed, source)? else {
                self.drop_batch(&progress, source);
                return Ok(());
            };
            match committed {
                Committed::Cut(at) => {
                    if !self.settle(source)? {
                        self.drop_batch(&progress, source);
                        return Ok(());
                    }
                    self.at_cut(at)?;
                    mails_due = Some(at);
                    by_cuts = self.goes_by_cuts()?;
                }
                Committed::End => break,
                Committed::Paused(errors) => {
                    for error in errors {
                        tracing::error!(error = %error, "A partition is paused");
                        self.paused.push(error.to_string());
                    }
                }
            }
        }
        self.has_more = has_more;
        // The commit before this one is over.
        source.committed(&std::mem::replace(&mut self.committing, progress));
        (self.progress)(self.events, full);
        // Behind a backlog the commit goes on beside the next batch.
        let goes_on = full && !by_cuts;
        if !goes_on && !self.settle(source)? {
            return Ok(());
        }
        if !by_cuts {
            let pause = if full {
                LOOK_PAUSE_BEHIND.max(self.look_took * LOOK_PART_BEHIND)
            } else {
                Duration::ZERO
            };
            self.look_unless_younger_than(pause, !full, Some(source))?;
        }
        Ok(())
    }

    /// Waits until all that was taken is committed; says whether it is.
    pub(crate) fn settle(&mut self, source: &Source) -> Result<bool, AppError> {
        let settled = self.pipeline.settle();
        let is_committed = self.held(settled, source)?.is_some();
        source.committed(&std::mem::take(&mut self.committing));
        Ok(is_committed)
    }

    /// What came of a commit; nothing if another worker has taken a partition over: what of the
    /// batch is ours comes again with the next assignment.
    pub(crate) fn held<T>(
        &mut self,
        committed: Result<T, PipelineError>,
        source: &Source,
    ) -> Result<Option<T>, AppError> {
        match committed {
            Err(PipelineError::Store(error @ StoreError::Fenced { .. })) => {
                tracing::warn!(%error, "A batch is dropped");
                self.pipeline.settings().metrics.dropped();
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
}

/// Does something beside `work`, and waits for both; that it has failed is said then.
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
