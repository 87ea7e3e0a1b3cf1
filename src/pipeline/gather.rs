//! Gathering what a batch changes, up to its end or a boundary of the event clock: the fate of
//! every delivery.
//!
//! It writes nothing. Invariant: each delivery is counted once, under its fate, with the position
//! behind it.

use std::collections::BTreeMap;

use crate::consume::batch::{FileProgress, Mode, PartitionProgress};
use crate::domain::local_day::Timestamp;
use crate::domain::pause::{Pause, PauseCause};
use crate::domain::reject::{RejectClass, Rejection};
use crate::domain::source_state::SourceState;
use crate::plan::{
    Accepted, BoundaryAfter, BoundedClock, Fate, RejectRateBreaker, classify, conflict,
};
use crate::store::{Advance, FileMarks, LatenessPolicy, NewReject};

use super::prepare::{Prepared, ReadDelivery};
use super::{Pipeline, PipelineError, retries};

/// How far a commit went.
#[derive(Debug)]
pub enum Committed {
    /// All of the batch is in.
    End,
    /// The event clock would pass this instant with the next event.
    Boundary(Timestamp),
    /// All that may be applied is in; these partitions are paused.
    Paused(Vec<PipelineError>),
}

/// What a part of a batch changes, gathered before the transaction.
#[derive(Debug, Default)]
pub(super) struct Segment {
    pub(super) accepted: Accepted,
    pub(super) rejects: Vec<NewReject>,
    pub(super) advances: BTreeMap<u16, Advance>,
    /// When its first delivery was read.
    pub(super) read_at: Option<Timestamp>,
    /// When the operators are notified of what it pauses, by the clock that mails follow.
    pub(super) notify_at: Option<Timestamp>,
    /// The policy that it was read under.
    pub(super) lateness_policy: LatenessPolicy,
}

/// A rejection that became something else.
pub(super) struct RejectFate {
    pub(super) reject_id: i64,
    pub(super) source: String,
    pub(super) fate: Fate,
    pub(super) at: Timestamp,
}

impl Pipeline {
    /// Commits deliveries up to the end of the batch, or up to the next boundary where there are any.
    pub(super) fn commit_part(
        &mut self,
        prepared: &mut Prepared,
        boundary_after: Option<&BoundaryAfter<'_>>,
    ) -> Result<Committed, PipelineError> {
        let mut segment = Segment {
            accepted: Accepted::after(self.read_model.event_clock),
            lateness_policy: prepared.lateness_policy.clone(),
            read_at: Some(prepared.wall_now),
            ..Segment::default()
        };
        let mut clock = BoundedClock::new(self.read_model.evaluated_at, boundary_after);
        let mut stopped = Committed::End;
        let mut paused = Vec::new();
        while let Some(read) = prepared.reads.pop_front() {
            if self.reject_rates.is_paused(prepared.next_name()) {
                prepared.next += 1;
                continue;
            }
            let fate = self.fate_of(&read, prepared);
            if let (Ok((arrival, _)), Fate::Applied) = (&read, &fate)
                && let Some(at) = clock.stops_before(arrival.event.order.time)
            {
                prepared.known.identities.remove(&arrival.digest);
                prepared.reads.push_front(read);
                stopped = Committed::Boundary(at);
                break;
            }
            let rejected = if let Fate::Rejected(rejection) = &fate {
                Some(rejection.class)
            } else {
                None
            };
            add_to_segment(&mut segment, read, fate, prepared);
            if let Some(reason) = self.note_reject_rate(prepared, rejected) {
                pause(&mut segment.advances, prepared, &reason);
                paused.push(reason);
            }
            prepared.next += 1;
        }
        if matches!(stopped, Committed::End) {
            finish_advances(&mut segment.advances, prepared, &self.reject_rates);
        }
        for (at, advance) in &mut segment.advances {
            if advance.file.is_none() {
                advance.last_digest = last_digest(prepared, *at, advance);
            }
        }
        let moved: Vec<u16> = segment.advances.keys().copied().collect();
        if !moved.is_empty() {
            // Where many write, only the leader records how far it has evaluated.
            let records = boundary_after.is_some() || !self.store.is_shared();
            self.commit(segment, clock.evaluated_at().filter(|_| records), None)?;
        }
        for at in moved {
            // Only the first part of a batch begins a file again.
            if let Some(file) = &mut prepared.batch.partitions[usize::from(at)].file {
                file.begins_anew = 0;
            }
        }
        Ok(if paused.is_empty() {
            stopped
        } else {
            Committed::Paused(paused)
        })
    }

    fn fate_of(&self, read: &ReadDelivery, prepared: &mut Prepared) -> Fate {
        match read {
            Ok((arrival, _)) => {
                let closed_before = prepared.closed_before(&arrival.event.order.source);
                classify(
                    arrival,
                    &mut prepared.known.identities,
                    self.settings.plan.rules.zone,
                    closed_before,
                )
            }
            Err(rejection) => Fate::Rejected(rejection.clone()),
        }
    }

    fn note_reject_rate(
        &mut self,
        prepared: &Prepared,
        rejected: Option<RejectClass>,
    ) -> Option<PipelineError> {
        let name = prepared.next_name();
        let (share, window) = (self.settings.pause_share, self.settings.pause_window);
        let (bad, class) = self.reject_rates.note(name, rejected, share, window)?;
        Some(PipelineError::SchemaStorm {
            source_name: name.to_owned(),
            position: prepared.batch.deliveries[prepared.next].next_position,
            rejected: bad,
            window,
            class,
        })
    }

    /// Classifies the one delivery of a retried rejection and commits what it became; its count
    /// moves.
    pub(super) fn retry_one(
        &mut self,
        prepared: &mut Prepared,
        reject_id: i64,
    ) -> Result<Fate, PipelineError> {
        let Some(read @ Ok(_)) = prepared.reads.pop_front() else {
            return Ok(Fate::Duplicate);
        };
        let fate = self.fate_of(&read, prepared);
        let (Ok((arrival, _)), false) = (read, matches!(fate, Fate::Rejected(_))) else {
            return Ok(fate);
        };
        let mut segment = Segment {
            accepted: Accepted::after(self.read_model.event_clock),
            lateness_policy: prepared.lateness_policy.clone(),
            ..Segment::default()
        };
        if fate == Fate::Applied {
            segment.accepted.accept(arrival, &mut prepared.known);
        }
        let moved = RejectFate {
            reject_id,
            source: prepared.batch.partitions[0].name.to_string(),
            fate: fate.clone(),
            at: prepared.wall_now,
        };
        self.commit(
            segment,
            self.read_model
                .evaluated_at
                .filter(|_| !self.store.is_shared()),
            Some(moved),
        )?;
        Ok(fate)
    }
}

/// Adds a delivery to the segment by its fate.
fn add_to_segment(segment: &mut Segment, read: ReadDelivery, fate: Fate, prepared: &mut Prepared) {
    let advance = advance_of(&mut segment.advances, prepared);
    count(advance, &fate);
    match (read, fate) {
        (Ok((arrival, let_pass)), Fate::Applied) => {
            advance.unknown_reason += u64::from(let_pass.unknown_reason);
            advance.replaced_characters += u64::from(let_pass.replaced);
            advance.complete_until = advance.complete_until.max(Some(arrival.event.order.time));
            segment.accepted.accept(arrival, &mut prepared.known);
        }
        (_, Fate::Rejected(rejection)) => segment.rejects.push(dead_letter(prepared, &rejection)),
        (_, Fate::Conflict) => segment.rejects.push(dead_letter(prepared, &conflict())),
        _ => {}
    }
}

/// The advance of the next delivery's partition, moved past the delivery.
fn advance_of<'a>(
    advances: &'a mut BTreeMap<u16, Advance>,
    prepared: &Prepared,
) -> &'a mut Advance {
    let delivery = &prepared.batch.deliveries[prepared.next];
    let progress = &prepared.batch.partitions[usize::from(delivery.partition)];
    let advance = advances
        .entry(delivery.partition)
        .or_insert_with(|| Advance {
            lag: progress.lag,
            ..advance_to(progress)
        });
    if advance.file.is_some() {
        advance.last_digest = prepared.batch.read_digests.get(prepared.next).copied();
    }
    advance.next_position = delivery.next_position;
    advance.next_byte = delivery.next_byte;
    advance.gaps += delivery.gap_before;
    advance
}

/// An advance that has not moved yet.
fn advance_to(progress: &PartitionProgress) -> Advance {
    let marks = |file: &FileProgress| FileMarks {
        first_digest: file.first_digest,
        accept_done: file.begins_anew,
        ..FileMarks::default()
    };
    Advance {
        name: progress.name.to_string(),
        epoch: progress.epoch,
        file: progress.file.as_ref().map(marks),
        ..Advance::default()
    }
}

/// Marks the partition of the next delivery as paused behind it; the rest of what the batch holds of
/// it is not read.
fn pause(advances: &mut BTreeMap<u16, Advance>, prepared: &Prepared, reason: &PipelineError) {
    let partition = prepared.batch.deliveries[prepared.next].partition;
    if let Some(advance) = advances.get_mut(&partition) {
        let progress = &prepared.batch.partitions[usize::from(partition)];
        let unread = match advance.file {
            Some(_) => progress.next_byte.saturating_sub(advance.next_byte),
            None => progress.next_position.saturating_sub(advance.next_position),
        };
        advance.lag = progress.lag + unread;
        advance.state = SourceState::Paused(Pause {
            cause: PauseCause::SchemaStorm,
            reason: reason.to_string().replace('\n', "; "),
        });
    }
}

/// The digest of the last message of a topic's partition that was applied.
fn last_digest(prepared: &Prepared, partition: u16, advance: &Advance) -> Option<u64> {
    let applied = prepared.batch.deliveries[..prepared.next].iter();
    let last = applied
        .rev()
        .find(|delivery| delivery.partition == partition)
        .filter(|_| advance.epoch > 0)?;
    (last.next_position == advance.next_position).then(|| prepared.batch.digest(last))
}

fn count(advance: &mut Advance, fate: &Fate) {
    match fate {
        Fate::Applied => advance.applied += 1,
        Fate::Duplicate => advance.duplicate += 1,
        Fate::Conflict => advance.conflict += 1,
        Fate::Rejected(_) => advance.rejected += 1,
    }
}

/// Moves every partition to the end of the batch: past empty lines, and past offsets without a
/// message at the end.
fn finish_advances(
    advances: &mut BTreeMap<u16, Advance>,
    prepared: &Prepared,
    reject_rates: &RejectRateBreaker,
) {
    for (at, progress) in prepared
        .batch
        .partitions
        .iter()
        .enumerate()
        .filter(|(_, progress)| !reject_rates.is_paused(&progress.name))
    {
        let before: u64 = prepared
            .batch
            .deliveries
            .iter()
            .filter(|d| usize::from(d.partition) == at)
            .map(|d| d.gap_before)
            .sum();
        let advance = advances
            .entry(at as u16)
            .or_insert_with(|| advance_to(progress));
        advance.next_position = progress.next_position;
        advance.next_byte = progress.next_byte;
        advance.lag = progress.lag;
        advance.gaps += progress.gaps - before;
        advance.state = progress.state.clone();
        if let (Some(marks), Some(file)) = (&mut advance.file, &progress.file) {
            marks.stamp = file.stamp;
            advance.last_digest = Some(file.read_digest);
        }
    }
}

fn dead_letter(prepared: &Prepared, rejection: &Rejection) -> NewReject {
    let delivery = &prepared.batch.deliveries[prepared.next];
    let whole = !matches!(delivery.mode, Mode::Oversized { .. });
    NewReject {
        source: prepared.batch.partitions[usize::from(delivery.partition)]
            .name
            .to_string(),
        position: delivery.position,
        class: rejection.class,
        reason: rejection.reason.clone(),
        rejected_at: prepared.wall_now,
        retry_at: rejection.retry_at,
        payload: whole.then(|| prepared.batch.payload(delivery).to_vec()),
        mode: retries::pack_mode(&delivery.mode),
    }
}
