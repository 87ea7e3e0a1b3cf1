//! A manager's morning in which there is something of everything.

use crate::domain::alert::{Alert, AlertSubject, Explanation};
use crate::domain::brief::{Brief, ChangeKind, GroupChange, GroupChanges, HandedOver, WorkItem};
use crate::domain::event::{KeyDateKind, PortStage, Status, StopReason};
use crate::domain::ids::{ContactId, KeyDateId};
use crate::domain::indicator::{AlertKind, Indicator, Scope, Severity};
use crate::domain::local_day::LocalDay;
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{
    Approval, Assignee, Escalated, EscalationReason, Item, Means, Origin, Resource, Task,
    TaskClass, TaskKind, TaskState,
};
use crate::notify::compose::{About, PendingNotice};

use super::city::{at, date, group_id, manager_id};
use super::{notices, reminders, upward};

/// A notice of a brief, due at 08:00 of its day.
#[must_use]
pub(crate) fn about_brief(brief: Brief) -> PendingNotice {
    let topic = NoticeTopic::Brief(brief.manager_id.clone(), brief.day);
    let mut notice = notices::notice(
        topic,
        Assignee::Manager(brief.manager_id.clone()),
        Severity::Notice,
    );
    (notice.created_at, notice.due_at) = (at("2026-07-15 08:00"), at("2026-07-15 08:00"));
    PendingNotice {
        notice,
        about: About::Brief(Box::new(brief)),
    }
}

/// The morning of 15 July 2026.
#[must_use]
pub fn brief(manager: &str) -> Brief {
    Brief {
        manager_id: manager_id(manager),
        day: LocalDay::from_date(date("2026-07-15")),
        since: at("2026-07-14 08:00"),
        groups: vec![worried(), calm()],
        notices: vec![watched()],
        handed_over: vec![HandedOver {
            group_id: group_id("G00004"),
            from: manager_id("M003"),
            to: manager_id(manager),
        }],
        dates: vec![
            reminders::reminder("K1", KeyDateKind::Birthday, "刘总生日", "2026-07-16", 1),
            reminders::reminder("K2", KeyDateKind::Ceremony, "二十周年庆典", "2026-07-22", 7),
            reminders::reminder(
                "K3",
                KeyDateKind::ContractEnd,
                "移动办公合约到期",
                "2026-10-13",
                90,
            ),
        ],
        work: work(manager),
        over_cap: 1,
        yesterday: (4, 3),
        to_approve: vec![Task {
            asked_at: Some(at("2026-07-14 15:40")),
            ..notices::task(&[notices::churn_alert()], "M002")
        }],
        to_verify: vec![upward::finished(false)],
        unexplained: Vec::new(),
        reports: vec![upward::finished(false)],
    }
}

fn change(kind: ChangeKind, time: &str, subject: &str, detail: Option<&str>) -> GroupChange {
    GroupChange {
        kind,
        at: at(time),
        subject: subject.into(),
        detail: detail.map(Into::into),
    }
}

fn worried() -> GroupChanges {
    let stopped = ChangeKind::Stopped(Some(StopReason::Arrears));
    let cancelled = ChangeKind::Churned(Status::CancelledVoluntary);
    let ported = ChangeKind::Churned(Status::PortedOut);
    let authorised = ChangeKind::Porting(PortStage::Authorised);
    let changes = [
        (ported, "2026-07-14 16:02", "13985000001", None),
        (cancelled, "2026-07-14 10:20", "13985000007", None),
        (cancelled, "2026-07-14 10:21", "13985000008", None),
        (
            ChangeKind::PreCancelled,
            "2026-07-14 17:40",
            "13985000012",
            None,
        ),
        (authorised, "2026-07-14 15:31", "13800008000", None),
        (stopped, "2026-07-15 00:10", "13985000021", None),
        (stopped, "2026-07-15 00:10", "13985000022", None),
        (
            ChangeKind::ComplaintFiled,
            "2026-07-14 11:05",
            "TS20260714031",
            None,
        ),
        (
            ChangeKind::LowScore,
            "2026-07-14 19:30",
            "DJ20260714007",
            Some("55"),
        ),
        (
            ChangeKind::Restored,
            "2026-07-14 09:12",
            "13985000033",
            None,
        ),
    ];
    GroupChanges {
        group_id: group_id("G00001"),
        members: 91,
        opening: 100,
        churned: 9,
        changes: changes
            .map(|(kind, time, subject, detail)| change(kind, time, subject, detail))
            .into(),
        more: 12,
    }
}

fn calm() -> GroupChanges {
    GroupChanges {
        group_id: group_id("G00003"),
        members: 1_262,
        opening: 1_260,
        churned: 0,
        changes: vec![
            change(ChangeKind::Overdue, "2026-07-15 00:00", "3", Some("861333")),
            change(
                ChangeKind::ComplaintOpen,
                "2026-07-12 10:00",
                "TS20260712009",
                None,
            ),
            change(
                ChangeKind::Moved,
                "2026-07-14 14:00",
                "13985100044",
                Some("G00001"),
            ),
            change(ChangeKind::Joined, "2026-07-14 14:30", "13985100101", None),
            change(ChangeKind::Joined, "2026-07-14 14:31", "13985100102", None),
        ],
        more: 0,
    }
}

fn watched() -> Alert {
    let why = Explanation {
        value: Some(0.066_7),
        k: 2,
        n: 30,
        expected: Some(0.9),
        p: Some(0.227),
        needed: Some(5),
        limit: Some(0.03),
        ..Explanation::default()
    };
    let mut alert = notices::alert(
        AlertKind::Indicator(Indicator::ChurnRate),
        AlertSubject::WholeScope,
        why,
    );
    alert.key.scope = Scope::Group(group_id("G00004"));
    alert.severity = Severity::Notice;
    alert
}

fn contact(id: &str) -> ContactId {
    ContactId::parse(id).expect("an id")
}

fn work(manager: &str) -> Vec<WorkItem> {
    let item = |task, alerts, at_stake_fen| WorkItem {
        task,
        alerts,
        at_stake_fen,
        is_lost: false,
    };
    let joint = joint_visit(manager);
    let call = return_call(&joint, manager);
    vec![
        item(promise(manager), Vec::new(), Some(8_820_000)),
        item(
            urgent(manager),
            vec![notices::batch_alert(), notices::key_line_alert()],
            Some(1_234_500),
        ),
        item(joint, Vec::new(), Some(1_234_500)),
        item(
            stalled(manager),
            vec![notices::satisfaction_alert()],
            Some(1_234_500),
        ),
        item(call, Vec::new(), Some(8_820_000)),
        item(ceremony(manager), Vec::new(), None),
    ]
}

/// What was promised to a customer for today.
fn promise(manager: &str) -> Task {
    Task {
        class: TaskClass::Promise,
        due_at: at("2026-07-15 18:00"),
        ..notices::planned(
            Origin::Promise(contact("LX0710")),
            "寄送 6 月账单明细给信息中心",
            "G00003",
            manager,
        )
    }
}

/// A visit that the chief account manager joins.
fn joint_visit(manager: &str) -> Task {
    Task {
        class: TaskClass::Key,
        severity: Severity::Critical,
        item: Item::Visit {
            whom: "刘总".into(),
            purpose: "弄清对手报价和不满意的地方".into(),
            prepare: "近三个月账单、投诉处理记录".into(),
            steps: vec!["先听原因".into(), "约定答复日期".into()],
        },
        means: vec![Means::Visit],
        due_at: at("2026-07-16 12:00"),
        ..notices::planned(
            Origin::StrongIntent(contact("LX0714")),
            "客户明确表示要换运营商，约决策人面谈",
            "G00001",
            manager,
        )
    }
}

/// A call to ask whether those who were kept stay.
fn return_call(kept: &Task, manager: &str) -> Task {
    Task {
        kind: TaskKind::Retention,
        due_at: at("2026-07-17 18:00"),
        state: TaskState::Accepted,
        ..notices::planned(
            Origin::ReturnCall(kept.task_id.clone()),
            "回访 6 月挽留的 8 个号码",
            "G00003",
            manager,
        )
    }
}

/// A ceremony that needs a network assurance plan.
fn ceremony(manager: &str) -> Task {
    let ceremony = Origin::Ceremony {
        key_date_id: KeyDateId::parse("K2").expect("an id"),
        held_on: date("2026-07-22"),
    };
    notices::planned(
        ceremony,
        "二十周年庆典现场网络信号保障方案",
        "G00001",
        manager,
    )
}

/// A task with a subscriber that asked to be ported out, escalated.
fn urgent(manager: &str) -> Task {
    let escalated = Escalated {
        why: EscalationReason::NotAccepted,
        at: at("2026-07-14 17:00"),
        to: Assignee::Manager(manager_id("M010")),
    };
    Task {
        withheld_means: vec![Means::Negotiation],
        withheld_resources: vec![Resource::Offer],
        approval: Approval::None,
        asked_at: None,
        accept_by: at("2026-07-15 09:30"),
        due_at: at("2026-07-15 11:30"),
        escalated: vec![escalated],
        ..notices::task(
            &[notices::batch_alert(), notices::key_line_alert()],
            manager,
        )
    }
}

/// Overdue, and without a contact for days.
fn stalled(manager: &str) -> Task {
    Task {
        class: TaskClass::Routine,
        state: TaskState::InProgress,
        approval: Approval::Approved,
        due_at: at("2026-07-14 16:00"),
        stalled: true,
        ..notices::task(&[notices::satisfaction_alert()], manager)
    }
}
