//! Why rows of the daily report are not trusted, below its table: the column would be too wide.
//!
//! Invariant: each reason is listed once, with the rows that it applies to.

use std::io::{self, Write};

use super::cell::Cell;
use super::column::Column;
use super::reader::Reader;
use super::table;
use crate::domain::daily_row::ShownRow;
use crate::domain::trust::TrustReason;
use crate::notify::words::trust;

/// Rows that are named beside a reason; of more, the number.
const ROWS_NAMED_MAX: usize = 3;

/// Writes them, if there are any.
///
/// # Errors
/// What `out` refuses.
pub(super) fn write_reasons(
    rows: &[ShownRow],
    reader: Reader,
    width: Option<u16>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut reasons: Vec<(&TrustReason, Vec<&str>)> = Vec::new();
    for row in rows.iter().map(|shown| &shown.row) {
        for reason in &row.trust_reasons {
            match reasons.iter_mut().find(|(known, _)| *known == reason) {
                Some((_, ids)) => ids.push(row.scope.id()),
                None => reasons.push((reason, vec![row.scope.id()])),
            }
        }
    }
    if reasons.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    let columns = [
        Column::text("rows", "涉及"),
        Column::text("trust_reasons", "存疑原因"),
    ];
    let cells = reasons.iter().map(|(reason, ids)| {
        let named = &ids[..ids.len().min(ROWS_NAMED_MAX)];
        vec![
            Cell::from(trust::rows(reader.locale, named, ids.len(), rows.len())),
            Cell::from(trust::reason(reader.locale, reason)),
        ]
    });
    table::write_table(&columns, cells, reader.locale, width, out)
}
