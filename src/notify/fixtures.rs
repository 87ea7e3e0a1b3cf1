//! A small city for the tests of this folder: two customers, a unit, two managers, one alert of each kind.

use std::collections::BTreeMap;

use chrono::{NaiveDate, TimeDelta};

use super::address::FallbackAddress;
use super::compose::{About, ComposeContext, PendingNotice, UsefulFor};
use super::digest::Waiting;
use super::locale::Locale;
use super::mime::Sender;
use crate::domain::alert::{Alert, AlertKey, AlertState, Explanation, MailId, Period};
use crate::domain::event::{Event, EventData, Group, KeyDateKind, Manager, Order, Tier, Unit, VisitMode};
use crate::domain::ids::{GroupId, KeyDateId, ManagerId, SubscriberId, UnitId};
use crate::domain::indicator::{AlertKind, Indicator, Scope, Severity, Signal};
use crate::domain::local_day::{LocalDay, Month, Timestamp};
use crate::domain::mail::{Delivery, Mail, MailKind, MailState, Notice, Reminder, Told};
use crate::domain::reference::Reference;
use crate::domain::task::{Approval, Assignee, Item, Means, Origin, Resource, Task, TaskClass, TaskKind, TaskState};
use crate::domain::zone::Zone;

pub fn zone() -> Zone {
    Zone::parse("Asia/Shanghai").expect("known zone")
}

pub fn date(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// Local time of Shanghai, `YYYY-MM-DD HH:MM`.
pub fn at(local: &str) -> Timestamp {
    zone().at(chrono::NaiveDateTime::parse_from_str(local, "%Y-%m-%d %H:%M").expect("a time"))
}

pub fn now() -> Timestamp {
    at("2026-07-15 09:05")
}

pub fn sender() -> Sender {
    Sender::parse("四三集团客户维系系统 <sisan@gz.example.cn>").expect("a sender")
}

pub fn manager_id(text: &str) -> ManagerId {
    ManagerId::parse(text).expect("an id")
}

pub fn group_id(text: &str) -> GroupId {
    GroupId::parse(text).expect("an id")
}

fn manager(id: &str, name: &str, email: &str, locale: Option<&str>) -> EventData {
    EventData::Manager(Manager {
        manager_id: manager_id(id),
        name: name.into(),
        email: email.into(),
        supervisor_id: None,
        chief: false,
        delegate_id: None,
        away_until: None,
        active: true,
        locale: locale.map(Into::into),
    })
}

pub fn group(id: &str, name: &str, manager: &str, tier: Tier) -> EventData {
    EventData::Group(Group {
        group_id: group_id(id),
        name: name.into(),
        unit_id: UnitId::parse("U01").expect("an id"),
        manager_id: manager_id(manager),
        tier,
        industry: Some("装备制造".into()),
        parent_group_id: None,
        visit_mode: VisitMode::Visit,
        closed: false,
    })
}

pub fn put(reference: &mut Reference, id: &str, data: EventData) {
    reference.put(Event { order: Order { time: at("2026-01-01 00:00"), id: id.into(), source: "/crm".into() }, data });
}

/// G00001 and G00002 of unit U01; M001 reads Chinese, M002 English, M003 has no usable address.
pub fn reference() -> Reference {
    let mut reference = Reference::default();
    let unit = Unit {
        unit_id: UnitId::parse("U01").expect("an id"),
        name: "云岩分公司".into(),
        head_manager_id: Some(manager_id("M001")),
        service_head_id: None,
        chief_id: None,
    };
    put(&mut reference, "u1", EventData::Unit(unit));
    put(&mut reference, "m1", manager("M001", "王芳", "wang.fang@gz.example.cn", None));
    put(&mut reference, "m2", manager("M002", "Li Wei", "li.wei@gz.example.cn", Some("en")));
    put(&mut reference, "m3", manager("M003", "赵强", "无", None));
    put(&mut reference, "g1", group("G00001", "贵阳星辰精密机械有限公司", "M001", Tier::A));
    put(&mut reference, "g2", group("G00002", "Guiyang Huaxi Logistics", "M002", Tier::C));
    reference
}

/// Owns what a [`ComposeContext`] borrows.
pub struct City {
    pub reference: Reference,
    pub fallback: FallbackAddress,
    pub ops: Vec<String>,
    pub queued: BTreeMap<String, u32>,
}

impl City {
    pub fn new() -> Self {
        Self {
            reference: reference(),
            fallback: FallbackAddress { id: "M000".into(), name: "值班主管".into(), address: "duty@gz.example.cn".into() },
            ops: vec!["ops@gz.example.cn".into()],
            queued: BTreeMap::new(),
        }
    }

    pub fn ctx(&self) -> ComposeContext<'_> {
        ComposeContext {
            zone: zone(),
            reference: &self.reference,
            default_locale: Locale::ZhCn,
            fallback: &self.fallback,
            ops: &self.ops,
            base_url: Some("https://sisan.gz.example.cn"),
            id_domain: "gz.example.cn",
            useful_for: UsefulFor::default(),
            cap: None,
            now: now(),
        }
    }
}

pub fn alert(kind: AlertKind, subject: &str, explanation: Explanation) -> Alert {
    let period = match kind {
        AlertKind::Indicator(_) => Period::Month(Month::of(2026, 7)),
        AlertKind::Signal(_) => Period::Day(LocalDay::from_date(date("2026-07-14"))),
    };
    let severity = if matches!(kind, AlertKind::Signal(_)) { Severity::Critical } else { Severity::Warning };
    let key = AlertKey { scope: Scope::Group(group_id("G00001")), kind, subject: subject.into(), period, occurrence: 1 };
    let opened_at = at("2026-07-15 09:00");
    Alert {
        key,
        state: AlertState::Firing,
        severity,
        explanation,
        members: Vec::new(),
        opened_at,
        resolved_at: None,
        resolved_because: None,
        done_k: None,
    }
}

pub fn churn_alert() -> Alert {
    let why = Explanation { value: Some(0.09), k: 9, n: 100, expected: Some(3.0), p: Some(0.003_2), needed: Some(9), limit: Some(0.03) };
    alert(AlertKind::Indicator(Indicator::ChurnRate), "", why)
}

pub fn satisfaction_alert() -> Alert {
    let why = Explanation { value: Some(71.46), k: 6, n: 6, expected: None, p: None, needed: Some(5), limit: Some(80.0) };
    alert(AlertKind::Indicator(Indicator::Satisfaction), "", why)
}

pub fn batch_alert() -> Alert {
    let why = Explanation { value: None, k: 12, n: 260, expected: Some(0.3), p: Some(2e-9), needed: Some(3), limit: Some(0.03) };
    let mut alert = alert(AlertKind::Signal(Signal::BatchLeave), "", why);
    alert.members = (0..12).map(|n| SubscriberId::parse(&format!("139850{n:05}")).expect("an id")).collect();
    alert
}

pub fn key_line_alert() -> Alert {
    let mut alert = alert(AlertKind::Signal(Signal::KeyLine), "13800008000", Explanation { k: 1, n: 1, ..Explanation::default() });
    alert.members = vec![SubscriberId::parse("13800008000").expect("an id")];
    alert
}

/// The retention task that `alerts` began or joined.
pub fn task(alerts: &[Alert], assignee: &str) -> Task {
    let first = alerts.first().expect("an alert");
    Task {
        task_id: Task::id_of(&first.alert_id()),
        origin: Origin::Alert,
        title: String::new(),
        alert_ids: alerts.iter().map(Alert::alert_id).collect(),
        scope: first.key.scope.clone(),
        tier: Some(Tier::A),
        assignee: Assignee::Manager(manager_id(assignee)),
        kind: TaskKind::Retention,
        item: Item::Visit {
            whom: "信息主管、行政负责人".into(),
            purpose: "弄清离网原因，提出挽留方案".into(),
            prepare: "本月离网号码清单、近三个月账单、竞争对手报价".into(),
            steps: vec!["当面核对离网号码与原因".into(), "提出挽留方案并约定答复日期".into()],
        },
        means: vec![Means::Visit, Means::Negotiation],
        resources: vec![Resource::Chief, Resource::Offer],
        checks: vec![
            "客户信息：期初 100 个成员，本月离网 9 个".into(),
            "关键时刻：合约 2026-09-30 到期".into(),
            "工作计划：上次拜访 2026-05-20".into(),
        ],
        class: TaskClass::Key,
        severity: alerts.iter().map(|alert| alert.severity).min().expect("an alert"),
        approval: Approval::Requested,
        state: TaskState::Open,
        opened_at: first.opened_at,
        accept_by: at("2026-07-15 17:00"),
        due_at: at("2026-07-16 16:00"),
        asked_at: Some(first.opened_at),
        accepted_at: None,
        started_at: None,
        ended_at: None,
        finish: None,
        verified: false,
        stalled: false,
        escalated: Vec::new(),
        withheld_means: Vec::new(),
        withheld_resources: Vec::new(),
        remark: None,
        steps: Vec::new(),
        version: 1,
    }
}

fn notice(told: Told, assignee: Assignee, severity: Severity) -> Notice {
    Notice {
        told,
        assignee,
        group_id: None,
        severity,
        created_at: at("2026-07-15 09:00"),
        due_at: at("2026-07-15 09:05"),
        useful_until: None,
    }
}

pub fn about_task(task: Task, alerts: Vec<Alert>) -> PendingNotice {
    let notice = notice(Told::Task(task.task_id.clone()), task.assignee.clone(), task.severity);
    PendingNotice { notice, about: About::Task { task: Box::new(task), alerts } }
}

pub fn about_alerts(alerts: Vec<Alert>, assignee: &str) -> PendingNotice {
    about_task(task(&alerts, assignee), alerts)
}

pub fn reminder(id: &str, kind: KeyDateKind, title: &str, occurs_on: &str, lead_days: i32) -> Reminder {
    Reminder {
        key_date_id: KeyDateId::parse(id).expect("an id"),
        group_id: group_id("G00001"),
        kind,
        title: title.into(),
        contact: (kind == KeyDateKind::Birthday).then(|| "刘总".to_owned()),
        occurs_on: date(occurs_on),
        lead_days,
        send_on: date("2026-07-15"),
        late: false,
        assignee: Assignee::Manager(manager_id("M001")),
    }
}

pub fn about_reminder(reminder: Reminder, assignee: &str) -> PendingNotice {
    let notice = notice(Told::Reminder(reminder.reminder_id()), Assignee::Manager(manager_id(assignee)), Severity::Notice);
    PendingNotice { notice, about: About::Reminder(Box::new(reminder)) }
}

pub fn three_reminders(assignee: &str) -> Vec<PendingNotice> {
    let mut late = reminder("K3", KeyDateKind::ContractEnd, "移动办公合约到期", "2026-10-13", 90);
    late.late = true;
    late.group_id = group_id("G00002");
    [
        reminder("K1", KeyDateKind::Birthday, "刘总生日", "2026-07-16", 1),
        reminder("K2", KeyDateKind::Ceremony, "二十周年庆典", "2026-07-22", 7),
        late,
    ]
    .map(|one| about_reminder(one, assignee))
    .to_vec()
}

pub fn about_ops(topic: &str, text: &str) -> PendingNotice {
    let told = Told::Ops { topic: topic.into(), text: text.into() };
    PendingNotice { notice: notice(told, Assignee::Fallback, Severity::Critical), about: About::Ops }
}

pub fn ops_text() -> &'static str {
    "partition boss.events-3 stopped at offset 184467: the offset is gone\nset by `source.kafka.start`\nhint: decide with `sisan sources list`, then restart"
}

/// Three mails that wait for a manager: about a critical task, one that is done, and a warning.
pub fn three_waiting(manager: &str) -> Vec<Waiting> {
    let recipient = format!("{manager}@gz.example.cn");
    let all = [(batch_alert(), TaskState::Open), (churn_alert(), TaskState::Done), (satisfaction_alert(), TaskState::Accepted)];
    let waiting = all.into_iter().enumerate().map(|(at, (alert, state))| {
        let mut task = task(std::slice::from_ref(&alert), manager);
        (task.state, task.severity) = (state, alert.severity);
        Waiting { mail_id: MailId::new(format!("M{at}")), recipient: recipient.clone(), tasks: vec![(task, vec![alert])] }
    });
    waiting.collect()
}

/// A mail to `recipient`, queued now.
pub fn mail(recipient: &str) -> Mail {
    Mail {
        kind: MailKind::AlertTask,
        recipient: recipient.into(),
        recipient_name: "王芳".into(),
        subject_key: "K0".into(),
        told: Vec::new(),
        local_day: zone().day_of(now()),
        subject: "【预警】星辰：用户离网率 9.00%（限值 3.00%）".into(),
        text: "第一行\n.第二行\n".into(),
        html: "<p>第一行</p>".into(),
        calendar: None,
        queued_at: now(),
        useful_until: None,
    }
}

pub fn queued() -> Delivery {
    Delivery { state: MailState::Queued, attempts: 0, lost_replies: 0, next_attempt_at: now(), sent_at: None, last_reply: None }
}

pub fn minutes(n: i64) -> TimeDelta {
    TimeDelta::minutes(n)
}
