//! A city's deliveries as files of one event a line.
//!
//! It knows no worker. Invariant: read in file-name order, the lines are the deliveries in their
//! order.

use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use super::city::City;
use super::json::to_json_line;
use crate::access::Access;

/// Why the files could not be written.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    #[error("making the folder {} of the events; hint: choose another with --dir", .0.display())]
    Folder(PathBuf, #[source] io::Error),
    #[error("writing the events to {}; hint: see whether the disk is full", .0.display())]
    File(PathBuf, #[source] io::Error),
}

/// Writes `000.jsonl`, `001.jsonl`, … with `events_per_file` lines each (at least 1; the last one
/// may have fewer) and gives their paths in order. The numbers have as many digits as the last one
/// needs, 3 at least.
///
/// # Errors
/// [`WriteError`] when the folder or a file cannot be written; files written before stay.
pub fn write_files(
    city: &City,
    dir: &Path,
    events_per_file: usize,
) -> Result<Vec<PathBuf>, WriteError> {
    Access::PRIVATE
        .create_folders(dir)
        .map_err(|error| WriteError::Folder(dir.to_owned(), error))?;
    let mut deliveries = city.deliveries();
    let per_file = events_per_file.max(1);
    let files = deliveries.len().div_ceil(per_file);
    let digits = files.saturating_sub(1).to_string().len().max(3);
    let mut paths = Vec::with_capacity(files);
    for number in 0..files {
        let path = dir.join(format!("{number:0digits$}.jsonl"));
        let mut write = |path: &Path| -> io::Result<()> {
            let mut out = BufWriter::new(Access::PRIVATE.create(path)?);
            for event in deliveries.by_ref().take(per_file) {
                out.write_all(to_json_line(event).as_bytes())?;
                out.write_all(b"\n")?;
            }
            out.into_inner()
                .map_err(io::IntoInnerError::into_error)?
                .sync_all()
        };
        write(&path).map_err(|error| WriteError::File(path.clone(), error))?;
        paths.push(path);
    }
    Ok(paths)
}
