//! Feeds: how many events of a day a producer reports as sent, and how many were accepted.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{Feed, Order};
use super::history::History;
use super::local_day::LocalDay;
use super::short_text::ShortText;

/// Closings and accepted events of all feeds.
#[derive(Debug, Clone, Default)]
pub struct Feeds {
    closings: BTreeMap<(ShortText, LocalDay), History<u64>>,
    accepted: BTreeMap<LocalDay, BTreeMap<(ShortText, &'static str), u64>>,
}

impl Feeds {
    /// Adds a closing; the latest per feed and day applies.
    pub(crate) fn close(&mut self, order: Order, feed: &Feed) {
        let key = (feed.feed.clone(), LocalDay::from_date(feed.date));
        self.closings
            .entry(key)
            .or_default()
            .put_entry(order, feed.events);
    }

    /// Removes the closings with these identities (source, id).
    pub(crate) fn retract_all(&mut self, gone: &BTreeSet<(&str, &str)>) {
        if gone.is_empty() {
            return;
        }
        self.closings.retain(|_, history| {
            history.retract_all(gone);
            !history.is_empty()
        });
    }

    /// The events that closed days before `day`.
    pub fn closed_before(&self, day: LocalDay) -> impl Iterator<Item = &Order> {
        let old = self
            .closings
            .iter()
            .filter(move |((_, closed), _)| *closed < day);
        old.flat_map(|(_, history)| history.entries().iter().map(|(order, _)| order))
    }

    /// Removes the closings of these events.
    pub(crate) fn forget(&mut self, orders: &BTreeSet<Order>) {
        self.closings.retain(|_, history| {
            history.retain(|order| !orders.contains(order));
            !history.is_empty()
        });
    }

    /// Drops the counts of accepted events of days before `day`.
    pub(crate) fn forget_accepted_before(&mut self, day: LocalDay) {
        self.accepted = self.accepted.split_off(&day);
    }

    /// Counts accepted events of a local day.
    pub(crate) fn accept(
        &mut self,
        day: LocalDay,
        source: &str,
        type_name: &'static str,
        events: u64,
    ) {
        *self
            .accepted
            .entry(day)
            .or_default()
            .entry((source.into(), type_name))
            .or_default() += events;
    }

    /// How many events the closing reports as sent; none while the day is not closed.
    #[must_use]
    pub(crate) fn closed_with(&self, feed: &str, day: LocalDay) -> Option<u64> {
        self.closings.get(&(feed.into(), day))?.latest().copied()
    }

    /// How many events of the day were accepted from these sources and types; an empty list means
    /// all.
    #[must_use]
    pub(crate) fn accepted(&self, day: LocalDay, sources: &[String], types: &[String]) -> u64 {
        let wanted =
            |list: &[String], what: &str| list.is_empty() || list.iter().any(|one| one == what);
        self.accepted.get(&day).map_or(0, |counts| {
            counts
                .iter()
                .filter(|((source, t), _)| wanted(sources, source) && wanted(types, t))
                .map(|(_, n)| n)
                .sum()
        })
    }
}
