//! Configurations with impossible limits and numbers.

use super::refused::Bad;

/// Limits of the indicators.
pub(super) const LIMITS: &[Bad] = &[
    (
        "[limits]\nchurn_rate = 0",
        "limits.churn_rate",
        2,
        "`0` is not above 0",
    ),
    (
        "[limits]\nchurn_rate = -0.03",
        "limits.churn_rate",
        2,
        "`-0.03` is not above 0",
    ),
    (
        "[limits]\nmember_loss_rate = 0.0300001",
        "limits.member_loss_rate",
        2,
        "more than 6 decimals",
    ),
    (
        "[limits]\nmember_loss_rate = \"3%\"",
        "limits.member_loss_rate",
        2,
        "is no decimal number",
    ),
    (
        "[limits]\nmember_loss_rate = nan",
        "limits.member_loss_rate",
        2,
        "is no decimal number",
    ),
    (
        "[limits]\nchurn_rate = 3",
        "limits.churn_rate",
        2,
        "0.03 is 3 %",
    ),
    (
        "[limits]\nsatisfaction = 101",
        "limits.satisfaction",
        2,
        "is above 100",
    ),
    (
        "[limits.unit.U1]\ncomplaint_rate_10k = -1",
        "limits.unit.U1.complaint_rate_10k",
        2,
        "is not above 0",
    ),
    (
        "[limits.tier.E]\nchurn_rate = 0.1",
        "limits.tier",
        1,
        "`E` is no tier",
    ),
    (
        "[limits.tier.A]\nchurn_rate = 1.5",
        "limits.tier.A.churn_rate",
        2,
        "is above 1",
    ),
];

/// Numbers and durations out of range.
pub(super) const RANGES: &[Bad] = &[
    (
        "[batch]\nevents_max = 0",
        "batch.events_max",
        2,
        "`0` is not within 1 to 1000000",
    ),
    (
        "[batch]\nevents_max = -1",
        "batch.events_max",
        2,
        "invalid value: integer `-1`",
    ),
    (
        "[batch]\nbytes_max = 1000",
        "batch.bytes_max",
        2,
        "is not within 262144",
    ),
    (
        "[batch]\nwait = \"0s\"",
        "batch.wait",
        2,
        "is not within 1ms to 60s",
    ),
    (
        "[batch]\nwait = \"fast\"",
        "batch.wait",
        2,
        "`fast` is no duration",
    ),
    (
        "[events]\nahead_max = \"5 m\"",
        "events.ahead_max",
        2,
        "is no duration",
    ),
    (
        "[events]\nbytes_max = 0",
        "events.bytes_max",
        2,
        "is not within",
    ),
    (
        "[significance]\nalpha = 0.0",
        "significance.alpha",
        2,
        "is not above 0",
    ),
    (
        "[significance]\nalpha = 5",
        "significance.alpha",
        2,
        "is not above 0 and below 0.5",
    ),
    (
        "[significance]\nalpha = 0.5",
        "significance.alpha",
        2,
        "is not above 0 and below 0.5",
    ),
    (
        "[significance]\nalpha = nan",
        "significance.alpha",
        2,
        "is not above 0",
    ),
    (
        "[significance]\nmin_answers = 0",
        "significance.min_answers",
        2,
        "is not within",
    ),
    (
        "[rejects]\npause_share = 1.5",
        "rejects.pause_share",
        2,
        "at most 1",
    ),
    (
        "[rejects]\npause_window = 0",
        "rejects.pause_window",
        2,
        "is not within",
    ),
    (
        "[signals]\nmax_age = \"3h\"",
        "signals.max_age",
        2,
        "whole days",
    ),
    (
        "[signals]\nmax_age = 0",
        "signals.max_age",
        2,
        "is not within 1 to 366",
    ),
    (
        "[signals.batch_leave]\nwindows_days = [7, 3]",
        "signals.batch_leave.windows_days",
        2,
        "rising",
    ),
    (
        "[signals.batch_leave]\nwindows_days = []",
        "signals.batch_leave.windows_days",
        2,
        "rising",
    ),
    (
        "[signals.suspension_burst]\nwindows_days = []",
        "signals.suspension_burst.windows_days",
        2,
        "rising",
    ),
    (
        "[signals.suspension_burst]\nmonthly_share = 1.1",
        "signals.suspension_burst.monthly_share",
        2,
        "at most 1",
    ),
    (
        "[signals.arrears]\nmembers_share = 0",
        "signals.arrears.members_share",
        2,
        "is not above 0",
    ),
    (
        "[signals.arrears]\nafter_days = 0",
        "signals.arrears.after_days",
        2,
        "is not within",
    ),
    (
        "[signals.revenue_drop]\nshare = 2",
        "signals.revenue_drop.share",
        2,
        "at most 1",
    ),
    (
        "[signals.complaint_open]\nafter = \"30m\"",
        "signals.complaint_open.after",
        2,
        "is not within 1h to 31d",
    ),
    (
        "[signals.complaint_open]\ntier_a_after = \"99d\"",
        "signals.complaint_open.tier_a_after",
        2,
        "is not within 1h to 31d",
    ),
    (
        "[signals.complaint_hotspot]\nfactor = -1",
        "signals.complaint_hotspot.factor",
        2,
        "is not above 0",
    ),
    (
        "[signals.low_score]\nbelow = 101",
        "signals.low_score.below",
        2,
        "is not within",
    ),
    (
        "[signals.contact_gap]\ndays = 93",
        "signals.contact_gap.days",
        2,
        "is not within",
    ),
    (
        "[history]\nopen_months = 0",
        "history.open_months",
        2,
        "is not within 1 to 24",
    ),
    (
        "[tasks]\ndue_critical_hours = 0",
        "tasks.due_critical_hours",
        2,
        "is not within",
    ),
    (
        "[key_dates.lead_days]\nbirthday = [1, 7]",
        "key_dates.lead_days.birthday",
        2,
        "falling",
    ),
    (
        "[key_dates.lead_days]\ncustom = [-1]",
        "key_dates.lead_days.custom",
        2,
        "from 0 to 366",
    ),
    (
        "[retention]\nmail_bodies_days = 0",
        "retention.mail_bodies_days",
        2,
        "is not within",
    ),
    (
        "[rejects]\nraw_retention_days = 30",
        "rejects.raw_retention_days",
        2,
        "retention.reject_bytes_days",
    ),
    (
        "[storm]\nwindow = 100",
        "storm.window",
        2,
        "rejects.pause_window",
    ),
    (
        "[mail]\nper_person_per_hour_max = 0",
        "mail.per_person_per_hour_max",
        2,
        "is not within",
    ),
];
