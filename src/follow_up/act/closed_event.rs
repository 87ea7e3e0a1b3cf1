//! `sisan.task.closed.v1`: what BOSS and CRM may take of a task that is done, as a CloudEvent (1.0,
//! structured JSON).
//!
//! Invariant: its id follows from task and version, so that whoever reads it twice can tell.

use serde_json::json;

use crate::domain::ids::ManagerId;
use crate::domain::local_day::Timestamp;
use crate::domain::outgoing::OutgoingEvent;
use crate::domain::task::{Finish, Task};

const TYPE: &str = "sisan.task.closed.v1";

/// The event of a task that is closed at `now`, by `finish`, by whom; `source` says who we are.
#[must_use]
pub fn closed_event(
    task: &Task,
    finish: &Finish,
    closed_by: Option<&ManagerId>,
    source: &str,
    now: Timestamp,
) -> OutgoingEvent {
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
            "title": task.title,
            "kind": task.kind,
            "item": task.item,
            "means": task.means,
            "resources": task.resources,
            "result": finish.result,
            "summary": finish.summary.trim(),
            "note": finish.note.trim(),
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
    OutgoingEvent {
        event_id,
        at: now,
        body: body.to_string(),
    }
}
