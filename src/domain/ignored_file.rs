//! Entries of the folder of events that are not read, and why.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// An entry of the folder that is not read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct IgnoredEntry {
    /// Its name, as spelled in lists.
    pub name: String,
    pub reason: IgnoredBecause,
}

/// Why an entry of the folder of events is not read; its text is that of the log.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Error)]
#[serde(rename_all = "snake_case")]
pub enum IgnoredBecause {
    #[error("it is a folder")]
    Folder,
    #[error("it is no regular file")]
    NotRegular,
    #[error("it is a link that leads nowhere")]
    DanglingLink,
    #[error("its name begins with a dot")]
    HiddenName,
    /// The pattern of a mapping fits without the ending of a compression.
    #[error(
        "the pattern {0} of a mapping fits it without its last ending only; hint: a pattern {0}* reads it too"
    )]
    LastEnding(String),
    #[error("the pattern {0} of a mapping has other capital letters")]
    OtherCapitals(String),
    #[error("no mapping fits its name, and its ending is none of .jsonl, .jsonl.gz and .jsonl.zst")]
    NoMapping,
    /// Its last line only: it may still be written.
    #[error("its last line, which has no end yet; it is read once it has one")]
    OpenEnd,
}
