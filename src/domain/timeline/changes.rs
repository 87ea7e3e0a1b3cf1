//! The changes of a subscriber for the brief, by group customer.
//!
//! They follow from all events so far: a retracted event never happened, and a late one is in its
//! place. Invariant: for each group customer the service, the membership and the port-out of a
//! subscriber are reported once, with their last state, and for a churned subscriber no port-out.

use chrono::TimeDelta;

use super::walk::{TimelineStep, View, Walk};
use crate::domain::brief::ChangeKind;
use crate::domain::event::Status;
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;

/// A change of a subscriber, for the manager of a group customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SubscriberChange<'a> {
    pub group_id: &'a GroupId,
    pub at: Timestamp,
    pub kind: ChangeKind,
}

impl Walk<'_> {
    /// All changes at `from` or later, in order.
    pub(crate) fn changes(&self, from: Timestamp) -> impl Iterator<Item = SubscriberChange<'_>> {
        let mut state = self.base;
        self.steps.iter().flat_map(move |(order, step)| {
            let before = state;
            state.apply(*step);
            let changes = if order.time < from {
                [None; 2]
            } else {
                changes_of(before, state, *step)
            };
            changes
                .into_iter()
                .flatten()
                .map(|(group_id, kind)| SubscriberChange {
                    group_id,
                    at: order.time,
                    kind,
                })
        })
    }

    /// The last change of each aspect within this group at `from` or later, in order; none if the
    /// subscriber is invalid (无效修正).
    #[must_use]
    pub(crate) fn last_changes(
        &self,
        group: &GroupId,
        from: Timestamp,
    ) -> Vec<SubscriberChange<'_>> {
        let mut last: Vec<SubscriberChange<'_>> = Vec::new();
        let is_valid = self.latest().status != Status::Invalid;
        for change in self
            .changes(from)
            .filter(|change| is_valid && change.group_id == group)
        {
            last.retain(|one| aspect(one.kind) != aspect(change.kind));
            last.push(change);
        }
        // Who left and came back in between has not joined.
        let just_before = from.plus(-TimeDelta::microseconds(1));
        if self.member_group_at(just_before) == Some(group) {
            last.retain(|change| change.kind != ChangeKind::Joined);
        }
        // Its churn includes how far the port-out went.
        if last
            .iter()
            .any(|change| matches!(change.kind, ChangeKind::Churned(_)))
        {
            last.retain(|change| !matches!(change.kind, ChangeKind::Porting(_)));
        }
        last
    }

    /// The group that it is a member of at the end.
    #[must_use]
    pub(crate) fn member_now(&self) -> Option<&GroupId> {
        self.latest().member_group()
    }
}

/// The aspect of a subscriber that changes.
#[derive(PartialEq, Eq)]
enum Aspect {
    Service,
    Membership,
    PortOut,
}

const fn aspect(kind: ChangeKind) -> Aspect {
    match kind {
        ChangeKind::Moved | ChangeKind::Left | ChangeKind::Joined | ChangeKind::MovedIn => {
            Aspect::Membership
        }
        ChangeKind::Porting(_) => Aspect::PortOut,
        _ => Aspect::Service,
    }
}

/// The changes made by a step, each with the group that it concerns.
fn changes_of<'a>(
    before: View<'a>,
    after: View<'a>,
    step: TimelineStep<'a>,
) -> [Option<(&'a GroupId, ChangeKind)>; 2] {
    let (was, is) = (before.member_group(), after.member_group());
    match step {
        TimelineStep::Membership(_) if was == is => [None; 2],
        TimelineStep::Membership(_) => [
            was.map(|group| (group, ChangeKind::Moved)),
            is.map(|group| (group, ChangeKind::Joined)),
        ],
        // A churn or a return is still reported to the group that the subscriber was in.
        TimelineStep::Status(..) => [
            before.group_id.zip(service_change(before.status, step)),
            None,
        ],
        TimelineStep::Port(stage) => [
            before
                .group_id
                .map(|group| (group, ChangeKind::Porting(stage))),
            None,
        ],
    }
}

fn service_change(before: Status, step: TimelineStep<'_>) -> Option<ChangeKind> {
    let TimelineStep::Status(now, reason) = step else {
        return None;
    };
    let was_in_trouble = before.is_suspended()
        || before.is_churned()
        || matches!(before, Status::PreCancelled | Status::Reserved);
    match now {
        _ if now == before => None,
        Status::SuspendedOneWay | Status::Suspended => {
            (!before.is_suspended()).then_some(ChangeKind::Stopped(reason))
        }
        Status::PreCancelled => Some(ChangeKind::PreCancelled),
        Status::CancelledVoluntary | Status::CancelledInvoluntary | Status::PortedOut => {
            Some(ChangeKind::Churned(now))
        }
        Status::Active => was_in_trouble.then_some(ChangeKind::Restored),
        Status::Reserved => Some(ChangeKind::Reserved),
        Status::Invalid => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::event::{
        MemberChangeKind, Membership, Order, Population, PortStage, Role, StopReason,
        SubscriberStatus,
    };
    use crate::domain::ids::SubscriberId;
    use crate::domain::timeline::SubscriberTimeline;

    fn subscriber() -> SubscriberId {
        SubscriberId::parse("13800008000").expect("an id")
    }

    fn group(id: &str) -> GroupId {
        GroupId::parse(id).expect("an id")
    }

    fn order(at: i64) -> Order {
        Order {
            time: Timestamp::from_micros(at),
            id: at.to_string().into(),
            source: "/boss".into(),
        }
    }

    fn membership(timeline: &mut SubscriberTimeline, at: i64, id: &str, change: MemberChangeKind) {
        let event = Membership {
            subscriber_id: subscriber(),
            group_id: group(id),
            change,
            role: Role::Member,
            locked: false,
            population: Population::Group,
        };
        timeline.put_membership(order(at), event);
    }

    fn status(
        timeline: &mut SubscriberTimeline,
        at: i64,
        status: Status,
        reason: Option<StopReason>,
    ) {
        timeline.put_status(
            order(at),
            &SubscriberStatus {
                subscriber_id: subscriber(),
                status,
                code: None,
                reason,
            },
        );
    }

    fn last_changes_of(
        timeline: &SubscriberTimeline,
        id: &str,
        from: i64,
    ) -> Vec<(i64, ChangeKind)> {
        let walk = timeline.walk();
        walk.last_changes(&group(id), Timestamp::from_micros(from))
            .into_iter()
            .map(|one| (one.at.micros(), one.kind))
            .collect()
    }

    #[test]
    fn a_stop_is_told_with_its_reason_until_the_line_is_restored() {
        let mut subscriber = SubscriberTimeline::default();
        membership(&mut subscriber, 1, "G1", MemberChangeKind::Joined);
        status(
            &mut subscriber,
            5,
            Status::SuspendedOneWay,
            Some(StopReason::Arrears),
        );
        status(
            &mut subscriber,
            6,
            Status::Suspended,
            Some(StopReason::Arrears),
        );
        assert_eq!(
            last_changes_of(&subscriber, "G1", 2),
            [(5, ChangeKind::Stopped(Some(StopReason::Arrears)))]
        );
        status(&mut subscriber, 8, Status::Active, None);
        assert_eq!(
            last_changes_of(&subscriber, "G1", 2),
            [(8, ChangeKind::Restored)]
        );
        assert_eq!(last_changes_of(&subscriber, "G1", 9), []);
        subscriber.retract("/boss", "8");
        subscriber.retract("/boss", "5");
        subscriber.retract("/boss", "6");
        assert_eq!(
            last_changes_of(&subscriber, "G1", 2),
            [],
            "what was retracted never happened"
        );
    }

    #[test]
    fn a_line_that_is_reserved_is_told_so_and_not_as_it_was_before() {
        let mut subscriber = SubscriberTimeline::default();
        membership(&mut subscriber, 1, "G1", MemberChangeKind::Joined);
        status(&mut subscriber, 5, Status::PreCancelled, None);
        status(&mut subscriber, 6, Status::Reserved, None);
        assert_eq!(
            last_changes_of(&subscriber, "G1", 2),
            [(6, ChangeKind::Reserved)]
        );
        status(&mut subscriber, 7, Status::Active, None);
        assert_eq!(
            last_changes_of(&subscriber, "G1", 2),
            [(7, ChangeKind::Restored)]
        );
    }

    #[test]
    fn who_left_and_came_back_since_has_not_joined() {
        let mut subscriber = SubscriberTimeline::default();
        membership(&mut subscriber, 1, "G1", MemberChangeKind::Joined);
        membership(&mut subscriber, 5, "G1", MemberChangeKind::Left);
        membership(&mut subscriber, 6, "G1", MemberChangeKind::Joined);
        assert_eq!(last_changes_of(&subscriber, "G1", 2), []);
        assert_eq!(last_changes_of(&subscriber, "G1", 5), []);
        assert_eq!(
            last_changes_of(&subscriber, "G1", 6),
            [(6, ChangeKind::Joined)],
            "that it left was reported before"
        );
    }

    #[test]
    fn a_transfer_is_a_move_of_one_group_and_a_joining_of_the_other_in_either_order() {
        for (left, joined) in [(5, 6), (6, 5)] {
            let mut subscriber = SubscriberTimeline::default();
            membership(&mut subscriber, 1, "G1", MemberChangeKind::Joined);
            membership(&mut subscriber, left, "G1", MemberChangeKind::Left);
            membership(&mut subscriber, joined, "G2", MemberChangeKind::Joined);
            let moved_at = left.min(joined);
            assert_eq!(
                last_changes_of(&subscriber, "G1", 2),
                [(moved_at, ChangeKind::Moved)]
            );
            assert_eq!(
                last_changes_of(&subscriber, "G2", 2),
                [(joined, ChangeKind::Joined)]
            );
            assert_eq!(subscriber.walk().member_now(), Some(&group("G2")));
        }
    }

    #[test]
    fn whose_member_a_line_is_at_an_instant_stays_so_when_what_was_before_is_folded() {
        let mut subscriber = SubscriberTimeline::default();
        membership(&mut subscriber, 1, "G1", MemberChangeKind::Joined);
        status(&mut subscriber, 3, Status::Suspended, None);
        status(&mut subscriber, 5, Status::PortedOut, None);
        membership(&mut subscriber, 7, "G2", MemberChangeKind::Joined);
        status(&mut subscriber, 9, Status::Active, None);
        let at = |subscriber: &SubscriberTimeline, at| {
            subscriber
                .walk()
                .member_group_at(Timestamp::from_micros(at))
                .map(ToString::to_string)
        };
        let expected = [
            None,
            Some("G1"),
            Some("G1"),
            Some("G1"),
            None,
            None,
            Some("G2"),
            Some("G2"),
        ]
        .map(|id| id.map(str::to_owned));
        let instants = [0, 1, 3, 4, 5, 8, 9, 10];
        assert_eq!(instants.map(|instant| at(&subscriber, instant)), expected);
        subscriber.fold(Timestamp::from_micros(5));
        assert_eq!(
            instants[4..]
                .iter()
                .map(|instant| at(&subscriber, *instant))
                .collect::<Vec<_>>(),
            expected[4..]
        );
    }

    #[test]
    fn churn_port_out_and_return_are_told_to_the_group_of_the_line() {
        let mut subscriber = SubscriberTimeline::default();
        membership(&mut subscriber, 1, "G1", MemberChangeKind::Joined);
        subscriber.put_port_out(order(3), PortStage::Queried);
        subscriber.put_port_out(order(4), PortStage::Authorised);
        status(&mut subscriber, 5, Status::PreCancelled, None);
        status(&mut subscriber, 6, Status::PortedOut, None);
        assert_eq!(
            last_changes_of(&subscriber, "G1", 2),
            [(6, ChangeKind::Churned(Status::PortedOut))]
        );
        status(&mut subscriber, 7, Status::Active, None);
        assert_eq!(
            last_changes_of(&subscriber, "G1", 7),
            [(7, ChangeKind::Restored)]
        );
        status(&mut subscriber, 9, Status::Invalid, None);
        assert_eq!(
            last_changes_of(&subscriber, "G1", 2),
            [],
            "a subscriber that was never there"
        );
    }
}
