//! Briefs of a small company, computed from its events: the whole worker runs over files by the
//! event clock.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::config;
use crate::consume::StopSignal;
use crate::domain::brief::{Brief, ChangeKind};
use crate::domain::event::StopReason;
use crate::domain::ids::{GroupId, ManagerId};
use crate::pipeline::{Briefs, Pipeline};
use crate::runtime::{OutboxDispatcher, Setup, Worker};

/// An event a line: type, time (of day, on the day of August 2026), data.
type RawEvent = (&'static str, &'static str, &'static str);

const COMPANY: [RawEvent; 7] = [
    (
        "crm.manager",
        "01T09:00",
        r#"{"manager_id":"wang","name":"王","email":"wang@example.com"}"#,
    ),
    (
        "crm.manager",
        "01T09:00",
        r#"{"manager_id":"li","name":"李","email":"li@example.com"}"#,
    ),
    (
        "crm.manager",
        "01T09:00",
        r#"{"manager_id":"zhao","name":"赵","email":"zhao@example.com"}"#,
    ),
    (
        "crm.unit",
        "01T09:00",
        r#"{"unit_id":"U1","name":"城东","head_manager_id":"zhao"}"#,
    ),
    (
        "crm.group",
        "01T09:00",
        r#"{"group_id":"G1","name":"甲公司","unit_id":"U1","manager_id":"wang","tier":"B"}"#,
    ),
    (
        "boss.membership",
        "01T09:01",
        r#"{"subscriber_id":"13800000001","group_id":"G1","change":"joined"}"#,
    ),
    (
        "boss.membership",
        "01T09:01",
        r#"{"subscriber_id":"13800000002","group_id":"G1","change":"joined"}"#,
    ),
];

/// A weekend without changes.
const MONDAY: [RawEvent; 1] = [(
    "boss.feed",
    "03T08:00",
    r#"{"feed":"boss","date":"2026-08-02","events":0}"#,
)];

/// Two suspensions, one of them retracted, a complaint, a new member.
const TUESDAY: [RawEvent; 6] = [
    (
        "boss.subscriber.status",
        "03T09:00",
        r#"{"subscriber_id":"13800000001","status":"suspended","reason":"arrears"}"#,
    ),
    (
        "boss.subscriber.status",
        "03T10:00",
        r#"{"subscriber_id":"13800000002","status":"suspended"}"#,
    ),
    (
        "boss.retraction",
        "03T11:00",
        r#"{"source":"/test","id":"31"}"#,
    ),
    (
        "crm.complaint",
        "03T12:00",
        r#"{"complaint_id":"C1","group_id":"G1","state":"filed"}"#,
    ),
    (
        "boss.membership",
        "03T13:00",
        r#"{"subscriber_id":"13800000003","group_id":"G1","change":"joined"}"#,
    ),
    (
        "boss.feed",
        "04T08:01",
        r#"{"feed":"boss","date":"2026-08-03","events":0}"#,
    ),
];

/// A subscriber is back, a low score comes late, the customer changes hands.
const WEDNESDAY: [RawEvent; 4] = [
    (
        "boss.subscriber.status",
        "04T09:00",
        r#"{"subscriber_id":"13800000001","status":"active"}"#,
    ),
    (
        "crm.survey",
        "03T20:00",
        r#"{"survey_id":"S1","group_id":"G1","score":4,"scale":"10"}"#,
    ),
    (
        "crm.group",
        "04T10:00",
        r#"{"group_id":"G1","name":"甲公司","unit_id":"U1","manager_id":"li","tier":"B"}"#,
    ),
    (
        "boss.feed",
        "05T08:01",
        r#"{"feed":"boss","date":"2026-08-04","events":0}"#,
    ),
];

/// Ingests a file of events, on top of the earlier ones; returns the briefs of the last morning.
fn after(dir: &Path, file: &str, events: &[RawEvent]) -> BTreeMap<ManagerId, Brief> {
    let lines = events.iter().enumerate().map(|(number, (kind, time, data))| {
        format!(
            r#"{{"specversion":"1.0","id":"{file}{number}","source":"/test","type":"{kind}.v1","time":"2026-08-{time}:00+08:00","data":{data}}}"#
        ) + "\n"
    });
    let events = dir.join("events");
    std::fs::create_dir_all(&events).expect("a folder");
    std::fs::write(
        events.join(format!("{file}.jsonl")),
        lines.collect::<String>(),
    )
    .expect("a file");
    let path = |part: &str| dir.join(part).display().to_string();
    let variables = [
        ("SISAN__CLOCK__MODE", "event".to_owned()),
        ("SISAN__SOURCE__KIND", "files".to_owned()),
        ("SISAN__SOURCE__FILES__DIR", path("events")),
        ("SISAN__STORE__URL", format!("sqlite:{}", path("sisan.db"))),
        ("SISAN__MAIL__KIND", "folder".to_owned()),
        ("SISAN__MAIL__FOLDER", path("mails")),
        ("SISAN__REPORT__DIR", path("reports")),
    ];
    let config = config::load(
        &[],
        variables
            .into_iter()
            .map(|(name, value)| (name.to_owned(), value)),
    )
    .expect("a configuration");
    let setup = Setup::from_config(config).expect("a setup");
    let store = Arc::new(
        setup
            .migrate_store()
            .and_then(|store| store.lock())
            .expect("a store"),
    );
    let mut dispatcher = OutboxDispatcher::open(&setup).expect("a folder for mails");
    let source = setup
        .source(&store, true, StopSignal::new())
        .expect("a source");
    Worker::new(&setup, Arc::clone(&store), true)
        .and_then(|worker| worker.drain(source, &mut dispatcher))
        .expect("a drain");
    let pipeline = Pipeline::open(Arc::clone(&store), setup.pipeline()).expect("a pipeline");
    store
        .read_tx("read briefs", |tx| {
            Briefs::load(tx, pipeline.read_model(), &pipeline.settings().plan)
        })
        .expect("briefs")
        .by_manager
}

fn changes_of<'a>(
    briefs: &'a BTreeMap<ManagerId, Brief>,
    manager: &str,
    group: &str,
) -> Vec<(ChangeKind, &'a str)> {
    let (manager, group) = (
        ManagerId::parse(manager).expect("an id"),
        GroupId::parse(group).expect("an id"),
    );
    let groups = briefs.get(&manager).map_or(&[][..], |brief| &brief.groups);
    let changes = groups
        .iter()
        .filter(|one| one.group_id == group)
        .flat_map(|one| &one.changes);
    changes
        .map(|change| (change.kind, &*change.subject))
        .collect()
}

#[test]
fn a_morning_tells_what_came_since_the_last_one_as_now_known() {
    let dir = tempfile::tempdir().expect("a folder");
    let at_start = after(dir.path(), "1", &COMPANY);
    assert!(at_start.is_empty(), "no morning has come");

    let monday = after(dir.path(), "2", &MONDAY);
    assert_eq!(
        changes_of(&monday, "wang", "G1"),
        [],
        "Saturday is more than a day before the first brief"
    );

    let tuesday = after(dir.path(), "3", &TUESDAY);
    let stopped = ChangeKind::Stopped(Some(StopReason::Arrears));
    let changes = [
        (ChangeKind::ComplaintFiled, "C1"),
        (stopped, "13800000001"),
        (ChangeKind::Joined, "13800000003"),
    ];
    assert_eq!(
        changes_of(&tuesday, "wang", "G1"),
        changes,
        "a stop that was retracted never was"
    );
    let wang = &tuesday[&ManagerId::parse("wang").expect("an id")];
    assert_eq!(
        (
            wang.groups[0].members,
            wang.groups[0].opening,
            wang.groups[0].more
        ),
        (3, 0, 0)
    );
    assert_eq!(wang.since.to_string(), "2026-08-03T00:00:00Z");

    let wednesday = after(dir.path(), "4", &WEDNESDAY);
    let changes = [
        (ChangeKind::ComplaintOpen, "C1"),
        (ChangeKind::LowScore, "S1"),
        (ChangeKind::Restored, "13800000001"),
    ];
    assert_eq!(
        changes_of(&wednesday, "li", "G1"),
        changes,
        "what came late is reported when it came"
    );
    assert_eq!(changes_of(&wednesday, "wang", "G1"), []);
    for manager in ["wang", "li"] {
        assert_eq!(
            wednesday[&ManagerId::parse(manager).expect("an id")]
                .handed_over
                .len(),
            1,
            "{manager}"
        );
    }
}
