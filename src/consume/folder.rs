//! The folder: which files are input, how each is to be read, which have changed, and which entries
//! are ignored and why.
//!
//! It may not know lines. Invariant: files are ordered by their names as spelled, compared as
//! bytes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::error::Error;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::error::SourceError;
use super::input_file::{InputFile, StoredFile};
use super::naming::{DropFiles, InputKind, named, spelled};
use super::stamp::Stamp;
use crate::domain::ignored_file::{IgnoredBecause, IgnoredEntry};

/// All ignored entries of a folder, by name.
///
/// # Errors
/// When the folder cannot be listed.
pub(crate) fn ignored_in(
    dir: &Path,
    drops: &[DropFiles],
) -> Result<Vec<IgnoredEntry>, SourceError> {
    let drops: Vec<Arc<DropFiles>> = drops.iter().cloned().map(Arc::new).collect();
    let listed = list(dir).map_err(|source| SourceError::Folder {
        dir: dir.to_owned(),
        source,
    })?;
    let mut ignored: Vec<IgnoredEntry> = listed
        .iter()
        .filter_map(|name| ignored_by(name, find(dir, name, &drops, 0)))
        .collect();
    ignored.sort();
    Ok(ignored)
}

/// Whether the folder can be listed and has an entry of that name, as spelled in lists.
#[must_use]
pub(crate) fn lies_in(dir: &Path, name: &str) -> bool {
    list(dir).is_ok_and(|listed| listed.iter().any(|one| spelled(one) == name))
}

fn ignored_by(name: &OsStr, found: FileLookup) -> Option<IgnoredEntry> {
    if let FileLookup::Ignored(reason) = found {
        Some(IgnoredEntry {
            name: spelled(name),
            reason,
        })
    } else {
        None
    }
}

/// The folder's input files by name.
pub(super) struct InputFolder {
    dir: PathBuf,
    drops: Vec<Arc<DropFiles>>,
    files: BTreeMap<Arc<str>, InputFile>,
    /// Files that the store knows and that have not appeared yet.
    stored: HashMap<String, StoredFile>,
    ignored: BTreeMap<String, IgnoredBecause>,
    /// Whether the last scan failed.
    is_unlisted: bool,
}

/// The result of examining one name.
enum FileLookup {
    Input(Option<Arc<DropFiles>>, Stamp),
    Ignored(IgnoredBecause),
    Gone,
}

impl InputFolder {
    pub(super) fn new(
        dir: &Path,
        drops: Vec<DropFiles>,
        stored: HashMap<String, StoredFile>,
    ) -> Self {
        let drops = drops.into_iter().map(Arc::new).collect();
        Self {
            dir: dir.to_owned(),
            drops,
            files: BTreeMap::new(),
            stored,
            ignored: BTreeMap::new(),
            is_unlisted: false,
        }
    }

    pub(super) fn file(&mut self, name: &str) -> Option<&mut InputFile> {
        self.files.get_mut(name)
    }

    /// The files that exist.
    pub(super) fn files(&self) -> impl Iterator<Item = &InputFile> {
        self.files.values().filter(|file| file.is_there)
    }

    pub(super) fn ignored(&self) -> impl Iterator<Item = IgnoredEntry> {
        self.ignored.iter().map(|(name, reason)| IgnoredEntry {
            name: name.clone(),
            reason: reason.clone(),
        })
    }

    /// Files that are paused in the store and no longer exist: they are no longer paused.
    pub(super) fn take_paused_and_gone(&mut self) -> Vec<Arc<str>> {
        let gone: Vec<String> = self
            .stored
            .iter()
            .filter(|(_, stored)| stored.paused.is_some())
            .map(|(name, _)| name.clone())
            .collect();
        for name in gone {
            let (path, key) = (self.dir.join(&name), Arc::<str>::from(name.as_str()));
            let stored = self.stored.remove(&name);
            self.files
                .insert(Arc::clone(&key), InputFile::new(&key, path, None, stored));
        }
        let gone = self
            .files
            .values_mut()
            .filter(|file| !file.is_there && file.paused.is_some());
        gone.map(|file| {
            file.paused = None;
            Arc::clone(&file.name)
        })
        .collect()
    }

    /// Scans the whole folder; returns the files that have changed.
    pub(super) fn scan(&mut self, now_us: i64) -> Result<Vec<Arc<str>>, SourceError> {
        let listed = list(&self.dir).map_err(|source| SourceError::Folder {
            dir: self.dir.clone(),
            source,
        })?;
        if std::mem::take(&mut self.is_unlisted) {
            tracing::info!(source.dir = %self.dir.display(), "The folder of events can be listed again");
        }
        let mut there: HashSet<String> = HashSet::with_capacity(listed.len());
        for name in &listed {
            there.insert(self.examine(name, now_us));
        }
        self.ignored.retain(|name, _| there.contains(name));
        for file in self
            .files
            .values_mut()
            .filter(|file| !there.contains(&*file.name))
        {
            went_away(file);
        }
        Ok(self
            .files
            .values()
            .filter(|file| file.has_unread())
            .map(|file| Arc::clone(&file.name))
            .collect())
    }

    /// Logs once, until the folder can be listed again, that it cannot be.
    pub(super) fn log_unlisted(&mut self, error: &SourceError) {
        if !std::mem::replace(&mut self.is_unlisted, true) {
            let cause = error.source().map(ToString::to_string).unwrap_or_default();
            tracing::error!(%error, cause, "Nothing is read from the folder of events until it can be listed again");
        }
    }

    /// Examines some names; returns the changed files among them.
    pub(super) fn examine_some(&mut self, names: &HashSet<OsString>, now_us: i64) -> Vec<Arc<str>> {
        let evaluated_at: Vec<String> = names
            .iter()
            .map(|name| self.examine(name, now_us))
            .collect();
        let files = evaluated_at
            .iter()
            .filter_map(|name| self.files.get(&**name));
        files
            .filter(|file| file.has_unread())
            .map(|file| Arc::clone(&file.name))
            .collect()
    }

    /// Examines one name; returns its spelling.
    fn examine(&mut self, name: &OsStr, now_us: i64) -> String {
        let spelling = spelled(name);
        match find(&self.dir, name, &self.drops, now_us) {
            FileLookup::Input(drop, stamp) => {
                if !self.files.contains_key(&*spelling) {
                    let key: Arc<str> = spelling.as_str().into();
                    let stored = self.stored.remove(&spelling);
                    self.files.insert(
                        Arc::clone(&key),
                        InputFile::new(&key, self.dir.join(name), drop.clone(), stored),
                    );
                }
                if let Some(file) = self.files.get_mut(&*spelling) {
                    (file.drop, file.path) = (drop, self.dir.join(name));
                    file.examine(stamp, now_us);
                }
                self.ignored.remove(&spelling);
            }
            FileLookup::Ignored(reason) => {
                if self.ignored.get(&spelling) != Some(&reason) {
                    tracing::warn!(source.file = %spelling, %reason, "Something in the folder of events is not read");
                    self.ignored.insert(spelling.clone(), reason);
                }
            }
            FileLookup::Gone => {
                self.ignored.remove(&spelling);
                if let Some(file) = self.files.get_mut(&*spelling) {
                    went_away(file);
                }
            }
        }
        spelling
    }
}

fn went_away(file: &mut InputFile) {
    if file.has_unread() {
        tracing::warn!(source.file = %file.name, lines = file.at.next_position, "A file went away before all of it was read");
    }
    file.is_there = false;
}

fn list(dir: &Path) -> io::Result<Vec<OsString>> {
    std::fs::read_dir(dir)?
        .map(|entry| entry.map(|entry| entry.file_name()))
        .collect()
}

/// Reads the entry of a name.
fn find(dir: &Path, name: &OsStr, drops: &[Arc<DropFiles>], now_us: i64) -> FileLookup {
    let path = dir.join(name);
    let is = named(&spelled(name), drops);
    let is_gone = |error: &io::Error| error.kind() == io::ErrorKind::NotFound;
    let stamp = match std::fs::metadata(&path) {
        Ok(about) if about.is_dir() => return FileLookup::Ignored(IgnoredBecause::Folder),
        Ok(about) if !about.is_file() => {
            return FileLookup::Ignored(IgnoredBecause::NotRegular);
        }
        Ok(about) => Stamp::from_metadata(&about, now_us),
        // Either it is a broken link, or it was deleted since it was listed.
        Err(error) => match std::fs::symlink_metadata(&path) {
            Ok(_) if is_gone(&error) => {
                return FileLookup::Ignored(IgnoredBecause::DanglingLink);
            }
            Err(error) if is_gone(&error) => return FileLookup::Gone,
            // Opening it will report the error.
            Ok(about) => Stamp::from_metadata(&about, now_us),
            Err(_) => Stamp::default(),
        },
    };
    match is {
        Ok(InputKind::Events) => FileLookup::Input(None, stamp),
        Ok(InputKind::Drop(at)) => FileLookup::Input(drops.get(at).cloned(), stamp),
        Err(reason) => FileLookup::Ignored(reason),
    }
}
