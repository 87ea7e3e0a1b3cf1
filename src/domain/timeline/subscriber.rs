//! A subscriber's timeline: memberships, statuses and port-out stages, on top of a base state of
//! the closed months.

use serde::{Deserialize, Serialize};

use super::subscriber_now::{Departure, SubscriberNow};
use super::walk::{MembershipChange, SubscriberState, TimelineStep, View, Walk};
use crate::domain::event::{
    Membership, Order, Population, PortStage, Role, Status, StopReason, SubscriberStatus,
};
use crate::domain::history::History;
use crate::domain::ids::GroupId;
use crate::domain::local_day::Timestamp;

/// The group that a subscriber is in, and its role there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MemberOf {
    pub group_id: GroupId,
    pub role: Role,
    /// 锁定号码
    pub locked: bool,
}

/// The trouble of a subscriber.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum SubscriberTrouble {
    /// It is no longer a member of the group; [`SubscriberNow`] has the group that it moved to, if
    /// any.
    Lost,
    /// Stopped, one way or both.
    Suspended,
    /// 预销
    PreCancelled {
        /// Whether because of unpaid bills.
        for_arrears: bool,
    },
    /// Cancelled or ported out.
    Churned,
    /// A stage of a port-out.
    Porting(PortStage),
    /// It has left its group customer, by all events so far; the other variants are single events.
    Gone(Departure),
    /// What it had is over, and it is in base, by all events so far.
    InBase(Status),
}

/// Something that happened to a member, which may raise a signal for the group's manager.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SubscriberFact {
    pub at: Timestamp,
    /// The group and role at that time.
    pub member: MemberOf,
    pub trouble: SubscriberTrouble,
    /// Whether it still holds at the end of the timeline.
    pub holds: bool,
    pub now: SubscriberNow,
}

impl SubscriberFact {
    /// How the subscriber has left the group of the fact; none if it has not.
    #[must_use]
    pub(crate) fn departure(&self) -> Option<Departure> {
        self.now.departure_from(&self.member.group_id)
    }
}

/// All events of one subscriber in the open months, on top of its base state.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubscriberTimeline {
    base: SubscriberState,
    memberships: History<MembershipChange>,
    vip_memberships: History<MembershipChange>,
    statuses: History<(Status, Option<StopReason>)>,
    ports: History<PortStage>,
}

impl SubscriberTimeline {
    pub fn put_membership(&mut self, order: Order, event: Membership) {
        let Membership {
            group_id,
            change,
            role,
            locked,
            population,
            ..
        } = event;
        let subscriber = match population {
            Population::Group => &mut self.memberships,
            Population::VipClub => &mut self.vip_memberships,
        };
        subscriber.put_entry(
            order,
            MembershipChange {
                group_id,
                change,
                role,
                locked,
            },
        );
    }

    pub fn put_status(&mut self, order: Order, event: &SubscriberStatus) {
        self.statuses.put_entry(order, (event.status, event.reason));
    }

    pub(crate) fn put_port_out(&mut self, order: Order, stage: PortStage) {
        self.ports.put_entry(order, stage);
    }

    /// Removes an event; returns whether it existed.
    pub(crate) fn retract(&mut self, source: &str, id: &str) -> bool {
        self.memberships.retract(source, id)
            || self.statuses.retract(source, id)
            || self.ports.retract(source, id)
            || self.vip_memberships.retract(source, id)
    }

    /// Folds everything before `closed_before` into the base state. The state at any later instant
    /// is unchanged.
    pub(crate) fn fold(&mut self, closed_before: Timestamp) {
        let old = Self {
            base: self.base.clone(),
            memberships: take(&mut self.memberships, closed_before),
            statuses: take(&mut self.statuses, closed_before),
            ..Self::default()
        };
        self.base = old.walk().folded();
    }

    /// Whether anything was folded into its base state.
    #[must_use]
    pub(crate) fn is_folded(&self) -> bool {
        self.base != SubscriberState::default()
    }

    /// Walks through the subscriber's events.
    #[must_use]
    pub(crate) fn walk(&self) -> Walk<'_> {
        let count = self.memberships.entries().len()
            + self.statuses.entries().len()
            + self.ports.entries().len();
        let mut steps: Vec<(&Order, TimelineStep<'_>)> = Vec::with_capacity(count);
        steps.extend(
            self.memberships
                .entries()
                .iter()
                .map(|(order, change)| (order, TimelineStep::Membership(change))),
        );
        steps.extend(
            self.statuses
                .entries()
                .iter()
                .map(|(order, (status, reason))| (order, TimelineStep::Status(*status, *reason))),
        );
        steps.extend(
            self.ports
                .entries()
                .iter()
                .map(|(order, stage)| (order, TimelineStep::Port(*stage))),
        );
        steps.sort_by(|a, b| a.0.cmp(b.0));
        Walk {
            base: View::of_state(&self.base),
            steps,
        }
    }
}

fn take<T>(history: &mut History<T>, closed_before: Timestamp) -> History<T> {
    let mut taken = History::default();
    for (order, what) in history.take_before(closed_before) {
        taken.put_entry(order, what);
    }
    taken
}
