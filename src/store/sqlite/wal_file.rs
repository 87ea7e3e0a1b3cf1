//! Files of the write-ahead log, beside the runs: batches one after another, each on the disk
//! before the store names it.
//!
//! Invariant: what the store names never changes; bytes behind it may be of a batch that was never
//! committed.

use std::fs::File;
use std::io::Write;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use xxhash_rust::xxh3::{Xxh3, xxh3_64};

use super::runs::{FileKind, RunFolder, failed, open_file};
use crate::store::StoreError;

/// The position of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct WalPosition {
    /// The number of the file.
    pub(super) file: u64,
    /// Where in it the batch begins.
    pub(super) begin: u64,
    pub(super) bytes: u64,
    /// The digest of the bytes.
    pub(super) check: u64,
}

/// The file that batches are appended to.
#[derive(Debug)]
pub(super) struct WalFile {
    pub(super) number: u64,
    path: PathBuf,
    file: File,
    end: u64,
}

impl WalFile {
    /// Creates a file, and syncs its name to the disk.
    pub(super) fn create(folder: &RunFolder) -> Result<Self, StoreError> {
        let (number, file) = folder.create(FileKind::Wal)?;
        folder.sync()?;
        Ok(Self {
            number,
            path: folder.file(number, FileKind::Wal),
            file,
            end: 0,
        })
    }

    /// Writes a batch, given in parts, to the disk; returns its position.
    pub(super) fn append<'a>(
        &mut self,
        parts: impl IntoIterator<Item = &'a [u8]>,
    ) -> Result<WalPosition, StoreError> {
        let (mut check, mut bytes) = (Xxh3::new(), 0);
        for part in parts {
            self.file.write_all(part).map_err(failed(&self.path))?;
            check.update(part);
            bytes += part.len() as u64;
        }
        self.file.sync_data().map_err(failed(&self.path))?;
        let place = WalPosition {
            file: self.number,
            begin: self.end,
            bytes,
            check: check.digest(),
        };
        self.end += bytes;
        Ok(place)
    }
}

/// Opens a file of the write-ahead log to read it.
pub(super) fn open_wal(folder: &RunFolder, number: u64) -> Result<File, StoreError> {
    open_file(&folder.file(number, FileKind::Wal))
}

/// Reads a batch back from its file.
pub(super) fn read_batch(file: &File, place: WalPosition) -> Result<Vec<u8>, StoreError> {
    let mut batch = vec![0; place.bytes as usize];
    let damaged = |how| StoreError::Damaged {
        what: "the write-ahead log",
        detail: format!("file {}, at byte {}: {how}", place.file, place.begin),
    };
    file.read_exact_at(&mut batch, place.begin)
        .map_err(|e| damaged(e.to_string()))?;
    if xxh3_64(&batch) == place.check {
        Ok(batch)
    } else {
        Err(damaged("it is not what was written".to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_come_back_as_they_were_written_and_a_changed_one_is_not_believed() {
        let dir = tempfile::tempdir().expect("a folder");
        let folder = RunFolder::open(&dir.path().join("s.db")).expect("its folder");
        let mut file = WalFile::create(&folder).expect("a file");
        let places = [["o", "", "ne"], [""; 3], ["t", "hr", "ee"]];
        let places = places.map(|parts| {
            (
                parts.concat(),
                file.append(parts.map(str::as_bytes))
                    .expect("room on the disk"),
            )
        });
        let read = |place: WalPosition| read_batch(&open_wal(&folder, place.file)?, place);
        for (batch, place) in &places {
            assert_eq!(read(*place).expect("a batch"), batch.as_bytes());
        }
        let path = folder.file(file.number, FileKind::Wal);
        std::fs::write(&path, b"onethreE").expect("a change");
        assert!(read(places[0].1).is_ok());
        assert!(matches!(read(places[2].1), Err(StoreError::Damaged { .. })));
        std::fs::write(&path, b"onethre").expect("a cut");
        assert!(matches!(read(places[2].1), Err(StoreError::Damaged { .. })));
    }
}
