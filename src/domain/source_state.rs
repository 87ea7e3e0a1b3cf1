//! How far the reading of a partition or file is.

use super::names::names;
use super::pause::Pause;

names! {
    /// By the names that lists use.
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

/// The state of a partition or file.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum SourceState {
    /// There may be more of it.
    #[default]
    Reading,
    /// A file that was read to its end.
    Done,
    /// Nothing more is read of it until somebody fixes the problem given here.
    Paused(Pause),
}

impl SourceState {
    /// Without the pause.
    #[must_use]
    pub(crate) const fn status(&self) -> SourceStatus {
        match self {
            Self::Reading => SourceStatus::Reading,
            Self::Done => SourceStatus::Done,
            Self::Paused(_) => SourceStatus::Paused,
        }
    }

    /// Why it is paused.
    #[must_use]
    pub(crate) const fn pause(&self) -> Option<&Pause> {
        if let Self::Paused(pause) = self {
            Some(pause)
        } else {
            None
        }
    }
}
