//! When deliveries happened, for reading several sources evenly.
//!
//! It may not know which source is read when. Invariant: it says nothing of a delivery that may hold nobody up.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::consume::{EventTimes, Mode};
use crate::decode::{DecodeRules, time_and_source};
use crate::domain::local_day::Timestamp;
use crate::pipeline::form_of;
use crate::store::Store;

/// How often to ask which producers are being loaded.
const ASK_EVERY: Duration = Duration::from_secs(1);

/// Event times by the decoding rules, and by what the store says of loading.
pub(super) struct TimesOfDeliveries {
    store: Arc<Store>,
    rules: Arc<DecodeRules>,
    clock: Clock,
    loading: Mutex<Loading>,
}

/// The producers that are being loaded, and when that was asked.
#[derive(Default)]
struct Loading {
    asked: Option<Instant>,
    sources: BTreeSet<String>,
}

impl TimesOfDeliveries {
    pub(super) fn new(store: Arc<Store>, rules: Arc<DecodeRules>, clock: Clock) -> Self {
        Self { store, rules, clock, loading: Mutex::default() }
    }

    fn is_loaded(&self, source: &str) -> bool {
        let mut loading = self.loading.lock().unwrap_or_else(PoisonError::into_inner);
        if loading.asked.is_none_or(|asked| asked.elapsed() >= ASK_EVERY) {
            match self.store.read("see what is being loaded", |tx| tx.loading()) {
                Ok(now) => loading.sources = now.sources,
                // Whoever commits will say so.
                Err(error) => tracing::debug!(%error, "It could not be asked what is being loaded"),
            }
            loading.asked = Some(Instant::now());
        }
        loading.sources.contains(source)
    }
}

impl EventTimes for TimesOfDeliveries {
    fn of(&self, payload: &[u8], mode: &Mode) -> Option<Timestamp> {
        let (time, source) = time_and_source(payload, form_of(mode), &self.rules)?;
        let is_too_far_ahead = time.since(self.clock.now()) > self.rules.ahead_max;
        (!is_too_far_ahead && !self.is_loaded(&source)).then_some(time)
    }
}
