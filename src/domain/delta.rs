//! What a batch adds to what every worker knows: day counters, reference events, feeds, complaints
//! by category, what is to be judged, clocks.
//!
//! Invariant: all of it is additive, so that batches may be taken in one after the other by whoever
//! comes to it.

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

/// What is added to the counters of a group and day.
pub type CounterEntry = (GroupId, LocalDay, Counts);
/// What is added to the day counters, by group and day.
pub type CounterDifferences = Vec<CounterEntry>;

/// What a batch adds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    /// To the day counters.
    pub counters: CounterDifferences,
    /// Reference events, contacts and feed closings.
    pub references: Vec<Event>,
    /// Source and id of those that were retracted.
    pub retracted_references: Vec<(ShortText, ShortText)>,
    /// Accepted events by local day, source and type.
    pub feed_counts: Vec<(LocalDay, ShortText, ShortText, u64)>,
    /// To the number of complaints by category.
    pub complaints: Vec<(ComplaintsOf, i64)>,
    /// Lines, complaints and answers whose news is to be judged, and when: not before the counters
    /// of the same batch are known.
    pub signal_checks: Vec<(EntityKey, Timestamp)>,
    /// Where whoever reads the next brief is to look.
    pub hints: BatchHints,
    /// The greatest accepted event time.
    pub event_clock: Option<Timestamp>,
    /// When its first event was read, by the wall's clock.
    pub read_at: Option<Timestamp>,
    /// The earliest day whose figures changed.
    pub changed: Option<LocalDay>,
}

impl Delta {
    /// Sources and ids of the reference events that were retracted.
    #[must_use]
    pub fn retracted(&self) -> BTreeSet<(&str, &str)> {
        self.retracted_references
            .iter()
            .map(|(source, id)| (source.as_str(), id.as_str()))
            .collect()
    }

    /// Whether it adds nothing.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}
