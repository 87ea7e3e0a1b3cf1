//! The early signals as operators see them, from events in a file to alerts and tasks.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::deployment::Deployment;

/// Events in the order in which they are added.
#[derive(Default)]
struct Story {
    lines: Vec<String>,
}

impl Story {
    fn append(&mut self, time: &str, kind: &str, data: Value) -> String {
        let id = format!("e{}", self.lines.len());
        let time = time.replace(' ', "T");
        let event = json!({
            "specversion": "1.0", "id": id, "source": "/boss", "type": kind, "time": format!("{time}:00+08:00"), "data": data,
        });
        self.lines.push(event.to_string());
        id
    }

    fn city(&mut self) {
        let begin = "2026-08-01 00:00";
        self.append(
            begin,
            "crm.unit.v1",
            json!({"unit_id": "U1", "name": "城东分局", "head_manager_id": "M1"}),
        );
        self.append(
            begin,
            "crm.manager.v1",
            json!({"manager_id": "M1", "name": "王", "email": "wang@example.com"}),
        );
        for (group, tier) in [("GA", "A"), ("GC", "C")] {
            let of = json!({"group_id": group, "name": group, "unit_id": "U1", "manager_id": "M1", "tier": tier});
            self.append(begin, "crm.group.v1", of);
        }
        for n in 0..40 {
            let group = if n < 20 { "GA" } else { "GC" };
            self.append(
                begin,
                "boss.membership.v1",
                json!({"subscriber_id": line(n), "group_id": group, "change": "joined"}),
            );
        }
    }

    fn status(&mut self, time: &str, n: u32, status: &str) -> String {
        self.append(
            time,
            "boss.subscriber.status.v1",
            json!({"subscriber_id": line(n), "status": status}),
        )
    }
}

fn line(n: u32) -> String {
    format!("1380000{n:04}")
}

/// Signals that fire: kind, whose, about what.
fn signals(deployment: &Deployment) -> Vec<String> {
    let is_signal = |kind: &str| {
        ![
            "churn_rate",
            "member_loss_rate",
            "complaint_rate_10k",
            "satisfaction",
        ]
        .contains(&kind)
    };
    let alerts = deployment.json(&["alerts", "list"]);
    let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let firing = alerts
        .iter()
        .filter(|row| row["state"] != "resolved" && is_signal(&text(row, "kind")));
    let named = firing.map(|row| {
        format!(
            "{} {} {}",
            text(row, "kind"),
            text(row, "scope_id"),
            text(row, "subject")
        )
        .trim_end()
        .to_owned()
    });
    named.collect::<BTreeSet<_>>().into_iter().collect()
}

fn drained(story: &Story, batch: &str) -> Deployment {
    let mut deployment = Deployment::new();
    deployment.set("BATCH__EVENTS_MAX", batch);
    std::fs::write(
        deployment.path("events/000.jsonl"),
        story.lines.join("\n") + "\n",
    )
    .expect("a file of events");
    deployment.drain();
    assert_eq!(deployment.applied() as usize, story.lines.len());
    deployment
}

fn story() -> Story {
    let mut story = Story::default();
    story.city();
    let complaint = |id: &str, group: &str, state: &str, severity: &str| json!({"complaint_id": id, "group_id": group, "state": state, "severity": severity, "category": "网络"});
    story.append(
        "2026-08-03 10:00",
        "boss.bill.v1",
        json!({
            "bill_id": "B1", "group_id": "GA", "period": "2026-07", "amount_fen": 50_000, "due_on": "2026-08-10",
        }),
    );
    story.append(
        "2026-08-04 10:00",
        "boss.payment.v1",
        json!({"payment_id": "P1", "bill_id": "B1", "amount_fen": 20_000}),
    );
    for n in 0..5 {
        story.append(
            "2026-08-14 09:00",
            "crm.complaint.v1",
            complaint(&format!("N{n}"), "GC", "filed", "normal"),
        );
    }
    for n in 1..5 {
        story.append(
            "2026-08-14 18:00",
            "crm.complaint.v1",
            complaint(&format!("N{n}"), "GC", "resolved", "normal"),
        );
    }
    story.append(
        "2026-08-16 09:00",
        "crm.complaint.v1",
        complaint("C1", "GA", "filed", "major"),
    );
    story.append(
        "2026-08-16 09:00",
        "crm.survey.v1",
        json!({"survey_id": "S1", "group_id": "GA", "score": 2, "scale": 5}),
    );
    story.append(
        "2026-08-16 09:00",
        "crm.survey.v1",
        json!({"survey_id": "S2", "group_id": "GC", "score": 5, "scale": 10}),
    );
    story.append(
        "2026-08-16 09:30",
        "boss.port_out.v1",
        json!({"subscriber_id": line(1), "stage": "queried"}),
    );
    story.status("2026-08-16 09:40", 2, "pre_cancelled");
    for n in 3..8 {
        story.status("2026-08-16 09:50", n, "suspended");
        story.status("2026-08-16 09:50", n + 20, "suspended");
    }
    story.status("2026-08-16 10:30", 19, "active");
    story
}

const FIRING: [&str; 9] = [
    "arrears GA",
    "complaint_hotspot U1 网络",
    "complaint_open GC N0",
    "low_score GA S1",
    "low_score GC S2",
    "major_complaint GA C1",
    "port_out GA 138****0001",
    "pre_cancel GA 138****0002",
    "suspension_burst GC",
];

#[test]
fn every_signal_is_raised_from_a_file_of_events_whatever_the_size_of_batches() {
    for batch in ["50000", "3"] {
        let deployment = drained(&story(), batch);
        assert_eq!(signals(&deployment), FIRING, "in batches of {batch}");
        let tasks = deployment.json(&["tasks", "list"]);
        let of = |group: &str| {
            tasks
                .iter()
                .filter(|task| task["group_id"] == group)
                .count()
        };
        assert_eq!(
            (of("GA"), of("GC")),
            (2, 2),
            "retention and relationship each: {tasks:#?}"
        );
        assert!(
            tasks.iter().any(|task| task["group_id"].is_null()),
            "the unit's head has one about the hotspot"
        );
    }
}

#[test]
fn what_a_signal_stood_on_is_gone_and_so_is_the_signal() {
    let mut story = story();
    let later = "2026-08-16 11:00";
    story.append(
        later,
        "boss.payment.v1",
        json!({"payment_id": "P2", "bill_id": "B1", "amount_fen": 30_000}),
    );
    for id in ["N0", "C1"] {
        let group = if id == "N0" { "GC" } else { "GA" };
        story.append(
            later,
            "crm.complaint.v1",
            json!({"complaint_id": id, "group_id": group, "state": "resolved"}),
        );
    }
    for id in ["S1", "S2"] {
        let group = if id == "S1" { "GA" } else { "GC" };
        story.append(
            later,
            "crm.survey.v1",
            json!({"survey_id": id, "group_id": group, "score": 90, "scale": 100}),
        );
    }
    story.append(
        later,
        "boss.port_out.v1",
        json!({"subscriber_id": line(1), "stage": "withdrawn"}),
    );
    for n in (2..8).chain(23..28) {
        story.status(later, n, "active");
    }
    story.status("2026-08-16 12:00", 19, "active");
    assert_eq!(
        signals(&drained(&story, "50000")),
        ["complaint_hotspot U1 网络"],
        "resolved complaints were complaints"
    );
}

/// Members named and kept of those whose 30 days ended in September 2026.
fn kept_in_september(deployment: &Deployment) -> (i64, i64) {
    let rows = deployment.json(&["tasks", "results", "--month", "2026-09"]);
    let sum = |column: &str| {
        rows.iter()
            .map(|row| row[column].as_i64().expect("a count"))
            .sum()
    };
    (sum("named_members"), sum("kept_members"))
}

#[test]
fn the_save_rate_of_members_counts_who_is_one_after_thirty_days_and_stays_when_the_month_is_closed()
{
    let mut story = Story::default();
    story.city();
    for n in 0..3 {
        story.append(
            "2026-08-05 10:00",
            "boss.port_out.v1",
            json!({"subscriber_id": line(n), "stage": "queried"}),
        );
    }
    // One leaves within his 30 days, and comes back after them; one leaves after them.
    story.status("2026-08-10 10:00", 0, "cancelled_voluntary");
    story.status("2026-09-20 10:00", 0, "active");
    story.status("2026-09-20 10:00", 1, "cancelled_voluntary");
    let mut deployment = drained(&story, "50000");
    assert_eq!(kept_in_september(&deployment), (3, 2));
    deployment.set("HISTORY__OPEN_MONTHS", "1");
    deployment.run(&["load", "done"]);
    let mut goes_on = |time: &str, n: u32| {
        story.status(time, n, "suspended");
        let (number, event) = (story.lines.len(), story.lines.last().expect("the event"));
        std::fs::write(
            deployment.path(&format!("events/{number:03}.jsonl")),
            format!("{event}\n"),
        )
        .expect("a file of events");
        deployment.drain();
    };
    // September is closed in November; what comes then folds the subscribers' events of before.
    goes_on("2026-11-12 10:00", 0);
    let settled = || {
        let database = rusqlite::Connection::open(deployment.path("sisan.db")).expect("the store");
        let count = database.query_row(
            "SELECT count(*) FROM named_member WHERE kept IS NOT NULL",
            [],
            |row| row.get::<_, i64>(0),
        );
        count.expect("a count")
    };
    assert_eq!(settled(), 3);
    goes_on("2026-11-13 10:00", 0);
    goes_on("2026-11-13 11:00", 1);
    assert_eq!(
        kept_in_september(&deployment),
        (3, 2),
        "settled, whatever the lines say by then"
    );
}
