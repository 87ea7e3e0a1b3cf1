//! Columns: name, header and kind of what every output format writes.
//!
//! It does not know the meaning of a row. Invariant: a column holds all that the writers know of
//! it, so that a new list needs no new writer.

use std::borrow::Cow;

/// What a column holds, and so how people see it and which Parquet type it has.
#[derive(Debug, Clone, Copy)]
pub(crate) enum ColumnKind {
    Text,
    /// A text of a small closed set, with the Chinese word that people read; an unknown text is
    /// shown as it is.
    Code(for<'a> fn(&'a str) -> &'a str),
    Codes(for<'a> fn(&'a str) -> &'a str),
    Count,
    /// Money in fen; people see yuan.
    Fen,
    /// Thousandths; see [`Cell::Thousandths`](super::cell::Cell::Thousandths).
    Thousandths,
    /// A share of 1; people see per cent with two decimals.
    Percent,
    /// Any other quotient; people see two decimals, or two digits of a small one.
    Number,
    Bool,
    /// A local day.
    Day,
    /// An instant in UTC as RFC 3339 text.
    Instant,
    List,
}

impl ColumnKind {
    /// Whether people expect it at the right edge.
    #[must_use]
    pub(crate) const fn is_number(self) -> bool {
        matches!(
            self,
            Self::Count | Self::Fen | Self::Thousandths | Self::Percent | Self::Number
        )
    }
}

/// The names of a closed set.
pub(crate) type Names = fn() -> Vec<&'static str>;

/// Whether the table for the terminal has a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum InTable {
    Always,
    /// Where the terminal is wide enough; the last such column is left out first.
    IfRoom,
    Never,
}

/// One column of a listing or report.
#[derive(Debug, Clone)]
pub(crate) struct Column {
    /// Its name in JSON, CSV and Parquet: snake case, once per listing.
    pub name: Cow<'static, str>,
    pub zh: Cow<'static, str>,
    pub kind: ColumnKind,
    /// The names of which its text is one, or its texts are, where the set is closed.
    pub names: Option<Names>,
    /// Its place in JSON, if not under its name: object and key. The columns of one object follow
    /// each other.
    pub nested: Option<(&'static str, &'static str)>,
    /// The column whose verdict on this value the table shows beside it, and XLSX as a colour.
    pub judged_by: Option<&'static str>,
    /// Whether the table for the terminal has it.
    pub in_table: InTable,
    /// Whether phone numbers in its texts are masked, in every format.
    pub masks_phones: bool,
}

impl Column {
    /// A column of the table, by name and Chinese header.
    #[must_use]
    pub(crate) const fn new(name: &'static str, zh: &'static str, kind: ColumnKind) -> Self {
        Self {
            name: Cow::Borrowed(name),
            zh: Cow::Borrowed(zh),
            kind,
            names: None,
            nested: None,
            judged_by: None,
            in_table: InTable::Always,
            masks_phones: false,
        }
    }

    /// A column of texts.
    #[must_use]
    pub(crate) const fn text(name: &'static str, zh: &'static str) -> Self {
        Self::new(name, zh, ColumnKind::Text)
    }

    /// A column of codes of a closed set.
    #[must_use]
    pub(crate) const fn code(
        name: &'static str,
        zh: &'static str,
        word: for<'a> fn(&'a str) -> &'a str,
    ) -> Self {
        Self::new(name, zh, ColumnKind::Code(word))
    }

    /// A column of lists of such.
    #[must_use]
    pub(crate) const fn codes(
        name: &'static str,
        zh: &'static str,
        word: for<'a> fn(&'a str) -> &'a str,
    ) -> Self {
        Self::new(name, zh, ColumnKind::Codes(word))
    }

    /// With no other text than one of these names.
    #[must_use]
    pub(crate) const fn one_of(mut self, names: Names) -> Self {
        self.names = Some(names);
        self
    }

    /// Left out of the table for the terminal.
    #[must_use]
    pub(crate) const fn detail(mut self) -> Self {
        self.in_table = InTable::Never;
        self
    }

    /// Left out of the table for the terminal where the terminal is too narrow.
    #[must_use]
    pub(crate) const fn if_room(mut self) -> Self {
        self.in_table = InTable::IfRoom;
        self
    }

    /// With phone numbers in its texts masked.
    #[must_use]
    pub(crate) const fn masking(mut self) -> Self {
        self.masks_phones = true;
        self
    }

    /// Under `key` of `object` in JSON.
    #[must_use]
    pub(crate) const fn nested(mut self, object: &'static str, key: &'static str) -> Self {
        self.nested = Some((object, key));
        self
    }

    /// With the verdict of another column beside it.
    #[must_use]
    pub(crate) const fn judged_by(mut self, column: &'static str) -> Self {
        self.judged_by = Some(column);
        self
    }
}
