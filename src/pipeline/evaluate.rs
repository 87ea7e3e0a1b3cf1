//! Evaluating the figures: alerts, their tasks and notices, in one transaction.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::domain::local_day::{Month, Timestamp};
use crate::plan::{EvaluationSummary, InputProgress, TouchedGroups, judged_months};
use crate::store::{Setting, StoreError, Tx};

use super::fault::fault_point;
use super::read_model::save_evaluated_at;
use super::work::KeptWork;
use super::{Pipeline, PipelineError};

impl Pipeline {
    /// Notes up to when everything has been read.
    pub(crate) fn read_up_to(&mut self, until: Option<Timestamp>) {
        self.read_model.read_up_to(until);
    }

    /// Evaluates all figures at `now`; what is missing is judged as of the instant up to which
    /// everything has been read.
    ///
    /// # Errors
    /// When the store fails: then nothing of the evaluation is committed.
    pub fn evaluate(
        &mut self,
        now: Timestamp,
        InputProgress { caught_up, until }: InputProgress,
    ) -> Result<EvaluationSummary, PipelineError> {
        self.settle()?;
        self.read_model.read_up_to(until);
        self.read_model.begin_evaluation(now);
        let begun = self.settings.wall.elapsed();
        let settings = &self.settings.plan;
        let months = judged_months(now, settings.rules.zone, &settings.calendar);
        self.judge_touched(&months, now);
        let kept = self.work.take();
        let (summary, work) =
            self.write_as_leader("evaluate the figures", |tx| -> Result<_, StoreError> {
                let mut work = KeptWork::catch_up(kept, tx, now)?;
                let summary = self.evaluate_within(tx, &mut work, &months, (now, caught_up))?;
                fault_point("before_evaluation_commit");
                Ok((summary, KeptWork::catch_up(Some(work), tx, now)?))
            })?;
        self.work.set(Some(work));
        self.has_queued = false;
        if caught_up {
            self.touched = TouchedGroups::default();
        }
        fault_point("after_evaluation");
        let notice_latency =
            self.read_model
                .notice_latency(summary.opened, caught_up, self.settings.wall.now());
        let took = self.settings.wall.since(begun);
        self.settings
            .metrics
            .evaluated(took, summary.opened, summary.resolved, notice_latency);
        log(summary, took);
        self.read_model.evaluated_at = Some(now);
        self.read_model.began_at.get_or_insert(now);
        Ok(summary)
    }

    fn evaluate_within(
        &self,
        tx: &Tx<'_>,
        work: &mut KeptWork,
        months: &[Month],
        (now, caught_up): (Timestamp, bool),
    ) -> Result<EvaluationSummary, StoreError> {
        let mut changes = self.judge_indicators(tx, work, months, now)?;
        let mut subscribers = BTreeSet::new();
        if caught_up {
            let (signals, judged) = self.judge_signals(tx, work, now)?;
            changes.extend(signals);
            subscribers = judged;
        }
        fault_point("alerts_judged");
        let tasks = self.follow(tx, (&changes, &subscribers), work, now)?;
        let summary = EvaluationSummary::of_changes(&changes, tasks);
        let is_first = self.read_model.began_at.is_none();
        if is_first {
            tx.set(Setting::BeganAt, now.micros())?;
        }
        // An evaluation without changes writes nothing: the next batch records its instant. But
        // mails that were queued before it are tried as of it, also by a worker that starts again.
        if summary != EvaluationSummary::default() || is_first || self.has_queued {
            save_evaluated_at(tx, self.read_model.evaluated(now))?;
        }
        Ok(summary)
    }

    /// Judges the day counters of the groups that were touched since the last evaluation.
    fn judge_touched(&mut self, months: &[Month], now: Timestamp) {
        let touched = std::mem::take(&mut self.read_model.touched);
        let inputs = self.read_model.inputs(&self.settings.plan.rules);
        let at = (now, self.read_model.read_until(now));
        // Signals may be judged less often than indicators.
        self.touched.extend(self.counted.refresh(
            inputs,
            &self.read_model.units,
            touched,
            months,
            at,
        ));
    }
}

fn log(summary: EvaluationSummary, took: Duration) {
    let EvaluationSummary {
        opened,
        resolved,
        tasks,
    } = summary;
    let duration_ms = took.as_millis() as u64;
    if summary == EvaluationSummary::default() {
        tracing::debug!(duration_ms, "An evaluation changed nothing");
        return;
    }
    tracing::info!(
        alerts.opened = opened,
        alerts.resolved = resolved,
        tasks,
        duration_ms,
        "An evaluation changed something"
    );
}
