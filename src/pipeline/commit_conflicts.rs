//! Committing a batch where other workers commit too: the slower worker applies its batch again, on
//! what the other one committed.

use std::time::Duration;

use crate::plan::BoundaryAfter;
use crate::store::StoreError;

use super::prepare::{look_up, read_from};
use super::{Committed, Pipeline, PipelineError, Prepared};

/// How often a batch is applied again when other workers were faster, and how much longer each time
/// it waits before.
const CONFLICTS_MAX: u32 = 20;
const CONFLICT_PAUSE: Duration = Duration::from_millis(10);

impl Pipeline {
    /// Commits deliveries up to the end of the batch, or with boundaries of the event clock up
    /// to the first event at or past the next one.
    ///
    /// # Errors
    /// When the store fails: then nothing of this part is committed.
    pub fn commit_until(
        &mut self,
        prepared: &mut Prepared,
        boundary_after: Option<&BoundaryAfter<'_>>,
    ) -> Result<Committed, PipelineError> {
        if !self.store.is_shared() {
            return self.commit_part(prepared, boundary_after);
        }
        let (begin, reject_rates) = (prepared.next, self.reject_rates.clone());
        let mut conflict = 0;
        loop {
            match self.commit_part(prepared, boundary_after) {
                Err(PipelineError::Store(error @ StoreError::Conflict { .. }))
                    if conflict < CONFLICTS_MAX =>
                {
                    conflict += 1;
                    self.settings.metrics.commit_conflict();
                    tracing::debug!(%error, conflict, "A batch is applied again");
                    self.settings.wall.pause(CONFLICT_PAUSE * conflict);
                    self.reject_rates = reject_rates.clone();
                    self.read_again(prepared, begin)?;
                }
                done => return done,
            }
        }
    }

    /// Reads the deliveries from the one at `next` on again, and looks up their identities.
    fn read_again(&self, prepared: &mut Prepared, next: usize) -> Result<(), PipelineError> {
        let Prepared {
            batch, wall_now, ..
        } = prepared;
        prepared.reads = read_from(batch, next, &self.settings.decode, *wall_now);
        prepared.next = next;
        (prepared.known, prepared.lateness_policy) =
            self.store.read_tx("look identities up", |tx| {
                look_up(tx, prepared.reads.iter())
            })?;
        Ok(())
    }
}
