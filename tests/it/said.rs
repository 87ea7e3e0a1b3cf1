//! What the command line prints about days, ids and tasks.

use std::process::Stdio;

use serde_json::Value;

use crate::cases::Case;
use crate::deployment::Deployment;

pub(crate) fn worked() -> Deployment {
    let deployment = Deployment::with_events_of(
        &Case {
            name: "ordered-small",
        }
        .events_dir(),
    );
    deployment.drain();
    deployment
}

#[test]
fn a_day_after_today_and_an_id_that_nobody_names_are_refused_and_one_without_a_row_gives_none() {
    let deployment = worked();
    let today = deployment.json(&["report", "daily", "--date", "today", "--scope", "company"]);
    let day: chrono::NaiveDate = today[0]["date"]
        .as_str()
        .expect("a date")
        .parse()
        .expect("a day");
    let asked = |arguments: &[&str]| {
        let output = deployment.run_with(
            &[&["report", "daily"], arguments, &["--format", "json"]].concat(),
            &[],
        );
        let (said, rows) = (
            String::from_utf8_lossy(&output.stderr).into_owned(),
            String::from_utf8_lossy(&output.stdout).into_owned(),
        );
        (output.status.code(), said, rows)
    };
    let (code, said, rows) = asked(&["--date", &(day + chrono::Days::new(1)).to_string()]);
    assert!(
        code == Some(2) && said.contains("lies after today") && rows.is_empty(),
        "{said}"
    );
    let group =
        deployment.json(&["report", "daily", "--date", "today", "--scope", "group"])[0]["scope_id"]
            .as_str()
            .expect("an id")
            .to_owned();
    for arguments in [
        &["--id", "nobody"][..],
        &["--scope", "unit", "--id", &group],
        &["--scope", "group", "--id", "company"],
    ] {
        let (code, said, rows) = asked(&[&["--date", "today"], arguments].concat());
        assert!(
            code == Some(2) && said.contains("no accepted event names such a") && rows.is_empty(),
            "{arguments:?}: {said}"
        );
    }
    let long_ago = (day - chrono::Days::new(4_000)).to_string();
    for arguments in [
        &["--scope", "unit", "--id", "unassigned"][..],
        &["--id", &group],
    ] {
        let (code, said, rows) = asked(&[&["--date", &long_ago], arguments].concat());
        assert!(
            code == Some(0)
                && said.contains("has no row on")
                && rows.trim().replace(char::is_whitespace, "") == "[]",
            "{said}{rows}"
        );
    }
}

const TASK_FIELDS: [&str; 20] = [
    "task_id",
    "origin",
    "alert_ids",
    "group_id",
    "assignee",
    "kind",
    "item",
    "means",
    "resources",
    "class",
    "approval",
    "state",
    "opened_at",
    "accepted_at",
    "due_at",
    "ended_at",
    "unit_id",
    "overdue",
    "result",
    "verified",
];

#[test]
fn a_list_of_tasks_says_where_each_comes_from_when_it_began_and_whose_unit_it_is() {
    let deployment = worked();
    let tasks = deployment.json(&["tasks", "list"]);
    for task in &tasks {
        assert!(
            TASK_FIELDS.iter().all(|field| task.get(field).is_some()),
            "{task}"
        );
        assert!(
            task["opened_at"]
                .as_str()
                .is_some_and(|at| at.ends_with('Z')),
            "{task}"
        );
        let is_of_a_group = task["group_id"].is_string();
        assert!(task["unit_id"].is_string() || !is_of_a_group, "{task}");
    }
    let of_alert: Vec<&Value> = tasks
        .iter()
        .filter(|task| task["origin"] == "alert")
        .collect();
    assert!(
        !of_alert.is_empty()
            && of_alert.iter().all(|task| task["alert_ids"]
                .as_array()
                .is_some_and(|ids| !ids.is_empty()))
    );
    let unit = |group: &Value| {
        let id = group.as_str().expect("an id");
        deployment.json(&["report", "daily", "--date", "today", "--id", id])[0]["unit_id"].clone()
    };
    let task = of_alert
        .iter()
        .find(|task| task["group_id"].is_string())
        .expect("a customer's");
    assert_eq!(task["unit_id"], unit(&task["group_id"]));
}

#[test]
fn whoever_has_read_enough_ends_no_command_in_an_error() {
    let deployment = worked();
    for arguments in [
        &["alerts", "list", "--format", "json"][..],
        &["report", "daily", "--date", "today"],
        &["config", "default"],
    ] {
        let mut child = deployment
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it starts");
        drop(child.stdout.take());
        let output = child.wait_with_output().expect("it ends");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            output.status.success() && !said.contains("roken pipe"),
            "{arguments:?}: {said}"
        );
    }
}

#[test]
fn lists_show_people_words_and_programs_codes() {
    let deployment = worked();
    for (list, field, codes) in [
        (
            "alerts",
            "state",
            &["firing", "resolved", "warning", "critical"][..],
        ),
        (
            "tasks",
            "kind",
            &["retention", "relationship", "routine", "cancelled"],
        ),
        (
            "outbox",
            "kind",
            &["alert_task", "daily_brief", "ops_notice"],
        ),
        ("sources", "state", &["done", "reading"]),
    ] {
        let (table, rows) = (
            deployment.run(&[list, "list"]),
            deployment.json(&[list, "list"]),
        );
        assert!(
            rows.iter().any(|row| row[field]
                .as_str()
                .is_some_and(|code| codes.contains(&code))),
            "{list}: {rows:?}"
        );
        assert!(codes.iter().all(|code| !table.contains(code)), "{table}");
        let english = deployment
            .command(&[list, "list"])
            .env("SISAN__LOCALE", "en")
            .output()
            .expect("it runs");
        assert!(
            codes
                .iter()
                .any(|code| String::from_utf8_lossy(&english.stdout).contains(code)),
            "{list} in English"
        );
    }
}
