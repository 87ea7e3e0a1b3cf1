//! An alert, a task and a reminder, each of the group customer `G00001`, as the store gives them.

use chrono::{NaiveDate, TimeDelta};

use super::AS_OF;
use crate::domain::alert::{Alert, AlertKey, AlertState, AlertSubject, Explanation, Period};
use crate::domain::event::KeyDateKind;
use crate::domain::ids::{GroupId, KeyDateId, ManagerId};
use crate::domain::indicator::{AlertKind, Scope, Severity, Signal};
use crate::domain::local_day::{LocalDay, Timestamp};
use crate::domain::reminder::{KeyDateOccasion, Occasion, Reminder};
use crate::domain::task::{
    Assignee, InEnglish, Item, NewTask, Origin, Task, TaskClass, TaskKind, TaskTitle,
};

fn group_id() -> GroupId {
    GroupId::parse("G00001").expect("an id")
}

fn assignee() -> Assignee {
    Assignee::Manager(ManagerId::parse("M1").expect("an id"))
}

fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An alert of overdue bills, which fires.
pub(crate) fn arrears() -> Alert {
    Alert {
        key: AlertKey {
            scope: Scope::Group(group_id()),
            kind: AlertKind::Signal(Signal::Arrears),
            subject: AlertSubject::WholeScope,
            period: Period::Day(LocalDay::from_number(20_604)),
            occurrence: 1,
        },
        state: AlertState::Firing,
        severity: Severity::Warning,
        explanation: Explanation {
            fen: Some(123_456),
            ..Explanation::default()
        },
        members: Vec::new(),
        opened_at: Timestamp::from_micros(1_780_333_200_000_000),
        resolved_at: None,
        resolved_because: None,
        count_when_done: None,
        acknowledged: None,
    }
}

/// A task to keep a customer, which is open.
pub(crate) fn retention() -> Task {
    Task::from(NewTask {
        origin: Origin::Alert,
        title: TaskTitle::OfAlerts,
        alert_ids: vec![arrears().alert_id()],
        subscribers: Vec::new(),
        scope: Scope::Group(group_id()),
        tier: None,
        assignee: assignee(),
        kind: TaskKind::Retention,
        item: Item::Retention {
            plan: "上门了解原因".into(),
        },
        means: Vec::new(),
        resources: Vec::new(),
        checks: Vec::new(),
        english: InEnglish::default(),
        lead: None,
        class: TaskClass::Key,
        severity: Severity::Warning,
        opened_at: AS_OF,
        accept_by: AS_OF.plus(TimeDelta::hours(4)),
        due_at: AS_OF.plus(TimeDelta::hours(24)),
        escalation: Vec::new(),
    })
}

/// A reminder of a birthday.
pub(crate) fn birthday() -> Reminder {
    Reminder {
        occasion: Occasion::KeyDate(KeyDateOccasion {
            key_date_id: KeyDateId::parse("K1").expect("an id"),
            group_id: group_id(),
            kind: KeyDateKind::Birthday,
            title: "刘总生日".to_owned(),
            contact: None,
            lunar: None,
        }),
        occurs_on: date("2026-06-08"),
        lead_days: 3,
        send_on: date("2026-06-05"),
        late: false,
        assignee: assignee(),
    }
}
