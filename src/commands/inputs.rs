//! Where partitions and files go on.

use crate::clock::wall_now;
use crate::domain::mail::Notice;
use crate::domain::ops_notice::OpsNotice;
use crate::store::Store;

use super::error::CommandError;

/// Has a partition of a topic go on at another offset; where it stood. What the store does not
/// know yet is a file if `files` are read.
///
/// # Errors
/// When it is none, or the store fails.
pub fn seek_partition(
    store: &Store,
    source: &str,
    to: u64,
    files: bool,
) -> Result<u64, CommandError> {
    store.write("move a partition", |tx| {
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
        tx.insert_notice(&Notice::for_operators(moved, wall_now()))?;
        Ok(from)
    })
}

/// Has a file read anew from its beginning, by whoever reads it.
///
/// # Errors
/// When it is none that was read or paused, or the store fails.
pub fn accept_file(store: &Store, file: &str) -> Result<(), CommandError> {
    store.write("accept a file", |tx| match tx.is_file(file)? {
        Some(true) => {
            tx.accept_file(file)?;
            let accepted = OpsNotice::FileAccepted {
                file: file.to_owned(),
            };
            Ok(tx.insert_notice(&Notice::for_operators(accepted, wall_now()))?)
        }
        Some(false) => Err(CommandError::NotAFile(file.to_owned())),
        None => Err(CommandError::NoFile(file.to_owned())),
    })
}
