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

/// Whether a source file has a function of just that name.
fn defines(source: &str, function: &str) -> bool {
    ["(", "<"]
        .iter()
        .any(|next| source.contains(&format!("fn {function}{next}")))
}

#[test]
fn every_file_and_function_that_a_document_names_is_there() {
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
            // A row of a map of the code: a step, its file, its function.
            if ["CONTRIBUTING.md", "docs/sorted-runs.md"].contains(&page)
                && let [file, function] = code[..]
                && line.starts_with('|')
                && file.ends_with(".rs")
                && !defines(&read_document(file), function)
            {
                missing.push(format!("{page}: {function} in {file}"));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}
