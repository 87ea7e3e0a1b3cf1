//! The table for the terminal: the columns that people need first, aligned also where characters
//! are two cells wide.
//!
//! It does not know what the columns mean. Only ASCII draws its lines, since box characters are one
//! cell wide on some terminals and two on others. Invariant: no control or direction-changing
//! character of a cell reaches the terminal; each is shown as �.

use std::borrow::Cow;
use std::io::{self, Write};

use comfy_table::{CellAlignment, ColumnConstraint, LineStyle, Table, Width, presets::NOTHING};

use crate::domain::invisible::acts_on_terminals;

use super::cell::Cell;
use super::column::{Column, InTable, Kind};
use crate::domain::locale::Locale;

/// Texts wider than this are wrapped.
const TEXT_WIDTH_MAX: u16 = 40;

/// In a narrow terminal texts are wrapped down to this, and no further.
const TEXT_WIDTH_MIN: u16 = 12;

/// Cells between two columns.
const GAP: usize = 2;

/// Writes the header and all rows; each row has a cell for each column.
///
/// In a terminal of a known width, texts are wrapped first, then columns that may be left out are;
/// what is still too wide runs over, since cut numbers would be wrong numbers.
///
/// # Errors
/// What `out` refuses.
pub fn write_table<'a, R: AsRef<[Cell<'a>]>>(
    columns: &[Column],
    rows: impl Iterator<Item = R>,
    locale: Locale,
    width: Option<u16>,
    out: &mut dyn Write,
) -> io::Result<()> {
    let picked: Vec<(usize, &Column)> = columns
        .iter()
        .enumerate()
        .filter(|(_, column)| column.in_table != InTable::Never)
        .collect();
    let judges: Vec<Option<usize>> = picked
        .iter()
        .map(|(_, column)| judge(columns, column))
        .collect();
    let mut table = Table::new();
    table.load_style(NOTHING.header_separator(LineStyle::none().fill('-').junction('-')));
    table.set_header(
        picked
            .iter()
            .map(|(_, column)| printable(&header(column, locale)).into_owned()),
    );
    for row in rows {
        let cells = row.as_ref();
        table.add_row(picked.iter().zip(&judges).map(|((at, column), judge)| {
            let value = shown(column, &cells[*at], locale);
            printable(&with_verdict(
                value,
                judge.map(|at| (&columns[at], &cells[at])),
                locale,
            ))
            .into_owned()
        }));
    }
    let left_out = arrange(&mut table, &picked, width);
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    if table.is_empty() {
        writeln!(
            out,
            "{}",
            if locale == Locale::ZhCn {
                "(无记录)"
            } else {
                "(no rows)"
            }
        )?;
    }
    if !left_out.is_empty() {
        let names: Vec<_> = left_out
            .iter()
            .map(|column| header(column, locale))
            .collect();
        let words = if locale == Locale::ZhCn {
            "终端较窄,未列"
        } else {
            "left out for want of room"
        };
        writeln!(out, "({words}: {})", printable(&names.join(", ")))?;
    }
    Ok(())
}

/// Sets alignment and widths, and hides what has no room; returns what it hid.
fn arrange<'c>(
    table: &mut Table,
    picked: &[(usize, &'c Column)],
    width: Option<u16>,
) -> Vec<&'c Column> {
    let is_text = |at: usize| !picked[at].1.kind.is_number();
    let mut widths: Vec<u16> = table.column_max_content_widths();
    widths.resize(picked.len(), 0);
    for (_, width) in widths.iter_mut().enumerate().filter(|(at, _)| is_text(*at)) {
        *width = (*width).min(TEXT_WIDTH_MAX);
    }
    let shown = match width {
        Some(most) => fit(&mut widths, picked, most),
        None => vec![true; picked.len()],
    };
    for (at, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, 1));
        column.set_constraint(match shown[at] {
            true => ColumnConstraint::Absolute(Width::Fixed(widths[at] + 1)),
            false => ColumnConstraint::Hidden,
        });
        column.set_cell_alignment(if is_text(at) {
            CellAlignment::Left
        } else {
            CellAlignment::Right
        });
    }
    picked
        .iter()
        .zip(shown)
        .filter(|(_, shown)| !shown)
        .map(|((_, column), _)| *column)
        .collect()
}

/// Narrows texts and leaves columns out until the table is as wide as `most`, or nothing more gives
/// way; which columns are shown.
fn fit(widths: &mut [u16], picked: &[(usize, &Column)], most: u16) -> Vec<bool> {
    let is_text = |at: usize| !picked[at].1.kind.is_number();
    // Ids are copied, so they stay in one line.
    let least: Vec<u16> = picked
        .iter()
        .zip(&*widths)
        .map(|((_, column), width)| {
            if column.name.ends_with("_id") {
                *width
            } else {
                TEXT_WIDTH_MIN
            }
        })
        .collect();
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
        let gives_way = |at: &usize| shown[*at] && is_text(*at);
        let spare: usize = (0..picked.len())
            .filter(gives_way)
            .map(|at| usize::from(widths[at].saturating_sub(least[at])))
            .sum();
        if excess(widths, &shown) <= spare {
            break;
        }
        shown[at] = false;
    }
    while excess(widths, &shown) > 0 {
        // The widest text gives way first.
        let gives_way = |at: &usize| shown[*at] && is_text(*at) && widths[*at] > least[*at];
        let Some(at) = (0..picked.len())
            .filter(gives_way)
            .max_by_key(|at| widths[*at])
        else {
            break;
        };
        widths[at] -= 1;
    }
    shown
}

/// The index of the column that judges this one.
pub(super) fn judge(columns: &[Column], column: &Column) -> Option<usize> {
    column
        .judged_by
        .and_then(|judge| columns.iter().position(|other| other.name == judge))
}

/// A column's header for people; that of money has its unit, yuan.
pub(super) fn header(column: &Column, locale: Locale) -> Cow<'_, str> {
    match (locale, column.kind) {
        (Locale::ZhCn, Kind::Fen) => Cow::Owned(format!("{}(元)", column.zh)),
        (Locale::En, Kind::Fen) => {
            Cow::Owned(format!("{}_yuan", column.name.trim_end_matches("_fen")))
        }
        (Locale::ZhCn, _) => Cow::Borrowed(&column.zh),
        (Locale::En, _) => Cow::Borrowed(&column.name),
    }
}

/// A verdict that adds nothing (`ok`, or no value to judge) has no word.
fn with_verdict(value: String, verdict: Option<(&Column, &Cell<'_>)>, locale: Locale) -> String {
    match verdict {
        Some((column, cell))
            if !matches!(cell.plain().as_ref(), "ok" | "" | "insufficient_data") =>
        {
            format!("{} {value}", shown(column, cell, locale))
                .trim_end()
                .to_owned()
        }
        _ => value,
    }
}

/// A cell as people see it.
pub(super) fn shown(column: &Column, cell: &Cell<'_>, locale: Locale) -> String {
    let masked = column.masks_phones.then(|| cell.masked());
    let cell = masked.as_ref().unwrap_or(cell);
    if let Some(text) = in_words(column.kind, cell, locale) {
        return text.into_owned();
    }
    match (column.kind, cell, locale) {
        (Kind::Percent, Cell::Float(x) | Cell::IndicatorCell(x, _), _) if x.is_finite() => {
            format!("{:.*}%", cell.decimals(column.kind), x * 100.0)
        }
        (Kind::Number, Cell::Float(x), _) if x.is_finite() && *x != 0.0 && x.abs() < 0.01 => {
            format!("{x:.1e}")
        }
        (Kind::Number, Cell::Float(x) | Cell::IndicatorCell(x, _), _) if x.is_finite() => {
            format!("{x:.*}", cell.decimals(column.kind))
        }
        (_, Cell::Null, _) => "-".to_owned(),
        (_, cell, _) => cell.plain().into_owned(),
    }
}

/// What people read in place of codes and of fen; none where a cell reads as it is, or is rounded.
pub(super) fn in_words<'a>(kind: Kind, cell: &'a Cell<'_>, locale: Locale) -> Option<Cow<'a, str>> {
    Some(match (kind, cell, locale) {
        (Kind::Code(word), Cell::Text(code), Locale::ZhCn) => Cow::Borrowed(word(code)),
        (Kind::Codes(word), Cell::List(codes), Locale::ZhCn) => Cow::Owned(
            codes
                .iter()
                .map(|code| word(code))
                .collect::<Vec<_>>()
                .join("、"),
        ),
        (Kind::Fen, Cell::Int(fen), _) => Cow::Owned(yuan(*fen)),
        (_, Cell::Bool(yes), Locale::ZhCn) => Cow::Borrowed(if *yes { "是" } else { "否" }),
        _ => return None,
    })
}

/// Sums go beyond what one amount may be, so this is not `Fen`'s own spelling.
pub(super) fn yuan(fen: i64) -> String {
    format!(
        "{}{}.{:02}",
        if fen < 0 { "-" } else { "" },
        fen.unsigned_abs() / 100,
        fen.unsigned_abs() % 100
    )
}

/// Lines as they are, with every other character that a terminal acts on as �: for what comes from
/// elsewhere.
#[must_use]
pub fn printable_lines(text: &str) -> String {
    text.split('\n')
        .map(|line| printable(line.strip_suffix('\r').unwrap_or(line)))
        .collect::<Vec<_>>()
        .join("\n")
}

/// The text with every character that a terminal acts on as �.
pub(super) fn printable(text: &str) -> Cow<'_, str> {
    if text.chars().any(acts_on_terminals) {
        Cow::Owned(
            text.chars()
                .map(|c| if acts_on_terminals(c) { '\u{fffd}' } else { c })
                .collect(),
        )
    } else {
        Cow::Borrowed(text)
    }
}
