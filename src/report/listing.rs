//! Any other list (`alerts`, `tasks`, `reminders`, `outbox`, `rejects`, `sources`, `job`), by the same writers.
//!
//! It does not know what is listed: whoever lists names the columns and fills the cells.
//! Invariant: every row has a cell for each column.

use std::io::{BufWriter, Write};

use super::cell::{Cell, Column};
use super::error::ReportError;
use super::format::{Options, ReportFormat};
use super::{csv, json, table, xlsx};

/// Columns and rows.
#[derive(Debug, Clone)]
pub struct Listing<'a> {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell<'a>>>,
}

impl<'a> Listing<'a> {
    /// No rows yet.
    #[must_use]
    pub const fn new(columns: Vec<Column>) -> Self {
        Self { columns, rows: Vec::new() }
    }

    /// Adds a row; it is cut or filled up with nothing where it has not as many cells as there are columns.
    pub fn push(&mut self, mut cells: Vec<Cell<'a>>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a row of a listing has a cell for each column");
        cells.resize(self.columns.len(), Cell::Null);
        self.rows.push(cells);
    }

    /// Its columns.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Its rows.
    #[must_use]
    pub fn rows(&self) -> &[Vec<Cell<'a>>] {
        &self.rows
    }

    /// Writes the rows, in their order, and flushes.
    ///
    /// # Errors
    /// [`ReportError::NotForLists`] for Parquet, [`ReportError::Output`] when `out` refuses.
    pub fn write(&self, format: ReportFormat, options: &Options, out: &mut dyn Write) -> Result<(), ReportError> {
        let (columns, rows) = (&self.columns, self.rows.iter());
        let mut out = BufWriter::new(out);
        let written = match format {
            ReportFormat::Table => table::write(columns, rows, options.language, options.width, &mut out),
            ReportFormat::Json => json::write(columns, rows, &mut out),
            ReportFormat::Csv => csv::write(columns, rows, options.encoding, options.byte_order_mark, &mut out),
            ReportFormat::Xlsx => out.write_all(&xlsx::workbook("列表", columns, rows, 1)?),
            ReportFormat::Parquet => return Err(ReportError::NotForLists { format: format.name() }),
        };
        written.and_then(|()| out.flush()).map_err(|source| ReportError::Output { format: format.name(), source })
    }
}
