//! A published day as Parquet files under `report.dir`: each version as
//! `daily/date=YYYY-MM-DD/version=N/part-0.parquet`, and the newest of a day as
//! `daily_current/date=YYYY-MM-DD/part-0.parquet`, so that a sum over that folder counts each day
//! once.
//!
//! It writes what it is given; which version a day gets is decided by [`publish`](super::publish)
//! and kept by the store. Invariant: under the final name there is a whole, checked file or none; a
//! column is in the path or in the file, so that readers take the folder as it is. A killed run
//! leaves at most a file that starts with a dot, which readers pass over and the next run removes;
//! running again changes nothing.
//!
//! ```text
//! write .part-0.parquet.XXXX.tmp → fsync → read the footer back → rename → fsync the folder
//! ```

use std::fs::{self, File};
use std::hash::{BuildHasher, RandomState};
use std::io::{self, BufWriter};
use std::mem;
use std::path::{Path, PathBuf};

use polars::prelude::{ParquetReader, SerReader};
use xxhash_rust::xxh3::xxh3_64;

use crate::access::Access;
use crate::domain::local_day::LocalDay;

use super::daily_column::DailyColumn;
use super::daily_report::DailyTable;
use super::error::ReportError;
use super::frame::{self, guarded};

const PART: &str = "part-0.parquet";
const TEMPORARY_PREFIX: &str = ".part-0.parquet.";
const TEMPORARY_SUFFIX: &str = ".tmp";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PublishOutcome {
    /// There was no such file; now there is.
    New,
    /// The same bytes were there already; nothing was touched.
    Same,
    /// Other bytes were there: a run wrote them that then failed to record the version. The record
    /// decides, so they were replaced.
    Replaced,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct PublishedFile {
    pub path: PathBuf,
    /// What publishing found there.
    pub placed: PublishOutcome,
}

/// Which file of a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ReportVersion {
    /// That of a version.
    Version(u32),
    /// That of the newest version, whichever it is.
    Current,
}

impl ReportVersion {
    /// Columns that are in the path.
    const fn left_out(self) -> &'static [&'static str] {
        match self {
            Self::Version(_) => &["date", "version"],
            Self::Current => &["date"],
        }
    }

    /// Where it is, under `report.dir`. Only a day and a number make the path.
    #[must_use]
    pub(crate) fn path(self, report_dir: &Path, day: LocalDay) -> PathBuf {
        let date = format!("date={day}");
        let folder = match self {
            Self::Version(version) => report_dir
                .join("daily")
                .join(date)
                .join(format!("version={version}")),
            Self::Current => report_dir.join("daily_current").join(date),
        };
        folder.join(PART)
    }
}

/// What makes the files of two runs differ though the rows are equal: the columns and their types.
/// Files of another form are written again.
#[must_use]
pub(crate) fn form(columns: &[DailyColumn]) -> i64 {
    let names = columns.iter().map(|daily| {
        format!(
            "{} {:?}",
            daily.column.name,
            mem::discriminant(&daily.column.kind)
        )
    });
    xxh3_64(names.collect::<Vec<_>>().join("\n").as_bytes()).cast_signed()
}

/// Writes a published day; call it once the version is recorded, and again after any failure. The
/// rows are of one version.
///
/// It blocks: call it from a blocking thread.
///
/// # Errors
/// [`ReportError`]; whatever it is, no incomplete file is left under the final name.
pub(crate) fn publish(
    report_dir: &Path,
    access: Access,
    (day, version): (LocalDay, u32),
    place: ReportVersion,
    table: DailyTable<'_>,
) -> Result<PublishedFile, ReportError> {
    if let Some(foreign) = table
        .rows
        .iter()
        .find(|shown| shown.row.day != day || shown.version != Some(version))
    {
        return Err(ReportError::ForeignRow {
            day: day.to_string(),
            version,
            scope: foreign.row.scope.to_string(),
        });
    }
    let path = place.path(report_dir, day);
    let folder = path.parent().unwrap_or(report_dir);
    access
        .create_folders(folder)
        .map_err(on("create", folder))?;
    remove_leftovers(folder)?;
    let temporary = folder.join(format!(
        "{TEMPORARY_PREFIX}{:016x}{TEMPORARY_SUFFIX}",
        RandomState::new().hash_one(version)
    ));
    let placed = write_checked(table, place.left_out(), access, &temporary)
        .and_then(|()| move_to(&temporary, &path));
    if placed.is_err() || matches!(placed, Ok(PublishOutcome::Same)) {
        // Best effort: a leftover is harmless, and the next run removes it.
        fs::remove_file(&temporary).ok();
    }
    let placed = placed?;
    // The new folders' names must last as well, up to `report.dir`.
    for folder in folder
        .ancestors()
        .take_while(|folder| folder.starts_with(report_dir))
    {
        File::open(folder)
            .and_then(|folder| folder.sync_all())
            .map_err(on("sync", folder))?;
    }
    Ok(PublishedFile { path, placed })
}

fn write_checked(
    table: DailyTable<'_>,
    left_out: &[&str],
    access: Access,
    temporary: &Path,
) -> Result<(), ReportError> {
    let file = access
        .create_new(temporary)
        .map_err(on("create", temporary))?;
    let mut out = BufWriter::new(&file);
    frame::write_frame(table, left_out, &mut out)?;
    out.into_inner()
        .map_err(|e| on("write", temporary)(e.into_error()))?;
    file.sync_all().map_err(on("sync", temporary))?;
    let columns = frame::columns(table.columns, left_out).count() + frame::COLUMNS_BESIDE;
    check_footer((table.rows.len(), columns), temporary)
}

/// Reads the footer back from the file, as any reader would.
fn check_footer(expected: (usize, usize), temporary: &Path) -> Result<(), ReportError> {
    let file = File::open(temporary).map_err(on("open", temporary))?;
    let found = guarded("read back", || {
        let failed = |source| ReportError::Parquet {
            operation: "read back",
            source,
        };
        let mut reader = ParquetReader::new(file);
        Ok((
            reader.num_rows().map_err(failed)?,
            reader.schema().map_err(failed)?.len(),
        ))
    })?;
    if found == expected {
        return Ok(());
    }
    Err(ReportError::Footer {
        path: temporary.to_owned(),
        expected,
        found,
    })
}

fn move_to(temporary: &Path, path: &Path) -> Result<PublishOutcome, ReportError> {
    let placed = match fs::read(path) {
        Ok(there) if there == fs::read(temporary).map_err(on("read", temporary))? => {
            return Ok(PublishOutcome::Same);
        }
        Ok(_) => PublishOutcome::Replaced,
        Err(e) if e.kind() == io::ErrorKind::NotFound => PublishOutcome::New,
        Err(e) => return Err(on("read", path)(e)),
    };
    fs::rename(temporary, path).map_err(on("rename to", path))?;
    Ok(placed)
}

/// Removes what killed runs left. Should another run be writing right now, it fails to rename with
/// an error; its next try finds our file.
fn remove_leftovers(folder: &Path) -> Result<(), ReportError> {
    for entry in fs::read_dir(folder).map_err(on("list", folder))? {
        let entry = entry.map_err(on("list", folder))?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(TEMPORARY_PREFIX) && name.ends_with(TEMPORARY_SUFFIX) {
            match fs::remove_file(entry.path()) {
                Err(e) if e.kind() != io::ErrorKind::NotFound => {
                    return Err(on("remove", &entry.path())(e));
                }
                _ => {}
            }
        }
    }
    Ok(())
}

fn on(operation: &'static str, path: &Path) -> impl Fn(io::Error) -> ReportError + use<> {
    let path = path.to_owned();
    move |source| ReportError::File {
        operation,
        path: path.clone(),
        source,
    }
}
