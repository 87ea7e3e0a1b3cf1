//! Whether a day gets a new version, and what changed in it.
//!
//! Pure: it compares rows with rows, and does not know where they are kept or when they were taken.
//! Invariant: publishing the same rows again, in whatever order, makes no version; a version comes exactly when a cell
//! that counts (figure, value, verdict, unit, trust mark) changed, or a row appeared or went.

use std::collections::BTreeMap;

use crate::domain::daily_row::{DailyRow, ShownRow};
use crate::domain::indicator::Scope;

use super::cell::Cell;
use super::columns::{DAILY, Get};

/// Two quotients nearer than this share are the same one, spelled and read back; quotients of different counts are
/// farther apart.
const SAME_QUOTIENT: f64 = 1e-12;

/// One cell that differs from the last version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellChange {
    /// Whose row.
    pub scope: Scope,
    /// Which column, by its name in JSON's flat form.
    pub column: &'static str,
    /// What was published, spelled exactly; the row was not there: null.
    pub before: Option<String>,
    /// What stands now; the row is gone: null.
    pub after: Option<String>,
}

/// What is to be published.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// Every cell that counts is as published.
    Unchanged,
    /// A new version.
    New {
        /// Its number: one more than the last, from 1.
        version: u32,
        /// What changed, by scope and column; nothing in the first version.
        changed: Vec<CellChange>,
    },
}

/// Compares the rows of a day as they stand now with those published last.
#[must_use]
pub fn publication(published: Option<(u32, &[DailyRow])>, now: &[DailyRow]) -> Publication {
    let Some((version, before)) = published else { return Publication::New { version: 1, changed: Vec::new() } };
    let changed = changes(before, now);
    if changed.is_empty() { Publication::Unchanged } else { Publication::New { version: version + 1, changed } }
}

/// The rows as they stand now, with the version published last and whether each differs from it.
#[must_use]
pub fn as_they_stand(published: Option<(u32, &[DailyRow])>, now: Vec<DailyRow>, as_of: &str) -> Vec<ShownRow> {
    let version = published.map(|(version, _)| version);
    let before = by_scope(published.map_or(&[], |(_, rows)| rows));
    now.into_iter()
        .map(|row| {
            let restated = version.is_some() && before.get(&row.scope).is_none_or(|before| differs(before, &row));
            ShownRow { row, version, as_of: as_of.to_owned(), restated }
        })
        .collect()
}

fn by_scope(rows: &[DailyRow]) -> BTreeMap<&Scope, &DailyRow> {
    rows.iter().map(|row| (&row.scope, row)).collect()
}

fn differs(before: &DailyRow, now: &DailyRow) -> bool {
    counting().any(|(_, get)| !same(&get(before), &get(now)))
}

fn changes(before: &[DailyRow], now: &[DailyRow]) -> Vec<CellChange> {
    let (before, now) = (by_scope(before), by_scope(now));
    let mut scopes: Vec<&Scope> = before.keys().chain(now.keys()).copied().collect();
    scopes.sort_unstable();
    scopes.dedup();
    let mut changed = Vec::new();
    for scope in scopes {
        let (before, now) = (before.get(scope), now.get(scope));
        for (column, get) in counting() {
            let (before, after) = (before.map(|row| get(row)), now.map(|row| get(row)));
            if !matches!((&before, &after), (Some(before), Some(after)) if same(before, after)) {
                let spelled = |cell: Option<Cell<'_>>| cell.map(|cell| cell.plain().into_owned());
                changed.push(CellChange { scope: scope.clone(), column, before: spelled(before), after: spelled(after) });
            }
        }
    }
    changed
}

/// The columns whose change makes a version.
fn counting() -> impl Iterator<Item = (&'static str, for<'a> fn(&'a DailyRow) -> Cell<'a>)> {
    DAILY.iter().filter_map(|daily| match daily.get {
        Get::Figure(get) => Some((daily.column.name.as_ref(), get)),
        Get::Shown(_) | Get::Note(_) => None,
    })
}

fn same(before: &Cell<'_>, after: &Cell<'_>) -> bool {
    match (before, after) {
        (Cell::Float(a), Cell::Float(b)) => a == b || (a - b).abs() <= SAME_QUOTIENT * a.abs().max(b.abs()),
        (a, b) => a == b,
    }
}
