//! Any other list (`alerts`, `tasks`, `reminders`, `outbox`, `rejects`, `sources`, `job`), by the
//! same writers.
//!
//! It does not know what is listed: the caller names the columns and fills the cells. Invariant:
//! every row has a cell for each column.

use std::io::{BufWriter, Write};

use super::cell::Cell;
use super::column::Column;
use super::error::ReportError;
use super::format::{Options, ReportFormat};
use super::{csv, json, table, xlsx};

#[derive(Debug, Clone)]
pub(crate) struct Listing<'a> {
    columns: Vec<Column>,
    rows: Vec<Vec<Cell<'a>>>,
}

impl<'a> Listing<'a> {
    #[must_use]
    pub(crate) const fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    /// Adds a row.
    ///
    /// # Panics
    /// When the row has not one cell for each column: the caller's columns and cells are then out
    /// of step.
    pub(crate) fn push(&mut self, cells: Vec<Cell<'a>>) {
        assert_eq!(
            cells.len(),
            self.columns.len(),
            "a row of a listing has a cell for each column"
        );
        self.rows.push(cells);
    }

    /// The same with its last `count` rows only.
    #[must_use]
    pub(crate) fn with_last(mut self, count: usize) -> Self {
        self.rows.drain(..self.rows.len().saturating_sub(count));
        self
    }

    #[must_use]
    pub(crate) fn columns(&self) -> &[Column] {
        &self.columns
    }

    #[must_use]
    pub(crate) fn rows(&self) -> &[Vec<Cell<'a>>] {
        &self.rows
    }

    /// Writes the rows, in their order, and flushes.
    ///
    /// # Errors
    /// [`ReportError::NotForLists`] for Parquet, [`ReportError::Output`] when `out` refuses.
    pub(crate) fn write_listing(
        &self,
        format: ReportFormat,
        options: &Options,
        out: &mut dyn Write,
    ) -> Result<(), ReportError> {
        let (columns, rows) = (&self.columns, self.rows.iter());
        let mut out = BufWriter::new(out);
        let written = match format {
            ReportFormat::Table => {
                table::write_table(columns, rows, options.words, options.width, &mut out)
            }
            ReportFormat::Json => json::write_json(columns, rows, &mut out),
            ReportFormat::Csv => csv::write_csv(columns, rows, options, &mut out),
            ReportFormat::Xlsx => {
                let words = options.words_for_reader();
                out.write_all(&xlsx::workbook(words.list, columns, rows, 1, words)?)
            }
            ReportFormat::Parquet => {
                return Err(ReportError::NotForLists {
                    format: format.name(),
                });
            }
        };
        written
            .and_then(|()| out.flush())
            .map_err(|source| ReportError::Output {
                format: format.name(),
                source,
            })
    }
}
