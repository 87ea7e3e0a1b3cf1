//! The jobs of a list, each with its last run.

use crate::domain::local_day::Timestamp;
use crate::store::{StoreError, Tx};
use crate::views::lists::ListedJob;

/// Jobs by name, action and next due time, each with its last run.
pub(crate) fn jobs<'a>(
    tx: &Tx<'_>,
    jobs: impl IntoIterator<Item = (&'a str, &'a str, Option<Timestamp>)>,
) -> Result<Vec<ListedJob<'a>>, StoreError> {
    let with_last = |(name, action, next)| {
        let last = tx.job_runs(name, Timestamp::MAX, 1)?.into_iter().next();
        Ok(ListedJob {
            name,
            action,
            last,
            next,
        })
    };
    jobs.into_iter().map(with_last).collect()
}
