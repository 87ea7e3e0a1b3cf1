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
use super::column::{Column, ColumnKind, InTable};
use super::figure::{Figure, FigureUnit};
use super::table_words::TableWords;
use super::widths::{Bounds, fit};
use crate::domain::locale::Locale;

/// Texts wider than this are wrapped.
const TEXT_WIDTH_MAX: u16 = 40;

/// Writes the header and all rows; each row has a cell for each column.
///
/// In a terminal of a known width, texts and headers are wrapped first, then columns that may be
/// left out are, then words are parted from the numbers behind them; what is still too wide runs
/// over, since cut numbers would be wrong numbers.
///
/// # Errors
/// What `out` refuses.
pub(crate) fn write_table<'a, R: AsRef<[Cell<'a>]>>(
    columns: &[Column],
    rows: impl Iterator<Item = R>,
    words: &TableWords,
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
            .map(|(_, column)| printable(&heading(column, words)).into_owned()),
    );
    let mut bounds: Vec<Bounds> = picked
        .iter()
        .map(|(_, column)| Bounds::of_header(&heading(column, words)))
        .collect();
    for row in rows {
        let cells = row.as_ref();
        let texts = picked.iter().zip(&judges).map(|((at, column), judge)| {
            let value = shown(column, &cells[*at], words);
            let judge = judge.map(|at| (&columns[at], &cells[at]));
            printable(&with_verdict(value, judge, words)).into_owned()
        });
        table.add_row(texts.zip(&mut bounds).map(|(text, bounds)| {
            bounds.widen(&text);
            text
        }));
    }
    for ((_, column), bounds) in picked.iter().zip(&mut bounds) {
        bounds.settle(column);
    }
    let left_out = arrange(&mut table, &picked, &bounds, width);
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    if table.is_empty() {
        writeln!(out, "{}", words.no_rows)?;
    }
    write_left_out(&left_out, words, width, out)
}

/// Which columns there was no room for, if any.
fn write_left_out(
    left_out: &[&Column],
    words: &TableWords,
    width: Option<u16>,
    out: &mut dyn Write,
) -> io::Result<()> {
    if left_out.is_empty() {
        return Ok(());
    }
    let names: Vec<_> = left_out
        .iter()
        .map(|column| heading(column, words))
        .collect();
    let remark = format!("({}: {})", words.left_out, printable(&names.join(", ")));
    write_wrapped(remark, width, out)
}

fn write_wrapped(text: String, width: Option<u16>, out: &mut dyn Write) -> io::Result<()> {
    let mut table = Table::new();
    table.load_style(NOTHING);
    table.add_row([text]);
    if let Some(column) = table.column_mut(0) {
        column.set_padding((0, 0));
        column.set_constraint(width.map_or(ColumnConstraint::ContentWidth, |most| {
            ColumnConstraint::UpperBoundary(Width::Fixed(most))
        }));
    }
    for line in table.lines() {
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Sets alignment and widths, and hides what has no room; returns what it hid.
fn arrange<'c>(
    table: &mut Table,
    picked: &[(usize, &'c Column)],
    bounds: &[Bounds],
    width: Option<u16>,
) -> Vec<&'c Column> {
    let is_text = |at: usize| !picked[at].1.kind.is_number();
    let mut widths: Vec<u16> = table.column_max_content_widths();
    widths.resize(picked.len(), 0);
    // Where a text is all there is, it reads as it was written.
    if picked.len() > 1 {
        for (_, width) in widths.iter_mut().enumerate().filter(|(at, _)| is_text(*at)) {
            *width = (*width).min(TEXT_WIDTH_MAX);
        }
    }
    let shown = match width {
        Some(most) => fit(&mut widths, picked, bounds, most),
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

/// The index of the column that judges this one.
pub(super) fn judge(columns: &[Column], column: &Column) -> Option<usize> {
    column
        .judged_by
        .and_then(|judge| columns.iter().position(|other| other.name == judge))
}

/// A column's header above a table, where names of fields are words.
fn heading<'a>(column: &'a Column, words: &TableWords) -> Cow<'a, str> {
    match words.locale {
        Locale::ZhCn => header(column, words),
        Locale::En => Cow::Owned(header(column, words).replace('_', " ")),
    }
}

/// A column's header for people; that of money has its unit, yuan.
pub(crate) fn header<'a>(column: &'a Column, words: &TableWords) -> Cow<'a, str> {
    match (words.locale, column.kind) {
        (Locale::ZhCn, ColumnKind::Fen) => Cow::Owned(format!("{}{}", column.zh, words.yuan)),
        (Locale::En, ColumnKind::Fen) => Cow::Owned(format!(
            "{}{}",
            column.name.trim_end_matches("fen"),
            words.yuan
        )),
        (Locale::ZhCn, _) => Cow::Borrowed(&column.zh),
        (Locale::En, _) => Cow::Borrowed(&column.name),
    }
}

/// A verdict that adds nothing (`ok`, or no value to judge) has no word.
fn with_verdict(
    value: String,
    verdict: Option<(&Column, &Cell<'_>)>,
    words: &TableWords,
) -> String {
    match verdict {
        Some((column, cell))
            if !matches!(cell.plain().as_ref(), "ok" | "" | "insufficient_data") =>
        {
            // With spaces it is wrapped between its words.
            format!("{} {value}", shown(column, cell, words).replace('_', " "))
                .trim_end()
                .to_owned()
        }
        _ => value,
    }
}

/// A cell as people see it.
pub(crate) fn shown(column: &Column, cell: &Cell<'_>, words: &TableWords) -> String {
    let masked = column.masks_phones.then(|| cell.masked());
    let cell = masked.as_ref().unwrap_or(cell);
    if let Some(text) = in_words(column.kind, cell, words) {
        return text.into_owned();
    }
    match cell {
        Cell::Null => "-".to_owned(),
        cell => rounded(column.kind, cell, words).unwrap_or_else(|| cell.plain().into_owned()),
    }
}

/// A cell as a file for people has it; none where that is how programs read it, too.
pub(super) fn for_people<'a>(
    kind: ColumnKind,
    cell: &'a Cell<'_>,
    words: &TableWords,
) -> Option<Cow<'a, str>> {
    in_words(kind, cell, words).or_else(|| rounded(kind, cell, words).map(Cow::Owned))
}

/// A quotient with as many digits as people need, and its unit where its column does not say it.
pub(super) fn rounded(
    of_column: ColumnKind,
    cell: &Cell<'_>,
    words: &TableWords,
) -> Option<String> {
    let (x, decimals) = (cell.quotient()?, cell.decimals(of_column));
    let unit = match cell {
        Cell::Figure(Figure { unit, .. }) => match unit {
            FigureUnit::Per10k => words.per_10k,
            FigureUnit::Points => words.points,
            FigureUnit::OfColumn | FigureUnit::Share => "",
        },
        _ => "",
    };
    match (cell.kind(of_column), cell) {
        (ColumnKind::Percent, _) => Some(format!("{:.decimals$}%", x * 100.0)),
        (ColumnKind::Number, Cell::Float(_)) if x != 0.0 && x.abs() < 0.01 => {
            Some(format!("{x:.1e}"))
        }
        (ColumnKind::Number, _) => Some(format!("{x:.decimals$}{unit}")),
        _ => None,
    }
}

/// What people read in place of codes and of fen; none where a cell reads as it is, or is rounded.
pub(super) fn in_words<'a>(
    kind: ColumnKind,
    cell: &'a Cell<'_>,
    words: &TableWords,
) -> Option<Cow<'a, str>> {
    Some(match (kind, cell, words.locale) {
        (ColumnKind::Code(word), Cell::Text(code), Locale::ZhCn) => Cow::Borrowed(word(code)),
        (ColumnKind::Codes(word), Cell::List(codes), Locale::ZhCn) => Cow::Owned(
            codes
                .iter()
                .map(|code| word(code))
                .collect::<Vec<_>>()
                .join(words.separator),
        ),
        (ColumnKind::Codes(_), Cell::List(codes), Locale::En) => {
            Cow::Owned(codes.join(words.separator))
        }
        (ColumnKind::Fen, Cell::Int(fen), _) => Cow::Owned(yuan(*fen)),
        (_, Cell::Bool(yes), _) => Cow::Borrowed(if *yes { words.yes } else { words.no }),
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
