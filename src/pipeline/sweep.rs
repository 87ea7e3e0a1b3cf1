//! A sweep over tasks, and over what planned work comes from, in one transaction.

use chrono::TimeDelta;

use crate::domain::alert::{Alert, AlertChange, AlertState};
use crate::domain::local_day::Timestamp;
use crate::domain::task::{Task, TaskState};
use crate::follow_up::act::closed_event;
use crate::follow_up::sweep::{Occasions, sweep, wanted};
use crate::follow_up::task_subscribers::{goes_by_subscribers, named_subscribers};
use crate::plan::{grown, left_of_own_will};
use crate::store::{StoreError, Tx};
use crate::telemetry::Phase;

use super::Pipeline;
use super::fault::fault_point;
use super::follow::subscriber_standings;
use super::work::OpenWork;

/// What a sweep did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SweepSummary {
    /// Tasks that it began.
    pub begun: usize,
    /// Tasks that it changed.
    pub changed: usize,
    /// What it has told.
    pub told: usize,
}

/// When a group customer counts as grown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GrowthRule {
    /// Members now, as percents of those at the month's start.
    pub percent: i64,
    /// Members that joined this month.
    pub joined_min: i64,
}

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
        let rules = self.settings.sweep;
        let inputs = self.read_model.inputs(&self.settings.rules);
        let GrowthRule {
            percent,
            joined_min,
        } = self.settings.growth;
        let grown = grown(inputs, percent, joined_min, now);
        let left = left_of_own_will(inputs, rules.win_back_days, rules.caught_up_days, now);
        let kept = self.work.take();
        let (summary, work) = self.write("sweep over tasks", |tx| -> Result<_, E> {
            let work = OpenWork::catch_up(kept, tx, now)?;
            // A task still names the subscribers of alerts that hold no more.
            let alerts = work.alerts_and_resolved();
            // A return call is due so many local days after the end: a day more on either side
            // holds them all.
            let days_ago = |days: u32| now.plus(-TimeDelta::days(i64::from(days)));
            let since = days_ago(rules.return_call_days + rules.caught_up_days + 1);
            let ended = tx
                .tasks_ended_between(since, days_ago(rules.return_call_days.saturating_sub(1)))?
                .rows;
            let untaken = alerts
                .iter()
                .filter(|(id, alert)| !work.is_held(id) && alert.state == AlertState::Firing);
            let untaken: Vec<AlertChange> = untaken
                .map(|(_, alert)| AlertChange::Opened((*alert).clone()))
                .collect();
            let mut background = self.background(tx, &untaken, &work, now)?;
            // The guard withholds an offer or gives one back, and subscribers go or come back: of
            // other tasks no subscriber is asked for.
            let of = |task: &'_ Task| {
                task.alert_ids
                    .iter()
                    .filter_map(|id| alerts.get(id).copied())
                    .collect::<Vec<&Alert>>()
            };
            let named = work
                .tasks()
                .filter(|task| goes_by_subscribers(task, of(task)))
                .flat_map(|task| named_subscribers(task, of(task)));
            background
                .subscribers
                .extend(subscriber_standings(tx, named.collect())?);
            let context = self.follow_up_context(&background, now);
            let occasions = Occasions {
                grown: &grown,
                left: &left,
                ended: &ended,
                ..occasions
            };
            let mut begun: Vec<Task> = Vec::new();
            for task in wanted(occasions, rules, &context) {
                go_on()?;
                if !work.has_task(&task.task_id) && !tx.has_task(&task.task_id)? {
                    begun.push(task);
                }
            }
            go_on()?;
            let done = sweep(work.tasks(), &alerts, begun, rules, &context);
            go_on()?;
            super::follow::save(tx, &done)?;
            self.save_closed(tx, &done.tasks, now)?;
            fault_point("sweep_saved");
            let begun = done.tasks.iter().filter(|task| task.version == 1).count();
            let summary = SweepSummary {
                begun,
                changed: done.tasks.len() - begun,
                told: done.notices.len(),
            };
            Ok((summary, OpenWork::catch_up(Some(work), tx, now)?))
        })?;
        self.work.set(Some(work));
        fault_point("after_sweep");
        self.settings
            .metrics
            .timed(Phase::Sweep, self.settings.wall.since(begun));
        Ok(summary)
    }

    /// Saves what BOSS and CRM are told of those tasks that contacts have ended.
    pub(super) fn save_closed(
        &self,
        tx: &Tx<'_>,
        tasks: &[Task],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let event = |task: &Task| {
            let by = task
                .steps
                .last()
                .and_then(|step| step.by.manager_id.as_ref());
            Some(closed_event(
                task,
                task.finish.as_ref()?,
                by,
                &self.settings.closed_source,
                now,
            ))
        };
        let mut ended = tasks
            .iter()
            .filter(|task| task.state == TaskState::Done)
            .filter_map(event);
        ended.try_for_each(|event| tx.insert_outgoing_event(&event))
    }
}
