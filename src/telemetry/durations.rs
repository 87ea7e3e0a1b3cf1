//! How long pieces of work of one kind took, in constant memory: what a bench reads at the end of a
//! drain.
//!
//! Invariant: a quantile is reported at most one sixteenth of an octave (4.5 %) too long, never too
//! short.

use std::time::Duration;

/// Buckets of one octave.
const PER_OCTAVE: f64 = 16.0;
/// From one microsecond to more than an hour.
const BUCKETS: usize = 32 * PER_OCTAVE as usize;

#[derive(Debug, Clone)]
pub struct Durations {
    buckets: Box<[u32; BUCKETS]>,
    count: u32,
    sum: Duration,
}

impl Default for Durations {
    fn default() -> Self {
        Self {
            buckets: Box::new([0; BUCKETS]),
            count: 0,
            sum: Duration::ZERO,
        }
    }
}

impl Durations {
    pub(crate) fn add(&mut self, took: Duration) {
        let micros = took.as_micros().max(1) as f64;
        let bucket = (micros.log2() * PER_OCTAVE).ceil() as usize;
        self.buckets[bucket.min(BUCKETS - 1)] += 1;
        self.count += 1;
        self.sum += took;
    }

    /// How many there were.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// How long they took together.
    #[must_use]
    pub const fn sum(&self) -> Duration {
        self.sum
    }

    /// The duration in milliseconds that this share of them, from 0 to 1, did not exceed; 0 if
    /// there were none.
    #[must_use]
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let wanted = (f64::from(self.count) * share).ceil() as u32;
        let mut seen = 0;
        let reached = self.buckets.iter().position(|n| {
            seen += n;
            seen >= wanted.max(1)
        });
        reached.map_or(0.0, |bucket| (bucket as f64 / PER_OCTAVE).exp2() / 1_000.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quantile_is_at_most_a_sixteenth_of_an_octave_too_long() {
        let mut durations = Durations::default();
        assert_eq!(durations.quantile_ms(0.5), 0.0);
        (1..=1_000).for_each(|ms| durations.add(Duration::from_millis(ms)));
        for (share, exact) in [(0.5, 500.0), (0.99, 990.0), (1.0, 1_000.0)] {
            let estimate = durations.quantile_ms(share);
            assert!(
                (exact..exact * 1.0443).contains(&estimate),
                "{share}: {estimate}"
            );
        }
        assert_eq!(
            (durations.count(), durations.sum()),
            (1_000, Duration::from_micros(500_500_000))
        );
        durations.add(Duration::from_secs(1_000_000));
        assert!(
            durations.quantile_ms(1.0) > 1_000_000.0,
            "what is longer than all buckets stands in the last"
        );
    }
}
