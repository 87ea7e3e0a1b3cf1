//! Which changes are recent enough to raise a signal, and the alert of a signal of a whole group.

use crate::domain::alert::{AlertSubject, Explanation, Period};
use crate::domain::event::Tier;
use crate::domain::ids::GroupId;
use crate::domain::indicator::{AlertKind, Scope, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};

use super::super::alerts::Wanted;
use super::super::rules::Rules;

/// The first local day whose changes raise signals at `today`.
#[must_use]
pub(crate) fn recent_from(today: LocalDay, rules: &Rules) -> LocalDay {
    today.plus(-rules.signals.max_age_days)
}

/// Whether a change at `at` is recent enough at `now` to raise a signal.
#[must_use]
pub(crate) fn is_recent(at: Timestamp, now: Timestamp, rules: &Rules) -> bool {
    at <= now && rules.zone.day_of(at) >= recent_from(rules.zone.day_of(now), rules)
}

/// Likewise for a change that the next input may undo, such as one about leaving: it must have
/// settled.
#[must_use]
pub(crate) fn is_settled_and_recent(at: Timestamp, now: Timestamp, rules: &Rules) -> bool {
    at.plus(rules.signals.settle) <= now && is_recent(at, now, rules)
}

/// An alert for a signal of a whole group.
#[must_use]
pub(crate) fn wanted_by_group(
    group: &GroupId,
    tier: Option<Tier>,
    signal: Signal,
    day: LocalDay,
    explanation: Explanation,
) -> Wanted {
    Wanted {
        scope: Scope::Group(group.clone()),
        kind: AlertKind::Signal(signal),
        subject: AlertSubject::WholeScope,
        period: Period::Day(day),
        severity: signal.severity(tier),
        explanation,
        members: Vec::new(),
    }
}
