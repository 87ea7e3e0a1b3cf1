//! The last rows of a list that are wanted, read page by page.
//!
//! Without a limit a list shows all that is kept and wanted. With one it shows the last, whatever
//! its order.

use crate::store::StoreError;

/// How much of a list is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limit {
    /// The most rows.
    pub rows: u32,
    /// How many more are read at most, to count what is left out.
    pub beyond: u32,
}

impl Limit {
    /// How many rows are read.
    pub(super) fn rows_read(self) -> u32 {
        self.rows.saturating_add(self.beyond)
    }

    /// Cuts rows of which the last comes first to the limit.
    pub(super) fn cut<T>(self, mut last_first: Vec<T>) -> Last<T> {
        let rows = self.rows as usize;
        let left_out = last_first.len().saturating_sub(rows);
        last_first.truncate(rows);
        Last {
            rows: last_first,
            left_out,
        }
    }
}

/// The last rows of a list, and how many more there are.
#[derive(Debug)]
pub(crate) struct Last<T> {
    pub rows: Vec<T>,
    /// As far as they were counted.
    pub left_out: usize,
}

impl<T> Last<T> {
    pub(super) fn reversed(mut self) -> Self {
        self.rows.reverse();
        self
    }
}

/// Most rows that are read at once.
const PAGE_ROWS_MAX: u32 = 500;

/// The last that are wanted, in the order in which `page` gives them, which reads at most so many
/// behind the last one.
pub(super) fn last<T>(
    limit: Limit,
    mut page: impl FnMut(Option<&T>, u32) -> Result<Vec<T>, StoreError>,
    mut is_wanted: impl FnMut(&T) -> Result<bool, StoreError>,
) -> Result<Last<T>, StoreError> {
    let wanted = limit.rows_read();
    let (size, mut shown) = (wanted.min(PAGE_ROWS_MAX), Vec::new());
    let mut rows = page(None, size)?;
    loop {
        let is_end = rows.len() < size as usize;
        let mut behind = None;
        let count = rows.len();
        for (at, row) in rows.into_iter().enumerate() {
            let is_last = at + 1 == count;
            if is_wanted(&row)? {
                shown.push(row);
                if shown.len() == wanted as usize {
                    return Ok(limit.cut(shown));
                }
            } else if is_last {
                behind = Some(row);
            }
        }
        if is_end {
            return Ok(limit.cut(shown));
        }
        rows = page(behind.as_ref().or(shown.last()), size)?;
    }
}
