//! The wall clock: the only place that asks what time it is.
//!
//! It knows nothing of events: in event-clock mode "now" is the greatest accepted event time, which the pipeline keeps.
//! Invariant: everybody else takes `now` as an argument, so that a run can be repeated. Pauses are measured with
//! `Instant`, which is not a time of day and may be read anywhere.

use crate::domain::local_day::Timestamp;

/// The time now, in microseconds; goes back when the host's clock is set back.
#[must_use]
#[expect(clippy::disallowed_methods, reason = "the one place that reads the wall clock")]
pub fn wall_now() -> Timestamp {
    chrono::Utc::now().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wall_clock_is_within_the_years_that_events_may_have() {
        let now = wall_now().to_string();
        assert!(("2025".."2100").contains(&&now[..4]), "{now}");
        assert!(wall_now() >= Timestamp::from_micros(0));
    }
}
