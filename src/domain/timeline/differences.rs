//! Differences of day counters, summed over a batch.

use crate::domain::counters::{Counter, Counts};
use crate::domain::fast_map::FastMap;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::domain::sum::Sum;

/// The changes of the day counters by a batch, by group and day.
#[derive(Debug, Clone, Default)]
pub struct Differences {
    /// The number of each group in `added`.
    groups: FastMap<GroupId, u32>,
    /// Group, day, counter and amount, in order of addition.
    added: Vec<(u32, LocalDay, Counter, Sum)>,
    /// The group of the last addition: the next one mostly has the same.
    last: Option<(GroupId, u32)>,
}

impl Differences {
    /// Adds `n` to a counter.
    pub fn add(&mut self, group: &GroupId, day: LocalDay, counter: Counter, n: impl Into<i128>) {
        let n = Sum::from_exact(n.into());
        if n == Sum::ZERO {
            return;
        }
        let number = self.number_of(group);
        self.added.push((number, day, counter, n));
    }

    fn number_of(&mut self, group: &GroupId) -> u32 {
        if let Some((last, number)) = &self.last
            && last == group
        {
            return *number;
        }
        let next =
            u32::try_from(self.groups.len()).expect("a batch touches fewer than 2^32 groups");
        let number = *self.groups.entry(group.clone()).or_insert(next);
        self.last = Some((group.clone(), number));
        number
    }

    pub(crate) fn merge(&mut self, other: Self) {
        let mut numbers = vec![0; other.groups.len()];
        for (group, number) in &other.groups {
            numbers[*number as usize] = self.number_of(group);
        }
        self.added.extend(
            other
                .added
                .into_iter()
                .map(|(group, day, counter, n)| (numbers[group as usize], day, counter, n)),
        );
    }

    /// The number of additions so far.
    #[must_use]
    pub(crate) const fn mark(&self) -> usize {
        self.added.len()
    }

    /// Sums the additions since a mark: most contributions of a timeline before and after an event
    /// cancel out.
    pub(crate) fn settle(&mut self, mark: usize) {
        let mut since = self.added.split_off(mark);
        since.sort_unstable_by_key(|(group, day, counter, _)| (*group, *day, *counter));
        since.dedup_by(|next, kept| {
            let same = (next.0, next.1, next.2) == (kept.0, kept.1, kept.2);
            if same {
                kept.3.add(next.3.get());
            }
            same
        });
        self.added
            .extend(since.into_iter().filter(|(.., n)| *n != Sum::ZERO));
    }

    /// All differences that are not 0, by group, then day.
    #[must_use]
    pub fn into_sorted(mut self) -> Vec<(GroupId, LocalDay, Counts)> {
        let mut names: Vec<(GroupId, u32)> = self.groups.into_iter().collect();
        names.sort_unstable();
        let mut ranks = vec![0u32; names.len()];
        for (rank, (_, number)) in (0..).zip(&names) {
            ranks[*number as usize] = rank;
        }
        self.added
            .sort_unstable_by_key(|(group, day, ..)| (ranks[*group as usize], *day));
        let mut sums: Vec<(GroupId, LocalDay, Counts)> = Vec::new();
        for same in self.added.chunk_by(|a, b| (a.0, a.1) == (b.0, b.1)) {
            let mut counts = Counts::default();
            same.iter()
                .for_each(|(_, _, counter, n)| counts.add(*counter, n.get()));
            if !counts.is_zero() {
                let name = names[ranks[same[0].0 as usize] as usize].0.clone();
                sums.push((name, same[0].1, counts));
            }
        }
        sums
    }
}

/// Adds the changes of a value from slot to slot: −1 times the contributions of the previous value
/// and +1 times those of the new one, from the slot on. `weigh` lists the contributions of a value.
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
