//! Runs of scheduled jobs: the row (job, due time) claims one.

use super::codec::{from_plain_json, plain_json};
use super::damage::named;
use super::value::{get, params};
use super::{StoreError, Tx};
use crate::domain::job_outcome::JobOutcome;
use crate::domain::local_day::Timestamp;

/// A run of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JobRunRow {
    pub job: String,
    /// For which due time.
    pub due_at: Timestamp,
    /// When it ended; none while it runs or after a crash.
    pub finished_at: Option<Timestamp>,
    /// What it did, or why it failed.
    pub outcome: Option<JobOutcome>,
}

impl Tx<'_> {
    /// Claims a run; false when it is claimed already.
    pub fn claim_job_run(&self, job: &str, due_at: Timestamp) -> Result<bool, StoreError> {
        Ok(self.execute(
            "claim a job's run",
            include_str!("sql/claim_job_run.sql"),
            params![job, due_at.micros()],
        )? > 0)
    }

    /// Records how a run ended.
    pub fn finish_job_run(
        &self,
        job: &str,
        due_at: Timestamp,
        now: Timestamp,
        outcome: &JobOutcome,
    ) -> Result<(), StoreError> {
        let params = params![now.micros(), plain_json(outcome), job, due_at.micros()];
        self.execute(
            "record a job's run",
            include_str!("sql/finish_job_run.sql"),
            params,
        )
        .map(drop)
    }

    /// The last `limit` runs of a job that were due until then, the latest first.
    pub fn job_runs(
        &self,
        job: &str,
        until: Timestamp,
        limit: usize,
    ) -> Result<Vec<JobRunRow>, StoreError> {
        self.rows(
            "list a job's runs",
            include_str!("sql/list_job_runs.sql"),
            params![job, until.micros(), limit as u64],
            |row| {
                named(row, |row| {
                    let outcome = get::<Option<String>>(row, 3)?;
                    Ok(JobRunRow {
                        job: get(row, 0)?,
                        due_at: Timestamp::from_micros(get(row, 1)?),
                        finished_at: get::<Option<i64>>(row, 2)?.map(Timestamp::from_micros),
                        outcome: outcome
                            .map(|text| from_plain_json("the outcome of a job's run", &text))
                            .transpose()?,
                    })
                })
            },
        )
    }

    /// Runs that were claimed and not ended: the worker died in them.
    pub(crate) fn unfinished_job_runs(&self) -> Result<Vec<(String, Timestamp)>, StoreError> {
        self.rows(
            "list unfinished runs",
            include_str!("sql/list_unfinished_job_runs.sql"),
            &[],
            |row| Ok((get(row, 0)?, Timestamp::from_micros(get(row, 1)?))),
        )
    }
}
