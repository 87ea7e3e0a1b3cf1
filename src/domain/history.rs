//! Values in the total order of the events that brought them.
//!
//! Invariant: entries are in order, and each identity occurs at most once, so putting the same
//! event twice or in another order gives the same history.

use std::collections::BTreeSet;

use super::event::Order;
use super::local_day::Timestamp;

/// Values in the total order of their events.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct History<T>(Vec<(Order, T)>);

impl<T> Default for History<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T> History<T> {
    /// Inserts an event's value in order; an existing one (same order) is replaced.
    pub(crate) fn put_entry(&mut self, order: Order, what: T) {
        match self.0.binary_search_by(|(o, _)| o.cmp(&order)) {
            Ok(at) => self.0[at].1 = what,
            Err(at) => self.0.insert(at, (order, what)),
        }
    }

    /// Removes the event of an identity; returns whether it existed.
    pub(crate) fn retract(&mut self, source: &str, id: &str) -> bool {
        let before = self.0.len();
        self.0
            .retain(|(o, _)| !(&*o.source == source && &*o.id == id));
        self.0.len() != before
    }

    /// Removes the events of these identities (source, id).
    pub(crate) fn retract_all(&mut self, gone: &BTreeSet<(&str, &str)>) {
        self.0
            .retain(|(o, _)| !gone.contains(&(&*o.source, &*o.id)));
    }

    #[must_use]
    pub fn entries(&self) -> &[(Order, T)] {
        &self.0
    }

    /// The latest value with `time < t`.
    #[must_use]
    pub(crate) fn before(&self, t: Timestamp) -> Option<&T> {
        let at = self.0.partition_point(|(o, _)| o.time < t);
        at.checked_sub(1).map(|at| &self.0[at].1)
    }

    /// The latest value.
    #[must_use]
    pub(crate) fn latest(&self) -> Option<&T> {
        self.0.last().map(|(_, what)| what)
    }

    /// Removes every entry with `time < t` and returns them, in order.
    pub(crate) fn take_before(&mut self, t: Timestamp) -> Vec<(Order, T)> {
        let at = self.0.partition_point(|(o, _)| o.time < t);
        self.0.drain(..at).collect()
    }

    /// Whether no entry is at `t` or later; true of an empty history.
    #[must_use]
    pub(crate) fn is_before(&self, t: Timestamp) -> bool {
        self.0.last().is_none_or(|(order, _)| order.time < t)
    }

    /// The entries that have no effect at `t` or later: every entry before `t` but the latest of
    /// them, in order.
    #[must_use]
    pub(crate) fn outdated_at(&self, t: Timestamp) -> &[(Order, T)] {
        let at = self.0.partition_point(|(order, _)| order.time < t);
        &self.0[..at.saturating_sub(1)]
    }

    /// Removes every entry that is not wanted.
    pub(crate) fn retain(&mut self, is_wanted: impl Fn(&Order) -> bool) {
        self.0.retain(|(order, _)| is_wanted(order));
    }

    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}
