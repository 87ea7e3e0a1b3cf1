//! What is written: lines, files, benches.

use std::collections::{HashMap, HashSet};
use std::fs;

use chrono::DateTime;
use serde_json::Value;

use super::{demo, other};
use crate::domain::event::{
    Complaint, ComplaintSeverity, ComplaintState, Event, EventData, KeyDay, Order, Scale, Survey,
};
use crate::domain::ids::{ComplaintId, GroupId, SurveyId};
use crate::domain::local_day::Timestamp;
use crate::simulate::{
    City, bench_events, bench_members, bench_reference, to_json_line, write_files,
};

#[test]
fn the_same_seed_gives_the_same_bytes_and_another_seed_others() {
    let lines = |city: &City| city.deliveries().map(to_json_line).collect::<Vec<_>>();
    let one = lines(&other(3, 40, 2_000, 40, (2026, 6, 30)));
    assert_eq!(one, lines(&other(3, 40, 2_000, 40, (2026, 6, 30))));
    assert_ne!(one, lines(&other(4, 40, 2_000, 40, (2026, 6, 30))));
}

#[test]
fn every_line_is_a_cloudevent_with_local_time() {
    for event in demo(43).events() {
        let line = to_json_line(&event);
        let value: Value = serde_json::from_str(&line).expect("valid");
        assert_eq!(
            (value["specversion"].as_str(), value["type"].as_str()),
            (Some("1.0"), Some(event.data.type_name()))
        );
        assert_eq!(
            (value["id"].as_str(), value["source"].as_str()),
            (Some(&*event.order.id), Some(&*event.order.source))
        );
        let time = value["time"].as_str().expect("valid");
        assert!(time.ends_with("+08:00"), "{time}");
        assert_eq!(
            Timestamp::from(DateTime::parse_from_rfc3339(time).expect("valid").to_utc()),
            event.order.time
        );
        assert!(value["data"].is_object() && !line.contains('\n'));
    }
}

#[test]
fn text_is_escaped_and_scores_are_exact() {
    let order = Order {
        time: Timestamp::from_micros(1_790_000_000_120_000),
        id: "a\"b\\".into(),
        source: "/x".into(),
    };
    let group_id = GroupId::parse("集\"团").expect("valid");
    let survey = Survey {
        survey_id: SurveyId::parse("s").expect("valid"),
        group_id: group_id.clone(),
        score_thousandths: 8_050,
        scale: Scale::Ten,
    };
    let line = to_json_line(&Event {
        order: order.clone(),
        data: EventData::Survey(survey),
    });
    assert!(line.contains("\"score\":8.05,\"scale\":\"10\""), "{line}");
    let value: Value = serde_json::from_str(&line).expect("valid");
    assert_eq!(
        (value["id"].as_str(), value["data"]["group_id"].as_str()),
        (Some("a\"b\\"), Some("集\"团"))
    );
    assert_eq!(value["time"], "2026-09-21T22:13:20.120+08:00");
    let complaint_id = ComplaintId::parse("c").expect("valid");
    let (state, severity) = (ComplaintState::Withdrawn, ComplaintSeverity::Major);
    let payload = Complaint {
        complaint_id,
        group_id,
        subscriber_id: None,
        state,
        category: Some("换\n行".into()),
        severity,
    };
    let value: Value = serde_json::from_str(&to_json_line(&Event {
        order,
        data: EventData::Complaint(payload),
    }))
    .expect("valid");
    let data = &value["data"];
    assert_eq!(
        (
            data["state"].as_str(),
            data["severity"].as_str(),
            data["category"].as_str()
        ),
        (Some("withdrawn"), Some("major"), Some("换\n行"))
    );
}

#[test]
fn reminders_fall_within_the_days() {
    let city = demo(43);
    let (from, to) = (city.first_day.date(), city.config.last_day);
    let soon = |day: chrono::NaiveDate| {
        use chrono::Datelike;
        (from.year()..=to.year())
            .filter_map(|year| day.with_year(year))
            .any(|day| from <= day && day <= to)
    };
    let count = city.events().filter(|e| matches!(&e.data, EventData::KeyDate(k) if matches!(k.day, KeyDay::Solar(d) if soon(d)))).count();
    let lunar = city
        .events()
        .filter(|e| matches!(&e.data, EventData::KeyDate(k) if matches!(k.day, KeyDay::Lunar(_))))
        .count();
    assert!(
        count > 80 && lunar > 80,
        "{count} within the days, {lunar} lunar"
    );
}

#[test]
fn files_hold_the_deliveries_in_order_with_the_stated_disorder() {
    let (city, dir) = (
        other(3, 40, 4_000, 60, (2026, 6, 30)),
        tempfile::tempdir().expect("valid"),
    );
    let paths = write_files(&city, dir.path(), 7_000).expect("valid");
    assert_eq!(paths[0].file_name().expect("valid"), "000.jsonl");
    let mut sorted = paths.clone();
    sorted.sort();
    assert_eq!(sorted, paths, "the order of names is the order of writing");
    let text: String = paths
        .iter()
        .map(|path| fs::read_to_string(path).expect("valid"))
        .collect();
    assert_eq!(
        text.lines().count() as u64,
        city.events().len() as u64 + city.duplicates
    );
    assert!(
        text.lines()
            .zip(city.deliveries())
            .all(|(line, event)| line == to_json_line(event))
    );
    let distinct: HashSet<&str> = text.lines().collect();
    assert_eq!(
        distinct.len(),
        city.events().len(),
        "each event is delivered, some twice"
    );
    let mut latest = Timestamp::MIN;
    let (mut behind, mut seen) = (0, HashSet::new());
    for event in city.deliveries() {
        if seen.insert((&event.order.source, &event.order.id)) && event.order.time < latest {
            behind += 1;
        }
        latest = latest.max(event.order.time);
    }
    assert!(
        city.late > 20 && behind <= city.late && behind * 10 > city.late * 9,
        "{behind} {}",
        city.late
    );
    let share = city.duplicates as f64 / city.events().len() as f64;
    assert!((0.004..0.008).contains(&share), "{share}");
}

#[test]
fn an_unwritable_folder_is_named() {
    let file = tempfile::NamedTempFile::new().expect("valid");
    let error =
        write_files(&other(3, 24, 300, 30, (2026, 6, 30)), file.path(), 100).expect_err("refused");
    assert!(
        error
            .to_string()
            .contains(file.path().to_str().expect("valid"))
            && error.to_string().contains("hint:")
    );
}

#[test]
fn bench_events_are_small_typed_as_stated_and_rise_in_time() {
    let end = Timestamp::from(
        DateTime::parse_from_rfc3339("2026-10-20T00:00:00+08:00")
            .expect("valid")
            .to_utc(),
    );
    let all: Vec<_> = bench_events(40_000, 5_000, 9, end).collect();
    assert_eq!(all, bench_events(40_000, 5_000, 9, end).collect::<Vec<_>>());
    let (mut types, mut ids, mut repeated, mut latest) = (
        HashMap::<String, usize>::new(),
        HashSet::new(),
        0,
        String::new(),
    );
    for (key, bytes) in &all {
        assert!(
            (250..=370).contains(&bytes.len()),
            "{} {}",
            bytes.len(),
            String::from_utf8_lossy(bytes)
        );
        let value: Value = serde_json::from_slice(bytes).expect("valid");
        let of = if value["data"]["subscriber_id"].is_null() {
            &value["data"]["group_id"]
        } else {
            &value["data"]["subscriber_id"]
        };
        assert!(
            of.is_null() || of.as_str().expect("valid").as_bytes() == key,
            "{value}"
        );
        *types
            .entry(value["type"].as_str().expect("valid").into())
            .or_default() += 1;
        if ids.insert(value["id"].to_string()) {
            let time = value["time"].as_str().expect("valid").to_owned();
            assert!(latest <= time && *time < *"2026-10-20T00:00:00");
            latest = time;
        } else {
            repeated += 1;
        }
    }
    assert!((300..500).contains(&repeated), "{repeated}");
    let share = |kind: &str| types[kind] as f64 / all.len() as f64;
    let stated = [
        ("boss.subscriber.status.v1", 0.55),
        ("boss.membership.v1", 0.15),
        ("crm.complaint.v1", 0.05),
        ("crm.survey.v1", 0.05),
    ];
    assert!(
        stated
            .iter()
            .all(|(kind, of)| (share(kind) - of).abs() < 0.01),
        "{types:?}"
    );
    assert!((share("boss.bill.v1") + share("boss.payment.v1") - 0.2).abs() < 0.01);
    assert_eq!(bench_events(0, 0, 1, end).count(), 0);
    master_data_of_a_bench_lies_before_its_events(end);
}

fn master_data_of_a_bench_lies_before_its_events(end: Timestamp) {
    let (reference, members) = (bench_reference(5_000, end), bench_members(5_000, end));
    assert_eq!(
        reference
            .iter()
            .filter(|(_, b)| String::from_utf8_lossy(b).contains("crm.group.v1"))
            .count(),
        50
    );
    let before = |bytes: &[u8]| {
        serde_json::from_slice::<Value>(bytes).expect("valid")["time"]
            .as_str()
            .expect("valid")
            < "2026-08-21"
    };
    assert!(
        reference
            .iter()
            .chain(members.collect::<Vec<_>>().iter())
            .all(|(_, bytes)| before(bytes))
    );
}
