//! Commands on the positions of partitions and files.

use crate::domain::local_day::Timestamp;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::store::Store;

use super::error::CommandError;

/// Moves a partition of a topic to another offset and returns its old one. A source that the store
/// does not know counts as a file if `files` are read.
///
/// # Errors
/// When it is no known partition, or the store fails.
pub(crate) fn seek_partition(
    store: &Store,
    source: &str,
    to: u64,
    files: bool,
    now: Timestamp,
) -> Result<u64, CommandError> {
    store.write_tx("move a partition", |tx| {
        if tx.is_file(source)?.unwrap_or(files) {
            return Err(CommandError::NotAPartition(source.to_owned()));
        }
        let from = tx
            .seek(source, to)?
            .ok_or_else(|| CommandError::NoPartition(source.to_owned()))?;
        let moved = OpsNotice::OffsetMoved {
            source: source.to_owned(),
            from,
            to,
        };
        tx.insert_notice(&Notice::for_operators(moved, now))?;
        Ok(from)
    })
}

/// Requests that a file is read again from its beginning; the worker that reads it acts on it.
///
/// # Errors
/// When no such file was read or paused, or the store fails.
pub(crate) fn accept_file(store: &Store, file: &str, now: Timestamp) -> Result<(), CommandError> {
    store.write_tx("accept a file", |tx| match tx.is_file(file)? {
        Some(true) => {
            tx.accept_file(file)?;
            let accepted = OpsNotice::FileAccepted {
                file: file.to_owned(),
            };
            Ok(tx.insert_notice(&Notice::for_operators(accepted, now))?)
        }
        Some(false) => Err(CommandError::NotAFile(file.to_owned())),
        None => Err(CommandError::NoFile(file.to_owned())),
    })
}
