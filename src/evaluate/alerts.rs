//! Compares the alerts that should be open with those that exist: opens, updates and resolves.
//!
//! Invariant: one open alert per scope, kind and subject of a period; an alert that holds again
//! reopens while its task is open, otherwise the next occurrence begins, with a task of its own. It
//! also begins when an alert has grown to more than twice its count when its task was done.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{
    Alert, AlertChange, AlertId, AlertKey, AlertState, AlertSubject, Explanation, Period,
    ResolvedBecause,
};
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{AlertKind, Scope, Severity};
use crate::domain::local_day::Timestamp;

/// An alert that should be open.
#[derive(Debug, Clone, PartialEq)]
pub struct Wanted {
    pub scope: Scope,
    pub kind: AlertKind,
    pub subject: AlertSubject,
    pub period: Period,
    pub severity: Severity,
    pub explanation: Explanation,
    /// The subscribers that it names.
    pub members: Vec<SubscriberId>,
}

pub(crate) struct ExistingAlerts<'a> {
    /// Every alert of the scopes, kinds and periods that are judged now, resolved ones too.
    pub alerts: &'a [Alert],
    /// Alerts whose task is open.
    pub with_open_task: &'a BTreeSet<AlertId>,
}

/// Scope, kind and subject of an alert.
type AlertPlaceRef<'a> = (&'a Scope, AlertKind, &'a AlertSubject);

/// Brings the alerts to the wanted state. Returns changes in the order of `wanted`.
#[must_use]
pub(crate) fn raise(
    wanted: Vec<Wanted>,
    standing: &ExistingAlerts<'_>,
    now: Timestamp,
) -> Vec<AlertChange> {
    let mut places: BTreeMap<AlertPlaceRef<'_>, Vec<usize>> = BTreeMap::new();
    for (at, alert) in standing.alerts.iter().enumerate() {
        places
            .entry((&alert.key.scope, alert.key.kind, &alert.key.subject))
            .or_default()
            .push(at);
    }
    let raised = |one: Wanted| {
        let place: AlertPlaceRef<'_> = (&one.scope, one.kind, &one.subject);
        let same: Vec<&Alert> = places
            .get(&place)
            .into_iter()
            .flatten()
            .map(|at| &standing.alerts[*at])
            .collect();
        raise_one(one, &same, standing.with_open_task, now)
    };
    wanted.into_iter().flat_map(raised).flatten().collect()
}

/// At most two changes: an alert that has grown is resolved, and the next occurrence begins. `same`
/// are the alerts of the same place.
fn raise_one(
    wanted: Wanted,
    same: &[&Alert],
    with_open_task: &BTreeSet<AlertId>,
    now: Timestamp,
) -> [Option<AlertChange>; 2] {
    let open = same
        .iter()
        .copied()
        .find(|a| a.state.is_open() && joins(&a.key, &wanted));
    if let Some(alert) = open.filter(|alert| !has_grown(alert, wanted.explanation.k)) {
        return [update(alert, &wanted), None];
    }
    let ended = open.map(|alert| resolve(alert, ResolvedBecause::TaskDone, now));
    let last = same
        .iter()
        .copied()
        .filter(|a| a.key.period == wanted.period)
        .max_by_key(|a| a.key.occurrence);
    let occurrence = match last {
        Some(last) if ended.is_none() && with_open_task.contains(&last.alert_id()) => {
            let mut alert = last.clone();
            alert.state = AlertState::Firing;
            alert.explanation = wanted.explanation;
            alert.severity = alert.severity.min(wanted.severity);
            if !wanted.members.is_empty() {
                alert.members = wanted.members;
            }
            (alert.resolved_at, alert.resolved_because) = (None, None);
            return [Some(AlertChange::Reopened(alert)), None];
        }
        // The same single event does not raise a second alert once its task is done.
        Some(last)
            if last.resolved_because == Some(ResolvedBecause::TaskDone)
                && last.key.is_about_one() =>
        {
            return [None, None];
        }
        Some(last) => last.key.occurrence + 1,
        None => 1,
    };
    let key = AlertKey {
        scope: wanted.scope,
        kind: wanted.kind,
        subject: wanted.subject,
        period: wanted.period,
        occurrence,
    };
    let opened = AlertChange::Opened(Alert {
        key,
        state: AlertState::Firing,
        severity: wanted.severity,
        explanation: wanted.explanation,
        members: wanted.members,
        opened_at: now,
        resolved_at: None,
        resolved_because: None,
        count_when_done: None,
        acknowledged: None,
    });
    [ended, Some(opened)]
}

/// The alert with its current figures, if they changed; it is never made less urgent. A window that
/// has merely moved on with the same count says nothing new.
fn update(alert: &Alert, wanted: &Wanted) -> Option<AlertChange> {
    let severity = alert.severity.min(wanted.severity);
    let figures = |of: Explanation| Explanation { window: None, ..of };
    let changed =
        (figures(alert.explanation), alert.severity) != (figures(wanted.explanation), severity);
    let members = if wanted.members.is_empty() {
        &alert.members
    } else {
        &wanted.members
    };
    changed.then(|| {
        let (explanation, members) = (wanted.explanation, members.clone());
        AlertChange::Updated(Alert {
            explanation,
            severity,
            members,
            ..alert.clone()
        })
    })
}

/// Whether the count is more than twice the one when the task was done.
fn has_grown(alert: &Alert, k: i64) -> bool {
    alert
        .count_when_done
        .is_some_and(|done| k > done.saturating_mul(2))
}

/// An open signal continues under its first day; an indicator belongs to its month alone.
fn joins(key: &AlertKey, wanted: &Wanted) -> bool {
    match key.kind {
        AlertKind::Indicator(_) => key.period == wanted.period,
        AlertKind::Signal(_) => true,
    }
}

#[must_use]
pub(crate) fn resolve(alert: &Alert, because: ResolvedBecause, now: Timestamp) -> AlertChange {
    let mut alert = alert.clone();
    alert.state = AlertState::Resolved;
    alert.resolved_at = Some(now);
    alert.resolved_because = Some(because);
    AlertChange::Resolved(alert)
}

#[cfg(test)]
#[path = "alerts_tests.rs"]
mod tests;
