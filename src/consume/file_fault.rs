//! Faults that pause a single file. Each kind has a code that operators can look up.
//!
//! Invariant: no message holds a line.

use std::io;

use super::checking::FileEnd;
use crate::domain::pause::{Pause, PauseCause};

/// Why a file is paused.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileFault {
    /// The file system returned an error.
    #[error(
        "E_FILE_READ: read the file {file} after byte {byte}: {source}; hint: put it right, or take it out of the folder: it is \
         read again as soon as it changes"
    )]
    Unreadable {
        /// Its name, as spelled in lists.
        file: String,
        /// The first byte (uncompressed) that was not read.
        byte: u64,
        source: io::Error,
    },
    /// A compressed member is damaged.
    #[error(
        "E_FILE_READ: unpack the file {file} after byte {byte} of its content: {what}; nothing of the damaged part was read; hint: put \
         a whole one in its place, under the same name, or take it out of the folder: it is read again as soon as it changes"
    )]
    Damaged {
        /// Its name, as spelled in lists.
        file: String,
        /// The first byte (uncompressed) that was not read.
        byte: u64,
        /// The kind of damage.
        what: String,
    },
    /// The part read before has changed.
    #[error(
        "E_FILE_REPLACED: go on with the file {file} at byte {byte}: what was read of it before is not what it holds now: it was \
         replaced, edited or cut; hint: `sisan sources accept {file}` reads it anew from its beginning, which is harmless since events \
         have identities; or put the former one back; give another day's file a name of its own"
    )]
    Replaced {
        /// Its name, as spelled in lists.
        file: String,
        /// How many bytes (uncompressed) were read of it.
        byte: u64,
    },
}

impl FileFault {
    /// The pause that it brings.
    pub(super) fn pause(&self) -> Pause {
        let cause = match self {
            Self::Unreadable { .. } | Self::Damaged { .. } => PauseCause::FileUnreadable,
            Self::Replaced { .. } => PauseCause::FileReplaced,
        };
        Pause {
            cause,
            reason: self.to_string(),
        }
    }

    /// The fault of a compressed file that does not end whole; none if it does.
    pub(super) fn of_end(end: &FileEnd, file: &str, byte: u64) -> Option<Self> {
        let what = match end {
            FileEnd::Whole => return None,
            FileEnd::WithinMember => "it ends too early".to_owned(),
            FileEnd::Damaged(error) => error.to_string(),
        };
        Some(Self::Damaged {
            file: file.to_owned(),
            byte,
            what,
        })
    }
}
