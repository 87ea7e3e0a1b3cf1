//! Every form of the report and of lists: table, JSON, CSV and XLSX.

use std::io::{self, Write};

use insta::assert_snapshot;
use serde_json::Value;

use super::workbook::unzip;
use super::*;
use crate::domain::locale::Locale;
use crate::report::{
    Cell, Column, ColumnKind, CsvEncoding, Figure, FigureUnit, Listing, Options, ReportError,
    ReportFormat,
};
use crate::views::daily::daily_report;
use crate::views::table_words::table_words;

fn write_report(
    rows: &[ShownRow],
    format: ReportFormat,
    options: &Options,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    daily_report(rows, options.reader()).write_report(format, options, out)
}

pub(super) fn bytes(rows: &[ShownRow], format: ReportFormat, options: Options) -> Vec<u8> {
    let mut out = Vec::new();
    write_report(rows, format, &options, &mut out).unwrap();
    out
}

pub(super) fn text(rows: &[ShownRow], format: ReportFormat) -> String {
    String::from_utf8(bytes(rows, format, Options::default())).unwrap()
}

#[test]
fn the_table_is_aligned_with_chinese_names() {
    assert_snapshot!(text(&plain_rows(), ReportFormat::Table));
}

#[test]
fn the_table_in_english_and_in_a_narrow_terminal_keeps_its_numbers_whole() {
    let options = Options {
        words: table_words(Locale::En),
        width: Some(110),
        ..Options::default()
    };
    assert_snapshot!(
        String::from_utf8(bytes(&plain_rows(), ReportFormat::Table, options)).unwrap()
    );
}

#[test]
fn a_narrow_terminal_keeps_every_line_within_its_width() {
    for locale in Locale::ALL {
        for width in [80, 92, 107, 120, 140, 155] {
            let options = Options {
                words: table_words(locale),
                width: Some(width),
                ..Options::default()
            };
            let table =
                String::from_utf8(bytes(&plain_rows(), ReportFormat::Table, options)).unwrap();
            // In these rows every character beyond Latin is two cells wide.
            let cells = |line: &str| {
                line.chars()
                    .map(|c| if c < '\u{2e80}' { 1 } else { 2 })
                    .sum::<usize>()
            };
            let widest = table.lines().map(cells).max().unwrap();
            assert!(widest <= usize::from(width), "{widest} of {width}\n{table}");
            assert!(table.contains("257.51") && table.contains("unassigned"));
            if locale == Locale::ZhCn {
                assert_eq!(table.contains("终端较窄,未列"), width < 155, "{table}");
            }
        }
    }
}

#[test]
fn the_table_says_below_why_which_rows_are_not_trusted() {
    let mut rows = plain_rows();
    let reasons = rows[0].row.trust_reasons.clone();
    rows[1].row.trust_reasons = reasons[..1].to_vec();
    let table = text(&rows, ReportFormat::Table);
    let below = table.split_once("\n\n").unwrap().1;
    assert_eq!(
        below.lines().map(str::trim_end).collect::<Vec<_>>(),
        [
            "涉及          存疑原因",
            "-------------------------------------------------------",
            "company、U01  未读过零点的数据源：boss-3",
            "company       平衡法离网率与成员流失率相差 3.2",
            "              个百分点",
        ],
        "{table}"
    );
    assert!(
        !text(&rows[2..], ReportFormat::Table).contains("存疑原因"),
        "none has a reason"
    );
}

#[test]
fn a_figure_has_its_own_unit_where_the_rows_of_a_list_differ() {
    let mut list = Listing::new(vec![
        Column::new("value", "值", ColumnKind::Number),
        Column::new("limit", "限值", ColumnKind::Number),
    ]);
    for (value, limit, unit) in [
        (0.030_004, 0.03, FigureUnit::Share),
        (290.697_674, 40.0, FigureUnit::Per10k),
        (54.5, 80.0, FigureUnit::Points),
        (7.0, 3.0, FigureUnit::OfColumn),
    ] {
        let figure = |value, beside| {
            Cell::Figure(Figure {
                value,
                beside: Some(beside),
                unit,
            })
        };
        list.push(vec![figure(value, limit), figure(limit, value)]);
    }
    let csv = |headers: Option<Locale>| {
        let mut out = Vec::new();
        let options = Options {
            headers: headers.map(table_words),
            byte_order_mark: false,
            ..Options::default()
        };
        list.write_listing(ReportFormat::Csv, &options, &mut out)
            .unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(
        csv(Some(Locale::ZhCn)),
        "值,限值\r\n3.0004%,3.0000%\r\n290.70/万,40.00/万\r\n54.50 分,80.00 分\r\n7.00,3.00\r\n"
    );
    assert!(csv(Some(Locale::En)).contains("290.70 per 10k,40.00 per 10k\r\n54.50 points,"));
    assert_eq!(
        csv(None),
        "value,limit\r\n0.030004,0.03\r\n290.697674,40\r\n54.5,80\r\n7,3\r\n",
        "exact for programs"
    );
    let mut out = Vec::new();
    list.write_listing(ReportFormat::Xlsx, &Options::default(), &mut out)
        .unwrap();
    let styles = &unzip(&out)["xl/styles.xml"];
    assert!(styles.contains("0.0000%"), "{styles}");
}

#[test]
fn a_list_fits_a_narrow_terminal_with_its_ids_whole_and_says_what_it_left_out() {
    let mut list = Listing::new(vec![
        Column::text("task_id", "任务"),
        Column::text("title", "事由"),
        Column::text("means", "手段").if_room(),
        Column::text("due_at", "期限").if_room(),
    ]);
    list.push(vec![
        "Td2acd820a2d88905".into(),
        "x".repeat(30).into(),
        "y".repeat(30).into(),
        "z".repeat(30).into(),
    ]);
    for (width, left_out) in [
        (34, "(终端较窄,未列: 手段, 期限)"),
        (50, "(终端较窄,未列: 期限)"),
        (80, ""),
    ] {
        let mut out = Vec::new();
        list.write_listing(
            ReportFormat::Table,
            &Options {
                width: Some(width),
                ..Options::default()
            },
            &mut out,
        )
        .unwrap();
        let table = String::from_utf8(out).unwrap();
        assert!(
            table.contains("Td2acd820a2d88905") && table.contains(left_out),
            "{table}"
        );
        assert!(
            table
                .lines()
                .filter(|line| line.is_ascii())
                .all(|line| line.len() <= usize::from(width) + 1),
            "{width}\n{table}"
        );
    }
}

#[test]
fn no_name_reaches_the_terminal_with_a_character_that_it_acts_on() {
    let table = text(&hostile_rows(), ReportFormat::Table);
    assert!(!table.chars().any(
        |c| (c.is_control() && c != '\n') || matches!(c, '\u{202e}' | '\u{2066}' | '\u{200b}')
    ));
    assert_snapshot!(table);
}

#[test]
fn json_has_the_fields_of_the_contract() {
    assert_snapshot!(text(&plain_rows(), ReportFormat::Json));
}

#[test]
fn json_of_hostile_names_reads_back_exactly() {
    let rows = hostile_rows();
    let json = text(&rows, ReportFormat::Json);
    assert!(!json.chars().any(|c| c.is_control() && c != '\n'));
    let Value::Array(read) = serde_json::from_str(&json).unwrap() else {
        panic!("no array")
    };
    let names: Vec<&str> = read
        .iter()
        .map(|row| row["name"].as_str().unwrap())
        .collect();
    assert_eq!(
        names,
        rows.iter()
            .map(|shown| shown.row.name.as_str())
            .collect::<Vec<_>>()
    );
    assert_eq!(
        read[0]["churn_rate"].as_f64(),
        rows[0].row.indicators[0].value
    );
}

#[test]
fn csv_begins_with_a_byte_order_mark_and_defuses_formulas() {
    let rows: Vec<ShownRow> = plain_rows().into_iter().chain(hostile_rows()).collect();
    let csv = text(&rows, ReportFormat::Csv);
    assert!(csv.starts_with("\u{feff}date,version,"));
    assert!(csv.contains("\r\n") && csv.ends_with("\r\n"));
    assert_snapshot!(csv.trim_start_matches('\u{feff}').replace("\r\n", "⏎\n"));
}

#[test]
fn an_empty_report_is_a_header_or_an_empty_array() {
    assert_eq!(
        serde_json::from_str::<Value>(&text(&[], ReportFormat::Json)).unwrap(),
        Value::Array(Vec::new())
    );
    assert_eq!(text(&[], ReportFormat::Csv).lines().count(), 1);
    assert!(text(&[], ReportFormat::Table).ends_with("(无记录)\n"));
    assert_eq!(
        &bytes(&[], ReportFormat::Xlsx, Options::default())[..4],
        b"PK\x03\x04"
    );
    assert_eq!(
        &bytes(&[], ReportFormat::Parquet, Options::default())[..4],
        b"PAR1"
    );
}

#[test]
#[should_panic(expected = "a row of a listing has a cell for each column")]
fn a_list_refuses_a_row_with_a_cell_missing() {
    Listing::new(vec![Column::text("a", "甲"), Column::text("b", "乙")]).push(vec![Cell::Null]);
}

/// A list with a cell of every kind.
fn alerts() -> Listing<'static> {
    let mut list = Listing::new(vec![
        Column::text("alert_id", "告警号"),
        Column::text("subject", "对象").masking(),
        Column::new("p", "概率", ColumnKind::Number),
        Column::new("k", "个数", ColumnKind::Count),
        Column::new("open", "未结", ColumnKind::Bool),
        Column::new("tasks", "任务", ColumnKind::List),
        Column::new("billed_fen", "金额", ColumnKind::Fen),
        Column::text("note", "备注").detail(),
    ]);
    list.push(vec![
        "A1".into(),
        "号码 13800008000".into(),
        1e-300.into(),
        3_i64.into(),
        true.into(),
        Cell::List(vec!["T1".into(), "T2".into()]),
        i64::MIN.into(),
        "=1".into(),
    ]);
    list.push(vec![
        Cell::Null,
        Cell::Null,
        0.1.into(),
        i64::MAX.into(),
        false.into(),
        Cell::List(Vec::new()),
        Cell::Null,
        Cell::Null,
    ]);
    list
}

#[test]
fn a_list_is_written_by_the_same_writers() {
    let list = alerts();
    let text = |format| {
        let mut out = Vec::new();
        list.write_listing(
            format,
            &Options {
                byte_order_mark: false,
                ..Options::default()
            },
            &mut out,
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_snapshot!("a_list_for_people", text(ReportFormat::Table));
    assert_snapshot!(
        "a_list_for_programs",
        format!("{}\n{}", text(ReportFormat::Json), text(ReportFormat::Csv))
    );
    let mut out = Vec::new();
    assert!(matches!(
        list.write_listing(ReportFormat::Parquet, &Options::default(), &mut out),
        Err(ReportError::NotForLists { .. })
    ));
    list.write_listing(ReportFormat::Xlsx, &Options::default(), &mut out)
        .unwrap();
    let texts = &unzip(&out)["xl/sharedStrings.xml"];
    assert!(texts.contains("号码 138****8000"));
    assert!(
        texts.contains("<t>-92233720368547758.08</t>")
            && texts.contains("<t>9223372036854775807</t>"),
        "exact, as text"
    );
}

/// Takes some bytes, then refuses.
struct Full(usize);

impl Write for Full {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 = self
            .0
            .checked_sub(bytes.len())
            .ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn an_output_that_refuses_is_an_error_in_every_format() {
    for format in ReportFormat::ALL {
        let error =
            write_report(&plain_rows(), format, &Options::default(), &mut Full(100)).unwrap_err();
        let ReportError::Output { source, .. } = &error else {
            panic!("{error}")
        };
        assert_eq!(
            source.kind(),
            io::ErrorKind::BrokenPipe,
            "{}",
            format.name()
        );
    }
}

#[test]
fn every_format_has_a_name_that_parses() {
    for format in ReportFormat::ALL {
        assert_eq!(ReportFormat::parse(format.name()), Some(format));
    }
    assert_eq!(
        (
            ReportFormat::parse("xls"),
            CsvEncoding::parse("GB18030"),
            CsvEncoding::parse("latin1")
        ),
        (None, Some(CsvEncoding::Gb18030), None)
    );
    assert_eq!(
        (Locale::parse("zh-CN"), Locale::parse("de")),
        (Some(Locale::ZhCn), None)
    );
}
