//! The state of the relay, in this process and in the store: an outage is noted in the store when
//! it begins, and when it has been a long one, what piled up is to be sent as digests.

use std::time::Duration;

use chrono::TimeDelta;

use crate::clock::Clock;
use crate::domain::local_day::Timestamp;
use crate::notify::breaker::Breaker;
use crate::notify::deliver::DrainReport;
use crate::notify::relay_watch::{OutageChange, outage_change};
use crate::store::{Setting, Store, StoreError};

/// The state of the relay in this process.
pub(crate) struct Outage {
    breaker: Breaker,
    /// Whether the store has noted that the relay is down; none until this process has first noted
    /// it.
    is_noted: Option<bool>,
    /// Outages longer than that end with digests.
    long: TimeDelta,
    /// Mails that may be sent within a minute, and how much of that is left.
    per_minute_max: u32,
    tokens: f64,
    counted_at: Duration,
}

impl Outage {
    pub(crate) fn new(long: TimeDelta, per_minute_max: u32, clock: &Clock) -> Self {
        Self {
            breaker: Breaker::default(),
            is_noted: None,
            long,
            per_minute_max,
            tokens: 1.0,
            counted_at: clock.elapsed(),
        }
    }

    /// How many mails may be tried now: one at a time while the relay is down, and never more than
    /// the configured rate.
    pub(crate) fn permits(&mut self, clock: &Clock) -> usize {
        let (now, rate) = (clock.elapsed(), f64::from(self.per_minute_max));
        self.tokens = (self.tokens
            + (now.saturating_sub(self.counted_at)).as_secs_f64() * rate / 60.0)
            .min(rate);
        self.counted_at = now;
        self.breaker.permits(now, self.tokens as usize)
    }

    /// Notes what a drain did.
    pub(crate) fn note(
        &mut self,
        report: &DrainReport,
        tried: usize,
        store: &Store,
        clock: &Clock,
    ) -> Result<(), StoreError> {
        self.tokens = (self.tokens - tried as f64).max(0.0);
        let took_nothing = report.trouble.is_some() || report.refuses();
        if took_nothing || report.reached {
            self.breaker.note(!took_nothing, clock.elapsed());
            self.remember(took_nothing, store, clock.now())?;
        }
        Ok(())
    }

    /// Writes the state to the store, if it differs from the last one written.
    fn remember(&mut self, is_down: bool, store: &Store, now: Timestamp) -> Result<(), StoreError> {
        if self.is_noted == Some(is_down) {
            return Ok(());
        }
        store.write_tx("note whether the relay is down", |tx| -> Result<(), StoreError> {
            let since = tx.setting(Setting::RelayDownSince)?.filter(|since| *since > 0).map(Timestamp::from_micros);
            match outage_change(since, is_down, now, self.long) {
                OutageChange::Nothing => Ok(()),
                OutageChange::Begins => tx.set(Setting::RelayDownSince, now.micros()),
                OutageChange::Ends { was_long } => {
                    if was_long {
                        tracing::info!(since = since.map(tracing::field::display), "The relay is back after a long outage; what piled up goes out as digests");
                        tx.set(Setting::DigestsWanted, 1)?;
                    }
                    tx.set(Setting::RelayDownSince, 0)
                }
            }
        })?;
        self.is_noted = Some(is_down);
        Ok(())
    }
}
