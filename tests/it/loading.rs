//! The first load, and that of a source that joins when months are closed already.

use serde_json::Value;

use crate::deployment::Deployment;

pub fn event(source: &str, id: &str, kind: &str, time: &str, data: &str) -> String {
    format!(
        r#"{{"specversion":"1.0","id":"{id}","source":"{source}","type":"{kind}","time":"{time}","data":{data}}}"#
    ) + "\n"
}

pub fn joined(source: &str, id: &str, line: &str, group: &str, time: &str) -> String {
    let data = format!(r#"{{"subscriber_id":"{line}","group_id":"{group}","change":"joined"}}"#);
    event(source, id, "boss.membership.v1", time, &data)
}

pub fn status(source: &str, id: &str, line: &str, status: &str, time: &str) -> String {
    event(
        source,
        id,
        "boss.subscriber.status.v1",
        time,
        &format!(r#"{{"subscriber_id":"{line}","status":"{status}"}}"#),
    )
}

/// Nothing but the passing of time: the event clock moves, and what falls due meanwhile is done.
pub fn clock(id: &str, time: &str) -> String {
    event(
        "/boss/old",
        id,
        "boss.feed.v1",
        time,
        r#"{"feed":"boss","date":"2026-01-01","events":1}"#,
    )
}

pub fn take(deployment: &Deployment, file: &str, events: &str) {
    std::fs::write(deployment.path(&format!("events/{file}.jsonl")), events)
        .expect("a file of events");
    deployment.drain();
}

/// Opening and closing of a group on a day.
pub fn members(deployment: &Deployment, group: &str, date: &str) -> (Value, Value) {
    let rows = deployment.json(&["report", "daily", "--date", date]);
    let row = rows
        .iter()
        .find(|row| row["scope_id"] == group)
        .unwrap_or_else(|| panic!("no row of {group} in {rows:?}"));
    (row["opening"].clone(), row["closing"].clone())
}

#[test]
fn a_source_that_joins_later_brings_its_old_memberships_and_changes_nothing_that_was_there() {
    let deployment = Deployment::new();
    let (old, new) = ("/boss/old", "/boss/new");
    let known = "13800000001";
    let first = joined(old, "1", known, "G1", "2026-01-05T09:00:00+08:00")
        + &status(old, "2", known, "suspended", "2026-01-20T09:00:00+08:00")
        + &clock("3", "2026-02-01T09:00:00+08:00");
    take(&deployment, "1", &first);
    let refused = deployment.run_with(&["load", "begin", "--source", new], &[]);
    assert_eq!(
        refused.status.code(),
        Some(2),
        "the first load takes everything anyhow"
    );
    deployment.run(&["load", "done"]);
    take(&deployment, "2", &clock("4", "2026-08-11T09:00:00+08:00"));
    // Touching the subscriber folds its closed months.
    let touched = status(old, "5", known, "suspended", "2026-08-12T09:00:00+08:00");
    take(&deployment, "3", &touched);
    let old_membership = joined(new, "1", "13900000001", "G2", "2026-01-06T09:00:00+08:00");
    take(&deployment, "4", &old_membership);
    let rejects = deployment.json(&["rejects", "list"]);
    assert_eq!(rejects.len(), 1, "{rejects:?}");
    assert_eq!(rejects[0]["class"], "too_late");

    deployment.run(&["load", "begin", "--source", new]);
    load_the_source(&deployment, old, new);
    assert_eq!(
        deployment.json(&["rejects", "list"]).len(),
        2,
        "the old source's late event, and the one before the load"
    );
    assert_eq!(
        members(&deployment, "G2", "2026-08-31"),
        (1.into(), 1.into()),
        "one of two is still there"
    );
    assert_eq!(
        members(&deployment, "G1", "2026-08-31"),
        (1.into(), 2.into())
    );
    let suspended = deployment.json(&["report", "daily", "--date", "2026-08-31"]);
    let g1 = suspended
        .iter()
        .find(|row| row["scope_id"] == "G1")
        .expect("a row");
    assert_eq!(
        g1["suspended"], 1,
        "its base state is newer than the event of the new source"
    );
}

/// Ingests what the new source has until now, and ends the load.
fn load_the_source(deployment: &Deployment, old: &str, new: &str) {
    // Its newest event first, a subscriber that was known before among them; the old source stays
    // too late.
    let load = status(
        new,
        "12",
        "13900000002",
        "cancelled_voluntary",
        "2026-02-03T09:00:00+08:00",
    ) + &joined(new, "10", "13900000002", "G2", "2026-01-06T09:00:00+08:00")
        + &joined(new, "11", "13900000003", "G2", "2026-01-07T09:00:00+08:00")
        + &status(
            new,
            "13",
            "13800000001",
            "active",
            "2026-01-02T09:00:00+08:00",
        )
        + &joined(old, "14", "13900000004", "G2", "2026-01-07T09:00:00+08:00");
    take(deployment, "5", &load);
    take(
        deployment,
        "6",
        &status(
            new,
            "15",
            "13900000003",
            "suspended",
            "2026-08-13T09:00:00+08:00",
        ),
    );
    deployment.run(&["load", "done"]);
    take(
        deployment,
        "7",
        &(joined(old, "16", "13800000009", "G1", "2026-08-20T09:00:00+08:00")
            + &clock("17", "2026-09-11T09:00:00+08:00")),
    );
    take(
        deployment,
        "8",
        &status(
            new,
            "18",
            "13900000003",
            "active",
            "2026-09-12T09:00:00+08:00",
        ),
    );
}
