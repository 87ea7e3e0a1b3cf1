//! The job `prune_history`: what nobody asks for any more is forgotten.
//!
//! Raw bytes of rejections and identities go with the closing of months, by rules of their own.

use chrono::TimeDelta;

use crate::domain::local_day::Timestamp;

use super::error::AppError;
use super::worker::Worker;

/// How long news is kept: a complaint that is open for longer is no news in a brief. Assumption.
const NEWS_KEPT: TimeDelta = TimeDelta::days(40);

impl Worker {
    /// Forgets news that is older than anything that asks for it.
    pub(super) fn prune_history(&mut self, due_at: Timestamp) -> Result<String, AppError> {
        let forgotten = self.pipeline.write("forget news", |tx| tx.forget_news_before(due_at.plus(-NEWS_KEPT)))?;
        Ok(format!("the news of {forgotten} batches forgotten"))
    }
}
