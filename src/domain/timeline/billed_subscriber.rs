//! Whether a subscriber has a bill of a period in a group, and on which days: `billed` counts it
//! once, however many bills.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::differences::Differences;
use crate::domain::counters::Counter;
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::{LocalDay, Month};

/// The subscriber, period and group.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct BilledSubscriberKey {
    pub group_id: GroupId,
    pub period: Month,
    pub subscriber_id: SubscriberId,
}

/// The number of the subscriber's bills, as changes by day.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BilledSubscriber {
    bills: BTreeMap<LocalDay, i64>,
}

impl BilledSubscriber {
    /// Adds a change of the number of bills.
    pub(crate) fn add(&mut self, day: LocalDay, n: i64) {
        let bills = self.bills.entry(day).or_default();
        *bills += n;
        if *bills == 0 {
            self.bills.remove(&day);
        }
    }

    /// Whether it has no change on `day` or later.
    #[must_use]
    pub(crate) fn is_before(&self, day: LocalDay) -> bool {
        self.bills
            .last_key_value()
            .is_none_or(|(last, _)| *last < day)
    }

    /// Adds `sign` times its contributions: 1 on the days on which it has any bill.
    pub(crate) fn contribute(&self, group: &GroupId, sign: i64, out: &mut Differences) {
        let mut bills = 0;
        for (day, n) in &self.bills {
            let before = i64::from(bills > 0);
            bills += n;
            out.add(
                group,
                *day,
                Counter::Billed,
                sign * (i64::from(bills > 0) - before),
            );
        }
    }
}
