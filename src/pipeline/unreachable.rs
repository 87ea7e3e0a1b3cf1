//! Operators are told of persons who work here and cannot be mailed to, as soon as CRM says so: from then on their tasks and
//! mails go to whoever stands in for them.
//!
//! Invariant: an event that a later one has overtaken is not told of.

use std::collections::BTreeMap;

use crate::domain::event::{Event, EventData, Manager, Order};
use crate::domain::ids::ManagerId;
use crate::domain::indicator::Severity;
use crate::domain::mail::{Notice, Told};
use crate::domain::reference::Reference;
use crate::domain::task::Assignee;

/// What to tell the operators of a batch's reference events; none if all who work here can be mailed to.
pub(super) fn unreachable(events: &[Event], reference: &Reference) -> Option<Notice> {
    let mut latest: BTreeMap<&ManagerId, (&Order, &Manager)> = BTreeMap::new();
    for (order, manager) in events.iter().filter_map(manager_of) {
        let known = latest.entry(&manager.manager_id).or_insert((order, manager));
        if known.0 < order {
            *known = (order, manager);
        }
    }
    let is_overtaken = |id: &ManagerId, order: &Order| {
        let known = reference.managers.get(id).and_then(|history| history.entries().last());
        known.is_some_and(|(known, _)| known > order)
    };
    latest.retain(|id, (order, manager)| manager.active && manager.mailbox().is_none() && !is_overtaken(id, order));
    let at = latest.values().map(|(order, _)| order.time).max()?;
    let (first, more) = (latest.keys().next()?, latest.len() - 1);
    let topic = if more == 0 { format!("no usable address: {first}") } else { format!("no usable address: {first} and {more} more") };
    let line =
        |(id, (_, manager)): (&&ManagerId, &(&Order, &Manager))| format!("{id} {}: `{}`", manager.name, manager.email.escape_debug());
    let lines: Vec<String> = latest.iter().map(line).collect();
    let text = format!(
        "these persons cannot be mailed to and count as inactive: tasks and mails go to the delegate, the unit's head or the fallback\n{}\n\
         hint: correct `email` in their `crm.manager.v1`; one address each, like name@example.com",
        lines.join("\n")
    );
    Some(Notice {
        told: Told::Ops { topic, text },
        assignee: Assignee::Fallback,
        group_id: None,
        severity: Severity::Warning,
        created_at: at,
        due_at: at,
        useful_until: None,
    })
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
    use crate::domain::local_day::Timestamp;

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
        let order = Order { time: Timestamp::from_micros(second * 1_000_000), source: "/crm".into(), id: second.to_string().into() };
        Event { order, data: EventData::Manager(manager) }
    }

    fn told(events: &[Event], reference: &Reference) -> Option<(String, String)> {
        unreachable(events, reference).map(|notice| match notice.told {
            Told::Ops { topic, text } => (topic, text),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn persons_who_cannot_be_mailed_to_are_told_of_and_all_others_are_not() {
        let none = Reference::default();
        let (topic, text) = told(&[event(1, "M1", "a@x.cn;b@x.cn", true), event(2, "M2", "b@x.cn ", true)], &none).expect("M1");
        assert_eq!(topic, "no usable address: M1");
        assert!(text.contains("M1 张三: `a@x.cn;b@x.cn`") && !text.contains("M2"), "{text}");
        let (topic, _) = told(&[event(1, "M1", "", true), event(2, "M2", "\u{feff}", true)], &none).expect("both");
        assert_eq!(topic, "no usable address: M1 and 1 more");
        assert_eq!(told(&[event(1, "M1", "", false)], &none), None, "he works here no longer");
    }

    #[test]
    fn what_was_put_right_in_the_same_batch_or_before_is_not_told_of() {
        let none = Reference::default();
        assert_eq!(told(&[event(2, "M1", "a@x.cn", true), event(1, "M1", "", true)], &none), None);
        let mut known = Reference::default();
        known.put(event(5, "M1", "a@x.cn", true));
        assert_eq!(told(&[event(1, "M1", "", true)], &known), None, "a late event");
        assert!(told(&[event(6, "M1", "", true)], &known).is_some());
        known.put(event(6, "M1", "", true));
        assert!(told(&[event(6, "M1", "", true)], &known).is_some(), "it may be known already");
    }
}
