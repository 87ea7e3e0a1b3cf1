//! An Excel workbook: one sheet, a frozen bilingual header, numbers as numbers, values over a limit coloured.
//!
//! It does not know what the columns mean. Texts are written as strings in cells formatted as text, so none of them can
//! become a formula, not even when a person edits the cell.
//! Invariant: the same rows give the same bytes; the workbook bears no time of its own.

use std::collections::BTreeMap;

use rust_xlsxwriter::{Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError};

use super::cell::{Cell, Column, Kind};
use super::error::ReportError;
use super::table::{Language, header, judge, printable};

/// Most rows of a workbook: a sheet ends at 1,048,576 with the header, but it is built in memory.
pub const XLSX_ROWS_MAX: usize = 200_000;

/// Excel holds whole numbers up to this exactly; larger ones are written as text.
const EXACT_MAX: u64 = 1 << 53;

/// Most UTF-16 units of one cell.
const TEXT_UNITS_MAX: usize = 32_767;

/// How a cell is coloured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tone {
    Plain,
    Faint,
    Caution,
    Alarm,
}

impl Tone {
    /// By a verdict or trust mark.
    fn of(code: &str) -> Self {
        match code {
            "breach" | "failed" => Self::Alarm,
            "watch" | "warning" => Self::Caution,
            "insufficient_data" | "feed_incomplete" => Self::Faint,
            _ => Self::Plain,
        }
    }

    fn on(self, format: Format) -> Format {
        match self {
            Self::Plain => format,
            Self::Faint => format.set_font_color(Color::RGB(0x80_80_80)),
            Self::Caution => format.set_font_color(Color::RGB(0x9C_57_00)).set_background_color(Color::RGB(0xFF_EB_9C)),
            Self::Alarm => format.set_font_color(Color::RGB(0x9C_00_06)).set_background_color(Color::RGB(0xFF_C7_CE)),
        }
    }
}

/// Number format and width, in characters, of a kind.
const fn look(kind: Kind) -> (&'static str, f64) {
    match kind {
        Kind::Text | Kind::Instant => ("@", 22.0),
        Kind::Code(_) => ("@", 12.0),
        Kind::List => ("@", 30.0),
        Kind::Count => ("#,##0", 11.0),
        Kind::Fen => ("#,##0.00", 16.0),
        Kind::Thousandths => ("#,##0.0##", 14.0),
        Kind::Percent => ("0.00%", 12.0),
        Kind::Number => ("#,##0.00", 12.0),
        Kind::Bool => ("General", 9.0),
        Kind::Day => ("yyyy-mm-dd", 12.0),
    }
}

/// Builds the workbook; `title` names its sheet, `frozen` columns stay in view beside the header.
///
/// # Errors
/// [`ReportError::TooManyRows`] above [`XLSX_ROWS_MAX`]; [`ReportError::Xlsx`] when the writer refuses.
pub fn workbook<'a, R: AsRef<[Cell<'a>]>>(
    title: &str,
    columns: &[Column],
    rows: impl ExactSizeIterator<Item = R>,
    frozen: u16,
) -> Result<Vec<u8>, ReportError> {
    if rows.len() > XLSX_ROWS_MAX {
        return Err(ReportError::TooManyRows { format: "xlsx", rows: rows.len(), max: XLSX_ROWS_MAX });
    }
    let (last_row, last_column) = (rows.len() as u32, columns.len().saturating_sub(1) as u16);
    let mut workbook = Workbook::new();
    // A fixed instant: the file says in its cells what it is as of, and equal rows must give equal bytes.
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let sheet = workbook.add_worksheet();
    sheet.set_name(title)?.set_landscape().set_print_fit_to_pages(1, 0).set_repeat_rows(0, 0)?.set_freeze_panes(1, frozen)?;
    write_header(sheet, columns)?;
    let judges: Vec<Option<usize>> = columns.iter().map(|column| judge(columns, column)).collect();
    let mut formats = BTreeMap::new();
    for (row, cells) in (1_u32..).zip(rows) {
        let cells = cells.as_ref();
        for (at, (column, cell)) in (0_u16..).zip(columns.iter().zip(cells)) {
            let code = judges[usize::from(at)].map_or(cell, |judge| &cells[judge]);
            let tone = match (column.kind, code) {
                (Kind::Code(_), Cell::Text(code)) => Tone::of(code),
                (_, Cell::Text(code)) if column.judged_by.is_some() => Tone::of(code),
                _ => Tone::Plain,
            };
            let format = formats.entry((at, tone)).or_insert_with(|| tone.on(Format::new().set_num_format(look(column.kind).0)));
            write_cell(sheet, (row, at), column, cell, format)?;
        }
    }
    sheet.autofilter(0, 0, last_row, last_column)?;
    Ok(workbook.save_to_buffer()?)
}

fn write_header(sheet: &mut Worksheet, columns: &[Column]) -> Result<(), XlsxError> {
    let format = Format::new()
        .set_bold()
        .set_text_wrap()
        .set_align(FormatAlign::Center)
        .set_align(FormatAlign::VerticalCenter)
        .set_background_color(Color::RGB(0xDD_EB_F7))
        .set_border_bottom(FormatBorder::Thin)
        .set_num_format("@");
    sheet.set_row_height(0, 48)?;
    for (at, column) in (0_u16..).zip(columns) {
        let (zh, en) = (header(column, Language::Zh), header(column, Language::En));
        let text = if zh == en { zh.into_owned() } else { format!("{zh}\n{en}") };
        sheet.write_string_with_format(0, at, fitting(&text), &format)?;
        sheet.set_column_width(at, look(column.kind).1)?;
    }
    Ok(())
}

fn write_cell(sheet: &mut Worksheet, (row, at): (u32, u16), column: &Column, cell: &Cell<'_>, format: &Format) -> Result<(), XlsxError> {
    let masked = column.masks_phones.then(|| cell.masked());
    match (column.kind, masked.as_ref().unwrap_or(cell)) {
        (_, Cell::Null) => sheet.write_blank(row, at, format)?,
        (_, Cell::Bool(yes)) => sheet.write_boolean_with_format(row, at, *yes, format)?,
        (_, Cell::Float(x)) if x.is_finite() => sheet.write_number_with_format(row, at, *x, format)?,
        (kind, Cell::Int(n)) if n.unsigned_abs() <= EXACT_MAX => {
            sheet.write_number_with_format(row, at, *n as f64 / if matches!(kind, Kind::Fen) { 100.0 } else { 1.0 }, format)?
        }
        (_, Cell::Thousandths(n)) if n.unsigned_abs() <= EXACT_MAX => {
            sheet.write_number_with_format(row, at, *n as f64 / 1000.0, format)?
        }
        (_, Cell::Day(day)) => match ExcelDateTime::parse_from_str(&day.to_string()) {
            Ok(date) => sheet.write_datetime_with_format(row, at, &date, format)?,
            // Before 1900 or after 9999 a sheet has no dates.
            Err(_) => sheet.write_string_with_format(row, at, day.to_string(), format)?,
        },
        (Kind::Code(word), Cell::Text(code)) => {
            let zh = word(code);
            let text = if zh == code { code.to_string() } else { format!("{zh} {code}") };
            sheet.write_string_with_format(row, at, fitting(&text), format)?
        }
        (_, cell) => sheet.write_string_with_format(row, at, fitting(&cell.plain()), format)?,
    };
    Ok(())
}

/// The text without the characters that a sheet cannot hold or show, and cut to what a cell holds.
fn fitting(text: &str) -> String {
    let mut units = 0;
    text.split('\n')
        .map(printable)
        .collect::<Vec<_>>()
        .join("\n")
        .chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= TEXT_UNITS_MAX
        })
        .collect()
}
