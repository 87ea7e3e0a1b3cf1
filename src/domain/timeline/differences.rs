//! Differences of day counters, gathered over a batch.

use std::collections::HashMap;

use crate::domain::counters::{Counter, Counts};
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;

/// What a batch adds to the day counters, by group and day.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences(HashMap<GroupId, HashMap<LocalDay, Counts>>);

impl Differences {
    /// Adds `n` to a counter.
    pub fn add(&mut self, group: &GroupId, day: LocalDay, counter: Counter, n: i64) {
        if n == 0 {
            return;
        }
        if let Some(days) = self.0.get_mut(group) {
            days.entry(day).or_default().add(counter, n);
        } else {
            self.0.entry(group.clone()).or_default().entry(day).or_default().add(counter, n);
        }
    }

    /// All differences that are not 0, by group, then day.
    #[must_use]
    pub fn into_sorted(self) -> Vec<(GroupId, LocalDay, Counts)> {
        let mut all: Vec<_> = self
            .0
            .into_iter()
            .flat_map(|(group, days)| {
                days.into_iter().filter(|(_, counts)| !counts.is_zero()).map(move |(day, counts)| (group.clone(), day, counts))
            })
            .collect();
        all.sort_unstable_by(|a, b| (&a.0, a.1).cmp(&(&b.0, b.1)));
        all
    }
}

/// Adds the changes of a value from slot to slot: `−n` of what held before and `+n` of what holds from the slot on.
/// `weigh` lists the contributions of a value.
pub(super) fn add_steps<'a, T: PartialEq + 'a>(
    steps: impl IntoIterator<Item = (LocalDay, Option<T>)>,
    mut weigh: impl FnMut(&T, LocalDay, i64),
) {
    let mut held: Option<T> = None;
    let mut steps = steps.into_iter().peekable();
    while let Some((day, value)) = steps.next() {
        if steps.peek().is_some_and(|(next, _)| *next == day) {
            continue;
        }
        if value != held {
            if let Some(old) = &held {
                weigh(old, day, -1);
            }
            if let Some(new) = &value {
                weigh(new, day, 1);
            }
            held = value;
        }
    }
}
