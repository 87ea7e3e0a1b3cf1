//! Boundaries of the event clock: figures are evaluated and jobs run at each midnight and due time
//! that the events pass, by a worker that sees all of them.
//!
//! Where several workers write, none sees all events pass: then only what each has read is
//! evaluated, at the end of a drain above all, and a warning is logged.

use std::time::Duration;

use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::pipeline::Pipeline;
use crate::plan::InputProgress;

use super::error::AppError;
use super::leader::{Leader, unless_deposed};

/// How long a worker waits at its start for one that was killed to count as gone, and the pause
/// between two checks.
const GONE_WAIT_MAX: Duration = Duration::from_secs(7);
const GONE_PAUSE: Duration = Duration::from_millis(50);

impl Leader {
    /// Whether evaluations and jobs happen at boundaries of the event clock: this worker leads and
    /// nobody else writes.
    pub(super) fn uses_boundaries(&mut self, pipeline: &mut Pipeline) -> Result<bool, AppError> {
        if pipeline.settings().clock != ClockMode::Event {
            return Ok(false);
        }
        let sees_all = self.sees_all_events(pipeline)?;
        if !sees_all && !std::mem::replace(&mut self.has_warned_of_boundaries, true) {
            tracing::warn!(
                "clock.mode = \"event\": another worker writes to this store, or leads, so figures are not evaluated \
                 and jobs not run at the midnights and due times between the events, but only when a batch or a drain ends; \
                 hint: for a backfill run one worker alone"
            );
        }
        Ok(sees_all)
    }

    fn sees_all_events(&mut self, pipeline: &mut Pipeline) -> Result<bool, AppError> {
        Ok(pipeline.writes_alone()? && (!pipeline.store().is_shared() || self.leads(pipeline)?))
    }

    /// At the start: waits until a worker that was killed counts as gone, where there is an event
    /// clock to be seen.
    pub(super) fn await_event_clock(&mut self, pipeline: &mut Pipeline) -> Result<(), AppError> {
        let clock = pipeline.settings().wall.clone();
        let begun = clock.elapsed();
        let waits = pipeline.settings().clock == ClockMode::Event && self.may_lead;
        while waits && clock.since(begun) < GONE_WAIT_MAX && !self.sees_all_events(pipeline)? {
            clock.pause(GONE_PAUSE);
        }
        self.uses_boundaries(pipeline).map(drop)
    }

    /// Everything that happens at a boundary, with all that was committed before it applied.
    pub(super) fn evaluate_at_boundary(
        &mut self,
        pipeline: &mut Pipeline,
        at: Timestamp,
    ) -> Result<(), AppError> {
        let caught_up = pipeline.catch_up().map_err(AppError::from);
        unless_deposed(
            caught_up.and_then(|()| self.evaluate(pipeline, at, InputProgress::all_until(at))),
        )
    }
}
