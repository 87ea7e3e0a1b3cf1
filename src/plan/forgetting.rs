//! What adds nothing to the days that are kept and belongs to nothing open, in memory; the store
//! forgets the same.

use std::collections::BTreeSet;

use crate::domain::event::Order;
use crate::domain::ids::ContactId;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::task::{Origin, Task};

use super::read_model::ReadModel;

/// Before which day counters are folded once days before `day` are no longer kept. The last month
/// before it stays: the bills of the first kept month are compared with its bills.
pub(crate) fn folded_before(day: LocalDay) -> LocalDay {
    day.month().plus(-1).first_day()
}

impl ReadModel {
    /// The reference events, contacts and feed closings that nothing of `day`, which begins at
    /// `from`, and later needs, and no open task.
    pub(crate) fn outdated(
        &self,
        from: Timestamp,
        day: LocalDay,
        open_tasks: &[Task],
    ) -> Vec<Order> {
        let open: BTreeSet<&ContactId> = open_tasks.iter().filter_map(contact_of).collect();
        let is_open = |contact: &ContactId| open.contains(contact);
        let mut outdated = self.reference.outdated(from, day, is_open);
        outdated.extend(self.feeds.closed_before(day).cloned());
        outdated.into_iter().collect()
    }

    pub(crate) fn forget_references(&mut self, orders: &BTreeSet<Order>) {
        self.reference.forget(orders);
        self.feeds.forget(orders);
    }

    pub(crate) fn forget_counts_before(&mut self, day: LocalDay) {
        self.feeds.forget_accepted_before(day);
        self.complaints.forget_before(day);
    }

    pub(crate) fn fold_before(&mut self, first: LocalDay) {
        self.series
            .values_mut()
            .for_each(|series| series.fold_before(first));
        self.series.retain(|_, series| !series.counts().is_empty());
    }
}

/// The contact that a task comes from.
const fn contact_of(task: &Task) -> Option<&ContactId> {
    match &task.origin {
        Origin::Promise(contact) | Origin::StrongIntent(contact) => Some(contact),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{Channel, Contact, Event, EventData, Feed};
    use crate::notify::samples::{at, churn_alert, date, group_id, manager_id, task, zone};

    fn event(id: &str, data: EventData) -> Event {
        Event {
            order: Order {
                time: at("2026-01-10 10:00"),
                source: "/crm".into(),
                id: id.into(),
            },
            data,
        }
    }

    fn contact(id: &str) -> Event {
        let contact = Contact {
            contact_id: ContactId::parse(id).expect("an id"),
            group_id: group_id("G00001"),
            manager_id: manager_id("M001"),
            channel: Channel::Call,
            note: None,
            promised_on: None,
            fulfils: None,
            intent: None,
            opinion: None,
            effect: None,
        };
        event(id, EventData::Contact(contact))
    }

    #[test]
    fn what_no_kept_day_and_no_open_task_needs_is_outdated_and_then_gone() {
        let mut read_model = ReadModel::default();
        let feed = Feed {
            feed: "boss".into(),
            date: date("2026-01-09"),
            events: 3,
        };
        let events = [
            contact("C1"),
            contact("C2"),
            event("F1", EventData::Feed(feed)),
        ];
        events
            .into_iter()
            .for_each(|event| read_model.put_event(event));
        let from = at("2026-07-01 00:00");
        let day = zone().day_of(from);
        let open = Task {
            origin: Origin::Promise(ContactId::parse("C2").expect("an id")),
            ..task(&[churn_alert()], "M001")
        };
        let ids = |orders: &[Order]| -> Vec<String> {
            orders.iter().map(|order| order.id.to_string()).collect()
        };
        let outdated = read_model.outdated(from, day, std::slice::from_ref(&open));
        assert_eq!(ids(&outdated), ["C1", "F1"]);
        assert_eq!(
            ids(&read_model.outdated(from, day, &[])),
            ["C1", "C2", "F1"]
        );
        read_model.forget_references(&outdated.into_iter().collect());
        assert!(read_model.outdated(from, day, &[open]).is_empty());
    }

    #[test]
    fn the_month_before_the_kept_ones_keeps_its_days() {
        let day = |text| LocalDay::from_date(date(text));
        assert_eq!(folded_before(day("2026-01-01")), day("2025-12-01"));
    }
}
