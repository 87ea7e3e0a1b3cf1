//! A pause of a partition or file: nothing more is read of it until somebody fixes the problem.

use serde::{Deserialize, Serialize};

use super::names::names;

names! {
    /// The error that pauses, by its code.
    pub enum PauseCause {
        /// The broker no longer holds, or does not hold yet, what is to be read next.
        OffsetGone = "E_OFFSET_GONE",
        /// The topic is not the one that was read before.
        TopicReplaced = "E_TOPIC_REPLACED",
        /// A file cannot be read, or is damaged.
        FileUnreadable = "E_FILE_READ",
        /// The part of a file that was read has changed.
        FileReplaced = "E_FILE_REPLACED",
        /// Most of what comes is rejected.
        SchemaStorm = "E_SCHEMA_STORM",
    }
}

/// Why nothing more is read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Pause {
    pub cause: PauseCause,
    /// The error as the program reported it, in one line.
    pub reason: String,
}
