//! Cells and columns: the one shape that every output format writes.
//!
//! It does not know what a row is about, nor how a format spells it.
//! Invariant: what a cell holds is exact; rounding, units and words for people come from the column's [`Kind`], in the
//! formats that people read (table, XLSX) only.

use std::borrow::Cow;

use crate::domain::ids::mask_phones_in;
use crate::domain::local_day::LocalDay;

/// What stands in one place of one row.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell<'a> {
    /// Nothing is known.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A count, or money in fen.
    Int(i64),
    /// A number with three decimals, kept as an integer of thousandths.
    Thousandths(i64),
    /// A quotient; one that is not finite is written as nothing.
    Float(f64),
    /// A local day.
    Day(LocalDay),
    /// A text, possibly from outside.
    Text(Cow<'a, str>),
    /// Several texts.
    List(Vec<Cow<'a, str>>),
}

impl Cell<'_> {
    /// The cell spelled exactly and plainly, as CSV has it before quoting; empty for nothing.
    #[must_use]
    pub fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
            Self::Int(n) => Cow::Owned(n.to_string()),
            Self::Thousandths(n) => Cow::Owned(thousandths(*n)),
            Self::Float(x) if x.is_finite() => Cow::Owned(x.to_string()),
            Self::Float(_) => Cow::Borrowed(""),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::List(texts) => Cow::Owned(texts.join("; ")),
        }
    }

    /// The same cell with every phone number in its texts masked.
    #[must_use]
    pub fn masked(&self) -> Cell<'static> {
        match self {
            Self::Text(text) => Cell::Text(mask_phones_in(text).into()),
            Self::List(texts) => Cell::List(texts.iter().map(|text| mask_phones_in(text).into()).collect()),
            Self::Null => Cell::Null,
            Self::Bool(yes) => Cell::Bool(*yes),
            Self::Int(n) => Cell::Int(*n),
            Self::Thousandths(n) => Cell::Thousandths(*n),
            Self::Float(x) => Cell::Float(*x),
            Self::Day(day) => Cell::Day(*day),
        }
    }
}

/// Spells a number of thousandths with the decimals that it needs, at most three: `12.5` of 12,500.
#[must_use]
pub fn thousandths(n: i64) -> String {
    let (sign, whole, rest) = (if n < 0 { "-" } else { "" }, n.unsigned_abs() / 1000, n.unsigned_abs() % 1000);
    if rest == 0 {
        return format!("{sign}{whole}");
    }
    let decimals = format!("{rest:03}");
    format!("{sign}{whole}.{}", decimals.trim_end_matches('0'))
}

impl From<bool> for Cell<'_> {
    fn from(yes: bool) -> Self {
        Self::Bool(yes)
    }
}

impl From<i64> for Cell<'_> {
    fn from(n: i64) -> Self {
        Self::Int(n)
    }
}

impl From<u32> for Cell<'_> {
    fn from(n: u32) -> Self {
        Self::Int(n.into())
    }
}

impl From<f64> for Cell<'_> {
    fn from(x: f64) -> Self {
        Self::Float(x)
    }
}

impl From<LocalDay> for Cell<'_> {
    fn from(day: LocalDay) -> Self {
        Self::Day(day)
    }
}

impl<'a> From<&'a str> for Cell<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(Cow::Borrowed(text))
    }
}

impl From<String> for Cell<'_> {
    fn from(text: String) -> Self {
        Self::Text(Cow::Owned(text))
    }
}

impl<'a, T: Into<Cell<'a>>> From<Option<T>> for Cell<'a> {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Null, Into::into)
    }
}

impl<'a> From<&'a [String]> for Cell<'a> {
    fn from(texts: &'a [String]) -> Self {
        Self::List(texts.iter().map(|text| Cow::Borrowed(text.as_str())).collect())
    }
}

/// What a column holds, and so how people see it and which Parquet type it has.
#[derive(Debug, Clone, Copy)]
pub enum Kind {
    /// A text.
    Text,
    /// A text of a small closed set, with the Chinese word that people read; an unknown text stands for itself.
    Code(for<'a> fn(&'a str) -> &'a str),
    /// A whole number.
    Count,
    /// Money in fen; people see yuan.
    Fen,
    /// Thousandths; see [`Cell::Thousandths`].
    Thousandths,
    /// A share of 1; people see per cent with two decimals.
    Percent,
    /// Any other quotient; people see two decimals.
    Number,
    /// Yes or no.
    Bool,
    /// A local day.
    Day,
    /// An instant in UTC as RFC 3339 text.
    Instant,
    /// Texts.
    List,
}

impl Kind {
    /// Whether people expect it at the right edge.
    #[must_use]
    pub const fn is_number(self) -> bool {
        matches!(self, Self::Count | Self::Fen | Self::Thousandths | Self::Percent | Self::Number)
    }
}

/// One column of a listing or report.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its name in JSON, CSV and Parquet: snake case, once per listing.
    pub name: Cow<'static, str>,
    /// Its Chinese header.
    pub zh: Cow<'static, str>,
    /// What it holds.
    pub kind: Kind,
    /// Where it stands in JSON, if not under its name: object and key. The columns of one object follow each other.
    pub nested: Option<(&'static str, &'static str)>,
    /// The column whose verdict on this value the table shows beside it, and XLSX as a colour.
    pub judged_by: Option<&'static str>,
    /// Whether the table for the terminal has it.
    pub in_table: bool,
    /// Whether phone numbers in its texts are masked, in every format.
    pub masks_phones: bool,
}

impl Column {
    /// A column of the table, by name and Chinese header.
    #[must_use]
    pub const fn new(name: &'static str, zh: &'static str, kind: Kind) -> Self {
        Self { name: Cow::Borrowed(name), zh: Cow::Borrowed(zh), kind, nested: None, judged_by: None, in_table: true, masks_phones: false }
    }

    /// A column of texts.
    #[must_use]
    pub const fn text(name: &'static str, zh: &'static str) -> Self {
        Self::new(name, zh, Kind::Text)
    }

    /// A column whose name is only known at run time, such as one of a query; it is its own header.
    #[must_use]
    pub fn named(name: String, kind: Kind) -> Self {
        Self { name: Cow::Owned(name.clone()), zh: Cow::Owned(name), ..Self::new("", "", kind) }
    }

    /// Left out of the table for the terminal.
    #[must_use]
    pub const fn detail(mut self) -> Self {
        self.in_table = false;
        self
    }

    /// With phone numbers in its texts masked.
    #[must_use]
    pub const fn masking(mut self) -> Self {
        self.masks_phones = true;
        self
    }

    /// Under `key` of `object` in JSON.
    #[must_use]
    pub const fn nested(mut self, object: &'static str, key: &'static str) -> Self {
        self.nested = Some((object, key));
        self
    }

    /// With the verdict of another column beside it.
    #[must_use]
    pub const fn judged_by(mut self, column: &'static str) -> Self {
        self.judged_by = Some(column);
        self
    }
}
