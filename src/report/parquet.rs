//! A published day as a Parquet file: `daily/date=YYYY-MM-DD/version=N/part-0.parquet` under `report.dir`.
//!
//! It writes what it is given; which version a day gets is decided by [`publish`](super::publish) and kept by the store.
//! Invariant: under the final name there is a whole, checked file or none. A killed run leaves at most a file that starts
//! with a dot, which readers pass over and the next run removes; running again changes nothing.
//!
//! ```text
//! write .part-0.parquet.XXXX.tmp → fsync → read the footer back → rename → fsync the folder
//! ```

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use polars::prelude::{ParquetReader, SerReader};

use crate::access::Access;
use crate::domain::daily_row::ShownRow;
use crate::domain::local_day::LocalDay;

use super::columns::DAILY;
use super::error::ReportError;
use super::frame::{self, guarded};

const PART: &str = "part-0.parquet";
const TEMPORARY_PREFIX: &str = ".part-0.parquet.";
const TEMPORARY_SUFFIX: &str = ".tmp";

/// What publishing found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placed {
    /// There was no such file; now there is.
    New,
    /// The same bytes stood there already; nothing was touched.
    Same,
    /// Other bytes stood there: a run wrote them that then failed to record the version. The record decides, so they were
    /// replaced.
    Replaced,
}

/// A published file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedFile {
    /// Where it is.
    pub path: PathBuf,
    /// What publishing found there.
    pub placed: Placed,
}

/// The rows as the bytes of a Parquet file.
///
/// # Errors
/// As [`frame::write`].
pub fn bytes(rows: &[ShownRow]) -> Result<Vec<u8>, ReportError> {
    let mut bytes = Vec::new();
    frame::write(rows, &mut bytes)?;
    Ok(bytes)
}

/// Where a published day is, under `report.dir`. Only a day and a number make the path.
#[must_use]
pub fn path(report_dir: &Path, day: LocalDay, version: u32) -> PathBuf {
    report_dir.join("daily").join(format!("date={day}")).join(format!("version={version}")).join(PART)
}

/// Writes a published day; call it once the version is recorded, and again after any failure.
///
/// It blocks: call it from a blocking thread.
///
/// # Errors
/// [`ReportError`]; whatever it is, no incomplete file stands under the final name.
pub fn publish(
    report_dir: &Path,
    access: Access,
    (day, version): (LocalDay, u32),
    rows: &[ShownRow],
) -> Result<PublishedFile, ReportError> {
    if let Some(foreign) = rows.iter().find(|shown| shown.row.day != day || shown.version != Some(version)) {
        return Err(ReportError::ForeignRow { day: day.to_string(), version, scope: foreign.row.scope.to_string() });
    }
    let path = path(report_dir, day, version);
    let folder = path.parent().unwrap_or(report_dir);
    access.create_folders(folder).map_err(on("create", folder))?;
    remove_leftovers(folder)?;
    let temporary = folder.join(format!("{TEMPORARY_PREFIX}{:016x}{TEMPORARY_SUFFIX}", RandomState::new().hash_one(version)));
    let placed = write_checked(rows, access, &temporary).and_then(|()| place(&temporary, &path));
    if placed.is_err() || matches!(placed, Ok(Placed::Same)) {
        // Best effort: a leftover is harmless, and the next run removes it.
        fs::remove_file(&temporary).ok();
    }
    let placed = placed?;
    // The new folders' names must last as well, up to `report.dir`.
    for folder in folder.ancestors().take_while(|folder| folder.starts_with(report_dir)) {
        File::open(folder).and_then(|folder| folder.sync_all()).map_err(on("sync", folder))?;
    }
    Ok(PublishedFile { path, placed })
}

fn write_checked(rows: &[ShownRow], access: Access, temporary: &Path) -> Result<(), ReportError> {
    let file = access.create_new(temporary).map_err(on("create", temporary))?;
    let mut out = BufWriter::new(&file);
    frame::write(rows, &mut out)?;
    out.into_inner().map_err(|e| on("write", temporary)(e.into_error()))?;
    file.sync_all().map_err(on("sync", temporary))?;
    check_footer(rows.len(), temporary)
}

/// Reads the footer back from the file, as any reader would.
fn check_footer(rows: usize, temporary: &Path) -> Result<(), ReportError> {
    let file = File::open(temporary).map_err(on("open", temporary))?;
    let (found_rows, found_columns) = guarded("read back", || {
        let failed = |source| ReportError::Parquet { doing: "read back", source };
        let mut reader = ParquetReader::new(file);
        Ok((reader.num_rows().map_err(failed)?, reader.schema().map_err(failed)?.len()))
    })?;
    let columns = frame::COLUMNS_BESIDE + DAILY.len();
    if (found_rows, found_columns) == (rows, columns) {
        return Ok(());
    }
    let say = |rows, columns| format!("{rows} rows of {columns} columns");
    Err(ReportError::Footer { path: temporary.to_owned(), expected: say(rows, columns), found: say(found_rows, found_columns) })
}

fn place(temporary: &Path, path: &Path) -> Result<Placed, ReportError> {
    let placed = match fs::read(path) {
        Ok(there) if there == fs::read(temporary).map_err(on("read", temporary))? => return Ok(Placed::Same),
        Ok(_) => Placed::Replaced,
        Err(e) if e.kind() == io::ErrorKind::NotFound => Placed::New,
        Err(e) => return Err(on("read", path)(e)),
    };
    fs::rename(temporary, path).map_err(on("rename to", path))?;
    Ok(placed)
}

/// Removes what killed runs left. Should another run be writing right now, it fails to rename and says so; its next try
/// finds our file.
fn remove_leftovers(folder: &Path) -> Result<(), ReportError> {
    for entry in fs::read_dir(folder).map_err(on("list", folder))? {
        let entry = entry.map_err(on("list", folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX) {
            match fs::remove_file(entry.path()) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => return Err(on("remove", &entry.path())(e)),
                _ => {}
            }
        }
    }
    Ok(())
}

fn on(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> ReportError + use<> {
    let path = path.to_owned();
    move |source| ReportError::File { doing, path: path.clone(), source }
}
