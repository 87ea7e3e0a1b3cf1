//! Retrying rejections that are due, or that an operator retries after a fix.

use crate::consume::batch::{Delivery, Mode, PartitionProgress, RawBatch};
use crate::domain::local_day::Timestamp;
use crate::plan::Fate;
use crate::store::StoredReject;

use super::{Pipeline, PipelineError, decode_batch};

/// Most rejections that are retried at once.
const RETRIES_MAX: u32 = 1_000;

/// Most that are in memory at once, of any size.
const RETRIES_IN_MEMORY_MAX: u32 = 100;

/// A delivery's mode, for the dead letter.
pub(super) fn pack_mode(mode: &Mode) -> Vec<u8> {
    postcard::to_stdvec(mode)
        .expect("writing to memory cannot fail for types without maps of unknown length")
}

impl Pipeline {
    /// Retries rejections that were too far ahead and are no more. Returns how many became events.
    pub(crate) fn retry_due(&mut self, wall_now: Timestamp) -> Result<usize, PipelineError> {
        let due = self.store.read_tx("list rejections to retry", |tx| {
            tx.rejects_to_retry(wall_now, RETRIES_MAX)
        })?;
        self.retry(due, wall_now)
    }

    /// Retries every rejection that was not retried with success. Returns how many were tried, and
    /// how many became events.
    pub(crate) fn retry_all(
        &mut self,
        wall_now: Timestamp,
    ) -> Result<(usize, usize), PipelineError> {
        let (mut tried, mut applied, mut last) = (0, 0, None);
        loop {
            let page = self.store.read_tx("list rejections", |tx| {
                tx.rejects_after(last, RETRIES_IN_MEMORY_MAX)
            })?;
            let Some(end) = page.last() else {
                return Ok((tried, applied));
            };
            last = Some(end.reject_id);
            tried += page.len();
            applied += self.retry(page, wall_now)?;
        }
    }

    /// Retries rejections. One that still is none stays as it is; the count of any other moves to
    /// what it became.
    pub(crate) fn retry(
        &mut self,
        rejects: Vec<StoredReject>,
        wall_now: Timestamp,
    ) -> Result<usize, PipelineError> {
        let mut applied = 0;
        self.settle()?;
        for reject in rejects {
            let (Some(payload), Ok(mode)) =
                (&reject.payload, postcard::from_bytes::<Mode>(&reject.mode))
            else {
                continue;
            };
            let mut prepared = self.prepare(decode_batch(
                one_delivery(&reject, payload, mode),
                &self.settings.decode,
                wall_now,
            ))?;
            let fate = self.retry_one(&mut prepared, reject.reject_id)?;
            applied += usize::from(fate == Fate::Applied);
        }
        self.settle()?;
        Ok(applied)
    }
}

fn one_delivery(reject: &StoredReject, payload: &[u8], mode: Mode) -> RawBatch {
    let delivery = Delivery {
        partition: 0,
        position: reject.position,
        next_position: 0,
        next_byte: 0,
        gap_before: 0,
        bytes: 0..payload.len(),
        mode,
    };
    let progress = PartitionProgress {
        name: reject.source.as_str().into(),
        ..PartitionProgress::default()
    };
    RawBatch {
        bytes: payload.to_vec(),
        deliveries: vec![delivery],
        partitions: vec![progress],
        ..RawBatch::default()
    }
}
