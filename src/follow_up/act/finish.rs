//! 三处理: what it takes to close a task, what that does to its alerts, and how it is taken back.

use super::action::Acted;
use super::context::ActContext;
use super::refusal::{Lack, Refusal};
use crate::domain::alert::{Alert, AlertState, ResolvedBecause};
use crate::domain::indicator::{AlertKind, Severity, Signal};
use crate::domain::local_day::Timestamp;
use crate::domain::mail::NoticeTopic;
use crate::domain::task::{Finish, Origin, ReportUp, Task, TaskResult, TaskState, UpwardReport};
use crate::follow_up::lead::leading;
use crate::follow_up::task_subscribers::TaskSubscribers;
use crate::follow_up::working_hours::Counting;

/// An archive note has at least so many characters.
pub(crate) const NOTE_CHARS_MIN: usize = 10;

/// Whether a task uses a resource that has a price: its cost must be given when it is closed.
#[must_use]
pub(crate) fn needs_cost(task: &Task) -> bool {
    task.resources
        .iter()
        .any(|one| one.needs_approval() && !task.withheld_resources.contains(one))
}

/// 三处理 as somebody gives it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Closing {
    /// 更新服务档案; of subscribers that have all gone: why.
    pub note: String,
    /// 重要信息上报; nothing to report unless given, where all subscribers have gone.
    pub report: Option<UpwardReport>,
    /// 工作成果
    pub result: TaskResult,
    /// 小结; the note unless given, where all subscribers have gone.
    pub summary: Option<String>,
    /// What a gift, an offer or an event cost, in fen.
    pub cost_fen: Option<i64>,
    /// A story worth sharing.
    pub is_case: bool,
}

/// Everything that a task lacks to be done.
fn lacks(task: &Task, closing: &Closing, only_reason: bool) -> Vec<Lack> {
    let is_blank = |text: &str| text.trim().is_empty();
    let summary = closing.summary.as_deref().unwrap_or_default();
    let report = closing.report.as_ref();
    let reports = |what: fn(&UpwardReport) -> bool| report.is_some_and(what);
    let checks = [
        (
            !TaskResult::of_kind(task.kind).contains(&closing.result),
            Lack::Result(task.kind),
        ),
        (
            closing.note.trim().chars().count() < NOTE_CHARS_MIN,
            Lack::Note,
        ),
        (report.is_none() && !only_reason, Lack::Report),
        (
            reports(|report| report.about != ReportUp::None && report.text.trim().is_empty()),
            Lack::ReportText,
        ),
        (
            reports(|report| {
                report.about == ReportUp::None && (report.urgent || !report.text.trim().is_empty())
            }),
            Lack::ReportAbout,
        ),
        (is_blank(summary) && !only_reason, Lack::Summary),
        (
            needs_cost(task) && closing.cost_fen.is_none() && !only_reason,
            Lack::Cost,
        ),
        (
            closing.cost_fen.is_some_and(|cost| cost < 0),
            Lack::NegativeCost,
        ),
    ];
    checks
        .into_iter()
        .filter_map(|(is_missing, lack)| is_missing.then_some(lack))
        .collect()
}

/// Closes a task; returns the note of the step.
pub(super) fn close(
    acted: &mut Acted,
    closing: Closing,
    ctx: &ActContext<'_>,
) -> Result<String, Refusal> {
    let subscribers = TaskSubscribers::of_task(&acted.task, ctx.alerts, ctx.subscribers);
    check_closing(&acted.task, &closing, &subscribers)?;
    if closing.result.is_kept() && ctx.alerts.iter().any(is_group_gone) {
        let task_id = acted.task.task_id.clone();
        return Err(Refusal::NoMemberLeft { task_id });
    }
    let finish = finish_of(closing, &subscribers);
    let task = &mut acted.task;
    task.state = TaskState::Done;
    task.ended_at = Some(ctx.now);
    task.stalled = false;
    acted.alerts = dealt_with(ctx);
    if finish.report.urgent {
        let superior = ctx.staff().manager_of(&task.assignee, &task.scope);
        acted.notices.push(ctx.notice(
            NoticeTopic::Report(task.task_id.clone()),
            superior,
            task,
            Severity::Critical,
        ));
    }
    acted.is_closed = true;
    let note = finish.note.trim().to_owned();
    task.finish = Some(finish);
    Ok(note)
}

/// Whether a task may be closed so: by a result that its subscribers allow, with all that is asked
/// for.
fn check_closing(
    task: &Task,
    closing: &Closing,
    subscribers: &TaskSubscribers,
) -> Result<(), Refusal> {
    let task_id = || task.task_id.clone();
    let only = subscribers
        .have_all_gone()
        .then(|| TaskResult::of_subscribers_gone(task.kind))
        .flatten();
    if let Some(only) = only.filter(|only| *only != closing.result) {
        return Err(Refusal::SubscribersGone {
            task_id: task_id(),
            named: subscribers.gone.named,
            only,
        });
    }
    let named = subscribers.gone.named;
    if closing.result.is_kept()
        && subscribers.gone.are_all()
        && matches!(task.origin, Origin::WinBack(..))
    {
        return Err(Refusal::NoneBack {
            task_id: task_id(),
            named,
        });
    }
    if closing.result == TaskResult::Retained && subscribers.gone.are_all() {
        return Err(Refusal::NoneKept {
            task_id: task_id(),
            named,
        });
    }
    let only_reason =
        subscribers.is_only_reason_left() && TaskResult::of_subscribers_gone(task.kind).is_some();
    let lacks = lacks(task, closing, only_reason);
    if lacks.is_empty() {
        Ok(())
    } else {
        Err(Refusal::Unfinished {
            task_id: task_id(),
            lacks,
        })
    }
}

/// Whether an alert says that its customer has no member now.
fn is_group_gone(alert: &Alert) -> bool {
    alert.state.is_open() && alert.key.kind == AlertKind::Signal(Signal::GroupGone)
}

/// The record of how a task was finished: a summary that is not given is the note, a report that is
/// not given has nothing to report.
fn finish_of(closing: Closing, subscribers: &TaskSubscribers) -> Finish {
    let Closing {
        note,
        report,
        result,
        summary,
        cost_fen,
        is_case,
    } = closing;
    Finish {
        by_contact: None,
        summary: summary
            .filter(|summary| !summary.trim().is_empty())
            .unwrap_or_else(|| note.clone()),
        note,
        report: report.unwrap_or_else(UpwardReport::nothing),
        result,
        cost_fen,
        is_case,
        subscribers: (subscribers.gone.named > 0).then_some(subscribers.gone),
    }
}

/// The alerts of a task that has ended: one about a single event is resolved by that; any other
/// stays open, and is answered again when it has grown.
pub(super) fn dealt_with(ctx: &ActContext<'_>) -> Vec<Alert> {
    let ended = |alert: &Alert| {
        if !alert.key.is_about_one() {
            return Alert {
                count_when_done: Some(alert.explanation.k),
                ..alert.clone()
            };
        }
        let resolved_because = Some(ResolvedBecause::TaskDone);
        Alert {
            state: AlertState::Resolved,
            resolved_at: Some(ctx.now),
            resolved_because,
            ..alert.clone()
        }
    };
    ctx.alerts
        .iter()
        .filter(|alert| alert.state.is_open())
        .map(ended)
        .collect()
}

/// Takes a closing back: it is work again, with a due time counted from now. Returns how it was
/// closed.
pub(super) fn reopening(acted: &mut Acted, ctx: &ActContext<'_>) -> Option<Finish> {
    let due_at = due_anew(&acted.task, ctx);
    let task = &mut acted.task;
    (task.state, task.ended_at, task.due_at) = (TaskState::InProgress, None, due_at);
    task.accepted_at.get_or_insert(ctx.now);
    task.started_at.get_or_insert(ctx.now);
    task.gone_at = TaskSubscribers::of_task(task, ctx.alerts, ctx.subscribers)
        .is_only_reason_left()
        .then_some(ctx.now);
    acted.alerts = open_again(ctx);
    acted.task.finish.take()
}

/// The alerts that were dealt with by a closing that is taken back: one about a single event is
/// open again, and joined by what grows is one about many.
fn open_again(ctx: &ActContext<'_>) -> Vec<Alert> {
    let again = |alert: &Alert| {
        if alert.resolved_because == Some(ResolvedBecause::TaskDone) {
            return Some(Alert {
                state: AlertState::Acknowledged,
                resolved_at: None,
                resolved_because: None,
                ..alert.clone()
            });
        }
        alert.count_when_done.map(|_| Alert {
            count_when_done: None,
            ..alert.clone()
        })
    };
    ctx.alerts.iter().filter_map(again).collect()
}

/// When a task is due that is sent back now: by its playbook's time.
fn due_anew(task: &Task, ctx: &ActContext<'_>) -> Timestamp {
    let due_of = |alert: &Alert| {
        ctx.rules.due_of(
            alert.severity,
            ctx.playbooks.answering(alert, ctx.reference),
        )
    };
    let hours = leading(task, ctx.alerts).map_or(ctx.rules.warning_due, due_of);
    Counting::of_task(task).due_after(ctx.zone, ctx.calendar, ctx.now, hours)
}
