//! Additive day counters: what every figure of a group customer is summed from.
//!
//! It does not know how a counter comes about: `timeline` does, nor what is a breach: `evaluate` does.
//! Invariant: all counters are sums over subscribers, complaints, answers and bills, so adding the differences that an
//! event makes gives the same as counting anew, in any order and from any number of workers.

use serde::{Deserialize, Serialize};

use super::fast_map::FastMap;
use super::ids::GroupId;
use super::local_day::LocalDay;
use super::sum::{Sum, narrow};

/// How a counter's days add up to a figure of day D.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The sum of all days up to D: a series that runs on through the months.
    Running,
    /// The sum of the days of D's month up to D: a series that begins anew each month.
    Month,
    /// The value of D alone.
    Day,
}

macro_rules! counters {
    ($($(#[$doc:meta])* $name:ident = $span:ident;)*) => {
        /// One additive counter of a group and day.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Counter { $($(#[$doc])* $name,)* }

        impl Counter {
            /// Every counter, in the order in which they are stored.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// How its days add up.
            #[must_use]
            pub const fn span(self) -> Span {
                match self { $(Self::$name => Span::$span,)* }
            }

            /// Whether it counts what is open, on the day on which that became due: it is there for as long as it is open.
            #[must_use]
            pub const fn is_open(self) -> bool {
                matches!(self, Self::UnpaidUnified | Self::UnpaidUnifiedFen | Self::UnpaidLines | Self::UnpaidLinesFen)
            }

            /// Whether reports show it; the others are for signals only, and stand last.
            #[must_use]
            pub const fn is_shown(self) -> bool {
                (self as u8) < Self::LeftCompany as u8
            }
        }
    };
}

counters! {
    /// Members, as changes.
    Members = Running;
    /// Members with a suspended status, as changes.
    Suspended = Running;
    /// Complaints whose latest state is `filed`, as changes.
    OpenComplaints = Running;
    /// Of the members at the month's start, those whose status is `invalid`.
    OpeningInvalid = Month;
    /// Members that are not in the opening base.
    Joined = Month;
    /// In the opening base and no longer members.
    Lost = Month;
    /// In the opening base and cancelled by the customer.
    ChurnedVoluntary = Month;
    /// In the opening base and cancelled by the operator.
    ChurnedInvoluntary = Month;
    /// In the opening base and ported out.
    PortedOut = Month;
    /// Complaints first filed in the month and not withdrawn.
    Complaints = Month;
    /// Answers first given in the month.
    SurveyAnswers = Month;
    /// Their scores on the 100 scale, in thousandths.
    SurveyScoreThousandths = Month;
    /// Subscribers whose first `joined` of any group it is.
    Developed = Month;
    /// Subscribers with a bill of the month as period.
    Billed = Month;
    /// The bills of the month as period, in fen.
    BilledFen = Month;
    /// Members suspended at the day's end and not at its start.
    NewlySuspended = Day;
    /// Members who left the company on the day and, as now known, have not come back: for signals only.
    LeftCompany = Day;
    /// Unified-pay bills that are not paid whole, as now known, by the day on which they are due: for signals only.
    UnpaidUnified = Day;
    /// What they lack, in fen.
    UnpaidUnifiedFen = Day;
    /// Bills of members that are not paid whole, likewise.
    UnpaidLines = Day;
    /// What they lack, in fen.
    UnpaidLinesFen = Day;
}

/// How many counters there are.
pub const COUNTERS: usize = Counter::ALL.len();

/// All counters of one group and day, or sums of such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts([Sum; COUNTERS]);

impl Default for Counts {
    fn default() -> Self {
        Self([Sum::ZERO; COUNTERS])
    }
}

impl Counts {
    /// One counter of things, of which there are never more than 64 bits hold.
    #[must_use]
    pub fn get(&self, counter: Counter) -> i64 {
        narrow(self.sum(counter))
    }

    /// One counter, exact: sums of fen may be more than 64 bits hold.
    #[must_use]
    pub fn sum(&self, counter: Counter) -> i128 {
        self.0[counter as usize].get()
    }

    /// Adds to one counter.
    pub fn add(&mut self, counter: Counter, n: impl Into<i128>) {
        self.0[counter as usize].add(n.into());
    }

    /// Adds all of another's.
    pub fn add_all(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0).filter(|(_, theirs)| *theirs != Sum::ZERO) {
            mine.add(theirs.get());
        }
    }

    /// Whether every counter is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|n| *n == Sum::ZERO)
    }

    /// Of a day that is no longer kept as such: what runs on from it, and what of it is open still.
    #[must_use]
    pub fn folded(&self) -> Folded {
        let only = |counter: &dyn Fn(Counter) -> bool| {
            let mut part = Self::default();
            Counter::ALL.iter().filter(|one| counter(**one)).for_each(|one| part.add(*one, self.sum(*one)));
            part
        };
        Folded { running: only(&|counter| counter.span() == Span::Running), open: only(&Counter::is_open) }
    }

    /// Whether any counter that reports show is not 0.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        Counter::ALL.iter().zip(self.0).any(|(counter, n)| n != Sum::ZERO && counter.is_shown())
    }
}

/// What is kept of the counters of a day that is no longer kept as such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Folded {
    /// Goes into the sum of all days before the first that is kept.
    pub running: Counts,
    /// Stays on its day.
    pub open: Counts,
}

/// The counters of every group customer.
pub type SeriesByGroup = FastMap<GroupId, DaySeries>;

/// Adds a difference to a group's day.
pub fn add_to_group(all: &mut SeriesByGroup, group: &GroupId, day: LocalDay, counts: &Counts) {
    // Mostly the group is there, and its id need not be copied.
    if let Some(series) = all.get_mut(group) {
        series.add(day, counts);
    } else {
        all.entry(group.clone()).or_default().add(day, counts);
    }
}

/// One counter of one day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayCount {
    /// Which day.
    pub day: LocalDay,
    /// Which counter.
    pub counter: Counter,
    /// What it holds.
    pub n: Sum,
}

/// The counters of one group customer over the days. Only those that are not 0 are kept: most days change few counters.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct DaySeries {
    /// By day, then counter.
    counts: Vec<DayCount>,
}

impl DaySeries {
    /// Adds a difference to a day.
    pub fn add(&mut self, day: LocalDay, counts: &Counts) {
        for (counter, n) in Counter::ALL.iter().zip(counts.0).filter(|(_, n)| *n != Sum::ZERO) {
            match self.counts.binary_search_by_key(&(day, *counter), |count| (count.day, count.counter)) {
                Ok(at) => {
                    self.counts[at].n.add(n.get());
                    if self.counts[at].n == Sum::ZERO {
                        self.counts.remove(at);
                    }
                }
                Err(at) => self.counts.insert(at, DayCount { day, counter: *counter, n }),
            }
        }
    }

    /// Adds all of another series.
    pub fn add_series(&mut self, other: &Self) {
        self.merge(other, 1);
    }

    /// Takes all of another series off.
    pub fn subtract_series(&mut self, other: &Self) {
        self.merge(other, -1);
    }

    /// Adds `sign` times another series, in one pass over both.
    fn merge(&mut self, other: &Self, sign: i128) {
        let mut merged = Vec::with_capacity(self.counts.len() + other.counts.len());
        let mut mine = self.counts.iter().copied().peekable();
        for DayCount { day, counter, n } in other.counts.iter().copied() {
            while let Some(before) = mine.next_if(|count| (count.day, count.counter) < (day, counter)) {
                merged.push(before);
            }
            let same = mine.next_if(|count| (count.day, count.counter) == (day, counter));
            let mut sum = same.map_or(Sum::ZERO, |count| count.n);
            sum.add(sign * n.get());
            if sum != Sum::ZERO {
                merged.push(DayCount { day, counter, n: sum });
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
    pub fn folds_before(&self, first: LocalDay) -> bool {
        let before = self.counts.iter().take_while(|count| count.day < first);
        let stays = |count: &DayCount| count.counter.is_open() || (count.day == first.plus(-1) && count.counter.span() == Span::Running);
        before.into_iter().any(|count| !stays(count))
    }

    /// Keeps the days from `first` on as they are. Of the days before, the sum of what runs on stands on the last of them, and
    /// what is open stays; the rest is gone.
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
    pub fn days(&self) -> impl Iterator<Item = (LocalDay, Counts)> {
        self.counts.chunk_by(|a, b| a.day == b.day).map(|of_day| {
            let mut counts = Counts::default();
            of_day.iter().for_each(|count| counts.add(count.counter, count.n.get()));
            (of_day[0].day, counts)
        })
    }

    /// One counter of things on the days on which it is not 0.
    pub fn of(&self, counter: Counter) -> impl DoubleEndedIterator<Item = (LocalDay, i64)> {
        of(&self.counts, counter).map(|(day, n)| (day, narrow(n)))
    }

    /// One counter, exact, on the days on which it is not 0: of fen.
    pub fn sums_of(&self, counter: Counter) -> impl DoubleEndedIterator<Item = (LocalDay, i128)> {
        of(&self.counts, counter)
    }

    /// One counter of things on the days from `first` to `last`, both included, on which it is not 0.
    pub fn within(&self, counter: Counter, first: LocalDay, last: LocalDay) -> impl DoubleEndedIterator<Item = (LocalDay, i64)> {
        of(self.between(first, last), counter).map(|(day, n)| (day, narrow(n)))
    }

    /// The sum of one counter over the days from `first` to `last`, both included, exact: of fen.
    #[must_use]
    pub fn sum_within(&self, counter: Counter, first: LocalDay, last: LocalDay) -> i128 {
        of(self.between(first, last), counter).map(|(_, n)| n).sum()
    }

    fn between(&self, first: LocalDay, last: LocalDay) -> &[DayCount] {
        let place = |day: LocalDay| self.counts.partition_point(|count| count.day < day);
        let (from, until) = (place(first), place(last.plus(1)));
        &self.counts[from.min(until)..until]
    }
}

fn of(counts: &[DayCount], counter: Counter) -> impl DoubleEndedIterator<Item = (LocalDay, i128)> {
    counts.iter().filter(move |count| count.counter == counter).map(|count| (count.day, count.n.get()))
}

/// The counts of a row: per group, or summed over groups, month M to date D. Definitions: the table of counts in the
/// contract on indicators.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Figures {
    /// Members at the month's start, less those now `invalid`.
    pub opening: i64,
    /// Members at the day's end.
    pub closing: i64,
    /// Members not in the opening base.
    pub joined: i64,
    /// In the opening base, not members now.
    pub lost: i64,
    /// Churned by own wish.
    pub churned_voluntary: i64,
    /// Churned by the operator.
    pub churned_involuntary: i64,
    /// Ported out.
    pub ported_out: i64,
    /// Members that are suspended.
    pub suspended: i64,
    /// Of those, since the start of the day.
    pub newly_suspended: i64,
    /// First filed in the month, not withdrawn.
    pub complaints: i64,
    /// Open, filed in any month.
    pub open_complaints: i64,
    /// Answers of the month.
    pub survey_answers: i64,
    /// Sum of scores on the 100 scale, in thousandths.
    pub survey_score_thousandths: i64,
    /// First `joined` of any group.
    pub developed: i64,
    /// Subscribers with a bill of the period.
    pub billed: i64,
    /// Bills of the period, in fen, exact: a report's row shows what 64 bits hold.
    pub billed_fen: i128,
}

impl Figures {
    /// Of the opening base, with a churned status.
    #[must_use]
    pub const fn churned(&self) -> i64 {
        self.churned_voluntary + self.churned_involuntary + self.ported_out
    }

    /// Adds another group's figures of the same day. Of things there are never more than 64 bits hold.
    pub fn add_all(&mut self, other: &Self) {
        for (mine, theirs) in self.counts_mut().into_iter().zip(other.counts()) {
            *mine = mine.saturating_add(theirs);
        }
        self.billed_fen = self.billed_fen.saturating_add(other.billed_fen);
    }

    /// Takes another group's figures of the same day off.
    pub fn subtract_all(&mut self, other: &Self) {
        for (mine, theirs) in self.counts_mut().into_iter().zip(other.counts()) {
            *mine = mine.saturating_sub(theirs);
        }
        self.billed_fen = self.billed_fen.saturating_sub(other.billed_fen);
    }

    /// Whether every figure is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.billed_fen == 0 && self.counts().iter().all(|n| *n == 0)
    }

    /// All figures that count things, in their order.
    #[must_use]
    pub fn counts(&self) -> [i64; 15] {
        let mut copy = *self;
        copy.counts_mut().map(|n| *n)
    }

    fn counts_mut(&mut self) -> [&mut i64; 15] {
        [
            &mut self.opening,
            &mut self.closing,
            &mut self.joined,
            &mut self.lost,
            &mut self.churned_voluntary,
            &mut self.churned_involuntary,
            &mut self.ported_out,
            &mut self.suspended,
            &mut self.newly_suspended,
            &mut self.complaints,
            &mut self.open_complaints,
            &mut self.survey_answers,
            &mut self.survey_score_thousandths,
            &mut self.developed,
            &mut self.billed,
        ]
    }
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
            (3, Counter::UnpaidLines, 1),
            (3, Counter::UnpaidLinesFen, 700),
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
        let left: Vec<(i32, Counter, i64)> =
            series.counts().iter().map(|count| (count.day.number(), count.counter, narrow(count.n.get()))).collect();
        let expected = [
            (3, Counter::UnpaidLines, 1),
            (3, Counter::UnpaidLinesFen, 700),
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
