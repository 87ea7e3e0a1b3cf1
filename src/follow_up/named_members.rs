//! 维系成功率 by members: of those whom an alert named when it fired, who is still a member 30 days
//! later.
//!
//! It does not know timelines: the caller passes who is a member when. Invariant: a member counts
//! once in a month, however many alerts named him.

use std::collections::BTreeMap;

use crate::domain::alert::Alert;
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::named_member::{KEPT_AFTER, NamedMember};
use crate::domain::reference::Reference;
use crate::domain::task::Assignee;

/// The members whom an alert names as it fires. Who has left before is named, and is no member that
/// could be kept.
#[must_use]
pub(crate) fn named_members(
    alert: &Alert,
    reference: &Reference,
    is_member: impl Fn(&SubscriberId, &GroupId) -> bool,
) -> Vec<NamedMember> {
    let Some(group_id) = alert.key.scope.group() else {
        return Vec::new();
    };
    let manager_id = reference.group(group_id).map(|group| &group.manager_id);
    let of = |subscriber_id| NamedMember {
        alert_id: alert.alert_id(),
        subscriber_id,
        group_id: group_id.clone(),
        manager_id: manager_id.cloned(),
        ends_at: alert.opened_at.plus(KEPT_AFTER),
        kept: None,
    };
    alert
        .named_subscribers()
        .filter(|subscriber| is_member(subscriber, group_id))
        .map(of)
        .collect()
}

/// How many members were named, and are members still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct MembersKept {
    /// Those whose 30 days end in the month.
    pub named: u32,
    /// Of those, members still.
    pub kept: u32,
}

impl MembersKept {
    /// kept / named; nothing where nobody was named.
    #[must_use]
    pub(crate) fn rate(&self) -> Option<f64> {
        (self.named > 0).then(|| f64::from(self.kept) / f64::from(self.named))
    }
}

/// Those whose 30 days end in a month, each with whether he was kept, by who answered for them when
/// they were named. Of a member who was named more than once the last time counts.
#[must_use]
pub(crate) fn members_kept(ended: &[(NamedMember, bool)]) -> BTreeMap<Assignee, MembersKept> {
    let mut last: BTreeMap<(&GroupId, &SubscriberId), &(NamedMember, bool)> = BTreeMap::new();
    for one in ended {
        let of_one = last
            .entry((&one.0.group_id, &one.0.subscriber_id))
            .or_insert(one);
        if (one.0.ends_at, &one.0.alert_id) > (of_one.0.ends_at, &of_one.0.alert_id) {
            *of_one = one;
        }
    }
    let mut by_assignee: BTreeMap<Assignee, MembersKept> = BTreeMap::new();
    for (member, kept) in last.into_values() {
        let count = by_assignee
            .entry(
                member
                    .manager_id
                    .clone()
                    .map_or(Assignee::Fallback, Assignee::Manager),
            )
            .or_default();
        count.named += 1;
        count.kept += u32::from(*kept);
    }
    by_assignee
}
