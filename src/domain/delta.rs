//! The changes that a batch makes to the read model: day counters, reference events, feeds,
//! complaints by category, pending evaluations, clocks.
//!
//! Invariant: all of it is additive, so that batches can be applied one after the other by any
//! worker.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::brief_hint::BatchHints;
use super::complaints::ComplaintsOf;
use super::counters::Counts;
use super::entity::EntityKey;
use super::event::Event;
use super::ids::GroupId;
use super::local_day::{LocalDay, Timestamp};
use super::short_text::ShortText;

/// A change of the counters of a group and day.
pub(crate) type CounterEntry = (GroupId, LocalDay, Counts);
/// Changes of the day counters, by group and day.
pub type CounterDifferences = Vec<CounterEntry>;

/// The changes of a batch.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// Changes of the day counters.
    pub counters: CounterDifferences,
    /// Reference events, contacts and feed closings.
    pub references: Vec<Event>,
    /// Source and id of the retracted ones.
    pub retracted_references: Vec<(ShortText, ShortText)>,
    /// Accepted events by local day, source and type.
    pub feed_counts: Vec<(LocalDay, ShortText, ShortText, u64)>,
    /// Changes of the number of complaints by category.
    pub complaints: Vec<(ComplaintsOf, i64)>,
    /// Subscribers, complaints and answers whose signals are to be judged, and when: not before the
    /// counters of the same batch are applied.
    pub signal_checks: Vec<(EntityKey, Timestamp)>,
    /// Places that the next brief is to read.
    pub hints: BatchHints,
    /// The greatest accepted event time.
    pub event_clock: Option<Timestamp>,
    /// When its first event was read, by the wall clock.
    pub read_at: Option<Timestamp>,
    /// The earliest day whose figures changed.
    pub changed: Option<LocalDay>,
}

impl Delta {
    /// Sources and ids of the reference events that were retracted.
    #[must_use]
    pub(crate) fn retracted(&self) -> BTreeSet<(&str, &str)> {
        self.retracted_references
            .iter()
            .map(|(source, id)| (source.as_str(), id.as_str()))
            .collect()
    }

    /// Whether it changes nothing.
    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
