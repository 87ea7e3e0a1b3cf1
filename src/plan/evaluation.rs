//! The changes of an evaluation: alerts of indicators and of signals that open, continue and are
//! resolved.
//!
//! It does not know where alerts are kept. Invariant: an indicator alert is open exactly as long as
//! its month is judged and its figures want it.

use std::collections::BTreeSet;

use crate::domain::alert::{Alert, AlertChange, AlertId, AlertKey, Period, ResolvedBecause};
use crate::domain::indicator::{AlertKind, Scope};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::silence::Silence;
use crate::evaluate::alerts::{Wanted, resolve};

use super::group_signals::Leavers;
use super::incremental::{Incremental, TouchedGroups};
use super::lapsing::{lapsed, passed_by, silences_from};
use super::open_work::OpenWork;
use super::raising::raise_beside;
use super::signal_evaluation::SignalEvaluation;

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

impl EvaluationSummary {
    pub(crate) fn of_changes(changes: &[AlertChange], tasks: usize) -> Self {
        let count = |is: fn(&AlertChange) -> bool| changes.iter().filter(|one| is(one)).count();
        Self {
            opened: count(|one| matches!(one, AlertChange::Opened(_) | AlertChange::Reopened(_))),
            resolved: count(|one| matches!(one, AlertChange::Resolved(_))),
            tasks,
        }
    }
}

/// What changes of the indicator alerts of the judged months, and of those of months that are
/// judged no more. `occurrences`: as for [`raise_beside`].
pub(crate) fn indicator_changes<E>(
    counted: &Incremental,
    months: &[Month],
    work: &OpenWork,
    now: Timestamp,
    mut occurrences: impl FnMut(&Wanted) -> Result<Option<Vec<Alert>>, E>,
) -> Result<Vec<AlertChange>, E> {
    let mut changes = Vec::new();
    for month in months {
        let wanted = counted.indicators(*month);
        let is_of_month = |period| period == Period::Month(*month);
        let because = ResolvedBecause::Recovered;
        changes.extend(cleared(work, is_of_month, &wanted, because, now));
        changes.extend(raise_beside(wanted, (work, &[]), now, &mut occurrences)?);
    }
    let has_ended = |period| matches!(period, Period::Month(month) if !months.contains(&month));
    let because = ResolvedBecause::MonthEnded;
    changes.extend(cleared(work, has_ended, &[], because, now));
    Ok(changes)
}

/// What changes of the signals: what has ended first. `leavers` are those of the
/// [groups that subscribers have left](SignalEvaluation::groups_left); `occurrences`: as for
/// [`raise_beside`]; `silences` gives those that were in force on a day or later, and is asked only
/// where an alert may lapse.
pub(crate) fn signal_changes<E>(
    signals: &SignalEvaluation<'_>,
    (counted, touched): (&Incremental, &TouchedGroups),
    leavers: &Leavers,
    work: &OpenWork,
    occurrences: impl FnMut(&Wanted) -> Result<Option<Vec<Alert>>, E>,
    silences: impl FnOnce(LocalDay) -> Result<Vec<Silence>, E>,
) -> Result<Vec<AlertChange>, E> {
    let mut changes = signals.ended(work.alerts(), touched);
    let (inputs, today) = (signals.inputs(), signals.today());
    let ended: BTreeSet<&AlertKey> = changes.iter().map(|one| &one.alert().key).collect();
    let is_answered = |id: &AlertId| work.is_held(id);
    let mut passed = passed_by(inputs, work.alerts_with_ids(), is_answered, today);
    passed.retain(|alert| !ended.contains(&alert.key));
    if !passed.is_empty() {
        let silences = silences(silences_from(today))?;
        changes.extend(lapsed(inputs, passed, &silences, signals.now()));
    }
    let wanted = signals.wanted(counted.signals().cloned().collect(), leavers);
    let raised = raise_beside(wanted, (work, &changes), signals.now(), occurrences)?;
    changes.extend(raised);
    Ok(changes)
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
