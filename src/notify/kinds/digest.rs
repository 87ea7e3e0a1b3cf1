//! `digest`: everything that is still to be done of what could not be mailed while the relay was
//! down.
//!
//! Invariant: it names every task up to a number and counts the rest, the critical first.

use minijinja::value::Value;
use serde::Serialize;

use super::super::address::Recipient;
use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered, own};
use super::super::words::phrases::rest;
use super::super::words::{self, Words, names, phrases};
use super::task_view::{due, headline};
use super::who::Who;
use crate::domain::alert::Alert;
use crate::domain::indicator::Severity;
use crate::domain::locale::Locale;
use crate::domain::task::Task;

/// Most tasks shown; the rest are counted.
const TASKS_MAX: usize = 100;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct DigestMail {
    w: &'static Words,
    title: String,
    critical: bool,
    tasks: Vec<DigestLine>,
    more: Option<String>,
    #[serde(skip)]
    frame: MailFrame,
}

#[derive(Debug, Serialize)]
struct DigestLine {
    task_id: Value,
    severity: &'static str,
    critical: bool,
    who: Who,
    headline: String,
    state: &'static str,
    /// None while its due clock is stopped.
    due: Option<String>,
    lost: &'static str,
}

impl DigestMail {
    /// The mail about `tasks` (at least one, the most urgent first), each with all its alerts.
    #[must_use]
    pub(crate) fn new(
        tasks: &[(&Task, &[Alert])],
        reader: &Recipient,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let (locale, w) = (reader.locale, words::by_locale(reader.locale));
        let critical = tasks
            .iter()
            .filter(|(task, _)| task.severity == Severity::Critical)
            .count();
        let title = phrases::piled_up(locale, tasks.len(), critical);
        let (shown, hidden) = ctx.room.first(tasks, TASKS_MAX);
        let shown: Vec<DigestLine> = shown
            .iter()
            .map(|(task, alerts)| line(task, alerts, locale, ctx))
            .collect();
        let preview = shown
            .first()
            .map(|line| line.headline.clone())
            .unwrap_or_default();
        Self {
            w,
            title,
            critical: critical > 0,
            more: rest(hidden, locale),
            tasks: shown,
            frame: MailFrame::of_mail(locale, preview, reader.instead_of.clone(), ctx),
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("digest", self, &self.frame)
    }
}

fn line(task: &Task, alerts: &[Alert], locale: Locale, ctx: &ComposeContext<'_>) -> DigestLine {
    DigestLine {
        task_id: own(task.task_id.as_str()),
        severity: names::severity(locale, task.severity),
        critical: task.severity == Severity::Critical,
        who: Who::of_scope(&task.scope, task.tier, locale, ctx.reference),
        headline: headline(task, alerts, locale),
        state: names::state(locale, task.state),
        due: task.due().map(|at| due(task, at, locale, ctx)),
        lost: words::by_locale(locale).alert_task.lost,
    }
}
