//! Every form in which the daily report and other lists are written, and what makes a version of a
//! published day.
//!
//! It knows cells, columns and bytes: no Kafka, no mail, no configuration, and not what time it is.
//! It has no word that people read: columns bring their headings, `views` gives the rest as values
//! ([`TableWords`], [`DailyReport`]). Everything here is synchronous and may block; async callers
//! put it on a blocking thread. Invariant: one table of columns makes JSON, CSV, XLSX, Parquet and
//! the table, so a figure reads the same in all of them.

pub(crate) mod cell;
pub(crate) mod column;
pub(crate) mod csv;
pub(crate) mod daily_column;
pub(crate) mod daily_report;
pub(crate) mod document;
pub(crate) mod error;
pub(crate) mod figure;
pub(crate) mod format;
pub(crate) mod frame;
pub(crate) mod json;
pub(crate) mod listing;
pub(crate) mod parquet;
pub(crate) mod publish;
pub(crate) mod reader;
pub(crate) mod table;
pub(crate) mod table_words;
pub(crate) mod widths;
pub(crate) mod xlsx;

pub(crate) use cell::Cell;
pub(crate) use column::{Column, ColumnKind};
pub(crate) use csv::CsvEncoding;
pub(crate) use daily_report::{DailyReport, DailyTable};
pub(crate) use document::Document;
pub(crate) use error::ReportError;
pub(crate) use figure::{Figure, FigureUnit};
pub(crate) use format::{Options, ReportFormat};
pub(crate) use listing::Listing;
pub(crate) use publish::{as_they_stand, next_version};
pub(crate) use reader::{Instants, Reader};
pub use table::printable_lines;
pub(crate) use table_words::TableWords;
