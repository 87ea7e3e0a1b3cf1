//! How far the reading of a partition or file is, by the names that lists use.

use super::names::names;

names! {
    pub(crate) enum SourceStatus {
        /// There may be more of it.
        Reading = "reading",
        /// A file that was read to its end.
        Done = "done",
        /// Nothing more is read of it until somebody sees to it.
        Paused = "paused",
        /// It lies in the folder of files and is not read.
        Ignored = "ignored",
    }
}
