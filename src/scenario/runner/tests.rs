//! Scenarios through the whole worker.

use std::fs;
use std::path::{Path, PathBuf};

use clap::CommandFactory;
use tempfile::TempDir;

use super::command::{prepare_all, run_all, scenario_files};
use crate::cli::Cli;
use crate::runtime::{AppError, Exit};
use crate::scenario::{ScenarioOutcome, Touched};

/// What becomes of files or folders.
fn outcome(named: &[PathBuf]) -> Result<Vec<(ScenarioOutcome, Touched)>, AppError> {
    run_all(prepare_all(&scenario_files(named)?, &[], &[])?)
}

fn folder_with(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    folder
}

/// The text of a failure of the one scenario of a folder.
fn failure(files: &[(&str, &str)]) -> String {
    let folder = folder_with(files);
    let all = outcome(&[folder.path().to_owned()]).expect("it runs");
    all[0]
        .0
        .failed
        .as_ref()
        .map_or(String::new(), |_| all[0].0.to_string())
}

fn refusal(files: &[(&str, &str)]) -> String {
    let folder = folder_with(files);
    let error = outcome(&[folder.path().to_owned()]).expect_err("it is refused");
    assert_eq!(error.exit, Exit::Usage);
    format!("{:#}", error.error).replace(&format!("{}/", folder.path().display()), "")
}

const GIVEN: &str = r#"
[given]
units = [{ id = "U1", head = "H1" }]
managers = [{ id = "H1" }, { id = "M1" }]
groups = [{ id = "G1", unit = "U1", manager = "M1", members = 50 }]
"#;

#[test]
fn every_scenario_of_the_rules_holds() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    let all = outcome(&[folder]).unwrap_or_else(|error| panic!("{:#}", error.error));
    let failed: Vec<String> = all
        .iter()
        .filter(|(outcome, _)| outcome.failed.is_some())
        .map(|(outcome, _)| outcome.to_string())
        .collect();
    assert!(
        failed.is_empty(),
        "{} of {} do not hold:\n{}",
        failed.len(),
        all.len(),
        failed.join("\n\n")
    );
}

#[test]
fn a_scenario_that_does_not_hold_says_what_is_there_instead() {
    let text = format!(
        r#"name = "a"{GIVEN}
[[step]]
at = "2026-09-03 10:00"
status = [{{ subscribers = "G1-001..G1-006", status = "ported_out" }}]
expect.alerts = [{{ kind = "churn_rate", group = "G1", k = 5 }}]
[[step]]
after = "1m"
expect.no_alerts = [{{ group = "G1" }}]
"#
    );
    let message = failure(&[("a.toml", &text)]);
    assert!(
        message.contains("step 1 at 2026-09-03 10:00")
            && message.contains("churn_rate of group G1, 2026-09, firing: k is 6"),
        "{message}"
    );
    assert!(
        !message.contains("step 2"),
        "what comes after it says nothing more: {message}"
    );
}

#[test]
fn a_scenario_leaves_no_files_of_reports_nor_of_tasks_that_are_done() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = |name: &str| folder.path().join(name);
    let text = format!(
        r#"name = "a"
[config]
report.dir = {:?}
tasks.closed_dir = {:?}
{GIVEN}
[[step]]
at = "2026-09-03 10:00"
status = [{{ subscribers = "G1-001..G1-006", status = "ported_out" }}]
[[step]]
after = "1h"
act = [
  {{ task = {{ group = "G1", kind = "retention", origin = "alert" }}, do = "accept", as = "M1" }},
  {{ task = {{ group = "G1", kind = "retention", origin = "alert" }}, do = "close", as = "M1", note = "已与客户当面沟通并留下", result = "partly_retained", summary = "已挽留" }},
]
expect.tasks = [{{ group = "G1", origin = "alert", state = "done" }}]
[[step]]
at = "2026-09-04 10:00"
expect.figures = [{{ group = "G1", date = "2026-09-04" }}]
"#,
        path("reports"),
        path("closed_tasks")
    );
    assert_eq!(failure(&[("a.toml", &text)]), "");
    assert_eq!(
        ["reports", "closed_tasks"].map(|name| path(name).exists()),
        [false, false]
    );
}

#[test]
fn an_event_that_is_rejected_unexpectedly_fails_its_scenario_where_it_stands() {
    let text = format!(
        "name = \"a\"{GIVEN}\n[[step]]\nat = \"2026-09-03 10:00\"\nstatus = [{{ subscribers = \"G1-001\", status = \"suspendet\" }}]\n"
    );
    let message = failure(&[("a.toml", &text)]);
    assert!(
        message.contains("a.toml:9: step[0].status[0]")
            && message.contains("was rejected as invalid_field: data.status"),
        "{message}"
    );
}

#[test]
fn playbooks_and_calendars_are_found_beside_the_scenario() {
    let playbooks = include_str!("../../../config/playbooks.toml").replace(
        "alert_kind = \"satisfaction\"\nkind",
        "alert_kind = \"satisfaction\"\nobserve = true\nkind",
    );
    let text = format!(
        r#"name = "alerts of a kind that is observed make no tasks; our own days are worked"
[config]
playbooks.file = "own/playbooks.toml"
calendar.dir = "own"
{GIVEN}
[[step]]
at = "2026-10-01 10:00"
surveys = [{{ group = "G1", score = 10, count = 5 }}]
complaints = [{{ group = "G1", count = 5 }}]
[step.expect]
alerts = [{{ kind = "satisfaction", group = "G1", state = "firing", has_task = false }}]
tasks = [{{ group = "G1", alerts = ["complaint_rate_10k"], due_at = "2026-10-02 17:00" }}]
no_tasks = [{{ alerts_has = "satisfaction" }}]
"#
    );
    let calendar = r#"{"year": 2026, "papers": [], "days": [{"name": "worked", "date": "2026-10-02", "isOffDay": false}]}"#;
    let files = [
        ("a.toml", text.as_str()),
        ("own/playbooks.toml", &playbooks),
        ("own/2026.json", calendar),
    ];
    assert_eq!(failure(&files), "");
    let folder = folder_with(&files);
    let all = outcome(&[folder.path().join("a.toml")]).expect("it runs");
    assert!(
        all[0].1.playbooks.is_empty(),
        "only those of the configuration are counted"
    );
    assert!(all[0].1.kinds.len() >= 2);
}

#[test]
fn broken_files_are_refused_all_at_once_with_file_line_and_key() {
    let message = refusal(&[
        (
            "a.toml",
            "name = \"a\"\n[config]\nlimits.churn_rat = 0.02\n[[step]]\nat = \"2026-09-03\"\n",
        ),
        ("b.toml", "name = \"b\"\n[[step]]\nat = \"x\"\n"),
        ("c.toml", "name = \"c\n"),
        (
            "d.toml",
            "name = \"d\"\n[config]\nplaybooks.file = \"none.toml\"\n[[step]]\nat = \"2026-09-03\"\n",
        ),
    ]);
    for expected in [
        "a.toml:3: limits.churn_rat: is no key of the configuration\n    hint: did you mean `limits.churn_rate`?",
        "b.toml:3: step[0].at: expected a local time",
        "c.toml:1: is no TOML",
        "d.toml: read none.toml",
    ] {
        assert!(
            message.contains(expected),
            "{expected}\n--- is not in ---\n{message}"
        );
    }
}

#[test]
fn a_folder_without_scenarios_is_a_slip() {
    let folder = tempfile::tempdir().expect("a folder");
    let error = outcome(&[folder.path().to_owned()]).expect_err("it is refused");
    assert!(error.error.to_string().contains("there is no scenario"));
}

#[test]
fn a_scenario_comes_out_alike_however_often_it_is_run() {
    let file =
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios/a_commented_example.toml");
    let all = outcome(&vec![file; 4]).expect("it runs");
    assert!(
        all.iter()
            .all(|(outcome, touched)| outcome.failed.is_none() && *touched == all[0].1)
    );
}

#[test]
fn help_says_how_a_scenario_is_written() {
    let mut cli = Cli::command();
    let help = cli
        .find_subcommand_mut("test")
        .expect("a command")
        .render_long_help()
        .to_string();
    for line in [
        "[[step]]",
        "  [step.expect]",
        "  at = \"2026-09-03 10:00\"",
        "--junit <FILE>",
        "Exit codes: 0 all hold",
    ] {
        assert!(help.contains(line), "{line} is not in:\n{help}");
    }
}
