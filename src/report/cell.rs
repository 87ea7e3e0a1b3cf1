//! Cells: what every output format writes.
//!
//! It does not know the meaning of a row, nor how a format spells it. Invariant: what a cell holds
//! is exact; how it is rounded for people comes from the column's [`ColumnKind`], units and words
//! from [`TableWords`](super::table_words::TableWords), in the formats that people read only.

use std::borrow::Cow;

use crate::domain::digits::telling_decimals;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::phones::mask_phones_in;

use super::column::ColumnKind;
use super::figure::Figure;

/// Decimals of a quotient that people read.
pub(super) const DECIMALS: usize = 2;

/// The value of one column in one row.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Cell<'a> {
    Null,
    Bool(bool),
    /// A count, or money in fen.
    Int(i64),
    /// A number with three decimals, kept as an integer of thousandths.
    Thousandths(i64),
    /// A quotient; one that is not finite is written as nothing.
    Float(f64),
    /// A quotient that is compared with another, or has a unit of its own.
    Figure(Figure),
    Day(LocalDay),
    Instant(Timestamp),
    /// A text, possibly from outside.
    Text(Cow<'a, str>),
    List(Vec<Cow<'a, str>>),
}

impl Cell<'_> {
    /// The cell spelled exactly and plainly, as CSV has it before quoting; empty for nothing.
    #[must_use]
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Null => Cow::Borrowed(""),
            Self::Bool(yes) => Cow::Borrowed(if *yes { "true" } else { "false" }),
            Self::Int(n) => Cow::Owned(n.to_string()),
            Self::Thousandths(n) => Cow::Owned(thousandths(*n)),
            Self::Float(_) | Self::Figure(_) => self.quotient().map_or(Cow::Borrowed(""), |x| {
                Cow::Owned(format!("{x:?}").trim_end_matches(".0").to_owned())
            }),
            Self::Day(day) => Cow::Owned(day.to_string()),
            Self::Instant(t) => Cow::Owned(t.to_string()),
            Self::Text(text) => Cow::Borrowed(text),
            Self::List(texts) => Cow::Owned(texts.join("; ")),
        }
    }

    /// The same cell with every phone number in its texts masked.
    #[must_use]
    pub(crate) fn masked(&self) -> Cell<'static> {
        match self {
            Self::Text(text) => Cell::Text(mask_phones_in(text).into()),
            Self::List(texts) => Cell::List(
                texts
                    .iter()
                    .map(|text| mask_phones_in(text).into())
                    .collect(),
            ),
            other => other.clone().into_owned(),
        }
    }

    /// The same cell with texts of its own.
    #[must_use]
    pub(crate) fn into_owned(self) -> Cell<'static> {
        match self {
            Self::Text(text) => Cell::Text(text.into_owned().into()),
            Self::List(texts) => Cell::List(
                texts
                    .into_iter()
                    .map(|text| text.into_owned().into())
                    .collect(),
            ),
            Self::Null => Cell::Null,
            Self::Bool(yes) => Cell::Bool(yes),
            Self::Int(n) => Cell::Int(n),
            Self::Thousandths(n) => Cell::Thousandths(n),
            Self::Float(x) => Cell::Float(x),
            Self::Figure(figure) => Cell::Figure(figure),
            Self::Day(day) => Cell::Day(day),
            Self::Instant(t) => Cell::Instant(t),
        }
    }

    /// A quotient, where it is finite.
    #[must_use]
    pub(crate) fn quotient(&self) -> Option<f64> {
        match self {
            Self::Float(x) | Self::Figure(Figure { value: x, .. }) => Some(*x),
            _ => None,
        }
        .filter(|x| x.is_finite())
    }

    /// What the cell holds: what its column does, unless it has a unit of its own.
    #[must_use]
    pub(crate) const fn kind(&self, of_column: ColumnKind) -> ColumnKind {
        match self {
            Self::Figure(figure) => figure.unit.kind(of_column),
            _ => of_column,
        }
    }

    /// How many decimals people see of a quotient: two, and more where two would not distinguish it
    /// from its limit.
    #[must_use]
    pub(crate) fn decimals(&self, of_column: ColumnKind) -> usize {
        let Self::Figure(Figure { value, beside, .. }) = self else {
            return DECIMALS;
        };
        let scale = if matches!(self.kind(of_column), ColumnKind::Percent) {
            100.0
        } else {
            1.0
        };
        telling_decimals(*value, *beside, scale, DECIMALS)
    }
}

/// Spells a number of thousandths with the decimals that it needs, at most three: `12.5` of 12,500.
#[must_use]
pub(crate) fn thousandths(n: i64) -> String {
    let (sign, whole, rest) = (
        if n < 0 { "-" } else { "" },
        n.unsigned_abs() / 1000,
        n.unsigned_abs() % 1000,
    );
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

impl From<Timestamp> for Cell<'_> {
    fn from(at: Timestamp) -> Self {
        Self::Instant(at)
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
        Self::List(
            texts
                .iter()
                .map(|text| Cow::Borrowed(text.as_str()))
                .collect(),
        )
    }
}
