//! Collects what happens in the city, in any order, and makes it the events of its systems, in time
//! order.
//!
//! It knows no rules of the city. Invariant: ids of one system rise with time; there are no events
//! after the last day.

use super::days::Days;
use crate::domain::event::{Event, EventData, Order, Retraction};
use crate::domain::local_day::Timestamp;

/// The systems that send events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum System {
    Boss,
    Billing,
    /// Group customers, managers, complaints, surveys, contacts.
    Crm,
    /// Closes each day's feed.
    Feed,
}

impl System {
    /// `source` of its events, and what their ids begin with.
    const fn source(self) -> (&'static str, char) {
        match self {
            Self::Boss => ("/boss/cz/crm", 's'),
            Self::Billing => ("/boss/cz/billing", 'b'),
            Self::Crm => ("/crm/cz", 'c'),
            Self::Feed => ("/boss/cz/feed", 'f'),
        }
    }

    /// The system that sends this.
    const fn of_event(data: &EventData) -> Self {
        match data {
            EventData::SubscriberStatus(_)
            | EventData::PortOut(_)
            | EventData::Membership(_)
            | EventData::Retraction(_) => Self::Boss,
            EventData::Bill(_) | EventData::Payment(_) => Self::Billing,
            EventData::Feed(_) => Self::Feed,
            _ => Self::Crm,
        }
    }
}

/// Which entry of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry(usize);

/// All that happened so far.
#[derive(Debug, Default)]
pub(super) struct EventLog {
    drafts: Vec<(Timestamp, EventData)>,
    /// Retraction and its target.
    retractions: Vec<(usize, usize)>,
}

impl EventLog {
    pub(super) fn say(&mut self, time: Timestamp, data: EventData) -> Entry {
        self.drafts.push((time, data));
        Entry(self.drafts.len() - 1)
    }

    /// Adds the retraction of an entry.
    pub(super) fn retract(&mut self, time: Timestamp, target: Entry) {
        let retraction = self.say(
            time,
            EventData::Retraction(Retraction {
                source: "".into(),
                id: "".into(),
            }),
        );
        self.retractions.push((retraction.0, target.0));
    }

    /// Events of a system up to now, per local day, counted by `count(day number, system is BOSS or
    /// billing)`.
    pub(super) fn each(&self, mut count: impl FnMut(Timestamp, bool)) {
        for (time, data) in &self.drafts {
            count(
                *time,
                matches!(System::of_event(data), System::Boss | System::Billing),
            );
        }
    }

    /// The events of the city's days, in their total order.
    pub(super) fn finish(mut self, days: &Days) -> Vec<Event> {
        let end = days.end();
        let mut order: Vec<usize> = (0..self.drafts.len()).collect();
        order.sort_by_key(|at| (self.drafts[*at].0, *at));
        let mut number = [0u32; 4];
        let mut ids = vec![String::new(); self.drafts.len()];
        for at in order {
            let system = System::of_event(&self.drafts[at].1);
            number[system as usize] += 1;
            ids[at] = format!("{}{:08}", system.source().1, number[system as usize]);
        }
        for (retraction, target) in self.retractions {
            let source = System::of_event(&self.drafts[target].1).source().0;
            self.drafts[retraction].1 = EventData::Retraction(Retraction {
                source: source.into(),
                id: ids[target].as_str().into(),
            });
        }
        let mut events: Vec<Event> = (self.drafts.into_iter().zip(ids))
            .filter(|((time, _), _)| *time < end)
            .map(|((time, data), id)| {
                let source = System::of_event(&data).source().0;
                Event {
                    order: Order {
                        time,
                        id: id.into(),
                        source: source.into(),
                    },
                    data,
                }
            })
            .collect();
        events.sort_by(|a, b| a.order.cmp(&b.order));
        events
    }
}
