//! `report_up` (重要信息上报): what somebody above must know about tasks of one group customer that have
//! ended.
//!
//! Invariant: a report is shown with its task's result and summary, so that the reader has them at
//! hand.

use serde::Serialize;

use super::super::address::Recipient;
use super::super::clean;
use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::phrases::{more, rest};
use super::super::words::{self, Words, figures, names_of_tasks, notes, phrases};
use super::task_view::{TASKS_MAX, TaskFacts, TaskView};
use super::who::Who;
use crate::domain::locale::Locale;
use crate::domain::task::Finish;

/// Most characters of a report, a note or a summary.
const TEXT_CHARS_MAX: usize = 2_000;
/// Most characters of it in the subject.
const SUBJECT_TEXT_CHARS_MAX: usize = 60;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct ReportUpMail {
    w: &'static Words,
    who: Who,
    about: &'static str,
    urgent: bool,
    headline: String,
    /// Who reports about what.
    reported: String,
    more: Option<String>,
    reports: Vec<ReportView>,
    more_tasks: Option<String>,
    #[serde(skip)]
    frame: MailFrame,
}

#[derive(Debug, Serialize)]
struct ReportView {
    task: TaskView,
    about: &'static str,
    urgent: bool,
    text: String,
    result: String,
    summary: String,
    note: String,
    cost: Option<String>,
    is_case: bool,
    ended: Option<String>,
}

impl ReportUpMail {
    /// The mail about `tasks` that have ended (at least one, all of one scope).
    #[must_use]
    pub(crate) fn new(
        tasks: &[(TaskFacts<'_>, &Finish)],
        reader: &Recipient,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let (locale, w) = (reader.locale, words::by_locale(reader.locale));
        let mut by_urgency: Vec<&(TaskFacts<'_>, &Finish)> = tasks.iter().collect();
        by_urgency.sort_by_key(|(_, finish)| !finish.report.urgent);
        let (shown, hidden) = ctx.room.first(&by_urgency, TASKS_MAX);
        let reports: Vec<ReportView> = shown
            .iter()
            .map(|(facts, finish)| report(facts, finish, locale, ctx))
            .collect();
        let first = reports.first();
        Self {
            w,
            who: tasks
                .first()
                .map(|(one, _)| {
                    Who::of_scope(&one.task.scope, one.task.tier, locale, ctx.reference)
                })
                .unwrap_or_default(),
            about: first.map(|one| one.about).unwrap_or_default(),
            urgent: first.is_some_and(|one| one.urgent),
            headline: first
                .map(|one| clean::capped(&one.text, SUBJECT_TEXT_CHARS_MAX))
                .unwrap_or_default(),
            reported: first
                .map(|one| phrases::reports(locale, &one.task.assignee, one.about))
                .unwrap_or_default(),
            more: more(tasks.len(), locale),
            more_tasks: rest(hidden, locale),
            frame: MailFrame::of_mail(
                locale,
                first
                    .map(|one| format!("{}{}{}", w.upward.reports, w.colon, one.task.assignee))
                    .unwrap_or_default(),
                reader.instead_of.clone(),
                ctx,
            ),
            reports,
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("report_up", self, &self.frame)
    }
}

fn report(
    facts: &TaskFacts<'_>,
    finish: &Finish,
    locale: Locale,
    ctx: &ComposeContext<'_>,
) -> ReportView {
    let text = |text: &str| clean::capped(text, TEXT_CHARS_MAX);
    ReportView {
        task: TaskView::of_task(facts, locale, ctx),
        about: names_of_tasks::report_up(locale, finish.report.about),
        urgent: finish.report.urgent,
        text: text(&finish.report.text),
        result: names_of_tasks::result_with_subscribers(locale, finish),
        summary: text(&notes::summary(locale, finish)),
        note: text(&notes::archive_note(locale, finish)),
        cost: finish.cost_fen.map(|fen| figures::money(locale, fen)),
        is_case: finish.is_case,
        ended: facts.task.ended_at.map(|at| ctx.instant(at, locale)),
    }
}
