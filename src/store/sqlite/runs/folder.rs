//! The folder of the run files and the write-ahead log's, beside the store's file.
//!
//! Invariant: what the store names is on the disk; a file that it does not name is nobody's. All
//! have numbers of one row.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::super::parent;
use crate::access::Access;
use crate::store::StoreError;

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum FileKind {
    Run,
    Wal,
}

impl FileKind {
    pub(in super::super) const ALL: [Self; 2] = [Self::Run, Self::Wal];

    /// How such files end.
    pub(in super::super) const fn extension(self) -> &'static str {
        match self {
            Self::Run => "run",
            Self::Wal => "wal",
        }
    }
}

/// The folder, and the number of the next file in it.
#[derive(Debug, Clone)]
pub(in super::super) struct RunFolder {
    path: PathBuf,
    next: Arc<AtomicU64>,
}

impl RunFolder {
    /// How many files the folder of a store holds, if there is one.
    pub(in super::super) fn files_of(store: &Path) -> Result<usize, StoreError> {
        let path = store.with_extension("runs");
        if !path.exists() {
            return Ok(0);
        }
        Self {
            path,
            next: Arc::default(),
        }
        .files()
        .map(|files| files.len())
    }

    /// The folder of a store; made if there is none.
    pub(in super::super) fn open(store: &Path) -> Result<Self, StoreError> {
        let path = store.with_extension("runs");
        if !path.exists() {
            Access::PRIVATE
                .create_folders(&path)
                .map_err(failed(&path))?;
            // Its own name must last as its files do.
            sync_folder(parent(&path))?;
        }
        let folder = Self {
            path,
            next: Arc::default(),
        };
        let last = folder
            .files()?
            .into_iter()
            .map(|(number, _)| number)
            .max()
            .unwrap_or(0);
        folder.next.store(last + 1, Ordering::Relaxed);
        Ok(folder)
    }

    /// The file of a number.
    pub(in super::super) fn file(&self, number: u64, kind: FileKind) -> PathBuf {
        self.path.join(format!("{number:010}.{}", kind.extension()))
    }

    /// Begins a new file.
    pub(in super::super) fn create(&self, kind: FileKind) -> Result<(u64, File), StoreError> {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let path = self.file(number, kind);
            match Access::PRIVATE.create_new(&path) {
                // Of a store that was open here before, and that has left a thread behind.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                opened => return Ok((number, opened.map_err(failed(&path))?)),
            }
        }
    }

    /// Makes the names of new files last.
    pub(in super::super) fn sync(&self) -> Result<(), StoreError> {
        sync_folder(&self.path)
    }

    /// Deletes a file that no store names any more.
    pub(in super::super) fn delete(&self, number: u64, kind: FileKind) -> Result<(), StoreError> {
        let path = self.file(number, kind);
        std::fs::remove_file(&path).map_err(failed(&path))
    }

    /// Deletes every file that `is_named` does not know.
    pub(in super::super) fn delete_others(
        &self,
        is_named: impl Fn(u64) -> bool,
    ) -> Result<(), StoreError> {
        for (_, path) in self
            .files()?
            .into_iter()
            .filter(|(number, _)| !is_named(*number))
        {
            std::fs::remove_file(&path).map_err(failed(&path))?;
        }
        Ok(())
    }

    fn files(&self) -> Result<Vec<(u64, PathBuf)>, StoreError> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&self.path).map_err(failed(&self.path))? {
            let path = entry.map_err(failed(&self.path))?.path();
            let number = path
                .file_stem()
                .and_then(|name| name.to_str())
                .and_then(|name| name.parse().ok());
            let is_ours = FileKind::ALL
                .iter()
                .any(|kind| path.extension().is_some_and(|end| end == kind.extension()));
            files.extend(number.filter(|_| is_ours).map(|number| (number, path)));
        }
        Ok(files)
    }
}

/// Makes the names in a folder last.
pub(in super::super) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    File::open(path)
        .and_then(|folder| folder.sync_all())
        .map_err(failed(path))
}

/// Adds the file that could not be used to an error.
pub(in super::super) fn failed(path: &Path) -> impl FnOnce(std::io::Error) -> StoreError {
    let path = path.to_owned();
    |source| StoreError::File { path, source }
}

/// Opens one of the files to read it; that it is not there is damage.
pub(in super::super) fn open_file(path: &Path) -> Result<File, StoreError> {
    match File::open(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(StoreError::Damaged {
            what: "a file of the store",
            detail: format!("{} is not there", path.display()),
        }),
        opened => opened.map_err(failed(path)),
    }
}
