//! Configuration → how figures are judged, and alerts followed up.
//!
//! Invariant: every number comes from the configuration, which limits its range.

use chrono::TimeDelta;

use crate::config::{self, Config};
use crate::evaluate::rules::{
    ArrearsRules, FeedRule, HotspotRules, LimitSet, Rules, SignalRules, WindowRules,
};
use crate::follow_up::sweep::SweepRules;
use crate::follow_up::tasks::FollowUpRules;

use super::setup::Setup;

impl Setup {
    /// How figures are judged.
    #[must_use]
    pub fn rules(&self) -> Rules {
        let config = &self.config;
        let limits = &config.limits;
        Rules {
            company_name: config.company.name.clone(),
            zone: config.timezone,
            limits: LimitSet {
                churn_rate: limits.churn_rate,
                member_loss_rate: limits.member_loss_rate,
                complaint_rate_10k: limits.complaint_rate_10k,
                satisfaction: limits.satisfaction,
            },
            tier_limits: limits.tier.clone(),
            unit_limits: limits.unit.clone(),
            base: config.rate.base,
            alpha: config.significance.alpha,
            min_answers: i64::from(config.significance.min_answers),
            clear_after: config.alerts.clear_after as usize,
            signals: signal_rules(&config.signals, guard(config)),
            required_feeds: config
                .feeds
                .required
                .iter()
                .map(|name| feed_rule(config, name))
                .collect(),
            feed_grace: config.feeds.grace,
        }
    }

    /// How alerts are followed up.
    pub(crate) fn follow_up_rules(&self) -> FollowUpRules {
        let (tasks, hours) = (&self.config.tasks, |n: u32| TimeDelta::hours(i64::from(n)));
        FollowUpRules {
            critical_due: hours(tasks.due_critical_hours),
            warning_due: hours(tasks.due_warning_hours),
            group_wait: self.config.mail.group_wait,
            guard: guard(&self.config),
            tasks_per_manager_per_day_max: tasks.per_manager_per_day_max,
        }
    }

    /// Numbers of the work that comes from no alert.
    pub(crate) const fn sweep_rules(&self) -> SweepRules {
        let tasks = &self.config.tasks;
        SweepRules {
            stalled_days: tasks.stalled_days,
            unanswered_days: tasks.unanswered_days,
            reason_days: tasks.reason_days,
            introduce_key_days: tasks.introduce_key_days,
            introduce_days: tasks.introduce_days,
            return_call_days: tasks.return_call_days,
            win_back_days: tasks.win_back_days,
            caught_up_days: tasks.caught_up_days,
        }
    }
}

/// For so long nothing is proposed to a subscriber that may be ported.
fn guard(config: &Config) -> TimeDelta {
    TimeDelta::days(i64::from(config.tasks.guard_days))
}

fn signal_rules(signals: &config::Signals, guard: TimeDelta) -> SignalRules {
    let windows = |days_of: &[u32], members_min: u32| WindowRules {
        days: days_of.iter().map(|n| days(*n)).collect(),
        members_min: i64::from(members_min),
    };
    let (leave, burst, hotspot) = (
        &signals.batch_leave,
        &signals.suspension_burst,
        &signals.complaint_hotspot,
    );
    SignalRules {
        settle: signals.settle,
        max_age_days: days(signals.max_age),
        authorised_for: guard,
        batch_leave: windows(&leave.windows_days, leave.members_min),
        suspension_burst: windows(&burst.windows_days, burst.members_min),
        suspended_a_month: burst.monthly_share,
        gone_within_days: days(signals.group_gone.days),
        arrears: ArrearsRules {
            after_days: days(signals.arrears.after_days),
            members_min: i64::from(signals.arrears.members_min),
            members_share: signals.arrears.members_share,
        },
        revenue_drop: signals.revenue_drop.share,
        complaint_open: signals.complaint_open.after,
        complaint_open_tier_a: signals.complaint_open.tier_a_after,
        complaint_hotspot: HotspotRules {
            complaints_min: i64::from(hotspot.complaints_min),
            days: days(hotspot.days),
            factor: hotspot.factor,
        },
        low_score_thousandths: i64::from(signals.low_score.below) * 1_000,
        contact_gap_days: days(signals.contact_gap.days),
    }
}

fn feed_rule(config: &Config, name: &str) -> FeedRule {
    let feed = config.feeds.feeds.get(name);
    FeedRule {
        name: name.to_owned(),
        sources: feed.map_or_else(Vec::new, |feed| feed.sources.clone()),
        types: feed.map_or_else(Vec::new, |feed| feed.types.clone()),
    }
}

fn days(n: u32) -> i32 {
    i32::try_from(n).unwrap_or(i32::MAX)
}
