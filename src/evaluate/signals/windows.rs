//! Signals from the members of a group over some days: many left, many were suspended, no member is
//! left.

use crate::domain::alert::Explanation;
use crate::domain::counters::{Counter, DaySeries};
use crate::domain::indicator::Severity;
use crate::domain::limit_micro::LimitMicro;
use crate::domain::local_day::LocalDay;

use super::super::figures::closing_on;
use super::super::rules::{Rules, WindowRules};
use super::super::tails::{poisson_upper, smallest_significant};

/// Days that a monthly rate is spread over.
const MONTH_DAYS: f64 = 30.0;

/// Members that left within one window.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct LeaverBatch {
    /// The number of leavers, and how many of them have churned.
    pub explanation: Explanation,
    /// Less urgent if the churned leavers alone would be no batch.
    pub severity: Severity,
}

/// The batch of leavers in a window that ends at `day`, if there is one: the window with the
/// smallest p.
#[must_use]
pub(crate) fn batch_leave(
    series: &DaySeries,
    day: LocalDay,
    loss_limit: LimitMicro,
    rules: &Rules,
) -> Option<LeaverBatch> {
    let counted =
        |counter, first| -> i64 { series.within(counter, first, day).map(|(_, n)| n).sum() };
    let of = |counter| {
        burst(
            series,
            day,
            |first| counted(counter, first),
            loss_limit,
            &rules.signals.batch_leave,
            rules.alpha,
        )
    };
    let (first, explanation) = of(Counter::LeftCompany)?;
    let churned = Some(counted(Counter::LeftChurned, first));
    let severity = if of(Counter::LeftChurned).is_some() {
        Severity::Critical
    } else {
        Severity::Warning
    };
    Some(LeaverBatch {
        explanation: Explanation {
            churned,
            ..explanation
        },
        severity,
    })
}

/// The members that are suspended at the end of a day.
#[must_use]
pub(crate) fn suspended_on(series: &DaySeries, day: LocalDay) -> i64 {
    series
        .days_of(Counter::Suspended)
        .take_while(|(on, _)| *on <= day)
        .map(|(_, n)| n)
        .sum()
}

/// A burst of suspensions in a window that ends at `day`, likewise. The count is capped by the
/// members that are suspended at the end of `today`: so the burst ends when the subscribers are
/// back.
#[must_use]
pub(crate) fn suspension_burst(
    series: &DaySeries,
    day: LocalDay,
    today: LocalDay,
    rules: &Rules,
) -> Option<Explanation> {
    let windows = &rules.signals.suspension_burst;
    let newly = |first| -> i64 {
        series
            .within(Counter::NewlySuspended, first, day)
            .map(|(_, n)| n)
            .sum()
    };
    // Usually even the longest window has too few suspensions, and no further sums are needed.
    if newly(day.plus(1 - windows.longest())) < windows.members_min {
        return None;
    }
    let suspended = suspended_on(series, today);
    let counted = |first| newly(first).min(suspended);
    burst(
        series,
        day,
        counted,
        rules.signals.suspended_a_month,
        windows,
        rules.alpha,
    )
    .map(|(_, explanation)| explanation)
}

/// The window with the smallest p, of those that end at `day` with more members than chance
/// explains at a monthly `rate`, and its first day; `count` sums from a first day to `day`.
fn burst(
    series: &DaySeries,
    day: LocalDay,
    count: impl Fn(LocalDay) -> i64,
    rate: LimitMicro,
    windows: &WindowRules,
    alpha: f64,
) -> Option<(LocalDay, Explanation)> {
    let (fewest, alpha) = (windows.members_min, alpha / windows.days.len() as f64);
    let of_window = |window: &i32| {
        let first = day.plus(1 - window);
        let k = count(first);
        if k < fewest {
            return None;
        }
        let n = closing_on(series, first.plus(-1));
        let expected = n as f64 * rate.to_f64() * f64::from(*window) / MONTH_DAYS;
        let p = poisson_upper(k, expected);
        let explanation = || Explanation {
            k,
            n,
            expected: Some(expected),
            p: Some(p),
            needed: Some(smallest_significant(alpha, |k| poisson_upper(k, expected)).max(fewest)),
            limit: Some(rate.to_f64()),
            window: Some((first, day)),
            ..Explanation::default()
        };
        (p <= alpha).then(|| (p, first, explanation()))
    };
    let surest = windows
        .days
        .iter()
        .filter_map(of_window)
        .min_by(|a, b| a.0.total_cmp(&b.0));
    surest.map(|(_, first, explanation)| (first, explanation))
}

/// The day on which the group's last member left, if it has none at the end of `today` and had some
/// within `gone_within_days`.
#[must_use]
pub(crate) fn gone_since(series: &DaySeries, today: LocalDay, rules: &Rules) -> Option<LocalDay> {
    let (mut members, mut gone) = (0, None);
    for (day, change) in series
        .days_of(Counter::Members)
        .take_while(|(day, _)| *day <= today)
    {
        let before = members;
        members += change;
        if before > 0 && members == 0 {
            gone = Some(day);
        } else if members > 0 {
            gone = None;
        }
    }
    gone.filter(|day| day.number() > today.number() - rules.signals.gone_within_days)
}
