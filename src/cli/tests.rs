//! Which command lines are accepted and which are refused.

use clap::{CommandFactory, Parser};

use super::Cli;

fn is_taken(line: &str) -> bool {
    Cli::try_parse_from(line.split_whitespace()).is_ok()
}

#[test]
fn the_command_line_is_well_formed() {
    Cli::command().debug_assert();
}

#[test]
fn everything_that_is_done_to_a_task_can_be_written() {
    for line in [
        "sisan tasks list --state in_progress --group G1 --assignee M1 --kind retention --overdue --to-verify --format json",
        "sisan tasks show T1 --format json",
        "sisan tasks accept T1 --as M1 --if-version 3",
        "sisan tasks start T1",
        "sisan tasks approve T1 --as M1",
        "sisan tasks approve T1 --as M1 --note agreed",
        "sisan tasks refuse T1 --as M1 --note dear",
        "sisan tasks close T1 --as M1 --note n --result retained --summary s --report-up none",
        "sisan tasks close T1 --note n --result lost --summary s --report-up competition --report-text t --urgent --cost-fen 5 --case",
        "sisan tasks verify T1 --as M1",
        "sisan tasks reopen T1 --as M1 --note n",
        "sisan tasks reassign T1 --as M1 --to M2",
        "sisan tasks cancel T1 --as M1 --note n",
        "sisan tasks add title --as M1 --group G1 --kind expansion --item service --what w --means call,visit --resources gift --due 2026-10-01",
        "sisan alerts list --state firing --scope group --group G1 --kind churn_rate",
        "sisan alerts explain A1",
        "sisan alerts ack A1 --as M1",
        "sisan alerts silence --scope group --id G1 --kind key_line --until 2026-10-01 --reason r --as M1",
        "sisan alerts silences --all --format csv",
        "sisan groups show G1 --format json",
        "sisan outbox list --state uncertain --format json",
    ] {
        assert!(is_taken(line), "{line}");
    }
}

#[test]
fn what_is_in_no_closed_list_is_refused() {
    for line in [
        "sisan tasks list --state finished",
        "sisan tasks list --kind sales",
        "sisan tasks close T1 --note n --result sold --summary s --report-up none",
        "sisan tasks close T1 --note n --result lost --urgent",
        "sisan tasks add title --as M1 --group G1 --kind expansion --item service --what w --means telex",
        "sisan alerts list --kind weather",
        "sisan outbox list --state foo",
        "sisan sources list --state queued",
        "sisan reminders list --state sent",
        "sisan alerts silence --scope company --id company --until 2026-10-01 --reason r",
    ] {
        assert!(!is_taken(line), "{line}");
    }
}

#[test]
fn what_must_be_said_is_asked_for() {
    for line in [
        "sisan tasks accept",
        "sisan tasks refuse T1 --as M1",
        "sisan tasks reopen T1 --as M1",
        "sisan tasks reassign T1 --as M1",
        "sisan tasks close T1 --as M1 --note n --summary s --report-up none",
        "sisan tasks add title --group G1 --kind expansion --item service --what w --means call",
        "sisan tasks add title --as M1 --group G1 --kind expansion --item service --what w",
        "sisan alerts silence --scope group --id G1 --reason r",
        "sisan alerts silence --scope group --id G1 --until 2026-10-01",
    ] {
        assert!(!is_taken(line), "{line}");
    }
}

/// The error of a read-only command that is given no store: bad usage is reported before anything
/// else.
fn refusal(line: &str) -> String {
    let dir = tempfile::tempdir().expect("a folder");
    let config = dir.path().join("c.toml");
    let url = format!(
        "[store]\nurl = \"sqlite:{}\"\n",
        dir.path().join("s.db").display()
    );
    std::fs::write(&config, url).expect("a configuration");
    let run = |line: &str| {
        let arguments = line
            .split_whitespace()
            .map(str::to_owned)
            .chain(["--config".to_owned(), config.display().to_string()]);
        super::run(Cli::try_parse_from(arguments).expect("a line that is taken"))
    };
    run("sisan migrate").expect("a store");
    let error = run(line).expect_err("a refusal");
    assert_eq!(error.exit, crate::runtime::Exit::Usage, "{error:?}");
    format!("{:#}", error.error)
}

#[test]
fn a_flag_that_cannot_mean_anything_is_refused() {
    for (line, message) in [
        ("sisan alerts list --scope unit --group G1", "--scope unit"),
        ("sisan alerts list --format json --no-bom", "--no-bom"),
        ("sisan outbox list --encoding gb18030", "--encoding"),
        (
            "sisan report daily --format xlsx --encoding utf-8",
            "--encoding",
        ),
    ] {
        let refused = refusal(line);
        assert!(
            refused.starts_with(message) && refused.contains("hint:"),
            "{line}: {refused}"
        );
    }
}
