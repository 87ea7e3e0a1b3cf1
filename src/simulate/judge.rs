//! The alerts that the events call for: every alert of the four indicators and four signals, by a
//! plain replay in time order.
//!
//! It shares no code with the worker, so that a demo compares two independent results. It knows the
//! default limits only. Invariant: each (kind, scope, subject) is in the result once a month, with
//! the first day that crosses its limit.

use std::collections::{BTreeSet, HashMap, HashSet};

use super::incident::Expected;
use super::tails::{WINDOWS, needed_batch};
use super::tally::{Level, MonthTally};
use crate::domain::event::{
    ComplaintState, Event, EventData, MemberChangeKind, Membership, Population, Role, Status,
};
use crate::domain::indicator::{AlertKind, Indicator, Scope, Signal};
use crate::domain::local_day::{LocalDay, Month};
use crate::domain::zone::Zone;

/// A subscriber as the replay has it.
#[derive(Debug, Clone)]
struct ReplayedSubscriber<'a> {
    id: &'a str,
    group: Option<usize>,
    status: Status,
    /// Group at the month's start.
    opening: Option<usize>,
    key: bool,
    locked: bool,
}

impl ReplayedSubscriber<'_> {
    fn member_of(&self) -> Option<usize> {
        self.group.filter(|_| self.status.in_base())
    }
}

struct Judge<'a> {
    /// Alerts are judged from this day on: before it, all is loaded.
    first: LocalDay,
    day: LocalDay,
    month: Month,
    groups: Vec<&'a str>,
    units: Vec<&'a str>,
    unit_of: Vec<usize>,
    group_no: HashMap<&'a str, usize>,
    subscribers: Vec<ReplayedSubscriber<'a>>,
    line_no: HashMap<&'a str, usize>,
    members: Vec<i64>,
    /// Members of each group at the start of each day from `first` on.
    starts: Vec<Vec<i64>>,
    /// Of each group: who left the company, when.
    left: Vec<Vec<(LocalDay, usize)>>,
    tally: MonthTally,
    complaints: HashMap<&'a str, (usize, Month)>,
    found: BTreeSet<Expected>,
    seen: HashSet<(AlertKind, Scope, Box<str>, Month)>,
}

/// All alerts that the events call for, from `first` on, earliest first.
pub(super) fn judge(events: &[Event], first: LocalDay, zone: Zone) -> Vec<Expected> {
    let mut judge = Judge::new(events, first);
    let retracted: HashSet<(&str, &str)> = (events.iter())
        .filter_map(|event| match &event.data {
            EventData::Retraction(target) => Some((&*target.source, &*target.id)),
            _ => None,
        })
        .collect();
    for event in events {
        judge.pass_days(zone.day_of(event.order.time));
        if !retracted.contains(&(&*event.order.source, &*event.order.id)) {
            judge.apply(&event.data);
        }
    }
    judge.found.into_iter().collect()
}

impl<'a> Judge<'a> {
    fn new(events: &'a [Event], first: LocalDay) -> Self {
        let (mut groups, mut units, mut unit_of): (Vec<&str>, Vec<&str>, Vec<usize>) =
            Default::default();
        let mut group_no = HashMap::new();
        for event in events {
            if let EventData::Group(group) = &event.data
                && !group_no.contains_key(group.group_id.as_str())
            {
                let unit = units
                    .iter()
                    .position(|unit| *unit == group.unit_id.as_str())
                    .unwrap_or(units.len());
                if unit == units.len() {
                    units.push(group.unit_id.as_str());
                }
                group_no.insert(group.group_id.as_str(), groups.len());
                groups.push(group.group_id.as_str());
                unit_of.push(unit);
            }
        }
        let count = groups.len();
        let day = first.month().first_day().plus(-1);
        Self {
            first,
            day,
            month: day.month(),
            tally: MonthTally::new(count, units.len()),
            groups,
            units,
            unit_of,
            group_no,
            subscribers: Vec::new(),
            line_no: HashMap::new(),
            members: vec![0; count],
            starts: Vec::new(),
            left: vec![Vec::new(); count],
            complaints: HashMap::new(),
            found: BTreeSet::new(),
            seen: HashSet::new(),
        }
    }

    /// Advances to a day; months begin on the way.
    fn pass_days(&mut self, to: LocalDay) {
        while self.day < to {
            self.day = self.day.plus(1);
            if self.day >= self.first {
                self.starts.push(self.members.clone());
            }
            if self.day.month() != self.month {
                self.month = self.day.month();
                self.tally.begin_month();
                for subscriber in &mut self.subscribers {
                    subscriber.opening = subscriber.member_of();
                    if let Some(group) = subscriber.opening {
                        self.tally
                            .add(group, self.unit_of[group], |level| level.opening += 1);
                    }
                }
            }
        }
    }

    fn apply(&mut self, data: &'a EventData) {
        match data {
            EventData::Membership(payload) if payload.population == Population::Group => {
                self.membership(payload)
            }
            EventData::SubscriberStatus(payload) => {
                let subscriber = self.subscriber(payload.subscriber_id.as_str());
                self.change(subscriber, |subscriber| subscriber.status = payload.status);
                if payload.status.is_suspended()
                    || payload.status == Status::PreCancelled
                    || payload.status.is_churned()
                {
                    self.key_line(subscriber);
                }
            }
            EventData::PortOut(payload) => {
                let subscriber = self.subscriber(payload.subscriber_id.as_str());
                self.key_line(subscriber);
            }
            EventData::Complaint(payload) => {
                let (id, group) = (
                    payload.complaint_id.as_str(),
                    self.group_no[payload.group_id.as_str()],
                );
                let known = self.complaints.contains_key(id);
                let (group, month) = *self.complaints.entry(id).or_insert((group, self.month));
                let change = match payload.state {
                    ComplaintState::Filed if !known => 1,
                    ComplaintState::Withdrawn => -1,
                    _ => 0,
                };
                if month == self.month && change != 0 {
                    self.tally.add(group, self.unit_of[group], |level| {
                        level.complaints += change
                    });
                    self.judge_indicators(group, &[Indicator::ComplaintRate10k]);
                }
            }
            EventData::Survey(payload) => {
                let group = self.group_no[payload.group_id.as_str()];
                self.tally.add(group, self.unit_of[group], |level| {
                    level.answers += 1;
                    level.score += payload.hundred_thousandths();
                });
                self.judge_indicators(group, &[Indicator::Satisfaction]);
            }
            _ => {}
        }
    }

    fn subscriber(&mut self, id: &'a str) -> usize {
        *self.line_no.entry(id).or_insert_with(|| {
            self.subscribers.push(ReplayedSubscriber {
                id,
                group: None,
                status: Status::Active,
                opening: None,
                key: false,
                locked: false,
            });
            self.subscribers.len() - 1
        })
    }

    fn membership(&mut self, payload: &'a Membership) {
        let (subscriber, group) = (
            self.subscriber(payload.subscriber_id.as_str()),
            self.group_no[payload.group_id.as_str()],
        );
        if payload.change == MemberChangeKind::Joined {
            self.subscribers[subscriber].key = payload.role != Role::Member;
            self.subscribers[subscriber].locked = payload.locked;
            self.change(subscriber, |subscriber| subscriber.group = Some(group));
        } else if self.subscribers[subscriber].group == Some(group) {
            self.change(subscriber, |subscriber| subscriber.group = None);
        }
    }

    /// Changes a subscriber, keeps the tallies, and judges what it changed.
    fn change(&mut self, no: usize, make: impl FnOnce(&mut ReplayedSubscriber<'a>)) {
        let before = self.subscribers[no].clone();
        make(&mut self.subscribers[no]);
        let after = self.subscribers[no].clone();
        let (from, to) = (before.member_of(), after.member_of());
        if let Some(group) = from {
            self.members[group] -= 1;
        }
        if let Some(group) = to {
            self.members[group] += 1;
        }
        if let Some(group) = after.opening {
            let part = |subscriber: &ReplayedSubscriber| {
                let lost =
                    subscriber.member_of() != Some(group) && subscriber.status != Status::Invalid;
                [
                    i64::from(subscriber.status == Status::Invalid),
                    i64::from(lost),
                    i64::from(subscriber.status.is_churned()),
                ]
            };
            let (old, new) = (part(&before), part(&after));
            self.tally.add(group, self.unit_of[group], |level| {
                level.opening -= new[0] - old[0];
                level.lost += new[1] - old[1];
                level.churned += new[2] - old[2];
            });
            self.judge_indicators(group, &[Indicator::ChurnRate, Indicator::MemberLossRate]);
        }
        match (from, to) {
            (Some(group), None) if after.status != Status::Invalid => self.leaves(no, group),
            (None, Some(group)) => self.left[group].retain(|(_, subscriber)| *subscriber != no),
            _ => {}
        }
    }

    /// A member of the group is a member of none now.
    fn leaves(&mut self, no: usize, group: usize) {
        self.left[group].push((self.day, no));
        if self.day < self.first {
            return;
        }
        if self.subscribers[no].locked {
            self.find(
                AlertKind::Signal(Signal::LockedNumberLost),
                self.scope(group),
                self.subscribers[no].id,
            );
        }
        if self.members[group] == 0 {
            self.find(AlertKind::Signal(Signal::GroupGone), self.scope(group), "");
        }
        for days in WINDOWS {
            let from = self.day.plus(1 - days).max(self.first);
            let k = self.left[group]
                .iter()
                .filter(|(day, _)| *day >= from)
                .count();
            let n =
                self.starts[(from.number() - self.first.number()) as usize][group].max(0) as usize;
            if k >= needed_batch(n, days) {
                self.find(AlertKind::Signal(Signal::BatchLeave), self.scope(group), "");
            }
        }
    }

    /// The subscriber of a key person is in trouble, if it is one of a group.
    fn key_line(&mut self, no: usize) {
        let subscriber = &self.subscribers[no];
        if let Some(group) = subscriber.group.filter(|_| subscriber.key) {
            self.find(
                AlertKind::Signal(Signal::KeyLine),
                self.scope(group),
                subscriber.id,
            );
        }
    }

    fn scope(&self, group: usize) -> Scope {
        Scope::parse("group", self.groups[group]).expect("the id comes from an event")
    }

    /// Judges indicators of a group, its unit and the company.
    fn judge_indicators(&mut self, group: usize, indicators: &[Indicator]) {
        if self.day < self.first {
            return;
        }
        let unit = self.unit_of[group];
        for indicator in indicators {
            let breach = |level: &Level, significant: bool| level.breach(*indicator, significant);
            let (of_group, of_unit, of_company) = self.tally.levels(group, unit);
            let over = [
                breach(of_group, true),
                breach(of_unit, false),
                breach(of_company, false),
            ];
            let unit_scope =
                Scope::parse("unit", self.units[unit]).expect("the id comes from an event");
            for (over, scope) in
                over.into_iter()
                    .zip([self.scope(group), unit_scope, Scope::Company])
            {
                if over {
                    self.find(AlertKind::Indicator(*indicator), scope, "");
                }
            }
        }
    }

    fn find(&mut self, kind: AlertKind, scope: Scope, subject: &str) {
        if self
            .seen
            .insert((kind, scope.clone(), subject.into(), self.month))
        {
            self.found.insert(Expected {
                from_day: self.day,
                kind,
                scope,
                subject: subject.into(),
            });
        }
    }
}
