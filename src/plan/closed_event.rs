//! `sisan.task.closed.v1`: what BOSS and CRM may take of a task that is done, as a CloudEvent (1.0,
//! structured JSON).
//!
//! Invariant: its id follows from task and version, so that a consumer recognises it when it reads
//! it twice.

use serde_json::json;

use crate::domain::local_day::Timestamp;
use crate::domain::locale::Locale;
use crate::domain::outgoing::OutgoingEvent;
use crate::domain::task::Task;
use crate::notify::words::{notes, titles};

const TYPE: &str = "sisan.task.closed.v1";

/// The event of a task whose last step closed it at `now`, if one did; `source` names this worker.
#[must_use]
pub(crate) fn closed_event(task: &Task, source: &str, now: Timestamp) -> Option<OutgoingEvent> {
    let finish = task.finish.as_ref()?;
    let closed_by = task
        .steps
        .last()
        .and_then(|step| step.by.manager_id.as_ref());
    let title = titles::title(Locale::ZhCn, &task.title);
    let event_id = format!("{}-{}", task.task_id, task.version);
    let at = |t: Option<Timestamp>| t.map(|t| t.to_string());
    let body = json!({
        "specversion": "1.0",
        "id": event_id,
        "source": source,
        "type": TYPE,
        "time": now.to_string(),
        "subject": task.task_id,
        "datacontenttype": "application/json",
        "data": {
            "task_id": task.task_id,
            "alert_ids": task.alert_ids,
            "scope": task.scope.name(),
            "scope_id": task.scope.id(),
            "group_id": task.group_id(),
            "manager_id": task.assignee.manager(),
            "closed_by": closed_by,
            "title": title.unwrap_or_default(),
            "kind": task.kind,
            "item": task.item,
            "means": task.means,
            "resources": task.resources,
            "result": finish.result,
            "summary": notes::summary(Locale::ZhCn, finish).trim(),
            "note": notes::archive_note(Locale::ZhCn, finish).trim(),
            "report_up": finish.report.about,
            "report_text": finish.report.text.trim(),
            "urgent": finish.report.urgent,
            "cost_fen": finish.cost_fen,
            "case": finish.is_case,
            "opened_at": task.opened_at.to_string(),
            "accepted_at": at(task.accepted_at),
            "started_at": at(task.started_at),
            "ended_at": at(task.ended_at),
        },
    });
    Some(OutgoingEvent {
        event_id,
        at: now,
        body: body.to_string(),
    })
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::domain::task::{
        Actor, Finish, Means, ReportUp, Resource, Step, StepKind, TaskResult, TaskState, TaskTitle,
        UpwardReport,
    };
    use crate::notify::samples::{at, churn_alert, manager_id, task};

    const NOW: &str = "2026-07-16 14:00";

    fn closed(title: TaskTitle) -> Task {
        let closing = Actor {
            manager_id: Some(manager_id("M010")),
            user: None,
        };
        Task {
            title,
            means: vec![Means::Visit],
            resources: vec![Resource::Gift],
            state: TaskState::Done,
            opened_at: at("2026-07-16 10:00"),
            accepted_at: Some(at("2026-07-16 11:00")),
            started_at: Some(at("2026-07-16 12:00")),
            ended_at: Some(at(NOW)),
            finish: Some(Finish {
                by_contact: None,
                note: " 已上门拜访，客户同意续约一年".to_owned(),
                report: UpwardReport {
                    about: ReportUp::Competition,
                    text: "对手送手机".to_owned(),
                    urgent: true,
                },
                result: TaskResult::Retained,
                summary: "续约".to_owned(),
                cost_fen: Some(20_000),
                is_case: true,
                subscribers: None,
            }),
            steps: vec![Step::new(at(NOW), closing, StepKind::Close)],
            version: 4,
            ..task(&[churn_alert()], "M001")
        }
    }

    #[test]
    fn a_done_task_is_told_as_a_cloud_event_that_is_its_own() {
        let task = closed(TaskTitle::OfAlerts);
        let event = closed_event(&task, "/sisan", at(NOW)).expect("an event");
        assert_eq!(event.event_id, format!("{}-4", task.task_id));
        assert_eq!(event.at, at(NOW));
        assert!(!event.body.contains('\n'));
        let body: Value = serde_json::from_str(&event.body).expect("JSON");
        assert_eq!(
            body,
            json!({
                "specversion": "1.0",
                "id": event.event_id,
                "source": "/sisan",
                "type": "sisan.task.closed.v1",
                "time": "2026-07-16T06:00:00Z",
                "subject": task.task_id,
                "datacontenttype": "application/json",
                "data": {
                    "task_id": task.task_id,
                    "alert_ids": task.alert_ids,
                    "scope": "group",
                    "scope_id": "G00001",
                    "group_id": "G00001",
                    "manager_id": "M001",
                    "closed_by": "M010",
                    "title": "",
                    "kind": task.kind,
                    "item": task.item,
                    "means": ["visit"],
                    "resources": ["gift"],
                    "result": "retained",
                    "summary": "续约",
                    "note": "已上门拜访，客户同意续约一年",
                    "report_up": "competition",
                    "report_text": "对手送手机",
                    "urgent": true,
                    "cost_fen": 20_000,
                    "case": true,
                    "opened_at": "2026-07-16T02:00:00Z",
                    "accepted_at": "2026-07-16T03:00:00Z",
                    "started_at": "2026-07-16T04:00:00Z",
                    "ended_at": "2026-07-16T06:00:00Z",
                },
            })
        );
    }

    #[test]
    fn what_a_closed_task_was_about_is_told_in_chinese() {
        let event = closed_event(&closed(TaskTitle::Left(3)), "/sisan", at(NOW));
        let body = event.expect("an event").body;
        assert!(body.contains(r#""title":"主动离网或携出 3 户""#), "{body}");
        let open = task(&[churn_alert()], "M001");
        assert_eq!(closed_event(&open, "/sisan", at(NOW)), None);
    }
}
