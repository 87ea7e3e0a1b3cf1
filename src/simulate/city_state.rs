//! The city while its events are being made, day by day.
//!
//! Invariant: the events of a subscriber are in the order of time, and the roster is the state
//! after them.

use std::collections::BTreeMap;

use chrono::TimeDelta;

use super::days::Days;
use super::guard::Guard;
use super::layout::CityLayout;
use super::log::{Entry, EventLog};
use super::rng::Rng;
use super::roster::{Roster, SubscriberNo};
use crate::domain::event::{
    EventData, MemberChangeKind, Membership, Population, PortOut, PortStage, Role, Status,
    StopReason, SubscriberStatus,
};
use crate::domain::ids::GroupId;
use crate::domain::local_day::{LocalDay, Timestamp};

/// Everything that making the events needs.
#[derive(Debug)]
pub(super) struct CityState {
    pub(super) days: Days,
    pub(super) rng: Rng,
    pub(super) log: EventLog,
    /// The units, managers and group customers.
    pub(super) layout: CityLayout,
    pub(super) roster: Roster,
    /// What chance may still do.
    pub(super) guard: Guard,
    /// Subscribers that are restored on a later day.
    pub(super) returns: BTreeMap<LocalDay, Vec<SubscriberNo>>,
    /// Numbers bills, complaints and the like.
    serial: u32,
}

/// How a subscriber leaves the operator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Leaving {
    /// Ported out, with its stages before.
    PortedOut,
    /// Cancelled by the customer; pre-cancelled before, now and then.
    Voluntary,
    /// Cancelled by the operator after a stop.
    Involuntary,
}

impl CityState {
    /// The city on its load day: layout and members.
    pub(super) fn load(groups: usize, members: usize, seed: u64, days: Days) -> Self {
        let mut log = EventLog::default();
        let layout = CityLayout::new(groups, members, seed, &days, &mut log);
        let (roster, guard) = (Roster::new(groups), Guard::new(&layout));
        let mut world = Self {
            days,
            rng: Rng::new(seed, 2),
            log,
            layout,
            roster,
            guard,
            returns: BTreeMap::new(),
            serial: 0,
        };
        let load = days.load();
        for group in 0..groups {
            for nth in 0..world.layout.sites[group].size {
                let role = match nth {
                    0 => Role::KeyContact,
                    1 => Role::DecisionMaker,
                    _ => Role::Member,
                };
                let locked = nth == 2 || (nth > 2 && world.rng.chance(0.01));
                let subscriber = world
                    .roster
                    .enroll(group, role, locked, load, &mut world.rng);
                let time = days.within(load, 12, 20, &mut world.rng);
                world.say_membership(time, subscriber, group, MemberChangeKind::Joined);
            }
        }
        world
    }

    pub(super) fn next_serial(&mut self) -> u32 {
        self.serial += 1;
        self.serial
    }

    /// The id of a group.
    pub(super) fn group_id(&self, group: usize) -> GroupId {
        self.layout.sites[group].group.group_id.clone()
    }

    /// Some time of a day's business hours.
    pub(super) fn hours(&mut self, day: LocalDay) -> Timestamp {
        self.days.within(day, 9, 19, &mut self.rng)
    }

    /// Adds the event of a subscriber's membership; the roster is the caller's.
    pub(super) fn say_membership(
        &mut self,
        time: Timestamp,
        subscriber: SubscriberNo,
        group: usize,
        change: MemberChangeKind,
    ) {
        let group_id = self.group_id(group);
        let subscriber = self.roster.subscriber(subscriber);
        let (subscriber_id, population) = (subscriber.id.clone(), Population::Group);
        let payload = Membership {
            subscriber_id,
            group_id,
            change,
            role: subscriber.role,
            locked: subscriber.locked,
            population,
        };
        self.log.say(time, EventData::Membership(payload));
    }

    /// Adds the event of a subscriber's status; the roster is the caller's.
    pub(super) fn say_status(
        &mut self,
        time: Timestamp,
        subscriber: SubscriberNo,
        status: Status,
        reason: Option<StopReason>,
    ) -> Entry {
        let subscriber_id = self.roster.subscriber(subscriber).id.clone();
        self.log.say(
            time,
            EventData::SubscriberStatus(SubscriberStatus {
                subscriber_id,
                status,
                code: None,
                reason,
            }),
        )
    }

    /// Adds the event of a stage of a port-out.
    pub(super) fn say_port(&mut self, time: Timestamp, subscriber: SubscriberNo, stage: PortStage) {
        let subscriber_id = self.roster.subscriber(subscriber).id.clone();
        self.log.say(
            time,
            EventData::PortOut(PortOut {
                subscriber_id,
                stage,
            }),
        );
    }

    /// A subscriber leaves the operator; with `stages` the events before it are added too, on the
    /// three days before. The code for porting is used on the day itself, since it lives an hour.
    pub(super) fn leaves(
        &mut self,
        subscriber: SubscriberNo,
        day: LocalDay,
        how: Leaving,
        stages: bool,
    ) -> Entry {
        let before = |n: i32| day.plus(-n);
        let is_announced = stages && before(3) >= self.days.first;
        let status = match how {
            Leaving::PortedOut => {
                if is_announced {
                    let (n, asked) = (self.rng.between(1, 2), self.hours(before(1)));
                    let asked = asked.plus(TimeDelta::days(i64::from(1 - n)));
                    self.say_port(asked, subscriber, PortStage::Queried);
                }
                Status::PortedOut
            }
            Leaving::Voluntary => {
                if is_announced && self.rng.chance(0.5) {
                    let (n, time) = (
                        self.rng.between(1, 3),
                        self.rng.between(9 * 3600, 18 * 3600),
                    );
                    let time = self.days.at(before(n), time);
                    self.say_status(time, subscriber, Status::PreCancelled, None);
                }
                Status::CancelledVoluntary
            }
            Leaving::Involuntary => {
                if is_announced {
                    let time = self.hours(before(3));
                    self.say_status(time, subscriber, Status::Suspended, Some(StopReason::Admin));
                }
                Status::CancelledInvoluntary
            }
        };
        let time = self.hours(day);
        if how == Leaving::PortedOut && is_announced {
            let held = TimeDelta::minutes(i64::from(self.rng.between(10, 55)));
            self.say_port(time.plus(-held), subscriber, PortStage::Authorised);
        }
        if how == Leaving::PortedOut && stages {
            self.say_port(
                time.plus(TimeDelta::seconds(-30)),
                subscriber,
                PortStage::Ported,
            );
        }
        let entry = self.say_status(time, subscriber, status, None);
        self.roster.occupy_until(subscriber, day);
        self.guard
            .lost(self.roster.subscriber(subscriber).group, day);
        self.roster.leave(subscriber);
        entry
    }

    /// A subscriber moves to another group: BOSS sends the `joined` first.
    pub(super) fn moves(&mut self, subscriber: SubscriberNo, day: LocalDay, to: usize) {
        let (time, from) = (self.hours(day), self.roster.subscriber(subscriber).group);
        self.say_membership(time, subscriber, to, MemberChangeKind::Joined);
        self.say_membership(
            time.plus(TimeDelta::minutes(3)),
            subscriber,
            from,
            MemberChangeKind::Left,
        );
        self.guard.lost(from, day);
        self.roster.occupy_until(subscriber, day);
        self.roster.leave(subscriber);
        self.roster.enter(subscriber, to);
    }
}
