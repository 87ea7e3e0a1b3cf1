//! The daily report: its columns as data, and every form in which it and other lists are written.
//!
//! It knows rows and bytes: no Kafka, no mail, no configuration, and not what time it is.
//! Everything here is synchronous and may block; async callers put it on a blocking thread.
//! Invariant: one table of columns ([`columns::DAILY`]) makes JSON, CSV, XLSX, Parquet and the
//! table, so a figure reads the same in all of them.

pub mod cell;
pub mod changes;
pub mod column;
pub mod columns;
pub mod csv;
pub mod daily_column;
pub mod document;
pub mod error;
pub mod figure;
pub mod format;
pub mod frame;
pub mod json;
pub mod listing;
pub mod parquet;
pub mod publish;
pub mod reader;
pub mod reasons;
pub mod table;
pub mod widths;
pub mod words;
pub mod xlsx;

#[cfg(test)]
mod tests;

pub use cell::Cell;
pub use changes::changes_of;
pub use column::{Column, ColumnKind, InTable, Names};
pub use csv::CsvEncoding;
pub use document::Document;
pub use error::ReportError;
pub use figure::{Figure, FigureUnit};
pub use format::{Options, ReportFormat, write_report};
pub use listing::Listing;
pub use publish::{as_they_stand, next_version};
pub use reader::{Instants, Reader};
pub use table::printable_lines;
