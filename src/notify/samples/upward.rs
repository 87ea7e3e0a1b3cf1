//! The sample mails that go upwards: a question, a delay, a report.

use crate::domain::alert::Alert;
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{
    Approval, Assignee, EscalationReason, Finish, ReportUp, Task, TaskResult, TaskState,
    UpwardReport,
};
use crate::notify::compose::{About, PendingNotice};

use super::city::{at, manager_id};
use super::notices::{churn_alert, notice, task};

/// A task that ended well, with something to report.
#[must_use]
pub(crate) fn finished(urgent: bool) -> Task {
    Task {
        state: TaskState::Done,
        approval: Approval::Approved,
        accepted_at: Some(at("2026-07-13 09:40")),
        started_at: Some(at("2026-07-13 14:00")),
        ended_at: Some(at("2026-07-14 17:20")),
        finish: Some(Finish {
            by_contact: None,
            subscribers: None,
            note: "7 月 14 日与信息主管李工当面核对 9 个离网号码：5 个转投对手，4 个员工离职。".into(),
            report: UpwardReport {
                about: ReportUp::Competition,
                text: "对手在园区驻点，按每号每月低 20 元、送 12 个月宽带报价，已签走 5 个号码，本周还约了园区内另外三家企业。".into(),
                urgent,
            },
            result: TaskResult::PartlyRetained,
            summary: "其余 91 个成员同意续约一年，合同 7 月 20 日前签。".into(),
            cost_fen: Some(128_000),
            is_case: true,
        }),
        ..task(&[churn_alert()], "M001")
    }
}

/// A notice to somebody above.
#[must_use]
pub(crate) fn about_upward(
    topic: NoticeTopic,
    task: Task,
    alerts: Vec<Alert>,
    to: &str,
) -> PendingNotice {
    let answer_by = task.asked_at.map(|_| at("2026-07-16 09:00"));
    let notice = notice(topic, Assignee::Manager(manager_id(to)), task.severity);
    PendingNotice {
        notice,
        about: About::Task {
            task: Box::new(task),
            alerts,
            at_stake_fen: Some(1_234_500),
            answer_by,
            approver: answer_by.map(|_| Assignee::Manager(manager_id("M010"))),
            is_lost: false,
            departures: Default::default(),
        },
    }
}

/// A task that waits for the supervisor's answer.
#[must_use]
pub(crate) fn about_approval(alerts: Vec<Alert>, assignee: &str) -> PendingNotice {
    let task = task(&alerts, assignee);
    about_upward(
        NoticeTopic::Approval(task.task_id.clone()),
        task,
        alerts,
        "M010",
    )
}

/// A task that is late.
#[must_use]
pub(crate) fn about_escalation(
    why: EscalationReason,
    alerts: Vec<Alert>,
    assignee: &str,
) -> PendingNotice {
    let opened_at = match why {
        EscalationReason::NotAccepted => at("2026-07-15 06:10"),
        EscalationReason::Overdue | EscalationReason::Unanswered => at("2026-07-10 16:30"),
    };
    let alerts: Vec<Alert> = alerts
        .into_iter()
        .map(|alert| Alert { opened_at, ..alert })
        .collect();
    let mut task = task(&alerts, assignee);
    match why {
        EscalationReason::NotAccepted => {
            (task.accept_by, task.due_at) = (at("2026-07-15 08:10"), at("2026-07-15 10:10"))
        }
        EscalationReason::Overdue => {
            (task.state, task.due_at) = (TaskState::InProgress, at("2026-07-13 18:00"))
        }
        EscalationReason::Unanswered => task.asked_at = Some(at("2026-07-13 16:30")),
    }
    if why != EscalationReason::Unanswered {
        (task.approval, task.asked_at) = (Approval::Approved, None);
    }
    about_upward(
        NoticeTopic::Escalation(task.task_id.clone(), why),
        task,
        alerts,
        "M010",
    )
}

/// What a task reports upwards.
#[must_use]
pub(crate) fn about_report(urgent: bool) -> PendingNotice {
    let task = finished(urgent);
    about_upward(
        NoticeTopic::Report(task.task_id.clone()),
        task,
        vec![churn_alert()],
        "M010",
    )
}
