//! All counters of one group and day.

use serde::{Deserialize, Serialize};

use super::{COUNTERS, Counter, Span};
use crate::domain::sum::{Sum, narrow};

/// All counters of one group and day, or sums of several.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counts(pub(super) [Sum; COUNTERS]);

impl Default for Counts {
    fn default() -> Self {
        Self([Sum::ZERO; COUNTERS])
    }
}

impl Counts {
    /// One counter of things, which never exceeds 64 bits.
    #[must_use]
    pub fn get(&self, counter: Counter) -> i64 {
        narrow(self.sum(counter))
    }

    /// One counter, exact: sums of fen may exceed 64 bits.
    #[must_use]
    pub(crate) fn sum(&self, counter: Counter) -> i128 {
        self.0[counter as usize].get()
    }

    pub fn add(&mut self, counter: Counter, n: impl Into<i128>) {
        self.0[counter as usize].add(n.into());
    }

    /// Adds all counters of another.
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
    pub(crate) fn is_zero(&self) -> bool {
        self.0.iter().all(|n| *n == Sum::ZERO)
    }

    /// Splits off what remains of a day that is no longer kept: the running counters and the open
    /// bills.
    #[must_use]
    pub(crate) fn folded(&self) -> Folded {
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
    pub(crate) fn is_shown(&self) -> bool {
        Counter::ALL
            .iter()
            .zip(self.0)
            .any(|(counter, n)| n != Sum::ZERO && counter.is_shown())
    }
}

/// The rest of the counters of a day that is no longer kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Folded {
    /// Added to the sum of all days before the first kept one.
    pub running: Counts,
    /// Kept on its day.
    pub open: Counts,
}
