//! Signals of one complaint: a major one, and one that is open for too long.

use chrono::TimeDelta;

use crate::domain::alert::{AlertSubject, Explanation, Period};
use crate::domain::event::Tier;
use crate::domain::ids::ComplaintId;
use crate::domain::indicator::{AlertKind, Scope, Signal};
use crate::domain::local_day::Timestamp;
use crate::domain::timeline::ComplaintNow;

use super::super::alerts::Wanted;
use super::super::rules::Rules;
use super::recency::is_recent;

/// The signals of an open complaint, with all input `read` up to that instant; each with the time
/// at which it arose, and the time of the filing.
#[must_use]
pub(crate) fn complaint_signals(
    complaint: &ComplaintNow,
    tier: Option<Tier>,
    read: Timestamp,
    rules: &Rules,
) -> Vec<(Signal, Timestamp, Timestamp)> {
    if !complaint.is_open() {
        return Vec::new();
    }
    let filed_at = complaint.filed_at;
    let open_too_long_at = filed_at.plus(open_after(tier, rules));
    let major = complaint.major_since.map(|since| {
        (
            Signal::MajorComplaint,
            since.max(filed_at),
            since.max(filed_at),
        )
    });
    let open =
        (open_too_long_at <= read).then_some((Signal::ComplaintOpen, open_too_long_at, filed_at));
    major.into_iter().chain(open).collect()
}

/// How long a complaint may be open.
fn open_after(tier: Option<Tier>, rules: &Rules) -> TimeDelta {
    if tier == Some(Tier::A) {
        rules.signals.complaint_open_tier_a
    } else {
        rules.signals.complaint_open
    }
}

/// When a complaint must be judged again: when it will be open for too long, if it is not yet.
#[must_use]
pub(crate) fn judged_next(
    complaint: &ComplaintNow,
    tier: Option<Tier>,
    read: Timestamp,
    rules: &Rules,
) -> Option<Timestamp> {
    let open_too_long_at = complaint.filed_at.plus(open_after(tier, rules));
    (complaint.is_open() && open_too_long_at > read).then_some(open_too_long_at)
}

/// The alerts that a complaint raises at `now`, with all input read up to `read`.
#[must_use]
pub(crate) fn wanted_by_complaint(
    id: &ComplaintId,
    complaint: &ComplaintNow,
    tier: Option<Tier>,
    (now, read): (Timestamp, Timestamp),
    rules: &Rules,
) -> Vec<Wanted> {
    let signals = complaint_signals(complaint, tier, read, rules)
        .into_iter()
        .filter(|(_, since, _)| is_recent(*since, now, rules));
    let wanted = |(signal, _, filed_at): (Signal, Timestamp, Timestamp)| Wanted {
        scope: Scope::Group(complaint.group_id.clone()),
        kind: AlertKind::Signal(signal),
        subject: AlertSubject::Complaint(id.clone()),
        period: Period::Day(rules.zone.day_of(filed_at)),
        severity: signal.severity(tier),
        explanation: Explanation {
            k: 1,
            n: 1,
            ..Explanation::default()
        },
        members: Vec::new(),
    };
    signals.map(wanted).collect()
}
