//! An Excel workbook: one sheet, a frozen bilingual header, numbers as numbers, values over a limit
//! coloured.
//!
//! It does not know what the columns mean. Texts are written as strings in cells formatted as text,
//! so none of them can become a formula, not even when a person edits the cell. Invariant: the same
//! rows give the same bytes; the workbook bears no time of its own.

use std::collections::BTreeMap;

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet,
    XlsxError,
};

use super::cell::{Cell, DECIMALS};
use super::column::{Column, ColumnKind};
use super::error::ReportError;
use super::figure::FigureUnit;
use super::table::{header, in_words, judge, printable};
use super::table_words::TableWords;
use super::widths::cells_wide;
use crate::domain::indicator::Verdict;
use crate::domain::trust::Trust;

/// Most rows of a workbook. A sheet could hold 1,048,575, but it is built in memory, about 5 kB a
/// row of the daily report.
pub(crate) const XLSX_ROWS_MAX: usize = 100_000;

/// 1970-01-01 as a sheet counts days.
const EPOCH_IN_SHEET: i32 = 25_569;

/// How many pages a report is wide in print, its frozen columns on each.
const PAGES_WIDE: u16 = 2;

/// A4, by Excel's number.
const PAPER_A4: u8 = 9;

/// Excel holds whole numbers up to this exactly; larger ones are written as text.
const EXACT_MAX: u64 = 1 << 53;

/// Widest column, in characters.
const WIDTH_MAX: usize = 40;

/// Most UTF-16 units of one cell.
const TEXT_UNITS_MAX: usize = 32_767;

/// How a cell is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum CellTone {
    Plain,
    Faint,
    Caution,
    Alarm,
}

impl CellTone {
    /// By a verdict or trust mark.
    fn of_code(code: &str) -> Self {
        match (Verdict::parse(code), Trust::parse(code)) {
            (Some(Verdict::Breach), _) | (_, Some(Trust::Failed)) => Self::Alarm,
            (Some(Verdict::Watch), _) | (_, Some(Trust::Warning)) => Self::Caution,
            (Some(Verdict::InsufficientData | Verdict::FeedIncomplete), _) => Self::Faint,
            (Some(Verdict::Ok) | None, Some(Trust::Ok) | None) => Self::Plain,
        }
    }

    fn on(self, format: Format) -> Format {
        match self {
            Self::Plain => format,
            Self::Faint => format.set_font_color(Color::RGB(0x80_80_80)),
            Self::Caution => format
                .set_font_color(Color::RGB(0x9C_57_00))
                .set_background_color(Color::RGB(0xFF_EB_9C)),
            Self::Alarm => format
                .set_font_color(Color::RGB(0x9C_00_06))
                .set_background_color(Color::RGB(0xFF_C7_CE)),
        }
    }
}

/// Number format and least width, in characters, of a kind.
const fn number_format(kind: ColumnKind) -> (&'static str, usize) {
    match kind {
        ColumnKind::Text
        | ColumnKind::Instant
        | ColumnKind::Code(_)
        | ColumnKind::Codes(_)
        | ColumnKind::List => ("@", 8),
        ColumnKind::Count => ("#,##0", 9),
        ColumnKind::Fen => ("#,##0.00", 16),
        ColumnKind::Thousandths => ("#,##0.0##", 14),
        ColumnKind::Percent => ("0.00%", 9),
        ColumnKind::Number => ("[=0]0.00;[<0.01]0.0E+00;#,##0.00", 10),
        ColumnKind::Bool => ("General", 7),
        ColumnKind::Day => ("yyyy-mm-dd", 10),
    }
}

/// Builds the workbook; `title` names its sheet, `frozen` columns stay in view beside the header.
///
/// # Errors
/// [`ReportError::TooManyRows`] above [`XLSX_ROWS_MAX`]; [`ReportError::Xlsx`] when the writer
/// refuses.
pub(crate) fn workbook<'a, R: AsRef<[Cell<'a>]>>(
    title: &str,
    columns: &[Column],
    rows: impl ExactSizeIterator<Item = R>,
    frozen: u16,
    words: &TableWords,
) -> Result<Vec<u8>, ReportError> {
    if rows.len() > XLSX_ROWS_MAX {
        return Err(ReportError::TooManyRows {
            format: "xlsx",
            rows: rows.len(),
            max: XLSX_ROWS_MAX,
        });
    }
    let (last_row, last_column) = (rows.len() as u32, columns.len().saturating_sub(1) as u16);
    let mut workbook = Workbook::new();
    // A fixed instant: the cells hold what the file is as of, and equal rows must give equal bytes.
    workbook.set_properties(
        &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
    );
    let sheet = workbook.add_worksheet();
    sheet
        .set_name(title)?
        .set_landscape()
        .set_paper_size(PAPER_A4)
        .set_repeat_rows(0, 0)?
        .set_freeze_panes(1, frozen)?;
    if let Some(last_frozen) = frozen.checked_sub(1) {
        sheet
            .set_repeat_columns(0, last_frozen)?
            .set_print_fit_to_pages(PAGES_WIDE, 0);
    }
    let mut widths = write_header(sheet, columns, words)?;
    let judges: Vec<Option<usize>> = columns
        .iter()
        .map(|column| judge(columns, column))
        .collect();
    let mut formats = BTreeMap::new();
    for (row, cells) in (1_u32..).zip(rows) {
        let cells = cells.as_ref();
        for (at, (column, cell)) in columns.iter().zip(cells).enumerate() {
            let tone = tone(column, judges[at].map_or(cell, |judge| &cells[judge]));
            let more = cell.decimals(column.kind) - DECIMALS;
            let unit = match cell {
                Cell::Figure(figure) => figure.unit,
                _ => FigureUnit::OfColumn,
            };
            let format = formats
                .entry((at, tone, more, unit))
                .or_insert_with(|| tone.on(plain_format(unit.kind(column.kind), more)));
            let width = write_cell(sheet, (row, at as u16), (column, cell), words, format)?;
            widths[at] = widths[at].max(width);
        }
    }
    for (at, width) in (0_u16..).zip(widths) {
        sheet.set_column_width(at, width.min(WIDTH_MAX) as f64 + 2.0)?;
    }
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(workbook.save_to_buffer()?)
}

/// By the verdict on a value, or by the code that the column itself holds.
fn tone(column: &Column, code: &Cell<'_>) -> CellTone {
    match code {
        Cell::Text(code)
            if column.judged_by.is_some() || matches!(column.kind, ColumnKind::Code(_)) =>
        {
            CellTone::of_code(code)
        }
        _ => CellTone::Plain,
    }
}

/// Texts have a small distance from the number before them.
fn plain_format(kind: ColumnKind, more_decimals: usize) -> Format {
    let format = number_format(kind).0;
    let format = Format::new().set_num_format(match more_decimals {
        0 => format.to_owned(),
        more => format.replace("0.00", &format!("0.00{}", "0".repeat(more))),
    });
    if kind.is_number() || matches!(kind, ColumnKind::Day | ColumnKind::Bool) {
        format
    } else {
        format.set_indent(1)
    }
}

/// Writes the header and returns how wide it needs each column, in characters.
fn write_header(
    sheet: &mut Worksheet,
    columns: &[Column],
    words: &TableWords,
) -> Result<Vec<usize>, XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0xDD_EB_F7))
        .set_border_bottom(FormatBorder::Thin)
        .set_num_format("@");
    sheet.set_row_height(0, 48)?;
    let mut widths = Vec::new();
    for (at, column) in (0_u16..).zip(columns) {
        // With spaces a name wraps between its words.
        let text = header(column, words).replace('_', " ");
        sheet.write_string_with_format(0, at, fitting(&text), &format)?;
        widths.push(
            text.split(' ')
                .map(|word| usize::from(cells_wide(word)))
                .chain([number_format(column.kind).1])
                .max()
                .unwrap_or_default(),
        );
    }
    Ok(widths)
}

/// Writes a cell and returns how wide its text is; numbers fit their kind's width.
fn write_cell(
    sheet: &mut Worksheet,
    (row, at): (u32, u16),
    (column, cell): (&Column, &Cell<'_>),
    words: &TableWords,
    format: &Format,
) -> Result<usize, XlsxError> {
    let masked = column.masks_phones.then(|| cell.masked());
    let text = match (column.kind, masked.as_ref().unwrap_or(cell)) {
        (_, Cell::Null) => {
            sheet.write_blank(row, at, format)?;
            return Ok(0);
        }
        (kind, cell) if let Some(number) = number(kind, cell) => {
            sheet.write_number_with_format(row, at, number, format)?;
            return Ok(0);
        }
        (kind, cell) => in_words(kind, cell, words)
            .unwrap_or_else(|| cell.plain())
            .into_owned(),
    };
    let text = fitting(&text);
    let wide = usize::from(cells_wide(&text));
    sheet.write_string_with_format(row, at, text, format)?;
    Ok(wide)
}

/// The cell as a sheet's number, where it is one that a sheet holds exactly.
fn number(kind: ColumnKind, cell: &Cell<'_>) -> Option<f64> {
    match cell {
        Cell::Float(_) | Cell::Figure(_) => cell.quotient(),
        Cell::Int(n) | Cell::Thousandths(n) if n.unsigned_abs() > EXACT_MAX => None,
        Cell::Int(n) => Some(
            *n as f64
                / if matches!(kind, ColumnKind::Fen) {
                    100.0
                } else {
                    1.0
                },
        ),
        Cell::Thousandths(n) => Some(*n as f64 / 1000.0),
        // Days as a sheet counts them; it has none before 1900-03-01 that all programs agree on.
        Cell::Day(day) => Some(f64::from(day.number() + EPOCH_IN_SHEET)).filter(|n| *n > 60.0),
        Cell::Null | Cell::Bool(_) | Cell::Instant(_) | Cell::Text(_) | Cell::List(_) => None,
    }
}

/// The text in one line, without the characters that a sheet cannot hold or show, and cut to what a
/// cell holds.
fn fitting(text: &str) -> String {
    let mut units = 0;
    let line = text.lines().collect::<Vec<_>>().join(" ");
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= TEXT_UNITS_MAX
    };
    printable(&line).chars().take_while(fits).collect()
}
