//! What `json` writes is what `decode` reads.

use chrono::{DateTime, NaiveDate};

use super::{demo, other};
use crate::decode::{DecodeRules, Form, decode};
use crate::domain::event::{
    Channel, Contact, Effect, Event, EventData, Every, Group, Intent, KeyDate, KeyDateKind, KeyDay,
    LunarDay, Manager, MemberChangeKind, Membership, Order, Population, Role, Status, StatusCode,
    SubscriberStatus, Tier, VisitMode,
};
use crate::domain::ids::{ContactId, GroupId, KeyDateId, ManagerId, SubscriberId, UnitId};
use crate::domain::local_day::Timestamp;
use crate::simulate::{bench_events, bench_members, bench_reference, to_json_line};

fn wall() -> Timestamp {
    Timestamp::from(
        DateTime::parse_from_rfc3339("2026-12-01T00:00:00Z")
            .expect("valid")
            .to_utc(),
    )
}

fn decode_line(line: &[u8]) -> Event {
    decode(line, Form::Structured, &DecodeRules::default(), wall())
        .unwrap_or_else(|e| panic!("{e:?}: {}", String::from_utf8_lossy(line)))
        .event
}

#[test]
fn every_event_of_a_city_is_read_as_it_was_meant() {
    for city in [demo(43), other(8, 60, 9_000, 120, (2025, 12, 31))] {
        for event in city.events() {
            assert_eq!(decode_line(to_json_line(&event).as_bytes()), event);
        }
    }
}

#[test]
fn rare_fields_are_read_as_they_were_meant() {
    for (at, data) in [lines_and_dates(), people()]
        .concat()
        .into_iter()
        .enumerate()
    {
        let order = Order {
            time: Timestamp::from_micros(1_790_000_000_123_456 + at as i64),
            id: "i".into(),
            source: "/s".into(),
        };
        let event = Event { order, data };
        assert_eq!(
            decode_line(to_json_line(&event).as_bytes()),
            event,
            "{}",
            to_json_line(&event)
        );
    }
}

fn group_id() -> GroupId {
    GroupId::parse("集 团").expect("valid")
}

fn date() -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 2, 29).expect("valid")
}

fn lines_and_dates() -> Vec<EventData> {
    let subscriber_id = SubscriberId::parse("1\"\\3").expect("valid");
    let key = |calendar, every, lead_days| {
        EventData::KeyDate(KeyDate {
            key_date_id: KeyDateId::parse("k").expect("valid"),
            group_id: GroupId::parse("g").expect("valid"),
            kind: KeyDateKind::Custom,
            title: "a\tb".into(),
            contact: Some("c".into()),
            day: calendar,
            every,
            lead_days,
            removed: true,
        })
    };
    vec![
        EventData::SubscriberStatus(SubscriberStatus {
            subscriber_id: subscriber_id.clone(),
            status: Status::Active,
            code: Some(StatusCode {
                code_set: "ngboss".into(),
                code: "0".into(),
            }),
            reason: None,
        }),
        EventData::Membership(Membership {
            subscriber_id,
            group_id: group_id(),
            change: MemberChangeKind::Left,
            role: Role::DecisionMaker,
            locked: true,
            population: Population::VipClub,
        }),
        key(
            KeyDay::Lunar(LunarDay {
                month: 12,
                day: 30,
                leap: true,
            }),
            Every::Year,
            Some(vec![7, 1]),
        ),
        key(KeyDay::Solar(date()), Every::Once, Some(vec![])),
    ]
}

fn people() -> Vec<EventData> {
    let (date, group_id) = (date(), group_id());
    let manager_id = ManagerId::parse("m").expect("valid");
    vec![
        EventData::Contact(Contact {
            contact_id: ContactId::parse("x").expect("valid"),
            group_id: group_id.clone(),
            manager_id: manager_id.clone(),
            channel: Channel::Event,
            note: Some("n".into()),
            promised_on: Some(date),
            fulfils: Some(ContactId::parse("y").expect("valid")),
            intent: Some(Intent::Strong),
            opinion: Some("o".into()),
            effect: Some(Effect::Bad),
        }),
        EventData::Group(Group {
            group_id: group_id.clone(),
            name: "名".into(),
            unit_id: UnitId::parse("u").expect("valid"),
            manager_id: manager_id.clone(),
            tier: Tier::C,
            industry: None,
            parent_group_id: Some(group_id),
            visit_mode: VisitMode::Call,
            closed: true,
        }),
        EventData::Manager(Manager {
            manager_id: manager_id.clone(),
            name: "n".into(),
            email: "e@example.com".into(),
            supervisor_id: Some(manager_id.clone()),
            chief: true,
            delegate_id: Some(manager_id),
            away_until: Some(date),
            active: false,
            locale: Some("en".into()),
        }),
    ]
}

#[test]
fn every_bench_delivery_is_an_event() {
    let all = bench_events(30_000, 3_000, 1, wall())
        .chain(bench_reference(3_000, wall()))
        .chain(bench_members(3_000, wall()));
    all.for_each(|(_, bytes)| drop(decode_line(&bytes)));
}
