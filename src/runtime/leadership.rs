//! Coming to the desk, and making up for what the one before left there.

use std::time::Duration;

use crate::domain::local_day::Timestamp;
use crate::pipeline::AtDesk;

use super::error::AppError;
use super::worker::Worker;
use crate::actions::Asked;

/// How long a drain waits for the desk, and how often it asks.
const DESK_WAIT_MAX: Duration = Duration::from_secs(20);
const DESK_PAUSE: Duration = Duration::from_millis(50);

impl Worker {
    /// Whether this worker has the desk; it takes it, if it is to and the desk is free.
    pub(crate) fn at_desk(&mut self) -> Result<bool, AppError> {
        if !self.has_jobs {
            return Ok(false);
        }
        match self.pipeline.come_to_desk()? {
            AtDesk::Elsewhere => self.has_begun = false,
            AtDesk::Kept if self.has_begun => {}
            AtDesk::Kept | AtDesk::Taken => {
                self.begin()?;
                self.has_begun = true;
            }
        }
        Ok(self.has_begun)
    }

    /// Waits a while for the desk.
    pub(crate) fn wait_for_desk(&mut self) -> Result<bool, AppError> {
        let begun = self.clock().elapsed();
        while !self.at_desk()? {
            if !self.has_jobs || self.clock().since(begun) > DESK_WAIT_MAX {
                return Ok(false);
            }
            self.clock().pause(DESK_PAUSE);
        }
        Ok(true)
    }

    /// Makes up for what a crash cut off: runs that were begun, and what belonged to the last look.
    fn begin(&mut self) -> Result<(), AppError> {
        let unfinished = self
            .pipeline
            .store()
            .read("list unfinished runs", |tx| tx.unfinished_job_runs())?;
        // What was begun while the clock was ahead waits for its time.
        let latest = self.not_ahead(Timestamp::MAX);
        for (name, due) in unfinished.into_iter().filter(|(_, due)| *due <= latest) {
            if let Some(job) = self
                .jobs
                .iter()
                .find(|job| job.name.as_str() == name)
                .cloned()
            {
                self.run_job(&job, due, Asked::BySchedule)?;
            }
        }
        if let Some(looked_at) = self
            .pipeline
            .world()
            .looked_at
            .map(|looked_at| looked_at.min(latest))
        {
            self.run_due_jobs(looked_at)?;
            self.pipeline.compose(looked_at)?;
        }
        Ok(())
    }
}

/// What was done at the desk; nothing if another worker has taken it over, which goes on.
pub(crate) fn unless_desk_lost(done: Result<(), AppError>) -> Result<(), AppError> {
    match done {
        Err(error) if error.is_desk_lost() => {
            tracing::warn!("Another worker has taken the desk over");
            Ok(())
        }
        done => done,
    }
}
