//! `approval_request`: tasks of one group customer that wait for the reader's yes or no.
//!
//! What is asked for, by whom, on which figures, and until when; then how to answer.
//! Invariant: what the port-out guard withholds is not asked for.

use serde::Serialize;

use super::super::address::Recipient;
use super::super::pending::ComposeContext;
use super::super::template::{self, MailFrame, RenderError, Rendered};
use super::super::words::phrases::{more, rest};
use super::super::words::{self, Words, phrases, spans};
use super::task_view::{TASKS_MAX, TaskFacts, TaskView};
use super::who::Who;
use crate::domain::locale::Locale;

/// The mail with everything that it shows.
#[derive(Debug, Serialize)]
pub(crate) struct ApprovalRequestMail {
    w: &'static Words,
    who: Who,
    headline: String,
    about: String,
    more: Option<String>,
    asked: Vec<RequestedApproval>,
    more_tasks: Option<String>,
    #[serde(skip)]
    frame: MailFrame,
}

#[derive(Debug, Serialize)]
struct RequestedApproval {
    task: TaskView,
    /// Without an answer until then it is escalated.
    answer_by: Option<String>,
    /// Since when it waits, and for how long.
    since: Option<String>,
    waiting: Option<String>,
}

impl ApprovalRequestMail {
    /// The mail about `tasks` (at least one, all of one scope, the most urgent first).
    #[must_use]
    pub(crate) fn new(
        tasks: &[TaskFacts<'_>],
        reader: &Recipient,
        ctx: &ComposeContext<'_>,
    ) -> Self {
        let (locale, w) = (reader.locale, words::by_locale(reader.locale));
        let (shown, hidden) = ctx.room.first(tasks, TASKS_MAX);
        let asked: Vec<RequestedApproval> =
            shown.iter().map(|one| asked(one, locale, ctx)).collect();
        let preview = asked
            .first()
            .and_then(|one| one.answer_by.as_ref())
            .map(|at| format!("{}{}{at}", w.upward.answer_by, w.colon));
        Self {
            w,
            who: tasks
                .first()
                .map(|one| Who::of_scope(&one.task.scope, one.task.tier, locale, ctx.reference))
                .unwrap_or_default(),
            headline: asked
                .first()
                .map(|one| headline(&one.task, locale))
                .unwrap_or_default(),
            about: asked
                .first()
                .map(|one| one.task.headline.clone())
                .unwrap_or_default(),
            more: more(tasks.len(), locale),
            more_tasks: rest(hidden, locale),
            frame: MailFrame::of_mail(
                locale,
                preview
                    .or(asked.first().map(|one| one.task.headline.clone()))
                    .unwrap_or_default(),
                reader.instead_of.clone(),
                ctx,
            ),
            asked,
        }
    }

    /// Subject, text and HTML.
    ///
    /// # Errors
    /// [`RenderError`] when a template does not fit this struct.
    pub(crate) fn render(&self) -> Result<Rendered, RenderError> {
        template::render("approval_request", self, &self.frame)
    }
}

fn headline(task: &TaskView, locale: Locale) -> String {
    let what = task.asks_for.as_deref().unwrap_or(&task.headline);
    phrases::asks_for(locale, &task.assignee, what)
}

fn asked(facts: &TaskFacts<'_>, locale: Locale, ctx: &ComposeContext<'_>) -> RequestedApproval {
    let since = facts.task.asked_at;
    RequestedApproval {
        task: TaskView::of_task(facts, locale, ctx),
        answer_by: facts.answer_by.map(|at| ctx.instant(at, locale)),
        since: since.map(|at| ctx.instant(at, locale)),
        waiting: since.map(|at| spans::span(locale, ctx.now.since(at))),
    }
}
