//! A complaint: counted in the month in which it was first filed, open for as long as its latest state is `filed`.

use serde::{Deserialize, Serialize};

use super::differences::{Differences, add_steps};
use crate::domain::counters::Counter;
use crate::domain::event::{ComplaintState, Order};
use crate::domain::history::History;
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;
use crate::domain::zone::Zone;

/// All events of one complaint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintTimeline {
    states: History<(GroupId, ComplaintState)>,
}

impl ComplaintTimeline {
    /// Takes an event in.
    pub fn put(&mut self, order: Order, group: GroupId, state: ComplaintState) {
        self.states.put(order, (group, state));
    }

    /// Takes an event out; says whether it was there.
    pub fn retract(&mut self, source: &str, id: &str) -> bool {
        self.states.retract(source, id)
    }

    /// To which group customer and when it was first filed, and its latest state; none if it never was.
    #[must_use]
    pub fn first_filed(&self) -> Option<(&GroupId, Timestamp, ComplaintState)> {
        let (_, latest) = self.states.latest()?;
        let (order, (group, _)) = self.states.entries().iter().find(|(_, (_, state))| *state == ComplaintState::Filed)?;
        Some((group, order.time, *latest))
    }

    /// Adds `sign` times its contributions: `complaints` in the month of the first `filed`, `open_complaints` for ever.
    pub fn contribute(&self, zone: Zone, sign: i64, out: &mut Differences) {
        let entries = self.states.entries();
        let Some(first) = entries.iter().position(|(_, (_, state))| *state == ComplaintState::Filed) else { return };
        let group = &entries[first].1.0;
        let filed_on = zone.day_of(entries[first].0.time);
        let states = || entries[first..].iter().map(|(order, (_, state))| (zone.day_of(order.time), *state));
        let counted = states().map(|(day, state)| (day, (state != ComplaintState::Withdrawn).then_some(())));
        let last_day = filed_on.month().last_day();
        add_steps(counted.take_while(|(day, _)| *day <= last_day), |(), day, n| out.add(group, day, Counter::Complaints, sign * n));
        let open = states().map(|(day, state)| (day, (state == ComplaintState::Filed).then_some(())));
        add_steps(open, |(), day, n| out.add(group, day, Counter::OpenComplaints, sign * n));
    }
}
