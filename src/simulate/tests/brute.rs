//! The definitions of the contract on indicators, word for word and slowly: status and group of
//! every subscriber at an instant, figures of a date, breaches and signals. Tails by statrs.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use statrs::distribution::{Binomial, DiscreteCDF, Poisson};

use crate::domain::event::{
    ComplaintState, Event, EventData, MemberChangeKind, Population, Role, Status,
};
use crate::domain::indicator::{AlertKind, Indicator, Scope, Signal};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::zone::Zone;
use crate::simulate::City;

/// An alert by kind, scope and subject, and the month that it falls into.
pub(super) type Alert = (AlertKind, Scope, String, Month);

#[derive(Default)]
struct Subscriber {
    statuses: Vec<(Timestamp, Status)>,
    /// Group joined, or left.
    memberships: Vec<(Timestamp, MemberChangeKind, String)>,
    port_outs: Vec<Timestamp>,
    key: bool,
    locked: bool,
}

impl Subscriber {
    /// When something of it changed.
    fn times(&self) -> BTreeSet<Timestamp> {
        let of_statuses = self.statuses.iter().map(|(t, _)| *t);
        of_statuses
            .chain(self.memberships.iter().map(|(t, ..)| *t))
            .chain(self.port_outs.iter().copied())
            .collect()
    }

    fn is_in_trouble_at(&self, t: Timestamp) -> bool {
        let status = self.statuses.iter().find(|(time, _)| *time == t);
        status
            .is_some_and(|(_, x)| x.is_suspended() || *x == Status::PreCancelled || x.is_churned())
    }

    fn status(&self, t: Timestamp) -> Status {
        self.statuses
            .iter()
            .rfind(|(time, _)| *time < t)
            .map_or(Status::Active, |(_, status)| *status)
    }

    fn group(&self, t: Timestamp) -> Option<&str> {
        let mut group = None;
        for (_, change, named) in self.memberships.iter().filter(|(time, ..)| *time < t) {
            match change {
                MemberChangeKind::Joined => group = Some(named.as_str()),
                MemberChangeKind::Left if group == Some(named.as_str()) => group = None,
                MemberChangeKind::Left => {}
            }
        }
        group
    }

    fn member_of(&self, t: Timestamp) -> Option<&str> {
        self.group(t).filter(|_| self.status(t).in_base())
    }
}

/// Counts of a scope on a date.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct BruteCounts {
    pub(super) opening: u64,
    pub(super) closing: u64,
    pub(super) joined: u64,
    pub(super) lost: u64,
    pub(super) churned: u64,
    pub(super) complaints: u64,
    pub(super) answers: u64,
    pub(super) score: i64,
}

/// Everything that the events contain, by scope and subscriber.
pub(super) struct Brute {
    zone: Zone,
    first: LocalDay,
    last: LocalDay,
    subscribers: BTreeMap<String, Subscriber>,
    units: HashMap<String, String>,
    /// Day and group of the first filing, and withdrawal if any.
    complaints: HashMap<String, (Timestamp, String, Option<Timestamp>)>,
    surveys: Vec<(Timestamp, String, i64)>,
}

impl Brute {
    pub(super) fn new(city: &City) -> Self {
        let events: Vec<Event> = city.events().collect();
        let (zone, last) = (city.config.zone, LocalDay::from_date(city.config.last_day));
        let mut brute = Self {
            zone,
            first: city.first_day,
            last,
            subscribers: BTreeMap::new(),
            units: HashMap::new(),
            complaints: HashMap::new(),
            surveys: Vec::new(),
        };
        let target = |event: &Event| match &event.data {
            EventData::Retraction(target) => Some((target.source.clone(), target.id.clone())),
            _ => None,
        };
        let retracted: HashSet<_> = events.iter().filter_map(target).collect();
        for event in events
            .iter()
            .filter(|e| !retracted.contains(&(e.order.source.clone(), e.order.id.clone())))
        {
            brute.note(event.order.time, &event.data);
        }
        brute
    }

    fn subscriber(&mut self, id: &crate::domain::ids::SubscriberId) -> &mut Subscriber {
        self.subscribers.entry(id.to_string()).or_default()
    }

    fn note(&mut self, time: Timestamp, data: &EventData) {
        match data {
            EventData::SubscriberStatus(s) => self
                .subscriber(&s.subscriber_id)
                .statuses
                .push((time, s.status)),
            EventData::PortOut(p) => self.subscriber(&p.subscriber_id).port_outs.push(time),
            EventData::Membership(m) if m.population == Population::Group => {
                let subscriber = self.subscriber(&m.subscriber_id);
                subscriber
                    .memberships
                    .push((time, m.change, m.group_id.to_string()));
                if m.change == MemberChangeKind::Joined {
                    (subscriber.key, subscriber.locked) = (m.role != Role::Member, m.locked);
                }
            }
            EventData::Group(g) => {
                self.units
                    .insert(g.group_id.to_string(), g.unit_id.to_string());
            }
            EventData::Complaint(c) => match c.state {
                ComplaintState::Filed => {
                    self.complaints
                        .entry(c.complaint_id.to_string())
                        .or_insert((time, c.group_id.to_string(), None));
                }
                ComplaintState::Withdrawn => {
                    self.complaints
                        .get_mut(c.complaint_id.as_str())
                        .expect("valid")
                        .2 = Some(time)
                }
                ComplaintState::Resolved => {}
            },
            EventData::Survey(s) => {
                self.surveys
                    .push((time, s.group_id.to_string(), s.hundred_thousandths()))
            }
            _ => {}
        }
    }

    fn scopes(&self, group: &str) -> [Scope; 3] {
        [
            Scope::parse("group", group).expect("valid"),
            Scope::parse("unit", &self.units[group]).expect("valid"),
            Scope::Company,
        ]
    }

    /// Every scope's counts of a date.
    pub(super) fn figures(&self, day: LocalDay) -> HashMap<Scope, BruteCounts> {
        let month = day.month();
        let (start, end) = (self.zone.start_of(month.first_day()), self.zone.end_of(day));
        let mut groups: HashMap<&str, BruteCounts> = HashMap::new();
        for s in self.subscribers.values() {
            let (at_end, status) = (s.member_of(end), s.status(end));
            let opening = s.member_of(start).filter(|_| status != Status::Invalid);
            if let Some(group) = opening {
                let counts = groups.entry(group).or_default();
                counts.opening += 1;
                counts.lost += u64::from(at_end != Some(group));
                counts.churned += u64::from(status.is_churned());
            }
            if let Some(group) = at_end {
                let counts = groups.entry(group).or_default();
                counts.closing += 1;
                counts.joined += u64::from(opening != Some(group));
            }
        }
        for (filed, group, withdrawn) in self.complaints.values() {
            if *filed >= start && *filed < end && withdrawn.is_none_or(|time| time >= end) {
                groups.entry(group).or_default().complaints += 1;
            }
        }
        for (_, group, score) in self
            .surveys
            .iter()
            .filter(|(time, ..)| *time >= start && *time < end)
        {
            let counts = groups.entry(group).or_default();
            counts.answers += 1;
            counts.score += score;
        }
        let mut all: HashMap<Scope, BruteCounts> = HashMap::new();
        for (group, c) in groups {
            for scope in self.scopes(group) {
                let sum = all.entry(scope).or_default();
                sum.opening += c.opening;
                sum.closing += c.closing;
                sum.joined += c.joined;
                sum.lost += c.lost;
                sum.churned += c.churned;
                sum.complaints += c.complaints;
                sum.answers += c.answers;
                sum.score += c.score;
            }
        }
        all
    }

    /// Every indicator breach at some midnight, with the first day of the month on which it holds.
    pub(super) fn breaches(&self) -> BTreeMap<Alert, LocalDay> {
        let mut found = BTreeMap::new();
        for day in self.first.to(self.last) {
            for (scope, counts) in self.figures(day) {
                for indicator in Indicator::ALL {
                    if is_breach(&counts, indicator, scope.group().is_some()) {
                        let key = (
                            AlertKind::Indicator(indicator),
                            scope.clone(),
                            String::new(),
                            day.month(),
                        );
                        found.entry(key).or_insert(day);
                    }
                }
            }
        }
        found
    }

    /// Every signal, with the first day of the month on which it comes.
    pub(super) fn signals(&self) -> BTreeMap<Alert, LocalDay> {
        let mut found = BTreeMap::new();
        let mut left: HashMap<&str, Vec<(LocalDay, &Subscriber)>> = HashMap::new();
        let mut say = |signal: Signal, group: &str, subject: &str, day: LocalDay| {
            let key = (
                AlertKind::Signal(signal),
                Scope::parse("group", group).expect("valid"),
                subject.to_owned(),
                day.month(),
            );
            let first = found.entry(key).or_insert(day);
            *first = day.min(*first);
        };
        for (id, s) in &self.subscribers {
            for t in s.times() {
                let (after, day) = (Timestamp::from_micros(t.micros() + 1), self.zone.day_of(t));
                let (before_member, now_member) = (s.member_of(t), s.member_of(after));
                if let (Some(group), None) = (before_member, now_member)
                    && s.status(after) != Status::Invalid
                {
                    left.entry(group).or_default().push((day, s));
                    if s.locked {
                        say(Signal::LockedNumberLost, group, id, day);
                    }
                }
                if let Some(group) = s
                    .group(after)
                    .filter(|_| s.key && (s.is_in_trouble_at(t) || s.port_outs.contains(&t)))
                {
                    say(Signal::KeyLine, group, id, day);
                }
            }
        }
        for day in self.first.to(self.last) {
            let end = self.zone.end_of(day);
            for (group, leavers) in &left {
                for days in [1, 3, 7] {
                    let from = day.plus(1 - days).max(self.first);
                    let left = (leavers.iter())
                        .filter(|(d, s)| (from..=day).contains(d) && s.member_of(end).is_none())
                        .count();
                    if left < 3 || !leavers.iter().any(|(d, _)| *d == day) {
                        continue;
                    }
                    if self.is_unlikely(group, from, days, left) {
                        say(Signal::BatchLeave, group, "", day);
                    }
                }
                if leavers.iter().any(|(d, _)| *d == day) && self.members(group, end) == 0 {
                    say(Signal::GroupGone, group, "", day);
                }
            }
        }
        found
    }

    /// Whether so many leavers of a group within some days are hardly chance.
    fn is_unlikely(&self, group: &str, from: LocalDay, days: i32, leavers: usize) -> bool {
        let start = self.zone.start_of(from);
        let n = self
            .subscribers
            .values()
            .filter(|s| s.member_of(start) == Some(group))
            .count();
        let tail = Poisson::new(n as f64 * 0.03 * f64::from(days) / 30.0)
            .expect("valid")
            .sf(leavers as u64 - 1);
        tail <= 0.01 / 3.0
    }

    fn members(&self, group: &str, t: Timestamp) -> usize {
        self.subscribers
            .values()
            .filter(|s| s.member_of(t) == Some(group))
            .count()
    }
}

/// Whether the counts are over the default limit.
pub(super) fn is_over(c: &BruteCounts, indicator: Indicator) -> bool {
    match indicator {
        Indicator::ChurnRate => c.opening > 0 && c.churned * 100 > 3 * c.opening,
        Indicator::MemberLossRate => c.opening > 0 && c.lost * 100 > 3 * c.opening,
        Indicator::ComplaintRate10k => c.opening > 0 && c.complaints * 10_000 > 40 * c.opening,
        Indicator::Satisfaction => c.answers > 0 && c.score < 80_000 * c.answers as i64,
    }
}

/// Whether that is a breach: at group level a significant one.
pub(super) fn is_breach(c: &BruteCounts, indicator: Indicator, group: bool) -> bool {
    if !is_over(c, indicator) {
        return false;
    }
    let binomial = |k: u64| Binomial::new(0.03, c.opening).expect("valid").sf(k - 1) <= 0.01;
    match indicator {
        Indicator::Satisfaction => c.answers >= 5,
        _ if !group => true,
        Indicator::ChurnRate => binomial(c.churned),
        Indicator::MemberLossRate => binomial(c.lost),
        Indicator::ComplaintRate10k => {
            Poisson::new(c.opening as f64 * 0.004)
                .expect("valid")
                .sf(c.complaints - 1)
                <= 0.01
        }
    }
}
