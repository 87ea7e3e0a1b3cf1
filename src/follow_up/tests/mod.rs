//! Tests of following up, by part, over one small fixture: a unit with a head, two managers and
//! three group customers.

mod acknowledging;
mod act;
mod act_finish;
mod act_who;
mod add;
mod asking;
mod assignee;
mod calendar;
mod calendar_notices;
mod check_text;
mod contacts;
mod festival_days;
mod gravest;
mod hand_over;
mod holidays;
mod holidays_missed;
mod joint_visits;
mod joint_visits_gone;
mod key_date_mornings;
mod key_dates;
mod key_dates_upcoming;
mod late;
mod leads;
mod lunar;
mod lunar_key_dates;
mod many;
mod missed_days;
mod morning;
mod named_members;
mod playbook_faults;
mod playbooks;
mod promises;
mod results_of_gone;
mod silencing;
mod subscribers_gone;
mod suppressed;
mod sweep;
mod tasks;
mod tasks_joined;
mod tasks_resolved;
mod verification;
mod what_changed;
mod win_back;
mod working_hours;

use std::collections::{BTreeMap, BTreeSet};

use chrono::{NaiveDate, NaiveDateTime};

use super::calendar::WorkingCalendar;
use super::guard::SubscriberStandings;
use super::playbook::Playbooks;
use super::tasks::{FollowUpContext, FollowUpRules};
use crate::domain::alert::{
    Alert, AlertId, AlertKey, AlertState, AlertSubject, Explanation, Period, ResolvedBecause,
    TaskId,
};
use crate::domain::event::{Event, EventData, Group, Manager, Order, Tier, Unit, VisitMode};
use crate::domain::ids::{GroupId, ManagerId, SubscriberId, UnitId};
use crate::domain::indicator::{AlertKind, Indicator, Scope, Severity, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reference::Reference;
use crate::domain::silence::Silence;
use crate::domain::task::{Assignee, Check, CheckPart, Task};
use crate::domain::zone::Zone;

pub(super) const CHURN: AlertKind = AlertKind::Indicator(Indicator::ChurnRate);
pub(super) const LOSS: AlertKind = AlertKind::Indicator(Indicator::MemberLossRate);
pub(super) const SATISFACTION: AlertKind = AlertKind::Indicator(Indicator::Satisfaction);
pub(super) const KEY_LINE: AlertKind = AlertKind::Signal(Signal::KeyLine);
/// A critical signal without a joint visit.
pub(super) const LOCKED: AlertKind = AlertKind::Signal(Signal::LockedNumberLost);
pub(super) const BATCH_LEAVE: AlertKind = AlertKind::Signal(Signal::BatchLeave);

pub(super) fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

pub(super) fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("known zone")
}

/// A local time in Shanghai, `2026-08-03 10:00`.
pub(super) fn at(text: &str) -> Timestamp {
    zone().at(NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a local time"))
}

pub(super) fn group(id: &str) -> Scope {
    Scope::Group(GroupId::parse(id).expect("id"))
}

pub(super) fn manager_id(id: &str) -> ManagerId {
    ManagerId::parse(id).expect("id")
}

pub(super) fn to(id: &str) -> Assignee {
    Assignee::Manager(manager_id(id))
}

pub(super) fn unit() -> Scope {
    Scope::Unit(Some(UnitId::parse("U1").expect("id")))
}

/// Everything around the alerts. `G1` (tier B) and `GA` (tier A) belong to `wang`, whose delegate
/// is `li`; `zhao` heads their unit; `chen` the company.
pub(super) struct Fixture {
    pub(super) reference: Reference,
    pub(super) calendar: WorkingCalendar,
    pub(super) playbooks: Playbooks,
    pub(super) resolved: BTreeMap<AlertId, ResolvedBecause>,
    pub(super) made: BTreeMap<Assignee, u32>,
    pub(super) company_head: Option<ManagerId>,
    pub(super) silences: Vec<Silence>,
    pub(super) observed_units: BTreeSet<UnitId>,
    pub(super) subscribers: SubscriberStandings,
    pub(super) ended: BTreeMap<TaskId, Option<Task>>,
    events: i64,
}

impl Fixture {
    pub(super) fn new() -> Self {
        let mut fixture = Self {
            reference: Reference::default(),
            calendar: WorkingCalendar::shipped(),
            playbooks: Playbooks::shipped(),
            resolved: BTreeMap::new(),
            made: BTreeMap::new(),
            company_head: Some(manager_id("chen")),
            silences: Vec::new(),
            observed_units: BTreeSet::new(),
            subscribers: SubscriberStandings::new(),
            ended: BTreeMap::new(),
            events: 0,
        };
        fixture.unit(Some("zhao"));
        for id in ["wang", "li", "zhao", "chen"] {
            fixture.manager(id, |manager| {
                manager.delegate_id = (id == "wang").then(|| manager_id("li"))
            });
        }
        fixture.group("G1", |_| {});
        fixture.group("GA", |group| group.tier = Tier::A);
        fixture
    }

    pub(super) fn put_event(&mut self, data: EventData) {
        self.put_at(Timestamp::from_micros(self.events + 1), data);
    }

    pub(super) fn put_at(&mut self, time: Timestamp, data: EventData) {
        self.events += 1;
        let order = Order {
            time,
            id: self.events.to_string().into(),
            source: "/crm".into(),
        };
        self.reference.put_event(Event { order, data });
    }

    pub(super) fn unit(&mut self, head: Option<&str>) {
        let unit_id = UnitId::parse("U1").expect("id");
        let head_manager_id = head.map(manager_id);
        self.put_event(EventData::Unit(Unit {
            unit_id,
            name: "城东分局".into(),
            head_manager_id,
            service_head_id: None,
            chief_id: None,
        }));
    }

    pub(super) fn manager(&mut self, id: &str, change: impl FnOnce(&mut Manager)) {
        let mut manager = Manager {
            manager_id: manager_id(id),
            name: id.into(),
            email: format!("{id}@example.com").into(),
            supervisor_id: None,
            chief: false,
            delegate_id: None,
            away_until: None,
            active: true,
            locale: None,
        };
        change(&mut manager);
        self.put_event(EventData::Manager(manager));
    }

    pub(super) fn group(&mut self, id: &str, change: impl FnOnce(&mut Group)) {
        self.group_at(Timestamp::from_micros(self.events + 1), id, change);
    }

    pub(super) fn group_at(&mut self, time: Timestamp, id: &str, change: impl FnOnce(&mut Group)) {
        let mut group = Group {
            group_id: GroupId::parse(id).expect("id"),
            name: format!("{id} 公司").into(),
            unit_id: UnitId::parse("U1").expect("id"),
            manager_id: manager_id("wang"),
            tier: Tier::B,
            industry: Some("教育".into()),
            parent_group_id: None,
            visit_mode: VisitMode::Visit,
            closed: false,
        };
        change(&mut group);
        self.put_at(time, EventData::Group(group));
    }

    pub(super) fn ctx(&self, now: &str) -> FollowUpContext<'_> {
        FollowUpContext {
            zone: zone(),
            calendar: &self.calendar,
            playbooks: &self.playbooks,
            reference: &self.reference,
            company_head: self.company_head.as_ref(),
            rules: FollowUpRules::default(),
            resolved: &self.resolved,
            made_today: &self.made,
            silences: &self.silences,
            observed_units: &self.observed_units,
            subscribers: &self.subscribers,
            ended: &self.ended,
            now: at(now),
            read_until: at(now),
        }
    }
}

/// The subject of an alert about a subscriber.
pub(super) fn about(subscriber: &str) -> AlertSubject {
    AlertSubject::Subscriber(SubscriberId::parse(subscriber).expect("an id"))
}

/// A firing alert of August 2026.
pub(super) fn alert(scope: Scope, kind: AlertKind, severity: Severity) -> Alert {
    let period = match kind {
        AlertKind::Indicator(_) => Period::parse("2026-08"),
        AlertKind::Signal(_) => Some(Period::Day(LocalDay::from_date(day("2026-08-03")))),
    };
    let explanation = Explanation {
        value: Some(0.0431),
        k: 9,
        n: 209,
        expected: Some(6.27),
        p: Some(0.0071),
        needed: Some(9),
        limit: Some(0.03),
        ..Explanation::default()
    };
    Alert {
        key: AlertKey {
            scope,
            kind,
            subject: AlertSubject::WholeScope,
            period: period.expect("a period"),
            occurrence: 1,
        },
        state: AlertState::Firing,
        severity,
        explanation,
        members: Vec::new(),
        opened_at: at("2026-08-03 10:00"),
        resolved_at: None,
        resolved_because: None,
        count_when_done: None,
        acknowledged: None,
    }
}

/// A check, with the parts that read differently in each language by their names.
pub(super) fn checked(check: &Check) -> String {
    let part = |part: &CheckPart| match part {
        CheckPart::Text(text) => text.clone(),
        other => format!("{other:?}"),
    };
    check.parts().iter().map(part).collect()
}

pub(super) fn resolved(alert: &Alert, because: ResolvedBecause) -> Alert {
    let resolved_at = Some(at("2026-08-03 12:00"));
    Alert {
        state: AlertState::Resolved,
        resolved_at,
        resolved_because: Some(because),
        ..alert.clone()
    }
}
