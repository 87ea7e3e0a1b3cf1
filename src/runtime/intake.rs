//! Batches from a source, each decoded while the one before it is committed.
//!
//! It may not know what a batch means. Invariant: batches come in the order in which the source
//! gave them, and an error or an end of the source after all batches before it.

use std::sync::Arc;
use std::time::Duration;

use rayon::{ThreadPool, ThreadPoolBuildError, ThreadPoolBuilder};

use crate::clock::Clock;
use crate::consume::{BatchLimits, Polled, RawBatch, Source, SourceError};
use crate::decode::DecodeRules;
use crate::pipeline::{DecodedBatch, decode_batch};

/// The pause before the clock is checked again, where there is no input.
const IDLE: Duration = Duration::from_millis(200);

pub(crate) enum NextInput {
    Batch(DecodedBatch),
    /// Nothing for a while.
    Idle,
    /// Nothing more: drained, or stopped.
    Ended,
}

/// A source and what was read ahead of it.
pub(crate) struct Intake {
    source: Source,
    rules: Arc<DecodeRules>,
    limits: BatchLimits,
    clock: Clock,
    ahead: Option<Result<DecodedBatch, SourceError>>,
    /// One thread beside those that apply events: it decodes while those wait for each other.
    decoder: ThreadPool,
}

impl Intake {
    pub(crate) fn new(
        source: Source,
        rules: Arc<DecodeRules>,
        limits: BatchLimits,
        clock: Clock,
    ) -> Result<Self, ThreadPoolBuildError> {
        let decoder = ThreadPoolBuilder::new()
            .num_threads(1)
            .thread_name(|_| "decode".to_owned())
            .build()?;
        Ok(Self {
            source,
            rules,
            limits,
            clock,
            ahead: None,
            decoder,
        })
    }

    /// Decodes by these rules from now on.
    pub(crate) fn decode_by(&mut self, rules: &Arc<DecodeRules>) {
        self.rules = Arc::clone(rules);
    }

    /// Waits a while for a batch.
    pub(crate) fn next(&mut self) -> Result<NextInput, SourceError> {
        if let Some(ahead) = self.ahead.take() {
            return ahead.map(NextInput::Batch);
        }
        Ok(match self.source.next_batch(self.limits, IDLE)? {
            Polled::Batch(raw) => {
                NextInput::Batch(decode_batch(raw, &self.rules, self.clock.now()))
            }
            Polled::Idle => NextInput::Idle,
            Polled::Drained | Polled::Stopped => NextInput::Ended,
        })
    }

    /// Does `work`; if a batch is there already, it is decoded meanwhile.
    pub(crate) fn ahead_of<R>(&mut self, work: impl FnOnce(&Source) -> R) -> R {
        let raw: RawBatch = match self.source.next_batch(self.limits, Duration::ZERO) {
            Ok(Polled::Batch(raw)) => raw,
            // The next poll gives the same again.
            Ok(Polled::Idle | Polled::Drained | Polled::Stopped) => return work(&self.source),
            Err(error) => {
                self.ahead = Some(Err(error));
                return work(&self.source);
            }
        };
        let now = self.clock.now();
        let Self {
            source,
            rules,
            ahead,
            decoder,
            ..
        } = self;
        decoder.in_place_scope(|scope| {
            scope.spawn(|_| *ahead = Some(Ok(decode_batch(raw, rules, now))));
            work(source)
        })
    }

    pub(crate) const fn source(&self) -> &Source {
        &self.source
    }

    pub(crate) fn close(self) {
        self.source.close();
    }
}
