//! The report as CSV for people and their programs.

use encoding_rs::GB18030;
use serde_json::Value;

use super::forms::{bytes, text};
use super::workbook::unzip;
use super::*;
use crate::domain::locale::Locale;
use crate::domain::zone::Zone;
use crate::report::{Column, CsvEncoding, Instants, Listing, Options, ReportFormat};
use crate::views::table_words::table_words;

#[test]
fn csv_for_people_has_their_headings_words_yuan_and_local_times_and_ids_stay_text() {
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let text = |locale| {
        let options = Options {
            headers: Some(table_words(locale)),
            instants: Instants::Local(zone, Locale::ZhCn),
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
        zh.contains("2026-05-31,2,2026-06-02 01:00 北京时间,集团,G0001,")
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
    let lines = |headers: Option<Locale>| {
        let mut out = Vec::new();
        list.write_listing(
            ReportFormat::Csv,
            &Options {
                headers: headers.map(table_words),
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
    for (value, limit, expected) in [
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
        let for_people = Options {
            headers: Some(table_words(Locale::ZhCn)),
            ..Options::default()
        };
        let csv = String::from_utf8(bytes(&rows, ReportFormat::Csv, for_people)).unwrap();
        let rate = expected.trim_start_matches("超限 ");
        assert!(csv.contains(&format!(",{rate},")), "{rate}: {csv}");
        assert!(
            text(&rows, ReportFormat::Csv).contains(&format!(",{value},")),
            "exact for programs"
        );
        assert!(
            text(&rows, ReportFormat::Table).contains(&format!("{expected} ")),
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
        assert_eq!(styles.contains("0.0000%"), expected == "超限 3.0004%");
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
            encoding: CsvEncoding::Gb18030,
            ..Options::default()
        },
    );
    assert_ne!(national, bare);
    let (decoded, _, broken) = GB18030.decode(&national);
    assert_eq!((decoded.as_bytes(), broken), (bare.as_slice(), false));
}

#[test]
fn people_read_a_word_for_the_unit_of_those_without_one_and_programs_its_id() {
    let zone = Zone::parse("Asia/Shanghai").unwrap();
    let mut rows = plain_rows()[2..4].to_vec();
    for row in &mut rows {
        row.row.unit_id = Some("unassigned".to_owned());
    }
    let text = |format, headers: Option<Locale>, instants| {
        let options = Options {
            headers: headers.map(table_words),
            instants,
            words: table_words(headers.unwrap_or_default()),
            ..Options::default()
        };
        String::from_utf8(bytes(&rows, format, options)).unwrap()
    };
    for (locale, word) in [(Locale::ZhCn, "未划归单位"), (Locale::En, "No unit")] {
        let for_people = |format| text(format, Some(locale), Instants::Local(zone, locale));
        let csv = for_people(ReportFormat::Csv);
        assert!(
            csv.contains(&format!(",unassigned,{word},{word},"))
                && csv.contains(&format!(",成都天府软件园有限公司,{word},")),
            "{csv}"
        );
        let table = for_people(ReportFormat::Table);
        assert!(
            table.contains("unassigned") && table.contains(word),
            "{table}"
        );
    }
    assert!(
        text(ReportFormat::Csv, None, Instants::Utc).contains(",unassigned,unassigned,unassigned,")
    );
    assert!(
        text(ReportFormat::Json, None, Instants::Utc)
            .contains(r#""name":"unassigned","unit_id":"unassigned""#)
    );
}
