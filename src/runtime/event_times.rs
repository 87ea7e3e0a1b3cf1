//! When deliveries happened, for reading several sources evenly.
//!
//! It may not know which source is read when, and never waits for the store: the thread that polls
//! calls it. Invariant: a delivery that must not hold back other sources has no time.

use std::collections::BTreeSet;
use std::sync::{Arc, PoisonError, RwLock};

use crate::clock::Clock;
use crate::consume::{EventTimes, Mode};
use crate::decode::{DecodeRules, time_and_source};
use crate::domain::local_day::Timestamp;
use crate::pipeline::form_of;

/// The producers whose events are being loaded, as the worker last saw them. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Loaded(Arc<RwLock<BTreeSet<String>>>);

impl Loaded {
    /// Takes over the sources of the store.
    pub(crate) fn set(&self, sources: &BTreeSet<String>) {
        if *self.0.read().unwrap_or_else(PoisonError::into_inner) != *sources {
            sources.clone_into(&mut self.0.write().unwrap_or_else(PoisonError::into_inner));
        }
    }

    fn has(&self, source: &str) -> bool {
        self.0
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .contains(source)
    }
}

/// Event times by the decoding rules, and by what is being loaded.
pub(crate) struct TimesOfDeliveries {
    pub(crate) rules: Arc<DecodeRules>,
    pub(crate) clock: Clock,
    pub(crate) loaded: Loaded,
}

impl EventTimes for TimesOfDeliveries {
    fn time_of(&self, payload: &[u8], mode: &Mode) -> Option<Timestamp> {
        let (time, source) = time_and_source(payload, form_of(mode), &self.rules)?;
        let is_too_far_ahead = time.since(self.clock.now()) > self.rules.ahead_max;
        (!is_too_far_ahead && !self.loaded.has(&source)).then_some(time)
    }
}
