//! The widths of a table's columns: what gives way where the terminal is narrow.
//!
//! It does not know what the columns mean. Invariant: numbers and ids stay in one line each, since
//! cut ones would be wrong ones.

use super::column::{Column, ColumnKind, InTable};

/// In a narrow terminal texts are wrapped down to this before a column is left out.
const TEXT_WIDTH_MIN: u16 = 12;

/// Where nothing more can be left out, texts are wrapped down to this, and no further.
const TEXT_WIDTH_LEAST: u16 = 8;

/// Headers of Chinese are wrapped down to three characters, then to two.
const HEADER_WIDTHS_LEAST: (u16, u16) = (6, 4);

/// Cells between two columns.
const GAP: usize = 2;

/// How narrow a column may be.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Bounds {
    /// Before any column is left out.
    soft: u16,
    /// After all were that may be.
    hard: u16,
}

impl Bounds {
    /// A header is wrapped between its words, and within them where it has no others.
    pub(super) fn of_header(header: &str) -> Self {
        let (soft, hard) = match header.is_ascii() {
            true => (longest_word(header), longest_word(header)),
            false => HEADER_WIDTHS_LEAST,
        };
        let whole = cells_wide(header);
        Self {
            soft: soft.min(whole),
            hard: hard.min(whole),
        }
    }

    pub(super) fn widen(&mut self, text: &str) {
        self.soft = self.soft.max(cells_wide(text));
        self.hard = self.hard.max(longest_word(text));
    }

    /// Numbers stay whole, and ids, which are copied; other texts are wrapped anywhere.
    pub(super) fn settle(&mut self, column: &Column) {
        if column.name.ends_with("_id") {
            self.hard = self.soft;
        } else if !column.kind.is_number() {
            let longest_word = self.hard;
            self.hard = longest_word.min(TEXT_WIDTH_LEAST);
            // An instant's parts are short words.
            self.soft = match column.kind {
                ColumnKind::Instant => longest_word,
                _ => self.soft.min(TEXT_WIDTH_MIN),
            };
        }
    }
}

/// How many cells a text takes in a terminal; most East Asian characters take two.
pub(super) fn cells_wide(text: &str) -> u16 {
    console::measure_text_width(text)
        .try_into()
        .unwrap_or(u16::MAX)
}

fn longest_word(text: &str) -> u16 {
    text.split(' ').map(cells_wide).max().unwrap_or_default()
}

/// Narrows columns and leaves some out until the table is as wide as `most`, or nothing more gives
/// way; which columns are shown.
pub(super) fn fit(
    widths: &mut [u16],
    picked: &[(usize, &Column)],
    bounds: &[Bounds],
    most: u16,
) -> Vec<bool> {
    let mut shown = vec![true; picked.len()];
    let excess = |widths: &[u16], shown: &[bool]| {
        let used: usize = widths
            .iter()
            .zip(shown)
            .filter(|(_, shown)| **shown)
            .map(|(width, _)| usize::from(*width) + GAP)
            .sum();
        // The last column keeps one cell of its gap, under the header.
        used.saturating_sub(usize::from(most) + GAP - 1)
    };
    while let Some(at) = (0..picked.len())
        .rev()
        .find(|at| shown[*at] && picked[*at].1.in_table == InTable::IfRoom)
    {
        let spare: usize = (0..picked.len())
            .filter(|at| shown[*at])
            .map(|at| usize::from(widths[at].saturating_sub(bounds[at].soft)))
            .sum();
        if excess(widths, &shown) <= spare {
            break;
        }
        shown[at] = false;
    }
    for bound in [|of: &Bounds| of.soft, |of: &Bounds| of.hard] {
        while excess(widths, &shown) > 0 {
            // The widest gives way first.
            let Some(at) = (0..picked.len())
                .filter(|at| shown[*at] && widths[*at] > bound(&bounds[*at]))
                .max_by_key(|at| widths[*at])
            else {
                break;
            };
            widths[at] -= 1;
        }
    }
    shown
}
