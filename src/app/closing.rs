//! The job `close_month`: months more than `history.open_months` full months back become final.

use chrono::TimeDelta;

use crate::domain::local_day::Timestamp;
use crate::pipeline::{ClockMode, settle_named_members};

use super::error::AppError;
use super::worker::Worker;

impl Worker {
    /// Closes what is due, unless the store is loading; with an event clock only once the input is drained.
    pub(super) fn close_month(&mut self, due_at: Timestamp) -> Result<String, AppError> {
        if self.pipeline.settings().clock == ClockMode::Event {
            return Ok("waits until the input is drained".to_owned());
        }
        self.close_months(due_at)
    }

    /// The input is drained: closes what the last run of the job was to close.
    pub(super) fn close_after_drain(&mut self) -> Result<(), AppError> {
        for job in self.jobs.clone().iter().filter(|job| job.action == "close_month") {
            let last = self.pipeline.store().read("find a job's last run", |tx| tx.job_runs(job.name.as_str(), 1))?;
            if let Some(run) = last.first() {
                self.close_months(run.due_at)?;
            }
        }
        Ok(())
    }

    fn close_months(&mut self, due_at: Timestamp) -> Result<String, AppError> {
        let bounds = self.pipeline.store().read("see what is open", |tx| tx.bounds())?;
        if bounds.loading.is_on() {
            return Ok("nothing is closed while anything is being loaded; `sisan load done` ends that".to_owned());
        }
        let zone = self.pipeline.settings().rules.zone;
        let first_open = zone.day_of(due_at).month().plus(-self.pipeline.settings().open_months).first_day();
        let closed_before = zone.start_of(first_open);
        if bounds.closed_before.is_some_and(|closed| closed >= closed_before) {
            return Ok(format!("months before {first_open} are closed already"));
        }
        let raw_kept_from = due_at.plus(-TimeDelta::days(i64::from(self.raw_retention_days)));
        let forgotten = self.pipeline.write("close months", |tx| -> Result<u64, crate::store::StoreError> {
            settle_named_members(tx, closed_before)?;
            tx.close_before(closed_before)?;
            tx.forget_payloads(raw_kept_from)?;
            tx.forget_identities_before(first_open)
        })?;
        Ok(format!("months before {first_open} are closed, {forgotten} identities forgotten"))
    }
}
