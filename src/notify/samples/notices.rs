//! The sample notices of the city: alerts, tasks, key dates, and something for the operators.

use super::city::{at, date, group_id, manager_id};
use crate::domain::alert::{
    Alert, AlertKey, AlertState, AlertSubject, Explanation, MailId, Period,
};
use crate::domain::event::Tier;
use crate::domain::ids::SubscriberId;
use crate::domain::indicator::{AlertKind, Indicator, Scope, Severity, Signal};
use crate::domain::local_day::{LocalDay, Month};
use crate::domain::mail::{Notice, NoticeTopic};
use crate::domain::ops_notice::OpsNotice;
use crate::domain::pause::{Pause, PauseCause};
use crate::domain::task::{
    Approval, Assignee, Check, EscalationStep, InEnglish, Item, Means, NewTask, Origin, Resource,
    Task, TaskClass, TaskKind, TaskState, TaskTitle,
};
use crate::notify::compose::{About, PendingNotice};
use crate::notify::digest::Waiting;

/// An alert of G00001 in July 2026.
#[must_use]
pub fn alert(kind: AlertKind, subject: AlertSubject, explanation: Explanation) -> Alert {
    let period = match kind {
        AlertKind::Indicator(_) => Period::Month(Month::from_year_month(2026, 7)),
        AlertKind::Signal(_) => Period::Day(LocalDay::from_date(date("2026-07-14"))),
    };
    let severity = if matches!(kind, AlertKind::Signal(_)) {
        Severity::Critical
    } else {
        Severity::Warning
    };
    let key = AlertKey {
        scope: Scope::Group(group_id("G00001")),
        kind,
        subject,
        period,
        occurrence: 1,
    };
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
        count_when_done: None,
        acknowledged: None,
    }
}

/// 9 of 100 members have left.
#[must_use]
pub fn churn_alert() -> Alert {
    let why = Explanation {
        value: Some(0.09),
        k: 9,
        n: 100,
        expected: Some(3.0),
        p: Some(0.003_2),
        needed: Some(9),
        limit: Some(0.03),
        ..Explanation::default()
    };
    alert(
        AlertKind::Indicator(Indicator::ChurnRate),
        AlertSubject::WholeScope,
        why,
    )
}

/// Six answers, 71.46 on average.
#[must_use]
pub(crate) fn satisfaction_alert() -> Alert {
    let why = Explanation {
        value: Some(71.46),
        k: 6,
        n: 6,
        expected: None,
        p: None,
        needed: Some(5),
        limit: Some(80.0),
        ..Explanation::default()
    };
    alert(
        AlertKind::Indicator(Indicator::Satisfaction),
        AlertSubject::WholeScope,
        why,
    )
}

/// 12 of 260 members left within days.
#[must_use]
pub(crate) fn batch_alert() -> Alert {
    let why = Explanation {
        value: None,
        k: 12,
        n: 260,
        expected: Some(0.3),
        p: Some(2e-9),
        needed: Some(3),
        limit: Some(0.03),
        ..Explanation::default()
    };
    let mut alert = alert(
        AlertKind::Signal(Signal::BatchLeave),
        AlertSubject::WholeScope,
        why,
    );
    alert.members = (0..12)
        .map(|n| SubscriberId::parse(&format!("139850{n:05}")).expect("an id"))
        .collect();
    alert
}

/// The subscriber of a decision maker is in trouble.
#[must_use]
pub(crate) fn key_line_alert() -> Alert {
    let subscriber = SubscriberId::parse("13800008000").expect("an id");
    let mut alert = alert(
        AlertKind::Signal(Signal::KeyLine),
        AlertSubject::Subscriber(subscriber.clone()),
        Explanation {
            k: 1,
            n: 1,
            ..Explanation::default()
        },
    );
    alert.members = vec![subscriber];
    alert
}

fn visit_in_english() -> Item {
    Item::Visit {
        whom: "head of IT and head of administration".into(),
        purpose: "find out why members leave, and propose how to keep the others".into(),
        prepare:
            "list of the lines that left this month, bills of three months, the competitor's quote"
                .into(),
        steps: vec![
            "go through the lines that left, and why, face to face".into(),
            "propose how to keep the others, and agree on a date for the answer".into(),
        ],
    }
}

/// The retention task that `alerts` began or joined.
#[must_use]
pub fn task(alerts: &[Alert], assignee: &str) -> Task {
    let first = alerts.first().expect("an alert");
    let begun = Task::from(NewTask {
        subscribers: Vec::new(),
        english: InEnglish {
            checks: [
                "Customer: 100 members at the beginning of the month, 9 of them have left",
                "Key dates: the contract ends on 2026-09-30",
                "Work plan: last visit on 2026-05-20",
            ]
            .map(Check::new)
            .to_vec(),
            item: Some(visit_in_english()),
        },
        lead: None,
        origin: Origin::Alert,
        title: TaskTitle::OfAlerts,
        alert_ids: alerts.iter().map(Alert::alert_id).collect(),
        scope: first.key.scope.clone(),
        tier: Some(Tier::A),
        assignee: Assignee::Manager(manager_id(assignee)),
        kind: TaskKind::Retention,
        item: Item::Visit {
            whom: "信息主管、行政负责人".into(),
            purpose: "弄清离网原因，提出挽留方案".into(),
            prepare: "本月离网号码清单、近三个月账单、竞争对手报价".into(),
            steps: vec![
                "当面核对离网号码与原因".into(),
                "提出挽留方案并约定答复日期".into(),
            ],
        },
        means: vec![Means::Visit, Means::Negotiation],
        resources: vec![Resource::Chief, Resource::Offer],
        checks: [
            "客户信息：期初 100 个成员，本月离网 9 个",
            "关键时刻：合约 2026-09-30 到期",
            "工作计划：上次拜访 2026-05-20",
        ]
        .map(Check::new)
        .to_vec(),
        class: TaskClass::Key,
        severity: alerts
            .iter()
            .map(|alert| alert.severity)
            .min()
            .expect("an alert"),
        opened_at: first.opened_at,
        accept_by: at("2026-07-15 17:00"),
        due_at: at("2026-07-16 16:00"),
        escalation: vec![EscalationStep::Supervisor],
    });
    Task {
        version: 1,
        ..begun
    }
}

pub(super) fn notice(topic: NoticeTopic, assignee: Assignee, severity: Severity) -> Notice {
    Notice {
        topic,
        assignee,
        group_id: None,
        severity,
        created_at: at("2026-07-15 09:00"),
        due_at: at("2026-07-15 09:05"),
        useful_until: None,
    }
}

/// A notice of a task.
#[must_use]
pub(crate) fn about_task(task: Task, alerts: Vec<Alert>) -> PendingNotice {
    let notice = notice(
        NoticeTopic::Task(task.task_id.clone()),
        task.assignee.clone(),
        task.severity,
    );
    PendingNotice {
        notice,
        about: About::Task {
            task: Box::new(task),
            alerts,
            at_stake_fen: None,
            answer_by: None,
            approver: None,
            is_lost: false,
            departures: Default::default(),
        },
    }
}

/// A notice of the task that `alerts` began.
#[must_use]
pub(crate) fn about_alerts(alerts: Vec<Alert>, assignee: &str) -> PendingNotice {
    about_task(task(&alerts, assignee), alerts)
}

/// A notice for the operators.
#[must_use]
pub(crate) fn about_ops(what: OpsNotice) -> PendingNotice {
    PendingNotice {
        notice: notice(
            NoticeTopic::Ops(what),
            Assignee::Fallback,
            Severity::Critical,
        ),
        about: About::Ops,
    }
}

/// The notice to the operators about a paused partition.
#[must_use]
pub(crate) fn paused_partition() -> OpsNotice {
    let reason = "E_OFFSET_GONE: boss.events-3 is paused at offset 184467: the broker no longer has it; hint: \
                  `sisan sources seek boss.events-3 --to OFFSET`, after a look at `sisan sources list`";
    let pause = Pause {
        cause: PauseCause::OffsetGone,
        reason: reason.to_owned(),
    };
    OpsNotice::InputPaused {
        sources: vec![("boss.events-3".to_owned(), pause)],
        more: 0,
    }
}

/// Three mails that wait for a manager: about a critical task, one that is done, and a warning.
#[must_use]
pub(crate) fn three_waiting(manager: &str) -> Vec<Waiting> {
    let recipient = format!("{manager}@gz.example.cn");
    let all = [
        (batch_alert(), TaskState::Open),
        (churn_alert(), TaskState::Done),
        (satisfaction_alert(), TaskState::Accepted),
    ];
    let waiting = all.into_iter().enumerate().map(|(at, (alert, state))| {
        let mut task = task(std::slice::from_ref(&alert), manager);
        (task.state, task.severity) = (state, alert.severity);
        Waiting {
            mail_id: MailId::new(format!("M{at}")),
            recipient: recipient.clone(),
            tasks: vec![(task, vec![alert])],
        }
    });
    waiting.collect()
}

/// A task of a group customer that comes from no alert.
#[must_use]
pub(crate) fn planned(origin: Origin, title: &str, group: &str, assignee: &str) -> Task {
    Task {
        task_id: Task::id_from(&origin),
        origin,
        title: TaskTitle::Written(title.into()),
        alert_ids: Vec::new(),
        scope: Scope::Group(group_id(group)),
        kind: TaskKind::Relationship,
        item: Item::Service { what: title.into() },
        english: InEnglish::default(),
        means: vec![Means::Call],
        resources: Vec::new(),
        class: TaskClass::Routine,
        severity: Severity::Notice,
        approval: Approval::None,
        asked_at: None,
        ..task(&[churn_alert()], assignee)
    }
}
