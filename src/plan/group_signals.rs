//! Signals about a whole group: leavers, judged when one of its subscribers left; suspensions,
//! bills and contacts, judged in every evaluation.
//!
//! Invariant: the same condition raises a signal and keeps it open in an evaluation, so that none
//! opens and ends in turn.

use std::collections::BTreeMap;

use crate::domain::alert::{Alert, Explanation, Period, ResolvedBecause};
use crate::domain::counters::{Counter, DaySeries};
use crate::domain::event::{Group, Tier};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::{AlertKind, Indicator, Scope, Signal};
use crate::domain::limit_micro::LimitMicro;
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::evaluate::alerts::Wanted;
use crate::evaluate::figures::closing_on;
use crate::evaluate::signals::{
    ContactGaps, batch_leave, gone_since, last_billed_period, overdue, recent_from, revenue_drop,
    suspended_on, suspension_burst, wanted_by_group,
};

use super::indicators::FigureInputs;

/// The subscribers that have left a group customer and are in no other, by day.
pub(crate) type Leavers = BTreeMap<GroupId, Vec<(LocalDay, SubscriberId)>>;

/// The signals about leaving that are wanted at `now` for these groups, each with the first day
/// whose changes are not judged yet: what happened on a day and is judged on a later one, after an
/// outage, is judged as of every day in between. `leavers` are of those groups.
#[must_use]
pub fn wanted_by_groups(
    inputs: FigureInputs<'_>,
    groups: &BTreeMap<GroupId, LocalDay>,
    leavers: &Leavers,
    now: Timestamp,
) -> Vec<Wanted> {
    let today = inputs.rules.zone.day_of(now);
    let mut wanted = Vec::new();
    for (group, recent_from) in groups {
        let Some(series) = inputs.series.get(group) else {
            continue;
        };
        let want = |signal, day, explanation| {
            wanted_by_group(group, tier_of(inputs, group), signal, day, explanation)
        };
        let limit = loss_limit(inputs, group);
        let on = |day: LocalDay| batch_leave(series, day, limit, inputs.rules);
        wanted.extend(first_of(*recent_from, today, on).map(|(first, batch)| {
            let left = leavers.get(group).into_iter().flatten();
            let window = batch.explanation.window;
            let is_of_it =
                |day: LocalDay| window.is_some_and(|(first, last)| day >= first && day <= last);
            let members = left
                .filter(|(day, _)| is_of_it(*day))
                .map(|(_, subscriber)| subscriber.clone())
                .collect();
            Wanted {
                severity: batch.severity,
                members,
                ..want(Signal::BatchLeave, first, batch.explanation)
            }
        }));
        if let Some(day) = gone_since(series, today, inputs.rules) {
            let n = closing_on(series, day.plus(-1));
            wanted.push(want(
                Signal::GroupGone,
                day,
                Explanation {
                    k: n,
                    n,
                    ..Explanation::default()
                },
            ));
        }
    }
    wanted
}

/// The signals that the day counters of one group want; those about revenue by the month whose
/// bills are complete since recently, those about unpaid bills as of the day up to which everything
/// has been read.
pub(super) fn wanted_by_series(
    inputs: FigureInputs<'_>,
    group: &GroupId,
    series: &DaySeries,
    revenue: Option<(Month, LocalDay)>,
    (today, read_until): (LocalDay, LocalDay),
) -> Vec<Wanted> {
    let rules = inputs.rules;
    let from = recent_from(today, rules);
    let mut wanted = Vec::new();
    let mut want = |signal, day, explanation| {
        wanted.push(wanted_by_group(
            group,
            tier_of(inputs, group),
            signal,
            day,
            explanation,
        ))
    };
    let burst = series
        .within(Counter::NewlySuspended, from, today)
        .next()
        .and_then(|_| {
            // Cause first: a group whose own account is in arrears has one signal for all.
            let on = |day| suspension_burst(series, day, today, rules);
            first_of(from, today, on).filter(|_| {
                !overdue(series, read_until, rules).is_some_and(|overdue| overdue.unified)
            })
        });
    if let Some((first, explanation)) = burst {
        want(Signal::SuspensionBurst, first, explanation);
    }
    let due = |counter| {
        series
            .within(counter, from.plus(-rules.signals.arrears.after_days), today)
            .next()
            .is_some()
    };
    if (due(Counter::UnpaidUnified) || due(Counter::UnpaidSubscribers))
        && let Some(overdue) =
            overdue(series, read_until, rules).filter(|overdue| overdue.last_on >= from)
    {
        want(Signal::Arrears, overdue.last_on, overdue.explanation());
    }
    if let Some((period, known_on)) = revenue
        && let Some(drop) = revenue_drop(series, period, rules)
    {
        want(Signal::RevenueDrop, known_on, drop.explanation());
    }
    wanted
}

/// The signals that missing contacts want.
pub(super) fn wanted_by_gaps(inputs: FigureInputs<'_>, gaps: Option<&ContactGaps>) -> Vec<Wanted> {
    let Some(gaps) = gaps else { return Vec::new() };
    let groups = inputs
        .reference
        .groups
        .values()
        .filter_map(|history| history.latest())
        .filter(|group| gaps.is_gap(group));
    let want = |group: &Group| {
        wanted_by_group(
            &group.group_id,
            Some(group.tier),
            Signal::ContactGap,
            gaps.since,
            Explanation::default(),
        )
    };
    groups.map(want).collect()
}

/// The last billed month, with the day from which its bills count as complete; none if that day is
/// before `from` or nobody's bills are there.
pub(super) fn recent_revenue_drops(
    inputs: FigureInputs<'_>,
    today: LocalDay,
    from: LocalDay,
) -> Option<(Month, LocalDay)> {
    let (period, known_on) = last_billed_period(today);
    let is_billed = |series: &DaySeries| {
        series
            .within(Counter::BilledFen, period.first_day(), period.last_day())
            .next()
            .is_some()
    };
    (known_on >= from && inputs.series.values().any(is_billed)).then_some((period, known_on))
}

/// The first day from `from` to `today` on which something shows, with its explanation
/// today, or then.
fn first_of<T>(
    from: LocalDay,
    today: LocalDay,
    on: impl Fn(LocalDay) -> Option<T>,
) -> Option<(LocalDay, T)> {
    let (first, shown) = from
        .to(today)
        .find_map(|day| on(day).map(|shown| (day, shown)))?;
    Some((first, on(today).unwrap_or(shown)))
}

/// Why an open signal of a whole group holds no longer, if so. Time alone undoes no window that an
/// open task answers: it holds as long as one of the windows from its first day on shows it; but
/// once its task is done, only while today's do. What is missing is judged as of `read_until`.
#[must_use]
pub(crate) fn group_signal_ended(
    inputs: FigureInputs<'_>,
    gaps: Option<&ContactGaps>,
    alert: &Alert,
    (now, read_until): (Timestamp, Timestamp),
) -> Option<ResolvedBecause> {
    let (AlertKind::Signal(signal), Scope::Group(group), Period::Day(first)) =
        (alert.key.kind, &alert.key.scope, alert.key.period)
    else {
        return None;
    };
    let rules = inputs.rules;
    let [today, read_until] = [now, read_until].map(|at| rules.zone.day_of(at));
    let nothing = DaySeries::default();
    let series = inputs.series.get(group).unwrap_or(&nothing);
    let window = |shows: &dyn Fn(LocalDay) -> bool| {
        if !first.to(today).any(shows) {
            return Some(ResolvedBecause::Recovered);
        }
        (alert.count_when_done.is_some() && !shows(today)).then_some(ResolvedBecause::TaskDone)
    };
    match signal {
        Signal::GroupGone => recovered_if(closing_on(series, today) > 0),
        Signal::BatchLeave => {
            let limit = loss_limit(inputs, group);
            let ended = window(&|day| batch_leave(series, day, limit, rules).is_some());
            let since = alert.explanation.window.map_or(first, |window| window.0);
            let gone = series.within(Counter::LeftCompany, since, today);
            let gone: i64 = gone.map(|(_, count)| count).sum();
            restored_if(gone * 2 < alert.explanation.k, ended)
        }
        Signal::SuspensionBurst => {
            let ended = window(&|day| suspension_burst(series, day, today, rules).is_some());
            // Fewer may be stopped since some of them have left: that does not restore them.
            let mut left = series.within(Counter::LeftCompany, first, today);
            let are_back =
                left.next().is_none() && suspended_on(series, today) * 2 < alert.explanation.k;
            restored_if(are_back, ended)
        }
        Signal::Arrears => recovered_if(overdue(series, read_until, rules).is_none()),
        Signal::RevenueDrop => {
            let period = last_billed_period(read_until).0;
            recovered_if(revenue_drop(series, period, rules).is_none())
        }
        Signal::ContactGap => {
            let Some(gaps) = gaps.filter(|gaps| gaps.since == first) else {
                return Some(ResolvedBecause::MonthEnded);
            };
            let group = inputs.reference.group(group);
            let is_gap = group.is_some_and(|group| gaps.is_gap(group));
            recovered_if(!is_gap)
        }
        Signal::LockedNumberLost
        | Signal::KeyLine
        | Signal::PreCancel
        | Signal::PortOut
        | Signal::MajorComplaint
        | Signal::ComplaintOpen
        | Signal::ComplaintHotspot
        | Signal::LowScore => None,
    }
}

fn recovered_if(is_over: bool) -> Option<ResolvedBecause> {
    is_over.then_some(ResolvedBecause::Recovered)
}

/// A signal that counts subscribers and holds no longer is restored only if most of them are back.
fn restored_if(are_back: bool, ended: Option<ResolvedBecause>) -> Option<ResolvedBecause> {
    match ended {
        Some(ResolvedBecause::Recovered) if are_back => Some(ResolvedBecause::Restored),
        ended => ended,
    }
}

pub(super) fn tier_of(inputs: FigureInputs<'_>, group: &GroupId) -> Option<Tier> {
    inputs.reference.group(group).map(|group| group.tier)
}

pub(super) fn loss_limit(inputs: FigureInputs<'_>, group: &GroupId) -> LimitMicro {
    let known = inputs.reference.group(group);
    let scope = Scope::Group(group.clone());
    inputs
        .rules
        .limits_for(&scope, known.map(|g| &g.unit_id), known.map(|g| g.tier))
        .limit_of(Indicator::MemberLossRate)
}
