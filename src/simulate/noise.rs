//! The background of subscribers: some leave, some join, some move, some are stopped and come back.
//!
//! Invariant: the rates below hold over the city; what would resemble an incident is left out.

use chrono::TimeDelta;

use super::city_state::{CityState, Leaving};
use super::roster::SubscriberNo;
use crate::domain::event::{MemberChangeKind, PortStage, Role, Status, StopReason};
use crate::domain::local_day::LocalDay;

/// Subscribers that leave the operator, per member and month.
const CHURN: f64 = 0.0085;
const JOIN: f64 = 0.010;
/// Subscribers that go over to another group.
const MOVE: f64 = 0.0008;
/// Subscribers that only leave their group.
const LEAVE_GROUP: f64 = 0.0005;
/// Subscribers that ask whether they may be ported, and stay.
const QUERY: f64 = 0.0015;
/// Share of these that have the code for porting sent, and withdraw while it is valid.
const WITHDRAWN_WITH_CODE: f64 = 0.12;
/// Subscribers that are to be cancelled (预销), and are kept.
const KEPT: f64 = 0.002;
/// Stops on request or for loss, with restoration.
const STOP: f64 = 0.002;
/// Subscribers that were never real (无效修正).
const INVALID: f64 = 0.0001;
/// All of these that do not leave the operator.
const STIRS: f64 = MOVE + LEAVE_GROUP + QUERY + KEPT + STOP + INVALID;
/// Share of leavers who are restored within days.
const RESTORED: f64 = 0.04;
/// Share of leavers who are won back after two months.
const WON_BACK: f64 = 0.15;
/// Share of leavers whose cancellation was a mistake and is retracted.
const RETRACTED: f64 = 0.02;

impl CityState {
    /// One day of background for all groups.
    pub(super) fn subscribers_background(&mut self, day: LocalDay) {
        for subscriber in self.returns.remove(&day).unwrap_or_default() {
            let time = self.hours(day);
            self.say_status(time, subscriber, Status::Active, None);
            let group = self.roster.subscriber(subscriber).group;
            self.roster.enter(subscriber, group);
        }
        for group in 0..self.layout.sites.len() {
            let n = self.roster.members(group).len() as f64 / 30.0;
            for _ in 0..self.rng.poisson(n * CHURN) {
                self.one_leaves(group, day);
            }
            if self.guard.spared[group].subscribers {
                continue;
            }
            for _ in 0..self.rng.poisson(n * JOIN) {
                self.one_joins(group, day);
            }
            for _ in 0..self.rng.poisson(n * STIRS) {
                self.one_stirs(group, day);
            }
        }
    }

    fn one_leaves(&mut self, group: usize, day: LocalDay) {
        if !self.guard.may_lose(group, day) {
            return;
        }
        let Some(subscriber) = self.roster.plain(group, day.plus(-4), &mut self.rng) else {
            return;
        };
        let how = match self.rng.unit() {
            u if u < 0.35 => Leaving::PortedOut,
            u if u < 0.78 => Leaving::Voluntary,
            _ => Leaving::Involuntary,
        };
        let entry = self.leaves(subscriber, day, how, true);
        let then = self.rng.unit();
        if then < RESTORED && how != Leaving::PortedOut {
            let back = day.plus(self.rng.between(1, 3));
            self.roster.occupy_until(subscriber, back);
            self.returns.entry(back).or_default().push(subscriber);
        } else if then < RESTORED + WON_BACK && how != Leaving::Involuntary {
            let back = day.plus(self.rng.between(61, 68));
            self.roster.occupy_until(subscriber, back);
            self.returns.entry(back).or_default().push(subscriber);
        } else if then > 1.0 - RETRACTED && how != Leaving::PortedOut {
            let time = self.days.within(day, 20, 23, &mut self.rng);
            self.log.retract(time, entry);
            self.roster.enter(subscriber, group);
        }
    }

    fn one_joins(&mut self, group: usize, day: LocalDay) {
        let subscriber = self
            .roster
            .enroll(group, Role::Member, false, day, &mut self.rng);
        let time = self.hours(day);
        self.say_status(time, subscriber, Status::Active, None);
        self.say_membership(
            time.plus(chrono::TimeDelta::seconds(40)),
            subscriber,
            group,
            MemberChangeKind::Joined,
        );
    }

    /// A subscriber moves, leaves its group, asks about porting, is to be cancelled and kept, is
    /// stopped for a while, or was never real.
    fn one_stirs(&mut self, group: usize, day: LocalDay) {
        let Some(subscriber) = self.roster.plain(group, day.plus(-1), &mut self.rng) else {
            return;
        };
        let mut at = self.rng.unit() * STIRS;
        let mut is = |rate: f64| {
            at -= rate;
            at < 0.0
        };
        if is(MOVE) {
            let to = self.rng.below(self.layout.sites.len());
            if to != group && !self.guard.spared[to].subscribers && self.guard.may_lose(group, day)
            {
                self.moves(subscriber, day, to);
            }
        } else if is(LEAVE_GROUP) {
            if self.guard.may_lose(group, day) {
                let time = self.hours(day);
                self.say_membership(time, subscriber, group, MemberChangeKind::Left);
                self.guard.lost(group, day);
                self.roster.leave(subscriber);
            }
        } else if is(QUERY) {
            self.asks_about_porting(subscriber, day);
        } else if is(KEPT) {
            self.is_kept(subscriber, day);
        } else if is(STOP) {
            self.stops_for_a_while(subscriber, day);
        } else if self.guard.may_lose(group, day) {
            let time = self.hours(day);
            self.say_status(time, subscriber, Status::Invalid, None);
            self.roster.leave(subscriber);
        }
    }

    fn asks_about_porting(&mut self, subscriber: SubscriberNo, day: LocalDay) {
        let time = self.hours(day);
        self.say_port(time, subscriber, PortStage::Queried);
        if self.rng.chance(WITHDRAWN_WITH_CODE) {
            let authorised = self.hours(day.plus(1));
            let held = TimeDelta::minutes(i64::from(self.rng.between(10, 55)));
            self.say_port(authorised, subscriber, PortStage::Authorised);
            self.say_port(authorised.plus(held), subscriber, PortStage::Withdrawn);
        } else if self.rng.chance(0.3) {
            let time = self.hours(day.plus(2));
            self.say_port(time, subscriber, PortStage::Withdrawn);
        }
        self.roster.occupy_until(subscriber, day.plus(2));
    }

    fn is_kept(&mut self, subscriber: SubscriberNo, day: LocalDay) {
        let (time, back) = (self.hours(day), day.plus(self.rng.between(1, 3)));
        self.say_status(time, subscriber, Status::PreCancelled, None);
        let time = self.hours(back);
        self.say_status(time, subscriber, Status::Active, None);
        self.roster.occupy_until(subscriber, back);
    }

    fn stops_for_a_while(&mut self, subscriber: SubscriberNo, day: LocalDay) {
        let reason = *self.rng.pick(&[
            StopReason::Request,
            StopReason::Request,
            StopReason::Lost,
            StopReason::HighUsage,
            StopReason::Admin,
        ]);
        let (time, back) = (self.hours(day), day.plus(self.rng.between(1, 9)));
        self.say_status(time, subscriber, Status::Suspended, Some(reason));
        let time = self.hours(back);
        self.say_status(time, subscriber, Status::Active, None);
        self.roster.occupy_until(subscriber, back);
    }
}
