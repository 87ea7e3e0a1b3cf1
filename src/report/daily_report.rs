//! The daily report in every format.
//!
//! It knows rows, their columns and no store. Invariant: all formats have the columns that are
//! given, and no others; the table shows a part of them.

use std::io::{self, BufWriter, Write};

use super::cell::Cell;
use super::column::Column;
use super::daily_column::DailyColumn;
use super::error::ReportError;
use super::format::{Options, ReportFormat};
use super::listing::Listing;
use super::reader::Reader;
use super::{csv, frame, json, table, xlsx};
use crate::domain::daily_row::ShownRow;
use crate::domain::locale::Locale;

/// How many columns of the report come before the scope of the row.
const SAME_IN_ALL_ROWS: usize = 3;

/// The rows of a day, and the columns in which they are shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct DailyTable<'a> {
    pub columns: &'static [DailyColumn],
    pub rows: &'a [ShownRow],
    pub reader: Reader,
}

/// The same with what people read beside the rows.
#[derive(Debug, Clone)]
pub(crate) struct DailyReport<'a> {
    pub table: DailyTable<'a>,
    /// The name of a workbook's sheet.
    pub sheet: String,
    /// The lines above the table for the terminal.
    pub caption: Vec<String>,
    /// What stands below that table, since a column would be too wide.
    pub below: fn(&[ShownRow], Locale) -> Option<Listing<'static>>,
}

impl DailyReport<'_> {
    /// Writes the rows, in their order, and flushes.
    ///
    /// Bulk work that may block: call it from a blocking thread.
    ///
    /// # Errors
    /// [`ReportError::Output`] when `out` refuses, and what the format itself refuses.
    pub(crate) fn write_report(
        &self,
        format: ReportFormat,
        options: &Options,
        out: &mut dyn Write,
    ) -> Result<(), ReportError> {
        let DailyTable {
            columns,
            rows,
            reader,
        } = self.table;
        let shown: Vec<Column> = columns.iter().map(|daily| daily.column.clone()).collect();
        let cells = rows.iter().map(|row| cells(columns, row, reader));
        let mut out = BufWriter::new(out);
        let written = match format {
            ReportFormat::Table => self.write_table(&shown, cells, options, &mut out),
            ReportFormat::Json => json::write_json(&shown, cells, &mut out),
            ReportFormat::Csv => csv::write_csv(&shown, cells, options, &mut out),
            ReportFormat::Xlsx => out.write_all(&self.workbook(options)?),
            ReportFormat::Parquet => out.write_all(&frame::bytes(self.table)?),
        };
        written
            .and_then(|()| out.flush())
            .map_err(|source| ReportError::Output {
                format: format.name(),
                source,
            })
    }

    fn write_table<'c>(
        &self,
        columns: &[Column],
        cells: impl Iterator<Item = Vec<Cell<'c>>>,
        options: &Options,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for line in &self.caption {
            writeln!(out, "{line}")?;
        }
        table::write_table(columns, cells, options.words, options.width, out)?;
        let Some(below) = (self.below)(self.table.rows, self.table.reader.locale) else {
            return Ok(());
        };
        writeln!(out)?;
        let (columns, rows) = (below.columns(), below.rows().iter());
        table::write_table(columns, rows, options.words, options.width, out)
    }

    /// The workbook begins with the scope of each row, which stays in view; day, version and
    /// instant are the same in every row, so they come last, and are in the sheet's name. It has no
    /// column of what is not built yet.
    fn workbook(&self, options: &Options) -> Result<Vec<u8>, ReportError> {
        let DailyTable {
            columns,
            rows,
            reader,
        } = self.table;
        let built: Vec<&DailyColumn> = columns.iter().filter(|daily| daily.is_built()).collect();
        let (first, rest) = built.split_at(SAME_IN_ALL_ROWS.min(built.len()));
        let built = [rest, first].concat();
        let columns: Vec<Column> = built.iter().map(|daily| daily.column.clone()).collect();
        let cells = rows
            .iter()
            .map(|row| cells(built.iter().copied(), row, reader));
        xlsx::workbook(&self.sheet, &columns, cells, 3, options.words_for_reader())
    }
}

/// The cells of one row, in the order of the columns.
fn cells<'a>(
    columns: impl IntoIterator<Item = &'static DailyColumn>,
    row: &'a ShownRow,
    reader: Reader,
) -> Vec<Cell<'a>> {
    columns
        .into_iter()
        .map(|daily| daily.cell(row, reader))
        .collect()
}
