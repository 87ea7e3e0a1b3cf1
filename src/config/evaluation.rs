//! `rate.*`, `significance.*`, `signals.*`: how figures are judged.
//!
//! It may not know the figures. Invariant: every number is in the range in which its rule is
//! meaningful.

use chrono::TimeDelta;
use serde::Deserialize;

use super::Config;
use super::check::ConfigCheck;
use super::value;
use crate::domain::limit_micro::LimitMicro;
use crate::domain::rate_base::RateBase;

/// `rate.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Rate {
    /// The denominator of the rates.
    pub base: RateBase,
}

/// `significance.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Significance {
    /// Significance level: the largest probability that does not count as chance; above 0, below
    /// 0.5.
    pub alpha: f64,
    /// Fewest answers for judging satisfaction.
    pub min_answers: u32,
}

/// `signals.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Signals {
    /// Minimum age of a change before it raises a signal.
    #[serde(deserialize_with = "value::time_delta")]
    pub settle: TimeDelta,
    /// Local days within which a change raises signals, 1 to 366.
    #[serde(deserialize_with = "value::days")]
    pub max_age: u32,
    /// 批量离网
    pub batch_leave: BatchLeave,
    /// 集中停机
    pub suspension_burst: SuspensionBurst,
    /// 欠费
    pub arrears: Arrears,
    /// 业务收入异动
    pub revenue_drop: RevenueDrop,
    /// 投诉超时未结
    pub complaint_open: ComplaintOpen,
    /// 投诉集中
    pub complaint_hotspot: ComplaintHotspot,
    /// 低分答卷
    pub low_score: LowScore,
    /// 久未走访
    pub contact_gap: ContactGap,
    /// No member is left.
    pub group_gone: GroupGone,
}

/// `signals.batch_leave.*`
#[derive(Debug, Clone, Deserialize)]
pub struct BatchLeave {
    /// Windows in local days, shortest first.
    pub windows_days: Vec<u32>,
    /// Fewest members.
    pub members_min: u32,
}

/// `signals.suspension_burst.*`
#[derive(Debug, Clone, Deserialize)]
pub struct SuspensionBurst {
    /// Windows in local days, shortest first.
    pub windows_days: Vec<u32>,
    /// Fewest members.
    pub members_min: u32,
    /// Share of the members that are suspended in a month without a burst, above 0, at most 1.
    pub monthly_share: LimitMicro,
}

/// `signals.arrears.*`
#[derive(Debug, Clone, Deserialize)]
pub struct Arrears {
    /// Days after the due day.
    pub after_days: u32,
    /// Fewest members with an overdue bill.
    pub members_min: u32,
    /// Smallest share of the billed members, above 0, at most 1.
    pub members_share: LimitMicro,
}

/// `signals.revenue_drop.*`
#[derive(Debug, Clone, Deserialize)]
pub struct RevenueDrop {
    /// Smallest share under the mean, above 0, at most 1.
    pub share: LimitMicro,
}

/// `signals.complaint_open.*`
#[derive(Debug, Clone, Deserialize)]
pub struct ComplaintOpen {
    /// How long a complaint may be open.
    #[serde(deserialize_with = "value::time_delta")]
    pub after: TimeDelta,
    /// The same for tier A.
    #[serde(deserialize_with = "value::time_delta")]
    pub tier_a_after: TimeDelta,
}

/// `signals.complaint_hotspot.*`
#[derive(Debug, Clone, Deserialize)]
pub struct ComplaintHotspot {
    /// Fewest complaints of one category.
    pub complaints_min: u32,
    /// Window in local days.
    pub days: u32,
    /// Multiple of the mean of the three windows before, above 0.
    pub factor: LimitMicro,
}

/// `signals.low_score.*`
#[derive(Debug, Clone, Deserialize)]
pub struct LowScore {
    /// Scores below this, on the 100 scale.
    pub below: u32,
}

/// `signals.contact_gap.*`
#[derive(Debug, Clone, Deserialize)]
pub struct ContactGap {
    /// Days before the quarter ends.
    pub days: u32,
}

/// `signals.group_gone.*`
#[derive(Debug, Clone, Deserialize)]
pub struct GroupGone {
    /// Look-back in days.
    pub days: u32,
}

pub(super) fn check(root: &Config, check: &mut ConfigCheck<'_>) {
    let alpha = root.significance.alpha;
    if !(alpha > 0.0 && alpha < 0.5) {
        check.wrong(
            "significance.alpha",
            &format!("`{alpha}` is not above 0 and below 0.5; hint: the default is 0.01, 1 of 100"),
        );
    }
    check.within(
        "significance.min_answers",
        root.significance.min_answers,
        1,
        10_000,
    );
    let signals = &root.signals;
    check.within("signals.max_age", signals.max_age, 1, 366);
    check_windows(signals, check);
    check_shares_and_times(signals, check);
    check.within(
        "signals.arrears.after_days",
        signals.arrears.after_days,
        1,
        366,
    );
    check.within(
        "signals.arrears.members_min",
        signals.arrears.members_min,
        1,
        10_000,
    );
    let hotspot = &signals.complaint_hotspot;
    check.within(
        "signals.complaint_hotspot.complaints_min",
        hotspot.complaints_min,
        1,
        10_000,
    );
    check.within("signals.complaint_hotspot.days", hotspot.days, 1, 92);
    check.within("signals.low_score.below", signals.low_score.below, 1, 100);
    check.within("signals.contact_gap.days", signals.contact_gap.days, 1, 92);
    check.within("signals.group_gone.days", signals.group_gone.days, 1, 366);
}

/// Checks the windows of both signals.
fn check_windows(signals: &Signals, check: &mut ConfigCheck<'_>) {
    let (leave, burst) = (&signals.batch_leave, &signals.suspension_burst);
    for (key, windows, members_min) in [
        (
            "signals.batch_leave",
            &leave.windows_days,
            leave.members_min,
        ),
        (
            "signals.suspension_burst",
            &burst.windows_days,
            burst.members_min,
        ),
    ] {
        let rising = windows.windows(2).all(|pair| pair[0] < pair[1]);
        if windows.is_empty() || !rising || windows.iter().any(|days| !(1..=31).contains(days)) {
            check.wrong(
                &format!("{key}.windows_days"),
                "must be different numbers of days from 1 to 31, rising; hint: the default is [1, 3, 7]",
            );
        }
        check.within(&format!("{key}.members_min"), members_min, 1, 10_000);
    }
}

fn check_shares_and_times(signals: &Signals, check: &mut ConfigCheck<'_>) {
    for (key, share) in [
        (
            "signals.suspension_burst.monthly_share",
            signals.suspension_burst.monthly_share,
        ),
        (
            "signals.arrears.members_share",
            signals.arrears.members_share,
        ),
        ("signals.revenue_drop.share", signals.revenue_drop.share),
    ] {
        if share.micros() > LimitMicro::ONE {
            check.wrong(key, &format!("`{share}` is not above 0 and at most 1"));
        }
    }
    let open = &signals.complaint_open;
    for (key, after) in [
        ("signals.complaint_open.after", open.after),
        ("signals.complaint_open.tier_a_after", open.tier_a_after),
    ] {
        if after < TimeDelta::hours(1) || after > TimeDelta::days(31) {
            check.wrong(key, "is not within 1h to 31d");
        }
    }
}
