//! Which of a task's alerts leads it: its playbook is the task's plan.
//!
//! It may not know what a playbook asks for. Invariant: an alert that is over leads no task while
//! another of it holds, and one whose subscriber has gone none while another's is here.

use super::alert_response::AlertResponse;
use super::guard::SubscriberStandings;
use super::task_subscribers::is_lost;
use super::tasks::FollowUpContext;
use crate::domain::alert::{Alert, AlertId, ResolvedBecause};
use crate::domain::task::{Lead, Task};

/// Whether an alert that its task holds has become graver than the one that leads it.
pub(super) fn takes_lead(alert: &Alert, task: &Task) -> bool {
    task.lead
        .as_ref()
        .is_some_and(|lead| Lead::of_alert(alert).goes_before(lead))
}

/// The alert whose playbook a task follows.
#[must_use]
pub(crate) fn leading<'a>(task: &Task, alerts: &'a [Alert]) -> Option<&'a Alert> {
    let lead = task.lead.as_ref()?;
    alerts
        .iter()
        .find(|alert| alert.alert_id() == lead.alert_id)
}

/// Gives the lead of a task to its [heir](heir_of_lead), if there is one; else, once the subscriber
/// of the alert that leads has gone, to the gravest alert of one that is here.
pub(crate) fn hand_on_lead<'a>(
    task: &mut Task,
    alert: impl Fn(&AlertId) -> Option<&'a Alert>,
    ctx: &FollowUpContext<'_>,
) {
    let heir = heir_of_lead(task, &alert).or_else(|| heir_not_gone(task, &alert, ctx.subscribers));
    if let Some(response) = heir.and_then(|alert| AlertResponse::to_alert(ctx, alert)) {
        response.succeed(task);
    }
}

/// The gravest of a task's alerts that still holds, if the one that leads is resolved for good: what
/// it was raised for is over, or has gone. One whose month has ended leads on.
pub(crate) fn heir_of_lead<'a>(
    task: &Task,
    alert: impl Fn(&AlertId) -> Option<&'a Alert>,
) -> Option<&'a Alert> {
    let lead = alert(&task.lead.as_ref()?.alert_id)?;
    if matches!(
        lead.resolved_because?,
        ResolvedBecause::MonthEnded | ResolvedBecause::TaskDone
    ) {
        return None;
    }
    let alerts = task.alert_ids.iter().filter_map(alert);
    gravest(alerts.filter(|alert| alert.state.is_open()))
}

/// The gravest of a task's alerts whose subscribers have not all gone, if those of the one that
/// leads have: one of them may be back after its alert was resolved as lost.
fn heir_not_gone<'a>(
    task: &Task,
    alert: impl Fn(&AlertId) -> Option<&'a Alert>,
    subscribers: &SubscriberStandings,
) -> Option<&'a Alert> {
    let lead = alert(&task.lead.as_ref()?.alert_id)?;
    if !is_lost(lead, subscribers) {
        return None;
    }
    let alerts = task.alert_ids.iter().filter_map(alert);
    let was_lost = |alert: &&Alert| alert.resolved_because == Some(ResolvedBecause::Lost);
    gravest(alerts.filter(|alert| was_lost(alert) && !is_lost(alert, subscribers)))
}

fn gravest<'a>(alerts: impl Iterator<Item = &'a Alert>) -> Option<&'a Alert> {
    alerts.min_by_key(|alert| (Lead::of_alert(alert).place(), alert.alert_id()))
}
