//! A partition of which most deliveries are rejected is paused.
//!
//! Invariant: one that is paused stays so until the program is started again.

use std::collections::VecDeque;

use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::reject::RejectClass;

/// The last deliveries of each partition: whether they were rejected, and as what.
#[derive(Debug, Clone, Default)]
pub(crate) struct RejectRateBreaker {
    last: FastMap<Box<str>, VecDeque<Option<RejectClass>>>,
    paused: FastSet<Box<str>>,
}

impl RejectRateBreaker {
    /// Whether nothing more is read of a partition.
    pub(crate) fn is_paused(&self, name: &str) -> bool {
        !self.paused.is_empty() && self.paused.contains(name)
    }

    /// Notes what became of a delivery. When more than `share` of the last `window` were rejected,
    /// the partition is paused; returns how many and the commonest class.
    pub(crate) fn note(
        &mut self,
        name: &str,
        rejected: Option<RejectClass>,
        share: f64,
        window: usize,
    ) -> Option<(usize, RejectClass)> {
        if !self.last.contains_key(name) {
            self.last.insert(name.into(), VecDeque::new());
        }
        let last = self.last.get_mut(name)?;
        last.push_back(rejected);
        if last.len() > window {
            last.pop_front();
        }
        if rejected.is_none() || last.len() < window {
            return None;
        }
        let bad = last.iter().flatten().count();
        if bad as f64 <= share * window as f64 {
            return None;
        }
        let commonest = RejectClass::ALL
            .into_iter()
            .max_by_key(|class| last.iter().flatten().filter(|c| *c == class).count());
        self.paused.insert(name.into());
        commonest.map(|class| (bad, class))
    }
}
