//! What one reader is shown holds no word of the other language: every snapshot of the project is
//! scanned, so that a code without a word is found wherever it is shown.
//!
//! What people and customers wrote is data, and stays as it was written: a snapshot's data are the
//! texts in the fixtures and in the test that made it. What is kept of other programs is quoted
//! behind a mark, commands and settings between backticks.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use crate::domain::locale::Locale::{self, En, ZhCn};

/// Snapshots whose names do not end in a language: for whom each is.
const READERS: [(&str, Option<Locale>); 13] = [
    ("demo__manager", Some(ZhCn)),
    ("demo__supervisor", Some(ZhCn)),
    ("demo__unit_head", Some(ZhCn)),
    ("the_table_is_aligned_with_chinese_names", Some(ZhCn)),
    (
        "the_table_in_english_and_in_a_narrow_terminal_keeps_its_numbers_whole",
        Some(En),
    ),
    ("changes_for_people", Some(ZhCn)),
    ("a_list_for_people", Some(ZhCn)),
    // For programs: names of fields, and codes.
    ("json_has_the_fields_of_the_contract", None),
    (
        "csv_begins_with_a_byte_order_mark_and_defuses_formulas",
        None,
    ),
    ("changes_for_programs", None),
    ("a_list_for_programs", None),
    ("a_list_keeps_its_names_and_their_order", None),
    // Names as an attacker chooses them.
    (
        "no_name_reaches_the_terminal_with_a_character_that_it_acts_on",
        None,
    ),
];

/// Texts of some snapshots that are neither words of the program nor literals of a fixture: where,
/// and which.
const DATA: [(&str, &[&str]); 6] = [
    // What the tests write around a mail.
    (".text.snap", &["Subject:"]),
    ("demo__manager.snap", &["+ calendar"]),
    // A customer that has an English name.
    ("__reminder.zh-CN.", &["Guiyang Huaxi Logistics"]),
    // The name of a source.
    ("__ops_notice.zh-CN.", &["boss.events-3"]),
    // Ids of scopes, which are typed into commands, the name of a source, and that of a customer.
    (
        "the_table_is_aligned_with_chinese_names.snap",
        &["company", "unassigned", "boss-3", "Ünïcode"],
    ),
    // Names that a narrow table wraps.
    (
        "the_table_in_english_and_in_a_narrow_terminal_keeps_its_numbers_whole.snap",
        &[
            "成都高新分公",
            " 司",
            "成都天府软件",
            "园有限公司",
            "株式会社",
        ],
    ),
];

/// What other programs, or errors, are quoted behind.
const QUOTED_BEHIND: &str = "原文：";

#[test]
fn no_snapshot_holds_a_word_of_the_other_language() {
    let (mut read, mut faults) = (BTreeSet::new(), Vec::new());
    for file in snapshots() {
        let name = file.file_name().expect("a file").to_string_lossy();
        let Some(locale) = reader_of(&name) else {
            continue;
        };
        let text = fs::read_to_string(&file).expect("a snapshot");
        let (head, body) = text
            .trim_start_matches("---\n")
            .split_once("\n---\n")
            .expect("a head");
        let made_by = head
            .lines()
            .find_map(|line| line.strip_prefix("source: "))
            .expect("the test that made it");
        let mut visible = visible_text(&name, body);
        for text in DATA
            .iter()
            .filter(|(of, _)| name.contains(of))
            .flat_map(|(_, texts)| texts.iter())
        {
            assert!(
                visible.contains(text),
                "{name} has no `{text}` any more: DATA has it"
            );
            visible = visible.replace(text, " ");
        }
        let foreign = foreign_words(&visible, &data(made_by), locale);
        if !foreign.is_empty() {
            faults.push(format!("{name} in {} says {foreign:?}", locale.name()));
        }
        read.insert((locale.name(), made_by.to_owned()));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    // Mails and the report in both, changes and the demo's in Chinese.
    assert_eq!(read.len(), 6, "{read:?}");
}

#[test]
fn a_single_code_in_a_chinese_text_is_found_and_a_chinese_word_in_an_english_one() {
    let spoken =
        |what: &str| format!("【预警】星辰：{what} 3 户，见 `sisan tasks show`，T0123456789abcdef");
    for code in ["port_out", "batch_leave", "negotiation", "done", "G1/lost"] {
        assert_eq!(foreign_words(&spoken(code), &[], ZhCn), [code]);
    }
    assert!(foreign_words(&spoken("离网"), &[], ZhCn).is_empty());
    let quoted = "投递失败，答复或错误原文：connect: refused\n任务 done";
    assert_eq!(foreign_words(quoted, &[], ZhCn), ["done"]);
    let english = "2 alerts of 王芳: 预警";
    assert_eq!(foreign_words(english, &["王芳".to_owned()], En), ["预警"]);
    let html =
        "<style>.a{color:red}</style><p title=\"port_out\">离网&amp;携转 <b>port_out</b></p>";
    assert_eq!(foreign_words(&without_tags(html), &[], ZhCn), ["port_out"]);
}

/// For whom a snapshot is; none where it is for programs. One of which that is not known fails.
fn reader_of(name: &str) -> Option<Locale> {
    let in_name = Locale::ALL
        .into_iter()
        .find(|locale| name.contains(&format!(".{}.", locale.name())));
    if in_name.is_some() {
        return in_name;
    }
    let stem = name.trim_end_matches(".snap");
    READERS
        .into_iter()
        .find(|(known, _)| stem.ends_with(known))
        .unwrap_or_else(|| panic!("{name}: state in READERS in which language it is"))
        .1
}

fn snapshots() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("tests")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "snap") {
                found.push(path);
            }
        }
    }
    found
}

/// What a reader sees of a snapshot, in one line a line.
fn visible_text(name: &str, body: &str) -> String {
    if name.contains(".html") {
        without_tags(body)
    } else {
        // The demo's have the file name of a mail above it.
        body.lines()
            .map(|line| match line.strip_prefix("──── ") {
                Some(file) => file.split_once(' ').map_or("", |(_, rest)| rest),
                None => line,
            })
            .collect::<Vec<_>>()
            .join("\n")
    }
}

fn without_tags(html: &str) -> String {
    let mut text = String::new();
    for (at, styled) in html.split("<style").enumerate() {
        let shown = match at {
            0 => styled,
            _ => styled.split_once("</style>").map_or("", |(_, rest)| rest),
        };
        for (at, part) in shown.split('<').enumerate() {
            let shown = match at {
                0 => part,
                _ => part.split_once('>').map_or("", |(_, rest)| rest),
            };
            text.push_str(shown);
            text.push(' ');
        }
    }
    [
        "&amp;", "&lt;", "&gt;", "&quot;", "&#x27;", "&#x2f;", "&nbsp;",
    ]
    .into_iter()
    .fold(text, |text, entity| text.replace(entity, " "))
}

/// The Chinese texts in the fixtures and in a test, the longest first; what is between them in
/// a format is not.
fn data(made_by: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let samples = fs::read_dir(root.join("src/notify/samples"))
        .expect("the samples")
        .map(|entry| entry.expect("a file").path());
    let sources = [
        root.join(made_by),
        root.join("src/notify/fixtures.rs"),
        root.join("src/views/tests/mod.rs"),
    ];
    let mut texts = BTreeSet::new();
    for source in sources.into_iter().chain(samples) {
        let source = fs::read_to_string(&source).expect("a source file");
        // Every second part of a source without escaped quotes is a literal.
        let source = source.replace("\\\"", " ");
        for literal in source.split('"').skip(1).step_by(2) {
            let parts = literal.split(['{', '}']).step_by(2).map(str::trim);
            texts.extend(
                parts
                    .filter(|part| part.chars().filter(|c| is_chinese(*c)).count() > 1)
                    .map(str::to_owned),
            );
        }
    }
    let mut texts: Vec<String> = texts.into_iter().collect();
    texts.sort_by_key(|text| std::cmp::Reverse(text.len()));
    texts
}

fn is_chinese(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

/// The words of the other language in a text, apart from its data.
fn foreign_words(text: &str, data: &[String], locale: Locale) -> Vec<String> {
    let is_of_word = |c: char| match locale {
        ZhCn => c.is_ascii_alphanumeric() || "._@/:+-".contains(c),
        En => is_chinese(c),
    };
    let is_word = |word: &&str| match locale {
        ZhCn => {
            word.chars().filter(char::is_ascii_lowercase).count() >= 3
                && !is_id(word)
                && !word.contains("://")
        }
        En => !word.is_empty(),
    };
    let spoken: String = text.lines().map(spoken).collect::<Vec<_>>().join(" \n ");
    let without = |text: String, data: &str| text.replace(data, " ");
    let spoken = match locale {
        // Only there are Chinese literals foreign.
        En => data.iter().map(String::as_str).fold(spoken, without),
        ZhCn => spoken,
    };
    spoken
        .split(|c| !is_of_word(c))
        .filter(is_word)
        .map(str::to_owned)
        .collect()
}

/// A line without what it quotes.
fn spoken(line: &str) -> String {
    let line = line
        .split_once(QUOTED_BEHIND)
        .map_or(line, |(before, _)| before);
    line.split('`').step_by(2).collect()
}

/// An id of an alert, a task or a mail.
fn is_id(word: &str) -> bool {
    word.len() == 17
        && word.starts_with(|c: char| c.is_ascii_uppercase())
        && word[1..].chars().all(|c| c.is_ascii_hexdigit())
}
