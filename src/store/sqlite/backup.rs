//! A copy of the store in one file, made beside a running worker.
//!
//! ```text
//! one read transaction: database ─ pages ─→ FILE.db        runs, write-ahead log ─ opened
//! after it:             FILE.db, runs and write-ahead log ─ checked, piece by piece ─→ FILE.part ─ whole ─→ FILE
//! ```
//! The file is a database with one table of pieces, each with its digest. Invariant: a copy is one
//! committed state, what it was made of was checked as it was read, and it has its name only once
//! it is whole and on the disk.

use std::fs::File;
use std::io::ErrorKind;
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use rusqlite::Connection;
use rusqlite::backup::{Backup, StepResult};
use xxhash_rust::xxh3::Xxh3;

use super::check::check_database;
use super::runs::{FileKind, RunKind, Runs, failed, sync_folder};
use super::wal_file::{WalPosition, open_wal, read_batch};
use super::{SqliteStore, Tx, get, parent, rows};
use crate::access::Access;
use crate::store::error::OperationContext;
use crate::store::{IsOver, OnProgress, StoreError, go_on};

/// The extension of the database's pieces.
pub(super) const DATABASE: &str = "db";
/// Bytes of a piece, at most.
const PIECE_BYTES: usize = 4 << 20;
/// How often a copy is begun: files that a worker deletes meanwhile make it stale.
const ATTEMPTS_MAX: usize = 5;
/// Pages of the database that are copied between two checks of `is_over`: 40 MB.
const PAGES_AT_ONCE: i32 = 10_000;
/// How long to wait for another process that holds the database.
const PAUSE: Duration = Duration::from_millis(50);

/// The files that a committed state names, opened: they can be read also when a worker deletes
/// them.
pub(super) struct OpenedFiles {
    pub(super) runs: Vec<Runs>,
    pub(super) batches: Vec<(WalPosition, File)>,
}

impl SqliteStore {
    /// Writes what is committed to a new file; returns its size in bytes.
    ///
    /// # Errors
    /// When the file is there already or cannot be written, when something in the store is damaged,
    /// and once `is_over`.
    pub(crate) fn back_up(
        &self,
        to: &Path,
        on_progress: OnProgress<'_>,
        is_over: IsOver<'_>,
    ) -> Result<u64, StoreError> {
        if to.exists() {
            return Err(StoreError::InTheWay {
                path: to.to_owned(),
            });
        }
        let [database, part] =
            [DATABASE, "part"].map(|extension| to.with_added_extension(extension));
        let made = self
            .copy_to(&database, &part, on_progress, is_over)
            .and_then(|()| {
                let synced = File::open(&part)
                    .and_then(|file| file.sync_all().and_then(|()| file.metadata()));
                let bytes = synced.map_err(failed(&part))?.len();
                std::fs::rename(&part, to).map_err(failed(to))?;
                sync_folder(parent(to)).map(|()| bytes)
            });
        remove_database(&database);
        remove_database(&part);
        made
    }

    fn copy_to(
        &self,
        database: &Path,
        part: &Path,
        on_progress: OnProgress<'_>,
        is_over: IsOver<'_>,
    ) -> Result<(), StoreError> {
        let mut named = self.copy_database(database, is_over);
        for _ in 1..ATTEMPTS_MAX {
            match named {
                Err(StoreError::File { source, .. }) if source.kind() == ErrorKind::NotFound => {
                    named = self.copy_database(database, is_over)
                }
                _ => break,
            }
        }
        let named = named?;
        Access::PRIVATE.create(part).map_err(failed(part))?;
        let mut copy = Connection::open(part).operation("write the backup")?;
        let pieces = copy.transaction().operation("write the backup")?;
        pieces
            .execute_batch(include_str!("sql/create_backup_piece.sql"))
            .operation("write the backup")?;
        let file = File::open(database).map_err(failed(database))?;
        let whole = named.bytes()? + file.metadata().map_err(failed(database))?.len();
        let mut out = CopyProgress {
            copy: &pieces,
            done: 0,
            whole,
            on_progress,
            is_over,
        };
        out.write_file(DATABASE, 0, &file, database)?;
        named.write_to(&mut out)?;
        pieces.commit().operation("write the backup")?;
        check_pieces(&copy)
    }

    /// Copies the database; returns what it names.
    fn copy_database(&self, to: &Path, is_over: IsOver<'_>) -> Result<OpenedFiles, StoreError> {
        Access::PRIVATE.create(to).map_err(failed(to))?;
        let mut copy = Connection::open(to).operation("copy the database")?;
        let named = self.read_tx("back up", |tx| {
            // The first read of a transaction fixes the state that it sees, and the pages are of
            // that state.
            tx.check_schema()?;
            let named = tx.named()?;
            let backup = Backup::new(&tx.tx, &mut copy).operation("copy the database")?;
            loop {
                go_on(is_over)?;
                match backup.step(PAGES_AT_ONCE).operation("copy the database")? {
                    StepResult::Done => break,
                    StepResult::More => {}
                    _ => std::thread::sleep(PAUSE),
                }
            }
            Ok(named)
        })?;
        // One file, without a log beside it.
        copy.pragma_update(None, "journal_mode", "DELETE")
            .operation("copy the database")?;
        check_database(&copy, is_over).map(|()| named)
    }
}

/// Removes what is left of an unfinished copy of a database, and the files beside it.
pub(super) fn remove_database(path: &Path) {
    for suffix in ["", "-journal", "-wal", "-shm"] {
        let mut file = path.as_os_str().to_owned();
        file.push(suffix);
        drop(std::fs::remove_file(file));
    }
}

impl Tx<'_> {
    pub(super) fn named(&self) -> Result<OpenedFiles, StoreError> {
        let folder = &self.store.run_folder;
        let runs = RunKind::ALL
            .iter()
            .map(|kind| Runs::load(self, folder, *kind))
            .collect::<Result<_, _>>()?;
        let batch = |place: WalPosition| Ok((place, open_wal(folder, place.file)?));
        Ok(OpenedFiles {
            runs,
            batches: self
                .wal_places()?
                .into_iter()
                .map(batch)
                .collect::<Result<_, StoreError>>()?,
        })
    }
}

impl OpenedFiles {
    /// How many bytes its files have.
    fn bytes(&self) -> Result<u64, StoreError> {
        let mut bytes = self.batches.iter().map(|(place, _)| place.bytes).sum();
        for (_, file, path) in self.runs.iter().flat_map(Runs::files) {
            bytes += file.metadata().map_err(failed(path))?.len();
        }
        Ok(bytes)
    }

    fn write_to(&self, out: &mut CopyProgress<'_>) -> Result<(), StoreError> {
        for runs in &self.runs {
            runs.check(out.is_over)?;
            runs.files().try_for_each(|(number, file, path)| {
                out.write_file(FileKind::Run.extension(), number, file, path)
            })?;
        }
        for (place, file) in &self.batches {
            let batch = read_batch(file, *place)?;
            for (begin, bytes) in (place.begin..)
                .step_by(PIECE_BYTES)
                .zip(batch.chunks(PIECE_BYTES))
            {
                out.write_piece(FileKind::Wal.extension(), place.file, begin, bytes)?;
            }
        }
        Ok(())
    }
}

/// The copy while its pieces are written.
struct CopyProgress<'a> {
    copy: &'a Connection,
    done: u64,
    whole: u64,
    on_progress: OnProgress<'a>,
    is_over: IsOver<'a>,
}

impl CopyProgress<'_> {
    fn write_file(
        &mut self,
        extension: &str,
        number: u64,
        file: &File,
        path: &Path,
    ) -> Result<(), StoreError> {
        let end = file.metadata().map_err(failed(path))?.len();
        for begin in (0..end).step_by(PIECE_BYTES) {
            let mut bytes = vec![0; PIECE_BYTES.min((end - begin) as usize)];
            file.read_exact_at(&mut bytes, begin)
                .map_err(failed(path))?;
            self.write_piece(extension, number, begin, &bytes)?;
        }
        Ok(())
    }

    fn write_piece(
        &mut self,
        extension: &str,
        number: u64,
        begin: u64,
        bytes: &[u8],
    ) -> Result<(), StoreError> {
        go_on(self.is_over)?;
        let params = (
            number.cast_signed(),
            extension,
            begin.cast_signed(),
            bytes,
            piece_digest(extension, number, begin, bytes),
        );
        let mut statement = self
            .copy
            .prepare_cached(include_str!("sql/insert_backup_piece.sql"))
            .operation("write the backup")?;
        statement.execute(params).operation("write the backup")?;
        self.done += bytes.len() as u64;
        (self.on_progress)(self.done, Some(self.whole));
        Ok(())
    }
}

/// The digest of a piece, and of where it belongs.
pub(super) fn piece_digest(extension: &str, number: u64, begin: u64, bytes: &[u8]) -> i64 {
    let mut digest = Xxh3::new();
    digest.update(extension.as_bytes());
    [number, begin]
        .iter()
        .for_each(|n| digest.update(&n.to_le_bytes()));
    digest.update(bytes);
    digest.digest().cast_signed()
}

/// Reads a copy back, piece by piece.
fn check_pieces(copy: &Connection) -> Result<(), StoreError> {
    let check = |row: &rusqlite::Row<'_>| {
        let (number, begin) = (
            get::<i64>(row, 0)?.cast_unsigned(),
            get::<i64>(row, 2)?.cast_unsigned(),
        );
        match piece_digest(
            &get::<String>(row, 1)?,
            number,
            begin,
            &get::<Vec<u8>>(row, 3)?,
        ) == get::<i64>(row, 4)?
        {
            true => Ok(()),
            false => Err(StoreError::Damaged {
                what: "the backup",
                detail: format!("file {number}, at byte {begin}, reads otherwise"),
            }),
        }
    };
    rows(
        copy,
        "check the backup",
        include_str!("sql/list_backup_pieces.sql"),
        [],
        check,
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sqlite_puts_beside_a_database_goes_with_it() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("part.db");
        for name in ["part.db", "part.db-journal", "part.db-wal", "part.db-shm"] {
            std::fs::write(dir.path().join(name), b"x").expect("a file");
        }
        remove_database(&path);
        let left = std::fs::read_dir(dir.path()).expect("the folder").count();
        assert_eq!(left, 0);
    }
}
