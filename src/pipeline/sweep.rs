//! A sweep over tasks, and over the origins of planned work, in one transaction.

use crate::domain::local_day::Timestamp;
use crate::plan::{Movements, Occasions, SweepPlan, SweepSummary, return_calls_span};
use crate::store::{StoreError, Tx};
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
            if !tx.has_task(&task.task_id)? {
                begun.push(task);
            }
        }
        go_on()?;
        let (followed, summary) = plan.finish(begun, &settings.closed_source, &context);
        go_on()?;
        save(tx, &followed)?;
        Ok(summary)
    }
}
