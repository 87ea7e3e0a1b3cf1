//! What stops the pipeline.

use crate::domain::reject::RejectClass;
use crate::plan::RenderError;
use crate::store::StoreError;

/// What can go wrong on the way.
#[derive(Debug, thiserror::Error)]
pub enum PipelineError {
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A mail could not be written.
    #[error("write a mail from its template")]
    Compose(#[from] RenderError),
    /// Most of what comes is no event.
    #[error(
        "E_SCHEMA_STORM: {rejected} of the last {window} deliveries of {source_name} were rejected, most of them as {class}; it is paused before position {position}\nhint: look at `sisan rejects list`, mend the producer or the status map and mappings, then start again: nothing was skipped"
    )]
    SchemaStorm {
        /// Which partition or file.
        source_name: String,
        position: u64,
        /// How many of them.
        rejected: usize,
        window: usize,
        class: RejectClass,
    },
}

impl PipelineError {
    /// The failure of the store that it is, if it is one.
    #[must_use]
    pub(crate) const fn of_store(&self) -> Option<&StoreError> {
        if let Self::Store(error) = self {
            Some(error)
        } else {
            None
        }
    }
}
