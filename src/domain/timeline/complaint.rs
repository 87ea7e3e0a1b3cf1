//! A complaint: counted in the month of its first filing, open for as long as its latest state is
//! `filed`.

use serde::{Deserialize, Serialize};

use super::differences::{Differences, add_steps};
use crate::domain::complaints::ComplaintsOf;
use crate::domain::counters::Counter;
use crate::domain::event::{Complaint, ComplaintSeverity, ComplaintState, Order};
use crate::domain::history::History;
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;
use crate::domain::short_text::ShortText;
use crate::domain::zone::Zone;

/// The data of a complaint event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ComplaintChange {
    pub group_id: GroupId,
    pub state: ComplaintState,
    pub category: Option<ShortText>,
    pub severity: ComplaintSeverity,
}

/// The current state of a complaint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ComplaintNow {
    /// The group of its first filing.
    pub group_id: GroupId,
    /// When it was first filed as a major one, if it was.
    pub major_since: Option<Timestamp>,
    pub state: ComplaintState,
    /// The start of its current open period; for a complaint that is not open, of the last one.
    pub filed_at: Timestamp,
    /// The time of its last event.
    pub changed_at: Timestamp,
}

impl ComplaintNow {
    /// Whether it is neither resolved nor withdrawn.
    #[must_use]
    pub(crate) fn is_open(&self) -> bool {
        self.state == ComplaintState::Filed
    }
}

/// All events of one complaint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ComplaintTimeline {
    changes: History<ComplaintChange>,
}

impl ComplaintTimeline {
    pub fn put_complaint(&mut self, order: Order, event: Complaint) {
        let Complaint {
            group_id,
            state,
            category,
            severity,
            ..
        } = event;
        self.changes.put_entry(
            order,
            ComplaintChange {
                group_id,
                state,
                category,
                severity,
            },
        );
    }

    /// Removes an event; returns whether it existed.
    pub(crate) fn retract(&mut self, source: &str, id: &str) -> bool {
        self.changes.retract(source, id)
    }

    /// The events from the first filing on.
    fn since_filed(&self) -> &[(Order, ComplaintChange)] {
        let entries = self.changes.entries();
        let first = entries
            .iter()
            .position(|(_, change)| change.state == ComplaintState::Filed);
        first.map_or(&[], |first| &entries[first..])
    }

    /// Whether it is not open, and has no event at `t` or later.
    #[must_use]
    pub(crate) fn is_over_before(&self, t: Timestamp) -> bool {
        self.changes.is_before(t) && !self.now().is_some_and(|now| now.is_open())
    }

    /// Its current state; none if it was never filed.
    #[must_use]
    pub(crate) fn now(&self) -> Option<ComplaintNow> {
        let changes = self.since_filed();
        let ((_, first), (last_order, last)) = (changes.first()?, changes.last()?);
        let (mut filed_at, mut was_open, mut major_since) = (last_order.time, false, None);
        for (order, change) in changes {
            let is_filed = change.state == ComplaintState::Filed;
            if is_filed && !was_open {
                filed_at = order.time;
            }
            was_open = is_filed;
            let is_major = is_filed && change.severity == ComplaintSeverity::Major;
            major_since = major_since.or(is_major.then_some(order.time));
        }
        Some(ComplaintNow {
            group_id: first.group_id.clone(),
            major_since,
            state: last.state,
            filed_at,
            changed_at: last_order.time,
        })
    }

    /// The group customer and time of its first filing, and its latest state; none if it was never
    /// filed.
    #[must_use]
    pub(crate) fn first_filed(&self) -> Option<(&GroupId, Timestamp, ComplaintState)> {
        let changes = self.since_filed();
        let ((order, first), (_, latest)) = (changes.first()?, changes.last()?);
        Some((&first.group_id, order.time, latest.state))
    }

    /// Adds `sign` times its contributions: `complaints` in the month of the first filing,
    /// `open_complaints` without end; and passes group, day and category to `categories`, unless it
    /// was withdrawn.
    pub(crate) fn contribute(
        &self,
        zone: Zone,
        sign: i64,
        out: &mut Differences,
        mut categories: impl FnMut(ComplaintsOf, i64),
    ) {
        let changes = self.since_filed();
        let (Some((order, first)), Some((_, last))) = (changes.first(), changes.last()) else {
            return;
        };
        let (group, filed_on) = (&first.group_id, zone.day_of(order.time));
        let states = || {
            changes
                .iter()
                .map(|(order, change)| (zone.day_of(order.time), change.state))
        };
        let counted =
            states().map(|(day, state)| (day, (state != ComplaintState::Withdrawn).then_some(())));
        let last_day = filed_on.month().last_day();
        add_steps(
            counted.take_while(|(day, _)| *day <= last_day),
            |(), day, n| out.add(group, day, Counter::Complaints, sign * n),
        );
        let open =
            states().map(|(day, state)| (day, (state == ComplaintState::Filed).then_some(())));
        add_steps(open, |(), day, n| {
            out.add(group, day, Counter::OpenComplaints, sign * n)
        });
        if let Some(category) = first
            .category
            .as_ref()
            .filter(|_| last.state != ComplaintState::Withdrawn)
        {
            categories(
                ComplaintsOf {
                    day: filed_on,
                    group_id: group.clone(),
                    category: category.clone(),
                },
                sign,
            );
        }
    }
}
