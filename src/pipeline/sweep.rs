//! A sweep over tasks, and over the origins of planned work, in one transaction.

use crate::domain::ids::SubscriberId;
use crate::domain::local_day::Timestamp;
use crate::domain::task::{Origin, Task};
use crate::plan::{
    Movements, Occasions, SweepPlan, SweepSummary, is_anybody_left, members_now, name_leavers,
    named_subscribers, return_calls_span,
};
use crate::store::{LEAVERS_NAMED_MAX, StoreError, Tx};
use crate::telemetry::WorkPhase;

use super::Pipeline;
use super::fault::fault_point;
use super::follow::save;
use super::subscribers::subscriber_standings;
use super::work::KeptWork;

impl Pipeline {
    /// Sweeps at `now`; `occasions` are those that come from key dates and festivals. `go_on`
    /// is asked now and then.
    ///
    /// # Errors
    /// When the store fails, and those of `go_on`: then nothing of the sweep is committed.
    pub fn sweep<E: From<StoreError>>(
        &self,
        occasions: Occasions<'_>,
        now: Timestamp,
        go_on: impl Fn() -> Result<(), E>,
    ) -> Result<SweepSummary, E> {
        let begun = self.settings.wall.elapsed();
        let inputs = self.read_model.inputs(&self.settings.plan.rules);
        let movements = Movements::count(inputs, &self.settings.plan, now);
        let kept = self.work.take();
        let (summary, work) = self.write_as_leader("sweep over tasks", |tx| -> Result<_, E> {
            let work = KeptWork::catch_up(kept, tx, now)?;
            let summary = self.sweep_within(tx, &work, (occasions, &movements), now, &go_on)?;
            fault_point("sweep_saved");
            Ok((summary, KeptWork::catch_up(Some(work), tx, now)?))
        })?;
        self.work.set(Some(work));
        fault_point("after_sweep");
        self.settings
            .metrics
            .timed(WorkPhase::Sweep, self.settings.wall.since(begun));
        Ok(summary)
    }

    fn sweep_within<E: From<StoreError>>(
        &self,
        tx: &Tx<'_>,
        work: &KeptWork,
        (occasions, movements): (Occasions<'_>, &Movements),
        now: Timestamp,
        go_on: impl Fn() -> Result<(), E>,
    ) -> Result<SweepSummary, E> {
        let settings = &self.settings.plan;
        let (since, until) = return_calls_span(settings.sweep, now);
        let ended = tx.tasks_ended_between(since, until)?.rows;
        let plan = SweepPlan::new(&work.open, settings.sweep);
        let mut background = self.background(tx, &plan.untaken(), work, now)?;
        let named = subscriber_standings(tx, plan.named_subscribers())?;
        background.subscribers.extend(named);
        let context = self.follow_up_context(&background, now);
        let mut begun = Vec::new();
        for task in plan.wanted(occasions, (movements, &ended), &context) {
            go_on()?;
            if !tx.has_task(&task.task_id)? && self.has_anybody_to_call(tx, &task, &ended, now)? {
                begun.extend(with_leavers(tx, task, movements)?);
            }
        }
        go_on()?;
        let (followed, summary) = plan.finish(begun, &settings.closed_source, &context);
        go_on()?;
        save(tx, &followed)?;
        Ok(summary)
    }

    /// Whether a task that is to begin, if it is a return call, still finds somebody of those who
    /// were kept by the task that `ended`.
    fn has_anybody_to_call(
        &self,
        tx: &Tx<'_>,
        task: &Task,
        ended: &[Task],
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        let Origin::ReturnCall(kept) = &task.origin else {
            return Ok(true);
        };
        let Some(kept) = ended.iter().find(|task| task.task_id == *kept) else {
            return Ok(true);
        };
        let alerts = tx.alerts_of(kept)?;
        let standings = subscriber_standings(tx, named_subscribers(kept, &alerts))?;
        let inputs = self.read_model.inputs(&self.settings.plan.rules);
        let members = kept
            .group_id()
            .and_then(|group| members_now(inputs, group, now));
        Ok(is_anybody_left(kept, &alerts, &standings, members))
    }
}

/// A task that is to begin; a win-back with the members whom it is about, none if all are back.
fn with_leavers(
    tx: &Tx<'_>,
    task: Task,
    movements: &Movements,
) -> Result<Option<Task>, StoreError> {
    let Some((group, span)) = movements.left_by(&task) else {
        return Ok(Some(task));
    };
    let leavers: Vec<SubscriberId> = tx
        .leavers(group, span)?
        .into_iter()
        .map(|(_, subscriber)| subscriber)
        .collect();
    let is_cut = leavers.len() as u64 >= LEAVERS_NAMED_MAX;
    let standings = subscriber_standings(tx, leavers.iter().cloned().collect())?;
    Ok(name_leavers(task, (&leavers, is_cut), &standings))
}
