//! Whether a day gets a new version, and what changed in it.
//!
//! Pure: it compares rows with rows, and does not know where they are kept or when they were taken.
//! Invariant: publishing the same rows again, in whatever order, makes no version; a version comes
//! exactly when a cell that counts (figure, value, verdict, unit, trust mark) changed, or a row
//! appeared or went.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::daily_row::{DailyRow, ShownRow};
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;

use super::cell::Cell;
use super::columns::DAILY;
use super::daily_column::Get;
use super::figure::Figure;

/// Two quotients nearer than this share are the same one, spelled and read back; quotients of
/// different counts are farther apart.
const SAME_QUOTIENT: f64 = 1e-12;

/// One cell that differs from the version before.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct CellChange<'a> {
    pub scope: &'a Scope,
    /// Which column, by its name in JSON's flat form.
    pub column: &'static str,
    /// What was published; the row was not there: none.
    pub before: Option<Cell<'a>>,
    /// What came after it; the row is gone: none.
    pub after: Option<Cell<'a>>,
}

/// The version that a day gets, if any cell that counts is not as it was published last: one more
/// than the last, from 1.
#[must_use]
pub(crate) fn next_version(published: Option<(u32, &[DailyRow])>, now: &[DailyRow]) -> Option<u32> {
    let Some((version, before)) = published else {
        return Some(1);
    };
    (!changes(before, now).is_empty()).then_some(version + 1)
}

/// The present rows, with the version published last and whether each differs from it.
#[must_use]
pub(crate) fn as_they_stand(
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
                    .is_none_or(|before| differs(before, &row));
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

fn differs(before: &DailyRow, now: &DailyRow) -> bool {
    counting().any(|(_, get)| !same(&get(before), &get(now)))
}

/// What changed from one version to another, by scope and column.
#[must_use]
pub(crate) fn changes<'a>(before: &'a [DailyRow], now: &'a [DailyRow]) -> Vec<CellChange<'a>> {
    let (before, now) = (by_scope(before), by_scope(now));
    let scopes: BTreeSet<&Scope> = before.keys().chain(now.keys()).copied().collect();
    let mut changed = Vec::new();
    for scope in scopes {
        let (before, now) = (before.get(scope), now.get(scope));
        for (column, get) in counting() {
            let (before, after) = (before.map(|row| get(row)), now.map(|row| get(row)));
            if !matches!((&before, &after), (Some(before), Some(after)) if same(before, after)) {
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

/// The columns whose change makes a version.
fn counting() -> impl Iterator<Item = (&'static str, for<'a> fn(&'a DailyRow) -> Cell<'a>)> {
    DAILY.iter().filter_map(|daily| match daily.get {
        Get::Figure(get) => Some((daily.column.name.as_ref(), get)),
        Get::Shown(_) | Get::Note(_) | Get::ToCome => None,
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
