//! The wall clock: the only place that reads the time.
//!
//! It may not know events: in event-clock mode "now" is the greatest accepted event time, which the
//! pipeline keeps. Invariant: every decision takes `now` as an argument, and the worker gets its
//! clock from its caller, so that a run can be repeated.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use crate::domain::local_day::Timestamp;

/// A replaceable source of time, for tests and scenarios.
pub trait Time: Send + Sync {
    /// The wall-clock time.
    fn now(&self) -> Timestamp;
    /// The time since a fixed start; never goes back.
    fn elapsed(&self) -> Duration;
    /// Blocks for so long.
    fn pause(&self, how_long: Duration);
}

/// The clock of a worker: the wall clock, or a given [`Time`].
#[derive(Clone, Default)]
pub struct Clock(Option<Arc<dyn Time>>);

impl std::fmt::Debug for Clock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_none() {
            "the wall's"
        } else {
            "given"
        })
    }
}

impl Clock {
    /// A clock that reads the given [`Time`].
    #[must_use]
    pub fn given(time: Arc<dyn Time>) -> Self {
        Self(Some(time))
    }

    /// The current time, in microseconds; goes back when the host's clock is set back.
    #[must_use]
    pub(crate) fn now(&self) -> Timestamp {
        self.0.as_ref().map_or_else(wall_now, |time| time.now())
    }

    /// The time since a fixed start; never goes back.
    #[must_use]
    pub(crate) fn elapsed(&self) -> Duration {
        static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
        self.0
            .as_ref()
            .map_or_else(|| BEGUN.elapsed(), |time| time.elapsed())
    }

    /// The time since an [instant](Clock::elapsed) of this clock.
    #[must_use]
    pub(crate) fn since(&self, then: Duration) -> Duration {
        self.elapsed().saturating_sub(then)
    }

    /// Blocks for so long.
    pub(crate) fn pause(&self, how_long: Duration) {
        self.pause_by(how_long, std::thread::sleep);
    }

    /// Blocks for so long; on the wall clock by calling `wait`, which may return earlier.
    pub(crate) fn pause_by(&self, how_long: Duration, wait: impl FnOnce(Duration)) {
        match &self.0 {
            None => wait(how_long),
            Some(time) => time.pause(how_long),
        }
    }
}

/// The wall-clock time, for one-off uses.
#[must_use]
#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the wall clock"
)]
pub fn wall_now() -> Timestamp {
    chrono::Utc::now().into()
}

/// The wall clock, so many seconds ahead, for tests: a pause takes no time.
#[cfg(test)]
#[derive(Debug, Default)]
pub(crate) struct Ahead(std::sync::atomic::AtomicU64);

#[cfg(test)]
impl Time for Ahead {
    fn now(&self) -> Timestamp {
        wall_now().plus(chrono::TimeDelta::from_std(self.elapsed()).expect("a few days at most"))
    }

    fn elapsed(&self) -> Duration {
        Duration::from_secs(self.0.load(std::sync::atomic::Ordering::SeqCst))
    }

    fn pause(&self, how_long: Duration) {
        self.0
            .fetch_add(how_long.as_secs(), std::sync::atomic::Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_is_within_the_years_that_events_may_have() {
        let now = Clock::default().now().to_string();
        assert!(("2025".."2100").contains(&&now[..4]), "{now}");
        assert!(wall_now() >= Timestamp::from_micros(0));
    }

    #[test]
    fn a_pause_of_the_wall_clock_takes_as_long_as_it_says() {
        let (clock, pause) = (Clock::default(), Duration::from_millis(5));
        let begun = clock.elapsed();
        clock.pause(pause);
        assert!(clock.since(begun) >= pause);
    }
}
