//! What changed between the published versions of a day, cell by cell.
//!
//! It does not know which events caused them: the rows do not contain that. Invariant: for programs
//! a cell is as exact as in the report itself; for people it reads as it does there.

use std::borrow::Cow;

use crate::domain::daily_row::DailyRow;

use super::cell::Cell;
use super::column::{Column, ColumnKind};
use super::columns::DAILY;
use super::listing::Listing;
use super::publish::{CellChange, changes};
use super::table::{header, shown};
use super::words;
use crate::domain::locale::Locale;

/// A list of the changes from each version to the next; `versions` are all of a day, in order. For
/// people where a language is given.
#[must_use]
pub(crate) fn changes_of(versions: &[(u32, Vec<DailyRow>)], locale: Option<Locale>) -> Listing<'_> {
    let mut list = Listing::new(vec![
        Column::new("from_version", "原版本", ColumnKind::Count),
        Column::new("version", "版本", ColumnKind::Count),
        Column::new("scope", "层级", ColumnKind::Code(words::scope)),
        Column::text("scope_id", "编号"),
        Column::text("field", "字段"),
        Column::text("was", "原值"),
        Column::text("now", "现值"),
        Column::new("events", "事件", ColumnKind::List).detail(),
    ]);
    for ((from, before), (to, after)) in versions.iter().zip(versions.iter().skip(1)) {
        for change in changes(before, after) {
            list.push(row(*from, *to, change, locale));
        }
    }
    list
}

fn row<'a>(from: u32, to: u32, change: CellChange<'a>, locale: Option<Locale>) -> Vec<Cell<'a>> {
    let CellChange {
        scope,
        column,
        before,
        after,
    } = change;
    let (field, was, now) = match (
        DAILY.iter().find(|daily| daily.column.name == column),
        locale,
    ) {
        (Some(daily), Some(locale)) => {
            let cell_text = |cell: Option<Cell<'_>>| {
                cell.map(|cell| Cell::from(shown(&daily.column, &cell, locale)))
            };
            (
                header(&daily.column, locale),
                cell_text(before),
                cell_text(after),
            )
        }
        _ => (Cow::Borrowed(column), before, after),
    };
    let [was, now] = [was, now].map(|cell| cell.unwrap_or(Cell::Null));
    // Which events caused it is not kept with the figures.
    vec![
        from.into(),
        to.into(),
        scope.name().into(),
        scope.id().into(),
        Cell::Text(field),
        was,
        now,
        Cell::Null,
    ]
}
