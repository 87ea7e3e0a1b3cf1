//! Valuable customers without a visit or a call in a quarter that ends soon.

use std::collections::BTreeSet;

use crate::domain::event::{Channel, Group};
use crate::domain::ids::GroupId;
use crate::domain::indicator::is_valuable;
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::reference::Reference;

use super::super::rules::Rules;

/// Months of a quarter.
const QUARTER_MONTHS: i32 = 3;

/// A quarter that is about to end, with the customers contacted in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContactGaps {
    /// The day from which a gap counts: the same for the whole quarter.
    pub since: LocalDay,
    contacted: BTreeSet<GroupId>,
}

impl ContactGaps {
    /// The quarter of `now`, if it is about to end.
    #[must_use]
    pub(crate) fn at(reference: &Reference, now: Timestamp, rules: &Rules) -> Option<Self> {
        let today = rules.zone.day_of(now);
        let (first, last) = quarter_of(today);
        let since = last.plus(1 - rules.signals.contact_gap_days);
        (since <= today).then(|| Self {
            since,
            contacted: contacted_within(reference, first, now, rules),
        })
    }

    /// Whether a customer should have been contacted and was not.
    #[must_use]
    pub(crate) fn is_gap(&self, group: &Group) -> bool {
        is_valuable(Some(group.tier)) && !group.closed && !self.contacted.contains(&group.group_id)
    }
}

/// Groups that were visited or called between the local day `first` and `now`.
#[must_use]
pub(crate) fn contacted_within(
    reference: &Reference,
    first: LocalDay,
    now: Timestamp,
    rules: &Rules,
) -> BTreeSet<GroupId> {
    let begin = rules.zone.start_of(first);
    let counts = reference.latest_contacts().filter(|(at, contact)| {
        (begin..=now).contains(at) && matches!(contact.channel, Channel::Visit | Channel::Call)
    });
    counts
        .map(|(_, contact)| contact.group_id.clone())
        .collect()
}

/// The first and the last day of the calendar quarter of a day.
fn quarter_of(day: LocalDay) -> (LocalDay, LocalDay) {
    let month = day.month().number();
    let first = Month::from_number(month - month.rem_euclid(QUARTER_MONTHS));
    (first.first_day(), first.plus(QUARTER_MONTHS - 1).last_day())
}
