//! The parameters of judging figures, checked once where the configuration is read.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use crate::domain::event::Tier;
use crate::domain::ids::UnitId;
use crate::domain::indicator::{Indicator, Scope};
use crate::domain::limit_micro::LimitMicro;
use crate::domain::limit_override::LimitOverride;
use crate::domain::rate_base::RateBase;
use crate::domain::zone::Zone;

use super::signals::SPANS_BEFORE;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LimitSet {
    pub churn_rate: LimitMicro,
    pub member_loss_rate: LimitMicro,
    pub complaint_rate_10k: LimitMicro,
    pub satisfaction: LimitMicro,
}

impl LimitSet {
    /// The limit of one indicator.
    #[must_use]
    pub(crate) const fn limit_of(&self, indicator: Indicator) -> LimitMicro {
        match indicator {
            Indicator::ChurnRate => self.churn_rate,
            Indicator::MemberLossRate => self.member_loss_rate,
            Indicator::ComplaintRate10k => self.complaint_rate_10k,
            Indicator::Satisfaction => self.satisfaction,
        }
    }
}

impl LimitSet {
    fn with(self, overrides: Option<&LimitOverride>) -> Self {
        let Some(over) = overrides else { return self };
        Self {
            churn_rate: over.churn_rate.unwrap_or(self.churn_rate),
            member_loss_rate: over.member_loss_rate.unwrap_or(self.member_loss_rate),
            complaint_rate_10k: over.complaint_rate_10k.unwrap_or(self.complaint_rate_10k),
            satisfaction: over.satisfaction.unwrap_or(self.satisfaction),
        }
    }
}

/// The events that a required feed counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FeedRule {
    pub name: String,
    /// The sources whose events it counts; empty means all.
    pub sources: Vec<String>,
    /// Their types; empty means all.
    pub types: Vec<String>,
}

/// Thresholds of a number of members within some days that is more than chance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WindowRules {
    /// Windows in days ending at D; at least one.
    pub days: Vec<i32>,
    /// Least number of members.
    pub members_min: i64,
}

impl WindowRules {
    /// The longest window in days.
    #[must_use]
    pub(crate) fn longest(&self) -> i32 {
        self.days.iter().max().copied().unwrap_or(1)
    }
}

/// Thresholds of arrears.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArrearsRules {
    /// A bill is overdue from 00:00 of this day after its due day.
    pub after_days: i32,
    /// Least number of members' bills, of those that became overdue in one month.
    pub members_min: i64,
    /// Least share of them among the members that were billed.
    pub members_share: LimitMicro,
}

/// Thresholds of complaint hotspots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HotspotRules {
    /// Least number of complaints of a category.
    pub complaints_min: i64,
    /// Length of a span in days.
    pub days: i32,
    /// Least multiple of the mean of the three spans before.
    pub factor: LimitMicro,
}

/// Thresholds of the signals.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignalRules {
    /// Minimum age of a change about leaving before it is judged.
    pub settle: TimeDelta,
    /// Only changes of this many last days raise signals; a port-out query lapses after them.
    pub max_age_days: i32,
    /// A port-out authorisation lapses after this time (that of the port-out guard).
    pub authorised_for: TimeDelta,
    /// `batch_leave`
    pub batch_leave: WindowRules,
    /// `suspension_burst`
    pub suspension_burst: WindowRules,
    /// Share of members that are suspended in a month without a burst.
    pub suspended_a_month: LimitMicro,
    /// A group counts as gone if it had members within this many days.
    pub gone_within_days: i32,
    /// `arrears`
    pub arrears: ArrearsRules,
    /// `revenue_drop`: the smallest share.
    pub revenue_drop: LimitMicro,
    /// `complaint_open`: the longest time a complaint may be open.
    pub complaint_open: TimeDelta,
    /// The same for tier A.
    pub complaint_open_tier_a: TimeDelta,
    /// `complaint_hotspot`
    pub complaint_hotspot: HotspotRules,
    /// `low_score`: scores below this on the 100 scale, in thousandths.
    pub low_score_thousandths: i64,
    /// `contact_gap`: days before the quarter ends.
    pub contact_gap_days: i32,
}

/// The values of the contract; those beyond it are ours, and assumptions.
#[cfg(test)]
impl Default for SignalRules {
    fn default() -> Self {
        let windows = WindowRules {
            days: vec![1, 3, 7],
            members_min: 3,
        };
        Self {
            settle: TimeDelta::seconds(60),
            max_age_days: 3,
            authorised_for: TimeDelta::days(30),
            batch_leave: windows.clone(),
            suspension_burst: windows,
            suspended_a_month: LimitMicro::from_micros(50_000),
            gone_within_days: 31,
            arrears: ArrearsRules {
                after_days: 6,
                members_min: 3,
                members_share: LimitMicro::from_micros(100_000),
            },
            revenue_drop: LimitMicro::from_micros(200_000),
            complaint_open: TimeDelta::hours(48),
            complaint_open_tier_a: TimeDelta::hours(24),
            complaint_hotspot: HotspotRules {
                complaints_min: 5,
                days: 30,
                factor: LimitMicro::from_micros(2_000_000),
            },
            low_score_thousandths: 60_000,
            contact_gap_days: 14,
        }
    }
}

/// All parameters of judging.
#[derive(Debug, Clone, PartialEq)]
pub struct Rules {
    /// The company's name in its rows.
    pub company_name: String,
    /// The zone in which days begin and end.
    pub zone: Zone,
    /// The company's limits.
    pub limits: LimitSet,
    /// Overrides by tier, for groups.
    pub tier_limits: BTreeMap<Tier, LimitOverride>,
    /// Overrides by unit, for units and their groups; they take precedence over the tier's.
    pub unit_limits: BTreeMap<UnitId, LimitOverride>,
    /// The denominator of rates.
    pub base: RateBase,
    /// Significant at p ≤ alpha.
    pub alpha: f64,
    /// Number of answers below which satisfaction is not judged.
    pub min_answers: i64,
    /// Midnights within the limit that must precede the one at which an alert clears.
    pub clear_after: usize,
    /// Numbers of the signals.
    pub signals: SignalRules,
    /// Feeds without which nothing is judged.
    pub required_feeds: Vec<FeedRule>,
    /// How long after midnight a feed may be closed.
    pub feed_grace: TimeDelta,
}

/// Days of bills that a revenue drop compares: four months, known by the 10th of the next one.
const BILLS_DAYS: i32 = 190;

impl Rules {
    /// The number of days before today that the rules look back to, at most.
    #[must_use]
    pub(crate) fn looks_back_days(&self) -> i32 {
        let signals = &self.signals;
        let hotspot = signals
            .complaint_hotspot
            .days
            .saturating_mul(1 + SPANS_BEFORE)
            .saturating_add(signals.max_age_days);
        let windows = signals
            .batch_leave
            .longest()
            .max(signals.suspension_burst.longest())
            .saturating_add(signals.max_age_days);
        BILLS_DAYS
            .max(hotspot)
            .max(windows)
            .max(signals.gone_within_days)
    }

    /// The number of days before today within which leavers may belong to a batch.
    #[must_use]
    pub(crate) fn leavers_days(&self) -> i32 {
        self.signals
            .batch_leave
            .longest()
            .saturating_add(self.signals.max_age_days)
    }

    /// The limits that apply to a scope; `unit` and `tier` are a group's own.
    #[must_use]
    pub(crate) fn limits_for(
        &self,
        scope: &Scope,
        unit: Option<&UnitId>,
        tier: Option<Tier>,
    ) -> LimitSet {
        let by_unit = |unit: Option<&UnitId>| unit.and_then(|unit| self.unit_limits.get(unit));
        match scope {
            Scope::Company => self.limits,
            Scope::Unit(unit) => self.limits.with(by_unit(unit.as_ref())),
            Scope::Group(_) => self
                .limits
                .with(tier.and_then(|tier| self.tier_limits.get(&tier)))
                .with(by_unit(unit)),
        }
    }
}
