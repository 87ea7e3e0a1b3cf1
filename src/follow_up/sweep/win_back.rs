//! Win-backs (离网赢回): of the members who left of their own will, who may come back.
//!
//! Invariant: a win-back names those who left, so that its result can be held against what has
//! become of them.

use super::wanted::{customer, for_manager, is_key, today};
use crate::domain::ids::{GroupId, SubscriberId};
use crate::domain::task::{Origin, Task, TaskTitle};
use crate::follow_up::guard::SubscriberStandings;
use crate::follow_up::tasks::FollowUpContext;

/// The win-back of a customer of tier A or B that so many members have left; who they are is
/// [named](name_leavers) when it begins.
pub(super) fn win_back(group_id: &GroupId, left: i64, ctx: &FollowUpContext<'_>) -> Option<Task> {
    let (_, scope) = customer(group_id, ctx).filter(|(group, _)| is_key(group))?;
    let origin = Origin::WinBack(group_id.clone(), today(ctx).month());
    Some(for_manager(
        origin,
        &scope,
        TaskTitle::Left(left),
        None,
        ctx,
    ))
}

/// Names in a win-back those of the leavers who have churned of their own will and are not back,
/// and counts them; unless `is_cut`, when the leavers are not all, and the count stays as it is.
/// None if nobody is left to win back.
#[must_use]
pub(crate) fn name_leavers(
    mut task: Task,
    (leavers, is_cut): (&[SubscriberId], bool),
    standings: &SubscriberStandings,
) -> Option<Task> {
    let of_own_will = |subscriber: &&SubscriberId| {
        standings
            .get(*subscriber)
            .is_some_and(|standing| standing.now.has_churned_of_own_will())
    };
    task.subscribers = leavers.iter().filter(of_own_will).cloned().collect();
    if !is_cut {
        task.title = TaskTitle::Left(task.subscribers.len() as i64);
    }
    (is_cut || !task.subscribers.is_empty()).then_some(task)
}
