//! For whom cells are made: what a person reads is in his language and by his clock.
//!
//! Invariant: what programs read has no zone but UTC.

use crate::domain::locale::Locale;
use crate::domain::zone::Zone;

/// How instants are shown: local, with the zone in their language, to people; RFC 3339 in UTC to
/// programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Instants {
    /// In a table, in a workbook, and in CSV with headings for people.
    Local(Zone, Locale),
    /// In JSON, Parquet, and CSV with field names.
    #[default]
    Utc,
}

impl Instants {
    /// The language of what is written, if people read it: programs get texts as they were written,
    /// and codes.
    #[must_use]
    pub(crate) const fn reader(self) -> Option<Locale> {
        match self {
            Self::Local(_, locale) => Some(locale),
            Self::Utc => None,
        }
    }
}

/// Whoever reads a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Reader {
    pub locale: Locale,
    pub instants: Instants,
}
