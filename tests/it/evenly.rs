//! Nothing is reported about events that have not been read yet: several sources are read evenly by
//! event time, so that a city comes out the same from however many partitions, and from files of
//! events as from BOSS drops.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use chrono::{DateTime, Datelike, Months, TimeDelta, Utc};
use serde_json::{Value, json};
use sisan::clock::wall_now;
use sisan::config::load;
use sisan::simulate::{CityConfig, build, to_json_line};

use crate::deployment::{Deployment, assert_same};
use crate::drops::{drop_line, kinds, mapping, text};
use crate::many_workers::deployment_on;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestDatabase, TestMessage, TestTopic, times};

/// The type and the line of each event of a small city, in the order of their times; in the long
/// suite of one as large as the demo's.
static EVENTS: LazyLock<Vec<(&str, Vec<u8>)>> = LazyLock::new(|| {
    let zone = load(&[], std::iter::empty())
        .expect("the defaults")
        .timezone;
    let last_day = "2026-10-31".parse().expect("a day");
    let large = CityConfig::demo(43, last_day, zone);
    let city = build(CityConfig {
        groups: times(20, large.groups as usize) as u32,
        members: times(800, large.members as usize) as u32,
        days: times(60, large.days as usize) as u32,
        ..large
    });
    city.events()
        .map(|event| (event.data.type_name(), to_json_line(&event).into_bytes()))
        .collect()
});

/// What comes of the events as they lie in one file, on SQLite.
static EXPECTED: LazyLock<BTreeMap<String, Vec<Value>>> = LazyLock::new(|| {
    let mut deployment = Deployment::new();
    deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
    put_in_files(&deployment, 1);
    deployment.drain();
    let visible = visible(&deployment);
    let (alerts, mails) = (visible["alerts"].len(), visible["mails"].len());
    assert!(alerts > 20 && mails > 100, "{alerts} {mails}");
    visible
});

/// The kinds of stores.
const STORES: [&str; 2] = ["SQLite", "PostgreSQL"];

/// Has a deployment keep its state in a store of this kind; the database, if that is one.
fn keep_in(store: &str, deployment: &mut Deployment) -> Option<TestDatabase> {
    let database = (store == "PostgreSQL").then(|| TestDatabase::create("evenly"));
    let url = database.as_ref().map_or_else(
        || format!("sqlite:{}", deployment.path("sisan.db").display()),
        TestDatabase::url,
    );
    deployment.set("STORE__URL", url);
    deployment.run(&["migrate"]);
    database
}

/// What a user can see beside where the input was left.
fn visible(deployment: &Deployment) -> BTreeMap<String, Vec<Value>> {
    let mut visible = deployment.visible();
    visible.remove("sources");
    visible
}

/// Asserts that a deployment shows what the events in one file do.
fn looks_the_same(deployment: &Deployment, of: &str) {
    let visible = visible(deployment);
    println!("{of}");
    assert_same(&visible, &EXPECTED);
    assert_same(&EXPECTED, &visible);
}

/// The events in time order, in so many files.
fn put_in_files(deployment: &Deployment, files: usize) {
    for (number, part) in EVENTS.chunks(EVENTS.len().div_ceil(files)).enumerate() {
        let lines: Vec<u8> = part
            .iter()
            .flat_map(|(_, line)| [line, &b"\n"[..]].concat())
            .collect();
        std::fs::write(deployment.path(&format!("events/{number:03}.jsonl")), lines)
            .expect("a file of events");
    }
}

/// By what producers choose the partition of an event.
#[derive(Debug, Clone, Copy)]
enum Spread {
    /// What belongs to one object is apart, as where each system has a partition of its own.
    ByType,
    /// What belongs to one customer is apart: a bill here, its payment there.
    ByKey,
}

/// The fields that may be the key of an event: the first that it has.
const KEYS: [&str; 6] = [
    "subscriber_id",
    "payment_id",
    "bill_id",
    "complaint_id",
    "contact_id",
    "group_id",
];

/// The key of an event in a topic.
fn key_of(spread: Spread, type_name: &str, line: &[u8]) -> String {
    let by_key = || {
        let event: Value = serde_json::from_slice(line).ok()?;
        let key = KEYS.iter().find_map(|key| event["data"][key].as_str())?;
        Some(key.to_owned())
    };
    match spread {
        Spread::ByType => None,
        Spread::ByKey => by_key(),
    }
    .unwrap_or_else(|| type_name.to_owned())
}

/// A topic over whose partitions the events are spread.
fn topic_of(partitions: i32, spread: Spread) -> TestTopic {
    let topic = TestTopic::create("evenly", partitions);
    let partition = |type_name: &str, line: &[u8]| {
        let key = key_of(spread, type_name, line);
        (xxhash_rust::xxh3::xxh3_64(key.as_bytes()) % partitions as u64) as i32
    };
    let messages = EVENTS.iter().map(|(type_name, line)| {
        TestMessage::to_partition(partition(type_name, line), line.clone())
    });
    topic.produce(&messages.collect::<Vec<_>>());
    topic
}

#[test]
fn a_city_looks_the_same_from_one_three_and_eight_partitions_on_both_stores() {
    for (partitions, spread, batch) in [
        (1, Spread::ByType, "2000"),
        (3, Spread::ByType, "333"),
        (8, Spread::ByType, "700"),
        (8, Spread::ByKey, "500"),
    ] {
        let topic = topic_of(partitions, spread);
        for store in STORES {
            let mut deployment = deployment_on(&topic, "", batch);
            deployment.set("CLOCK__MODE", "event");
            deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
            let _database = keep_in(store, &mut deployment);
            deployment.drain();
            looks_the_same(
                &deployment,
                &format!("{partitions} partitions {spread:?}, {store}"),
            );
        }
    }
}

#[test]
fn a_city_looks_the_same_from_files_in_time_order_on_both_stores() {
    for store in STORES {
        let mut deployment = Deployment::new();
        deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
        let _database = keep_in(store, &mut deployment);
        put_in_files(&deployment, 7);
        deployment.drain();
        looks_the_same(&deployment, store);
    }
}

/// Puts the events into drops, one a type and source, each with a mapping in the configuration that
/// is given back. A key date is a text by the sun and an object by the moon: these are two drops,
/// since no one mapping reads both.
fn put_in_drops(deployment: &Deployment) -> String {
    let mut drops: BTreeMap<(&str, String, bool), Vec<Value>> = BTreeMap::new();
    for (type_name, line) in EVENTS.iter() {
        let event: Value = serde_json::from_slice(line).expect("an event");
        let is_lunar = event["data"]["date"].is_object();
        drops
            .entry((type_name, text(&event["source"]), is_lunar))
            .or_default()
            .push(event);
    }
    let types: BTreeSet<&str> = drops.keys().map(|(type_name, ..)| *type_name).collect();
    assert!(types.len() > 12, "{types:?}");
    let mut config = String::new();
    for (at, ((type_name, source, _), events)) in drops.iter().enumerate() {
        let fields = kinds(events);
        config += &mapping(at, type_name, source, &fields);
        for (number, part) in events.chunks(events.len().div_ceil(2)).enumerate() {
            let lines: String = part.iter().map(|event| drop_line(event, &fields)).collect();
            std::fs::write(deployment.path(&format!("events/{at}_{number}.dat")), lines)
                .expect("a drop");
        }
    }
    config
}

#[test]
fn a_city_looks_the_same_from_one_boss_drop_a_type_on_both_stores() {
    for store in STORES {
        let mut deployment = Deployment::new();
        deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
        let _database = keep_in(store, &mut deployment);
        let file = deployment.path("drops.toml").display().to_string();
        std::fs::write(&file, put_in_drops(&deployment)).expect("a configuration");
        deployment.run(&["--config", &file, "run", "--drain"]);
        looks_the_same(&deployment, store);
    }
}

/// What rests on something that is not there.
const ABOUT_WHAT_IS_MISSING: [&str; 3] = ["arrears", "complaint_open", "contact_gap"];

/// How many days before its quarter ends a customer should have been contacted, so that it is the
/// day before yesterday; none in the first days of a quarter, when all that is of the last one.
fn contact_gap_days() -> Option<i64> {
    // In Shanghai.
    let today = (wall_now().utc() + TimeDelta::hours(8)).date_naive();
    let first = today.with_day(1)? - Months::new(today.month0() % 3);
    let last = first + Months::new(3) - TimeDelta::days(1);
    (today - first >= TimeDelta::days(4)).then(|| (last - today).num_days() + 3)
}

/// A backlog that ends yesterday, as messages of three partitions: customers, bills and complaints,
/// what settles them, all else. One customer paid late and one not at all; one complaint was
/// resolved late and one is open; one customer was visited just in time and one never.
fn backlog() -> (Vec<TestMessage>, usize) {
    let now = wall_now().utc();
    let mut events: Vec<(DateTime<Utc>, i32, &str, Value)> = Vec::new();
    let mut tell = |days_ago: f64, partition: i32, type_name: &'static str, data: Value| {
        events.push((
            now - TimeDelta::seconds((days_ago * 86_400.0) as i64),
            partition,
            type_name,
            data,
        ));
    };
    let due_on = (now - TimeDelta::days(8)).date_naive();
    let period = (now - TimeDelta::days(45)).format("%Y-%m").to_string();
    let bill = |group: &str| json!({"bill_id": format!("B{group}"), "group_id": group, "period": period, "amount_fen": 50_000, "due_on": due_on});
    for group in ["GPAID", "GOWES"] {
        tell(20.0, 0, "boss.bill.v1", bill(group));
    }
    let complaint = |id: &str, state: &str| json!({"complaint_id": id, "group_id": "GPAID", "state": state, "category": "网络"});
    tell(6.0, 0, "crm.complaint.v1", complaint("SETTLED", "filed"));
    tell(5.0, 0, "crm.complaint.v1", complaint("OPEN", "filed"));
    tell(
        1.5,
        1,
        "boss.payment.v1",
        json!({"payment_id": "P1", "bill_id": "BGPAID", "amount_fen": 50_000}),
    );
    tell(3.0, 1, "crm.complaint.v1", complaint("SETTLED", "resolved"));
    let customer = |group: &str| json!({"group_id": group, "name": group, "unit_id": "U1", "manager_id": "M1", "tier": "A"});
    for group in ["GSEEN", "GUNSEEN"] {
        tell(25.0, 0, "crm.group.v1", customer(group));
    }
    tell(
        3.0,
        1,
        "crm.contact.v1",
        json!({"contact_id": "C1", "group_id": "GSEEN", "manager_id": "M1", "channel": "visit"}),
    );
    for n in 0..6000 {
        let joined = json!({"subscriber_id": format!("1380000{n:04}"), "group_id": "GALL", "change": "joined"});
        tell(
            30.0 - f64::from(n) * 29.0 / 6000.0,
            n % 3,
            "boss.membership.v1",
            joined,
        );
    }
    events.sort_by_key(|(time, ..)| *time);
    let message = |(at, (time, partition, type_name, data)): (
        usize,
        (DateTime<Utc>, i32, &str, Value),
    )| {
        let event = json!({"specversion": "1.0", "id": at.to_string(), "source": "/boss", "type": type_name, "time": time, "data": data});
        TestMessage::to_partition(partition, event.to_string().into_bytes())
    };
    let messages: Vec<TestMessage> = events.into_iter().enumerate().map(message).collect();
    let count = messages.len();
    (messages, count)
}

#[test]
fn by_the_wall_clock_a_backlog_tells_of_nothing_missing_that_the_rest_of_it_brings() {
    let (messages, count) = backlog();
    let topic = TestTopic::create("backlog", 3);
    topic.produce(&messages);
    let gap_days = contact_gap_days();
    let expected = ["arrears GOWES ", "complaint_open GPAID OPEN"]
        .into_iter()
        .chain(gap_days.map(|_| "contact_gap GUNSEEN "))
        .collect::<Vec<_>>();
    // Drained, or taken by so many workers that run on; SQLite has one.
    for (store, workers) in [
        ("SQLite", None),
        ("SQLite", Some(1)),
        ("PostgreSQL", None),
        ("PostgreSQL", Some(2)),
    ] {
        let mut deployment = deployment_on(&topic, "", "100000");
        // About fifty events a batch, limited by bytes and not by number, and an evaluation pass
        // after each.
        deployment.set("EVENTS__BYTES_MAX", "1024");
        deployment.set("BATCH__BYTES_MAX", "16384");
        if let Some(days) = gap_days {
            deployment.set("SIGNALS__CONTACT_GAP__DAYS", days.to_string());
        }
        let _database = keep_in(store, &mut deployment);
        if let Some(workers) = workers {
            let workers = Running::start_many(&deployment, workers);
            wait_until(|| {
                deployment.applied() as usize == count
                    && missing(&deployment, false).len() >= expected.len()
            });
            stop_all(workers);
        } else {
            // A mail to nobody in particular may wait.
            deployment.run_with(&["run", "--drain"], &[]);
            assert_eq!(deployment.applied() as usize, count);
        }
        let lines: Vec<String> = missing(&deployment, false)
            .iter()
            .map(|row| {
                let [kind, group, subject] =
                    ["kind", "scope_id", "subject"].map(|of| text(&row[of]));
                format!("{kind} {group} {subject}")
            })
            .collect();
        assert_eq!(lines, expected, "{store}, {workers:?}");
        assert_eq!(
            missing(&deployment, true),
            Vec::<Value>::new(),
            "taken back, {store}, {workers:?}"
        );
    }
}

/// The alerts about what is missing that are over, or those that are not.
fn missing(deployment: &Deployment, is_over: bool) -> Vec<Value> {
    let mut rows = deployment.json(&["alerts", "list"]);
    rows.retain(|row| {
        ABOUT_WHAT_IS_MISSING.contains(&row["kind"].as_str().expect("a kind"))
            && (row["state"] == "resolved") == is_over
    });
    rows.sort_by_key(|row| row["kind"].to_string());
    rows
}
