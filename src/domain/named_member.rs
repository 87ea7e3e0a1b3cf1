//! Members whom an alert named when it fired, and whether they were kept: what the save rate of
//! members is counted from.
//!
//! It does not know timelines: whoever has them says who is a member. Invariant: an alert names a
//! member once, and whoever answered for the group customer on that day answers for what becomes of
//! him.

use chrono::TimeDelta;

use super::alert::AlertId;
use super::ids::{GroupId, ManagerId, SubscriberId};
use super::local_day::Timestamp;

/// A named member counts as kept if he is still one after so long (`method.md`, save rate).
pub const KEPT_AFTER: TimeDelta = TimeDelta::days(30);

/// A member whom an alert named when it fired.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMember {
    pub alert_id: AlertId,
    pub subscriber_id: SubscriberId,
    /// Of which group customer he was a member.
    pub group_id: GroupId,
    /// Who answered for it then, if anybody did.
    pub manager_id: Option<ManagerId>,
    /// When the 30 days end.
    pub ends_at: Timestamp,
    /// Whether he was a member of that group customer at their end; none while events may still
    /// change that.
    pub kept: Option<bool>,
}
