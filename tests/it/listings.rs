//! Lists and files of customers cost what they show: what they need not read may be damaged.

use serde_json::Value;

use crate::cases::Case;
use crate::damage::change;
use crate::deployment::Deployment;

/// A deployment that has raised alerts, made tasks and reminders, queued mails and rejected lines,
/// from several files.
fn worked() -> Deployment {
    let deployment = Deployment::new();
    for (file, case) in ["ordered-small", "bad-events"].into_iter().enumerate() {
        let lines = Case { name: case }.lines();
        for (part, lines) in lines.chunks(lines.len().div_ceil(3)).enumerate() {
            let text = lines
                .iter()
                .flat_map(|line| line.iter().copied().chain([b'\n']))
                .collect::<Vec<u8>>();
            std::fs::write(
                deployment.path(&format!("events/{file}-{part}.jsonl")),
                text,
            )
            .expect("a file of events");
        }
    }
    deployment.drain();
    deployment
}

/// Runs a command that must fail; returns its standard error.
fn refused(deployment: &Deployment, arguments: &[&str]) -> String {
    let output = deployment.run_with(&[arguments, &["--format", "json"]].concat(), &[]);
    let said = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{arguments:?}: {said}");
    said
}

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field]
        .as_str()
        .unwrap_or_else(|| panic!("{field} of {row}"))
}

/// An id as SQL has it.
fn quoted(id: &Value) -> String {
    id.as_str()
        .map_or_else(|| id.to_string(), |id| format!("'{id}'"))
}

#[test]
fn a_list_with_a_limit_shows_the_last_and_reads_no_others() {
    let deployment = worked();
    let dir = deployment.path("");
    for (list, id, table, harm) in [
        ("alerts", "alert_id", "alert", "body = body || ' '"),
        ("reminders", "reminder_id", "reminder", "body = body || ' '"),
        ("outbox", "mail_id", "outbox", "kind = 'else'"),
        ("rejects", "reject_id", "reject", "position = -reject_id"),
        ("sources", "source", "source", "lag = lag + 1"),
    ] {
        let all = deployment.json(&[list, "list"]);
        assert!(all.len() > 2, "{list}: {all:?}");
        assert_eq!(
            deployment.json(&[list, "list", "--limit", "2147483647"]),
            all,
            "{list}"
        );
        let two = deployment.json(&[list, "list", "--limit", "2"]);
        assert!(
            two.len() == 2 && two.iter().all(|row| all.contains(row)),
            "{list}: {two:?}"
        );
        let one = deployment.json(&[list, "list", "--limit", "1"]);
        let [shown] = &one[..] else {
            panic!("{list}: {one:?}")
        };
        let shown = quoted(&shown[id]);
        let others = match list {
            "sources" => format!("name <> {shown}"),
            // Conflicts are listed apart.
            "rejects" => format!("{id} <> {shown} AND class <> 'conflict'"),
            _ => format!("{id} <> {shown}"),
        };
        change(
            &dir,
            &format!("UPDATE {table} SET {harm} WHERE {others}"),
            all.len() - 1,
        );
        assert_eq!(
            deployment.json(&[list, "list", "--limit", "1"]),
            one,
            "{list}"
        );
        assert!(
            refused(&deployment, &[list, "list"]).contains("E_STORE_DAMAGED"),
            "{list}"
        );
        if list == "rejects" {
            deployment.run(&["rejects", "show", &shown]);
        }
    }
    for wrong in ["0", "-1", "many"] {
        let list = ["alerts", "list", "--limit", wrong];
        let output = deployment.run_with(&list, &[]);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
    }
}

#[test]
fn a_list_of_tasks_reads_what_it_shows_and_by_whom_it_was_done() {
    let deployment = worked();
    let all = deployment.json(&["tasks", "list"]);
    let last = deployment.json(&["tasks", "list", "--limit", "1"]);
    assert_eq!(last, all[all.len() - 1..], "those that were opened last");
    let assignee = text(&last[0], "assignee").to_owned();
    let of_him = deployment.json(&["tasks", "list", "--assignee", &assignee]);
    assert_eq!(
        of_him,
        all.iter()
            .filter(|row| row["assignee"] == *assignee)
            .cloned()
            .collect::<Vec<_>>()
    );
    let group = text(
        all.iter()
            .find(|row| row["group_id"].is_string())
            .expect("a customer's task"),
        "group_id",
    )
    .to_owned();
    let of_group = deployment.json(&["tasks", "list", "--group", &group]);
    assert_eq!(
        of_group,
        all.iter()
            .filter(|row| row["group_id"] == *group)
            .cloned()
            .collect::<Vec<_>>()
    );
    let show = || {
        let id = text(&last[0], "task_id");
        deployment.run(&["tasks", "show", id, "--format", "json"])
    };
    let shown = show();
    let others = all.len() - of_him.len();
    assert!(others > 0, "{all:?}");
    let column = if assignee == "fallback" {
        ""
    } else {
        &assignee
    };
    change(
        &deployment.path(""),
        &format!("UPDATE task SET body = body || ' ' WHERE assignee <> '{column}'"),
        others,
    );
    assert_eq!(deployment.json(&["tasks", "list", "--limit", "1"]), last);
    assert_eq!(
        deployment.json(&["tasks", "list", "--assignee", &assignee]),
        of_him
    );
    assert_eq!(show(), shown);
    assert!(refused(&deployment, &["tasks", "list"]).contains("E_STORE_DAMAGED"));
}

/// A figure of a customer's file, and how the daily report calls it.
const FIGURES: [(&str, &str); 13] = [
    ("members", "closing"),
    ("suspended", "suspended"),
    ("newly_suspended", "newly_suspended"),
    ("opening", "opening"),
    ("joined", "joined"),
    ("lost", "lost"),
    ("churned", "churned"),
    ("churned_voluntary", "churned_voluntary"),
    ("ported_out", "ported_out"),
    ("complaints", "complaints"),
    ("open_complaints", "open_complaints"),
    ("survey_answers", "survey_answers"),
    ("developed", "developed"),
];

fn file_of(deployment: &Deployment, group: &str) -> Value {
    deployment.json(&["groups", "show", group]).remove(0)
}

#[test]
fn a_customers_file_says_what_the_whole_says_and_reads_no_other_customers_rows() {
    let deployment = worked();
    let rows = deployment.json(&["report", "daily", "--scope", "group"]);
    assert!(rows.len() > 3, "{rows:?}");
    rows.iter()
        .for_each(|row| says_what_the_report_says(&deployment, row));
    let with_tasks = rows.iter().map(|row| text(row, "scope_id")).find(|group| {
        !file_of(&deployment, group)["tasks"]
            .as_array()
            .expect("tasks")
            .is_empty()
    });
    needs_no_other_customers_rows(&deployment, with_tasks.expect("a customer with tasks"));
}

/// A customer's file beside its row of the daily report, and beside the lists.
fn says_what_the_report_says(deployment: &Deployment, row: &Value) {
    let group = text(row, "scope_id");
    let file = file_of(deployment, group);
    for (figure, column) in FIGURES {
        assert_eq!(
            file["figures"][figure], row[column],
            "{figure} of {group}: {file}"
        );
    }
    for judged in file["indicators"].as_array().expect("indicators") {
        let name = text(judged, "indicator");
        assert_eq!(
            judged["verdict"], row["verdicts"][name],
            "{name} of {group}"
        );
        assert_eq!(judged["value"], row[name], "{name} of {group}");
    }
    for list in ["alerts", "tasks"] {
        assert_eq!(
            file[list],
            Value::Array(deployment.json(&[list, "list", "--group", group])),
            "{list} of {group}"
        );
    }
    assert_eq!(file["group"]["group_id"], *group);
    assert!(
        file["group"]["unit"].is_string()
            == row["unit_id"]
                .as_str()
                .is_some_and(|unit| unit != "unassigned"),
        "{file}"
    );
}

fn needs_no_other_customers_rows(deployment: &Deployment, group: &str) {
    let before = file_of(deployment, group);
    for (table, harm, column) in [
        ("alert", "body = body || ' '", "scope_id"),
        ("task", "body = body || ' '", "scope_id"),
        ("reference_event", "body = x'00'", "group_id"),
    ] {
        let store = rusqlite::Connection::open(deployment.path("sisan.db")).expect("the store");
        let of_others = format!("FROM {table} WHERE {column} <> '{group}'");
        let others = store
            .query_row(&format!("SELECT count(*) {of_others}"), [], |row| {
                row.get::<_, i64>(0)
            })
            .expect("a count") as usize;
        drop(store);
        assert!(others > 0, "{table}");
        change(
            &deployment.path(""),
            &format!("UPDATE {table} SET {harm} WHERE {column} <> '{group}'"),
            others,
        );
    }
    assert_eq!(file_of(deployment, group), before);
    let open = before["tasks"]
        .as_array()
        .expect("tasks")
        .iter()
        .find(|task| task["state"] == "open")
        .expect("an open task");
    let task = text(open, "task_id");
    deployment.run(&["tasks", "accept", task]);
    let after = file_of(deployment, group);
    let accepted = after["tasks"]
        .as_array()
        .expect("tasks")
        .iter()
        .find(|row| row["task_id"] == *task)
        .expect("the task");
    assert_eq!(
        accepted["state"], "accepted",
        "work at one customer needs no other customer's rows"
    );
    assert!(
        refused(deployment, &["report", "daily"])
            .contains("E_STORE_DAMAGED: a reference event: row /")
    );
}

#[test]
fn reminders_and_rejections_are_listed_by_what_they_are_of() {
    let deployment = worked();
    for (list, option, field) in [
        ("reminders", "--group", "group_id"),
        ("reminders", "--assignee", "assignee"),
        ("rejects", "--class", "class"),
        ("rejects", "--source", "source"),
    ] {
        let all = deployment.json(&[list, "list"]);
        let some = all.iter().find(|row| row[field].is_string());
        // Of public holidays no customer is reminded: then none is listed.
        let wanted = some.map_or("G1", |row| text(row, field));
        let picked = deployment.json(&[list, "list", option, wanted]);
        let of_it: Vec<Value> = all
            .iter()
            .filter(|row| row[field] == wanted)
            .cloned()
            .collect();
        assert_eq!(picked, of_it, "{list} {option} {wanted}");
    }
    let unknown = deployment.run_with(&["rejects", "list", "--class", "nonsense"], &[]);
    assert_eq!(unknown.status.code(), Some(2));
}
