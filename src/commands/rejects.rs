//! Retrying rejections after a fix.

use crate::domain::local_day::Timestamp;
use crate::pipeline::{Pipeline, PipelineError};
use crate::store::Tx;

/// Retries the rejections that are named, or all of them; how many were tried, and how many became
/// events.
///
/// # Errors
/// When the store fails, or another worker leads.
pub(crate) fn retry_rejects(
    pipeline: &mut Pipeline,
    ids: &[i64],
    wall_now: Timestamp,
) -> Result<(usize, usize), PipelineError> {
    let (tried, applied) = if ids.is_empty() {
        pipeline.retry_all(wall_now)?
    } else {
        let named = |tx: &Tx<'_>| {
            ids.iter()
                .filter_map(|id| tx.reject(*id).transpose())
                .collect::<Result<Vec<_>, _>>()
        };
        let wanted = pipeline.store().read_tx("read rejections", named)?;
        (wanted.len(), pipeline.retry(wanted, wall_now)?)
    };
    pipeline.resign()?;
    Ok((tried, applied))
}
