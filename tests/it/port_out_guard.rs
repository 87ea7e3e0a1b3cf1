//! The port-out guard on tasks that people make by hand: a task that names a subscriber which may
//! be ported proposes no offer, however somebody wrote the number.

use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::loading::{clock, event, joined, take};

/// A group of two subscribers, the first of which may be ported since an hour.
fn with_an_authorised_line() -> Deployment {
    let deployment = Deployment::new();
    let (load, now) = ("2026-08-20T09:00:00+08:00", "2026-09-03T10:00:00+08:00");
    let crm = |id: &str, kind: &str, data: Value| event("/crm", id, kind, load, &data.to_string());
    let manager = |id: &str, supervisor: Option<&str>| {
        let data = json!({"manager_id": id, "name": id, "email": format!("{id}@operator.test"), "supervisor_id": supervisor});
        crm(id, "crm.manager.v1", data)
    };
    let group = json!({"group_id": "G1", "name": "华晟机械", "unit_id": "U1", "manager_id": "M1", "tier": "A"});
    let line = |id: &str| joined("/boss", id, id, "G1", load);
    let authorised = json!({"subscriber_id": "13900000005", "stage": "authorised"}).to_string();
    let events = manager("S1", None)
        + &manager("M1", Some("S1"))
        + &crm("G1", "crm.group.v1", group)
        + &line("13900000005")
        + &line("13900000006")
        + &event("/boss", "p", "boss.port_out.v1", now, &authorised)
        + &clock("c", "2026-09-03T11:00:00+08:00");
    take(&deployment, "000", &events);
    deployment
}

/// What a task by hand is to be, beside its title.
#[rustfmt::skip]
const PARTS: [&str; 14] = [
    "--as", "M1", "--group", "G1", "--kind", "retention", "--item", "retention", "--plan", "面谈",
    "--means", "negotiation", "--resources", "offer",
];

/// A task that asked for negotiation and an offer.
struct Added {
    task: Value,
    withheld: Value,
    /// What the command answered.
    said: String,
    /// How many mails ask for an approval by now.
    asked: usize,
}

fn add(deployment: &Deployment, title: &str) -> Added {
    let made = deployment.run_with(&[&["tasks", "add", title], &PARTS[..]].concat(), &[]);
    let said = String::from_utf8_lossy(&made.stderr).into_owned();
    let id = String::from_utf8_lossy(&made.stdout).into_owned();
    assert!(made.status.success(), "{said}");
    let shown = deployment.json(&["tasks", "show", id.trim()]).remove(0);
    deployment.drain();
    let mails = deployment.json(&["outbox", "list"]);
    let is_asking = |mail: &&Value| mail["kind"] == "approval_request";
    Added {
        task: shown["task"].clone(),
        withheld: shown["details"]["withheld"].clone(),
        said,
        asked: mails.iter().filter(is_asking).count(),
    }
}

#[test]
fn a_hand_made_task_that_names_an_authorised_line_is_made_without_the_offer() {
    let deployment = with_an_authorised_line();
    let withholding = "有号码可携出，暂不得使用：商务谈判、优惠";
    for title in [
        "13900000005 挽留",
        "139-0000-0005 挽留",
        "139****0005 挽留",
        "１３９０００００００５挽留",
    ] {
        let added = add(&deployment, title);
        let task = &added.task;
        assert_eq!(
            (&task["means"], &task["resources"], &task["approval"]),
            (&json!(["call"]), &json!([]), &json!("none")),
            "{title}: {task}"
        );
        assert_eq!(added.withheld, json!(["negotiation", "offer"]), "{title}");
        assert!(added.said.contains(withholding), "{}", added.said);
        assert_eq!(added.asked, 0, "nobody is asked to approve it");
    }
    let offering = ["139-0000-0005 优惠挽留", "139****0005 DISCOUNT"];
    for (title, word) in offering.into_iter().zip(["优惠", "discount"]) {
        let made = deployment.run_with(&[&["tasks", "add", title], &PARTS[..]].concat(), &[]);
        let said = String::from_utf8_lossy(&made.stderr).into_owned();
        assert!(!made.status.success(), "{title}");
        let named = format!("({word}), and subscriber 139****0005 may be ported out");
        assert!(said.contains(&named) && said.contains("hint"), "{said}");
    }
    let added = add(&deployment, "13900000006 优惠挽留");
    let task = &added.task;
    assert_eq!(
        (&task["means"], &task["resources"], &task["approval"]),
        (
            &json!(["negotiation"]),
            &json!(["offer"]),
            &json!("requested")
        ),
        "the guard is for its line only: {task}"
    );
    assert_eq!((added.withheld, added.asked), (json!([]), 1));
    assert!(!added.said.contains("without"), "{}", added.said);
}

#[test]
fn a_task_is_shown_with_what_is_so_now_and_not_with_what_was_so_when_it_began() {
    let deployment = with_an_authorised_line();
    let tasks = deployment.json(&["tasks", "list", "--group", "G1"]);
    let id = tasks[0]["task_id"].as_str().expect("an id").to_owned();
    let first_check = || {
        let shown = deployment.json(&["tasks", "show", &id]).remove(0);
        shown["details"]["checks"][0].to_string()
    };
    assert!(first_check().contains("目前：已申请携转授权码"));
    deployment.run(&["tasks", "accept", &id, "--as", "M1"]);
    let withdrawn = json!({"subscriber_id": "13900000005", "stage": "withdrawn"}).to_string();
    let events = event(
        "/boss",
        "w",
        "boss.port_out.v1",
        "2026-09-03T12:00:00+08:00",
        &withdrawn,
    ) + &clock("d", "2026-09-03T13:00:00+08:00");
    take(&deployment, "001", &events);
    let check = first_check();
    assert!(check.contains("目前：已撤回"), "{check}");
}
