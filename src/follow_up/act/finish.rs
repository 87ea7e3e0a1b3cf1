//! 三处理: what it takes to close a task, what that does to its alerts, and how it is taken back.

use super::action::Acted;
use super::closed_event::closed_event;
use super::context::ActContext;
use super::due_clock::goes_on;
use super::refusal::{Lack, Refusal};
use crate::domain::alert::{Alert, AlertState, ResolvedBecause};
use crate::domain::indicator::Severity;
use crate::domain::mail::Told;
use crate::domain::task::{Finish, ReportUp, Task, TaskState};

/// An archive note has at least so many characters.
pub const NOTE_CHARS_MIN: usize = 10;

/// Whether a task uses what has a price: its cost is told when it is closed.
#[must_use]
pub fn needs_cost(task: &Task) -> bool {
    task.resources.iter().any(|one| one.needs_approval() && !task.withheld_resources.contains(one))
}

/// Everything that a task lacks to be done.
fn lacks(task: &Task, finish: &Finish) -> Vec<Lack> {
    let is_blank = |text: &str| text.trim().is_empty();
    let nothing = finish.report.about == ReportUp::None;
    let checks = [
        (finish.note.trim().chars().count() < NOTE_CHARS_MIN, Lack::Note),
        (!nothing && is_blank(&finish.report.text), Lack::ReportText),
        (nothing && (finish.report.urgent || !is_blank(&finish.report.text)), Lack::ReportAbout),
        (is_blank(&finish.summary), Lack::Summary),
        (needs_cost(task) && finish.cost_fen.is_none(), Lack::Cost),
        (finish.cost_fen.is_some_and(|cost| cost < 0), Lack::NegativeCost),
    ];
    checks.into_iter().filter_map(|(is_missing, lack)| is_missing.then_some(lack)).collect()
}

/// Closes a task; gives back the note of the step.
pub(super) fn closing(acted: &mut Acted, finish: Finish, ctx: &ActContext<'_>) -> Result<String, Refusal> {
    let lacks = lacks(&acted.task, &finish);
    if !lacks.is_empty() {
        return Err(Refusal::Unfinished { task_id: acted.task.task_id.clone(), lacks });
    }
    let task = &mut acted.task;
    task.state = TaskState::Done;
    task.ended_at = Some(ctx.now);
    task.stalled = false;
    acted.alerts = ctx.alerts.iter().filter(|alert| alert.state.is_open()).map(|alert| dealt_with(alert, ctx)).collect();
    if finish.report.urgent {
        let superior = ctx.staff().above(&task.assignee, &task.scope);
        acted.notices.push(ctx.notice(Told::Report(task.task_id.clone()), superior, task, Severity::Critical));
    }
    acted.closed = Some(closed_event(task, &finish, ctx.actor.manager_id.as_ref(), ctx.event_source, ctx.now));
    let note = finish.note.trim().to_owned();
    task.finish = Some(finish);
    Ok(note)
}

/// An alert about a single event is over when its task is done; any other goes on, and is answered anew when it has grown.
fn dealt_with(alert: &Alert, ctx: &ActContext<'_>) -> Alert {
    if !alert.key.is_about_one() {
        return Alert { done_k: Some(alert.explanation.k), ..alert.clone() };
    }
    let resolved_because = Some(ResolvedBecause::TaskDone);
    Alert { state: AlertState::Resolved, resolved_at: Some(ctx.now), resolved_because, ..alert.clone() }
}

/// Takes a closing back; gives back the note of the step, in which the finish is kept.
pub(super) fn reopening(acted: &mut Acted, note: &str, ctx: &ActContext<'_>) -> String {
    let task = &mut acted.task;
    task.state = TaskState::InProgress;
    if let Some(ended_at) = task.ended_at.take() {
        task.due_at = goes_on(task, ended_at, ctx);
    }
    let before = task.finish.take().map(|finish| kept(&finish)).unwrap_or_default();
    // Its task is open again, so that what grows joins it.
    let waiting = ctx.alerts.iter().filter(|alert| alert.done_k.is_some());
    acted.alerts = waiting.map(|alert| Alert { done_k: None, ..alert.clone() }).collect();
    acted.notices.extend(ctx.tell_assignee(&acted.task));
    format!("{note}{before}")
}

fn kept(finish: &Finish) -> String {
    let Finish { note, report, result, summary, cost_fen, .. } = finish;
    let reported = if report.about == ReportUp::None { String::new() } else { format!("; {}: {}", report.about.name(), report.text) };
    let cost = cost_fen.map_or_else(String::new, |cost| format!("; cost_fen {cost}"));
    format!(" (it was closed as {}: {}; {}{reported}{cost})", result.name(), summary.trim(), note.trim())
}
