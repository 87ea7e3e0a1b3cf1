//! Operators are notified of persons who work here and cannot be mailed to, as soon as CRM reports
//! it: from then on their tasks and mails go to their delegates or heads.
//!
//! Invariant: an event with a later one about the same person makes no notice.

use std::collections::BTreeMap;

use crate::domain::event::{Event, EventData, Manager, Order};
use crate::domain::ids::ManagerId;
use crate::domain::local_day::Timestamp;
use crate::domain::ops_notice::{OpsNotice, Unreachable};
use crate::domain::reference::Reference;

/// Of a batch's reference events, what operators are to know and the time of the newest event of
/// these; none if all who work here can be mailed to.
pub(crate) fn unreachable(
    events: &[Event],
    reference: &Reference,
) -> Option<(OpsNotice, Timestamp)> {
    let mut latest: BTreeMap<&ManagerId, (&Order, &Manager)> = BTreeMap::new();
    for (order, manager) in events.iter().filter_map(manager_of) {
        let known = latest
            .entry(&manager.manager_id)
            .or_insert((order, manager));
        if known.0 < order {
            *known = (order, manager);
        }
    }
    let is_overtaken = |id: &ManagerId, order: &Order| {
        let known = reference
            .managers
            .get(id)
            .and_then(|history| history.entries().last());
        known.is_some_and(|(known, _)| known > order)
    };
    latest.retain(|id, (order, manager)| {
        manager.active && manager.mailbox().is_none() && !is_overtaken(id, order)
    });
    let at = latest.values().map(|(order, _)| order.time).max()?;
    let persons = latest.into_iter().map(|(id, (_, manager))| Unreachable {
        manager_id: id.clone(),
        name: manager.name.to_string(),
        email: manager.email.to_string(),
    });
    Some((OpsNotice::NoUsableAddress(persons.collect()), at))
}

fn manager_of(event: &Event) -> Option<(&Order, &Manager)> {
    match &event.data {
        EventData::Manager(manager) => Some((&event.order, manager)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(second: i64, id: &str, email: &str, active: bool) -> Event {
        let manager = Manager {
            manager_id: ManagerId::parse(id).expect("an id"),
            name: "张三".into(),
            email: email.into(),
            supervisor_id: None,
            chief: false,
            delegate_id: None,
            away_until: None,
            active,
            locale: None,
        };
        let order = Order {
            time: Timestamp::from_micros(second * 1_000_000),
            source: "/crm".into(),
            id: second.to_string().into(),
        };
        Event {
            order,
            data: EventData::Manager(manager),
        }
    }

    fn reported(events: &[Event], reference: &Reference) -> Option<Vec<(String, String)>> {
        unreachable(events, reference).map(|(what, _)| match what {
            OpsNotice::NoUsableAddress(persons) => persons
                .into_iter()
                .map(|person| (person.manager_id.to_string(), person.email))
                .collect(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn persons_who_cannot_be_mailed_to_are_told_of_and_all_others_are_not() {
        let none = Reference::default();
        let who = |events: &[Event]| reported(events, &none).expect("persons");
        let persons = |all: &[(&str, &str)]| {
            all.iter()
                .map(|(id, email)| (id.to_string(), email.to_string()))
                .collect::<Vec<_>>()
        };
        let one = [
            event(1, "M1", "a@x.cn;b@x.cn", true),
            event(2, "M2", "b@x.cn ", true),
        ];
        assert_eq!(who(&one), persons(&[("M1", "a@x.cn;b@x.cn")]));
        assert_eq!(
            who(&[event(1, "M1", "", true), event(2, "M2", "\u{feff}", true)]),
            persons(&[("M1", ""), ("M2", "\u{feff}")])
        );
        assert_eq!(
            reported(&[event(1, "M1", "", false)], &none),
            None,
            "he works here no longer"
        );
    }

    #[test]
    fn what_was_put_right_in_the_same_batch_or_before_is_not_told_of() {
        let none = Reference::default();
        assert_eq!(
            reported(
                &[event(2, "M1", "a@x.cn", true), event(1, "M1", "", true)],
                &none
            ),
            None
        );
        let mut known = Reference::default();
        known.put_event(event(5, "M1", "a@x.cn", true));
        assert_eq!(
            reported(&[event(1, "M1", "", true)], &known),
            None,
            "a late event"
        );
        assert!(reported(&[event(6, "M1", "", true)], &known).is_some());
        known.put_event(event(6, "M1", "", true));
        assert!(
            reported(&[event(6, "M1", "", true)], &known).is_some(),
            "it may be known already"
        );
    }
}
