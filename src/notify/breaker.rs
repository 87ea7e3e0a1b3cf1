//! When a relay that takes nothing is tried again: one mail after a pause, and all of them once
//! that one was taken up.
//!
//! It does not know what time it is, nor why the relay takes nothing. Invariant: while the relay is
//! down it is tried once a pause, however many mails wait.

use std::time::Duration;

/// Pauses after the first, second, … failure in a row; then the last again and again.
const PAUSES: [Duration; 4] = [
    Duration::from_secs(30),
    Duration::from_secs(60),
    Duration::from_secs(120),
    Duration::from_secs(300),
];

/// The breaker of a relay. Instants are the clock's [elapsed](crate::clock::Clock::elapsed) time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Breaker {
    failures: usize,
    closed_until: Duration,
}

impl Breaker {
    /// How many mails may be tried at `now`, where `most` could be.
    #[must_use]
    pub(crate) fn permits(&self, now: Duration, most: usize) -> usize {
        match self.failures {
            0 => most,
            _ if now < self.closed_until => 0,
            _ => most.min(1),
        }
    }

    /// Mails were tried, and the relay took any of them up, or none.
    pub(crate) fn note(&mut self, took_up: bool, now: Duration) {
        if took_up {
            *self = Self::default();
        } else {
            self.closed_until = now + PAUSES[self.failures.min(PAUSES.len() - 1)];
            self.failures += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_relay_that_is_down_is_asked_once_a_pause_and_gets_all_when_it_takes_one() {
        let (mut breaker, second) = (Breaker::default(), Duration::from_secs);
        assert_eq!(breaker.permits(second(0), 1_000), 1_000);
        breaker.note(false, second(0));
        assert_eq!(
            (
                breaker.permits(second(29), 1_000),
                breaker.permits(second(30), 1_000)
            ),
            (0, 1)
        );
        breaker.note(false, second(30));
        assert_eq!(
            (
                breaker.permits(second(89), 1_000),
                breaker.permits(second(90), 1_000)
            ),
            (0, 1)
        );
        (0..9).for_each(|_| breaker.note(false, second(100)));
        assert_eq!(
            (
                breaker.permits(second(399), 1_000),
                breaker.permits(second(400), 1_000)
            ),
            (0, 1),
            "the longest pause"
        );
        breaker.note(true, second(400));
        assert_eq!(breaker.permits(second(400), 1_000), 1_000);
    }
}
