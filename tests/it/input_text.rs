//! Text of input files: what is at its edges, cut within a character, or without an end.

use std::fs;

use crate::deployment::Deployment;
use crate::input_files::{joined, lines};

/// A mapping of statuses: subscriber, code, time.
pub fn mapping(pattern: &str, encoding: &str, by: &str) -> String {
    format!(
        r#"[[source.files.mappings]]
name = "st"
file_pattern = "{pattern}"
encoding = "{encoding}"
layout = {{ separated = {{ by = "{by}", columns = 3 }} }}
event_type = "boss.subscriber.status.v1"
source = "/boss/drop"
id = {{ digest = [1, 2, 3] }}
time = {{ column = 3, format = "%Y%m%d%H%M%S" }}
fields = [{{ column = 1, to = "subscriber_id" }}, {{ column = 2, to = "status_code" }}]
constants = {{ code_set = "ngboss" }}
"#
    )
}

#[test]
fn byte_order_marks_and_invisible_characters_are_no_part_of_what_they_surround() {
    let deployment = Deployment::new();
    deployment.put_file("a.jsonl", &[b"\xef\xbb\xbf".to_vec(), lines(0, 2)].concat());
    deployment.put_file("b.jsonl", &[b"\xef\xbb\xbf".to_vec(), lines(2, 3)].concat());
    let gb = |text: &str| encoding_rs::GB18030.encode(text).0.into_owned();
    let drop = "\u{feff}13800000000|1|20260902000000\n\u{a0}13800000001\u{3000}|1|20260902000000\u{200e}\n";
    fs::write(
        deployment.path("drops.toml"),
        mapping("s_*.dat", "gb18030", "|"),
    )
    .expect("a configuration");
    deployment.put_file("s_1.dat", &gb(drop));
    for blank in ["\u{feff}", "\u{200b}", "\u{2060}", " ", "\u{3000}"] {
        let bad = joined(9).replace(r#""G1""#, &format!(r#""G1{blank}""#));
        deployment.put_file(
            "c.jsonl",
            [
                fs::read(deployment.path("events/c.jsonl")).unwrap_or_default(),
                bad.into_bytes(),
            ]
            .concat()
            .as_slice(),
        );
    }
    let drained = deployment.run_with(&["--config", "drops.toml", "run", "--drain"], &[]);
    assert!(
        drained.status.success(),
        "{}",
        String::from_utf8_lossy(&drained.stderr)
    );
    let counts =
        ["a.jsonl", "b.jsonl", "s_1.dat"].map(|name| deployment.source(name)["applied"].as_u64());
    assert_eq!(counts, [Some(2), Some(1), Some(2)]);
    let rejects = deployment.json(&["rejects", "list"]);
    assert_eq!(rejects.len(), 5);
    assert!(
        rejects
            .iter()
            .all(|row| row["class"] == "invalid_field" && row["source"] == "c.jsonl"),
        "{rejects:?}"
    );
    let rows = deployment.json(&[
        "report",
        "daily",
        "--date",
        "2026-09-02",
        "--scope",
        "company",
    ]);
    assert_eq!(
        (rows[0]["closing"].as_i64(), rows[0]["suspended"].as_i64()),
        (Some(3), Some(2)),
        "{rows:?}"
    );
}

#[test]
fn a_half_character_at_the_end_of_a_cut_column_is_replaced_and_counted() {
    let deployment = Deployment::new();
    let config = mapping("s_*.dat", "gb18030", "|").replace(r#"columns = 3 "#, r#"columns = 4 "#);
    fs::write(
        deployment.path("drops.toml"),
        config.replace("digest = [1, 2, 3]", "digest = [1, 2, 3, 4]"),
    )
    .expect("a configuration");
    let name = encoding_rs::GB18030.encode("集团").0.into_owned();
    let mut drop = b"13800000000|1|20260902000000|".to_vec();
    drop.extend_from_slice(&name[..3]);
    drop.extend_from_slice(b"\n13800000001|1|20260902000000|ok\n");
    deployment.put_file("s_1.dat", &drop);
    let drained = deployment.run_with(&["--config", "drops.toml", "run", "--drain"], &[]);
    assert!(
        drained.status.success(),
        "{}",
        String::from_utf8_lossy(&drained.stderr)
    );
    let row = deployment.source("s_1.dat");
    assert_eq!(
        (row["applied"].as_u64(), row["replaced_characters"].as_u64()),
        (Some(2), Some(1)),
        "{row}"
    );
}

#[test]
fn a_drain_says_whose_last_line_has_no_end() {
    let deployment = Deployment::new();
    let whole = String::from_utf8(lines(0, 2)).expect("UTF-8");
    // Lines that end as on no system of today, and one that was cut.
    deployment.put_file("a.jsonl", whole.replace('\n', "\r").as_bytes());
    deployment.put_file("b.jsonl", &lines(2, 4)[..lines(2, 4).len() - 5]);
    deployment.put_file("c.jsonl", &lines(4, 6));
    let output = deployment.run_with(&["run", "--drain"], &[]);
    let said = String::from_utf8_lossy(&output.stderr);
    for (name, is_said) in [("a.jsonl", true), ("b.jsonl", true), ("c.jsonl", false)] {
        assert_eq!(
            said.contains(&format!(
                "not read: {name}: its last line, which has no end yet"
            )),
            is_said,
            "{name}: {said}"
        );
    }
    assert_eq!(deployment.applied(), 3);
}
