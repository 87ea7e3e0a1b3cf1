//! What changed between the published versions of a day, cell by cell.
//!
//! It does not know which events caused them: the rows do not contain that. Invariant: for programs
//! a cell is as exact as in the report itself; for people it reads as it does there.

use std::borrow::Cow;

use super::columns::DAILY;
use crate::domain::daily_row::DailyRow;
use crate::domain::locale::Locale;
use crate::report::daily_column::DailyColumn;
use crate::report::publish::{CellChange, changes};
use crate::report::table::{header, shown};
use crate::report::{Cell, Column, ColumnKind, Listing, Reader};
use crate::views::codes;
use crate::views::table_words::table_words;

/// A list of the changes from each version to the next; `versions` are all of a day, in order.
#[must_use]
pub(crate) fn changes_of(versions: &[(u32, Vec<DailyRow>)], reader: Reader) -> Listing<'_> {
    let mut list = Listing::new(vec![
        Column::new("from_version", "原版本", ColumnKind::Count),
        Column::new("version", "版本", ColumnKind::Count),
        Column::code("scope", "层级", codes::scope),
        Column::text("scope_id", "编号"),
        Column::text("field", "字段"),
        Column::text("was", "原值"),
        Column::text("now", "现值"),
        Column::new("events", "事件", ColumnKind::List).detail(),
    ]);
    for ((from, before), (to, after)) in versions.iter().zip(versions.iter().skip(1)) {
        for change in changes(DAILY, before, after, reader) {
            list.push(row(*from, *to, change, reader.instants.reader()));
        }
    }
    list
}

/// For people where a language is given.
fn row<'a>(from: u32, to: u32, change: CellChange<'a>, locale: Option<Locale>) -> Vec<Cell<'a>> {
    let CellChange {
        scope,
        column: DailyColumn { column, .. },
        before,
        after,
    } = change;
    // Nothing stays nothing: each format has its own sign of it.
    let cell = |cell: Cell<'a>| match locale {
        Some(locale) if cell != Cell::Null => shown(column, &cell, table_words(locale)).into(),
        _ => cell,
    };
    let field = locale.map_or(Cow::Borrowed(&*column.name), |locale| {
        header(column, table_words(locale))
    });
    // Which events caused it is not kept with the figures.
    vec![
        from.into(),
        to.into(),
        scope.name().into(),
        scope.id().into(),
        Cell::Text(field),
        cell(before),
        cell(after),
        Cell::Null,
    ]
}
