//! The columns of lists, as data: name, Chinese header, kind and getter in one place.
//!
//! What the command line lists and what scenarios expect are read from the same tables. Invariant:
//! a column and its getter are side by side, so that they cannot drift apart.
//!
//! Rows that borrow have their table as `const COLUMNS: &'a [ListColumn<Self>]`, since a `static`
//! cannot name their lifetime.

use std::borrow::Borrow;

use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::notify::words::dates;
use crate::report::{Cell, Column, ColumnKind, Instants, Listing};

/// One column of a list whose rows are `R`.
#[derive(Debug)]
pub(crate) struct ListColumn<R> {
    pub(crate) column: Column,
    /// The name that scenarios may give it, too.
    pub(crate) short: Option<&'static str>,
    /// Whether lists show it; what they do not show is for scenarios only.
    is_listed: bool,
    /// Gives instants as values: how they are shown is decided by the list.
    get: fn(&R) -> Cell<'static>,
}

/// A column and how its cell is got from a row.
pub(crate) const fn column<R>(column: Column, get: fn(&R) -> Cell<'static>) -> ListColumn<R> {
    ListColumn {
        column,
        short: None,
        is_listed: true,
        get,
    }
}

/// A column that only scenarios see.
pub(crate) const fn unlisted<R>(of: Column, get: fn(&R) -> Cell<'static>) -> ListColumn<R> {
    let mut unlisted = column(of, get);
    unlisted.is_listed = false;
    unlisted
}

/// A column with a name that scenarios may give it, too.
pub(crate) const fn short<R>(name: &'static str, mut of: ListColumn<R>) -> ListColumn<R> {
    of.short = Some(name);
    of
}

impl<R> ListColumn<R> {
    pub(crate) fn cell(&self, row: &R) -> Cell<'static> {
        (self.get)(row)
    }
}

/// The rows, with the columns that lists show.
pub(crate) fn listing<R>(
    columns: &[ListColumn<R>],
    rows: impl IntoIterator<Item = impl Borrow<R>>,
    instants: Instants,
) -> Listing<'static> {
    let listed = || columns.iter().filter(|column| column.is_listed);
    let mut list = Listing::new(listed().map(|listed| listed.column.clone()).collect());
    for row in rows {
        let shown = |listed: &ListColumn<R>| match listed.cell(row.borrow()) {
            Cell::Instant(at) => moment(instants, at),
            cell => cell,
        };
        list.push(listed().map(shown).collect());
    }
    list
}

/// An instant as whoever reads it has it.
pub(crate) fn moment(instants: Instants, at: Timestamp) -> Cell<'static> {
    match instants {
        Instants::Local(zone, locale) => dates::moment(locale, at, zone).into(),
        Instants::Utc => Cell::Instant(at),
    }
}

pub(crate) const fn count(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, ColumnKind::Count)
}

pub(crate) const fn number(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, ColumnKind::Number)
}

pub(crate) const fn at(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, ColumnKind::Instant)
}

pub(crate) const fn yes_or_no(name: &'static str, zh: &'static str) -> Column {
    Column::new(name, zh, ColumnKind::Bool)
}

pub(crate) fn text(text: impl Into<String>) -> Cell<'static> {
    text.into().into()
}

pub(crate) fn some<T>(value: Option<T>, cell: impl Fn(T) -> Cell<'static>) -> Cell<'static> {
    value.map_or(Cell::Null, cell)
}

pub(crate) fn int(n: impl TryInto<i64>) -> Cell<'static> {
    Cell::Int(n.try_into().unwrap_or(i64::MAX))
}

pub(crate) fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Cell<'static> {
    Cell::List(texts.into_iter().map(|text| text.into().into()).collect())
}

/// The group customer that a scope is.
pub(crate) fn group_of(scope: &Scope) -> Cell<'static> {
    some(scope.group(), |group| text(group.as_str()))
}

/// The unit that a scope is.
pub(crate) fn unit_of(scope: &Scope) -> Cell<'static> {
    match scope {
        Scope::Unit(_) => text(scope.id()),
        Scope::Group(_) | Scope::Company => Cell::Null,
    }
}
