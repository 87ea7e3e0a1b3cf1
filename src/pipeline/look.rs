//! A look at the figures: alerts, their tasks and what is to be told, in one transaction.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveTime;

use crate::domain::alert::{Alert, AlertChange, AlertId, Period, ResolvedBecause};
use crate::domain::entity::{Entity, EntityKey};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::timeline::LineFact;
use crate::evaluate::alerts::{Standing, Wanted, raise, resolve};
use crate::evaluate::signals;
use crate::plan::{judged_months, wanted_by_groups, wanted_by_indicators};
use crate::store::StoreError;
use crate::store::{Setting, Tx};

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

    /// Judges the lines whose news has settled, the groups that they left, and every open signal beside them.
    fn judge_signals(
        &self,
        tx: &Tx<'_>,
        open: &[Alert],
        with_open_task: &BTreeSet<AlertId>,
        now: Timestamp,
    ) -> Result<Vec<AlertChange>, StoreError> {
        let rules = &self.settings.rules;
        let due = tx.take_signal_checks(now)?;
        let facts = facts_of(tx, due)?;
        let mut wanted: Vec<Wanted> = facts.iter().flat_map(|(line, facts)| signals::wanted_by_line(line, facts, now, rules)).collect();
        let mut groups: BTreeMap<GroupId, LocalDay> = BTreeMap::new();
        for fact in facts.values().flatten().filter(|fact| signals::is_news(fact.at, now, rules)) {
            let day = rules.zone.day_of(fact.at);
            groups.entry(fact.member.group_id.clone()).and_modify(|first| *first = day.min(*first)).or_insert(day);
        }
        let (lines, of_groups): (Vec<&Alert>, Vec<&Alert>) =
            open.iter().filter(|alert| matches!(alert.key.kind, AlertKind::Signal(_))).partition(|alert| !alert.key.subject.is_empty());
        let picture = self.world.picture(rules);
        wanted.extend(wanted_by_groups(picture, &groups, now));
        let mut changes = Vec::new();
        for alert in of_groups {
            if !crate::plan::group_signal_holds(picture, alert, now) {
                changes.push(resolve(alert, ResolvedBecause::Restored, now));
            }
        }
        for alert in lines {
            changes.extend(undone(alert, &facts, rules, now));
        }
        let mut standing: Vec<Alert> = Vec::new();
        for one in &wanted {
            for alert in tx.alerts_of_scope(&one.scope, one.kind)? {
                let resolved_now = changes.iter().map(AlertChange::alert).find(|changed| changed.key == alert.key).cloned();
                standing.push(resolved_now.unwrap_or(alert));
            }
        }
        changes.extend(raise(wanted, &Standing { alerts: &standing, with_open_task }, now));
        Ok(changes)
    }
}

pub(super) fn facts_of(tx: &Tx<'_>, lines: Vec<SubscriberId>) -> Result<BTreeMap<SubscriberId, Vec<LineFact>>, StoreError> {
    let keys: Vec<EntityKey> = lines.iter().cloned().map(EntityKey::Subscriber).collect();
    let facts = |timeline| if let Some(Entity::Subscriber(line)) = timeline { line.walk().facts().collect() } else { Vec::new() };
    Ok(lines.into_iter().zip(tx.timelines(&keys)?.into_iter().map(facts)).collect())
}

/// Open indicator alerts of the periods in question that nothing wants any more.
fn cleared(
    open: &[Alert],
    period: impl Fn(Period) -> bool,
    wanted: &[Wanted],
    because: ResolvedBecause,
    now: Timestamp,
) -> Vec<AlertChange> {
    let is_wanted = |alert: &Alert| wanted.iter().any(|one| one.scope == alert.key.scope && one.kind == alert.key.kind);
    open.iter()
        .filter(|alert| matches!(alert.key.kind, AlertKind::Indicator(_)) && period(alert.key.period) && !is_wanted(alert))
        .map(|alert| resolve(alert, because, now))
        .collect()
}

/// Resolves an open alert about a line whose news no longer holds, if the line was judged now.
fn undone(
    alert: &Alert,
    facts: &BTreeMap<SubscriberId, Vec<LineFact>>,
    rules: &crate::evaluate::rules::Rules,
    now: Timestamp,
) -> Option<AlertChange> {
    let (AlertKind::Signal(kind), Scope::Group(group)) = (alert.key.kind, &alert.key.scope) else { return None };
    let line = SubscriberId::parse(&alert.key.subject).ok()?;
    let of_line = signals::of_line(facts.get(&line)?);
    let mut same = of_line.iter().filter(|s| s.signal == kind && s.group_id == *group).peekable();
    let because = if same.peek().is_none() { ResolvedBecause::Retracted } else { ResolvedBecause::Restored };
    let first_day = |at| Period::Day(rules.zone.day_of(at)) >= alert.key.period;
    (!same.any(|signal| signal.holds && first_day(signal.at))).then(|| resolve(alert, because, now))
}
