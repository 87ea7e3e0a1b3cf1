//! Decoding a batch and looking up its identities, before anything is decided.

use std::collections::{BTreeSet, VecDeque};

use crate::consume::batch::{Delivery, Mode, PartitionProgress, RawBatch};
use crate::decode::{DecodeRules, Form, decode};
use crate::domain::identity::KnownIdentities;
use crate::domain::local_day::Timestamp;
use crate::domain::reject::Rejection;
use crate::plan::{Arrival, target_digest};
use crate::store::{LatenessPolicy, StoreError, Tx};

use super::{Pipeline, PipelineError};

/// A delivery that was read: an event, or a rejection.
pub(super) type ReadDelivery = Result<(Arrival, LetPass), Rejection>;

/// The flaws of an event that were let pass and are counted.
#[derive(Debug, Clone, Copy)]
pub(super) struct LetPass {
    /// Its reason is none of the six.
    pub(super) unknown_reason: bool,
    /// Half characters that were replaced.
    pub(super) replaced: u32,
}

/// A batch whose deliveries were read.
#[derive(Debug)]
pub struct DecodedBatch {
    batch: RawBatch,
    reads: VecDeque<ReadDelivery>,
    wall_now: Timestamp,
}

impl DecodedBatch {
    /// The progress of its partitions after it.
    #[must_use]
    pub(crate) fn progress(&self) -> &[PartitionProgress] {
        &self.batch.partitions
    }

    /// Whether more was known to be there behind it.
    #[must_use]
    pub(crate) const fn has_more(&self) -> bool {
        self.batch.has_more
    }

    /// How many deliveries it has.
    #[must_use]
    pub(crate) const fn deliveries(&self) -> usize {
        self.batch.deliveries.len()
    }
}

/// A batch on its way into the store.
#[derive(Debug)]
pub struct Prepared {
    pub(super) batch: RawBatch,
    pub(super) reads: VecDeque<ReadDelivery>,
    pub(super) known: KnownIdentities,
    pub(super) lateness_policy: LatenessPolicy,
    pub(super) next: usize,
    pub(super) wall_now: Timestamp,
}

impl Pipeline {
    /// Looks up which identities of a batch are known.
    pub fn prepare(&self, decoded: DecodedBatch) -> Result<Prepared, PipelineError> {
        let DecodedBatch {
            batch,
            reads,
            wall_now,
        } = decoded;
        let (known, lateness_policy) = self
            .store
            .read_tx("look identities up", |tx| look_up(tx, reads.iter()))?;
        Ok(Prepared {
            batch,
            reads,
            known,
            lateness_policy,
            next: 0,
            wall_now,
        })
    }
}

impl Prepared {
    /// The sources whose events are being loaded, by the policy that it is read under.
    #[must_use]
    pub(crate) const fn loading(&self) -> &BTreeSet<String> {
        &self.lateness_policy.loading.sources
    }

    /// The partition or file of the next delivery.
    pub(super) fn next_name(&self) -> &str {
        &self.batch.partitions[usize::from(self.batch.deliveries[self.next].partition)].name
    }

    /// The first instant that is still open for events of a source.
    pub(super) fn closed_before(&self, source: &str) -> Option<Timestamp> {
        self.lateness_policy
            .closed_before
            .filter(|_| !self.lateness_policy.loading.sources.contains(source))
    }
}

/// Reads every delivery of a batch. It depends on no state, so it can run beside a commit.
#[must_use]
pub fn decode_batch(batch: RawBatch, rules: &DecodeRules, wall_now: Timestamp) -> DecodedBatch {
    DecodedBatch {
        reads: read_from(&batch, 0, rules, wall_now),
        batch,
        wall_now,
    }
}

/// Reads the deliveries from the one at `next` on.
pub(super) fn read_from(
    batch: &RawBatch,
    next: usize,
    rules: &DecodeRules,
    wall_now: Timestamp,
) -> VecDeque<ReadDelivery> {
    let read =
        |delivery: &Delivery| read_one(batch.payload(delivery), &delivery.mode, rules, wall_now);
    batch.deliveries[next..].iter().map(read).collect()
}

pub(super) fn read_one(
    payload: &[u8],
    mode: &Mode,
    rules: &DecodeRules,
    wall_now: Timestamp,
) -> ReadDelivery {
    let decoded = decode(payload, form_of(mode), rules, wall_now)?;
    let let_pass = LetPass {
        unknown_reason: decoded.unknown_reason,
        replaced: decoded.replaced,
    };
    Ok((Arrival::new(decoded.event, rules.zone), let_pass))
}

/// How to read a delivery.
#[must_use]
pub(crate) fn form_of(mode: &Mode) -> Form<'_> {
    match mode {
        Mode::Structured => Form::Structured,
        Mode::Binary(attributes) => Form::Binary(&attributes.0),
        Mode::Mapped(mapping) => Form::Mapped(*mapping),
        Mode::Oversized { bytes, .. } => Form::Oversized { bytes: *bytes },
    }
}

/// The known ones of the identities of these events and of the targets of their retractions, and
/// the policy that they are read under.
pub(super) fn look_up<'a>(
    tx: &Tx<'_>,
    reads: impl Iterator<Item = &'a ReadDelivery>,
) -> Result<(KnownIdentities, LatenessPolicy), StoreError> {
    let digests = reads
        .flatten()
        .flat_map(|(arrival, _)| [Some(arrival.digest), target_digest(&arrival.event)]);
    Ok((
        tx.known(digests.flatten().collect())?,
        tx.lateness_policy()?,
    ))
}
