//! All counters of one group and day.

use serde::{Deserialize, Serialize};

use super::{COUNTERS, Counter, Span};
use crate::domain::sum::{Sum, narrow};

/// All counters of one group and day, or sums of such.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts(pub(super) [Sum; COUNTERS]);

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
        for (mine, theirs) in self
            .0
            .iter_mut()
            .zip(other.0)
            .filter(|(_, theirs)| *theirs != Sum::ZERO)
        {
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
            Counter::ALL
                .iter()
                .filter(|one| counter(**one))
                .for_each(|one| part.add(*one, self.sum(*one)));
            part
        };
        Folded {
            running: only(&|counter| counter.span() == Span::Running),
            open: only(&Counter::is_open),
        }
    }

    /// Whether any counter that reports show is not 0.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        Counter::ALL
            .iter()
            .zip(self.0)
            .any(|(counter, n)| n != Sum::ZERO && counter.is_shown())
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
