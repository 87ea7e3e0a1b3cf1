//! The counters of group customers over the days.

use super::{Counter, Counts, Span};
use crate::domain::fast_map::FastMap;
use crate::domain::ids::GroupId;
use crate::domain::local_day::LocalDay;
use crate::domain::sum::{Sum, narrow};

/// The counters of every group customer.
pub type SeriesByGroup = FastMap<GroupId, DaySeries>;

/// Adds a difference to a group's day.
pub fn add_to_group(all: &mut SeriesByGroup, group: &GroupId, day: LocalDay, counts: &Counts) {
    // The group mostly exists, and its id need not be copied.
    if let Some(series) = all.get_mut(group) {
        series.add(day, counts);
    } else {
        all.entry(group.clone()).or_default().add(day, counts);
    }
}

/// One counter of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    pub day: LocalDay,
    pub counter: Counter,
    pub n: Sum,
}

/// The counters of one group customer over the days. Only non-zero ones are kept: most days change
/// few counters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DaySeries {
    /// By day, then counter.
    counts: Vec<DayCount>,
}

impl DaySeries {
    /// Adds a difference to a day.
    pub fn add(&mut self, day: LocalDay, counts: &Counts) {
        for (counter, n) in Counter::ALL
            .iter()
            .zip(counts.0)
            .filter(|(_, n)| *n != Sum::ZERO)
        {
            match self
                .counts
                .binary_search_by_key(&(day, *counter), |count| (count.day, count.counter))
            {
                Ok(at) => {
                    self.counts[at].n.add(n.get());
                    if self.counts[at].n == Sum::ZERO {
                        self.counts.remove(at);
                    }
                }
                Err(at) => self.counts.insert(
                    at,
                    DayCount {
                        day,
                        counter: *counter,
                        n,
                    },
                ),
            }
        }
    }

    /// Adds another series.
    pub(crate) fn add_series(&mut self, other: &Self) {
        self.merge(other, 1);
    }

    /// Subtracts another series.
    pub(crate) fn subtract_series(&mut self, other: &Self) {
        self.merge(other, -1);
    }

    /// Adds `sign` times another series, in one pass over both.
    fn merge(&mut self, other: &Self, sign: i128) {
        let mut merged = Vec::with_capacity(self.counts.len() + other.counts.len());
        let mut mine = self.counts.iter().copied().peekable();
        for DayCount { day, counter, n } in other.counts.iter().copied() {
            while let Some(before) =
                mine.next_if(|count| (count.day, count.counter) < (day, counter))
            {
                merged.push(before);
            }
            let same = mine.next_if(|count| (count.day, count.counter) == (day, counter));
            let mut sum = same.map_or(Sum::ZERO, |count| count.n);
            sum.add(sign * n.get());
            if sum != Sum::ZERO {
                merged.push(DayCount {
                    day,
                    counter,
                    n: sum,
                });
            }
        }
        merged.extend(mine);
        self.counts = merged;
    }

    /// The counters that are not 0, by day, then counter.
    #[must_use]
    pub fn counts(&self) -> &[DayCount] {
        &self.counts
    }

    /// Whether [folding](DaySeries::fold_before) would change it.
    #[must_use]
    pub(crate) fn folds_before(&self, first: LocalDay) -> bool {
        let before = self.counts.iter().take_while(|count| count.day < first);
        let stays = |count: &DayCount| {
            count.counter.is_open()
                || (count.day == first.plus(-1) && count.counter.span() == Span::Running)
        };
        before.into_iter().any(|count| !stays(count))
    }

    /// Keeps the days from `first` on. Of the days before, the running counters are summed onto the
    /// last one, and open bills are kept; the rest is dropped.
    pub fn fold_before(&mut self, first: LocalDay) {
        let at = self.counts.partition_point(|count| count.day < first);
        let before: Vec<DayCount> = self.counts.drain(..at).collect();
        let mut running = Counts::default();
        for DayCount { day, counter, n } in before {
            let mut counts = Counts::default();
            counts.add(counter, n.get());
            let folded = counts.folded();
            running.add_all(&folded.running);
            self.add(day, &folded.open);
        }
        self.add(first.plus(-1), &running);
    }

    /// The counters by day.
    pub(crate) fn days(&self) -> impl Iterator<Item = (LocalDay, Counts)> {
        self.counts.chunk_by(|a, b| a.day == b.day).map(|of_day| {
            let mut counts = Counts::default();
            of_day
                .iter()
                .for_each(|count| counts.add(count.counter, count.n.get()));
            (of_day[0].day, counts)
        })
    }

    /// One counter of things, on the days on which it is not 0.
    pub fn days_of(&self, counter: Counter) -> impl DoubleEndedIterator<Item = (LocalDay, i64)> {
        sums_by_day(&self.counts, counter).map(|(day, n)| (day, narrow(n)))
    }

    /// One exact counter of fen, on the days on which it is not 0.
    pub(crate) fn sums_of(
        &self,
        counter: Counter,
    ) -> impl DoubleEndedIterator<Item = (LocalDay, i128)> {
        sums_by_day(&self.counts, counter)
    }

    /// One counter of things on the days from `first` to `last`, both included, on which it is not
    /// 0.
    pub(crate) fn within(
        &self,
        counter: Counter,
        first: LocalDay,
        last: LocalDay,
    ) -> impl DoubleEndedIterator<Item = (LocalDay, i64)> {
        sums_by_day(self.between(first, last), counter).map(|(day, n)| (day, narrow(n)))
    }

    /// The exact sum of one counter of fen over the days from `first` to `last`, both included.
    #[must_use]
    pub(crate) fn sum_within(&self, counter: Counter, first: LocalDay, last: LocalDay) -> i128 {
        sums_by_day(self.between(first, last), counter)
            .map(|(_, n)| n)
            .sum()
    }

    fn between(&self, first: LocalDay, last: LocalDay) -> &[DayCount] {
        let place = |day: LocalDay| self.counts.partition_point(|count| count.day < day);
        let (from, until) = (place(first), place(last.plus(1)));
        &self.counts[from.min(until)..until]
    }
}

fn sums_by_day(
    counts: &[DayCount],
    counter: Counter,
) -> impl DoubleEndedIterator<Item = (LocalDay, i128)> {
    counts
        .iter()
        .filter(move |count| count.counter == counter)
        .map(|count| (count.day, count.n.get()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folding_keeps_what_runs_on_and_what_is_open_and_all_of_the_days_that_are_kept() {
        let day = LocalDay::from_number;
        let mut series = DaySeries::default();
        let entries = [
            (1, Counter::Members, 5),
            (2, Counter::Members, -2),
            (2, Counter::Lost, 2),
            (3, Counter::UnpaidSubscribers, 1),
            (3, Counter::UnpaidSubscribersFen, 700),
            (9, Counter::Members, 1),
            (10, Counter::Members, 4),
            (10, Counter::Joined, 4),
        ];
        for (on, counter, n) in entries {
            let mut counts = Counts::default();
            counts.add(counter, n);
            series.add(day(on), &counts);
        }
        assert!(series.folds_before(day(10)));
        series.fold_before(day(10));
        let left: Vec<(i32, Counter, i64)> = series
            .counts()
            .iter()
            .map(|count| (count.day.number(), count.counter, narrow(count.n.get())))
            .collect();
        let expected = [
            (3, Counter::UnpaidSubscribers, 1),
            (3, Counter::UnpaidSubscribersFen, 700),
            (9, Counter::Members, 4),
            (10, Counter::Members, 4),
            (10, Counter::Joined, 4),
        ];
        assert_eq!(left, expected);
        assert!(!series.folds_before(day(10)));
        let again = series.clone();
        series.fold_before(day(10));
        assert_eq!(series, again);
    }
}
