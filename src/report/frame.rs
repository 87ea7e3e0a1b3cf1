//! The daily report's rows as typed polars columns, and those as Parquet bytes.
//!
//! Only typed values go into polars, never text that it would have to parse, and only in chunks.
//! Invariant: the same rows give the same bytes; a panic inside polars comes back as an error.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use polars::prelude::{
    ArrowDataType, ArrowField, CompatLevel, DataFrame, IntoColumn, KeyValueMetadata, NamedFrom,
    ParquetCompression, ParquetWriter, PolarsError, Series, TimeUnit, TimeZone,
};
use polars_parquet::write::schema_to_metadata_key;

use super::cell::Cell;
use super::column::ColumnKind;
use super::daily_column::DailyColumn;
use super::daily_report::DailyTable;
use super::error::ReportError;
use super::reader::{Instants, Reader};

/// Most rows of one Parquet file.
pub(crate) const PARQUET_ROWS_MAX: usize = 10_000_000;

/// Rows of one row group: what is held twice in memory at a time.
const CHUNK_ROWS: usize = 65_536;

/// How many columns Parquet has beside those of the report: the exact thousandths.
pub(super) const COLUMNS_BESIDE: usize = 1;

/// The rows as the bytes of a Parquet file with all columns.
///
/// # Errors
/// As [`write_frame`].
pub(crate) fn bytes(table: DailyTable<'_>) -> Result<Vec<u8>, ReportError> {
    let mut bytes = Vec::new();
    write_frame(table, &[], &mut bytes)?;
    Ok(bytes)
}

/// Writes the rows as one Parquet file, zstd, a row group for each 65,536 of them; instants are in
/// UTC whatever the reader has. Columns are left out that the file's path holds.
///
/// # Errors
/// [`ReportError::TooManyRows`], and polars' errors.
pub(crate) fn write_frame(
    table: DailyTable<'_>,
    left_out: &[&str],
    out: impl Write,
) -> Result<(), ReportError> {
    let table = DailyTable {
        reader: Reader {
            instants: Instants::Utc,
            ..table.reader
        },
        ..table
    };
    let mut capture = ErrorCapture { out, refused: None };
    let written = write_columns(table, left_out, &mut capture);
    match capture.refused {
        Some(source) if written.is_err() => Err(ReportError::Output {
            format: "parquet",
            source,
        }),
        _ => written,
    }
}

/// Keeps the output's error: polars makes a text of it, from which a full disk cannot be recognised
/// any more.
struct ErrorCapture<W> {
    out: W,
    refused: Option<io::Error>,
}

impl<W> ErrorCapture<W> {
    fn keep_error<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &done {
            let same = error
                .raw_os_error()
                .map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
            self.refused.get_or_insert(same);
        }
        done
    }
}

impl<W: Write> Write for ErrorCapture<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.out.write(bytes);
        self.keep_error(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.out.flush();
        self.keep_error(done)
    }
}

fn write_columns(
    table: DailyTable<'_>,
    left_out: &[&str],
    out: impl Write,
) -> Result<(), ReportError> {
    let rows = table.rows;
    if rows.len() > PARQUET_ROWS_MAX {
        return Err(ReportError::TooManyRows {
            format: "parquet",
            rows: rows.len(),
            max: PARQUET_ROWS_MAX,
        });
    }
    guarded("write", || {
        let failed = |source| ReportError::Parquet {
            operation: "write",
            source,
        };
        let empty = frame(DailyTable { rows: &[], ..table }, left_out)?;
        let writer = ParquetWriter::new(out).with_compression(ParquetCompression::Zstd(None));
        let mut writer = writer
            .with_key_value_metadata(Some(plain_schema(&empty)))
            .batched(empty.schema())
            .map_err(failed)?;
        for chunk in rows.chunks(CHUNK_ROWS) {
            let part = DailyTable {
                rows: chunk,
                ..table
            };
            writer
                .write_batch(&frame(part, left_out)?)
                .map_err(failed)?;
        }
        writer.finish().map_err(failed)?;
        Ok(())
    })
}

/// The schema of Arrow with plain texts: by polars' own, readers would make views, which many of
/// them do not know.
fn plain_schema(frame: &DataFrame) -> KeyValueMetadata {
    let fields = frame.columns().iter().map(|column| {
        let arrow = column.field().to_arrow(CompatLevel::oldest());
        let dtype = if arrow.dtype == ArrowDataType::LargeUtf8 {
            ArrowDataType::Utf8
        } else {
            arrow.dtype
        };
        (
            arrow.name.clone(),
            ArrowField {
                dtype,
                name: arrow.name,
                is_nullable: arrow.is_nullable,
                metadata: None,
            },
        )
    });
    let metadata = schema_to_metadata_key(&fields.collect());
    KeyValueMetadata::from_static(
        metadata
            .value
            .map(|schema| (metadata.key, schema))
            .into_iter()
            .collect(),
    )
}

/// Runs a step in polars; a panic in it becomes an error.
pub(super) fn guarded<T>(
    operation: &'static str,
    step: impl FnOnce() -> Result<T, ReportError>,
) -> Result<T, ReportError> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|panic| {
        let text = panic
            .downcast_ref::<String>()
            .cloned()
            .or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
        Err(ReportError::Panicked { operation, text })
    })
}

/// The columns of a file, in order.
pub(super) fn columns(
    all: &'static [DailyColumn],
    left_out: &[&str],
) -> impl Iterator<Item = &'static DailyColumn> {
    all.iter()
        .filter(|daily| !left_out.contains(&daily.column.name.as_ref()))
}

fn frame(table: DailyTable<'_>, left_out: &[&str]) -> Result<DataFrame, ReportError> {
    let rows = table.rows;
    let mut series = Vec::new();
    for daily in columns(table.columns, left_out) {
        let cells: Vec<Cell<'_>> = rows
            .iter()
            .map(|shown| daily.cell(shown, table.reader))
            .collect();
        series.push(one_series(daily, &cells).into_column());
        if matches!(daily.column.kind, ColumnKind::Thousandths) {
            // The exact integer beside the number that the other formats show.
            let name = format!("{}_thousandths", daily.column.name);
            series.push(Series::new(name.into(), ints(&cells)).into_column());
        }
    }
    DataFrame::new(rows.len(), series).map_err(|source: PolarsError| ReportError::Parquet {
        operation: "build",
        source,
    })
}

/// Only types that every reader knows: text, 64-bit integer, double, date, and timestamp in
/// microseconds of UTC. Yes and no are 1 and 0, a list is one text.
fn one_series(daily: &DailyColumn, cells: &[Cell<'_>]) -> Series {
    let name = daily.column.name.as_ref().into();
    match daily.column.kind {
        ColumnKind::Text | ColumnKind::Code(_) | ColumnKind::Codes(_) | ColumnKind::List => {
            Series::new(name, texts(cells))
        }
        ColumnKind::Count | ColumnKind::Fen | ColumnKind::Bool => Series::new(name, ints(cells)),
        ColumnKind::Thousandths | ColumnKind::Percent | ColumnKind::Number => {
            Series::new(name, floats(cells))
        }
        ColumnKind::Day => {
            let days = cells.iter().map(|cell| {
                if let Cell::Day(day) = cell {
                    Some(day.number())
                } else {
                    None
                }
            });
            Series::new(name, days.collect::<Vec<Option<i32>>>()).into_date()
        }
        ColumnKind::Instant => {
            let instants = cells.iter().map(|cell| {
                if let Cell::Instant(t) = cell {
                    Some(t.micros())
                } else {
                    None
                }
            });
            Series::new(name, instants.collect::<Vec<Option<i64>>>())
                .into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC))
        }
    }
}

fn texts(cells: &[Cell<'_>]) -> Vec<Option<String>> {
    cells
        .iter()
        .map(|cell| {
            if matches!(cell, Cell::Null) {
                None
            } else {
                Some(cell.plain().into_owned())
            }
        })
        .collect()
}

fn ints(cells: &[Cell<'_>]) -> Vec<Option<i64>> {
    cells
        .iter()
        .map(|cell| match cell {
            Cell::Int(n) | Cell::Thousandths(n) => Some(*n),
            Cell::Bool(yes) => Some(i64::from(*yes)),
            _ => None,
        })
        .collect()
}

fn floats(cells: &[Cell<'_>]) -> Vec<Option<f64>> {
    cells
        .iter()
        .map(|cell| match cell {
            Cell::Thousandths(n) => Some(*n as f64 / 1000.0),
            other => other.quotient(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_polars_is_an_error_that_says_where() {
        let error = guarded::<()>("write", || panic!("index {} out of bounds", 7)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "write the parquet columns: polars panicked: index 7 out of bounds"
        );
    }
}
