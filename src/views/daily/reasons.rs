//! Why rows of the daily report are not trusted, below its table: the column would be too wide.
//!
//! Invariant: each reason is listed once, with the rows that it applies to.

use crate::domain::daily_row::ShownRow;
use crate::domain::locale::Locale;
use crate::domain::trust::TrustReason;
use crate::notify::words::trust;
use crate::report::{Column, Listing};

/// Rows that are named beside a reason; of more, the number.
const ROWS_NAMED_MAX: usize = 3;

/// The reasons, if there are any.
#[must_use]
pub(super) fn reasons(rows: &[ShownRow], locale: Locale) -> Option<Listing<'static>> {
    let mut reasons: Vec<(&TrustReason, Vec<&str>)> = Vec::new();
    for row in rows.iter().map(|shown| &shown.row) {
        for reason in &row.trust_reasons {
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, ids)) => ids.push(row.scope.id()),
                None => reasons.push((reason, vec![row.scope.id()])),
            }
        }
    }
    let mut list = Listing::new(vec![
        Column::text("rows", "涉及"),
        Column::text("trust_reasons", "存疑原因"),
    ]);
    for (reason, ids) in &reasons {
        let named = &ids[..ids.len().min(ROWS_NAMED_MAX)];
        list.push(vec![
            trust::rows(locale, named, ids.len(), rows.len()).into(),
            trust::reason(locale, reason).into(),
        ]);
    }
    (!reasons.is_empty()).then_some(list)
}
