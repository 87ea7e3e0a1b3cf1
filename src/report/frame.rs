//! The daily report's rows as typed polars columns, and those as Parquet bytes.
//!
//! Only typed values go into polars, never text that it would have to parse, and only in chunks.
//! Invariant: the same rows give the same bytes; a panic inside polars comes back as an error.

use std::io::{self, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::DateTime;
use polars::prelude::{
    DataFrame, IntoColumn, IntoSeries, ListBuilderTrait, ListStringChunkedBuilder, NamedFrom, ParquetCompression, ParquetWriter,
    PolarsError, Series, TimeUnit, TimeZone,
};

use crate::domain::daily_row::ShownRow;

use super::cell::Cell;
use super::column::Kind;
use super::columns::{DAILY, DailyColumn};
use super::error::ReportError;

/// Most rows of one Parquet file.
pub const PARQUET_ROWS_MAX: usize = 10_000_000;

/// Rows of one row group: what is held twice in memory at a time.
const CHUNK_ROWS: usize = 65_536;

/// How many columns Parquet has beside those of [`DAILY`]: the exact thousandths.
pub(super) const COLUMNS_BESIDE: usize = 1;

/// Writes the rows as one Parquet file, zstd, a row group for each 65,536 of them.
///
/// # Errors
/// [`ReportError::TooManyRows`], [`ReportError::Instant`] for an `as_of` that is none, and what polars says.
pub fn write(rows: &[ShownRow], out: impl Write) -> Result<(), ReportError> {
    let mut heeding = Heeding { out, refused: None };
    let written = write_columns(rows, &mut heeding);
    match heeding.refused {
        Some(source) if written.is_err() => Err(ReportError::Output { format: "parquet", source }),
        _ => written,
    }
}

/// Remembers what the output refused bytes for: polars makes a text of it, which no longer tells a full disk.
struct Heeding<W> {
    out: W,
    refused: Option<io::Error>,
}

impl<W> Heeding<W> {
    fn heed<T>(&mut self, done: io::Result<T>) -> io::Result<T> {
        if let Err(error) = &done {
            let same = error.raw_os_error().map_or_else(|| error.kind().into(), io::Error::from_raw_os_error);
            self.refused.get_or_insert(same);
        }
        done
    }
}

impl<W: Write> Write for Heeding<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let done = self.out.write(bytes);
        self.heed(done)
    }

    fn flush(&mut self) -> io::Result<()> {
        let done = self.out.flush();
        self.heed(done)
    }
}

fn write_columns(rows: &[ShownRow], out: impl Write) -> Result<(), ReportError> {
    if rows.len() > PARQUET_ROWS_MAX {
        return Err(ReportError::TooManyRows { format: "parquet", rows: rows.len(), max: PARQUET_ROWS_MAX });
    }
    guarded("write", || {
        let failed = |source| ReportError::Parquet { doing: "write", source };
        let empty = frame(&[])?;
        let mut writer =
            ParquetWriter::new(out).with_compression(ParquetCompression::Zstd(None)).batched(empty.schema()).map_err(failed)?;
        for chunk in rows.chunks(CHUNK_ROWS) {
            writer.write_batch(&frame(chunk)?).map_err(failed)?;
        }
        writer.finish().map_err(failed)?;
        Ok(())
    })
}

/// Runs a step in polars; a panic in it becomes an error.
pub(super) fn guarded<T>(doing: &'static str, step: impl FnOnce() -> Result<T, ReportError>) -> Result<T, ReportError> {
    catch_unwind(AssertUnwindSafe(step)).unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned().or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()));
        Err(ReportError::Panicked { doing, text: text.unwrap_or_else(|| "no message".to_owned()) })
    })
}

fn frame(rows: &[ShownRow]) -> Result<DataFrame, ReportError> {
    let mut columns = Vec::new();
    for daily in DAILY {
        columns.push(series(daily, rows)?.into_column());
        if matches!(daily.column.kind, Kind::Thousandths) {
            // The exact integer beside the number that the other formats show.
            let name = format!("{}_thousandths", daily.column.name);
            columns.push(Series::new(name.into(), ints(daily, rows)).into_column());
        }
    }
    DataFrame::new(rows.len(), columns).map_err(|source: PolarsError| ReportError::Parquet { doing: "build", source })
}

fn series(daily: &DailyColumn, rows: &[ShownRow]) -> Result<Series, ReportError> {
    let name = || daily.column.name.as_ref().into();
    Ok(match daily.column.kind {
        Kind::Text | Kind::Code(_) => Series::new(name(), texts(daily, rows)),
        Kind::Count | Kind::Fen => Series::new(name(), ints(daily, rows)),
        Kind::Thousandths | Kind::Percent | Kind::Number => Series::new(name(), floats(daily, rows)),
        Kind::Bool => {
            let bools = rows.iter().map(|row| if let Cell::Bool(yes) = daily.cell(row) { Some(yes) } else { None });
            Series::new(name(), bools.collect::<Vec<_>>())
        }
        Kind::Day => {
            let days = rows.iter().map(|row| if let Cell::Day(day) = daily.cell(row) { Some(day.number()) } else { None });
            Series::new(name(), days.collect::<Vec<Option<i32>>>()).into_date()
        }
        Kind::Instant => Series::new(name(), instants(daily, rows)?).into_datetime(TimeUnit::Microseconds, Some(TimeZone::UTC)),
        Kind::List => {
            let mut builder = ListStringChunkedBuilder::new(name(), rows.len(), rows.len());
            for row in rows {
                match daily.cell(row) {
                    Cell::List(texts) => builder.append_values_iter(texts.iter().map(AsRef::as_ref)),
                    _ => builder.append_null(),
                }
            }
            builder.finish().into_series()
        }
    })
}

fn texts(daily: &DailyColumn, rows: &[ShownRow]) -> Vec<Option<String>> {
    rows.iter().map(|row| if let Cell::Text(text) = daily.cell(row) { Some(text.into_owned()) } else { None }).collect()
}

fn ints(daily: &DailyColumn, rows: &[ShownRow]) -> Vec<Option<i64>> {
    rows.iter()
        .map(|row| match daily.cell(row) {
            Cell::Int(n) | Cell::Thousandths(n) => Some(n),
            _ => None,
        })
        .collect()
}

fn floats(daily: &DailyColumn, rows: &[ShownRow]) -> Vec<Option<f64>> {
    rows.iter()
        .map(|row| match daily.cell(row) {
            Cell::Float(x) => Some(x).filter(|x| x.is_finite()),
            Cell::Thousandths(n) => Some(n as f64 / 1000.0),
            _ => None,
        })
        .collect()
}

fn instants(daily: &DailyColumn, rows: &[ShownRow]) -> Result<Vec<Option<i64>>, ReportError> {
    rows.iter()
        .map(|row| match daily.cell(row) {
            Cell::Text(text) => DateTime::parse_from_rfc3339(&text)
                .map(|instant| Some(instant.timestamp_micros()))
                .map_err(|_| ReportError::Instant { column: daily.column.name.to_string(), text: text.into_owned() }),
            _ => Ok(None),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_inside_polars_is_an_error_that_says_where() {
        let error = guarded::<()>("write", || panic!("index {} out of bounds", 7)).unwrap_err();
        assert_eq!(error.to_string(), "write the parquet columns: polars panicked: index 7 out of bounds");
    }
}
