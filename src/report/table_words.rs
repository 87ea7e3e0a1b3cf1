//! The words that stand in a table, whatever its columns hold.
//!
//! The writers have none of their own: whoever calls them gives those of the reader's language.

use crate::domain::locale::Locale;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct TableWords {
    /// The language, which decides between the headers of a column, and between code and word.
    pub locale: Locale,
    pub yes: &'static str,
    pub no: &'static str,
    /// Between several codes in one cell.
    pub separator: &'static str,
    /// The unit of money, behind a header.
    pub yuan: &'static str,
    /// The unit of a figure for every 10,000 members, behind it.
    pub per_10k: &'static str,
    /// The unit of a survey's figure, behind it.
    pub points: &'static str,
    /// Below the header of a table without rows.
    pub no_rows: &'static str,
    /// Before the columns for which a terminal has no room.
    pub left_out: &'static str,
    /// The name of a workbook's sheet that holds any list.
    pub list: &'static str,
}
