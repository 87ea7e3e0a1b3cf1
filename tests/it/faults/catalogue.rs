//! The table of faults names tests that there are.

use std::collections::BTreeSet;
use std::path::Path;

/// The names of all functions below a folder that are tests.
fn tests_below(folder: &Path, names: &mut BTreeSet<String>) {
    for path in std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
    {
        if path.is_dir() {
            tests_below(&path, names);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let text = std::fs::read_to_string(&path).expect("a source file");
            // Tests that a macro makes are listed in it by name, without `fn`.
            let words = text
                .split(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .filter(|word| word.matches('_').count() >= 3);
            names.extend(words.map(str::to_owned));
        }
    }
}

#[test]
fn every_fault_is_tried_by_tests_that_there_are_or_says_why_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeSet::new();
    ["src", "tests/it"]
        .iter()
        .for_each(|folder| tests_below(&root.join(folder), &mut tests));
    let table = std::fs::read_to_string(root.join("tests/faults.md")).expect("the table of faults");
    let rows: Vec<Vec<&str>> = table
        .lines()
        .filter(|line| line.starts_with("| F-"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let numbers: Vec<&str> = rows.iter().map(|row| row[1]).collect();
    assert_eq!(
        numbers,
        (1..=60).map(|n| format!("F-{n:02}")).collect::<Vec<_>>(),
        "every fault has its row"
    );
    for row in rows {
        let named: Vec<&str> = row[3]
            .split('`')
            .skip(1)
            .step_by(2)
            .filter(|name| name.contains('_'))
            .collect();
        let unknown: Vec<&&str> = named
            .iter()
            .filter(|name| !tests.contains(**name))
            .collect();
        assert!(unknown.is_empty(), "{}: there is no {unknown:?}", row[1]);
        assert!(
            !named.is_empty() || row[3].starts_with("not tried: "),
            "{}: {}",
            row[1],
            row[3]
        );
    }
}
