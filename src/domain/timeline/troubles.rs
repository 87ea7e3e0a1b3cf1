//! The troubles that a status, a change of membership or a port-out means for the subscriber's
//! group customer.
//!
//! Invariant: whether a trouble still holds follows from the subscriber's latest state, whatever
//! came in between.

use super::subscriber::SubscriberTrouble;
use super::walk::{StatusTrouble, TimelineStep, View};
use crate::domain::event::{PortStage, Status, StopReason};

pub(super) fn is_trouble(status: Status) -> bool {
    status.is_suspended() || status.is_churned() || status == Status::PreCancelled
}

/// The trouble at the time of folding, and whether it still holds.
pub(super) fn folded_trouble(
    base: View<'_>,
    StatusTrouble { for_arrears, .. }: StatusTrouble,
    latest: View<'_>,
) -> Option<(SubscriberTrouble, bool)> {
    match base.status {
        Status::PreCancelled => Some((
            SubscriberTrouble::PreCancelled { for_arrears },
            latest.status == Status::PreCancelled,
        )),
        status if status.is_suspended() => {
            Some((SubscriberTrouble::Suspended, latest.status.is_suspended()))
        }
        status if status.is_churned() => {
            Some((SubscriberTrouble::Churned, latest.status.is_churned()))
        }
        _ => None,
    }
}

/// The end of a subscriber's timeline.
#[derive(Clone, Copy)]
pub(super) struct TimelineEnd<'a> {
    pub(super) latest: View<'a>,
    /// Whether no later step withdraws the port-out.
    pub(super) is_porting: bool,
}

/// The troubles of a step for the group that the subscriber was a member of before it, and whether
/// they still hold.
pub(super) fn troubles(
    before: View<'_>,
    after: View<'_>,
    step: TimelineStep<'_>,
    TimelineEnd { latest, is_porting }: TimelineEnd<'_>,
) -> [Option<(SubscriberTrouble, bool)>; 2] {
    let group = before.member_group();
    let is_lost = after.member_group() != group && after.status != Status::Invalid;
    let lost = (
        SubscriberTrouble::Lost,
        latest.member_group() != group && latest.status != Status::Invalid,
    );
    let other = match step {
        TimelineStep::Status(status, _)
            if status.is_suspended() && !before.status.is_suspended() =>
        {
            Some((SubscriberTrouble::Suspended, latest.status.is_suspended()))
        }
        TimelineStep::Status(Status::PreCancelled, reason)
            if before.status != Status::PreCancelled =>
        {
            let for_arrears = reason == Some(StopReason::Arrears);
            Some((
                SubscriberTrouble::PreCancelled { for_arrears },
                latest.status == Status::PreCancelled,
            ))
        }
        TimelineStep::Status(status, _) if status.is_churned() => {
            Some((SubscriberTrouble::Churned, latest.status.is_churned()))
        }
        TimelineStep::Port(stage) if stage != PortStage::Withdrawn => {
            Some((SubscriberTrouble::Porting(stage), is_porting))
        }
        _ => None,
    };
    [is_lost.then_some(lost), other]
}
