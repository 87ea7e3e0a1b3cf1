//! Evaluating the figures: alerts, their tasks and what is to be told, in one transaction.

use std::collections::BTreeSet;

use chrono::{NaiveTime, TimeDelta};

use crate::domain::alert::{AlertChange, Period, ResolvedBecause};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{Month, Timestamp};
use crate::evaluate::alerts::{Wanted, resolve};
use crate::plan::{Touched, judged_months};
use crate::store::{Setting, StoreError, Tx};

use super::fault::fault_point;
use super::judge::raise_beside;
use super::read_model::save_evaluated_at;
use super::work::OpenWork;
use super::{Pipeline, PipelineError};

/// When the bulletin of a month goes out, on the first working day of the next.
const BULLETIN_AT: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock is a time");

/// Input that lags less than this is not worth a word.
const LAG_TOLD: TimeDelta = TimeDelta::minutes(1);

/// What an evaluation did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct EvaluationSummary {
    /// Alerts that opened or reopened.
    pub opened: usize,
    /// Alerts that were resolved.
    pub resolved: usize,
    /// Tasks that are new or changed.
    pub tasks: usize,
}

/// How far the input has been read when figures are summary at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct InputProgress {
    /// Whether there is no large backlog: only then signals are judged.
    pub caught_up: bool,
    /// Up to when everything has been read; none while too much has not been for anything to be
    /// missed.
    pub until: Option<Timestamp>,
}

impl InputProgress {
    /// Everything up to an instant has been read.
    #[must_use]
    pub const fn all_until(now: Timestamp) -> Self {
        Self {
            caught_up: true,
            until: Some(now),
        }
    }
}

impl Pipeline {
    /// Notes up to when everything has been read. It goes back never: what was missing as of an
    /// instant was missing then.
    pub fn read_up_to(&mut self, until: Option<Timestamp>) {
        self.read_model.read_until = self.read_model.read_until.max(until);
    }

    /// Looks at all figures at `now`; what is missing is judged as of the instant up to which
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
        self.read_up_to(until);
        // A clock that was ahead has said what it could not know.
        self.read_model.read_until = self.read_model.read_until.map(|until| until.min(now));
        self.read_model.lags = self.read_model.read_until(now) < now.plus(-LAG_TOLD);
        let begun = self.settings.wall.elapsed();
        let months = judged_months(now, &self.settings.rules, |month| self.bulletin_of(month));
        self.judge_touched(&months, now);
        let kept = self.work.take();
        let (summary, work) =
            self.write("evaluate the figures", |tx| -> Result<_, StoreError> {
                let mut work = OpenWork::catch_up(kept, tx, now)?;
                let mut changes = self.judge_indicators(tx, &work, &months, now)?;
                let mut subscribers = BTreeSet::new();
                if caught_up {
                    let signals = self.judge_signals(tx, &work, now)?;
                    changes.extend(signals.changes);
                    subscribers = signals.subscribers;
                }
                fault_point("alerts_judged");
                let done = self.follow(tx, (&changes, &subscribers), &mut work, now)?;
                let summary = EvaluationSummary {
                    opened: changes
                        .iter()
                        .filter(|c| matches!(c, AlertChange::Opened(_) | AlertChange::Reopened(_)))
                        .count(),
                    resolved: changes
                        .iter()
                        .filter(|c| matches!(c, AlertChange::Resolved(_)))
                        .count(),
                    tasks: done.tasks.len(),
                };
                if self.read_model.began_at.is_none() {
                    tx.set(Setting::BeganAt, now.micros())?;
                }
                // An evaluation that changes nothing writes nothing: the next batch says how far it
                // went. But mails that were queued before it are tried as of it, by a worker that
                // begins anew too.
                if summary != EvaluationSummary::default()
                    || self.read_model.began_at.is_none()
                    || self.has_queued
                {
                    save_evaluated_at(tx, self.read_model.evaluated(now))?;
                }
                fault_point("before_look_commit");
                Ok((summary, OpenWork::catch_up(Some(work), tx, now)?))
            })?;
        self.work.set(Some(work));
        self.has_queued = false;
        if caught_up {
            self.touched = Touched::default();
        }
        fault_point("after_look");
        let notice_latency =
            self.read_model
                .notice_latency(summary.opened, caught_up, self.settings.wall.now());
        let took = self.settings.wall.since(begun);
        self.settings
            .metrics
            .evaluated(took, summary.opened, summary.resolved, notice_latency);
        if summary != EvaluationSummary::default() {
            let (
                EvaluationSummary {
                    opened,
                    resolved,
                    tasks,
                },
                duration_ms,
            ) = (summary, took.as_millis() as u64);
            tracing::info!(
                alerts.opened = opened,
                alerts.resolved = resolved,
                tasks,
                duration_ms,
                "An evaluation changed something"
            );
        }
        self.read_model.evaluated_at = Some(now);
        self.read_model.began_at.get_or_insert(now);
        Ok(summary)
    }

    /// Judges the day counters of the groups that were touched since the last evaluation.
    fn judge_touched(&mut self, months: &[Month], now: Timestamp) {
        let touched = std::mem::take(&mut self.read_model.touched);
        let inputs = self.read_model.inputs(&self.settings.rules);
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

    /// Judges the indicators of some months, within the transaction of an evaluation.
    fn judge_indicators(
        &self,
        tx: &Tx<'_>,
        work: &OpenWork,
        months: &[Month],
        now: Timestamp,
    ) -> Result<Vec<AlertChange>, StoreError> {
        let mut changes = Vec::new();
        for month in months {
            let wanted = self.counted.indicators(*month);
            changes.extend(cleared(
                work,
                |key| key == Period::Month(*month),
                &wanted,
                ResolvedBecause::Recovered,
                now,
            ));
            changes.extend(raise_beside(tx, wanted, (work, &[]), now)?);
        }
        let has_ended = |key| matches!(key, Period::Month(month) if !months.contains(&month));
        changes.extend(cleared(
            work,
            has_ended,
            &[],
            ResolvedBecause::MonthEnded,
            now,
        ));
        Ok(changes)
    }

    /// When the bulletin of `month` goes out.
    fn bulletin_of(&self, month: Month) -> Timestamp {
        let next = month.plus(1);
        let day = self
            .settings
            .calendar
            .first_working_day_of_month(next)
            .unwrap_or_else(|| next.first_day().date());
        self.settings.rules.zone.at(day.and_time(BULLETIN_AT))
    }
}

/// Open indicator alerts of the periods in question that nothing wants any more.
fn cleared(
    work: &OpenWork,
    period: impl Fn(Period) -> bool,
    wanted: &[Wanted],
    because: ResolvedBecause,
    now: Timestamp,
) -> Vec<AlertChange> {
    let wanted: BTreeSet<(&Scope, AlertKind)> =
        wanted.iter().map(|one| (&one.scope, one.kind)).collect();
    work.alerts()
        .filter(|alert| {
            matches!(alert.key.kind, AlertKind::Indicator(_)) && period(alert.key.period)
        })
        .filter(|alert| !wanted.contains(&(&alert.key.scope, alert.key.kind)))
        .map(|alert| resolve(alert, because, now))
        .collect()
}
