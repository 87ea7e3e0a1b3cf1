//! Committing a batch, or the part of it that lies before a cut of the event clock, in one transaction.

use std::collections::BTreeMap;

use crate::domain::entity::{Entity, EntityKey};
use crate::domain::event::{Event, EventData};
use crate::domain::fast_map::FastSet;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reject::Rejection;
use crate::domain::short_text::ShortText;
use crate::plan::{ApplyRules, Arrival, Effects, Fate, Target, apply, apply_billed_line, by_timeline, classify, target_digest};
use crate::store::StoreError;
use crate::store::sqlite::{Advance, Known, NewIdentity, NewReject, Setting, Tx};

use super::fault::fault_point;
use super::prepare::{Prepared, Storms};
use super::retries;
use super::{ClockMode, Pipeline, PipelineError};

/// How far a commit went.
#[derive(Debug)]
pub enum Committed {
    /// All of the batch is in.
    End,
    /// The event clock is about to pass this instant.
    Cut(Timestamp),
    /// All that may be taken is in; these partitions are paused.
    Paused(Vec<PipelineError>),
}

/// What a part of a batch changes, gathered before the transaction.
#[derive(Debug, Default)]
struct Segment {
    accepted: Vec<Event>,
    /// Targets of retractions that are in a timeline.
    retracted: Vec<(EntityKey, Target)>,
    /// Targets of retractions among reference events.
    retracted_references: Vec<Target>,
    retractions: FastSet<u128>,
    identities: Vec<NewIdentity>,
    rejects: Vec<NewReject>,
    feed_counts: BTreeMap<(LocalDay, ShortText, &'static str), u64>,
    advances: BTreeMap<u16, Advance>,
    event_clock: Option<Timestamp>,
}

/// A rejection that became something else.
struct Moved {
    reject_id: i64,
    source: String,
    fate: Fate,
    at: Timestamp,
}

impl Pipeline {
    /// Commits deliveries up to the end of the batch, or with an event clock up to the first event at or past the next
    /// cut; `cut_after` gives the first cut after an instant.
    ///
    /// # Errors
    /// When the store says no: then nothing of this part is committed.
    pub fn commit_until(
        &mut self,
        prepared: &mut Prepared,
        cut_after: &dyn Fn(Timestamp) -> Timestamp,
    ) -> Result<Committed, PipelineError> {
        let mut segment = Segment { event_clock: self.world.event_clock, ..Segment::default() };
        let mut looked_at = self.world.looked_at;
        let mut cut = looked_at.map(cut_after);
        let mut stopped = Committed::End;
        let mut paused = Vec::new();
        while let Some(read) = prepared.reads.pop_front() {
            let delivery = &prepared.batch.deliveries[prepared.next];
            let name = &prepared.batch.partitions[usize::from(delivery.partition)].name;
            if self.storms.is_paused(name) {
                prepared.next += 1;
                continue;
            }
            let fate = match &read {
                Ok((arrival, _)) => classify(arrival, &mut prepared.known, self.settings.rules.zone, self.world.closed_before),
                Err(rejection) => Fate::Rejected(rejection.clone()),
            };
            if let (Ok((arrival, _)), Fate::Applied, ClockMode::Event) = (&read, &fate, self.settings.clock) {
                let time = arrival.event.order.time;
                if let Some(at) = cut.filter(|cut| time >= *cut) {
                    prepared.known.remove(&arrival.digest);
                    prepared.reads.push_front(read);
                    stopped = Committed::Cut(at);
                    break;
                }
                if looked_at.is_none() {
                    looked_at = Some(time);
                    cut = Some(cut_after(time));
                }
            }
            let rejected = if let Fate::Rejected(rejection) = &fate { Some(rejection.class) } else { None };
            let advance = advance_of(&mut segment.advances, prepared, prepared.next);
            count(advance, &fate);
            match (read, fate) {
                (Ok((arrival, unknown_reason)), Fate::Applied) => {
                    advance.unknown_reason += u64::from(unknown_reason);
                    advance.complete_until = advance.complete_until.max(Some(arrival.event.order.time));
                    self.accept(&mut segment, arrival, prepared);
                }
                (_, Fate::Rejected(rejection)) => segment.rejects.push(dead_letter(prepared, rejection.class.name(), &rejection)),
                (_, Fate::Conflict) => {
                    let told = conflict();
                    segment.rejects.push(dead_letter(prepared, CONFLICT, &told));
                }
                _ => {}
            }
            prepared.next += 1;
            paused.extend(self.note_storm(prepared, rejected));
        }
        if matches!(stopped, Committed::End) {
            finish_advances(&mut segment.advances, prepared, &self.storms);
        }
        if !segment.advances.is_empty() {
            self.commit(segment, looked_at, None)?;
        }
        Ok(if paused.is_empty() { stopped } else { Committed::Paused(paused) })
    }

    fn note_storm(&mut self, prepared: &Prepared, rejected: Option<crate::domain::reject::RejectClass>) -> Option<PipelineError> {
        let delivery = &prepared.batch.deliveries[prepared.next - 1];
        let name = &prepared.batch.partitions[usize::from(delivery.partition)].name;
        let (share, window) = (self.settings.storm_share, self.settings.storm_window);
        let (bad, class) = self.storms.note(name, rejected, share, window)?;
        Some(PipelineError::SchemaStorm {
            source_name: name.to_string(),
            position: delivery.next_position,
            rejected: bad,
            window,
            class: class.name(),
        })
    }

    /// Takes an applied event into the segment.
    fn accept(&self, segment: &mut Segment, arrival: Arrival, prepared: &Prepared) {
        let Arrival { event, digest, meaning, day } = arrival;
        let went_to = prepared.known.get(&digest).map_or(EntityKey::Reference, |identity| identity.went_to.clone());
        let is_retraction = went_to == EntityKey::Retraction;
        let retracted = !is_retraction && (self.world.retractions.contains(&digest) || segment.retractions.contains(&digest));
        segment.identities.push(NewIdentity { digest, known: Known { day, meaning, went_to } });
        *segment.feed_counts.entry((day, event.order.source.clone(), event.data.type_name())).or_default() += 1;
        segment.event_clock = segment.event_clock.max(Some(event.order.time));
        if let (Some(target), EventData::Retraction(named)) = (target_digest(&event), &event.data) {
            let named = Target { source: named.source.clone(), id: named.id.clone() };
            match prepared.known.get(&target).map(|identity| &identity.went_to) {
                Some(EntityKey::Retraction) | None => {}
                Some(EntityKey::Reference) => segment.retracted_references.push(named),
                Some(key) => segment.retracted.push((key.clone(), named)),
            }
            segment.retractions.insert(target);
        }
        if !retracted {
            segment.accepted.push(event);
        }
    }

    /// Classifies the one delivery of a retried rejection and commits what it became; its count moves.
    pub(super) fn retry_one(&mut self, prepared: &mut Prepared, reject_id: i64) -> Result<Fate, PipelineError> {
        let Some(Ok((arrival, _))) = prepared.reads.pop_front() else { return Ok(Fate::Duplicate) };
        let fate = classify(&arrival, &mut prepared.known, self.settings.rules.zone, self.world.closed_before);
        if matches!(fate, Fate::Rejected(_)) {
            return Ok(fate);
        }
        let mut segment = Segment { event_clock: self.world.event_clock, ..Segment::default() };
        if fate == Fate::Applied {
            self.accept(&mut segment, arrival, prepared);
        }
        let moved = Moved { reject_id, source: prepared.batch.partitions[0].name.to_string(), fate: fate.clone(), at: prepared.wall_now };
        self.commit(segment, self.world.looked_at, Some(moved))?;
        Ok(fate)
    }

    fn commit(&mut self, mut segment: Segment, looked_at: Option<Timestamp>, moved: Option<Moved>) -> Result<(), PipelineError> {
        let references: Vec<Event> =
            segment.accepted.iter().filter(|event| crate::plan::route(&event.data) == EntityKey::Reference).cloned().collect();
        let zone = self.settings.rules.zone;
        let rules = ApplyRules { zone, closed_before: self.world.closed_before, settle: self.settings.rules.signals.settle };
        let wrote = self.store.write("commit a batch", |tx| -> Result<_, StoreError> {
            fault_point("batch_begun");
            let (accepted, retracted) = (std::mem::take(&mut segment.accepted), std::mem::take(&mut segment.retracted));
            let effects = apply_all(tx, accepted, retracted, rules)?;
            let differences = effects.differences.into_sorted();
            fault_point("timelines_saved");
            tx.add_counters(&differences)?;
            for (subscriber, at) in &effects.signal_checks {
                tx.put_signal_check(subscriber, *at)?;
            }
            write_the_rest(tx, &mut segment, &references)?;
            let changed =
                differences.iter().map(|(_, day, _)| *day).chain(references.iter().map(|event| zone.day_of(event.order.time))).min();
            mark_changed(tx, changed)?;
            if let (Some(clock), None) = (looked_at, self.world.looked_at) {
                tx.set(Setting::LookedAt, clock.micros())?;
                tx.set(Setting::BeganAt, clock.micros())?;
            }
            if let Some(Moved { reject_id, source, fate, at }) = &moved {
                let is = |one: &Fate| u64::from(one == fate);
                tx.move_rejected(source, is(&Fate::Applied), is(&Fate::Duplicate), is(&Fate::Conflict))?;
                tx.mark_retried(*reject_id, *at)?;
            }
            fault_point("before_commit");
            Ok(differences)
        })?;
        fault_point("after_commit");
        self.world.add(&wrote);
        references.into_iter().for_each(|event| self.world.put(event));
        segment.retracted_references.iter().for_each(|target| self.world.retract(target));
        self.world.retractions.extend(segment.retractions);
        for ((day, source, type_name), accepted) in segment.feed_counts {
            self.world.feeds.accept(day, &source, type_name, accepted);
        }
        self.world.event_clock = segment.event_clock;
        self.world.looked_at = looked_at;
        self.world.began_at = self.world.began_at.or(looked_at);
        Ok(())
    }
}

/// Class under which conflicts are kept beside the dead letters.
pub(super) const CONFLICT: &str = "conflict";

pub(super) fn conflict() -> Rejection {
    Rejection::new(crate::domain::reject::RejectClass::InvalidField, "the same source and id was committed before with another meaning")
}

/// Applies events to their timelines, one timeline after another.
fn apply_all(tx: &Tx<'_>, accepted: Vec<Event>, retracted: Vec<(EntityKey, Target)>, rules: ApplyRules) -> Result<Effects, StoreError> {
    let mut effects = Effects::default();
    for touched in by_timeline(accepted, retracted) {
        let key = touched.key.clone();
        let Some(mut entity) = tx.timeline(&key)?.or_else(|| Entity::empty(&key)) else { continue };
        apply(&mut entity, touched, rules, &mut effects);
        tx.save_timeline(&key, &entity)?;
    }
    for (billed, days) in std::mem::take(&mut effects.billed_lines) {
        if days.values().all(|n| *n == 0) {
            continue;
        }
        let key = EntityKey::BilledLine(Box::new(billed.clone()));
        let Some(mut entity) = tx.timeline(&key)?.or_else(|| Entity::empty(&key)) else { continue };
        apply_billed_line(&mut entity, &billed, days, &mut effects.differences);
        tx.save_timeline(&key, &entity)?;
    }
    Ok(effects)
}

fn write_the_rest(tx: &Tx<'_>, segment: &mut Segment, references: &[Event]) -> Result<(), StoreError> {
    tx.insert_identities(std::mem::take(&mut segment.identities))?;
    for target in &segment.retractions {
        tx.insert_retraction(*target)?;
    }
    for event in references {
        tx.insert_reference_event(event)?;
    }
    for target in &segment.retracted_references {
        tx.delete_reference_event(&target.source, &target.id)?;
    }
    for ((day, source, type_name), accepted) in &segment.feed_counts {
        tx.add_feed_count(*day, source, type_name, *accepted)?;
    }
    for reject in &segment.rejects {
        tx.insert_reject(reject)?;
    }
    for advance in segment.advances.values() {
        tx.advance(advance)?;
    }
    if let Some(clock) = segment.event_clock {
        tx.set(Setting::EventClock, clock.micros())?;
    }
    Ok(())
}

/// Remembers the earliest day whose figures changed since reports were last written.
fn mark_changed(tx: &Tx<'_>, changed: Option<LocalDay>) -> Result<(), StoreError> {
    let Some(day) = changed.map(|day| i64::from(day.number())) else { return Ok(()) };
    match tx.setting(Setting::ChangedSince)? {
        Some(marked) if marked <= day => Ok(()),
        _ => tx.set(Setting::ChangedSince, day),
    }
}

/// The advance of a delivery's partition, moved past the delivery.
fn advance_of<'a>(advances: &'a mut BTreeMap<u16, Advance>, prepared: &Prepared, at: usize) -> &'a mut Advance {
    let delivery = &prepared.batch.deliveries[at];
    let progress = &prepared.batch.partitions[usize::from(delivery.partition)];
    let advance = advances.entry(delivery.partition).or_insert_with(|| Advance {
        name: progress.name.to_string(),
        epoch: progress.epoch,
        lag: progress.lag,
        ..Advance::default()
    });
    advance.next_position = delivery.next_position;
    advance.next_byte = delivery.next_byte;
    advance.gaps += delivery.gap_before;
    advance
}

fn count(advance: &mut Advance, fate: &Fate) {
    match fate {
        Fate::Applied => advance.applied += 1,
        Fate::Duplicate => advance.duplicate += 1,
        Fate::Conflict => advance.conflict += 1,
        Fate::Rejected(_) => advance.rejected += 1,
    }
}

/// Moves every partition to where the batch ends: past empty lines, and past offsets without a message at the end.
fn finish_advances(advances: &mut BTreeMap<u16, Advance>, prepared: &Prepared, storms: &Storms) {
    for (at, progress) in prepared.batch.partitions.iter().enumerate().filter(|(_, progress)| !storms.is_paused(&progress.name)) {
        let before: u64 = prepared.batch.deliveries.iter().filter(|d| usize::from(d.partition) == at).map(|d| d.gap_before).sum();
        let advance = advances.entry(at as u16).or_insert_with(|| Advance {
            name: progress.name.to_string(),
            epoch: progress.epoch,
            ..Advance::default()
        });
        advance.next_position = progress.next_position;
        advance.next_byte = progress.next_byte;
        advance.lag = progress.lag;
        advance.gaps += progress.gaps - before;
    }
}

fn dead_letter(prepared: &Prepared, class: &'static str, rejection: &Rejection) -> NewReject {
    let delivery = &prepared.batch.deliveries[prepared.next];
    let whole = !matches!(delivery.mode, crate::consume::batch::Mode::Oversized { .. });
    NewReject {
        source: prepared.batch.partitions[usize::from(delivery.partition)].name.to_string(),
        position: delivery.position,
        class,
        reason: rejection.reason.clone(),
        rejected_at: prepared.wall_now,
        retry_at: rejection.retry_at,
        payload: whole.then(|| prepared.batch.payload(delivery).to_vec()),
        mode: retries::pack_mode(&delivery.mode),
    }
}
