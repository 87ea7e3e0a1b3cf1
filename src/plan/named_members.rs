//! Members whom alerts name: noted when these fire, settled when the month in which their 30 days
//! end is closed.
//!
//! Invariant: as long as events of a month are applied, who was kept follows from the timelines as
//! of now; from its closing on, from what was settled then.

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::alert::{Alert, AlertChange, ResolvedBecause};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::local_day::Timestamp;
use crate::domain::named_member::NamedMember;
use crate::domain::reference::Reference;
use crate::domain::timeline::SubscriberTimeline;
use crate::follow_up::named_members::named_members;

/// Timelines by their subscribers.
pub(crate) type Subscribers = BTreeMap<SubscriberId, SubscriberTimeline>;

/// The subscribers whom alerts name that fire now.
pub(crate) fn named_by_opened(changes: &[AlertChange]) -> BTreeSet<SubscriberId> {
    opened(changes).flat_map(Alert::named_subscribers).collect()
}

/// The members whom alerts name that fire now; `known` are the timelines of all whom they name.
pub(crate) fn members_of_opened(
    changes: &[AlertChange],
    reference: &Reference,
    known: &Subscribers,
) -> Vec<NamedMember> {
    let members = |alert: &Alert| {
        let is_member = |subscriber: &SubscriberId, group: &GroupId| {
            is_member_of(group, known.get(subscriber), alert.opened_at)
        };
        named_members(alert, reference, is_member)
    };
    opened(changes).flat_map(members).collect()
}

/// Whether a named member counts at `now`: his 30 days have ended, and the alert, which was resolved
/// `because`, was not retracted: then it has named nobody.
pub(crate) fn is_counted(
    named: &NamedMember,
    because: Option<ResolvedBecause>,
    now: Timestamp,
) -> bool {
    named.ends_at <= now && because != Some(ResolvedBecause::Retracted)
}

/// Each with whether he was kept: as it was settled, or by the timelines.
pub(crate) fn with_kept(all: Vec<NamedMember>, known: &Subscribers) -> Vec<(NamedMember, bool)> {
    let with_kept = |one: NamedMember| {
        let subscriber = known.get(&one.subscriber_id);
        let is_member = || is_member_of(&one.group_id, subscriber, one.ends_at);
        let kept = one.kept.unwrap_or_else(is_member);
        (one, kept)
    };
    all.into_iter().map(with_kept).collect()
}

fn opened(changes: &[AlertChange]) -> impl Iterator<Item = &Alert> {
    changes.iter().filter_map(|change| match change {
        AlertChange::Opened(alert) => Some(alert),
        _ => None,
    })
}

fn is_member_of(group: &GroupId, subscriber: Option<&SubscriberTimeline>, at: Timestamp) -> bool {
    subscriber.is_some_and(|subscriber| subscriber.walk().member_group_at(at) == Some(group))
}
