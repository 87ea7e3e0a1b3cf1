//! Additive day counters: what every figure of a group customer is summed from.
//!
//! It does not know how a counter comes about: `timeline` does, nor what is a breach: `evaluate` does.
//! Invariant: all counters are sums over subscribers, complaints, answers and bills, so adding the differences that an
//! event makes gives the same as counting anew, in any order and from any number of workers.

use serde::{Deserialize, Serialize};

use super::fast_map::FastMap;
use super::ids::GroupId;
use super::local_day::LocalDay;

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts(pub [i64; COUNTERS]);

impl Counts {
    /// One counter.
    #[must_use]
    pub const fn get(&self, counter: Counter) -> i64 {
        self.0[counter as usize]
    }

    /// Adds to one counter.
    pub fn add(&mut self, counter: Counter, n: i64) {
        self.0[counter as usize] += n;
    }

    /// Adds all of another's.
    pub fn add_all(&mut self, other: &Self) {
        for (mine, theirs) in self.0.iter_mut().zip(other.0) {
            *mine += theirs;
        }
    }

    /// Whether every counter is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.0.iter().all(|n| *n == 0)
    }

    /// Whether any counter that reports show is not 0.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        Counter::ALL.iter().zip(self.0).any(|(counter, n)| n != 0 && counter.is_shown())
    }
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
    pub n: i64,
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
        for (counter, n) in Counter::ALL.iter().zip(counts.0).filter(|(_, n)| *n != 0) {
            match self.counts.binary_search_by_key(&(day, *counter), |count| (count.day, count.counter)) {
                Ok(at) if self.counts[at].n + n == 0 => drop(self.counts.remove(at)),
                Ok(at) => self.counts[at].n += n,
                Err(at) => self.counts.insert(at, DayCount { day, counter: *counter, n }),
            }
        }
    }

    /// The counters that are not 0, by day, then counter.
    #[must_use]
    pub fn counts(&self) -> &[DayCount] {
        &self.counts
    }

    /// One counter on the days on which it is not 0.
    pub fn of(&self, counter: Counter) -> impl DoubleEndedIterator<Item = (LocalDay, i64)> {
        of(&self.counts, counter)
    }

    /// One counter on the days from `first` to `last`, both included, on which it is not 0.
    pub fn within(&self, counter: Counter, first: LocalDay, last: LocalDay) -> impl DoubleEndedIterator<Item = (LocalDay, i64)> {
        let place = |day: LocalDay| self.counts.partition_point(|count| count.day < day);
        let (from, until) = (place(first), place(last.plus(1)));
        of(&self.counts[from.min(until)..until], counter)
    }
}

fn of(counts: &[DayCount], counter: Counter) -> impl DoubleEndedIterator<Item = (LocalDay, i64)> {
    counts.iter().filter(move |count| count.counter == counter).map(|count| (count.day, count.n))
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
    /// Bills of the period, in fen.
    pub billed_fen: i64,
}

impl Figures {
    /// Of the opening base, with a churned status.
    #[must_use]
    pub const fn churned(&self) -> i64 {
        self.churned_voluntary + self.churned_involuntary + self.ported_out
    }

    /// Adds another group's figures of the same day.
    pub fn add_all(&mut self, other: &Self) {
        for (mine, theirs) in self.fields_mut().into_iter().zip(other.fields()) {
            *mine += theirs;
        }
    }

    /// Whether every figure is 0.
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.fields().iter().all(|n| *n == 0)
    }

    /// All figures in their order.
    #[must_use]
    pub fn fields(&self) -> [i64; 16] {
        let mut copy = *self;
        copy.fields_mut().map(|n| *n)
    }

    fn fields_mut(&mut self) -> [&mut i64; 16] {
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
            &mut self.billed_fen,
        ]
    }
}
