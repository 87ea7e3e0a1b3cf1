//! What the documents state about the code is true.

use std::fs;
use std::path::Path;

use sisan::config::DEFAULT_TOML;

fn read_document(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path))
        .unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A key, or a table of keys, as `config/default.toml` documents it.
struct Entry<'a> {
    name: String,
    /// None for a table.
    value: Option<&'a str>,
    has_default: bool,
    meaning: String,
}

/// Everything that a commented file documents, in order.
fn entries(toml: &str) -> Vec<Entry<'_>> {
    let (mut section, mut comment, mut entries) = (String::new(), Vec::new(), Vec::new());
    for line in toml.lines() {
        let (text, has_default) = match line.strip_prefix('#') {
            Some(said) if said.is_empty() || said.starts_with(' ') => {
                comment.push(said.trim());
                continue;
            }
            Some(example) => (example, false),
            None => (line, true),
        };
        let meaning = std::mem::take(&mut comment).join(" ").trim().to_owned();
        if let Some(table) = text.strip_prefix('[') {
            section = table
                .trim_end_matches(']')
                .trim_start_matches('[')
                .to_owned();
            let name = section.clone();
            entries.push(Entry {
                name,
                value: None,
                has_default,
                meaning,
            });
        } else if let Some((key, value)) = text.split_once(" = ") {
            let name = match section.is_empty() {
                true => key.to_owned(),
                false => format!("{section}.{key}"),
            };
            let value = Some(value);
            entries.push(Entry {
                name,
                value,
                has_default,
                meaning,
            });
        }
    }
    entries
}

/// `docs/configuration.md`.
fn configuration() -> String {
    let cell = |text: &str| text.replace('|', "\\|");
    let mut page = String::from(
        "# Configuration\n\nMade from `config/default.toml`, which is built into the program: over it go the files of `--config FILE`, then\n\
         `SISAN__SECTION__KEY` of the environment. `sisan check-config --origin` says where each value came from. A key without a\n\
         default shows an example.\n\n| key | default | meaning |\n|---|---|---|\n",
    );
    for Entry {
        name,
        value,
        has_default,
        meaning,
    } in entries(DEFAULT_TOML)
    {
        let (name, value) = match value {
            None => (format!("**`[{name}]`**"), String::new()),
            Some(value) if has_default => (format!("`{name}`"), format!("`{value}`")),
            Some(value) => (format!("`{name}`"), format!("none, e.g. `{value}`")),
        };
        if !(value.is_empty() && meaning.is_empty()) {
            page.push_str(&format!(
                "| {} | {} | {} |\n",
                cell(&name),
                cell(&value),
                cell(&meaning)
            ));
        }
    }
    page
}

#[expect(
    clippy::disallowed_methods,
    reason = "that the page is to be written is no setting of the program"
)]
fn wants_update() -> bool {
    std::env::var_os("SISAN_UPDATE_DOCS").is_some()
}

#[test]
fn the_page_of_the_configuration_is_made_from_the_defaults() {
    let page = configuration();
    assert!(page.lines().count() > 150, "{page}");
    if wants_update() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
        fs::write(path, &page).expect("the page");
    }
    assert_eq!(
        read_document("docs/configuration.md"),
        page,
        "hint: SISAN_UPDATE_DOCS=1 tests/run documents"
    );
}

#[test]
fn the_readme_is_read_in_five_minutes() {
    let lines = read_document("README.md").lines().count();
    assert!(lines <= 150, "{lines} lines");
}

#[test]
fn every_file_that_a_document_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    for page in [
        "README.md",
        "CONTRIBUTING.md",
        "SECURITY.md",
        "docs/operate.md",
        "docs/promises.md",
        "docs/sorted-runs.md",
    ] {
        for line in read_document(page).lines() {
            let code: Vec<&str> = line.split('`').skip(1).step_by(2).collect();
            let is_path = |text: &&str| {
                ["src/", "tests/", "config/", "docs/", "jobs/"]
                    .iter()
                    .any(|folder| text.starts_with(folder))
                    && !text.contains([' ', '*'])
            };
            for path in code.iter().copied().filter(is_path) {
                let is_there = root.join(path).exists() || root.join(format!("{path}.rs")).exists();
                missing.extend((!is_there).then(|| format!("{page}: {path}")));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

/// The spans of code in a text.
fn code_spans(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The rows, list items and paragraphs of a page, each in one line; blocks of code are left out.
fn blocks(page: &str) -> Vec<String> {
    let (mut blocks, mut is_code) = (vec![String::new()], false);
    for line in page.lines() {
        is_code ^= line.starts_with("```");
        if is_code || line.starts_with("```") {
            continue;
        }
        if line.is_empty() || line.starts_with(['|', '-', '#']) {
            blocks.push(String::new());
        }
        if let Some(block) = blocks.last_mut() {
            block.extend([line, " "]);
        }
    }
    blocks
}

/// Whether a source file has an item of just that name: a function, or a constant.
fn defines(file: &str, name: &str) -> bool {
    let source = read_document(file);
    ["fn {}(", "fn {}<", "const {}:", "static {}:"]
        .iter()
        .any(|form| source.contains(&form.replace("{}", name)))
}

/// What a block of a map of the code names and is not there: a function or constant in none of the
/// files beside it, a file of a row that has none of the functions beside it, and a file that is
/// named without its folder, in none of the folders beside it.
fn untrue_names(block: &str) -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let code = code_spans(block);
    let of_src = |text: &&str| text.starts_with("src/") && !text.contains([' ', '*']);
    let is_file = |text: &&str| text.ends_with(".rs");
    let files: Vec<&str> = code
        .iter()
        .copied()
        .filter(of_src)
        .filter(is_file)
        .collect();
    let folders: Vec<&str> = code.iter().copied().filter(of_src).collect();
    let is_row = block.starts_with('|');
    let is_name = |text: &&str| {
        let of = |of: fn(&char) -> bool| text.chars().all(|c| c == '_' || of(&c));
        of(char::is_ascii_uppercase) || (is_row && of(char::is_ascii_lowercase))
    };
    let names: Vec<&str> = code.iter().copied().filter(is_name).collect();
    let mut untrue = Vec::new();
    if files.is_empty() {
        return untrue;
    }
    let is_nowhere = |name: &&&str| !files.iter().any(|file| defines(file, name));
    untrue.extend(
        names
            .iter()
            .filter(is_nowhere)
            .map(|name| format!("{name} in {files:?}")),
    );
    let has_none = |file: &&&str| is_row && !names.iter().any(|name| defines(file, name));
    if !names.is_empty() {
        untrue.extend(
            files
                .iter()
                .filter(has_none)
                .map(|file| format!("{file}: {names:?}")),
        );
    }
    let bare = code
        .iter()
        .filter(|text| text.ends_with(".rs") && !text.contains('/'));
    let is_away = |name: &&&str| {
        !folders
            .iter()
            .any(|folder| root.join(folder).join(name).exists())
    };
    untrue.extend(
        bare.filter(is_away)
            .map(|name| format!("{name} in {folders:?}")),
    );
    untrue
}

#[test]
fn every_name_in_a_map_of_the_code_is_that_of_something_there() {
    let mut untrue = Vec::new();
    for page in ["CONTRIBUTING.md", "docs/sorted-runs.md"] {
        let page = read_document(page);
        let blocks = blocks(&page);
        let rows = blocks.iter().filter(|block| block.starts_with('|'));
        let mapped = rows.filter(|row| code_spans(row).iter().any(|one| one.ends_with(".rs")));
        assert!(mapped.count() >= 10, "a map of the code");
        untrue.extend(blocks.iter().flat_map(|block| untrue_names(block)));
    }
    assert_eq!(untrue, Vec::<String>::new());
    let row = |text: &str| untrue_names(text).len();
    assert_eq!(
        row("| a step | `src/plan/follow.rs`, `src/follow_up/tasks.rs` | `no_such` |"),
        3
    );
    assert_eq!(
        row("- `NO_SUCH` in `src/store/schema.rs`, `none.rs` beside it"),
        2
    );
}
