//! A look at the figures: alerts, their tasks and what is to be told, in one transaction.

use std::collections::BTreeSet;

use chrono::NaiveTime;

use crate::domain::alert::{Alert, AlertChange, AlertId, Period, ResolvedBecause};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{Month, Timestamp};
use crate::evaluate::alerts::{Standing, Wanted, raise, resolve};
use crate::plan::{judged_months, wanted_by_indicators};
use crate::store::{Setting, StoreError};

use super::fault::fault_point;
use super::{Pipeline, PipelineError};

/// When the bulletin of a month goes out, on the first working day of the next.
const BULLETIN_AT: NaiveTime = NaiveTime::from_hms_opt(9, 0, 0).expect("nine o'clock is a time");

/// What a look did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Looked {
    /// Alerts that opened or reopened.
    pub opened: usize,
    /// Alerts that were resolved.
    pub resolved: usize,
    /// Tasks that are new or changed.
    pub tasks: usize,
}

impl Pipeline {
    /// Looks at all figures at `now`. Signals about lines are judged only when the worker has `caught_up`.
    ///
    /// # Errors
    /// When the store says no: then nothing of the look is committed.
    pub fn look(&mut self, now: Timestamp, caught_up: bool) -> Result<Looked, PipelineError> {
        self.settle()?;
        let begun = self.settings.wall.elapsed();
        let picture = self.world.picture(&self.settings.rules);
        let months = judged_months(now, &self.settings.rules, |month| self.bulletin_of(month));
        let wanted: Vec<(Month, Vec<Wanted>)> = months.iter().map(|month| (*month, wanted_by_indicators(picture, *month, now))).collect();
        let looked = self.write("look at the figures", |tx| -> Result<Looked, StoreError> {
            let tasks = tx.open_tasks()?;
            let with_open_task: BTreeSet<AlertId> = tasks.iter().flat_map(|task| task.alert_ids.iter().cloned()).collect();
            let open = tx.open_alerts()?;
            let mut changes = Vec::new();
            for (month, wanted) in wanted {
                let alerts = tx.alerts_of_period(Period::Month(month))?;
                changes.extend(cleared(&open, |key| key == Period::Month(month), &wanted, ResolvedBecause::Recovered, now));
                changes.extend(raise(wanted, &Standing { alerts: &alerts, with_open_task: &with_open_task }, now));
            }
            changes.extend(cleared(
                &open,
                |key| matches!(key, Period::Month(month) if !months.contains(&month)),
                &[],
                ResolvedBecause::MonthEnded,
                now,
            ));
            if caught_up {
                changes.extend(self.judge_signals(tx, &open, &with_open_task, now)?);
            }
            fault_point("alerts_judged");
            let done = self.follow(tx, &changes, tasks, now)?;
            tx.set(Setting::LookedAt, now.micros())?;
            if self.world.began_at.is_none() {
                tx.set(Setting::BeganAt, now.micros())?;
            }
            fault_point("before_look_commit");
            Ok(Looked {
                opened: changes.iter().filter(|c| matches!(c, AlertChange::Opened(_) | AlertChange::Reopened(_))).count(),
                resolved: changes.iter().filter(|c| matches!(c, AlertChange::Resolved(_))).count(),
                tasks: done.tasks.len(),
            })
        })?;
        fault_point("after_look");
        let told_after =
            self.world.unseen_since.take().filter(|_| looked.opened > 0).map(|read_at| self.settings.wall.now().since(read_at));
        let told_after = told_after.and_then(|after| after.to_std().ok());
        let took = self.settings.wall.since(begun);
        self.settings.metrics.looked(took, looked.opened, looked.resolved, told_after);
        if looked != Looked::default() {
            let (Looked { opened, resolved, tasks }, duration_ms) = (looked, took.as_millis() as u64);
            tracing::info!(
                alerts.opened = opened,
                alerts.resolved = resolved,
                tasks,
                duration_ms,
                "A look at the figures changed something"
            );
        }
        self.world.looked_at = Some(now);
        self.world.began_at.get_or_insert(now);
        Ok(looked)
    }

    /// When the bulletin of `month` goes out.
    fn bulletin_of(&self, month: Month) -> Timestamp {
        let next = month.plus(1);
        let day = self.settings.calendar.first_working_day_of_month(next).unwrap_or_else(|| next.first_day().date());
        self.settings.rules.zone.at(day.and_time(BULLETIN_AT))
    }
}

/// Open indicator alerts of the periods in question that nothing wants any more.
fn cleared(
    open: &[Alert],
    period: impl Fn(Period) -> bool,
    wanted: &[Wanted],
    because: ResolvedBecause,
    now: Timestamp,
) -> Vec<AlertChange> {
    let wanted: BTreeSet<(&Scope, AlertKind)> = wanted.iter().map(|one| (&one.scope, one.kind)).collect();
    let is_wanted = |alert: &Alert| wanted.contains(&(&alert.key.scope, alert.key.kind));
    open.iter()
        .filter(|alert| matches!(alert.key.kind, AlertKind::Indicator(_)) && period(alert.key.period) && !is_wanted(alert))
        .map(|alert| resolve(alert, because, now))
        .collect()
}
