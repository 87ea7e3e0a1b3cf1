//! Whether a day gets a new version, and what changed in it.
//!
//! Pure: it compares rows with rows, and does not know where they are kept or when they were taken.
//! Invariant: publishing the same rows again, in whatever order, makes no version; a version comes
//! exactly when a cell that counts (figure, value, verdict, unit, trust mark, the name of a group
//! customer on that day) changed, or a row appeared or went. What is listed as changed between two
//! versions is every cell that differs.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::daily_row::{DailyRow, ShownRow};
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;

use super::cell::Cell;
use super::daily_column::{DailyColumn, Get};
use super::figure::Figure;
use super::reader::Reader;

/// Two quotients nearer than this share are the same one, spelled and read back; quotients of
/// different counts are farther apart.
const SAME_QUOTIENT: f64 = 1e-12;

/// One cell that differs from the version before.
#[derive(Debug, Clone)]
pub(crate) struct CellChange<'a> {
    pub scope: &'a Scope,
    pub column: &'static DailyColumn,
    /// What was published; nothing where the row was not there.
    pub before: Cell<'a>,
    /// What came after it; nothing where the row is gone.
    pub after: Cell<'a>,
}

/// The version that a day gets, if any cell that counts is not as it was published last: one more
/// than the last, from 1.
#[must_use]
pub(crate) fn next_version(
    columns: &[DailyColumn],
    published: Option<(u32, &[DailyRow])>,
    now: &[DailyRow],
) -> Option<u32> {
    let Some((version, before)) = published else {
        return Some(1);
    };
    let before = by_scope(before);
    let is_same = before.len() == now.len()
        && now.iter().all(|row| {
            before
                .get(&row.scope)
                .is_some_and(|before| !differs(columns, before, row))
        });
    (!is_same).then_some(version + 1)
}

/// The present rows, with the version published last and whether each differs from it.
#[must_use]
pub(crate) fn as_they_stand(
    columns: &[DailyColumn],
    published: Option<(u32, &[DailyRow])>,
    now: Vec<DailyRow>,
    as_of: Timestamp,
) -> Vec<ShownRow> {
    let version = published.map(|(version, _)| version);
    let before = by_scope(published.map_or(&[], |(_, rows)| rows));
    now.into_iter()
        .map(|row| {
            let restated = version.is_some()
                && before
                    .get(&row.scope)
                    .is_none_or(|before| differs(columns, before, &row));
            ShownRow {
                row,
                version,
                as_of,
                restated,
            }
        })
        .collect()
}

fn by_scope(rows: &[DailyRow]) -> BTreeMap<&Scope, &DailyRow> {
    rows.iter().map(|row| (&row.scope, row)).collect()
}

/// Names of units and the company are those of now, not of the day: a new one is no restatement.
fn differs(columns: &[DailyColumn], before: &DailyRow, now: &DailyRow) -> bool {
    let is_renamed = now.scope.group().is_some() && before.name != now.name;
    is_renamed || counting(columns).any(|get| !same(&get(before), &get(now)))
}

/// What changed from one version to another, by scope and column.
#[must_use]
pub(crate) fn changes<'a>(
    columns: &'static [DailyColumn],
    before: &'a [DailyRow],
    now: &'a [DailyRow],
    reader: Reader,
) -> Vec<CellChange<'a>> {
    let (before, now) = (by_scope(before), by_scope(now));
    let scopes: BTreeSet<&Scope> = before.keys().chain(now.keys()).copied().collect();
    let mut changed = Vec::new();
    for scope in scopes {
        let (before, now) = (before.get(scope), now.get(scope));
        for column in columns {
            let cell = |row: Option<&&'a DailyRow>| {
                row.and_then(|row| column.compared(row, reader))
                    .filter(|cell| !is_nothing(cell))
                    .unwrap_or(Cell::Null)
            };
            let (before, after) = (cell(before), cell(now));
            if !same(&before, &after) {
                changed.push(CellChange {
                    scope,
                    column,
                    before,
                    after,
                });
            }
        }
    }
    changed
}

/// A row that is not there has no more than an empty list.
fn is_nothing(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::List(texts) if texts.is_empty())
}

/// The figures, whose change makes a version.
fn counting(columns: &[DailyColumn]) -> impl Iterator<Item = for<'a> fn(&'a DailyRow) -> Cell<'a>> {
    columns.iter().filter_map(|daily| match daily.get {
        Get::Figure(get) => Some(get),
        Get::Shown(_) | Get::Key(_) | Get::Note(_) | Get::Words(_) | Get::ToCome => None,
    })
}

fn same(before: &Cell<'_>, after: &Cell<'_>) -> bool {
    match (before, after) {
        (
            Cell::Float(a) | Cell::Figure(Figure { value: a, .. }),
            Cell::Float(b) | Cell::Figure(Figure { value: b, .. }),
        ) => a == b || (a - b).abs() <= SAME_QUOTIENT * a.abs().max(b.abs()),
        (a, b) => a == b,
    }
}
