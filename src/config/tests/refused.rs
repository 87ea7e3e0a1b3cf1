//! Refused configurations and their messages: file, line and key, and what to do.

use super::bad_figures::{LIMITS, RANGES};
use super::bad_forms::{NO_TOML, UNKNOWN_KEYS, UNKNOWN_VALUES, WRONG_TYPES};
use super::bad_names::{ACROSS_KEYS, NAMES};
use super::*;
use crate::config::*;

/// The content of own.toml, the key of the problem, its line, and a part of its message.
pub(super) type Bad = (&'static str, &'static str, usize, &'static str);

fn bad() -> impl Iterator<Item = &'static Bad> {
    [
        UNKNOWN_KEYS,
        WRONG_TYPES,
        UNKNOWN_VALUES,
        LIMITS,
        RANGES,
        NAMES,
        ACROSS_KEYS,
        NO_TOML,
    ]
    .into_iter()
    .flatten()
}

#[test]
fn every_bad_configuration_is_refused_by_file_line_and_key() {
    for (text, key, line, message) in bad() {
        let error = load_text(text, &[]).expect_err(text);
        let problem = error
            .problems
            .iter()
            .find(|problem| problem.key == *key)
            .unwrap_or_else(|| panic!("{text}\nsays nothing of {key}: {error}"));
        match &problem.origin {
            ValueOrigin::File { path, line: at } => assert!(
                path.ends_with("own.toml") && at == line,
                "{text}\n{problem}"
            ),
            ValueOrigin::Default { .. } => assert_eq!(*line, 0, "{text}\n{problem}"),
            _ => panic!("{text}\n{problem}"),
        }
        let shown = problem.to_string();
        assert!(
            shown.contains(message) && shown.contains(key),
            "{text}\n{shown}\nlacks\n{message}"
        );
    }
}

#[test]
fn one_fault_is_told_once() {
    for (text, key, ..) in bad() {
        let error = load_text(text, &[]).expect_err(text);
        assert_eq!(
            error
                .problems
                .iter()
                .filter(|problem| problem.key == *key)
                .count(),
            1,
            "{text}\n{error}"
        );
        let more = error
            .problems
            .iter()
            .filter(|problem| problem.key != *key)
            .count();
        assert!(more <= 3, "{text}\n{error}");
        if !text.contains("smtp") && !text.contains("kafka\"") {
            assert_eq!(more, 0, "{text}\n{error}");
        }
    }
}

#[test]
fn all_faults_of_all_layers_are_told_in_one_run() {
    let files = Folder::new();
    let first = files.write_file(
        "first.toml",
        "[limits]\nchurn_rate = 0\nsatisfaction = 101\n[batch]\nwait = \"x\"\nevents_max = \"y\"\n",
    );
    let second = files.write_file("second.toml", "[broken\n");
    let third = files.write_file(
        "third.toml",
        "timezone = \"Mars\"\n[mail]\nops = [\"a\"]\nkind = \"smtp\"\ncolour = 1\n",
    );
    let env = variables(&[
        ("SISAN__HISTORY__OPEN_MONTHS", "never"),
        ("SISAN__COLOUR", "1"),
        ("SISAN__LIMITS____X", "1"),
    ]);
    let error = load(
        &[first, second, third, "/nowhere/fourth.toml".into()],
        env.into_iter(),
    )
    .expect_err("faults");
    let mut keys: Vec<&str> = error
        .problems
        .iter()
        .map(|problem| problem.key.as_str())
        .collect();
    keys.retain(|key| !key.is_empty());
    assert_eq!(
        keys,
        [
            "batch.events_max",
            "batch.wait",
            "colour",
            "fallback.address",
            "fallback.id",
            "history.open_months",
            "limits.churn_rate",
            "limits.satisfaction",
            "mail.colour",
            "mail.ops",
            "mail.url",
            "timezone"
        ]
    );
    let message = error.to_string();
    assert!(
        message.starts_with("read the configuration: 15 problems found\n  "),
        "{message}"
    );
    for part in [
        "second.toml:1: is no TOML",
        "/nowhere/fourth.toml: cannot be read",
        "SISAN__LIMITS____X: names no key",
        "SISAN__HISTORY__OPEN_MONTHS: history.open_months",
    ] {
        assert!(message.contains(part), "{part}\nnot in\n{message}");
    }
    assert!(message.contains("\n    hint: "), "{message}");
}

#[test]
fn a_variable_is_refused_by_its_name() {
    let bad = [
        (
            "SISAN__LIMITS__CHURN_RATE",
            "0",
            "limits.churn_rate: `0` is not above 0",
        ),
        ("SISAN__LIMITS__CHURN", "0.1", "limits.churn: is no key"),
        ("SISAN__LIMITS", "0.1", "limits: invalid type"),
        ("SISAN__LOCALE__X", "en", "locale: "),
        (
            "SISAN__BATCH__EVENTS_MAX",
            "5\nx = 1",
            "batch.events_max: invalid type",
        ),
        ("SISAN__", "x", "names no key"),
        ("SISAN__MAIL____FROM", "x", "names no key"),
    ];
    for (name, text, message) in bad {
        let error = load(&[], variables(&[(name, text)]).into_iter())
            .expect_err(name)
            .to_string();
        assert!(
            error.contains(&format!("{name}: ")) && error.contains(message),
            "{name}\n{error}\nlacks\n{message}"
        );
    }
}

#[test]
fn a_key_in_two_variables_is_refused() {
    for pair in [
        ["SISAN__LIMITS__CHURN_RATE", "SISAN__limits__churn_rate"],
        ["SISAN__FEEDS__REQUIRED", "SISAN__FEEDS__REQUIRED__X"],
    ] {
        let message = load(
            &[],
            variables(&[(pair[0], "0.1"), (pair[1], "0.2")]).into_iter(),
        )
        .expect_err("twice")
        .to_string();
        assert!(message.contains("is set twice"), "{message}");
    }
}

#[test]
fn production_writes_to_a_folder_only_when_told() {
    let text = "environment = \"production\"\n[mail]\nfolder_in_production = true\n";
    assert_eq!(
        load_text(text, &[]).map(|config| config.mail.kind),
        Ok(MailTo::Folder)
    );
}

#[test]
fn there_are_at_least_forty_bad_configurations() {
    let count = bad().count();
    assert!(count >= 40, "{count}");
}
