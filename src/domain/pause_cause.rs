//! Why nothing more is read of a partition or file, by the code that its reason begins with.

use super::names::names;

names! {
    pub(crate) enum PauseCause {
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

impl PauseCause {
    /// The cause that a reason states; none where its code is not known.
    #[must_use]
    pub(crate) fn of_reason(reason: &str) -> Option<Self> {
        let (code, _) = reason.split_once(':')?;
        Self::parse(code)
    }
}
