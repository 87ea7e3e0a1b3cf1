//! For whom cells are made: what a person reads is in his language and by his clock.
//!
//! Invariant: what programs read has no zone but UTC.

use std::borrow::Cow;

use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

use super::cell::Cell;

/// In which language headers, codes and sentences are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// Chinese headers and words.
    #[default]
    Zh,
    /// Names and codes as in JSON.
    En,
}

impl Language {
    /// By the name of a locale: `zh-CN` or `en`.
    #[must_use]
    pub fn parse(locale: &str) -> Option<Self> {
        match locale {
            "zh-CN" => Some(Self::Zh),
            "en" => Some(Self::En),
            _ => None,
        }
    }
}

/// How instants are shown: local, with the zone's name, to people; RFC 3339 in UTC to programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Instants {
    /// In a table, in a workbook, and in CSV with headings for people.
    Local(Zone),
    /// In JSON, Parquet, and CSV with field names.
    #[default]
    Utc,
}

impl Instants {
    /// The cell of an instant.
    #[must_use]
    pub fn cell(self, t: Timestamp) -> Cell<'static> {
        match self {
            Self::Local(zone) => Cell::Text(Cow::Owned(zone.display(t))),
            Self::Utc => Cell::Instant(t),
        }
    }
}

/// Whoever reads a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reader {
    /// Of sentences.
    pub language: Language,
    /// Of instants.
    pub instants: Instants,
}
