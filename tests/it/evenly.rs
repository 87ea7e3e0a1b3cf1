//! Nothing is reported about events that have not been read yet: several sources are read evenly by
//! event time, so that a city comes out the same from however many partitions, and from files of
//! events as from BOSS drops.

use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use sisan::clock::wall_now;
use sisan::config::load;
use sisan::simulate::{CityConfig, build, to_json_line};

use crate::deployment::{Deployment, assert_same};
use crate::many_workers::deployment_on;
use crate::running::{Running, stop_all, wait_until};
use crate::services::{TestDatabase, TestMessage, TestTopic};

/// The type and the line of each event of a small city, in the order of their times.
fn events() -> Vec<(&'static str, Vec<u8>)> {
    let zone = load(&[], std::iter::empty())
        .expect("the defaults")
        .timezone;
    let last_day = "2026-10-31".parse().expect("a day");
    let city = build(CityConfig {
        groups: 20,
        members: 800,
        days: 60,
        ..CityConfig::demo(43, last_day, zone)
    });
    city.events()
        .map(|event| (event.data.type_name(), to_json_line(&event).into_bytes()))
        .collect()
}

/// What a user can see beside where the input was left.
fn seen(deployment: &Deployment) -> BTreeMap<String, Vec<Value>> {
    let mut seen = deployment.visible();
    seen.remove("sources");
    seen
}

/// What comes of the events as they lie in one file.
fn of_one_file(events: &[(&str, Vec<u8>)]) -> BTreeMap<String, Vec<Value>> {
    let mut deployment = Deployment::new();
    deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
    let lines: Vec<u8> = events
        .iter()
        .flat_map(|(_, line)| [line, &b"\n"[..]].concat())
        .collect();
    std::fs::write(deployment.path("events/000.jsonl"), lines).expect("a file of events");
    deployment.drain();
    seen(&deployment)
}

/// A topic over whose partitions the events lie by their types: what belongs together is apart.
fn topic_of(events: &[(&str, Vec<u8>)], partitions: i32) -> TestTopic {
    let topic = TestTopic::create("evenly", partitions);
    let partition = |type_name: &str| {
        (xxhash_rust::xxh3::xxh3_64(type_name.as_bytes()) % partitions as u64) as i32
    };
    let messages = events
        .iter()
        .map(|(type_name, line)| TestMessage::to_partition(partition(type_name), line.clone()));
    topic.produce(&messages.collect::<Vec<_>>());
    topic
}

#[test]
fn a_city_looks_the_same_from_one_three_and_eight_partitions_on_both_stores() {
    let events = events();
    let expected = of_one_file(&events);
    assert!(
        expected["alerts"].len() > 20 && expected["mails"].len() > 100,
        "{} {}",
        expected["alerts"].len(),
        expected["mails"].len()
    );
    let database = TestDatabase::create("evenly");
    for (partitions, batch, shared) in [
        (1, "2000", false),
        (3, "333", false),
        (8, "2000", false),
        (8, "700", true),
    ] {
        let topic = topic_of(&events, partitions);
        let mut deployment = deployment_on(&topic, &database.url(), batch);
        if !shared {
            deployment.set(
                "STORE__URL",
                format!("sqlite:{}", deployment.path("sisan.db").display()),
            );
        }
        deployment.set("CLOCK__MODE", "event");
        deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
        deployment.run(&["migrate"]);
        deployment.drain();
        let seen = seen(&deployment);
        assert_same(&seen, &expected);
        assert_same(&expected, &seen);
    }
}

#[test]
fn a_city_looks_the_same_from_one_boss_drop_a_type_beside_files_of_events() {
    let events = events();
    let mut deployment = Deployment::new();
    deployment.set("COMPANY__HEAD_MANAGER_ID", "HD01");
    let mut drops: BTreeMap<(&str, String), Vec<Value>> = BTreeMap::new();
    let mut lines: Vec<u8> = Vec::new();
    for (type_name, line) in &events {
        let event: Value = serde_json::from_slice(line).expect("an event");
        match *type_name {
            // A key date is a text or an object: no one mapping reads both.
            "crm.contact.v1" | "crm.key_date.v1" => lines.extend([line, &b"\n"[..]].concat()),
            type_name => drops
                .entry((type_name, text(&event["source"])))
                .or_default()
                .push(event),
        }
    }
    assert!(drops.len() > 10 && !lines.is_empty(), "{:?}", drops.keys());
    std::fs::write(deployment.path("events/500.jsonl"), lines).expect("a file of events");
    let mut config = String::new();
    for (at, ((type_name, source), events)) in drops.iter().enumerate() {
        let fields = kinds(events);
        config += &mapping(at, type_name, source, &fields);
        for (number, part) in events.chunks(events.len().div_ceil(2)).enumerate() {
            let lines: String = part.iter().map(|event| drop_line(event, &fields)).collect();
            std::fs::write(deployment.path(&format!("events/{at}_{number}.dat")), lines)
                .expect("a drop");
        }
    }
    let file = deployment.path("drops.toml").display().to_string();
    std::fs::write(&file, config).expect("a configuration");
    deployment.run(&["--config", &file, "run", "--drain"]);
    let (seen, expected) = (seen(&deployment), of_one_file(&events));
    assert_same(&seen, &expected);
    assert_same(&expected, &seen);
}

/// What rests on something that is not there.
const ABOUT_WHAT_IS_MISSING: [&str; 3] = ["arrears", "complaint_open", "contact_gap"];

/// A backlog that ends yesterday, as messages of three partitions: bills and complaints, what
/// settles them, all else. One customer paid late and one not at all; one complaint was resolved
/// late and one is open.
fn backlog() -> (Vec<TestMessage>, usize) {
    let now = wall_now().utc();
    let mut told: Vec<(DateTime<Utc>, i32, &str, Value)> = Vec::new();
    let mut tell = |days_ago: f64, partition: i32, type_name: &'static str, data: Value| {
        told.push((
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
    for n in 0..6000 {
        let joined = json!({"subscriber_id": format!("1380000{n:04}"), "group_id": "GALL", "change": "joined"});
        tell(
            30.0 - f64::from(n) * 29.0 / 6000.0,
            n % 3,
            "boss.membership.v1",
            joined,
        );
    }
    told.sort_by_key(|(time, ..)| *time);
    let message = |(at, (time, partition, type_name, data)): (
        usize,
        (DateTime<Utc>, i32, &str, Value),
    )| {
        let event = json!({"specversion": "1.0", "id": at.to_string(), "source": "/boss", "type": type_name, "time": time, "data": data});
        TestMessage::to_partition(partition, event.to_string().into_bytes())
    };
    let messages: Vec<TestMessage> = told.into_iter().enumerate().map(message).collect();
    let count = messages.len();
    (messages, count)
}

#[test]
fn by_the_wall_clock_a_backlog_tells_of_nothing_missing_that_the_rest_of_it_brings() {
    let (messages, count) = backlog();
    let topic = TestTopic::create("backlog", 3);
    topic.produce(&messages);
    for drain in [true, false] {
        let database = TestDatabase::create("backlog");
        let mut deployment = deployment_on(&topic, &database.url(), "100000");
        // About fifty events a batch, limited by bytes and not by number, and an evaluation pass
        // after each.
        deployment.set("EVENTS__BYTES_MAX", "1024");
        deployment.set("BATCH__BYTES_MAX", "16384");
        deployment.run(&["migrate"]);
        if drain {
            // A mail to nobody in particular may wait.
            deployment.run_with(&["run", "--drain"], &[]);
            assert_eq!(deployment.applied() as usize, count);
        } else {
            let workers = Running::start_many(&deployment, 2);
            wait_until(|| {
                deployment.applied() as usize == count && missing(&deployment, false).len() >= 2
            });
            stop_all(workers);
        }
        let subjects = |rows: Vec<Value>| {
            rows.iter()
                .map(|row| format!("{} {}", row["kind"], row["subject"]))
                .collect::<Vec<_>>()
        };
        assert_eq!(
            missing(&deployment, true),
            Vec::<Value>::new(),
            "taken back"
        );
        assert_eq!(
            subjects(missing(&deployment, false)),
            [r#""arrears" """#, r#""complaint_open" "OPEN""#]
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

/// The fields of data, those of inner objects with a dot.
fn flat(data: &Value) -> BTreeMap<String, &Value> {
    let mut all = BTreeMap::new();
    for (name, value) in data.as_object().expect("an object") {
        match value.as_object() {
            Some(inner) => all.extend(
                inner
                    .iter()
                    .map(|(part, value)| (format!("{name}.{part}"), value)),
            ),
            None => drop(all.insert(name.clone(), value)),
        }
    }
    all
}

/// The fields that occur and the kind of each.
fn kinds(events: &[Value]) -> BTreeMap<String, &'static str> {
    let mut kinds = BTreeMap::new();
    for (name, value) in events.iter().flat_map(|event| flat(&event["data"])) {
        let kind = match value {
            Value::Bool(_) => "bool",
            Value::Number(number) if number.is_f64() => "number",
            Value::Number(_) => "int",
            _ => "text",
        };
        let known = kinds.entry(name).or_insert(kind);
        if kind == "number" {
            *known = kind;
        }
    }
    kinds
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(
        || {
            if value.is_null() {
                String::new()
            } else {
                value.to_string()
            }
        },
        str::to_owned,
    )
}

fn drop_line(event: &Value, fields: &BTreeMap<String, &str>) -> String {
    let data = flat(&event["data"]);
    let columns = fields
        .keys()
        .map(|name| data.get(name).map_or_else(String::new, |value| text(value)));
    [text(&event["id"]), text(&event["time"])]
        .into_iter()
        .chain(columns)
        .collect::<Vec<_>>()
        .join("|")
        + "\n"
}

fn mapping(at: usize, type_name: &str, source: &str, fields: &BTreeMap<String, &str>) -> String {
    let columns = fields.iter().zip(3..).map(|((to, kind), column)| {
        format!("{{ column = {column}, to = {to:?}, kind = {kind:?} }}")
    });
    let (columns, count) = (columns.collect::<Vec<_>>().join(", "), fields.len() + 2);
    format!(
        "[[source.files.mappings]]\nname = \"drop_{at}\"\nfile_pattern = \"{at}_*.dat\"\nencoding = \"utf8\"\n\
         layout = {{ separated = {{ by = \"|\", columns = {count} }} }}\nevent_type = {type_name:?}\nsource = {source:?}\n\
         id = {{ column = 1 }}\ntime = {{ column = 2, format = \"%Y-%m-%dT%H:%M:%S%.f%:z\" }}\nfields = [{columns}]\n"
    )
}
