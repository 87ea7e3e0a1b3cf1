//! Every event obeys the rules of the input contract.

use std::collections::{HashMap, HashSet};

use super::{demo, other};
use crate::domain::event::{EventData, Scale, Status};
use crate::domain::ids::{
    BillId, ComplaintId, ContactId, GroupId, ManagerId, UnitId, check_id, mask_phone,
};
use crate::domain::local_day::LocalDay;
use crate::domain::money::{FEN_MAX, Fen};
use crate::simulate::City;

fn cities() -> [City; 2] {
    [demo(43), other(7, 40, 3_000, 60, (2026, 5, 31))]
}

#[test]
fn events_stand_in_order_within_their_days_with_ids_of_their_own() {
    for city in cities() {
        let events: Vec<_> = city.events().collect();
        assert!(events.windows(2).all(|pair| pair[0].order < pair[1].order));
        let (from, to) = (
            city.config.zone.start_of(city.load_day),
            city.config
                .zone
                .end_of(LocalDay::from_date(city.config.last_day)),
        );
        let begin = city.config.zone.start_of(city.first_day);
        let loaded = |time| city.config.zone.day_of(time) == city.load_day;
        assert!(
            events
                .iter()
                .all(|e| from <= e.order.time && e.order.time < to)
        );
        assert!(
            events
                .iter()
                .all(|e| loaded(e.order.time) || e.order.time >= begin),
            "nothing between load and first day"
        );
        let identities: HashSet<_> = events
            .iter()
            .map(|e| (&e.order.source, &e.order.id))
            .collect();
        assert_eq!(identities.len(), events.len());
        assert!(
            events
                .iter()
                .all(|e| check_id(&e.order.id).is_ok() && e.order.source.starts_with('/'))
        );
    }
}

/// What events have named so far.
#[derive(Default)]
struct Named {
    units: HashSet<UnitId>,
    managers: HashSet<ManagerId>,
    groups: HashSet<GroupId>,
    bills: HashMap<BillId, Fen>,
    complaints: HashSet<ComplaintId>,
    contacts: HashSet<ContactId>,
}

impl Named {
    fn check(&mut self, data: &EventData) {
        match data {
            EventData::Unit(u) => {
                assert!(self.units.insert(u.unit_id.clone()) && u.head_manager_id.is_some())
            }
            EventData::Manager(m) => {
                self.managers.insert(m.manager_id.clone());
                assert!(
                    m.email.is_ascii() && m.email.ends_with(".example.com") && !m.name.is_empty()
                );
            }
            EventData::Group(g) => {
                self.groups.insert(g.group_id.clone());
                assert!(
                    self.managers.contains(&g.manager_id)
                        && self.units.contains(&g.unit_id)
                        && g.name.chars().count() >= 5
                );
            }
            EventData::Membership(m) => {
                assert!(self.groups.contains(&m.group_id));
                assert_ne!(
                    mask_phone(m.subscriber_id.as_str()),
                    m.subscriber_id.as_str(),
                    "a phone number"
                );
            }
            EventData::SubscriberStatus(s) => {
                assert!(s.reason.is_none() || s.status.is_suspended())
            }
            _ => self.check_figures(data),
        }
    }

    fn check_figures(&mut self, data: &EventData) {
        match data {
            EventData::Bill(b) => {
                assert!(
                    self.bills.insert(b.bill_id.clone(), b.amount_fen).is_none()
                        && b.amount_fen.get() > 0
                        && b.amount_fen.get() < FEN_MAX
                );
            }
            EventData::Payment(p) => assert_eq!(
                self.bills.get(&p.bill_id),
                Some(&p.amount_fen),
                "a payment follows its bill"
            ),
            EventData::Complaint(c) => {
                let filed = c.state == crate::domain::event::ComplaintState::Filed;
                assert_eq!(
                    self.complaints.insert(c.complaint_id.clone()),
                    filed,
                    "filed once, first of all"
                );
            }
            EventData::Survey(s) => {
                let low = if s.scale == Scale::Five { 1_000 } else { 0 };
                assert!((low..=100_000 / s.scale.factor()).contains(&s.score_thousandths));
            }
            EventData::Contact(c) => {
                assert!(
                    c.fulfils
                        .as_ref()
                        .is_none_or(|promise| self.contacts.contains(promise))
                        && self.managers.contains(&c.manager_id)
                );
                self.contacts.insert(c.contact_id.clone());
            }
            _ => {}
        }
    }
}

#[test]
fn values_are_in_range_and_what_they_name_exists() {
    for city in cities() {
        let mut named = Named::default();
        for event in city.events() {
            if let EventData::Bill(bill) = &event.data {
                assert_eq!(
                    bill.period.plus(1),
                    city.config.zone.day_of(event.order.time).month()
                );
            }
            named.check(&event.data);
        }
    }
}

#[test]
fn a_line_that_left_the_operator_is_silent_until_it_is_restored() {
    let city = demo(43);
    let mut status: HashMap<String, Status> = HashMap::new();
    let retracted: HashSet<_> = city
        .events()
        .filter_map(|e| match e.data {
            EventData::Retraction(r) => Some((r.source, r.id)),
            _ => None,
        })
        .collect();
    assert!(city.retractions >= 3 && retracted.len() as u64 == city.retractions);
    let mut restored = 0;
    for event in city
        .events()
        .filter(|e| !retracted.contains(&(e.order.source.clone(), e.order.id.clone())))
    {
        match &event.data {
            EventData::SubscriberStatus(s) => {
                let before = status
                    .insert(s.subscriber_id.to_string(), s.status)
                    .unwrap_or(Status::Active);
                assert!(
                    before.in_base() || s.status == Status::Active,
                    "{before:?} then {s:?}"
                );
                restored += u32::from(!before.in_base());
            }
            EventData::Membership(m) => {
                let now = status
                    .get(m.subscriber_id.as_str())
                    .copied()
                    .unwrap_or(Status::Active);
                assert!(now.in_base(), "{now:?} then {m:?}");
            }
            _ => {}
        }
    }
    assert!(restored >= 5, "{restored}");
}

#[test]
fn each_period_is_billed_whole() {
    let city = demo(43);
    let mut billed: HashMap<_, HashSet<String>> = HashMap::new();
    for event in city.events() {
        if let EventData::Bill(b) = event.data
            && let Some(subscriber) = b.subscriber_id
        {
            billed
                .entry(b.period)
                .or_default()
                .insert(subscriber.to_string());
        }
    }
    assert_eq!(billed.len(), 3);
    assert!(
        billed
            .values()
            .all(|lines| (19_000..21_000).contains(&lines.len()))
    );
}
