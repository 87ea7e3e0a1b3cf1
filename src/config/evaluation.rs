//! `rate.*`, `significance.*`, `signals.*`: how figures are judged.
//!
//! It may not know the figures. Invariant: every number is in the range in which its rule means something.

use chrono::TimeDelta;
use serde::Deserialize;

use super::Config;
use super::check::Check;
use super::value;

/// `rate.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Rate {
    /// What the rates divide by.
    pub base: RateBase,
}

/// What churn, loss and complaints divide by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateBase {
    /// Members at the month's start.
    Opening,
    /// Members at the day's end.
    Closing,
    /// The mean of both.
    Average,
    /// For churn: closing × days of the month × 12 / days of the year; opening for the others.
    DayNormalised,
}

/// `significance.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Significance {
    /// Largest probability that is taken for more than chance; above 0, below 0.5.
    pub alpha: f64,
    /// Fewest answers by which satisfaction is judged.
    pub min_answers: u32,
}

/// `signals.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Signals {
    /// How old a change must be.
    #[serde(deserialize_with = "value::time_delta")]
    pub settle: TimeDelta,
    /// Local days in which a change raises signals, 1 to 366.
    #[serde(deserialize_with = "value::days")]
    pub max_age: u32,
    /// 批量离网
    pub batch_leave: BatchLeave,
    /// No member is left.
    pub group_gone: GroupGone,
}

/// `signals.batch_leave.*`
#[derive(Debug, Clone, Deserialize)]
pub struct BatchLeave {
    /// Local days looked at together, shortest first.
    pub windows_days: Vec<u32>,
    /// Fewest members.
    pub members_min: u32,
}

/// `signals.group_gone.*`
#[derive(Debug, Clone, Deserialize)]
pub struct GroupGone {
    /// Days looked back.
    pub days: u32,
}

pub(super) fn check(root: &Config, check: &mut Check<'_>) {
    check.within_float("significance.alpha", root.significance.alpha, 0.5);
    check.within("significance.min_answers", root.significance.min_answers, 1, 10_000);
    let signals = &root.signals;
    check.within("signals.max_age", signals.max_age, 1, 366);
    let windows = &signals.batch_leave.windows_days;
    let rising = windows.windows(2).all(|pair| pair[0] < pair[1]);
    if windows.is_empty() || !rising || windows.iter().any(|days| !(1..=31).contains(days)) {
        check.wrong(
            "signals.batch_leave.windows_days",
            "must be different numbers of days from 1 to 31, rising; hint: the default is [1, 3, 7]",
        );
    }
    check.within("signals.batch_leave.members_min", signals.batch_leave.members_min, 1, 10_000);
    check.within("signals.group_gone.days", signals.group_gone.days, 1, 366);
}
