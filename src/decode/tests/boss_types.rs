//! Every `boss.*` type in its shortest and in its longest valid form.

use std::collections::BTreeSet;

use super::*;
use crate::decode::types::TYPES;
use crate::domain::event::*;
use crate::domain::ids::*;
use crate::domain::local_day::Month;
use crate::domain::money::Fen;

fn fen(n: i64) -> Fen {
    Fen::parse(n).expect("in range")
}

#[test]
fn the_envelope_is_kept() {
    let order = decode_payload(event_of(
        "boss.port_out.v1",
        r#"{"subscriber_id":"1","stage":"queried"}"#,
    ))
    .expect("good")
    .event
    .order;
    assert_eq!(
        (&*order.id, &*order.source, order.time.to_string().as_str()),
        ("e1", "/boss/gz", "2026-08-20T02:00:00Z")
    );
}

#[test]
fn a_status_is_read_as_itself_or_through_its_code() {
    let of_data = |data: &str| match data_of("boss.subscriber.status.v1", data) {
        EventData::SubscriberStatus(status) => status,
        other => panic!("{other:?}"),
    };
    for status in Status::ALL {
        let name = status.name();
        let expected = SubscriberStatus {
            subscriber_id: id!(SubscriberId, "1"),
            status,
            code: None,
            reason: None,
        };
        assert_eq!(
            of_data(&format!(r#"{{"subscriber_id":"1","status":"{name}"}}"#)),
            expected
        );
    }
    let sent = of_data(
        r#"{"subscriber_id":"1","status_code":"A","code_set":"ngboss","reason":"arrears"}"#,
    );
    let code = Some(StatusCode {
        code_set: "ngboss".into(),
        code: "A".into(),
    });
    let expected = SubscriberStatus {
        subscriber_id: id!(SubscriberId, "1"),
        status: Status::SuspendedOneWay,
        code,
        reason: Some(StopReason::Arrears),
    };
    assert_eq!(sent, expected);
}

#[test]
fn another_reason_counts_as_none_and_is_told() {
    let with_reason = |reason: &str| {
        let decoded = decode_payload(event_of(
            "boss.subscriber.status.v1",
            &format!(r#"{{"subscriber_id":"1","status":"suspended","reason":{reason}}}"#),
        ))
        .expect("good");
        match decoded.event.data {
            EventData::SubscriberStatus(status) => (status.reason, decoded.unknown_reason),
            other => panic!("{other:?}"),
        }
    };
    let known = [
        "arrears",
        "request",
        "lost",
        "admin",
        "high_usage",
        "linked",
    ]
    .map(|r| with_reason(&format!("\"{r}\"")));
    use StopReason::*;
    assert_eq!(
        known,
        [Arrears, Request, Lost, Admin, HighUsage, Linked].map(|reason| (Some(reason), false))
    );
    assert_eq!(with_reason("\"Arrears\""), (None, true));
    assert_eq!(with_reason("\"\""), (None, true));
    assert_eq!(with_reason("null"), (None, false));
}

#[test]
fn boss_types_are_read_in_full_and_with_defaults() {
    port_outs();
    memberships();
    bills_and_payments();
    feeds_and_retractions();
}

fn port_outs() {
    for (name, stage) in [
        ("queried", PortStage::Queried),
        ("authorised", PortStage::Authorised),
        ("ported", PortStage::Ported),
        ("withdrawn", PortStage::Withdrawn),
    ] {
        let data = format!(r#"{{"subscriber_id":"1","stage":"{name}"}}"#);
        assert_eq!(
            data_of("boss.port_out.v1", &data),
            EventData::PortOut(PortOut {
                subscriber_id: id!(SubscriberId, "1"),
                stage
            })
        );
    }
}

fn memberships() {
    let least = Membership {
        subscriber_id: id!(SubscriberId, "1"),
        group_id: id!(GroupId, "G"),
        change: MemberChangeKind::Joined,
        role: Role::Member,
        locked: false,
        population: Population::Group,
    };
    for data in [
        r#"{"subscriber_id":"1","group_id":"G","change":"joined"}"#,
        r#"{"subscriber_id":"1","group_id":"G","change":"joined","role":null,"locked":null,"population":null}"#,
    ] {
        assert_eq!(
            data_of("boss.membership.v1", data),
            EventData::Membership(least.clone())
        );
    }
    let most = Membership {
        change: MemberChangeKind::Left,
        role: Role::DecisionMaker,
        locked: true,
        population: Population::VipClub,
        ..least
    };
    let data = r#"{"subscriber_id":"1","group_id":"G","change":"left","role":"decision_maker","locked":true,"population":"vip_club"}"#;
    assert_eq!(
        data_of("boss.membership.v1", data),
        EventData::Membership(most)
    );
}

fn bills_and_payments() {
    let unified = Bill {
        bill_id: id!(BillId, "B"),
        group_id: id!(GroupId, "G"),
        subscriber_id: None,
        period: Month::from_year_month(2026, 8),
        amount_fen: fen(-10_000_000_000_000),
        due_on: day("2026-09-28"),
    };
    let data = r#"{"bill_id":"B","group_id":"G","subscriber_id":null,"period":"2026-08","amount_fen":-10000000000000,"due_on":"2026-09-28"}"#;
    assert_eq!(
        data_of("boss.bill.v1", data),
        EventData::Bill(unified.clone())
    );
    assert_eq!(
        data_of("boss.bill.v1", &data.replace("null", "\"1\"")),
        EventData::Bill(Bill {
            subscriber_id: Some(id!(SubscriberId, "1")),
            ..unified
        })
    );
    let payment = Payment {
        payment_id: id!(PaymentId, "P"),
        bill_id: id!(BillId, "B"),
        amount_fen: fen(0),
    };
    assert_eq!(
        data_of(
            "boss.payment.v1",
            r#"{"payment_id":"P","bill_id":"B","amount_fen":-0}"#
        ),
        EventData::Payment(payment)
    );
}

fn feeds_and_retractions() {
    let feed = Feed {
        feed: "计费".into(),
        date: day("2026-08-20"),
        events: i64::MAX as u64,
    };
    assert_eq!(
        data_of(
            "boss.feed.v1",
            r#"{"feed":"计费","date":"2026-08-20","events":9223372036854775807}"#
        ),
        EventData::Feed(feed)
    );
    let retraction = Retraction {
        source: "/boss/gz".into(),
        id: "e 1".into(),
    };
    assert_eq!(
        data_of("boss.retraction.v1", r#"{"source":"/boss/gz","id":"e 1"}"#),
        EventData::Retraction(retraction)
    );
}

#[test]
fn every_type_of_the_table_is_the_type_that_its_reader_makes() {
    let of_table: BTreeSet<EventType> = TYPES.iter().map(|rule| rule.event_type).collect();
    assert_eq!(
        (TYPES.len(), of_table),
        (15, BTreeSet::from(EventType::ALL))
    );
    assert_eq!(
        data_of(
            "boss.port_out.v1",
            r#"{"subscriber_id":"1","stage":"queried"}"#
        )
        .type_name(),
        "boss.port_out.v1"
    );
    for (kind, data) in super::meaning::GOOD {
        assert_eq!(data_of(kind, data).type_name(), *kind);
    }
}
