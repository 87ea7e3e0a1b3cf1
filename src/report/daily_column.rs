//! A column of the daily report: how it is shown, and where its cells come from.

use super::cell::Cell;
use super::column::{Column, ColumnKind};
use super::reader::Reader;
use crate::domain::daily_row::{DailyRow, ShownRow};
use crate::domain::locale::Locale;

/// Where a column's cell comes from, and whether a change of it makes a new version.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Get {
    /// From the publication.
    Shown(for<'a> fn(&'a ShownRow, Reader) -> Cell<'a>),
    /// From the row; it says which row it is.
    Key(for<'a> fn(&'a DailyRow) -> Cell<'a>),
    /// From the row; it names, and versions are compared by it.
    Note(for<'a> fn(&'a DailyRow) -> Cell<'a>),
    /// From the row in words of a language; versions are compared by it.
    Words(for<'a> fn(&'a DailyRow, Locale) -> Cell<'a>),
    /// From the row; a change makes a new version of the day.
    Figure(for<'a> fn(&'a DailyRow) -> Cell<'a>),
    /// From nowhere yet: null until its figure is built. The column exists so that readers need not
    /// change then.
    ToCome,
}

/// One column of the daily report.
#[derive(Debug, Clone)]
pub(crate) struct DailyColumn {
    /// How it is shown.
    pub column: Column,
    /// Where it comes from.
    pub get: Get,
    /// What people read in its place, if there is a word for what the row has.
    word: Option<fn(&DailyRow, Locale) -> Option<&'static str>>,
}

impl DailyColumn {
    /// Its cell in a row.
    #[must_use]
    pub(crate) fn cell<'a>(&self, shown: &'a ShownRow, reader: Reader) -> Cell<'a> {
        if let Some(word) = self.word(&shown.row, reader) {
            return word.into();
        }
        match self.get {
            Get::Shown(get) => get(shown, reader),
            Get::Key(get) | Get::Note(get) | Get::Figure(get) => get(&shown.row),
            Get::Words(get) => get(&shown.row, reader.locale),
            Get::ToCome => Cell::Null,
        }
    }

    /// Its cell in a row, where it may differ from version to version.
    #[must_use]
    pub(super) fn compared<'a>(&self, row: &'a DailyRow, reader: Reader) -> Option<Cell<'a>> {
        match self.get {
            Get::Note(get) | Get::Figure(get) => Some(
                self.word(row, reader)
                    .map_or_else(|| get(row), |word| word.into()),
            ),
            Get::Words(get) => Some(get(row, reader.locale)),
            Get::Shown(_) | Get::Key(_) | Get::ToCome => None,
        }
    }

    fn word(&self, row: &DailyRow, reader: Reader) -> Option<&'static str> {
        self.word?(row, reader.instants.reader()?)
    }

    /// With a word that people read in the place of some cells.
    pub(crate) const fn in_a_word(
        mut self,
        word: fn(&DailyRow, Locale) -> Option<&'static str>,
    ) -> Self {
        self.word = Some(word);
        self
    }

    /// Whether its figure is built.
    #[must_use]
    pub(crate) const fn is_built(&self) -> bool {
        !matches!(self.get, Get::ToCome)
    }

    pub(crate) const fn to_come(column: Column) -> Self {
        Self {
            column: column.detail(),
            get: Get::ToCome,
            word: None,
        }
    }

    /// Of an object of the four indicators, by the name of its column and its key.
    pub(crate) const fn of_four(
        object: &'static str,
        name: &'static str,
        key: &'static str,
        zh: &'static str,
        kind: ColumnKind,
    ) -> Self {
        Self::to_come(Column::new(name, zh, kind).nested(object, key))
    }

    pub(crate) const fn shown(
        column: Column,
        get: for<'a> fn(&'a ShownRow, Reader) -> Cell<'a>,
    ) -> Self {
        Self {
            column,
            get: Get::Shown(get),
            word: None,
        }
    }

    pub(crate) const fn key(column: Column, get: for<'a> fn(&'a DailyRow) -> Cell<'a>) -> Self {
        Self {
            column,
            get: Get::Key(get),
            word: None,
        }
    }

    pub(crate) const fn words(
        column: Column,
        get: for<'a> fn(&'a DailyRow, Locale) -> Cell<'a>,
    ) -> Self {
        Self {
            column,
            get: Get::Words(get),
            word: None,
        }
    }

    pub(crate) const fn note(column: Column, get: for<'a> fn(&'a DailyRow) -> Cell<'a>) -> Self {
        Self {
            column,
            get: Get::Note(get),
            word: None,
        }
    }

    pub(crate) const fn figure(column: Column, get: for<'a> fn(&'a DailyRow) -> Cell<'a>) -> Self {
        Self {
            column,
            get: Get::Figure(get),
            word: None,
        }
    }

    /// A count that the table for the terminal has where there is room.
    pub(crate) const fn if_room(
        name: &'static str,
        zh: &'static str,
        get: for<'a> fn(&'a DailyRow) -> Cell<'a>,
    ) -> Self {
        Self::figure(Column::new(name, zh, ColumnKind::Count).if_room(), get)
    }

    /// A count that the table for the terminal leaves out.
    pub(crate) const fn more(
        name: &'static str,
        zh: &'static str,
        get: for<'a> fn(&'a DailyRow) -> Cell<'a>,
    ) -> Self {
        Self::figure(Column::new(name, zh, ColumnKind::Count).detail(), get)
    }
}
