//! Collecting applied events: the timeline of each, and what a batch of them adds.
//!
//! ```text
//! classify ─ Applied ─→ Accepted::accept ─→ by_timeline ─ apply ─→ Effects ─→ Accepted::delta ─→ Delta
//! ```
//! It does not know the store. Invariant: an event that was retracted before it came has an
//! identity, and changes nothing else.

use std::mem::take;

use crate::domain::brief_hint::{BatchHints, HINT_AGE_MAX, HINTS_OF_A_BATCH_MAX};
use crate::domain::delta::Delta;
use crate::domain::entity::EntityKey;
use crate::domain::event::{Event, EventData};
use crate::domain::fast_map::FastMap;
use crate::domain::identity::{Identity, KnownIdentities};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::short_text::ShortText;

use super::apply::{ApplyRules, Effects};
use super::brief_hints::hints_of_groups;
use super::classify::{Arrival, Target, target_digest};

/// The applied events of a part of a batch.
#[derive(Debug, Default)]
pub(crate) struct Accepted {
    /// Those that go to a timeline.
    pub(crate) events: Vec<(EntityKey, Box<Event>)>,
    /// Those that have none: they are kept in memory.
    references: Vec<Event>,
    /// Targets of retractions that are in a timeline.
    pub(crate) retracted: Vec<(EntityKey, Target)>,
    /// Targets of retractions among reference events.
    retracted_references: Vec<Target>,
    /// Targets of retractions that have not come.
    pub(crate) retractions: Vec<u128>,
    /// Identities that were retracted before this.
    pub(crate) retracted_before: Vec<u128>,
    pub(crate) identities: Vec<(u128, Identity)>,
    feed_counts: FastMap<(LocalDay, ShortText, &'static str), u64>,
    /// The greatest event time so far.
    pub(crate) event_clock: Option<Timestamp>,
}

impl Accepted {
    /// None yet; the greatest event time before them.
    pub(crate) fn after(event_clock: Option<Timestamp>) -> Self {
        Self {
            event_clock,
            ..Self::default()
        }
    }

    /// Adds an applied event.
    pub(crate) fn accept(&mut self, arrival: Arrival, known: &mut KnownIdentities) {
        let Arrival {
            event,
            digest,
            meaning,
            day,
            goes_to,
        } = arrival;
        let is_retracted = known.retracted.contains(&digest);
        if is_retracted && !self.retractions.contains(&digest) {
            self.retracted_before.push(digest);
        }
        let identity = Identity {
            day,
            meaning,
            went_to: goes_to.clone(),
        };
        self.identities.push((digest, identity));
        *self
            .feed_counts
            .entry((day, event.order.source.clone(), event.data.type_name()))
            .or_default() += 1;
        self.event_clock = self.event_clock.max(Some(event.order.time));
        self.retract(&event, known);
        match goes_to {
            EntityKey::Retraction => {}
            _ if is_retracted => {}
            EntityKey::Reference => self.references.push(*event),
            key => self.events.push((key, event)),
        }
    }

    /// Notes what a retraction names, where it went.
    fn retract(&mut self, event: &Event, known: &mut KnownIdentities) {
        let (Some(target), EventData::Retraction(named)) = (target_digest(event), &event.data)
        else {
            return;
        };
        let named = Target {
            source: named.source.clone(),
            id: named.id.clone(),
        };
        let went_to = known.identities.get(&target).map(|known| &known.went_to);
        match went_to {
            Some(EntityKey::Retraction) => {}
            Some(EntityKey::Reference) => self.retracted_references.push(named),
            Some(key) => self.retracted.push((key.clone(), named)),
            None if known.retracted.insert(target) => self.retractions.push(target),
            None => {}
        }
    }

    /// What the batch adds to the data that every worker needs; its timelines have had these
    /// `effects`, and its first delivery was read at `read_at`.
    pub(crate) fn delta(
        &mut self,
        effects: Effects,
        rules: ApplyRules,
        read_at: Option<Timestamp>,
    ) -> Delta {
        let counters = effects.differences.into_sorted();
        let references = take(&mut self.references);
        // Counters that only signals use change no report.
        let days = counters
            .iter()
            .filter(|(_, _, counts)| counts.is_shown())
            .map(|(_, day, _)| *day);
        let days_of_references = references
            .iter()
            .map(|event| rules.zone.day_of(event.order.time));
        let hints = BatchHints::new(
            rules.hints_since.plus(HINT_AGE_MAX),
            effects.hints,
            hints_of_groups(&references, rules.hints_since),
            HINTS_OF_A_BATCH_MAX,
        );
        let delta = Delta {
            changed: days.chain(days_of_references).min(),
            hints: if hints.is_empty() {
                BatchHints::default()
            } else {
                hints
            },
            counters,
            references,
            retracted_references: take(&mut self.retracted_references)
                .into_iter()
                .map(|target| (target.source, target.id))
                .collect(),
            feed_counts: take(&mut self.feed_counts)
                .into_iter()
                .map(|((day, source, name), accepted)| (day, source, name.into(), accepted))
                .collect(),
            complaints: effects
                .complaints
                .into_iter()
                .filter(|(_, n)| *n != 0)
                .collect(),
            signal_checks: effects.signal_checks.into_iter().collect(),
            event_clock: self.event_clock,
            read_at: None,
        };
        let read_at = read_at.filter(|_| !delta.is_empty());
        Delta { read_at, ..delta }
    }
}
