//! Who may know whom: the inputs of the modules as data. Any other `use crate::` fails. And what
//! is built is built once, and no file is longer than can be read at a sitting.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Module, and the modules of ours that it may use. Folders and files alike; tests inside are held
/// to it too. `commands` decide by the rules of `follow_up`; `views` compute what nobody stores, a
/// day's rows among it, as the worker does, and list jobs and sources as their modules have them.
const MAY_USE: [(&str, &[&str]); 21] = [
    ("access", &[]),
    ("clock", &["domain"]),
    (
        "commands",
        &["clock", "domain", "follow_up", "pipeline", "plan", "store"],
    ),
    ("config", &["access", "domain", "schedule", "small_file"]),
    ("consume", &["clock", "domain"]),
    ("decode", &["domain"]),
    ("domain", &[]),
    ("evaluate", &["domain"]),
    ("follow_up", &["domain"]),
    ("notify", &["access", "domain"]),
    (
        "pipeline",
        &[
            "clock",
            "consume",
            "decode",
            "domain",
            "plan",
            "store",
            "telemetry",
        ],
    ),
    ("plan", &["domain", "evaluate", "follow_up", "notify"]),
    ("report", &["access", "domain"]),
    ("schedule", &["domain", "small_file"]),
    ("serve", &["clock", "domain", "store", "telemetry"]),
    ("simulate", &["access", "decode", "domain", "notify"]),
    ("small_file", &[]),
    ("store", &["access", "domain"]),
    ("telemetry", &["config", "domain"]),
    (
        "views",
        &[
            "domain",
            "evaluate",
            "follow_up",
            "notify",
            "pipeline",
            "plan",
            "report",
            "store",
        ],
    ),
    ("say", &[]),
];

/// What wires the others, and may use them all.
const WIRING: [&str; 5] = ["actions", "cli", "demo", "runtime", "scenario"];

/// Every module.
pub(crate) fn modules() -> impl Iterator<Item = &'static str> {
    MAY_USE.iter().map(|(module, _)| *module).chain(WIRING)
}

/// The source files in a folder, and in those within it.
fn walk(path: &Path, files: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).expect("a folder of sources") {
            walk(&entry.expect("an entry").path(), files);
        }
    } else if path.extension().is_some_and(|ending| ending == "rs") {
        files.push(path.to_owned());
    }
}

pub(crate) fn sources(module: &str) -> Vec<PathBuf> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    walk(&src.join(module), &mut files);
    if src.join(format!("{module}.rs")).exists() {
        files.push(src.join(format!("{module}.rs")));
    }
    assert!(!files.is_empty(), "there is no module {module}");
    files
}

#[test]
fn every_module_is_held_to_the_table() {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let known: BTreeSet<&str> = modules().collect();
    for entry in fs::read_dir(&src).expect("a folder of sources") {
        let name = entry.expect("an entry").file_name();
        let name = name.to_str().expect("a plain name");
        let is_held = known.contains(name.trim_end_matches(".rs"));
        // The crate itself, the program, and tests and snapshots of the whole.
        let is_none =
            matches!(name, "lib.rs" | "main.rs" | "snapshots") || name.ends_with("_tests.rs");
        assert!(
            is_held != is_none,
            "src/{name} is in no list of modules, or twice"
        );
    }
    let mut files = Vec::new();
    walk(&src, &mut files);
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file");
        assert!(
            !text.contains("use crate::{"),
            "{}: one `use` a module, which the table can be held against",
            file.display()
        );
    }
}

#[test]
fn a_module_uses_only_those_that_it_may_know() {
    let mut faults = Vec::new();
    for (module, may_use) in MAY_USE {
        for file in sources(module) {
            let text = fs::read_to_string(&file).expect("a source file");
            for (at, line) in text
                .lines()
                .enumerate()
                .filter(|(_, line)| !line.trim_start().starts_with("//"))
            {
                let named = line.split("crate::").skip(1).filter_map(|rest| {
                    rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                        .next()
                });
                for used in named
                    .filter(|used| *used != module && !may_use.contains(used) && !used.is_empty())
                {
                    faults.push(format!(
                        "{}:{}: {module} may not use {used}",
                        file.display(),
                        at + 1
                    ));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_store_speaks_sql_and_only_consume_speaks_kafka() {
    let allowed = [
        ("rusqlite", &["store"][..]),
        ("tokio_postgres", &["store"]),
        ("rdkafka", &["consume"]),
        ("axum", &["serve"]),
        ("lettre", &["notify"]),
        ("polars", &["report"]),
    ];
    let mut faults = Vec::new();
    for module in modules() {
        for file in sources(module) {
            let text = fs::read_to_string(&file).expect("a source file");
            for (library, users) in allowed {
                if !users.contains(&module) && text.contains(&format!("{library}::")) {
                    faults.push(format!("{} uses {library}", file.display()));
                }
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What begins a definition.
const DEFINES: [&str; 9] = [
    "fn", "struct", "enum", "impl", "trait", "type", "static", "const", "names!",
];

#[test]
fn a_mod_file_holds_no_definition_so_that_its_files_need_not_use_it_back() {
    let mut files = Vec::new();
    walk(
        &Path::new(env!("CARGO_MANIFEST_DIR")).join("src"),
        &mut files,
    );
    let is_of_tests = |file: &Path| {
        let folder = file.parent().and_then(Path::file_name);
        folder.is_some_and(|name| name.to_string_lossy().ends_with("tests"))
    };
    files.retain(|file| file.ends_with("mod.rs") && !is_of_tests(file));
    assert!(files.len() > 20, "{files:?}");
    let mut faults = Vec::new();
    for file in files {
        let text = fs::read_to_string(&file).expect("a source file");
        let defines = |line: &&str| {
            let word = line
                .split_whitespace()
                .find(|word| !word.starts_with("pub"));
            word.is_some_and(|word| DEFINES.contains(&word))
        };
        faults.extend(
            text.lines()
                .filter(defines)
                .map(|line| format!("{}: {line}", file.display())),
        );
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// How long a file may be: under 400 lines. Functions are held by `too-many-lines-threshold` in
/// `.clippy.toml`.
const LINES_MAX: usize = 399;

/// Every source file by its name, with its text.
fn all_sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["src", "tests", "benches"] {
        walk(&root.join(folder), &mut files);
    }
    let of_file = |file: PathBuf| {
        let name = file.strip_prefix(root).expect("it lies within");
        let text = fs::read_to_string(&file).expect("a source file");
        (name.display().to_string(), text)
    };
    files.into_iter().map(of_file).collect()
}

#[test]
fn no_file_is_longer_than_can_be_read_at_a_sitting() {
    let lengths = all_sources()
        .into_iter()
        .map(|(name, text)| (name, text.lines().count()));
    let long: Vec<String> = lengths
        .filter(|(_, lines)| *lines > LINES_MAX)
        .map(|(name, lines)| format!("{name}: {lines} lines"))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

#[test]
fn every_file_begins_with_its_purpose() {
    let without: Vec<String> = all_sources()
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(name, _)| name)
        .collect();
    assert!(without.is_empty(), "{}", without.join("\n"));
}

#[test]
fn the_demo_and_the_tests_share_one_build_of_every_dependency() {
    let with_features = |edges: &str| -> BTreeSet<String> {
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args([
            "tree",
            "--locked",
            "--offline",
            "--prefix",
            "none",
            "--format",
            "{p} [{f}]",
            "--edges",
            edges,
        ]);
        let output = cargo
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .output()
            .expect("cargo starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        text.lines()
            .map(|line| line.trim_end_matches(" (*)").to_owned())
            .collect()
    };
    let (demo, tests) = (
        with_features("normal,build"),
        with_features("normal,build,dev"),
    );
    let apart: Vec<&String> = demo.difference(&tests).collect();
    assert!(
        apart.is_empty(),
        "the tests build these with more features, and all that uses them once more: {apart:?}"
    );
}

/// Codes of named errors in a text.
fn codes(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_uppercase() || c == '_');
    words
        .filter(|word| word.strip_prefix("E_").is_some_and(is_name))
        .map(str::to_owned)
        .collect()
}

#[test]
fn every_named_error_stands_in_the_table_of_codes_and_no_other() {
    let said: BTreeSet<String> = modules()
        .flat_map(sources)
        .flat_map(|file| codes(&fs::read_to_string(file).expect("a source file")))
        .collect();
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operate.md"))
        .expect("the page");
    let rows = page
        .lines()
        .filter(|line| line.starts_with("| `E_"))
        .filter_map(|line| line.split('|').nth(1));
    assert_eq!(said, rows.flat_map(codes).collect());
}
