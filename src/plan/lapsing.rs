//! Alerts that no task answers and that time has passed by: they lapse, so that what is open does
//! not grow with age, or are lost where they tell of subscribers that have gone.
//!
//! It does not know why no task answers one: its unit observes, its task was cancelled, or it is a
//! notice. Invariant: nothing lapses that the same evaluation would raise, and an open task keeps its
//! alerts, since the end of a window cancels nothing.

use crate::domain::alert::{Alert, AlertChange, AlertId, Period, ResolvedBecause};
use crate::domain::counters::DaySeries;
use crate::domain::indicator::{AlertKind, Scope, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::silence::Silence;
use crate::domain::timeline::SubscriberTrouble;
use crate::evaluate::alerts::resolve;
use crate::evaluate::signals::{batch_leave, gone_since, recent_from, suspension_burst};

use super::group_signals::loss_limit;
use super::indicators::FigureInputs;

/// What still holds when a silence ends gets its task by the next sweep, which waits for the end of
/// the days off: no festival has more of them.
const AFTER_SILENCE_DAYS: i32 = 14;

/// The alerts among `open` that time has passed by at `today` and that `is_answered` by no open
/// task.
pub(super) fn passed_by<'a>(
    inputs: FigureInputs<'_>,
    open: impl Iterator<Item = (&'a AlertId, &'a Alert)>,
    is_answered: impl Fn(&AlertId) -> bool,
    today: LocalDay,
) -> Vec<&'a Alert> {
    open.filter(|(_, alert)| is_old(inputs, alert, today))
        .filter(|(id, _)| !is_answered(id))
        .map(|(_, alert)| alert)
        .filter(|alert| !still_shows(inputs, alert, today))
        .collect()
}

/// Those of them that lapse: one that was silenced has had no task yet, and may get one.
pub(super) fn lapsed(
    inputs: FigureInputs<'_>,
    passed: Vec<&Alert>,
    silences: &[Silence],
    now: Timestamp,
) -> Vec<AlertChange> {
    let day = silences_from(inputs.rules.zone.day_of(now));
    let may_get_a_task = |alert: &Alert| {
        let unit = inputs.reference.unit_of(&alert.key.scope);
        silences
            .iter()
            .any(|silence| silence.covers_with_unit(alert, unit, day))
    };
    passed
        .into_iter()
        .filter(|alert| !may_get_a_task(alert))
        .map(|alert| resolve(alert, because(alert), now))
        .collect()
}

/// Why it holds no more: of subscribers that have gone nothing can be said not to have come. Had
/// they come back, it would have been resolved by that.
const fn because(alert: &Alert) -> ResolvedBecause {
    match (alert.key.kind, alert.explanation.trouble) {
        (
            AlertKind::Signal(Signal::GroupGone | Signal::BatchLeave | Signal::LockedNumberLost),
            _,
        )
        | (_, Some(SubscriberTrouble::Gone(_))) => ResolvedBecause::Lost,
        _ => ResolvedBecause::Lapsed,
    }
}

/// From when on silences keep their alerts.
pub(super) fn silences_from(today: LocalDay) -> LocalDay {
    today.plus(-AFTER_SILENCE_DAYS)
}

/// Whether an alert is so old that it may have lapsed, by itself alone.
fn is_old(inputs: FigureInputs<'_>, alert: &Alert, today: LocalDay) -> bool {
    let (AlertKind::Signal(signal), Period::Day(first)) = (alert.key.kind, alert.key.period) else {
        return false;
    };
    let rules = inputs.rules;
    let recent = recent_from(today, rules);
    match signal {
        Signal::LockedNumberLost | Signal::KeyLine | Signal::PreCancel => {
            let since = alert.explanation.since;
            since.map_or(first, |since| rules.zone.day_of(since)) < recent
        }
        // One that makes no task lapses with the brief that tells it.
        Signal::LowScore => first < recent && inputs.reference.wants_task(alert),
        Signal::BatchLeave | Signal::SuspensionBurst => first < recent,
        Signal::GroupGone => first.plus(rules.signals.gone_within_days) <= today,
        // A port-out has its own time; the others end with what they are about.
        Signal::PortOut
        | Signal::RevenueDrop
        | Signal::Arrears
        | Signal::MajorComplaint
        | Signal::ComplaintOpen
        | Signal::ComplaintHotspot
        | Signal::ContactGap => false,
    }
}

/// Whether the day counters of a group still show what its signal is about, on one of the days
/// whose changes raise signals.
fn still_shows(inputs: FigureInputs<'_>, alert: &Alert, today: LocalDay) -> bool {
    let (AlertKind::Signal(signal), Scope::Group(group)) = (alert.key.kind, &alert.key.scope)
    else {
        return false;
    };
    let rules = inputs.rules;
    let nothing = DaySeries::default();
    let series = inputs.series.get(group).unwrap_or(&nothing);
    let mut recent = recent_from(today, rules).to(today);
    match signal {
        Signal::BatchLeave => {
            let limit = loss_limit(inputs, group);
            recent.any(|day| batch_leave(series, day, limit, rules).is_some())
        }
        Signal::SuspensionBurst => {
            recent.any(|day| suspension_burst(series, day, today, rules).is_some())
        }
        Signal::GroupGone => gone_since(series, today, rules).is_some(),
        _ => false,
    }
}
