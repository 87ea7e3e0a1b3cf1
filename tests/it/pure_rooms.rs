//! Deciding is pure, and what is left is thin: what of a module others may use, and what a source may
//! not do. Who may use whom at all, `architecture` holds.

use std::fs;
use std::path::Path;

use crate::architecture::{modules, sources};

/// What others may use of a module: of `notify` its pure half to decide and its words in what people
/// see, of `report` cells, columns and documents. Tests may also use what they compare or make.
const OF_MODULES: [(&str, &str, &[&str], &[&str]); 4] = [
    (
        "plan",
        "notify",
        &[
            "address", "compose", "digest", "mime", "retry", "room", "template", "words",
        ],
        &["samples"],
    ),
    ("simulate", "notify", &["words"], &[]),
    ("views", "notify", &["words"], &[]),
    (
        "views",
        "report",
        &[
            "Cell",
            "Column",
            "ColumnKind",
            "DailyReport",
            "DailyTable",
            "Document",
            "Figure",
            "FigureUnit",
            "Instants",
            "Listing",
            "Reader",
            "TableWords",
            "as_they_stand",
            "daily_column",
            "publish",
            "table",
        ],
        &[
            "CsvEncoding",
            "Options",
            "ReportError",
            "ReportFormat",
            "document",
            "xlsx",
        ],
    ),
];

/// What a text uses of a module, in a list or alone.
fn used_of<'a>(text: &'a str, module: &str) -> Vec<&'a str> {
    let path = format!("crate::{module}::");
    let is_other = |c: char| !c.is_alphanumeric() && c != '_';
    let named = text.match_indices(&path).flat_map(|(at, _)| {
        let rest = &text[at + path.len()..];
        match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or_default().split(','),
            None => rest.split(is_other).next().unwrap_or_default().split(','),
        }
    });
    let word = |part: &'a str| part.trim().split(is_other).next().unwrap_or_default();
    named.map(word).filter(|word| !word.is_empty()).collect()
}

/// A source without its tests, and these.
fn apart_from_tests(file: &Path) -> (String, String) {
    let text = fs::read_to_string(file).expect("a source file");
    let is_of_tests = file
        .strip_prefix(env!("CARGO_MANIFEST_DIR"))
        .expect("it lies within")
        .iter()
        .filter_map(|part| part.to_str())
        .any(|part| part.trim_end_matches(".rs").ends_with("tests"));
    match text.split_once("#[cfg(test)]\nmod tests {") {
        _ if is_of_tests => (String::new(), text),
        Some((source, tests)) => (source.to_owned(), tests.to_owned()),
        None => (text, String::new()),
    }
}

#[test]
fn deciding_neither_queues_nor_sends_mails_and_views_write_no_files() {
    let mut faults = Vec::new();
    for (module, of, may_use, tests_may_use) in OF_MODULES {
        for file in sources(module) {
            let (source, tests) = apart_from_tests(&file);
            let faulty = used_of(&source, of)
                .into_iter()
                .filter(|part| !may_use.contains(part));
            let faulty_in_tests = used_of(&tests, of)
                .into_iter()
                .filter(|part| !may_use.contains(part) && !tests_may_use.contains(part));
            faults.extend(
                faulty
                    .chain(faulty_in_tests)
                    .map(|part| format!("{} uses {of}::{part}", file.display())),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// Modules that decide: values in, values out. Of `notify` it is all but delivering and sending.
const PURE: [&str; 6] = [
    "decode",
    "domain",
    "evaluate",
    "follow_up",
    "notify",
    "plan",
];

/// What waits, speaks or runs on several cores.
const IMPURE: [&str; 5] = ["async", "await", "rayon", "tokio", "tracing"];

/// Mails of a morning are written on every core, in the order in which they are composed.
const ON_EVERY_CORE: &str = "notify/compose.rs";

#[test]
fn what_decides_neither_waits_nor_logs() {
    let is_delivering = |file: &Path| {
        let file = file.to_string_lossy();
        [
            "notify/deliver.rs",
            "notify/mailer/",
            "notify/tests/deliver.rs",
        ]
        .iter()
        .any(|part| file.contains(part))
    };
    let mut faults = Vec::new();
    for file in PURE.into_iter().flat_map(sources) {
        let text = fs::read_to_string(&file).expect("a source file");
        let may_use_cores = file.ends_with(ON_EVERY_CORE);
        for line in text.lines().filter(|_| !is_delivering(&file)) {
            let code = line.split("//").next().unwrap_or_default();
            let mut words = code.split(|c: char| !c.is_alphanumeric() && c != '_');
            faults.extend(
                words
                    .find(|word| IMPURE.contains(word) && !(*word == "rayon" && may_use_cores))
                    .map(|word| format!("{} uses {word}", file.display())),
            );
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_command_line_speaks_to_the_terminal() {
    let others = modules().filter(|module| !["cli", "say"].contains(module));
    let mut faults = Vec::new();
    for file in others.flat_map(sources) {
        let text = fs::read_to_string(&file).expect("a source file");
        faults.extend(text.contains("say!(").then(|| file.display().to_string()));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn messages_are_made_in_one_file_and_sent_from_one_folder() {
    let mut faults = Vec::new();
    for file in sources("notify") {
        let (source, _) = apart_from_tests(&file);
        let path = file.to_string_lossy();
        let may_use = path.ends_with("notify/mime.rs") || path.contains("notify/mailer/");
        faults.extend((!may_use && source.contains("lettre::")).then(|| path.into_owned()));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
