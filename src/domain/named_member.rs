//! Members whom an alert named when it fired, and whether they were kept: the basis of the members'
//! save rate.
//!
//! It may not know timelines: the caller passes the membership. Invariant: an alert names a member
//! once, and the manager of the group customer on that day is accountable for the outcome.

use chrono::TimeDelta;

use super::alert::AlertId;
use super::ids::{GroupId, ManagerId, SubscriberId};
use super::local_day::Timestamp;

/// A named member counts as kept if he is still a member after this time (`method.md`, save rate).
pub(crate) const KEPT_AFTER: TimeDelta = TimeDelta::days(30);

/// A member whom an alert named when it fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMember {
    pub alert_id: AlertId,
    pub subscriber_id: SubscriberId,
    /// The group customer that he was a member of.
    pub group_id: GroupId,
    /// Its manager at that time, if it had one.
    pub manager_id: Option<ManagerId>,
    /// When the 30 days end.
    pub ends_at: Timestamp,
    /// Whether he was a member of that group customer at their end; none while events may still
    /// change that.
    pub kept: Option<bool>,
}
