//! Decoding a batch and looking its identities up, before anything is decided.

use std::collections::VecDeque;

use crate::consume::batch::{Mode, RawBatch};
use crate::decode::{DecodeRules, Form, decode};
use crate::domain::fast_map::{FastMap, FastSet};
use crate::domain::local_day::Timestamp;
use crate::domain::reject::{RejectClass, Rejection};
use crate::plan::{Arrival, Identity, target_digest};
use crate::store::StoreError;
use crate::store::sqlite::Tx;

use super::{Pipeline, PipelineError};

/// Below that many deliveries a second thread does not pay.
const PARALLEL_MIN: usize = 2_000;

/// A delivery that was read: an event, or none.
pub(super) type Read = Result<(Arrival, bool), Rejection>;

/// A batch on its way into the store.
#[derive(Debug)]
pub struct Prepared {
    pub(super) batch: RawBatch,
    pub(super) reads: VecDeque<Read>,
    pub(super) known: FastMap<u128, Identity>,
    pub(super) next: usize,
    pub(super) wall_now: Timestamp,
}

impl Pipeline {
    /// Decodes a batch and looks up which of its identities are known.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn prepare(&self, batch: RawBatch, wall_now: Timestamp) -> Result<Prepared, PipelineError> {
        let reads = read_all(&batch, &self.settings.decode, wall_now);
        let known = self.store.read("look identities up", |tx| known_identities(tx, reads.iter()))?;
        Ok(Prepared { batch, reads: reads.into(), known, next: 0, wall_now })
    }
}

fn read_all(batch: &RawBatch, rules: &DecodeRules, wall_now: Timestamp) -> Vec<Read> {
    let read = |part: &[crate::consume::batch::Delivery]| -> Vec<Read> {
        part.iter().map(|delivery| read_one(batch.payload(delivery), &delivery.mode, rules, wall_now)).collect()
    };
    if batch.deliveries.len() < PARALLEL_MIN {
        return read(&batch.deliveries);
    }
    let (one, other) = batch.deliveries.split_at(batch.deliveries.len() / 2);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| read(other));
        let mut all = read(one);
        all.extend(other.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        all
    })
}

/// Reads one delivery.
pub(super) fn read_one(payload: &[u8], mode: &Mode, rules: &DecodeRules, wall_now: Timestamp) -> Read {
    let form = match mode {
        Mode::Structured => Form::Structured,
        Mode::Binary(attributes) => Form::Binary(&attributes.0),
        Mode::Mapped(mapping) => Form::Mapped(*mapping),
        Mode::Oversized { bytes, .. } => Form::Oversized { bytes: *bytes },
    };
    let decoded = decode(payload, form, rules, wall_now)?;
    Ok((Arrival::new(decoded.event, rules.zone), decoded.unknown_reason))
}

/// What is known of the identities of these events, and of the targets of their retractions.
pub(super) fn known_identities<'a>(tx: &Tx<'_>, reads: impl Iterator<Item = &'a Read>) -> Result<FastMap<u128, Identity>, StoreError> {
    let mut known = FastMap::default();
    for (arrival, _) in reads.flatten() {
        for digest in [Some(arrival.digest), target_digest(&arrival.event)].into_iter().flatten() {
            if let Some(identity) = tx.identity(digest)? {
                known.insert(digest, Identity { day: identity.day, meaning: identity.meaning, went_to: identity.went_to });
            }
        }
    }
    Ok(known)
}

/// The last deliveries of each partition: whether they were rejected, and as what.
#[derive(Debug, Default)]
pub struct Storms {
    last: FastMap<Box<str>, VecDeque<Option<RejectClass>>>,
    paused: FastSet<Box<str>>,
}

impl Storms {
    /// Whether nothing more is taken from a partition.
    pub fn is_paused(&self, name: &str) -> bool {
        !self.paused.is_empty() && self.paused.contains(name)
    }

    /// Notes what became of a delivery. When more than `share` of the last `window` were rejected, the partition is
    /// paused; gives back how many and the commonest class.
    pub fn note(&mut self, name: &str, rejected: Option<RejectClass>, share: f64, window: usize) -> Option<(usize, RejectClass)> {
        if !self.last.contains_key(name) {
            self.last.insert(name.into(), VecDeque::new());
        }
        let last = self.last.get_mut(name)?;
        last.push_back(rejected);
        if last.len() > window {
            last.pop_front();
        }
        if rejected.is_none() || last.len() < window {
            return None;
        }
        let bad = last.iter().flatten().count();
        if bad as f64 <= share * window as f64 {
            return None;
        }
        let commonest =
            RejectClass::ALL.iter().map(|(_, class)| *class).max_by_key(|class| last.iter().flatten().filter(|c| *c == class).count());
        self.paused.insert(name.into());
        commonest.map(|class| (bad, class))
    }
}
