//! The configured mapping of the lines of one kind of BOSS drop to events.
//!
//! It may not know any line. Invariant: a mapping without faults names only columns that its layout
//! has and fields that its event type has, so that any later fault is the line's.
//!
//! ```toml
//! [[source.files.mappings]]
//! name = "gz_status"
//! file_pattern = "s_*_21003_*.dat"
//! encoding = "gb18030"
//! skip_first = 1
//! layout = { separated = { by = "|", columns = 5 } }
//! event_type = "boss.subscriber.status.v1"
//! source = "/boss/gz/drop"
//! id = { digest = [1, 2, 4] }
//! time = { column = 4, format = "%Y%m%d%H%M%S" }
//! fields = [{ column = 1, to = "subscriber_id" }, { column = 2, to = "status_code" }]
//! constants = { code_set = "ngboss" }
//! ```

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, de};

/// Number of a column, from 1.
pub(crate) type ColumnNumber = usize;

/// The mapping of one kind of drop.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropMapping {
    /// Its name, for messages.
    pub name: Box<str>,
    /// The file names: `*` is any text, `?` any one character.
    pub file_pattern: Box<str>,
    pub encoding: Encoding,
    /// Lines at the beginning of a file that are skipped (headers), blank ones included.
    #[serde(default)]
    pub skip_first: u64,
    /// Lines at the end of a file that are skipped (trailers), blank ones not counted; at most
    /// [`SKIP_LAST_MAX`].
    #[serde(default)]
    pub skip_last: usize,
    /// How a line is cut into columns.
    pub layout: Layout,
    /// The CloudEvents type of its events.
    pub event_type: Box<str>,
    /// The CloudEvents source of its events.
    pub source: Box<str>,
    /// The columns that make the event's id.
    pub id: IdFrom,
    /// The column of the event's time.
    pub time: TimeColumn,
    /// The columns that make fields of `data`. A blank column is an absent field.
    pub fields: Vec<FieldColumn>,
    /// Fields of `data` with the same value for each line.
    #[serde(default)]
    pub constants: BTreeMap<String, Constant>,
}

/// Most lines that may be skipped at the end: they are held in memory until it is known that they
/// are the last.
pub(crate) const SKIP_LAST_MAX: usize = 1_000;

/// An encoding of text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    /// GB 18030, and so GBK and GB 2312.
    Gb18030,
    Utf8,
}

impl Encoding {
    /// U+FEFF in this encoding, with which a file may begin.
    #[must_use]
    pub(crate) const fn byte_order_mark(self) -> &'static [u8] {
        match self {
            Self::Gb18030 => b"\x84\x31\x95\x33",
            Self::Utf8 => b"\xef\xbb\xbf",
        }
    }
}

/// How a line is split into columns. Blanks around a column are padding.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Layout {
    /// By an ASCII character that is no letter or digit.
    Separated {
        /// The separator, e.g. `|`.
        by: char,
        /// The number of columns of a line; any other is `invalid_field`.
        columns: usize,
        /// An ASCII quotation mark: a quoted column may hold separators, and the mark itself
        /// doubled (RFC 4180), but no line ends.
        #[serde(default)]
        quote: Option<char>,
    },
    /// By position: each column's first byte, from 0, and its length in bytes.
    Fixed(Vec<(usize, usize)>),
}

impl Layout {
    /// The number of columns of a line.
    #[must_use]
    pub(crate) fn columns(&self) -> usize {
        match self {
            Self::Separated { columns, .. } => *columns,
            Self::Fixed(spans) => spans.len(),
        }
    }
}

/// The columns that make the event's id.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum IdFrom {
    /// The text of a column.
    Column(ColumnNumber),
    /// 32 hex digits that are a digest of these columns, so that a line sent twice is a duplicate.
    Digest(Vec<ColumnNumber>),
}

/// The column of the event's time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeColumn {
    pub column: ColumnNumber,
    /// A `strftime` format, e.g. `%Y%m%d%H%M%S`; local to the configured zone unless it has an
    /// offset (`%z`). Without a time of day it is the day's beginning.
    pub format: Box<str>,
}

/// A column that makes a field.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldColumn {
    pub column: ColumnNumber,
    /// The field of `data`; `date.month` is a field of an object within it.
    pub to: Box<str>,
    /// What the column holds.
    #[serde(default)]
    pub kind: Kind,
    /// The `strftime` format of [`Kind::Date`] and [`Kind::Month`]; `%Y%m%d` and `%Y%m` by default.
    pub format: Option<Box<str>>,
}

/// The kind of a column's content. Content that does not fit is passed on as text, which the
/// field's own check refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A text, as it is.
    #[default]
    Text,
    /// An integer; leading zeros are dropped.
    Int,
    Number,
    /// `1`, `Y`, `true` or `0`, `N`, `false`.
    Bool,
    /// Money in yuan with at most two decimals, to become fen.
    Yuan,
    /// Money in whole li (厘, a tenth of a fen), to become fen; a remainder is refused.
    Li,
    Date,
    Month,
}

/// A field's value that is the same for each line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Constant {
    Text(String),
    Int(i64),
    Bool(bool),
}

impl<'de> Deserialize<'de> for Constant {
    fn deserialize<D: Deserializer<'de>>(reader: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl de::Visitor<'_> for Visitor {
            type Value = Constant;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, an integer or a bool")
            }
            fn visit_str<E>(self, text: &str) -> Result<Constant, E> {
                Ok(Constant::Text(text.to_owned()))
            }
            fn visit_i64<E>(self, n: i64) -> Result<Constant, E> {
                Ok(Constant::Int(n))
            }
            fn visit_u64<E: de::Error>(self, n: u64) -> Result<Constant, E> {
                n.try_into().map(Constant::Int).map_err(E::custom)
            }
            fn visit_bool<E>(self, yes: bool) -> Result<Constant, E> {
                Ok(Constant::Bool(yes))
            }
        }
        reader.deserialize_any(Visitor)
    }
}
