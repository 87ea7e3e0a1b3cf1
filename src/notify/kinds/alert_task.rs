//! `alert_task`: the open tasks of one group customer (or unit, or the company), whatever they come
//! from.
//!
//! Figures first, then why it fired, who, what to do, by when. It does not know who gets it.
//! Invariant: tasks and alerts are shown in their present state; those that are not shown are
//! counted.

use std::borrow::Cow;
use std::collections::BTreeSet;

use serde::Serialize;

use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::phrases::{more, rest};
use super::super::words::{self, Words, explain, names, names_of_tasks};
use super::task_update::update_of;
use super::task_view::{TASKS_MAX, TaskFacts, TaskView};
use super::who::Who;
use crate::domain::alert::Alert;
use crate::domain::indicator::Severity;
use crate::domain::locale::Locale;
use crate::domain::task::TaskKind;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct AlertTaskMail {
    w: &'static Words,
    /// The urgency, or the origin of a task that no alert began.
    mark: &'static str,
    critical: bool,
    fired: bool,
    who: Who,
    headline: String,
    more: Option<String>,
    tasks: Vec<TaskView>,
    more_tasks: Option<String>,
    useful: bool,
    /// The results that each kind of task in it may have.
    results: Vec<String>,
    #[serde(skip)]
    frame: MailFrame,
}

impl AlertTaskMail {
    /// The mail about `tasks` (at least one, all of one scope, the most urgent first), each with
    /// all its alerts.
    #[must_use]
    pub(crate) fn new(
        tasks: &[TaskFacts<'_>],
        locale: Locale,
        instead_of: Option<String>,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let w = words::by_locale(locale);
        let alerts: Vec<_> = tasks
            .iter()
            .map(TaskFacts::alerts_but_for_cancelling)
            .collect();
        let tasks = &with_alerts(tasks, &alerts)[..];
        let severity = severity_of(tasks);
        // The subject comes from the first task with work left whose most urgent alert still holds.
        let left = || tasks.iter().filter(|one| !one.is_cancelled());
        let first = left()
            .find(|one| one.alerts.iter().any(|alert| alert.state.is_open()))
            .or(left().next())
            .or(tasks.first());
        let who = first
            .map(|one| Who::of_scope(&one.task.scope, one.task.tier, locale, ctx.reference))
            .unwrap_or_default();
        let (shown, hidden) = ctx.room.first(tasks, TASKS_MAX);
        let views: Vec<TaskView> = shown
            .iter()
            .map(|one| TaskView::of_task(one, locale, ctx))
            .collect();
        let fired = tasks.iter().any(|one| !one.alerts.is_empty());
        let preview = preview(views.first(), w);
        let has_lost_all = |one: &TaskFacts<'_>| !one.has_limit() && !one.is_cancelled();
        let is_lost = !tasks.is_empty() && tasks.iter().all(has_lost_all);
        let kinds: BTreeSet<TaskKind> = left()
            .filter(|one| !one.is_lost)
            .map(|one| one.task.kind)
            .collect();
        Self {
            w,
            mark: match first {
                _ if is_lost => w.alert_task.lost_mark,
                Some(one)
                    if let Some(update) = update_of(one.task, one.noticed_from, locale, ctx) =>
                {
                    update.mark
                }
                Some(one) if !fired && severity != Severity::Critical => {
                    names_of_tasks::origin(locale, one.task.origin.kind())
                }
                _ => names::severity(locale, severity),
            },
            critical: severity == Severity::Critical,
            fired,
            who,
            headline: first
                .map(|one| super::task_view::headline(one.task, one.alerts, locale))
                .unwrap_or_default(),
            more: more(count_of(tasks), locale),
            useful: fired && views.iter().any(|view| view.link.is_some()),
            results: kinds
                .into_iter()
                .map(|kind| results(kind, locale))
                .collect(),
            tasks: views,
            more_tasks: rest(hidden, locale),
            frame: MailFrame::of_mail(locale, preview, instead_of, ctx),
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("alert_task", self, &self.frame)
    }
}

/// The tasks with these alerts in place of theirs.
fn with_alerts<'a>(tasks: &[TaskFacts<'a>], alerts: &'a [Cow<'a, [Alert]>]) -> Vec<TaskFacts<'a>> {
    let each = tasks.iter().zip(alerts);
    each.map(|(one, alerts)| TaskFacts { alerts, ..*one })
        .collect()
}

/// How many things it is about: kinds of alerts, and tasks without any.
fn count_of(tasks: &[TaskFacts<'_>]) -> usize {
    let of_one = |one: &TaskFacts<'_>| {
        let kinds = explain::by_kind(&one.alerts.iter().collect::<Vec<_>>());
        kinds.len().max(1)
    };
    tasks.iter().map(of_one).sum()
}

/// The severity of the most urgent alert that still holds; where none does, of the tasks.
fn severity_of(tasks: &[TaskFacts<'_>]) -> Severity {
    let holding = tasks
        .iter()
        .flat_map(|one| one.alerts)
        .filter(|alert| alert.state.is_open());
    holding
        .map(|alert| alert.severity)
        .min()
        .or(tasks.iter().map(|one| one.task.severity).min())
        .unwrap_or(Severity::Notice)
}

/// By when the first task is to be accepted, or done.
fn preview(first: Option<&TaskView>, w: &Words) -> String {
    let deadline = first.map(|view| (view.accept_by.as_ref(), view.due.as_ref()));
    match deadline {
        Some((Some(accept_by), _)) => format!("{}{}{accept_by}", w.alert_task.accept_by, w.colon),
        Some((None, Some(due))) => format!("{}{}{due}", w.alert_task.due, w.colon),
        Some((None, None)) | None => first
            .and_then(|view| view.cancelled)
            .unwrap_or(w.alert_task.lost)
            .to_owned(),
    }
}

fn results(kind: TaskKind, locale: Locale) -> String {
    format!(
        "{}{}{}",
        names::task_kind(locale, kind),
        words::by_locale(locale).colon,
        names_of_tasks::results(locale, kind)
    )
}
