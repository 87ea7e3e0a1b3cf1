//! The formats, and what may be chosen beside them.

use super::csv::CsvEncoding;
use super::reader::{Instants, Reader};
use super::table_words::TableWords;
use crate::domain::names::names;

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
    /// Of the table, and of sentences beside it.
    pub words: &'static TableWords,
    /// Of instants; lists bring theirs along.
    pub instants: Instants,
    /// Headings of CSV that people read, in their language, with words and yuan below them; none:
    /// field names and exact cells.
    pub headers: Option<&'static TableWords>,
    pub encoding: CsvEncoding,
    /// Whether CSV in UTF-8 begins with a byte order mark.
    pub byte_order_mark: bool,
    /// Whether CSV is written to a terminal: characters on which it acts are replaced there.
    pub for_terminal: bool,
    /// The terminal's width in cells; unknown: lines are as long as they need.
    pub width: Option<u16>,
}

impl Options {
    /// Those of the headings, where CSV has some.
    #[must_use]
    pub(super) fn words_for_reader(&self) -> &'static TableWords {
        self.headers.unwrap_or(self.words)
    }

    /// Whoever reads what is written.
    #[must_use]
    pub(crate) fn reader(&self) -> Reader {
        Reader {
            locale: self.words_for_reader().locale,
            instants: self.instants,
        }
    }
}
