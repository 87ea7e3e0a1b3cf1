//! What is known, in memory: reference events, feeds, day counters, retractions, clocks. A mirror of the store.

use crate::domain::counters::{SeriesByGroup, add_to_group};
use crate::domain::event::{Event, EventData};
use crate::domain::fast_map::FastSet;
use crate::domain::feed::Feeds;
use crate::domain::local_day::Timestamp;
use crate::domain::reference::Reference;
use crate::evaluate::rules::Rules;
use crate::plan::{Picture, Target};
use crate::store::StoreError;
use crate::store::sqlite::{CounterDifferences, Setting, Tx};

use super::gather::Segment;

/// The mirror.
#[derive(Debug, Default)]
pub struct World {
    /// Who is who.
    pub reference: Reference,
    /// How complete the input is.
    pub feeds: Feeds,
    /// Day counters of every group.
    pub series: SeriesByGroup,
    /// Digests of retracted events, come or to come.
    pub retractions: FastSet<u128>,
    /// The greatest accepted event time.
    pub event_clock: Option<Timestamp>,
    /// From when on jobs are due: the first event, or the first look.
    pub began_at: Option<Timestamp>,
    /// How far figures have been looked at.
    pub looked_at: Option<Timestamp>,
    /// The first instant that is still open.
    pub closed_before: Option<Timestamp>,
}

impl World {
    /// Reads it from the store.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn read(tx: &Tx<'_>) -> Result<Self, StoreError> {
        let instant = |setting| -> Result<_, StoreError> { Ok(tx.setting(setting)?.map(Timestamp::from_micros)) };
        let mut world = Self {
            series: tx.series()?,
            retractions: tx.retractions()?.into_iter().collect(),
            event_clock: instant(Setting::EventClock)?,
            began_at: instant(Setting::BeganAt)?,
            looked_at: instant(Setting::LookedAt)?,
            closed_before: instant(Setting::ClosedBefore)?,
            ..Self::default()
        };
        tx.reference_events()?.into_iter().for_each(|event| world.put(event));
        for (day, source, type_name, accepted) in tx.feed_counts()? {
            if let Some(type_name) = EventData::type_names().find(|name| *name == type_name) {
                world.feeds.accept(day, &source, type_name, accepted);
            }
        }
        Ok(world)
    }

    /// Takes in what a segment of a batch changes beside the timelines.
    pub(super) fn learn(&mut self, segment: &Segment, counters: &CounterDifferences) {
        counters.iter().for_each(|(group, day, counts)| add_to_group(&mut self.series, group, *day, counts));
        segment.references.iter().cloned().for_each(|event| self.put(event));
        segment.retracted_references.iter().for_each(|target| self.retract(target));
        self.retractions.extend(&segment.retractions);
        for ((day, source, type_name), accepted) in &segment.feed_counts {
            self.feeds.accept(*day, source, type_name, *accepted);
        }
        self.event_clock = segment.event_clock;
    }

    /// Takes a reference event, contact or feed closing in.
    fn put(&mut self, event: Event) {
        if let EventData::Feed(feed) = &event.data {
            self.feeds.close(event.order.clone(), feed);
        }
        self.reference.put(event);
    }

    /// Takes one out.
    fn retract(&mut self, target: &Target) {
        self.reference.retract(&target.source, &target.id);
        self.feeds.retract(&target.source, &target.id);
    }

    /// What figures follow from.
    #[must_use]
    pub const fn picture<'a>(&'a self, rules: &'a Rules) -> Picture<'a> {
        Picture { reference: &self.reference, feeds: &self.feeds, series: &self.series, rules }
    }
}
