//! What can go wrong while a report is written.
//!
//! Invariant: every message names the object and, where somebody can act, ends in a `hint:`.

use std::io;
use std::path::PathBuf;

use polars::prelude::PolarsError;
use rust_xlsxwriter::XlsxError;

/// Why a report was not written.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReportError {
    /// The output refused bytes; a closed pipe is [`io::ErrorKind::BrokenPipe`] here.
    #[error("write the {format} output")]
    Output {
        /// What was being written.
        format: &'static str,
        #[source]
        source: io::Error,
    },
    /// A file or folder under `report.dir` could not be handled.
    #[error("{operation} {path}; hint: check that `report.dir` is there, writable and not full", path = path.display())]
    File {
        /// A verb, such as `create`.
        operation: &'static str,
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    /// The XLSX writer refused.
    #[error("build the xlsx workbook")]
    Xlsx(#[from] XlsxError),
    #[error("{operation} the parquet columns")]
    Parquet {
        /// A verb, such as `write`.
        operation: &'static str,
        #[source]
        source: PolarsError,
    },
    /// Polars panicked; nothing was published.
    #[error("{operation} the parquet columns: polars panicked: {}", .text.as_deref().unwrap_or("no message"))]
    Panicked {
        /// A verb, such as `write`.
        operation: &'static str,
        text: Option<String>,
    },
    /// The format does not hold that many rows.
    #[error(
        "write {rows} rows as {format}, which takes at most {max}; hint: narrow the report with --scope and --id, or use --format csv"
    )]
    TooManyRows {
        format: &'static str,
        /// How many rows there are.
        rows: usize,
        /// How many it takes.
        max: usize,
    },
    /// A listing has no Parquet form.
    #[error("write a list as {format}; hint: use --format table, json, csv or xlsx")]
    NotForLists { format: &'static str },
    /// Several lists have no such form.
    #[error("write several lists as {format}; hint: use --format table or json")]
    NotForDocuments { format: &'static str },
    /// A row that is to be published belongs to another day or version.
    #[error("publish day {day} version {version}: the row of {scope} is of another day or version")]
    ForeignRow {
        /// The day that is published.
        day: String,
        version: u32,
        /// The scope of the row.
        scope: String,
    },
    /// The footer of the file just written is not what was written.
    #[error("check {path} before publishing it: its footer says {} rows of {} columns, expected {} rows of {} columns", .found.0, .found.1, .expected.0, .expected.1, path = path.display())]
    Footer {
        path: PathBuf,
        /// Rows and columns that were written.
        expected: (usize, usize),
        found: (usize, usize),
    },
}
