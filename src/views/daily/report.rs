//! The daily report with what people read beside its rows: the name of the sheet, the caption, and
//! the reasons below the table.

use super::columns::DAILY;
use super::reasons::reasons;
use crate::domain::daily_row::ShownRow;
use crate::domain::locale::Locale;
use crate::report::{DailyReport, DailyTable, Reader};
use crate::views::column::moment;

/// Rows of one day in the columns of the report.
#[must_use]
pub(crate) const fn daily_table(rows: &[ShownRow], reader: Reader) -> DailyTable<'_> {
    DailyTable {
        columns: DAILY,
        rows,
        reader,
    }
}

/// The same with what people read beside them.
#[must_use]
pub(crate) fn daily_report(rows: &[ShownRow], reader: Reader) -> DailyReport<'_> {
    DailyReport {
        table: daily_table(rows, reader),
        sheet: sheet(rows, reader.locale),
        caption: rows
            .first()
            .map(|first| caption(first, rows, reader))
            .unwrap_or_default(),
        below: reasons,
    }
}

fn sheet(rows: &[ShownRow], locale: Locale) -> String {
    let report = locale.pick("日报", "daily report");
    match rows.first() {
        Some(ShownRow {
            row,
            version: Some(version),
            ..
        }) => format!("{report} {} v{version}", row.day),
        Some(ShownRow {
            row, version: None, ..
        }) => format!("{report} {}", row.day),
        None => report.to_owned(),
    }
}

/// Which day, which version, as of when: the rows share them with the first one. And how many
/// differ from that version.
fn caption(first: &ShownRow, rows: &[ShownRow], reader: Reader) -> Vec<String> {
    let (day, as_of) = (first.row.day, moment(reader.instants, first.as_of));
    let as_of = as_of.plain();
    let of = match (reader.locale, first.version) {
        (Locale::ZhCn, Some(version)) => {
            format!("日报 {day}  版本 {version}  取数时间 {as_of}")
        }
        (Locale::ZhCn, None) => format!("日报 {day}  未发布  取数时间 {as_of}"),
        (Locale::En, Some(version)) => {
            format!("Daily report {day}  version {version}  as of {as_of}")
        }
        (Locale::En, None) => format!("Daily report {day}  not published  as of {as_of}"),
    };
    let restated = match (
        reader.locale,
        rows.iter().filter(|shown| shown.restated).count(),
    ) {
        (_, 0) => None,
        (Locale::ZhCn, n) => Some(format!("与该版本不同的行 {n}")),
        (Locale::En, n) => Some(format!("rows that differ from that version {n}")),
    };
    [of].into_iter().chain(restated).collect()
}
