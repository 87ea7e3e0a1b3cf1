//! Committing a batch, or the part of it that lies before a cut of the event clock, in one transaction.
//!
//! ```text
//! apply ─→ wait for the commit before this one ─→ learn (store's memory, world) ─→ a thread commits, the next batch is read
//! ```
//! Invariant: nothing is learnt before what it is based on is committed; when a commit fails, what is known is read anew.

use std::sync::Arc;
use std::thread::JoinHandle;

use crate::consume::batch::PartitionProgress;
use crate::domain::entity::EntityKey;
use crate::domain::event::Event;
use crate::domain::ids::SubscriberId;
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::timeline::Differences;
use crate::plan::{ApplyRules, Effects, Fate, Target, apply, apply_billed_line, by_timeline};
use crate::store::sqlite::{Setting, Staged, Tx};
use crate::store::{Store, StoreError};

use super::fault::fault_point;
use super::gather::{Moved, Segment};
use super::{Pipeline, PipelineError, World};

/// A commit that is going on.
pub(super) struct Pending {
    thread: JoinHandle<Result<(), StoreError>>,
    /// The partitions that it moves on, and the epochs under which it may.
    epochs: Vec<(String, u64)>,
}

/// What is written beside the timelines, identities and counters.
struct Rest {
    segment: Segment,
    signal_checks: Vec<(SubscriberId, Timestamp)>,
    /// The earliest day whose figures changed.
    changed: Option<LocalDay>,
    /// The first look, if there was none yet.
    begins_at: Option<Timestamp>,
    moved: Option<Moved>,
}

impl Pipeline {
    /// Takes what was gathered into memory and begins to commit it; [`Pipeline::settle`] waits for that.
    pub(super) fn commit(&mut self, mut segment: Segment, looked_at: Option<Timestamp>, moved: Option<Moved>) -> Result<(), PipelineError> {
        let zone = self.settings.rules.zone;
        let (staged, signal_checks) = self.stage(&mut segment)?;
        let days = staged.counters().iter().map(|(_, day, _)| *day);
        let changed = days.chain(segment.references.iter().map(|event| zone.day_of(event.order.time))).min();
        self.settle()?;
        let (store, world) = (&self.store, &mut self.world);
        let learn = || store.read("learn a batch", |tx| tx.learn(&staged));
        rayon::join(learn, || world.learn(&segment, staged.counters())).0?;
        let begins_at = looked_at.filter(|_| self.world.looked_at.is_none());
        self.world.looked_at = looked_at;
        self.world.began_at = self.world.began_at.or(looked_at);
        let epochs = segment.advances.values().map(|advance| (advance.name.clone(), advance.epoch)).collect();
        let (store, rest) = (Arc::clone(&self.store), Rest { segment, signal_checks, changed, begins_at, moved });
        self.pending = Some(Pending { thread: std::thread::spawn(move || write(&store, &staged, &rest)), epochs });
        Ok(())
    }

    /// Waits until what was taken is committed.
    ///
    /// # Errors
    /// When it could not be: then what is known was read anew, as if it had never come.
    pub fn settle(&mut self) -> Result<(), PipelineError> {
        let Some(Pending { thread, .. }) = self.pending.take() else { return Ok(()) };
        let committed = thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        if committed.is_err() {
            self.world = self.store.read("read what is known", World::read)?;
        }
        Ok(committed?)
    }

    /// Waits likewise, unless a batch of these partitions goes on where that one ends: only then it is lost with it.
    ///
    /// # Errors
    /// As [`Pipeline::settle`].
    pub fn settle_before(&mut self, next: &[PartitionProgress]) -> Result<(), PipelineError> {
        let goes_on = |pending: &Pending| {
            next.iter().all(|one| pending.epochs.iter().any(|(name, epoch)| **name == *one.name && *epoch == one.epoch))
        };
        if self.pending.as_ref().is_some_and(goes_on) { Ok(()) } else { self.settle() }
    }

    /// Applies the events of a segment to their timelines.
    fn stage(&self, segment: &mut Segment) -> Result<(Staged, Vec<(SubscriberId, Timestamp)>), PipelineError> {
        let rules = ApplyRules {
            zone: self.settings.rules.zone,
            closed_before: self.world.closed_before,
            folds: !segment.loading,
            settle: self.settings.rules.signals.settle,
        };
        let mut staged = Staged::default();
        let (accepted, retracted) = (std::mem::take(&mut segment.accepted), std::mem::take(&mut segment.retracted));
        let effects = self.store.read("apply a batch", |tx| apply_all(tx, &mut staged, accepted, retracted, rules))?;
        staged.add_identities(&std::mem::take(&mut segment.identities));
        staged.add_counters(effects.differences.into_sorted());
        Ok((staged, effects.signal_checks.into_iter().collect()))
    }
}

/// Applies events to their timelines, on every core.
fn apply_all(
    tx: &Tx<'_>,
    staged: &mut Staged,
    accepted: Vec<(EntityKey, Box<Event>)>,
    retracted: Vec<(EntityKey, Target)>,
    rules: ApplyRules,
) -> Result<Effects, StoreError> {
    let changes = by_timeline(accepted, retracted).collect();
    let parts = tx.update_timelines(staged, changes, |key, entity, changes, effects: &mut Effects| {
        apply(entity, key, changes, rules, effects);
    })?;
    let mut effects = Effects::default();
    parts.into_iter().for_each(|part| effects.merge(part));
    let billed = std::mem::take(&mut effects.billed_lines).into_iter().filter(|(_, days)| days.values().any(|n| *n != 0));
    let billed = billed.map(|(line, days)| (EntityKey::BilledLine(Box::new(line)), days)).collect();
    let parts = tx.update_timelines(staged, billed, |key, entity, days, differences: &mut Differences| {
        apply_billed_line(entity, key, days, differences);
    })?;
    parts.into_iter().for_each(|part| effects.differences.merge(part));
    Ok(effects)
}

fn write(store: &Store, staged: &Staged, rest: &Rest) -> Result<(), StoreError> {
    store.write("commit a batch", |tx| {
        fault_point("batch_begun");
        tx.journal(staged)?;
        fault_point("timelines_saved");
        write_rest(tx, rest)?;
        write_segment(tx, &rest.segment)?;
        fault_point("before_commit");
        Ok::<_, StoreError>(())
    })?;
    fault_point("after_commit");
    Ok(())
}

fn write_rest(tx: &Tx<'_>, Rest { signal_checks, changed, begins_at, moved, .. }: &Rest) -> Result<(), StoreError> {
    for (subscriber, at) in signal_checks {
        tx.put_signal_check(subscriber, *at)?;
    }
    mark_changed(tx, *changed)?;
    if let Some(clock) = begins_at {
        tx.set(Setting::LookedAt, clock.micros())?;
        tx.set(Setting::BeganAt, clock.micros())?;
    }
    if let Some(Moved { reject_id, source, fate, at }) = moved {
        let is = |one: &Fate| u64::from(one == fate);
        tx.move_rejected(source, is(&Fate::Applied), is(&Fate::Duplicate), is(&Fate::Conflict))?;
        tx.mark_retried(*reject_id, *at)?;
    }
    Ok(())
}

fn write_segment(tx: &Tx<'_>, segment: &Segment) -> Result<(), StoreError> {
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
