//! Committing a batch, or the part of it that lies before a cut of the event clock, in one transaction.

use crate::domain::entity::EntityKey;
use crate::domain::event::Event;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::timeline::Differences;
use crate::plan::{ApplyRules, Effects, Fate, Target, apply, apply_billed_line, by_timeline};
use crate::store::StoreError;
use crate::store::sqlite::{Setting, Tx};

use super::fault::fault_point;
use super::gather::{Moved, Segment};
use super::{Pipeline, PipelineError};

impl Pipeline {
    /// Commits what was gathered; the memory follows.
    pub(super) fn commit(&mut self, mut segment: Segment, looked_at: Option<Timestamp>, moved: Option<Moved>) -> Result<(), PipelineError> {
        let zone = self.settings.rules.zone;
        let rules = ApplyRules {
            zone,
            closed_before: self.world.closed_before,
            folds: !segment.loading,
            settle: self.settings.rules.signals.settle,
        };
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
            write_the_rest(tx, &mut segment)?;
            let changed = differences
                .iter()
                .map(|(_, day, _)| *day)
                .chain(segment.references.iter().map(|event| zone.day_of(event.order.time)))
                .min();
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
        segment.references.into_iter().for_each(|event| self.world.put(event));
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

/// Applies events to their timelines, on every core.
#[expect(clippy::vec_box, reason = "the boxes are handed on")]
fn apply_all(
    tx: &Tx<'_>,
    accepted: Vec<Box<Event>>,
    retracted: Vec<(EntityKey, Target)>,
    rules: ApplyRules,
) -> Result<Effects, StoreError> {
    let parts = tx.update_timelines(by_timeline(accepted, retracted).collect(), |key, entity, changes, effects: &mut Effects| {
        apply(entity, key, changes, rules, effects);
    })?;
    let mut effects = Effects::default();
    parts.into_iter().for_each(|part| effects.merge(part));
    let billed = std::mem::take(&mut effects.billed_lines).into_iter().filter(|(_, days)| days.values().any(|n| *n != 0));
    let billed = billed.map(|(line, days)| (EntityKey::BilledLine(Box::new(line)), days)).collect();
    let parts = tx.update_timelines(billed, |key, entity, days, differences: &mut Differences| {
        apply_billed_line(entity, key, days, differences);
    })?;
    parts.into_iter().for_each(|part| effects.differences.merge(part));
    Ok(effects)
}

fn write_the_rest(tx: &Tx<'_>, segment: &mut Segment) -> Result<(), StoreError> {
    tx.insert_identities(std::mem::take(&mut segment.identities))?;
    for target in &segment.retractions {
        tx.insert_retraction(*target)?;
    }
    for event in &segment.references {
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
