//! A short queue of batches between the polling thread and the worker.
//!
//! It may not know Kafka. Unlike a channel it can be emptied from the sending side: batches of
//! partitions that were revoked must not reach the worker. Invariant: an end or an error comes
//! after all batches offered before it.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::batch::RawBatch;
use super::error::SourceError;

/// Most batches that wait for the worker.
const BATCHES_MAX: usize = 1;

/// What the worker takes from the queue.
pub(super) enum HandoffResult {
    Batch(RawBatch),
    /// All input present at the start of a drain has been handed out.
    Drained,
    Failed(SourceError),
    /// The polling thread has ended without a reason.
    Abandoned,
    /// Nothing arrived within the time given.
    Nothing,
}

#[derive(Default)]
struct Content {
    batches: VecDeque<RawBatch>,
    drained: bool,
    failure: Option<SourceError>,
    abandoned: bool,
}

/// The queue itself, shared by both threads.
#[derive(Default)]
pub(super) struct Handoff {
    content: Mutex<Content>,
    changed: Condvar,
}

impl Handoff {
    fn lock(&self) -> MutexGuard<'_, Content> {
        self.content.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a batch, waiting at most `patience` for room; returns it if there was none.
    pub(super) fn offer(&self, batch: RawBatch, patience: Duration) -> Result<(), RawBatch> {
        let begun = Instant::now();
        let mut content = self.lock();
        while content.batches.len() >= BATCHES_MAX {
            let left = patience.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return Err(batch);
            }
            content = self
                .changed
                .wait_timeout(content, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
        content.batches.push_back(batch);
        self.changed.notify_all();
        Ok(())
    }

    /// Whether the worker has taken everything, so that a small batch is worth handing over.
    pub(super) fn is_empty(&self) -> bool {
        self.lock().batches.is_empty()
    }

    /// Discards the batches that the worker has not taken.
    pub(super) fn clear(&self) {
        let mut content = self.lock();
        content.batches.clear();
        content.drained = false;
        self.changed.notify_all();
    }

    /// Marks the drain as complete, after the batches offered so far.
    pub(super) fn drained(&self) {
        self.lock().drained = true;
        self.changed.notify_all();
    }

    /// Records the error that ends the input, after the batches offered so far.
    pub(super) fn fail(&self, error: SourceError) {
        self.lock().failure.get_or_insert(error);
        self.changed.notify_all();
    }

    /// Records that the polling thread has ended.
    pub(super) fn abandon(&self) {
        self.lock().abandoned = true;
        self.changed.notify_all();
    }

    /// Takes the next batch, end or error, waiting at most `patience`.
    pub(super) fn take(&self, patience: Duration) -> HandoffResult {
        let begun = Instant::now();
        let mut content = self.lock();
        loop {
            if let Some(batch) = content.batches.pop_front() {
                self.changed.notify_all();
                return HandoffResult::Batch(batch);
            }
            if let Some(error) = content.failure.take() {
                return HandoffResult::Failed(error);
            }
            if content.drained {
                return HandoffResult::Drained;
            }
            if content.abandoned {
                return HandoffResult::Abandoned;
            }
            let left = patience.saturating_sub(begun.elapsed());
            if left.is_zero() {
                return HandoffResult::Nothing;
            }
            content = self
                .changed
                .wait_timeout(content, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn batch(bytes: &[u8]) -> RawBatch {
        RawBatch {
            bytes: bytes.to_vec(),
            ..RawBatch::default()
        }
    }

    fn take(handoff: &Handoff) -> Option<Vec<u8>> {
        match handoff.take(Duration::ZERO) {
            HandoffResult::Batch(batch) => Some(batch.bytes),
            _ => None,
        }
    }

    #[test]
    fn a_full_queue_gives_the_batch_back_and_takes_it_once_there_is_room() {
        let handoff = Arc::new(Handoff::default());
        assert!(handoff.is_empty());
        assert!(handoff.offer(batch(b"1"), Duration::ZERO).is_ok());
        let second = handoff
            .offer(batch(b"2"), Duration::ZERO)
            .expect_err("there is no room");
        let other = Arc::clone(&handoff);
        let sender =
            std::thread::spawn(move || other.offer(second, Duration::from_secs(60)).is_ok());
        assert_eq!(take(&handoff).as_deref(), Some(&b"1"[..]));
        assert!(sender.join().expect("the sender does not panic"));
        assert_eq!(take(&handoff).as_deref(), Some(&b"2"[..]));
        assert!(matches!(
            handoff.take(Duration::ZERO),
            HandoffResult::Nothing
        ));
    }

    #[test]
    fn a_failure_comes_after_the_batches_and_an_ending_after_the_failure() {
        let handoff = Handoff::default();
        assert!(handoff.offer(batch(b"1"), Duration::ZERO).is_ok());
        handoff.fail(SourceError::Fatal {
            reason: "first".into(),
        });
        handoff.fail(SourceError::Fatal {
            reason: "second".into(),
        });
        handoff.abandon();
        assert!(take(&handoff).is_some());
        let HandoffResult::Failed(error) = handoff.take(Duration::ZERO) else {
            panic!("no failure")
        };
        assert!(error.to_string().contains("first"));
        assert!(matches!(
            handoff.take(Duration::from_secs(60)),
            HandoffResult::Abandoned
        ));
    }

    #[test]
    fn clearing_takes_back_batches_and_the_end_of_the_drain() {
        let handoff = Handoff::default();
        assert!(handoff.offer(batch(b"1"), Duration::ZERO).is_ok());
        handoff.drained();
        handoff.clear();
        assert!(matches!(
            handoff.take(Duration::ZERO),
            HandoffResult::Nothing
        ));
        handoff.drained();
        assert!(matches!(
            handoff.take(Duration::ZERO),
            HandoffResult::Drained
        ));
        assert!(matches!(
            handoff.take(Duration::ZERO),
            HandoffResult::Drained
        ));
    }
}
