//! The daily report's rows in every format.
//!
//! It knows the rows and no store. Invariant: all formats have the columns of
//! [`DAILY`], and no others; the table shows a part of them.

use std::io::{self, BufWriter, Write};

use crate::domain::daily_row::ShownRow;

use super::column::Column;
use super::columns::{DAILY, daily_cells, daily_columns};
use super::csv::{self, CsvEncoding};
use super::daily_column::DailyColumn;
use super::error::ReportError;
use super::frame::{self, FrameOptions};
use super::reader::{Instants, Reader};
use super::reasons::write_reasons;
use super::table;
use super::{json, xlsx};
use crate::domain::locale::Locale;
use crate::domain::names::names;

/// How many columns of the report come before the scope of the row.
const SAME_IN_ALL_ROWS: usize = 3;

names! {
    /// How a report is written.
    #[derive(Default)]
    pub(crate) enum ReportFormat {
        #[default]
        Table = "table",
        Json = "json",
        /// CSV that opens in Excel.
        Csv = "csv",
        Xlsx = "xlsx",
        Parquet = "parquet",
    }
}

impl ReportFormat {
    /// Whether it is no text, and so nothing for a terminal.
    #[must_use]
    pub(crate) const fn is_binary(self) -> bool {
        matches!(self, Self::Xlsx | Self::Parquet)
    }
}

/// What may be chosen beside the format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Options {
    /// Of sentences, and of the table's headers and words.
    pub locale: Locale,
    /// Of instants; lists bring theirs along.
    pub instants: Instants,
    /// Headings of CSV that people read, in their language, with words and yuan below them; none:
    /// field names and exact cells.
    pub headers: Option<Locale>,
    pub encoding: CsvEncoding,
    /// Whether CSV in UTF-8 begins with a byte order mark.
    pub byte_order_mark: bool,
    /// Whether CSV is written to a terminal: characters on which it acts are replaced there.
    pub for_terminal: bool,
    /// The terminal's width in cells; unknown: lines are as long as they need.
    pub width: Option<u16>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            locale: Locale::ZhCn,
            instants: Instants::Utc,
            headers: None,
            encoding: CsvEncoding::Utf8,
            byte_order_mark: true,
            for_terminal: false,
            width: None,
        }
    }
}

/// Writes the rows, in their order, and flushes.
///
/// Bulk work that may block: call it from a blocking thread.
///
/// # Errors
/// [`ReportError::Output`] when `out` refuses, and what the format itself refuses.
pub(crate) fn write_report(
    rows: &[ShownRow],
    format: ReportFormat,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let columns = daily_columns();
    let reader = Reader {
        locale: options.headers.unwrap_or(options.locale),
        instants: options.instants,
    };
    let cells = rows.iter().map(|shown| daily_cells(shown, reader));
    let mut out = BufWriter::new(out);
    let written = match format {
        ReportFormat::Table => caption(rows, reader, &mut out).and_then(|()| {
            table::write_table(&columns, cells, options.locale, options.width, &mut out)?;
            write_reasons(rows, reader, options.width, &mut out)
        }),
        ReportFormat::Json => json::write_json(&columns, cells, &mut out),
        ReportFormat::Csv => csv::write_csv(&columns, cells, options, &mut out),
        ReportFormat::Xlsx => out.write_all(&workbook(rows, reader)?),
        ReportFormat::Parquet => out.write_all(&frame::bytes(
            rows,
            FrameOptions {
                reader,
                left_out: &[],
            },
        )?),
    };
    written
        .and_then(|()| out.flush())
        .map_err(|source| ReportError::Output {
            format: format.name(),
            source,
        })
}

/// The workbook begins with the scope of each row, which stays in view; day, version and instant
/// are the same in every row, so they come last, and are in the sheet's name. It has no column of
/// what is not built yet.
fn workbook(rows: &[ShownRow], reader: Reader) -> Result<Vec<u8>, ReportError> {
    let mut built: Vec<&DailyColumn> = DAILY.iter().filter(|daily| daily.is_built()).collect();
    built.rotate_left(SAME_IN_ALL_ROWS);
    let columns: Vec<Column> = built.iter().map(|daily| daily.column.clone()).collect();
    let cells = rows.iter().map(|shown| {
        built
            .iter()
            .map(|daily| daily.cell(shown, reader))
            .collect::<Vec<_>>()
    });
    let report = reader.locale.pick("日报", "daily report");
    let title = match rows.first() {
        Some(ShownRow {
            row,
            version: Some(version),
            ..
        }) => format!("{report} {} v{version}", row.day),
        Some(ShownRow {
            row, version: None, ..
        }) => format!("{report} {}", row.day),
        None => report.to_owned(),
    };
    xlsx::workbook(&title, &columns, cells, 3, reader.locale)
}

/// The lines above the table: which day, which version, as of when. Rows of a report share them.
fn caption(rows: &[ShownRow], reader: Reader, out: &mut dyn Write) -> io::Result<()> {
    let Some(first) = rows.first() else {
        return Ok(());
    };
    let restated = rows.iter().filter(|shown| shown.restated).count();
    let (day, as_of) = (first.row.day, reader.instants.cell(first.as_of));
    let as_of = as_of.plain();
    match (reader.locale, first.version) {
        (Locale::ZhCn, Some(version)) => {
            write!(out, "日报 {day}  版本 {version}  取数时间 {as_of}")?
        }
        (Locale::ZhCn, None) => write!(out, "日报 {day}  未发布  取数时间 {as_of}")?,
        (Locale::En, Some(version)) => {
            write!(out, "Daily report {day}  version {version}  as of {as_of}")?
        }
        (Locale::En, None) => write!(out, "Daily report {day}  not published  as of {as_of}")?,
    }
    match (reader.locale, restated) {
        (_, 0) => writeln!(out),
        (Locale::ZhCn, n) => writeln!(out, "\n与该版本不同的行 {n}"),
        (Locale::En, n) => writeln!(out, "\nrows that differ from that version {n}"),
    }
}
