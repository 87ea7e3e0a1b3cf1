//! Several lists about one thing, as text and as JSON.

use crate::domain::locale::Locale;
use crate::report::document::Document;
use crate::report::{Cell, Column, ColumnKind, Listing, Options, ReportError, ReportFormat};
use crate::views::table_words::table_words;

fn document() -> Document<'static> {
    let mut one = Listing::new(vec![
        Column::text("group_id", "集团"),
        Column::text("note", "备注").masking().detail(),
        Column::text("parent", "上级"),
    ]);
    one.push(vec![
        "G1".into(),
        "call 13800008000\u{1b}[31m".into(),
        Cell::Null,
    ]);
    let mut many = Listing::new(vec![Column::new("k", "数", ColumnKind::Count)]);
    many.push(vec![Cell::Int(1)]);
    many.push(vec![Cell::Int(2)]);
    let empty = Listing::new(vec![Column::text("title", "事由")]);
    Document::default()
        .with_one("group", "集团", one)
        .with_many("counts", "计数", many)
        .with_many("projects", "项目", empty)
}

fn written(format: ReportFormat, locale: Locale) -> String {
    let mut out = Vec::new();
    document()
        .write_document(
            format,
            &Options {
                words: table_words(locale),
                ..Options::default()
            },
            &mut out,
        )
        .expect("written");
    String::from_utf8(out).expect("UTF-8")
}

#[test]
fn people_read_one_thing_line_by_line_and_many_as_a_table() {
    let text = written(ReportFormat::Table, Locale::ZhCn);
    assert!(
        text.starts_with("[集团]\n集团: G1\n备注: call 138****8000\u{fffd}[31m\n\n[计数]\n"),
        "{text}"
    );
    assert!(text.ends_with("(无记录)\n"), "{text}");
    assert!(written(ReportFormat::Table, Locale::En).starts_with("[group]\ngroup_id: G1\n"));
}

#[test]
fn several_texts_that_have_no_room_in_a_line_stand_below_their_name() {
    let mut one = Listing::new(vec![
        Column::new("means", "手段", ColumnKind::List),
        Column::new("checks", "先查", ColumnKind::List).masking(),
    ]);
    let texts = |texts: [&'static str; 2]| Cell::List(texts.map(Into::into).to_vec());
    let second = "致电 13800008000，问清原因，登记每户的需求、竞争对手的报价和合约到期日";
    one.push(vec![
        texts(["visit", "call"]),
        texts(["查三个月内的投诉和停机。", second]),
    ]);
    let mut out = Vec::new();
    Document::default()
        .with_one("task", "任务", one)
        .write_document(ReportFormat::Table, &Options::default(), &mut out)
        .expect("written");
    assert_eq!(
        String::from_utf8(out).expect("UTF-8"),
        "[任务]\n手段: visit; call\n先查:\n  - 查三个月内的投诉和停机。\n  - 致电 138****8000，问清原因，登记每户的需求、竞争对手的报价和合约到期日\n"
    );
}

#[test]
fn programs_read_one_array_of_one_object_with_a_key_for_each_section() {
    let read: serde_json::Value =
        serde_json::from_str(&written(ReportFormat::Json, Locale::ZhCn)).expect("JSON");
    let expected = serde_json::json!([{
        "group": { "group_id": "G1", "note": "call 138****8000\u{1b}[31m", "parent": null },
        "counts": [{ "k": 1 }, { "k": 2 }],
        "projects": [],
    }]);
    assert_eq!(read, expected);
}

#[test]
fn several_lists_are_no_csv() {
    let refused =
        document().write_document(ReportFormat::Csv, &Options::default(), &mut Vec::new());
    assert!(matches!(
        refused,
        Err(ReportError::NotForDocuments { format: "csv" })
    ));
}
