//! The folder: which files are input, how each is to be read, and which have news.
//!
//! It may not know lines. Invariant: files are listed in the order of their names, compared as bytes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::batch::Mode;
use super::error::SourceError;
use super::glob;
use super::source::StoredPosition;
use super::unpack::Packing;

/// Endings of files that hold one event a line.
const EVENT_ENDINGS: [&str; 3] = [".jsonl", ".jsonl.gz", ".jsonl.zst"];

/// One file and how far it was read.
#[derive(Debug)]
pub(super) struct InputFile {
    pub(super) name: Arc<str>,
    pub(super) path: PathBuf,
    pub(super) packing: Packing,
    /// The mapping of its lines; none if they are events.
    pub(super) mapping: Option<u16>,
    pub(super) at: StoredPosition,
    /// Its length on disk at the last look.
    pub(super) bytes_on_disk: u64,
    /// Its length on disk when its end was last reached.
    pub(super) ended_at: Option<u64>,
    /// Whether it was there at the last look. What was read of it is remembered: it may come back.
    pub(super) is_there: bool,
}

impl InputFile {
    /// How to read its lines.
    pub(super) fn mode(&self) -> Mode {
        self.mapping.map_or(Mode::Structured, Mode::Mapped)
    }

    /// Whether it may hold something not yet read.
    pub(super) fn has_news(&self) -> bool {
        self.is_there && self.ended_at != Some(self.bytes_on_disk)
    }

    /// That it has become shorter.
    pub(super) fn shrunk(&self, stored: u64, found: u64) -> SourceError {
        SourceError::FileShrunk { file: self.name.to_string(), stored, found }
    }

    /// That it cannot be read.
    pub(super) fn unreadable(&self, source: std::io::Error) -> SourceError {
        SourceError::File { file: self.name.to_string(), byte: self.at.next_byte, source }
    }

    fn look_at(&mut self, bytes_on_disk: u64) -> Result<(), SourceError> {
        let read = if self.packing == Packing::Plain { self.at.next_byte } else { self.ended_at.unwrap_or(0) };
        self.bytes_on_disk = bytes_on_disk;
        self.is_there = true;
        if bytes_on_disk < read { Err(self.shrunk(read, bytes_on_disk)) } else { Ok(()) }
    }
}

/// The folder's input files by name.
pub(super) struct Folder {
    dir: PathBuf,
    mappings: Vec<(String, u16)>,
    files: BTreeMap<Arc<str>, InputFile>,
}

impl Folder {
    pub(super) fn new(dir: &Path, mappings: Vec<(String, u16)>) -> Self {
        Self { dir: dir.to_owned(), mappings, files: BTreeMap::new() }
    }

    /// The file of that name.
    pub(super) fn file(&mut self, name: &str) -> Option<&mut InputFile> {
        self.files.get_mut(name)
    }

    /// Looks at the folder again; the names of files with news, in their order.
    pub(super) fn look(&mut self, position: &dyn Fn(&str) -> Option<StoredPosition>) -> Result<Vec<Arc<str>>, SourceError> {
        let found = self.list().map_err(|source| SourceError::Folder { dir: self.dir.clone(), source })?;
        for (name, file) in &mut self.files {
            if !found.contains_key(&**name) {
                if file.has_news() {
                    tracing::warn!(source.file = %name, lines = file.at.next_position, "A file went away before all of it was read");
                }
                file.is_there = false;
            }
        }
        for (name, bytes_on_disk) in found {
            let name: Arc<str> = name.into();
            if !self.files.contains_key(&name) {
                let file = self.new_file(&name, position);
                self.files.insert(Arc::clone(&name), file);
            }
            if let Some(file) = self.files.get_mut(&name) {
                file.look_at(bytes_on_disk)?;
            }
        }
        Ok(self.files.values().filter(|file| file.has_news()).map(|file| Arc::clone(&file.name)).collect())
    }

    fn list(&self) -> std::io::Result<BTreeMap<String, u64>> {
        let mut found = BTreeMap::new();
        for entry in std::fs::read_dir(&self.dir)? {
            let Ok(name) = entry?.file_name().into_string() else { continue };
            if !self.is_input(&name) {
                continue;
            }
            // A file may go away between being listed and being looked at.
            match std::fs::metadata(self.dir.join(&name)) {
                Ok(about) if about.is_file() => found.insert(name, about.len()),
                Ok(_) => None,
                Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
                Err(error) => return Err(error),
            };
        }
        Ok(found)
    }

    fn is_input(&self, name: &str) -> bool {
        !name.starts_with('.') && (self.mapping_of(name).is_some() || EVENT_ENDINGS.iter().any(|ending| name.ends_with(ending)))
    }

    fn mapping_of(&self, name: &str) -> Option<u16> {
        self.mappings.iter().find(|(pattern, _)| glob::matches(pattern, name)).map(|(_, mapping)| *mapping)
    }

    fn new_file(&self, name: &Arc<str>, position: &dyn Fn(&str) -> Option<StoredPosition>) -> InputFile {
        InputFile {
            name: Arc::clone(name),
            path: self.dir.join(&**name),
            packing: Packing::of(name),
            mapping: self.mapping_of(name),
            at: position(name).unwrap_or_default(),
            bytes_on_disk: 0,
            ended_at: None,
            is_there: true,
        }
    }
}
