//! Acknowledging an alert by hand, where no task is to be accepted for it.
//!
//! Invariant: an alert that has an open task is acknowledged by accepting that, so that the two
//! never disagree.

use super::act::Authority;
use crate::domain::alert::{Alert, AlertId, AlertState, TaskId};
use crate::domain::ids::ManagerId;
use crate::domain::indicator::Scope;
use crate::domain::local_day::Timestamp;
use crate::domain::task::{Actor, Step, StepKind, Task};

/// Why an alert is not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AcknowledgeRefusal {
    /// It is acknowledged already, or resolved.
    #[error("alert {alert_id} is {state} already; hint: only a firing one is acknowledged", state = state.name())]
    NotFiring {
        alert_id: AlertId,
        state: AlertState,
    },
    /// It has a task: accepting that acknowledges it.
    #[error(
        "alert {alert_id} has task {task_id}; hint: `sisan tasks accept {task_id}` acknowledges it"
    )]
    HasTask { alert_id: AlertId, task_id: TaskId },
    /// The actor is not responsible for its scope.
    #[error(
        "{manager_id} may not acknowledge alert {alert_id} of {scope}; hint: whoever looks after it does, or somebody above"
    )]
    NotAllowed {
        manager_id: ManagerId,
        alert_id: AlertId,
        scope: Scope,
    },
}

/// Acknowledges a firing alert that no open task answers, and records in it who did so.
///
/// # Errors
/// [`AcknowledgeRefusal`]: the reason for which it is not acknowledged.
pub(crate) fn acknowledge(
    alert: &Alert,
    open: &[Task],
    authority: Authority<'_>,
    actor: &Actor,
    now: Timestamp,
) -> Result<Alert, AcknowledgeRefusal> {
    let alert_id = alert.alert_id();
    if alert.state != AlertState::Firing {
        return Err(AcknowledgeRefusal::NotFiring {
            alert_id,
            state: alert.state,
        });
    }
    if let Some(task) = open.iter().find(|task| task.alert_ids.contains(&alert_id)) {
        return Err(AcknowledgeRefusal::HasTask {
            alert_id,
            task_id: task.task_id.clone(),
        });
    }
    if let Some(manager) = &actor.manager_id {
        let scope = &alert.key.scope;
        let responsible = authority.responsible(scope);
        if !authority.is_own(manager, &responsible)
            && !authority.is_above(manager, &responsible, scope)
        {
            return Err(AcknowledgeRefusal::NotAllowed {
                manager_id: manager.clone(),
                alert_id,
                scope: scope.clone(),
            });
        }
    }
    let step = Step::new(now, actor.clone(), StepKind::Acknowledge);
    Ok(Alert {
        state: AlertState::Acknowledged,
        acknowledged: Some(step),
        ..alert.clone()
    })
}
