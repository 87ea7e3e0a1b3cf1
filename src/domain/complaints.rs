//! Counts of complaints by the day of their first filing, group and category, for the hotspots of
//! units.
//!
//! It may not know which complaints count: `timeline` decides that. Invariant: the counts are sums
//! over complaints, so adding the differences that an event makes gives the same in any order.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::ids::GroupId;
use super::local_day::LocalDay;
use super::short_text::ShortText;

/// The key of a count of complaints.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ComplaintsOf {
    /// First filed on this local day.
    pub day: LocalDay,
    pub group_id: GroupId,
    pub category: ShortText,
}

/// The numbers of complaints that were not withdrawn, all in memory: complaints are few.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ComplaintCounts(BTreeMap<LocalDay, BTreeMap<(GroupId, ShortText), i64>>);

impl ComplaintCounts {
    pub fn add(&mut self, of: ComplaintsOf, n: i64) {
        let ComplaintsOf {
            day,
            group_id,
            category,
        } = of;
        let of_day = self.0.entry(day).or_default();
        let key = (group_id, category);
        let count = of_day.entry(key.clone()).or_default();
        *count += n;
        if *count == 0 {
            of_day.remove(&key);
        }
        if of_day.is_empty() {
            self.0.remove(&day);
        }
    }

    /// Drops complaints that were filed before a day.
    pub(crate) fn forget_before(&mut self, day: LocalDay) {
        self.0 = self.0.split_off(&day);
    }

    /// Complaints filed on the days from `first` to `last`, both included: day, group, category,
    /// count.
    pub fn within(
        &self,
        first: LocalDay,
        last: LocalDay,
    ) -> impl Iterator<Item = (LocalDay, &GroupId, &ShortText, i64)> {
        let days = self.0.range(first..=last);
        days.flat_map(|(day, of_day)| {
            of_day
                .iter()
                .map(|((group, category), n)| (*day, group, category, *n))
        })
    }
}
