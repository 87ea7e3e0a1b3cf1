//! A store made of a backup.
//!
//! Invariant: it has its name only once it is whole: every byte checked, every epoch raised, so
//! that nothing that a worker of the old store still does is taken, and every mail held. Which
//! mails went out after the backup was made is not in it, and they are composed again: people
//! decide, with `outbox release`.

use std::os::unix::fs::FileExt;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};

use super::backup::{DATABASE, piece_digest, remove_database};
use super::runs::{FileKind, RunFolder, failed, sync_folder};
use super::{SqliteStore, Tx, parent};
use crate::access::Access;
use crate::store::{self, OnProgress, StoreError};

/// What a restored store holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restored {
    /// Partitions and files, whose epoch was raised.
    pub sources: usize,
    /// Mails that are held.
    pub held: u64,
}

impl SqliteStore {
    /// Makes the store `path` of a backup.
    ///
    /// # Errors
    /// When there is a store already, and when the backup is none, of a newer program, or damaged:
    /// then there is no store.
    pub(crate) fn restore(
        from: &Path,
        path: &Path,
        on_progress: OnProgress<'_>,
    ) -> Result<Restored, StoreError> {
        // The folder of the runs has the same name for both.
        let (part, folder) = (path.with_extension("part"), path.with_extension("runs"));
        for there in [path, &folder] {
            if there.exists() {
                return Err(StoreError::InTheWay {
                    path: there.to_owned(),
                });
            }
        }
        Access::PRIVATE
            .create_folders(parent(path))
            .map_err(failed(parent(path)))?;
        let restored = restore_part(from, &part, on_progress).and_then(|restored| {
            std::fs::rename(&part, path).map_err(failed(path))?;
            sync_folder(parent(path)).map(|()| restored)
        });
        if restored.is_err() {
            remove_database(&part);
            drop(std::fs::remove_dir_all(&folder));
        }
        restored
    }
}

fn restore_part(
    from: &Path,
    part: &Path,
    on_progress: OnProgress<'_>,
) -> Result<Restored, StoreError> {
    let whole = std::fs::metadata(from).map_err(failed(from))?.len();
    write_files(from, part, &RunFolder::open(part)?, |done| {
        on_progress(done, Some(whole.max(done)))
    })?;
    let store = SqliteStore::migrate(part, &[])?;
    let restored = store.write_tx("restore", begin_anew)?;
    store.read_tx("check what was restored", |tx| tx.check(&|| false))?;
    Ok(restored)
}

/// Writes the database, and the files of runs and write-ahead log; each piece is on the disk before
/// the next.
fn write_files(
    from: &Path,
    database: &Path,
    folder: &RunFolder,
    mut on_progress: impl FnMut(u64),
) -> Result<(), StoreError> {
    let mut done = 0;
    let no_backup = |detail: String| StoreError::Backup {
        path: from.to_owned(),
        detail,
    };
    let unreadable = |e: rusqlite::Error| no_backup(e.to_string());
    let backup =
        Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY).map_err(unreadable)?;
    let mut statement = backup
        .prepare(include_str!("sql/list_backup_pieces.sql"))
        .map_err(unreadable)?;
    let mut pieces = statement.query([]).map_err(unreadable)?;
    while let Some(row) = pieces.next().map_err(unreadable)? {
        let piece: Result<(i64, String, i64, Vec<u8>, i64), _> = row.try_into();
        let (number, extension, begin, bytes, digest) = piece.map_err(unreadable)?;
        let (number, begin) = (number.cast_unsigned(), begin.cast_unsigned());
        let kind = FileKind::ALL
            .into_iter()
            .find(|kind| kind.extension() == extension);
        let path = if extension == DATABASE {
            Some(database.to_owned())
        } else {
            kind.map(|kind| folder.file(number, kind))
        };
        let path = path.filter(|_| piece_digest(&extension, number, begin, &bytes) == digest);
        let path = path.ok_or_else(|| {
            no_backup(format!(
                "file {number}, at byte {begin}: it is not what was written"
            ))
        })?;
        let file = Access::PRIVATE
            .open_or_create(&path)
            .map_err(failed(&path))?;
        file.write_all_at(&bytes, begin)
            .and_then(|()| file.sync_data())
            .map_err(failed(&path))?;
        done += bytes.len() as u64;
        on_progress(done);
    }
    folder.sync()
}

/// Raises every epoch and holds every mail.
fn begin_anew(tx: &Tx<'_>) -> Result<Restored, StoreError> {
    let sources = tx.execute("raise the epochs", include_str!("sql/raise_epochs.sql"), [])?;
    Ok(Restored {
        sources,
        held: store::Tx::Sqlite(tx).hold_restored_mails()?,
    })
}
