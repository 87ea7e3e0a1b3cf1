//! Committing a batch, or the part of it that lies before a boundary of the event clock, in one
//! transaction.
//!
//! ```text
//! one worker:   apply ─→ wait for the commit before this one ─→ apply (store's memory, read model) ─→ a thread commits,
//!                                                                                     the next batch is read
//! many workers: lock partitions, policy, timelines ─→ apply ─→ save ─→ commit        (all in one transaction)
//! ```
//! Invariant: nothing is applied before what it is based on is committed; when a commit fails,
//! memory is read again.

use std::mem::take;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use crate::consume::batch::PartitionProgress;
use crate::domain::clock_mode::ClockMode;
use crate::domain::entity::EntityKey;
use crate::domain::event::Event;
use crate::domain::local_day::Timestamp;
use crate::domain::mail::Notice;
use crate::domain::timeline::Differences;
use crate::plan::{
    ApplyRules, Effects, Fate, Target, apply, apply_billed_subscriber, by_timeline, input_paused,
    unreachable,
};
use crate::store::{Advance, Setting, Staged, Store, StoreError, Tx};
use crate::telemetry::Fates;

use super::fault::fault_point;
use super::gather::{RejectFate, Segment};
use super::read_model::{load_read_model, save_evaluated_at};
use super::{Pipeline, PipelineError};

/// A commit that is running.
pub(super) struct Pending {
    thread: JoinHandle<Result<(), StoreError>>,
    /// The partitions that it moves on, and the epochs under which it may.
    epochs: Vec<(String, u64)>,
    /// What becomes of its deliveries.
    fates: Fates,
    /// By the wall's clock.
    begun: Duration,
}

/// The rows to write beside what is [staged](Staged).
struct Rest {
    segment: Segment,
    /// Whether jobs are due from the last evaluation on: there was none before.
    begins: bool,
    /// The last evaluation, with the instant as of which it judged absence: an evaluation without
    /// changes has not written them.
    evaluated: Option<(Timestamp, Timestamp)>,
    moved: Option<RejectFate>,
    /// For the operators.
    notice: Option<Notice>,
}

impl Pipeline {
    /// Takes what was gathered into memory and begins to commit it; [`Pipeline::settle`] waits for
    /// that. Where many write, it is committed at the end.
    pub(super) fn commit(
        &mut self,
        segment: Segment,
        evaluated_at: Option<Timestamp>,
        moved: Option<RejectFate>,
    ) -> Result<(), PipelineError> {
        if self.store.is_shared() {
            self.commit_beside_others(segment, evaluated_at, moved)
        } else {
            self.commit_alone(segment, evaluated_at, moved)
        }
    }

    fn commit_alone(
        &mut self,
        mut segment: Segment,
        evaluated_at: Option<Timestamp>,
        moved: Option<RejectFate>,
    ) -> Result<(), PipelineError> {
        let rules = self.apply_rules(&segment);
        segment.notify_at = Some(self.ingested_at(&segment));
        let staged = self
            .store
            .read_tx("apply a batch", |tx| stage(tx, &mut segment, rules))?;
        self.settle()?;
        let (store, read_model) = (&self.store, &mut self.read_model);
        let apply = || store.read_tx("apply a batch", |tx| tx.stage(&staged));
        rayon::join(apply, || read_model.apply(&staged.delta)).0?;
        let begins = self.read_model.evaluated_at.is_none();
        self.read_model.evaluated_at = evaluated_at;
        self.read_model.began_at = self.read_model.began_at.or(evaluated_at);
        let epochs = segment
            .advances
            .values()
            .map(|advance| (advance.name.clone(), advance.epoch))
            .collect();
        let (fates, begun) = (fates_of(&segment), self.settings.wall.elapsed());
        let notice = self.unreachable_persons(&staged);
        let evaluated = evaluated_at.map(|at| self.read_model.evaluated(at));
        let (store, rest) = (
            Arc::clone(&self.store),
            Rest {
                segment,
                begins,
                evaluated,
                moved,
                notice,
            },
        );
        self.pending = Some(Pending {
            thread: std::thread::spawn(move || write_staged(&store, &staged, &rest)),
            epochs,
            fates,
            begun,
        });
        Ok(())
    }

    fn commit_beside_others(
        &mut self,
        mut segment: Segment,
        evaluated_at: Option<Timestamp>,
        moved: Option<RejectFate>,
    ) -> Result<(), PipelineError> {
        let rules = self.apply_rules(&segment);
        segment.notify_at = Some(self.ingested_at(&segment));
        let (fates, begun) = (fates_of(&segment), self.settings.wall.elapsed());
        let begins = evaluated_at.is_some() && self.read_model.evaluated_at.is_none();
        let evaluated = evaluated_at.map(|at| self.read_model.evaluated(at));
        self.store.write_batch("commit a batch", |tx| {
            fault_point("batch_begun");
            hold(tx, &segment)?;
            let staged = stage(tx, &mut segment, rules)?;
            tx.save(&staged)?;
            fault_point("timelines_saved");
            let notice = self.unreachable_persons(&staged);
            write_rest(
                tx,
                &Rest {
                    segment,
                    begins,
                    evaluated,
                    moved,
                    notice,
                },
            )?;
            fault_point("before_commit");
            Ok::<_, StoreError>(())
        })?;
        fault_point("after_commit");
        self.read_model.evaluated_at = evaluated_at.or(self.read_model.evaluated_at);
        self.read_model.began_at = self.read_model.began_at.or(evaluated_at);
        self.settings
            .metrics
            .committed(fates, self.settings.wall.since(begun));
        Ok(())
    }

    /// Waits until what was applied is committed.
    ///
    /// # Errors
    /// When it could not be committed: then memory was read again, as if it had never come.
    pub fn settle(&mut self) -> Result<(), PipelineError> {
        let Some(Pending {
            thread,
            fates,
            begun,
            ..
        }) = self.pending.take()
        else {
            return Ok(());
        };
        let committed = thread
            .join()
            .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
        if committed.is_err() {
            self.store.invalidate();
            self.read_model = self.store.read_tx("read what is known", load_read_model)?;
        }
        committed?;
        self.settings
            .metrics
            .committed(fates, self.settings.wall.since(begun));
        Ok(())
    }

    /// Waits likewise, unless the next batch has no other partitions than that one: only then it is
    /// lost with it.
    ///
    /// # Errors
    /// As [`Pipeline::settle`].
    pub fn settle_before(&mut self, next: &[PartitionProgress]) -> Result<(), PipelineError> {
        let goes_on = |pending: &Pending| {
            next.iter().all(|one| {
                pending
                    .epochs
                    .iter()
                    .any(|(name, epoch)| **name == *one.name && *epoch == one.epoch)
            })
        };
        if self.pending.as_ref().is_some_and(goes_on) {
            Ok(())
        } else {
            self.settle()
        }
    }

    fn apply_rules(&self, segment: &Segment) -> ApplyRules {
        let policy = &segment.lateness_policy;
        ApplyRules::new(
            &self.settings.plan.rules,
            (policy.closed_before, policy.loading.is_on()),
            self.ingested_at(segment),
        )
    }

    fn unreachable_persons(&self, staged: &Staged) -> Option<Notice> {
        let (what, at) = unreachable(&staged.delta.references, &self.read_model.reference)?;
        Some(Notice::for_operators(what, self.noticed_at(at)))
    }

    /// When a batch is ingested, by the clock that briefs follow.
    fn ingested_at(&self, segment: &Segment) -> Timestamp {
        let by_events = segment
            .accepted
            .event_clock
            .filter(|_| self.settings.clock == ClockMode::Event);
        by_events.unwrap_or_else(|| self.settings.wall.now())
    }
}

/// Applies the events of a segment to their timelines; what the batch changes.
fn stage(tx: &Tx<'_>, segment: &mut Segment, rules: ApplyRules) -> Result<Staged, StoreError> {
    let mut staged = Staged::default();
    let accepted = &mut segment.accepted;
    let (events, retracted) = (take(&mut accepted.events), take(&mut accepted.retracted));
    let effects = apply_all(tx, &mut staged, events, retracted, rules)?;
    staged.add_identities(
        &take(&mut accepted.identities),
        take(&mut accepted.retracted_before),
    );
    staged.add_retractions(take(&mut accepted.retractions));
    staged.delta = accepted.delta(effects, rules, segment.read_at);
    Ok(staged)
}

fn fates_of(segment: &Segment) -> Fates {
    let sum = |of: fn(&Advance) -> u64| segment.advances.values().map(of).sum();
    Fates {
        applied: sum(|a| a.applied),
        duplicate: sum(|a| a.duplicate),
        conflict: sum(|a| a.conflict),
        rejected: sum(|a| a.rejected),
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
    let parts = tx.update_timelines(
        staged,
        changes,
        |key, entity, changes, effects: &mut Effects| {
            apply(entity, key, changes, rules, effects);
        },
    )?;
    let mut effects = Effects::default();
    parts.into_iter().for_each(|part| effects.merge(part));
    let billed = std::mem::take(&mut effects.billed_subscribers)
        .into_iter()
        .filter(|(_, days)| days.values().any(|n| *n != 0));
    let billed = billed
        .map(|(subscriber, days)| (EntityKey::BilledSubscriber(Box::new(subscriber)), days))
        .collect();
    let parts = tx.update_timelines(
        staged,
        billed,
        |key, entity, days, differences: &mut Differences| {
            apply_billed_subscriber(entity, key, days, differences);
        },
    )?;
    parts
        .into_iter()
        .for_each(|part| effects.differences.merge(part));
    Ok(effects)
}

fn write_staged(store: &Store, staged: &Staged, rest: &Rest) -> Result<(), StoreError> {
    store.write_tx("commit a batch", |tx| {
        fault_point("batch_begun");
        hold(tx, &rest.segment)?;
        tx.save(staged)?;
        fault_point("timelines_saved");
        write_rest(tx, rest)?;
        fault_point("before_commit");
        Ok::<_, StoreError>(())
    })?;
    fault_point("after_commit");
    Ok(())
}

/// Moves the partitions forward, which nobody else does until the transaction ends, and checks that
/// the policy under which the batch was read still holds. The operators are notified of what is
/// paused by it.
fn hold(tx: &Tx<'_>, segment: &Segment) -> Result<(), StoreError> {
    let mut paused = Vec::new();
    for advance in segment.advances.values() {
        if tx.advance(advance)? {
            let pause = advance.state.pause().cloned();
            paused.extend(pause.map(|pause| (advance.name.clone(), pause)));
        }
    }
    if let Some(notify_at) = segment.notify_at.filter(|_| !paused.is_empty()) {
        tx.insert_notice(&Notice::for_operators(input_paused(paused), notify_at))?;
    }
    tx.share_lateness_policy(&segment.lateness_policy)
}

fn write_rest(
    tx: &Tx<'_>,
    Rest {
        segment,
        begins,
        evaluated,
        moved,
        notice,
    }: &Rest,
) -> Result<(), StoreError> {
    tx.insert_rejects(&segment.rejects)?;
    notice
        .iter()
        .try_for_each(|notice| tx.insert_notice(notice))?;
    if let Some(evaluated @ (evaluated_at, _)) = evaluated {
        save_evaluated_at(tx, *evaluated)?;
        if *begins {
            tx.set(Setting::BeganAt, evaluated_at.micros())?;
        }
    }
    if let Some(RejectFate {
        reject_id,
        source,
        fate,
        at,
    }) = moved
    {
        let is = |one: &Fate| u64::from(one == fate);
        tx.move_rejected(
            source,
            is(&Fate::Applied),
            is(&Fate::Duplicate),
            is(&Fate::Conflict),
        )?;
        tx.mark_retried(*reject_id, *at)?;
    }
    Ok(())
}
