//! The early signals about lines and groups.
//!
//! Source: the four-threes manual names 锁定号码流失 and 集团个人客户批量离网; the numbers are ours and assumptions.
//! Invariant: a signal is judged by the timeline as now known, so a late event or a retraction undoes it.

use crate::domain::alert::{Explanation, Period};
use crate::domain::counters::{Counter, DaySeries};
use crate::domain::event::Role;
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::indicator::{AlertKind, Scope, Severity, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::timeline::{LineFact, LineTrouble};

use super::alerts::Wanted;
use super::figures::closing_on;
use super::rules::{LimitMicro, Rules, SignalRules};
use super::tails::{poisson_upper, smallest_significant};

/// Days of the month to which the loss limit is spread.
const MONTH_DAYS: f64 = 30.0;

/// A signal that a fact about a line gives, whether or not it still holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineSignal {
    /// Which.
    pub signal: Signal,
    /// To which group.
    pub group_id: GroupId,
    /// When it happened.
    pub at: Timestamp,
    /// Whether it still holds.
    pub holds: bool,
}

/// Whether a fact can give a signal, of its line or of the group that the line left.
#[must_use]
pub fn is_judged(fact: &LineFact) -> bool {
    fact.trouble == LineTrouble::Lost || signal_of(fact).is_some()
}

/// The signals in the facts of a line, in order.
#[must_use]
pub fn of_line(facts: &[LineFact]) -> Vec<LineSignal> {
    let signal = |fact: &LineFact| {
        let group_id = fact.member.group_id.clone();
        signal_of(fact).map(|signal| LineSignal { signal, group_id, at: fact.at, holds: fact.holds })
    };
    facts.iter().filter_map(signal).collect()
}

fn signal_of(fact: &LineFact) -> Option<Signal> {
    match fact.trouble {
        LineTrouble::Lost => fact.member.locked.then_some(Signal::LockedNumberLost),
        _ => (fact.member.role != Role::Member).then_some(Signal::KeyLine),
    }
}

/// Whether a change at `at` is old enough and young enough to raise a signal at `now`.
#[must_use]
pub fn is_news(at: Timestamp, now: Timestamp, rules: &Rules) -> bool {
    at.plus(rules.signals.settle) <= now && rules.zone.day_of(at).number() >= rules.zone.day_of(now).number() - rules.signals.max_age_days
}

/// The alerts that a line's news wants at `now`.
#[must_use]
pub fn wanted_by_line(subscriber: &SubscriberId, facts: &[LineFact], now: Timestamp, rules: &Rules) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for signal in of_line(facts).into_iter().filter(|signal| signal.holds && is_news(signal.at, now, rules)) {
        let (scope, kind) = (Scope::Group(signal.group_id), AlertKind::Signal(signal.signal));
        if wanted.iter().any(|one| one.scope == scope && one.kind == kind) {
            continue;
        }
        wanted.push(Wanted {
            scope,
            kind,
            subject: subscriber.as_str().into(),
            period: Period::Day(rules.zone.day_of(signal.at)),
            severity: Severity::Critical,
            explanation: Explanation { k: 1, n: 1, ..Explanation::default() },
            members: vec![subscriber.clone()],
        });
    }
    wanted
}

/// A batch of leavers, if the days ending at `day` hold one: the window with the smallest p.
#[must_use]
pub fn batch_leave(series: &DaySeries, day: LocalDay, loss_limit: LimitMicro, rules: &Rules) -> Option<Explanation> {
    let SignalRules { batch_windows_days: windows, batch_members_min: fewest, .. } = &rules.signals;
    let alpha = rules.alpha / windows.len() as f64;
    windows
        .iter()
        .filter_map(|window| {
            let first = day.plus(1 - window);
            let k: i64 = series.of(Counter::LeftCompany).filter(|(left_on, _)| (first..=day).contains(left_on)).map(|(_, n)| n).sum();
            let n = closing_on(series, first.plus(-1));
            let expected = n as f64 * loss_limit.as_f64() * f64::from(*window) / MONTH_DAYS;
            let p = poisson_upper(k, expected);
            (k >= *fewest && p <= alpha).then(|| Explanation {
                value: None,
                k,
                n,
                expected: Some(expected),
                p: Some(p),
                needed: Some(smallest_significant(alpha, |k| poisson_upper(k, expected)).max(*fewest)),
                limit: Some(loss_limit.as_f64()),
            })
        })
        .min_by(|a, b| a.p.unwrap_or(1.0).total_cmp(&b.p.unwrap_or(1.0)))
}

/// The day on which the group's last member went, if it has none at the end of `today` and had some not long ago.
#[must_use]
pub fn gone_since(series: &DaySeries, today: LocalDay, rules: &Rules) -> Option<LocalDay> {
    let (mut members, mut gone) = (0, None);
    for (day, change) in series.of(Counter::Members).take_while(|(day, _)| *day <= today) {
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

/// An alert that a group-level signal wants.
#[must_use]
pub fn wanted_by_group(group: &GroupId, signal: Signal, day: LocalDay, explanation: Explanation) -> Wanted {
    Wanted {
        scope: Scope::Group(group.clone()),
        kind: AlertKind::Signal(signal),
        subject: "".into(),
        period: Period::Day(day),
        severity: Severity::Critical,
        explanation,
        members: Vec::new(),
    }
}
