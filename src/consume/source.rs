//! The worker's view of its input, of either kind.
//!
//! It may not know how a source reads. Invariant: after `Stopped` or an error nothing more is
//! handed out.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::batch::{BatchLimits, PartitionProgress, RawBatch};
use super::error::SourceError;
use super::files::FilesSource;
use super::kafka::KafkaSource;
use crate::clock::Clock;
use crate::domain::ignored_file::IgnoredEntry;

/// The position of a file or partition at the last commit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct StoredPosition {
    /// The next offset, or the number of lines read.
    pub next_position: u64,
    /// The first byte not yet read, in the uncompressed file.
    pub next_byte: u64,
    /// The epoch under which commits are made.
    pub epoch: u64,
}

/// The result of polling a source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Polled {
    /// Deliveries, or only progress (blank lines, control records): commit it in either case.
    Batch(RawBatch),
    /// Nothing new within the time given.
    Idle,
    /// In a drain only: all input present at the start has been handed out. Repeated on every
    /// further call.
    Drained,
    /// The stop signal was given.
    Stopped,
}

/// A source of either kind.
#[expect(
    clippy::large_enum_variant,
    reason = "a process has one source and moves it once"
)]
pub enum Source {
    /// A folder of files.
    Files(FilesSource),
    /// A Kafka consumer group.
    Kafka(KafkaSource),
    /// A replacement, for tests and scenarios.
    Given(Box<dyn Input>),
}

/// A replacement of the input, for tests and scenarios.
pub trait Input: Send {
    /// As [`Source::next_batch`].
    ///
    /// # Errors
    /// Those of `Source::next_batch`.
    fn next_batch(&mut self, limits: BatchLimits, idle: Duration) -> Result<Polled, SourceError>;
    /// As [`Source::dropped`].
    fn dropped(&self, progress: &[PartitionProgress]);
    /// As [`Source::close`].
    fn close(self: Box<Self>);
}

impl Source {
    /// Blocks until a batch is full, old enough, or `idle` passed with nothing.
    ///
    /// The deliveries of one partition come in the order of their positions. A batch never holds
    /// both a message of a partition that was taken away and one read after it was given back.
    ///
    /// # Errors
    /// [`SourceError`] when the source cannot continue; the caller stops.
    pub(crate) fn next_batch(
        &mut self,
        limits: BatchLimits,
        idle: Duration,
    ) -> Result<Polled, SourceError> {
        match self {
            Self::Files(files) => files.next_batch(limits, idle),
            Self::Kafka(kafka) => kafka.next_batch(limits, idle),
            Self::Given(input) => input.next_batch(limits, idle),
        }
    }

    /// Whether more input is known than was handed out, or nothing is known yet.
    #[must_use]
    pub(crate) fn has_more(&self) -> bool {
        match self {
            Self::Files(files) => files.has_more(),
            Self::Kafka(kafka) => kafka.has_more(),
            Self::Given(_) => false,
        }
    }

    /// Its paused partitions or files, each with the reason.
    #[must_use]
    pub(crate) fn paused(&self) -> Vec<(String, String)> {
        match self {
            Self::Files(files) => files.paused(),
            Self::Kafka(kafka) => kafka.paused(),
            Self::Given(_) => Vec::new(),
        }
    }

    /// The entries beside the input that nothing reads.
    #[must_use]
    pub(crate) fn unread(&self) -> Vec<IgnoredEntry> {
        match self {
            Self::Files(files) => files.unread(),
            Self::Kafka(_) | Self::Given(_) => Vec::new(),
        }
    }

    /// The entries beside the input that are not read, or not yet.
    #[must_use]
    pub(crate) fn ignored(&self) -> Vec<IgnoredEntry> {
        match self {
            Self::Files(files) => files.ignored(),
            Self::Kafka(_) | Self::Given(_) => Vec::new(),
        }
    }

    /// Informs the input of the store's commits. Only a hint for lag dashboards: a failure is a
    /// warning.
    pub(crate) fn committed(&self, progress: &[PartitionProgress]) {
        match self {
            Self::Files(_) | Self::Given(_) => {}
            Self::Kafka(kafka) => kafka.committed(progress),
        }
    }

    /// Informs the input that a batch was dropped, because another worker had taken over one of its
    /// partitions. Its messages come again with the next assignment; without one soon, the input
    /// ends with [`SourceError::Displaced`].
    pub(crate) fn dropped(&self, progress: &[PartitionProgress]) {
        match self {
            Self::Files(_) => {}
            Self::Kafka(kafka) => kafka.dropped(progress),
            Self::Given(input) => input.dropped(progress),
        }
    }

    /// Leaves the input: at once for files, within [`super::kafka::CLOSE_DEADLINE`] for Kafka.
    pub(crate) fn close(self) {
        match self {
            Self::Files(_) => {}
            Self::Kafka(kafka) => kafka.close(),
            Self::Given(input) => input.close(),
        }
    }
}

/// A switch that ends all waiting. Clones share it.
#[derive(Debug, Clone, Default)]
pub struct StopSignal(Arc<(Mutex<bool>, Condvar)>);

impl StopSignal {
    /// A signal not yet given.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Gives the signal. It cannot be taken back.
    pub fn stop(&self) {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.0.1.notify_all();
    }

    /// Whether it was given.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        *self.0.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits for the signal, at most so long; true if it was given.
    #[must_use]
    pub(crate) fn wait(&self, at_most: Duration) -> bool {
        let begun = Instant::now();
        let mut given = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        while !*given {
            let Some(left) = at_most
                .checked_sub(begun.elapsed())
                .filter(|left| !left.is_zero())
            else {
                return false;
            };
            given = self
                .0
                .1
                .wait_timeout(given, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        true
    }

    /// Waits likewise, by a clock.
    #[must_use]
    pub(crate) fn wait_by(&self, clock: &Clock, at_most: Duration) -> bool {
        let mut is_given = false;
        clock.pause_by(at_most, |at_most| is_given = self.wait(at_most));
        is_given || self.is_stopped()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_may_be_moved_to_the_thread_of_the_worker() {
        fn moved<T: Send>(nothing: Option<T>) -> bool {
            nothing.is_none()
        }
        assert!(moved::<Source>(None) && moved::<SourceError>(None));
    }

    #[test]
    fn a_wait_ends_when_the_signal_is_given_by_another_thread() {
        let stop = StopSignal::new();
        assert!(!stop.wait(Duration::ZERO));
        let other = stop.clone();
        let waiter = std::thread::spawn(move || other.wait(Duration::from_secs(60)));
        stop.stop();
        assert!(waiter.join().expect("the waiter does not panic"));
        assert!(stop.is_stopped());
    }
}
