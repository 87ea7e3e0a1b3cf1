//! Cuts of the event clock: figures are looked at and jobs run at each midnight and due time that
//! the events pass, by a worker that sees all of them.
//!
//! Where several workers write, none sees the whole course of that clock: then only what each has
//! read is looked at, the end of a drain above all, and the log says so.

use std::time::Duration;

use crate::domain::clock_mode::ClockMode;
use crate::domain::local_day::Timestamp;
use crate::pipeline::Reading;

use super::error::AppError;
use super::leadership::unless_desk_lost;
use super::worker::Worker;

/// How long a worker waits at its start for one that was killed to count as gone, and how often it
/// asks.
const GONE_WAIT_MAX: Duration = Duration::from_secs(7);
const GONE_PAUSE: Duration = Duration::from_millis(50);

impl Worker {
    /// Whether looks and jobs happen at cuts of the event clock: this worker has the desk and
    /// nobody else writes.
    pub(crate) fn goes_by_cuts(&mut self) -> Result<bool, AppError> {
        if self.pipeline.settings().clock != ClockMode::Event {
            return Ok(false);
        }
        let by_cuts = self.sees_the_clock()?;
        if !by_cuts && !std::mem::replace(&mut self.has_told_of_cuts, true) {
            tracing::warn!(
                "clock.mode = \"event\": another worker writes to this store, or has the desk, so figures are not looked at \
                 and jobs not run at the midnights and due times between the events, but only when a batch or a drain ends; \
                 hint: for a backfill run one worker alone"
            );
        }
        Ok(by_cuts)
    }

    fn sees_the_clock(&mut self) -> Result<bool, AppError> {
        Ok(self.pipeline.writes_alone()?
            && (!self.pipeline.store().is_shared() || self.at_desk()?))
    }

    /// At the start: waits until a worker that was killed counts as gone, where there is an event
    /// clock to be seen.
    pub(crate) fn await_event_clock(&mut self) -> Result<(), AppError> {
        let begun = self.clock().elapsed();
        let has_event_clock = self.pipeline.settings().clock == ClockMode::Event && self.has_jobs;
        while has_event_clock
            && self.clock().since(begun) < GONE_WAIT_MAX
            && !self.sees_the_clock()?
        {
            self.clock().pause(GONE_PAUSE);
        }
        self.goes_by_cuts().map(drop)
    }

    /// Everything that happens at a cut, with all that was committed before it taken in.
    pub(crate) fn at_cut(&mut self, at: Timestamp) -> Result<(), AppError> {
        unless_desk_lost(
            self.pipeline
                .catch_up()
                .map_err(AppError::from)
                .and_then(|()| self.at(at, Reading::all_until(at))),
        )
    }
}
